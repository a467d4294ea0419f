"""Every text of the campaign in one language: its source, what staff have written, its history.

The source is what is live: nobody should translate what has not been approved. The translation is
the working copy, so that work in progress goes out and comes back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, F, OuterRef

from campaign import languages
from content import po, richtext
from content.models import Contact, Country, Revision, Section
from content.publishing import qa
from content.publishing.snapshots import MODELS, Content, column, translated_fields

Kind = Revision.Kind
Item = tuple[str, str]
"""Kind and key."""


@dataclass(frozen=True)
class Text:
    """One field of one item in one language."""

    kind: str
    key: str
    path: str
    """A field, `sections/<key>/<field>`, or `remarks/<key of the contact>`."""
    source: str
    """What the live source says."""
    current: str
    """What the working copy says; empty when nobody has translated it."""
    before: str
    """The source that the working copy was made from; empty when not known."""
    number: int
    """The newest revision of the item in this language, 0 for none."""
    is_unsure: bool
    """Whether its author wants somebody to look at it again."""
    limit: int | None
    """How many letters fit, None for any number."""
    help: str
    """What the form says of this field."""
    title: str
    """What the item is called in the source language."""
    facts: Mapping[str, Any]
    """What the source says of the item, or of the section."""

    @property
    def name(self) -> str:
        """The name in files."""
        return po.context(self.kind, self.key, self.path)

    @property
    def item(self) -> Item:
        """The item that it is a part of."""
        return self.kind, self.key

    @cached_property
    def is_outdated(self) -> bool:
        """Whether the source says something else than when this was translated."""
        known = bool(self.current and self.before)
        return known and not po.same(self.path, self.before, self.source)


def gather(language: str) -> dict[str, Text]:
    """Return all texts that can be translated into a language, by name, in the site's order."""
    found = {}
    working = _working_copies(language)
    newest = {(r.kind, r.key): r for r in _newest(language)}
    live = Revision.objects.live().filter(language=languages.SOURCE)
    order = list(MODELS)
    for source in sorted(live, key=lambda r: (order.index(r.kind), r.position, r.key)):
        own = newest.get((source.kind, source.key))
        before = own.based_on.content if own and own.based_on else {}
        for path, text in texts_of(source.kind, source.content):
            current = working.get((source.kind, source.key, path))
            if not text or current is None:
                continue  # nothing to say, or no place: the section is being removed
            found_text = Text(
                kind=source.kind,
                key=source.key,
                path=path,
                source=text,
                current=current,
                before=value_at(before, path),
                number=own.number if own else 0,
                is_unsure=bool(own and path in own.marks),
                limit=_field(source.kind, path).max_length,
                help=str(_field(source.kind, path).help_text),
                title=source.title,
                facts=_facts(source.content, path),
            )
            found[found_text.name] = found_text
    return found


def texts_of(kind: str, content: Content) -> Iterator[tuple[str, str]]:
    """Yield the path and the value of each translated field of a revision's content."""
    if kind == Kind.COUNTRY:
        for key, remark in content["remarks"].items():
            yield f"remarks/{key}", remark
        return
    for name in translated_fields(MODELS[kind]):
        yield name, content.get(name, "")
    for section in content.get("sections", ()):
        for name in translated_fields(Section):
            yield f"sections/{section['key']}/{name}", section[name]


def value_at(content: Content, path: str) -> str:
    """Return the value of a revision's content at a path; empty when it has none."""
    where, _, rest = path.partition("/")
    if where == "remarks":
        found = content.get("remarks", {}).get(rest, "")
    elif where == "sections":
        key, _, name = rest.partition("/")
        sections: list[Content] = content.get("sections", [])
        found = next((s[name] for s in sections if s["key"] == key and name in s), "")
    else:
        found = content.get(path, "")
    return str(found)


def _facts(content: Content, path: str) -> Mapping[str, Any]:
    where, _, rest = path.partition("/")
    if where != "sections":
        return content
    key = rest.partition("/")[0]
    section = next(s for s in content["sections"] if s["key"] == key)
    return {**section, "audience": content.get("audience", "")}


def _field(kind: str, path: str) -> Any:
    model = MODELS[kind]
    if path.startswith("sections/"):
        model = Section
    elif path.startswith("remarks/"):
        return Contact._meta.get_field("remark")
    return model._meta.get_field(po.field_of(path))


def _newest(language: str) -> Iterator[Revision]:
    """Yield the newest revision of each item in a language, with the source it translates."""
    newer = Revision.objects.filter(
        kind=OuterRef("kind"),
        key=OuterRef("key"),
        language=OuterRef("language"),
        number__gt=OuterRef("number"),
    )
    found = Revision.objects.filter(~Exists(newer), language=language)
    yield from found.select_related("based_on")


def _working_copies(language: str) -> dict[tuple[str, str, str], str]:
    """Return what staff have written, by kind, key and path. Reads one language's columns only."""
    found: dict[tuple[str, str, str], str] = {}

    def add(kind: str, key: str, prefix: str, fields: tuple[str, ...], row: tuple) -> None:
        for name, value in zip(fields, row, strict=True):
            clean = richtext.clean if qa.is_rich(name) else _in_one_line
            found[kind, key, prefix + name] = clean(value or "")

    for kind, model in MODELS.items():
        if model is not Country:
            fields = translated_fields(model)
            columns = [column(name, language) for name in fields]
            for key, *row in model._default_manager.values_list("key", *columns):
                add(kind, key, "", fields, tuple(row))
    fields = translated_fields(Section)
    columns = [column(name, language) for name in fields]
    for page, key, *row in Section.objects.values_list("page__key", "key", *columns):
        add(Kind.PAGE, page, f"sections/{key}/", fields, tuple(row))
    remark = F(column("remark", language))
    for country, key, text in Contact.objects.values_list("country_id", "key", remark):
        found[Kind.COUNTRY, country, f"remarks/{key}"] = _in_one_line(text or "")
    return found


def _in_one_line(value: str) -> str:
    return " ".join(value.split())
