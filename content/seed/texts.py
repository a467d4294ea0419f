"""The English source files as items: facts that all languages share, and texts to translate."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from content import po
from content.models import (
    Figure,
    Page,
    Phrase,
    PlatformLink,
    Revision,
    Scenario,
    Section,
    Situation,
    Term,
)
from content.publishing.snapshots import SCHEMA, Content
from content.seed.documents import Block, Document, read
from content.seed.errors import SeedError

ROOT = Path(__file__).parent
ENGLISH = ROOT / "english"
Kind = Revision.Kind


@dataclass(frozen=True)
class SourceText:
    """One text to translate: Markdown when its field is rich text."""

    text: str
    row: int
    note: str = ""


@dataclass
class SourceItem:
    """One item of the campaign as shipped."""

    kind: str
    key: str
    file: str
    position: int
    facts: dict[str, Any] = field(default_factory=dict)
    sections: list[dict[str, str]] = field(default_factory=list)
    texts: dict[str, SourceText] = field(default_factory=dict)
    """Path to text; a path is a field, or `sections/<key>/<field>`."""
    links: list[tuple[str, str, str]] = field(default_factory=list)
    """Purpose, evidence and address of a platform's links."""

    def context(self, path: str) -> str:
        """Return the name of a text in translation files (gettext's msgctxt)."""
        return po.context(self.kind, self.key, path)

    def content(self, translate: Callable[[str, str], str]) -> Content:
        """Return what a snapshot of this item holds; `translate` gives the text for a path."""
        content: Content = {"schema": SCHEMA, **self.facts}
        if self.kind == Kind.PAGE:
            content["sections"] = [dict(section) for section in self.sections]
        by_key = {section["key"]: section for section in content.get("sections", [])}
        for path, source in self.texts.items():
            *section, name = path.split("/")
            text = translate(path, source.text)
            (by_key[section[1]] if section else content)[name] = po.value(path, text)
        if self.kind == Kind.PLATFORM:
            content["links"] = [
                {"purpose": purpose, "url": url}
                for purpose, evidence, url in self.links
                if evidence == PlatformLink.Evidence.SEEN
            ]
        return content

    def source_content(self) -> Content:
        """Return the content in the source language."""
        return self.content(lambda path, text: text)


def read_all(root: Path = ENGLISH) -> list[SourceItem]:
    """Return every item of the English campaign. Raises SeedError at the first fault."""
    return [*_pages(root), *_collections(root)]


def _pages(root: Path) -> Iterator[SourceItem]:
    seen: dict[str, str] = {}
    for position, path in enumerate(sorted((root / "pages").glob("*.md"))):
        document = read(path, root)
        head = document.head
        for name in ("key", "audience", "title"):
            if name not in head:
                raise SeedError(document.file, 1, name, "The head needs this line.")
        _choice(document.file, 1, "audience", head["audience"], Page.Audience.values)
        key = head["key"]
        if key in seen:
            raise SeedError(document.file, 1, "key", f"{seen[key]} has this key already.")
        seen[key] = document.file
        step = head.get("step")
        if step not in {None, "1", "2", "3"}:
            raise SeedError(document.file, 1, "step", "Write 1, 2 or 3, or leave the line out.")
        item = SourceItem(
            Kind.PAGE,
            key,
            document.file,
            position,
            facts={"step": int(step) if step else None, "audience": head["audience"]},
            texts={
                "title": SourceText(head["title"], 1),
                "summary": SourceText(head.get("summary", ""), 1),
            },
        )
        for block in document.blocks:
            layout = block.style or Section.Layout.TEXT
            _choice(document.file, block.row, "layout", layout, Section.Layout.values)
            item.sections.append({"key": block.key, "layout": layout})
            base = f"sections/{block.key}"
            item.texts[f"{base}/heading"] = SourceText(block.heading, block.row, block.note)
            item.texts[f"{base}/body"] = SourceText(block.body, block.row, block.note)
        yield item


@dataclass(frozen=True)
class Collection:
    """How the blocks of one collection file become items."""

    kind: str
    heading: str
    """The field that the heading fills; empty when it is a fact that is not translated."""
    body: str
    texts: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    """Facts that are lists of keys, written with spaces between."""
    style: str = ""
    choices: dict[str, list[str]] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)


