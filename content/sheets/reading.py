"""Read a sheet that comes back, CSV or XLSX; whatever is wrong with it is named with its row."""

import csv
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

from content.sheets import cells

MOST_BYTES = 4_000_000
"""All contacts of today have a twentieth of it. The proxy in front takes as much."""
MOST_UNPACKED = 30_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 100
LONGEST = 20_000
"""Letters of a cell."""

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\ufeff\ufffd]")
"""Control characters, signs that turn the direction of what follows, and signs of lost letters."""
DAY = re.compile(r"^\d{4}-\d\d-\d\d$")


@dataclass(frozen=True)
class Problem:
    """What is wrong, in which row of the sheet (the names are in row 1); 0 for all of it."""

    row: int
    message: str
    column: str = ""

    def __str__(self) -> str:
        place = f"Row {self.row}" if self.row else ""
        place += f", {self.column}" if self.column else ""
        return f"{place}: {self.message}" if place else self.message


class Unreadable(Exception):
    """A file that cannot be used at all; `problems` say why."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("; ".join(map(str, problems)))


@dataclass(frozen=True)
class Line:
    """One row: the texts of its cells by column. A row that ends early says nothing of the rest."""

    row: int
    cells: Mapping[str, str]
    doubts: Mapping[str, str] = field(default_factory=dict)
    """By column what somebody should look at."""

    @property
    def key(self) -> str:
        """The stable id of the contact."""
        return self.cells.get(cells.KEY, "")


@dataclass(frozen=True)
class Sheet:
    """A file that could be read."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]


Cell = tuple[str, str]
"""A text, and a doubt about it."""


def read(data: bytes, size: int) -> Sheet:
    """Return what a file of this many bytes holds; its own bytes say which format it has.

    Of a larger file than MOST_BYTES only its beginning need be given. Raises Unreadable.
    """
    if size > MOST_BYTES:
        message = f"The file has {size / 1e6:.0f} MB. No more than 4 MB are read."
        raise Unreadable(Problem(0, message))
    if not data.strip():
        raise Unreadable(Problem(0, "The file is empty."))
    rows = _xlsx(data) if data.startswith(b"PK") else _csv(data)
    head, *rest = [*rows] or [(1, [])]
    columns = _columns([text for text, _ in head[1]])
    if rest and len(rest[-1][1]) < len(columns) and not data.endswith((b"\n", b"\r")):
        message = "The last row has too few cells: the file was cut off."
        raise Unreadable(Problem(rest[-1][0], message))
    lines = [_line(row, columns, values) for row, values in rest if any(t for t, _ in values)]
    problems = [*_long(rest, columns), *_wrong(lines), *_repeated(lines)]
    if problems:
        raise Unreadable(*problems)
    if not lines:
        raise Unreadable(Problem(0, "There are no contacts in it, only the names of columns."))
    return Sheet(tuple(columns), tuple(lines))


# --- The two formats --------------------------------------------------------------------------


