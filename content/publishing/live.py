"""Reading what is live. The only module through which public pages get their content."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from campaign import catalogues, languages
from content.models import Revision

Kind = Revision.Kind
CORE_PAGES = ("home", "understand", "stop", "report")
"""A language is offered once these pages are live in it and its frame is translated."""


@dataclass(frozen=True)
class Text:
    """One item as readers get it: its content, and the language that the content is in."""

    key: str
    language: str
    content: Mapping[str, Any]
    reviewed_by: str = ""

    @property
    def direction(self) -> str:
        """The writing direction of the text, ltr or rtl."""
        return languages.direction(self.language)

    @property
    def is_translation(self) -> bool:
        """Whether somebody translated this text from the source language."""
        return self.language not in {languages.SOURCE, languages.NEUTRAL}


@dataclass(frozen=True)
class Index:
    """What is live, without the texts: read once a page, for menus and links to other languages."""

    pages: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Page key to language to title, in the order of the pages."""
    countries: frozenset[str] = frozenset()

    @cached_property
    def offered(self) -> tuple[str, ...]:
        """The languages that readers are offered, in the list's order; always the source."""
        return tuple(code for code in languages.BY_CODE if self._is_offered(code))

    def _is_offered(self, code: str) -> bool:
        if code == languages.SOURCE:
            return True
        has_core = all(code in self.pages.get(key, {}) for key in CORE_PAGES)
        return has_core and catalogues.is_complete(code)

    def languages_of_page(self, key: str) -> tuple[str, ...]:
        """The offered languages in which this page itself is live."""
        return tuple(code for code in self.offered if code in self.pages.get(key, {}))

    def title(self, key: str, language: str) -> tuple[str, str]:
        """Return a page's title and the language it is in. Raises KeyError for no such page."""
        titles = self.pages[key]
        code = language if language in titles else languages.SOURCE
        return titles[code], code


def index() -> Index:
    """Return what is live, in one query of titles."""
    rows = (
        Revision.objects.live()
        .filter(
            Q(kind=Kind.PAGE) | Q(kind=Kind.COUNTRY, language=languages.NEUTRAL),
        )
        .order_by("position", "key")
        .values_list("kind", "key", "language", "title")
    )
    pages: dict[str, dict[str, str]] = {}
    countries = set()
    for kind, key, language, title in rows:
        if kind == Kind.PAGE:
            pages.setdefault(key, {})[language] = title
        else:
            countries.add(key)
    # A page that has lost its source text has no text to fall back to: it is not there.
    pages = {key: titles for key, titles in pages.items() if languages.SOURCE in titles}
    return Index(pages=pages, countries=frozenset(countries))


@dataclass
class Wanted:
    """What a page asks for: whole kinds, and single items."""

    items: Iterable[tuple[str, str]] = ()
    kinds: Iterable[str] = ()


def texts(language: str, wanted: Wanted) -> dict[str, dict[str, Text]]:
    """Return live texts by kind and key, in one query, each in `language` or else in the source."""
    choice = Q(pk__in=[])
    for kind, key in wanted.items:
        choice |= Q(kind=kind, key=key)
    if kinds := list(wanted.kinds):
        choice |= Q(kind__in=kinds)
    revisions = (
        Revision.objects.live()
        .filter(choice, language__in={language, languages.SOURCE, languages.NEUTRAL})
        .order_by("position", "key")
        .only("kind", "key", "language", "content", "reviewed_by")
    )
    versions: dict[tuple[str, str], dict[str, Revision]] = {}
    for revision in revisions:
        versions.setdefault((revision.kind, revision.key), {})[revision.language] = revision
    found: dict[str, dict[str, Text]] = {}
    for (kind, key), by_language in versions.items():
        text = choose(by_language, language)
        if text is not None:
            found.setdefault(kind, {})[key] = text
    return found


def versions(kind: str, codes: Iterable[str]) -> dict[str, dict[str, Text]]:
    """Return the live texts of a kind by key and language, in one query, in these languages only.

    For words that are shown in two languages beside each other; nothing falls back.
    """
    revisions = (
        Revision.objects.live()
        .filter(kind=kind, language__in=set(codes))
        .order_by("position", "key")
        .only("key", "language", "content", "reviewed_by")
    )
    found: dict[str, dict[str, Text]] = {}
    for revision in revisions:
        text = Text(revision.key, revision.language, revision.content, revision.reviewed_by)
        found.setdefault(revision.key, {})[revision.language] = text
    return found