COLLECTIONS = {
    "situations": Collection(
        Kind.SITUATION,
        "title",
        "body",
        texts=("lead",),
        facts=("place", "steps"),
        lists=("steps",),
        choices={"place": Situation.Place.values},
        defaults={"place": Situation.Place.STOP, "steps": ""},
    ),
    "steps": Collection(
        Kind.GUIDE_STEP,
        "title",
        "note",
        facts=("replaces", "contradicts"),
        lists=("replaces", "contradicts"),
        defaults={"replaces": "", "contradicts": ""},
    ),
    "scenarios": Collection(
        Kind.SCENARIO,
        "situation",
        "reason",
        texts=("answer",),
        style="verdict",
        choices={"verdict": Scenario.Verdict.values},
    ),
    "terms": Collection(
        Kind.TERM,
        "term",
        "reason",
        texts=("instead",),
        facts=("register",),
        style="status",
        choices={"status": Term.Status.values, "register": Term.Register.values},
        defaults={"register": Term.Register.EVERYDAY},
    ),
    "figures": Collection(
        Kind.FIGURE,
        "statement",
        "caution",
        texts=("place",),
        facts=("number", "unit", "qualifier", "year", "source", "url", "grade", "group"),
        choices={
            "unit": Figure.Unit.values,
            "qualifier": Figure.Qualifier.values,
            "grade": Figure.Grade.values,
        },
        defaults={"qualifier": Figure.Qualifier.EXACTLY, "group": ""},
    ),
    "platforms": Collection(Kind.PLATFORM, "", "note", texts=("in_app",), facts=("name",)),
    "phrases": Collection(
        Kind.PHRASE,
        "words",
        "hint",
        style="listener",
        choices={"listener": Phrase.Listener.values},
    ),
}


def _collections(root: Path) -> Iterator[SourceItem]:
    for name, collection in COLLECTIONS.items():
        names = {*collection.texts, *collection.facts, "link"}
        path = root / f"{name}.md"
        if not path.exists():
            raise SeedError(f"{name}.md", 1, "file", "This file is missing.")
        document = read(path, root, names)
        for position, block in enumerate(document.blocks):
            yield _item(collection, document, block, position)


def _item(collection: Collection, document: Document, block: Block, position: int) -> SourceItem:
    values = collection.defaults | block.values()
    if collection.style:
        values[collection.style] = block.style
    if not collection.heading:
        values["name"] = block.heading
    for name, allowed in collection.choices.items():
        _choice(document.file, block.row_of(name), name, values.get(name, ""), allowed)
    fact_names = [*collection.facts, *([collection.style] if collection.style else [])]
    for name in fact_names:
        if name not in values:
            raise SeedError(document.file, block.row, name, "This block needs this line.")
    facts: dict[str, Any] = {name: values[name] for name in fact_names}
    for name in collection.lists:
        facts[name] = facts[name].split()
    if "number" in facts:
        facts["number"] = _number(document.file, block, facts["number"])
    item = SourceItem(collection.kind, block.key, document.file, position, facts)
    if collection.heading:
        item.texts[collection.heading] = SourceText(block.heading, block.row, block.note)
    for name in collection.texts:
        item.texts[name] = SourceText(values.get(name, ""), block.row_of(name), block.note)
    item.texts[collection.body] = SourceText(block.body, block.row, block.note)
    item.links = [_link(document.file, v, row) for name, v, row in block.fields if name == "link"]
    return item


def _number(file: str, block: Block, value: str) -> str:
    try:
        return f"{Decimal(value).normalize():f}"
    except InvalidOperation as error:
        message = f"{value!r} is not a plain number."
        raise SeedError(file, block.row_of("number"), "number", message) from error


def _link(file: str, value: str, row: int) -> tuple[str, str, str]:
    parts = value.split()
    if len(parts) != 3 or not parts[2].startswith("https://"):
        raise SeedError(file, row, "link", "Write it like `link: report seen https://...`.")
    _choice(file, row, "link", parts[0], PlatformLink.Purpose.values)
    _choice(file, row, "link", parts[1], PlatformLink.Evidence.values)
    return parts[0], parts[1], parts[2]


def _choice(file: str, row: int, name: str, value: str, allowed: list[str]) -> None:
    if value not in allowed:
        raise SeedError(file, row, name, f"{value!r} is none of {', '.join(allowed)}.")