def _csv(data: bytes) -> Iterator[tuple[int, list[Cell]]]:
    text = _decoded(data)
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    rows = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    csv.field_size_limit(MOST_BYTES)
    number = 0
    try:
        for number, row in enumerate(rows, start=1):
            _limit(number, len(row))
            yield number, [(cells.unguarded(value).strip(), "") for value in row]
    except csv.Error as error:
        is_cut_off = "unexpected end" in str(error)
        reason = (
            "The file ends within a cell in quotation marks: it was cut off."
            if is_cut_off
            else 'A quotation mark stands where none may be. Inside a cell it is written twice: "".'
        )
        raise Unreadable(Problem(number + 1, reason)) from error


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(Problem(0, "The file is written in UTF-16. Save it as CSV UTF-8."))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(Problem(0, "This is an old workbook (.xls). Save it as .xlsx."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        message = "This is not UTF-8 text. Save the file as CSV UTF-8, or as XLSX."
        raise Unreadable(Problem(row, message)) from None


def _xlsx(data: bytes) -> Iterator[tuple[int, list[Cell]]]:
    from openpyxl import load_workbook  # 5 MB in every worker, for what few of them ever do

    try:
        _look_inside(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles that it does not know
            book = load_workbook(BytesIO(data), read_only=True, data_only=False)
            if not book.worksheets:
                raise Unreadable(Problem(0, "The workbook has no sheet."))
            sheet: Any = book.worksheets[0]
            sheet.reset_dimensions()  # what the file says of its own size may be anything
            width = 0
            for number, row in enumerate(sheet.iter_rows(), start=1):
                filled = [cell for cell in row if cell.value is not None]
                width = max([width, *(cell.column for cell in filled)])
                _limit(number, width)
                values: list[Cell] = [("", "")] * width
                for cell in filled:
                    values[cell.column - 1] = _value(number, cell)
                yield number, values
    except Unreadable:
        raise
    except Exception as error:  # the library lets through whatever its many parts raise
        message = "This workbook cannot be read: it is damaged or was cut off."
        raise Unreadable(Problem(0, message)) from error


def _look_inside(data: bytes) -> None:
    """Refuse a workbook that is no sheet, before anybody unpacks all of it at once."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
        if size > MOST_UNPACKED:
            message = f"Unpacked the workbook has {size / 1e6:.0f} MB. That is no list of ours."
            raise Unreadable(Problem(0, message))
        for name in archive.namelist():
            if b"<!DOCTYPE" in archive.read(name):  # raises BadZipFile for what is damaged
                raise Unreadable(Problem(0, "This workbook declares types of its own."))


def _value(row: int, cell: Any) -> Cell:
    value = cell.value
    if cell.data_type == "f":
        raise Unreadable(Problem(row, "There is a formula in this row. Write what it comes to."))
    if cell.data_type == "e":
        raise Unreadable(Problem(row, f"A cell of this row is in error: {value}"))
    if isinstance(value, bool):
        return str(value).lower(), ""
    if isinstance(value, datetime):
        return value.date().isoformat(), ""
    if isinstance(value, date):
        return value.isoformat(), ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int | float):
        return str(value), "It is a number there, not a text: is a zero or + at its start lost?"
    return str(value).strip(), ""


def _limit(row: int, columns: int) -> None:
    if row > MOST_ROWS + 1:
        raise Unreadable(Problem(0, f"The file has more than {MOST_ROWS} rows."))
    if columns > MOST_COLUMNS:
        raise Unreadable(Problem(row, f"It has more than {MOST_COLUMNS} cells."))


# --- What it says -----------------------------------------------------------------------------


def _columns(names: list[str]) -> list[str]:
    found = [name.strip().lower() for name in names]
    while found and not found[-1]:
        found.pop()
    problems = []
    if cells.KEY not in found:
        message = "There is no column “key”: nobody can tell which contact a row is."
        problems.append(Problem(1, message))
    for name in dict.fromkeys(found):
        if name not in cells.COLUMNS:
            message = f"There is no column “{name}”." if name else "A column has no name."
            problems.append(Problem(1, f"{message} We know: {', '.join(cells.COLUMNS)}."))
        elif found.count(name) > 1:
            problems.append(Problem(1, f"The column “{name}” is there twice."))
    if problems:
        raise Unreadable(*problems)
    return found


def _long(rows: Iterable[tuple[int, list[Cell]]], columns: list[str]) -> Iterator[Problem]:
    for row, values in rows:
        if any(text for text, _ in values[len(columns) :]):
            message = "It has more cells than there are names of columns: is a separator astray?"
            yield Problem(row, message)


def _line(row: int, columns: list[str], values: list[Cell]) -> Line:
    by_column = dict(zip(columns, values, strict=False))
    texts = {name: text.replace("\r\n", "\n") for name, (text, _) in by_column.items()}
    numbers = {"position", "age_min", "age_max", "source_date"}
    doubts = {n: doubt for n, (_, doubt) in by_column.items() if doubt and n not in numbers}
    return Line(row, texts, doubts)


def _wrong(lines: Iterable[Line]) -> Iterator[Problem]:
    for line in lines:
        if not line.key:
            yield Problem(line.row, "It has no key.", cells.KEY)
        for name, text in line.cells.items():
            if len(text) > LONGEST:
                yield Problem(line.row, f"It has more than {LONGEST} letters.", name)
            elif sign := FORBIDDEN.search(text):
                message = f"The character U+{ord(sign[0]):04X} may not stand in it."
                yield Problem(line.row, message, name)
            elif name in cells.DAYS and text and not DAY.match(text):
                yield Problem(line.row, f"Write the day as 2027-03-31, not as “{text}”.", name)


def _repeated(lines: Iterable[Line]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for line in lines:
        if line.key in seen:
            message = f"{line.key} stands in row {seen[line.key]} already."
            yield Problem(line.row, message, cells.KEY)
        elif line.key:
            seen[line.key] = line.row
