"""From live texts to what a template shows: sections with their pieces in place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from content.publishing.live import Kind, Text

Texts = Mapping[str, Mapping[str, Text]]

INSERTS = {
    ("stop", "different"): Kind.SITUATION,
    ("report", "words-to-say"): Kind.PHRASE,
    ("is-this-okay", "situations"): Kind.SCENARIO,
    ("platforms", "platforms"): Kind.PLATFORM,
    ("facts", "figures"): Kind.FIGURE,
    ("words", "terms"): Kind.TERM,
    ("report", "countries"): Kind.COUNTRY,
    ("home", "three-steps"): Kind.PAGE,
}
"""Where pieces stand: after the section with this key on this page, else at the page's end."""

PARTS: dict[str, str] = {
    Kind.SITUATION: "parts/situations.html",
    Kind.PHRASE: "parts/phrases.html",
    Kind.SCENARIO: "parts/scenarios.html",
    Kind.PLATFORM: "parts/platforms.html",
    Kind.FIGURE: "parts/figures.html",
    Kind.TERM: "parts/terms.html",
    Kind.COUNTRY: "parts/countries.html",
    Kind.PAGE: "parts/steps.html",
}


DOORS = {"happening", "want-to-understand", "someone-you-trust", "helpline", "police"}
"""Keys of sections between which a reader chooses: two on the start page, three on report."""


@dataclass(frozen=True)
class SectionView:
    """A section of a page and the template parts that draw it and what is set into it."""

    key: str
    layout: str
    heading: str
    body: str
    insert: str = ""

    @property
    def is_door(self) -> bool:
        """Whether this is one of several equal ways to go on, drawn side by side."""
        return self.key in DOORS

    @property
    def template(self) -> str:
        """The part that draws this layout."""
        return f"parts/section_{self.layout}.html"

    @property
    def insert_template(self) -> str:
        """The part that draws the pieces set into this section, empty when there are none."""
        return PARTS.get(self.insert, "")


@dataclass(frozen=True)
class PageView:
    """A page's text with its pieces."""

    text: Text
    sections: list[SectionView]
    pieces: list[Text] = field(default_factory=list)

    @property
    def groups(self) -> list[tuple[str, list[Text]]]:
        """The pieces by what sets them apart: listener, group of figures, status of a term."""
        return [(name, list(items)) for name, items in groupby(self.pieces, key=_group)]

    @property
    def is_discreet(self) -> bool:
        """Whether previews must not say what the page is about: a child may be watched."""
        return self.text.content["audience"] == "young" or self.text.key == "home"

    @property
    def has_foreign_pieces(self) -> bool:
        """Whether some pieces are in another language than the page's text."""
        return any(piece.language != self.text.language for piece in self.pieces)


def _group(piece: Text) -> str:
    content = piece.content
    for name in ("listener", "status", "group"):
        if name in content:
            return content[name] or piece.key
    return ""


def kinds_on(key: str) -> list[str]:
    """Return the kinds of pieces that stand on a page."""
    wanted = [kind for (page, _), kind in INSERTS.items() if page == key]
    return [kind for kind in wanted if kind not in {Kind.COUNTRY, Kind.PAGE}]


def view(key: str, texts: Texts) -> PageView:
    """Return a page ready to be shown. Raises KeyError when it is not live."""
    text = texts[Kind.PAGE][key]
    sections = [_section(key, part) for part in text.content["sections"]]
    inserts = {insert for (page, _), insert in INSERTS.items() if page == key}
    for insert in inserts - {section.insert for section in sections}:
        # An editor removed the section: the pieces still have to be reachable.
        sections.append(SectionView(insert, "text", "", "", insert))
    pieces = [piece for kind in kinds_on(key) for piece in texts.get(kind, {}).values()]
    return PageView(text, sections, pieces)


def _section(page: str, part: Mapping[str, Any]) -> SectionView:
    insert = INSERTS.get((page, part["key"]), "")
    return SectionView(part["key"], part["layout"], part["heading"], part["body"], insert)
