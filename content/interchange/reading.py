"""Read a file that came back from translators; whatever is wrong with it is named with its line."""

import re
import tempfile
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import polib

from campaign import languages
from content.interchange.exporting import TEXTS

MOST_BYTES = 5_000_000
"""An export has a tenth of this. More is no file of ours, and would hold the server."""

MOST_TEXTS = 10_000
MOST_LINES = 2_000
"""In one text, with its comments. The library takes ever longer for each further line."""

STRING = r'"(?:[^"\\]|\\.)*"'
LINE = re.compile(rf"^(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[\d\])?[ \t]*)?{STRING}$")
FOLLOWS = {
    "": {"msgctxt", "msgid"},
    "msgctxt": {"msgid"},
    "msgid": {"msgstr", "msgid_plural"},
    "msgid_plural": {"msgstr"},
    "msgstr": {"msgctxt", "msgid", "msgstr"},
}
"""Which line may come after which, in the grammar of PO files."""

TAG = re.compile(r"^([a-z]{2,3})(?:[-_][A-Z]{2})?$")
"""A language, perhaps with a region: translators' tools write fr_FR. A script is another matter."""

FIRST = ("msgctxt", "msgid")

FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\ufffd\ufeff]")
"""Control characters, signs that turn the direction of what follows, and signs of lost letters."""


@dataclass(frozen=True)
class Problem:
    """What is wrong, in which line; 0 for the file as a whole."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message


class Unreadable(Exception):
    """A file that cannot be used at all; `problems` say why."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("; ".join(str(problem) for problem in problems))


@dataclass(frozen=True)
class Entry:
    """One text of a file."""

    line: int
    name: str
    source: str
    translation: str
    is_fuzzy: bool
    number: int | None
    """The revision that was exported; None when the file does not say."""


@dataclass(frozen=True)
class File:
    """A file that could be read."""

    language: str
    entries: tuple[Entry, ...]
    missing: int
    """How many texts it has lost since it was exported."""


def read(data: bytes) -> File:
    """Return what a file holds. Raises Unreadable."""
    text = _decode(data)
    found = list(islice(_broken_lines(text), 20))
    if found:
        raise Unreadable(*found)
    po = _parse(text)
    language = _language(po)
    entries = [entry for entry in po if not entry.obsolete]
    _name_first_lines(entries, text)
    if len(entries) > MOST_TEXTS:
        raise Unreadable(Problem(0, f"The file has more than {MOST_TEXTS} texts."))
    problems = [*_unusable(entries), *_repeated(entries)]
    if problems:
        raise Unreadable(*problems)
    expected = po.metadata.get(TEXTS, "")
    missing = int(expected) - len(entries) if re.fullmatch(r"\d{1,6}", expected) else 0
    return File(language, tuple(_entry(entry) for entry in entries), max(0, missing))


def _decode(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        most = MOST_BYTES // 1_000_000
        raise Unreadable(Problem(0, f"The file is larger than {most} MB: no more is read."))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(Problem(1, "The file is written in UTF-16. Save it as UTF-8."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(Problem(line, "This is not UTF-8 text. Save the file as UTF-8.")) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _broken_lines(text: str) -> Iterator[Problem]:
    """Look at each line: the library that reads the file would guess what is meant."""
    last, begun, run = "", 0, 0
    for number, written in enumerate(text.split("\n"), start=1):
        line, run = written.strip(" \t"), run + 1
        if run > MOST_LINES:
            yield Problem(number, f"This text has more than {MOST_LINES} lines.")
            return
        if forbidden := FORBIDDEN.search(line):
            yield Problem(number, f"The character U+{ord(forbidden[0]):04X} may not stand here.")
        elif not line or line.startswith("#"):
            continue
        elif not (match := LINE.match(line)):
            yield Problem(number, f"This is no line of a PO file: {line[:40]}")
        elif match[1]:
            if match[1] not in FOLLOWS[last]:
                yield Problem(number, f"{match[1]} cannot stand after {last or 'nothing'}.")
            last, begun, run = match[1], number, 0
        elif not last:
            yield Problem(number, "This text belongs to no message.")
    if last and last != "msgstr":
        yield Problem(begun, "The file ends in the middle of this message. Is it cut off?")
    if not last:
        yield Problem(0, "There is no message in this file.")


def _parse(text: str) -> polib.POFile:
    # Given a name, polib ends lines as files do; given the text, at any sign that ends a line.
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="\n", suffix=".po") as file:
        file.write(text)
        file.flush()
        try:
            return polib.pofile(file.name, encoding="utf-8")
        except (OSError, ValueError, IndexError) as error:
            match = re.search(r"\(line (\d+)\)", str(error))
            line = int(match[1]) if match else 0
            raise Unreadable(Problem(line, "This cannot be read as a PO file.")) from None


def _name_first_lines(entries: list[polib.POEntry], text: str) -> None:
    """Let each message begin where its own text does, not at the comments above it."""
    lines = text.split("\n")
    starts = [n for n, line in enumerate(lines, start=1) if line.lstrip().startswith(FIRST)]
    for entry in entries:
        at = bisect_left(starts, entry.linenum or 0)
        entry.linenum = starts[at] if at < len(starts) else entry.linenum


def _language(po: polib.POFile) -> str:
    tag = po.metadata.get("Language", "").strip()
    if not tag:
        message = "The head of the file does not name its language (Language: fr)."
        raise Unreadable(Problem(1, message))
    match = TAG.match(tag)
    code = languages.nearest(match[1]) if match else None
    if code is None or code == languages.SOURCE:
        raise Unreadable(Problem(1, f"{tag!r} is none of our languages to translate into."))
    return code


def _unusable(entries: list[polib.POEntry]) -> Iterator[Problem]:
    for entry in entries:
        if entry.msgid_plural:
            yield Problem(entry.linenum or 0, "Our texts have no plural forms.")
        elif not entry.msgctxt:
            message = "This message has no msgctxt, so nobody can tell which text it is."
            yield Problem(entry.linenum or 0, message)


def _repeated(entries: list[polib.POEntry]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for entry in entries:
        name = entry.msgctxt or ""
        if name in seen:
            yield Problem(entry.linenum or 0, f"{name} stands in line {seen[name]} already.")
        seen.setdefault(name, entry.linenum or 0)


def _entry(entry: polib.POEntry) -> Entry:
    numbers = [int(number) for _, number in entry.occurrences if str(number).isdecimal()]
    return Entry(
        line=entry.linenum or 0,
        name=entry.msgctxt or "",
        source=entry.msgid,
        translation=entry.msgstr,
        is_fuzzy=entry.fuzzy,
        number=numbers[0] if len(numbers) == 1 else None,
    )
