"""A translator at work: takes an export, changes it in a tool of their own, sends it back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polib
import pytest

from content.interchange.exporting import export
from content.interchange.planning import Conflicts, Outcome, Plan, plan
from content.interchange.reading import read
from content.interchange.writing import Done, write
from content.models import Page, Revision
from tests import factories

TITLE = "page:lighthouse/title"
BODY = "page:lighthouse/sections/light/body"
HEADING = "page:lighthouse/sections/light/heading"
SUMMARY = "page:lighthouse/summary"


class Translator:
    """Somebody who has a file open."""

    def __init__(self, folder: Path, language: str = "fr") -> None:
        self.path = folder / f"{language}.po"
        self.path.write_bytes(export(language))
        self.po = polib.pofile(str(self.path))

    def __getitem__(self, name: str) -> polib.POEntry:
        return next(entry for entry in self.po if entry.msgctxt == name)

    def __setitem__(self, name: str, text: str) -> None:
        """Translate a text, and say that it is done."""
        self[name].msgstr = text
        self[name].flags = []

    def line(self, name: str) -> int:
        """Return the line of a text in the file that was sent."""
        lines = self.path.read_text("utf-8").splitlines()
        return lines.index(f'msgctxt "{name}"') + 1

    def send(self, change: Callable[[bytes], bytes] = lambda data: data) -> bytes:
        """Return the file as it comes back."""
        self.po.save(str(self.path))
        self.path.write_bytes(change(self.path.read_bytes()))
        return self.path.read_bytes()

    def planned(self, conflicts: Conflicts = Conflicts.REFUSE, **more: Any) -> Plan:
        """Return what the file would change."""
        return plan(read(self.send()), conflicts, **more)

    def outcome(self, name: str, conflicts: Conflicts = Conflicts.REFUSE) -> Outcome:
        """Return what would become of one text."""
        return next(row.outcome for row in self.planned(conflicts).rows if row.name == name)

    def reasons(self, name: str) -> str:
        """Return what is said of one text."""
        return " ".join(
            next(" ".join(row.reasons) for row in self.planned().rows if row.name == name).split()
        )

    def written(self, conflicts: Conflicts = Conflicts.REFUSE, **more: Any) -> Done:
        """Have somebody of staff import the file."""
        return write(read(self.send()), factories.editor(), conflicts, **more)


@pytest.fixture
def lighthouse(db: None) -> Page:
    """A page that is live in English."""
    item = factories.page(summary_en="A light, 36 metres high, that one can see from far away.")
    factories.publish(item)
    return item


@pytest.fixture
def translated(lighthouse: Page) -> Page:
    """The same, live in French too."""
    factories.translate(lighthouse, "fr")
    lighthouse.summary_fr = "Une lumière de 36 mètres."
    lighthouse.save()
    factories.publish(lighthouse, "fr")
    return lighthouse


def staff_write(item: Page, title: str) -> Revision:
    """Somebody of staff writes another French title."""
    item.title_fr = title
    item.save()
    return factories.draft(item, "fr", factories.editor("Emil"))
