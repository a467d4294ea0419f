"""A workbook of Excel's and LibreOffice's (XLSX)."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from content.sheets import cells

AS_TEXT = "@"
"""The number format of what is no number, however it looks (ECMA-376, 18.8.30)."""
WIDE = {"organisation", "organisation_en", "sources", "note", "hours_text"}


def write(rows: list[list[str]]) -> bytes:
    """Return a sheet of contacts, the names of the columns first; every cell is text."""
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
