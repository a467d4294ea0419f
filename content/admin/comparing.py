"""Two revisions beside each other, as an approver reads them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString

from campaign import languages
from content import richtext
from content.admin import differing
from content.admin.beside import Quote
from content.models import Contact, Revision
from content.publishing.rules import TEXTS
from content.publishing.snapshots import RICH, Content

NUMBERS = {"emergency_numbers", "phone", "phone_international", "sms", "whatsapp"}
"""Shown large: a wrong digit sends a child to nobody."""

HIDDEN = {"schema", "key"}

Place = tuple[str, str, str]
"""A group's key, the group's title, the field's name."""


@dataclass(frozen=True)
class Row:
    """One field: the source's text, what readers see now, and what they would see."""

    group: str
    label: str
    source: Quote | None
    old: Quote | None
    new: Quote | None
    is_number: bool

    @property
    def is_changed(self) -> bool:
        """Whether readers would see a difference."""
        return self.old != self.new

    @property
    def sign(self) -> str:
        """The change in one word, empty when there is none."""
        if not self.is_changed:
            return ""
        if self.old is None:
            return "new"
        return "removed" if self.new is None else "changed"

    @cached_property
    def _marked(self) -> tuple[SafeString, SafeString]:
        old, new = (quote.text if quote else "" for quote in (self.old, self.new))
        return differing.marked(old, new)

    @property
    def old_marked(self) -> Quote | None:
        """What readers see now, with what goes away marked."""
        return self._with(self.old, self._marked[0])

    @property
    def new_marked(self) -> Quote | None:
        """What they would see, with what is new marked."""
        return self._with(self.new, self._marked[1])

    def _with(self, quote: Quote | None, text: SafeString) -> Quote | None:
        # A text that is new or gone as a whole says so; every word of it marked is hard to read.
        is_part = self.is_changed and self.old and self.new
        return Quote(text, quote.language) if quote and is_part else quote

    @cached_property
    def called_out(self) -> list[differing.Call]:
        """Links and numbers in the text that came or went."""
        old, new = (quote.text if quote else "" for quote in (self.old, self.new))
        # Numbers that people dial have a place of their own on the page (publishing/numbers.py).
        is_shown = self.is_changed and not self.is_number
        return differing.called_out(old, new) if is_shown else []


def rows(new: Revision, old: Revision | None, source: Revision | None = None) -> list[Row]:
    """Return all fields of a revision beside those of an older one and of the source."""
    shown, before = _flat(new), _flat(old)
    original = _flat(source)
    places = list(shown) + [place for place in before if place not in shown]
    titles = {key: title for key, title, _ in reversed(places)}
    found = [
        Row(
            titles[key],
            name.replace("_", " "),
            _find(original, key, name),
            _find(before, key, name),
            _find(shown, key, name),
            name in NUMBERS,
        )
        for key, name in dict.fromkeys((key, name) for key, _, name in places)
    ]
    return [row for row in found if row.old or row.new or row.source]


def _find(quotes: Mapping[Place, Quote], key: str, name: str) -> Quote | None:
    return next((q for (k, _, n), q in quotes.items() if (k, n) == (key, name)), None)


def _flat(revision: Revision | None) -> dict[Place, Quote]:
    if revision is None:
        return {}
    return {
        place: quote
        for place, quote in _places(revision.content, revision.language)
        if quote.text != ""
    }


def _places(content: Content, language: str) -> Iterable[tuple[Place, Quote]]:
    for name, value in content.items():
        if name == "sections":
            keys = ", ".join(section["key"] for section in value)
            yield ("", "", "order of sections"), Quote(keys, languages.NEUTRAL)
            for section in value:
                yield from _group("section", section, section["heading"], language)
        elif name == "contacts":
            for contact in value:
                kind = Contact.Kind(contact["kind"]).label
                title = f"{contact['organisation']} ({kind})"
                yield from _group("contact", contact, title, language)
        elif name == "remarks":
            for key, text in value.items():
                yield (f"remark {key}", key, "remark"), Quote(text, language)
        elif name not in HIDDEN:
            yield ("", "", name), _quote(name, value, language)


def _group(what: str, values: Content, title: str, language: str) -> Iterable[tuple[Place, Quote]]:
    for name, value in values.items():
        if name not in HIDDEN:
            yield (f"{what} {values['key']}", title, name), _quote(name, value, language)


def _quote(name: str, value: Any, language: str) -> Quote:
    if name in TEXTS or name == "heading":
        text = richtext.render(value, language) if name in RICH else value
        return Quote(text, language)
    return Quote(_plain(value), languages.NEUTRAL)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(_plain(entry) for entry in value)
    if isinstance(value, dict):
        return " ".join(str(part) for key, part in value.items() if key != "evidence")
    return str(value)