def choose(by_language: Mapping[str, Revision], language: str) -> Text | None:
    """Return the text to show to a reader of `language`: theirs, or the marked source, or none.

    The one place where a fallback happens. Facts without words are no fallback in any language.
    """
    if languages.NEUTRAL not in by_language and any(
        revision.kind == Kind.COUNTRY for revision in by_language.values()
    ):
        return None  # remarks alone, without the numbers that they are about
    for code in (languages.NEUTRAL, language, languages.SOURCE):
        if revision := by_language.get(code):
            remarks = by_language.get(language) if code == languages.NEUTRAL else None
            content = {**revision.content, **(remarks.content if remarks else {})}
            return Text(
                key=revision.key,
                language=code,
                content=content,
                reviewed_by=revision.reviewed_by,
            )
    return None


@dataclass(frozen=True)
class Release:
    """The facts of a country as readers see them, and when they were approved."""

    key: str
    content: Mapping[str, Any]
    approved_at: datetime


def directory() -> list[Release]:
    """Return the live facts of all countries and regions, in one query."""
    rows = (
        Revision.objects.live()
        .filter(kind=Kind.COUNTRY, language=languages.NEUTRAL)
        .order_by("key")
        .values_list("key", "content", "approved_at")
    )
    return [Release(key, content, approved_at) for key, content, approved_at in rows if approved_at]


@dataclass(frozen=True)
class Change:
    """A moment at which what readers see of a country changed."""

    key: str
    at: datetime
    before: Mapping[str, Any] | None
    """What was approved before, None for the first time."""
    after: Mapping[str, Any] | None
    """What was approved, None when the country was withdrawn."""
    is_back: bool = False
    """Whether the country had been withdrawn before."""


def changes(since: datetime, most: int) -> list[Change]:
    """Return what changed in the facts of countries, newest first, in two queries.

    The first query finds the moments, without any content; the second reads only the contents of
    those revisions and of the ones that they replaced.
    """
    approved = Revision.objects.filter(
        kind=Kind.COUNTRY, language=languages.NEUTRAL, approved_at__isnull=False
    )
    same = approved.filter(key=OuterRef("key"))
    earlier = same.filter(number__lt=OuterRef("number")).order_by("-number")
    later = same.filter(number__gt=OuterRef("number")).order_by("number")
    rows = list(
        approved.filter(Q(approved_at__gte=since) | Q(withdrawn_at__gte=since))
        .annotate(
            before_pk=Subquery(earlier.values("pk")[:1]),
            before_withdrawn_at=Subquery(earlier.values("withdrawn_at")[:1]),
            replaced_at=Subquery(later.values("approved_at")[:1]),
        )
        .order_by(Coalesce("withdrawn_at", "approved_at").desc(), "-pk")
        .values(
            *("pk", "key", "approved_at", "withdrawn_at"),
            *("before_pk", "before_withdrawn_at", "replaced_at"),
        )[:most]
    )
    wanted = {row[name] for row in rows for name in ("pk", "before_pk") if row[name]}
    contents = dict(Revision.objects.filter(pk__in=wanted).values_list("pk", "content"))
    found = []
    for row in rows:
        content, at, gone_at = contents[row["pk"]], row["approved_at"], row["withdrawn_at"]
        if at >= since:
            before = contents.get(row["before_pk"])
            was_gone = row["before_withdrawn_at"] is not None and row["before_withdrawn_at"] <= at
            found.append(Change(row["key"], at, before, content, is_back=was_gone))
        # Withdrawing what had been replaced already changes nothing that readers see.
        was_replaced = row["replaced_at"] and gone_at and row["replaced_at"] < gone_at
        if gone_at and gone_at >= since and not was_replaced:
            found.append(Change(row["key"], gone_at, content, None))
    return sorted(found, key=lambda change: change.at, reverse=True)[:most]


def released_on(kind: str, key: str, language: str) -> date | None:
    """Return the day on which what is live of an item was approved, None when nothing is live."""
    moment = (
        Revision.objects.live()
        .filter(kind=kind, key=key, language=language)
        .values_list("approved_at", flat=True)
        .first()
    )
    return moment.date() if moment else None
