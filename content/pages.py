"""From live texts to what a template shows: sections with their pieces in place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.conf import settings

from content import figures, proof
from content.publishing.live import Kind, Text

Texts = Mapping[str, Mapping[str, Text]]


@dataclass(frozen=True)
class Insert:
    """What is set into a page: the part that draws it, and the kinds of live texts it needs."""

    part: str
    kinds: tuple[str, ...] = ()


INSERTS = {
    ("stop", "different"): Insert("parts/situations.html", (Kind.SITUATION,)),
    ("now", "what-happened"): Insert("parts/guide.html", (Kind.SITUATION, Kind.GUIDE_STEP)),
    ("now", "people"): Insert("parts/people.html"),
    ("report", "words-to-say"): Insert("parts/phrases.html", (Kind.PHRASE,)),
    ("report", "countries"): Insert("parts/countries.html"),
    ("is-this-okay", "situations"): Insert("parts/scenarios.html", (Kind.SCENARIO,)),
    ("platforms", "platforms"): Insert("parts/platforms.html", (Kind.PLATFORM,)),
    ("facts", "figures"): Insert("parts/figures.html", (Kind.FIGURE,)),
    ("words", "terms"): Insert("parts/terms.html", (Kind.TERM,)),
    ("teachers", "lesson-parts"): Insert("parts/printables.html"),
    ("home", "three-steps"): Insert("parts/steps.html"),
    ("open-data", "files"): Insert("parts/data_files.html"),
    ("privacy", "not-collected"): Insert("parts/proof.html"),
    ("privacy", "questions"): Insert("parts/operator.html"),
    ("accessibility", "feedback"): Insert("parts/operator.html"),
    ("about", "errors"): Insert("parts/operator.html"),
    ("open-data", "errors"): Insert("parts/operator.html"),
}
"""Where pieces stand: after the section with this key on this page, else at the page's end."""

PAGE_ICONS = {
    "understand": "eye",
    "stop": "hand",
    "report": "speech",
    "now": "clock",
    "friend": "people",
    "parents": "people",
    "teachers": "people",
    "platforms": "phone",
    "safety": "door",
    "privacy": "shield",
}
"""The sign at the head of a page (templates/parts/icon.html)."""

PAGE_STYLES = {
    "home": ("countries", "drawing", "home"),
    "report": ("pieces", "countries"),
    "platforms": ("pieces",),
    "words": ("pieces", "words"),
    "now": ("guide",),
    "facts": ("facts",),
    "is-this-okay": ("okay",),
    "teachers": ("teachers",),
}
"""The styles that a page carries beside those of all pages (static/css/<name>.css)."""

PAGE_SCRIPTS = {"home": ("countries",), "report": ("countries",), "now": ("guide",)}
"""The scripts that a page carries beside those of all pages (static/js/<name>.js)."""

SECTION_ICONS = {
    "happening": "phone",
    "want-to-understand": "eye",
    "crisis": "heart",
    "hope": "sun",
    "slow-down": "clock",
    "someone-you-trust": "people",
    "helpline": "speech",
    "police": "shield",
}
"""The sign before a section's heading."""

LAID_OUT = {"do", "dont", "steps"}
"""Layouts of sections whose style only the pages that have them carry (static/css/layouts.css)."""

DOORS = {"happening", "want-to-understand", "someone-you-trust", "helpline", "police"}
"""Keys of sections between which a reader chooses: two on the start page, three on report."""


@dataclass(frozen=True)
class SectionView:
    """A section of a page and the template parts that draw it and what is set into it."""

    key: str
    layout: str
    heading: str
    body: str
    insert_template: str = ""
    """The part that draws what is set in after this section, empty when there is nothing."""

    @property
    def is_door(self) -> bool:
        """Whether this is one of several equal ways to go on, drawn side by side."""
        return self.key in DOORS

    @property
    def icon(self) -> str:
        """The sign before the heading, empty for none."""
        return SECTION_ICONS.get(self.key, "")

    @property
    def template(self) -> str:
        """The part that draws this layout."""
        return f"parts/section_{self.layout}.html"


@dataclass(frozen=True)
class PageView:
    """A page's text with its pieces."""

    text: Text
    sections: list[SectionView]
    pieces: list[Text] = field(default_factory=list)

    @property
    def icon(self) -> str:
        """The sign at the page's head, empty for none."""
        return PAGE_ICONS.get(self.text.key, "")

    @property
    def styles(self) -> tuple[str, ...]:
        """The names of the page's own styles."""
        key = self.text.key
        found: tuple[str, ...] = () if key == "home" else ("toc",)
        found += ("layouts",) if self._is_laid_out else ()
        return found + PAGE_STYLES.get(key, ())

    @property
    def _is_laid_out(self) -> bool:
        return self.text.key in {"home", "now"} or any(
            section.is_door or section.layout in LAID_OUT for section in self.sections
        )

    @property
    def scripts(self) -> tuple[str, ...]:
        """The names of the page's own scripts."""
        return PAGE_SCRIPTS.get(self.text.key, ())

    @property
    def charts(self) -> list[figures.Chart]:
        """The figures as they are drawn."""
        return figures.charts(self.pieces)

    @property
    def counted(self) -> proof.Written:
        """What a browser last counted on all pages, in the active language."""
        return proof.written()

    @property
    def operator(self) -> str:
        """Where to write to those who run this copy: `mailto:` or `https:`, empty for nowhere."""
        return settings.OPERATOR_CONTACT

    @property
    def operator_shown(self) -> str:
        """The same as people write it down."""
        return self.operator.removeprefix("mailto:").removeprefix("https://")

    @property
    def groups(self) -> list[tuple[str, list[Text]]]:
        """The pieces by what sets them apart: listener, status of a term."""
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
    for name in ("listener", "status"):
        if name in content:
            return content[name] or piece.key
    return ""


def kinds_on(key: str) -> list[str]:
    """Return the kinds of pieces that stand on a page."""
    return [kind for (page, _), insert in INSERTS.items() if page == key for kind in insert.kinds]


def view(key: str, texts: Texts) -> PageView:
    """Return a page ready to be shown. Raises KeyError when it is not live."""
    text = texts[Kind.PAGE][key]
    sections = [section(key, part) for part in text.content["sections"]]
    parts = [insert.part for (page, _), insert in INSERTS.items() if page == key]
    drawn = {section.insert_template for section in sections}
    # An editor removed the section: the pieces still have to be reachable.
    sections += [SectionView(key, "text", "", "", part) for part in parts if part not in drawn]
    pieces = [piece for kind in kinds_on(key) for piece in texts.get(kind, {}).values()]
    return PageView(text, sections, [piece for piece in pieces if _stands_on(key, piece)])


def _stands_on(page: str, piece: Text) -> bool:
    """Whether a piece stands on this page: what is for the guide only does not stand on Stop."""
    return page != "stop" or piece.content.get("place") != "guide"


def section(page: str, part: Mapping[str, Any]) -> SectionView:
    """Return a section as it is drawn on a page."""
    insert = INSERTS.get((page, part["key"]))
    template = insert.part if insert else ""
    return SectionView(part["key"], part["layout"], part["heading"], part["body"], template)
