"""Contacts as a file: CSV as RFC 4180 has it, or a workbook of Excel's and LibreOffice's (XLSX)."""

import csv
from collections.abc import Iterable
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from content.models import Contact
from content.sheets import cells

TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The formats, with their media types."""
AS_TEXT = "@"
"""The number format of what is no number, however it looks (ECMA-376, 18.8.30)."""
WIDE = {"organisation", "organisation_en", "sources", "note", "hours_text"}


def write(contacts: Iterable[Contact], form: str) -> bytes:
    """Return contacts in one of the formats, the names of the columns first."""
    rows = [[cells.text(contact, name) for name in cells.COLUMNS] for contact in contacts]
    return _csv(rows) if form == "csv" else _xlsx(rows)


def _csv(rows: list[list[str]]) -> bytes:
    """Spreadsheets take UTF-8 for another encoding without the byte order mark."""
    file = StringIO()
    lines = csv.writer(file, lineterminator="\r\n")
    lines.writerow(cells.COLUMNS)
    lines.writerows([cells.guarded(value) for value in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def _xlsx(rows: list[list[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("contacts")
    sheet.freeze_panes = "B2"
    for number, name in enumerate(cells.COLUMNS):
        column = sheet.column_dimensions[_letters(number)]
        column.width = 36 if name in WIDE else 18
        column.number_format = AS_TEXT  # of empty cells, too
    head = []
    for name in cells.COLUMNS:
        cell = WriteOnlyCell(sheet, name)
        cell.font = Font(bold=True)
        head.append(cell)
    sheet.append(head)
    for row in rows:
        sheet.append([_cell(sheet, value) if value else None for value in row])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, value: str) -> Any:
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"  # the library takes "=1+1" for a formula
    cell.number_format = AS_TEXT
    return cell


def _letters(number: int) -> str:
    """Return the name of a column: A to Z, then AA."""
    first, last = divmod(number, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)
