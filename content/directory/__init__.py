"""The directory as readers see it: contacts composed from structured values by whole sentences.

A contact needs no translation of its own: each fact is one sentence of the catalogues.
"""
