"""Read the seed's plain text files: an optional head, then blocks with a heading and a body.

The format is described in docs/seed.md. It is Markdown that people who do not program
can edit; this module keeps the number of every line, so that an error can say where it is.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from content.seed.errors import SeedError

HEADING = re.compile(r"^## (?P<text>.+?) \{#(?P<key>[a-z0-9-]+)(?: \.(?P<style>[a-z-]+))?\}$")
FIELD = re.compile(r"^(?P<name>[a-z_]+): (?P<value>.+)$")
NOTE = "// "


@dataclass
class Block:
    """One heading with its fields and its body."""

    row: int
    heading: str
    key: str
    style: str
    fields: list[tuple[str, str, int]] = field(default_factory=list)
    """Name, value and row of each `name: value` line."""
    body: str = ""
    note: str = ""

    def values(self) -> dict[str, str]:
        """Return the fields as a mapping; of a repeated field, the last."""
        return {name: value for name, value, _ in self.fields}

    def row_of(self, name: str) -> int:
        """Return the row of a field, the heading's when the block does not have it."""
        return next((row for field_name, _, row in self.fields if field_name == name), self.row)


@dataclass
class Document:
    """A file: its name for error messages, its head, and its blocks in order."""

    file: str
    head: dict[str, str]
    blocks: list[Block]


def read(path: Path, root: Path, field_names: set[str] | None = None) -> Document:
    """Return a file's head and blocks; lines `name: value` count as fields for `field_names` only.

    Raises SeedError with file and row for anything that does not follow the format.
    """
    file = str(path.relative_to(root))
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise SeedError(file, 1, "file", "This is not UTF-8 text.") from error
    head, start = _head(file, lines)
    blocks: list[Block] = []
    body: list[str] = []
    note: list[str] = []

    def close() -> None:
        if blocks:
            blocks[-1].body = "\n".join(body).strip()
            blocks[-1].note = " ".join(note)
        body.clear()
        note.clear()

    for row, line in enumerate(lines[start:], start=start + 1):
        if line.startswith("## "):
            close()
            blocks.append(_block(file, row, line))
        elif line.startswith(NOTE):
            note.append(line.removeprefix(NOTE))
        elif not blocks:
            if line.strip():
                raise SeedError(file, row, "text", "Text stands before the first heading.")
        elif not body and (match := FIELD.match(line)) and match["name"] in (field_names or ()):
            blocks[-1].fields.append((match["name"], match["value"].strip(), row))
        elif body or line.strip():
            body.append(line)
    close()
    _refuse_repeated_keys(file, blocks)
    return Document(file, head, blocks)


def _head(file: str, lines: list[str]) -> tuple[dict[str, str], int]:
    if not lines or lines[0] != "---":
        return {}, 0
    head: dict[str, str] = {}
    for row, line in enumerate(lines[1:], start=2):
        if line == "---":
            return head, row
        match = FIELD.match(line)
        if not match:
            raise SeedError(file, row, "head", f"Expected `name: value`, found {line!r}.")
        head[match["name"]] = match["value"].strip()
    raise SeedError(file, 1, "head", "The head has no closing line `---`.")


def _block(file: str, row: int, line: str) -> Block:
    match = HEADING.match(line)
    if not match:
        raise SeedError(file, row, "heading", "Write it like `## Heading {#key}`.")
    return Block(row, match["text"].strip(), match["key"], match["style"] or "")


def _refuse_repeated_keys(file: str, blocks: list[Block]) -> None:
    seen: dict[str, int] = {}
    for block in blocks:
        if block.key in seen:
            message = f"The key {block.key} is used in row {seen[block.key]} already."
            raise SeedError(file, block.row, "key", message)
        seen[block.key] = block.row
