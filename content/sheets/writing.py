"""Contacts as a file: CSV as RFC 4180 has it, or a workbook of Excel's and LibreOffice's (XLSX)."""

import csv
from collections.abc import Iterable
from io import StringIO

from content.models import Contact
from content.sheets import cells

TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The formats, with their media types."""


def write(contacts: Iterable[Contact], form: str) -> bytes:
    """Return contacts in one of the formats, the names of the columns first."""
    rows = [[cells.text(contact, name) for name in cells.COLUMNS] for contact in contacts]
    if form == "csv":
        return _csv(rows)
    from content.sheets import xlsx  # 5 MB in every worker, for what few of them ever do

    return xlsx.write(rows)


def _csv(rows: list[list[str]]) -> bytes:
    """Spreadsheets take UTF-8 for another encoding without the byte order mark."""
    file = StringIO()
    lines = csv.writer(file, lineterminator="\r\n")
    lines.writerow(cells.COLUMNS)
    lines.writerows([cells.guarded(value) for value in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")
