"""Faults on purpose, with readers and staff at work: `make test-faults`.

Each test breaks one thing of a whole site (PostgreSQL, two nodes with a follower each, nginx in
front), counts what readers get meanwhile, and proves that what staff were told is kept, is kept.
What was done and seen becomes a line of docs/faults.md.
"""
