"""Translations of the shipped texts: one PO file for each language.

Their form is that of content.po, in which staff exchange texts with translators too. An item
counts as translated once all its texts are.
"""

from collections.abc import Iterable
from pathlib import Path

import polib

from content import po
from content.publishing.snapshots import Content
from content.seed.errors import SeedError
from content.seed.texts import ROOT, SourceItem

TRANSLATIONS = ROOT / "translations"


class Catalogue:
    """One language's translations of the shipped texts."""

    def __init__(self, path: Path) -> None:
        self.file = path.name
        self.language = path.stem
        try:
            self.po = polib.pofile(str(path))
        except (OSError, UnicodeDecodeError) as error:
            raise SeedError(self.file, 1, "file", f"Cannot be read: {error}") from error
        self._texts = po.by_context(self.po)

    @property
    def reviewed_by(self) -> str:
        """The role of the native reader who checked it, empty when nobody has."""
        name = self.po.metadata.get("X-Reviewed-By", po.NOBODY)
        return "" if name == po.NOBODY else name

    def content(self, item: SourceItem) -> Content | None:
        """Return an item's content in this language, None while a text of it is not translated."""
        for path, source in item.texts.items():
            if source.text and self._text(item, path, source.text) is None:
                return None
        return item.content(lambda path, text: self._text(item, path, text) or "")

    def _text(self, item: SourceItem, path: str, source: str) -> str | None:
        entry = self._texts.get(item.context(path))
        if entry is None or entry.fuzzy or not po.same_texts(path, entry.msgid, source):
            return None
        return entry.msgstr or None

    def row_of(self, item: SourceItem) -> int:
        """Return the row of an item's first text, for error messages."""
        entries = (self._texts.get(item.context(path)) for path in item.texts)
        return next((entry.linenum or 1 for entry in entries if entry), 1)


def read_all(root: Path = TRANSLATIONS) -> list[Catalogue]:
    """Return the shipped translations. Raises SeedError for a file that cannot be read."""
    return [Catalogue(path) for path in sorted(root.glob("*.po"))]


def template(items: Iterable[SourceItem], language: str) -> polib.POFile:
    """Return a PO file with every text of the campaign and no translation."""
    file = po.empty(language)
    for item in items:
        for path, source in item.texts.items():
            if source.text:
                name, place = item.context(path), (item.file, "")
                file.append(po.message(name, source.text, note=source.note, place=place))
    return file


def merge(old: polib.POFile, new: polib.POFile) -> polib.POFile:
    """Return the new template with the old translations.

    Where the English has changed, the old translation stays as a hint and is marked fuzzy.
    """
    known = po.by_context(old)
    new.metadata = new.metadata | old.metadata
    for entry in new:
        translated = known.get(entry.msgctxt or "")
        if translated is None or not translated.msgstr:
            continue
        entry.msgstr = translated.msgstr
        entry.tcomment = translated.tcomment
        if translated.fuzzy or translated.msgid != entry.msgid:
            entry.flags.append("fuzzy")
            entry.previous_msgid = translated.previous_msgid or translated.msgid
    return new
