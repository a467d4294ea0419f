"""Sheets of contacts for tests: made, read again, and sent as a person sends them."""

import csv
from io import BytesIO, StringIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from tests.admin_support import Desk
from tests.html import Page

IMPORT = "/admin/content/contact/import/"
APPLY = "/admin/content/contact/import/apply/"


def as_csv(*rows: list[str], separator: str = ",") -> bytes:
    """Rows as a spreadsheet writes them."""
    file = StringIO()
    csv.writer(file, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return file.getvalue().encode()


def as_xlsx(*rows: list[Any]) -> bytes:
    """Rows as a workbook, numbers and days as a spreadsheet would hold them."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def table(data: bytes) -> list[list[Any]]:
    """The values of a workbook as a spreadsheet shows them."""
    return [list(row) for row in load_workbook(BytesIO(data)).active.iter_rows(values_only=True)]


def exported(desk: Desk, form: str = "csv", query: str = "") -> bytes:
    """What the list gives out."""
    return bytes(desk.client.get(f"/admin/content/contact/export/{form}/{query}").content)


class Shown:
    """What the page says that a file would change."""

    def __init__(self, desk: Desk, data: bytes, name: str = "contacts.csv") -> None:
        self.desk = desk
        answer = desk.client.post(IMPORT, {"file": SimpleUploadedFile(name, data)})
        assert answer.status_code == 200, answer.content
        self.answer = answer
        self.page = Page(IMPORT, answer.content.decode())

    @property
    def problems(self) -> list[str]:
        """Why nothing is taken."""
        found = [e for e in self.page.all("ul") if "errorlist" in e.classes]
        return [item.text for one in found for item in one.all("li")]

    @property
    def text(self) -> str:
        """The whole page."""
        return self.page.main.text if self.page.all("main") else self.page.text

    @property
    def may_be_done(self) -> bool:
        """Whether there is a button that does it."""
        return bool(self.answer.context.get("kept"))

    def press(self, button: str = "_save") -> str:
        """Press a button, and return what the list says then."""
        data = {"kept": self.answer.context["kept"], button: "1"}
        answer = self.desk.client.post(APPLY, data, follow=True)
        return Page(APPLY, answer.content.decode()).text
