"""The table of what was done, seen and lost: var/faults.md, a line a test."""

import json

from tests.browser import ROOT

NOTES = ROOT / "var" / "faults.json"
TABLE = ROOT / "var" / "faults.md"
HEAD = "| What was done | Readers saw | Staff saw | Lost |\n|---|---|---|---|\n"


def note(name: str, done: str, readers: str, staff: str, lost: str) -> None:
    """Keep a line; that of an earlier run is replaced."""
    notes = json.loads(NOTES.read_text()) if NOTES.exists() else {}
    notes[name] = [done, readers, staff, lost]
    NOTES.write_text(json.dumps(notes, indent=1))
    lines = ["| " + " | ".join(line) + " |\n" for _, line in sorted(notes.items())]
    TABLE.write_text(HEAD + "".join(lines))
