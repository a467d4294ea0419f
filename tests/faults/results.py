"""The table of what was done, seen and lost: docs/faults.md, a line a test."""

import json

from tests.browser import ROOT

NOTES = ROOT / "var" / "faults.json"
TABLE = ROOT / "docs" / "faults.md"
HEAD = """# Faults

Written by `make test-faults`. Each line is a test (`tests/faults/`): a whole site of PostgreSQL,
two nodes with a follower each and nginx in front is broken on purpose, while readers walk over all
addresses and staff approve. An answer is right when status, bytes, encoding, ETag and all headers
are those of a release that was current. Lost would be what staff were told is approved, and is not
there afterwards, in the data or for readers.

| What was done | Readers saw | Staff saw | Lost |
|---|---|---|---|
"""


def note(name: str, done: str, readers: str, staff: str, lost: str) -> None:
    """Keep a line; that of an earlier run is replaced."""
    notes = json.loads(NOTES.read_text()) if NOTES.exists() else {}
    notes[name] = [done, readers, staff, lost]
    NOTES.write_text(json.dumps(notes, indent=1))
    lines = ["| " + " | ".join(line) + " |\n" for _, line in sorted(notes.items())]
    TABLE.write_text(HEAD + "".join(lines))
