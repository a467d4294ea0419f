"""Texts on their way to translators and back: PO files of one language."""
