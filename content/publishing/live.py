"""Reading what is live. The only module through which public pages get their content.

It comes from the database, or from a snapshot of it while pages are baked (frozen.py).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from campaign import catalogues, languages
from content.models import Review, Revision

Kind = Revision.Kind
CORE_PAGES = ("home", "understand", "stop", "report")
"""A language is offered once these pages are live in it and its frame is translated."""

CHANGES_FOR = timedelta(days=365)
"""How long the log of changes goes back."""
MOST_CHANGES = 100


@dataclass(frozen=True)
class Text:
    """One item as readers get it: its content, and the language that the content is in."""

    key: str
    language: str
    content: Mapping[str, Any]
    reviewed_by: str = ""
    reviews: Sequence[Mapping[str, str]] = ()
    """Role, name and day of each check that was entered since (publishing.reviews)."""

    @property
    def direction(self) -> str:
        """The writing direction of the text, ltr or rtl."""
        return languages.direction(self.language)

    @property
    def is_translation(self) -> bool:
        """Whether somebody translated this text from the source language."""
        return self.language not in {languages.SOURCE, languages.NEUTRAL}

    @property
    def lacks_native_reader(self) -> bool:
        """Whether this is a translation that nobody who speaks the language has checked."""
        is_read = any(review["role"] == Review.Role.NATIVE for review in self.reviews)
        return self.is_translation and not self.reviewed_by and not is_read


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


@dataclass
class Wanted:
    """What a page asks for: whole kinds, and single items."""

    items: Iterable[tuple[str, str]] = ()
    kinds: Iterable[str] = ()


class Row(NamedTuple):
    """A live revision, as far as a page shows it."""

    kind: str
    key: str
    language: str
    content: Mapping[str, Any]
    reviewed_by: str
    reviews: Sequence[Mapping[str, str]]


def choose(by_language: Mapping[str, Row], language: str) -> Text | None:
    """Return the text to show to a reader of `language`: theirs, or the marked source, or none.

    The one place where a fallback happens. Facts without words are no fallback in any language.
    """
    if languages.NEUTRAL not in by_language:
        if languages.SOURCE not in by_language:
            return None  # withdrawn in the source: gone from every language, as from the menus
        if any(row.kind == Kind.COUNTRY for row in by_language.values()):
            return None  # remarks alone, without the numbers that they are about
    for code in (languages.NEUTRAL, language, languages.SOURCE):
        if row := by_language.get(code):
            remarks = by_language.get(language) if code == languages.NEUTRAL else None
            content = {**row.content, **(remarks.content if remarks else {})}
            return Text(
                key=row.key,
                language=code,
                content=content,
                reviewed_by=row.reviewed_by,
                reviews=row.reviews,
            )
    return None


def index_of(titles: Iterable[tuple[str, str, str, str]]) -> Index:
    """Return the index of live pages and countries, given as kind, key, language and title."""
    pages: dict[str, dict[str, str]] = {}
    countries = set()
    for kind, key, language, title in titles:
        if kind == Kind.PAGE:
            pages.setdefault(key, {})[language] = title
        else:
            countries.add(key)
    # A page that has lost its source text has no text to fall back to: it is not there.
    pages = {key: titles for key, titles in pages.items() if languages.SOURCE in titles}
    return Index(pages=pages, countries=frozenset(countries))


def texts_of(rows: Iterable[Row], language: str) -> dict[str, dict[str, Text]]:
    """Return one text for each item of the rows, by kind and key, in the rows' order."""
    versions: dict[tuple[str, str], dict[str, Row]] = {}
    for row in rows:
        versions.setdefault((row.kind, row.key), {})[row.language] = row
    found: dict[str, dict[str, Text]] = {}
    for (kind, key), by_language in versions.items():
        text = choose(by_language, language)
        if text is not None:
            found.setdefault(kind, {})[key] = text
    return found


def versions_of(rows: Iterable[Row]) -> dict[str, dict[str, Text]]:
    """Return the texts of the rows by key and language, in the rows' order.

    What has lost its source text is left out, as everywhere.
    """
    found: dict[str, dict[str, Text]] = {}
    for row in rows:
        text = Text(row.key, row.language, row.content, row.reviewed_by, row.reviews)
        found.setdefault(row.key, {})[row.language] = text
    return {key: texts for key, texts in found.items() if languages.SOURCE in texts}


@dataclass(frozen=True)
class Release:
    """The facts of a country as readers see them, and when they were approved."""

    key: str
    content: Mapping[str, Any]
    approved_at: datetime


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


class Source(Protocol):
    """Where live texts come from. The functions of the same names below say what each returns."""

    def index(self) -> Index:
        """What is live."""

    def texts(self, language: str, wanted: Wanted) -> dict[str, dict[str, Text]]:
        """Items and kinds in a language."""

    def versions(self, kind: str, codes: Iterable[str]) -> dict[str, dict[str, Text]]:
        """A kind in several languages."""

    def directory(self) -> list[Release]:
        """The facts of all countries."""

    def changes(self, since: datetime, most: int) -> list[Change]:
        """What changed in them."""

    def released_at(self, kind: str, key: str, language: str) -> datetime | None:
        """When what is live of an item was approved."""


class Database:
    """The live revisions themselves, each question in one query or two."""

    def index(self) -> Index:
        """Read the titles."""
        return index_of(titles())

    def texts(self, language: str, wanted: Wanted) -> dict[str, dict[str, Text]]:
        """Read the items in the language and in those that it falls back to."""
        choice = Q(pk__in=[])
        for kind, key in wanted.items:
            choice |= Q(kind=kind, key=key)
        if kinds := list(wanted.kinds):
            choice |= Q(kind__in=kinds)
        codes = {language, languages.SOURCE, languages.NEUTRAL}
        return texts_of(_rows(choice, codes), language)

    def versions(self, kind: str, codes: Iterable[str]) -> dict[str, dict[str, Text]]:
        """Read the kind in these languages and the source's."""
        return versions_of(_rows(Q(kind=kind), {*codes, languages.SOURCE}))

    def directory(self) -> list[Release]:
        """Read the facts of all countries."""
        rows = (
            Revision.objects.live()
            .filter(kind=Kind.COUNTRY, language=languages.NEUTRAL)
            .order_by("key")
            .values_list("key", "content", "approved_at")
        )
        return [Release(key, content, at) for key, content, at in rows if at]

    def changes(self, since: datetime, most: int) -> list[Change]:
        """Read in two queries: the first finds the moments, without any content; the second
        reads only the contents of those revisions and of the ones that they replaced.
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
                gone_before = row["before_withdrawn_at"]
                was_gone = gone_before is not None and gone_before <= at
                found.append(Change(row["key"], at, before, content, is_back=was_gone))
            # Withdrawing what had been replaced already changes nothing that readers see.
            was_replaced = row["replaced_at"] and gone_at and row["replaced_at"] < gone_at
            if gone_at and gone_at >= since and not was_replaced:
                found.append(Change(row["key"], gone_at, content, None))
        return sorted(found, key=lambda change: change.at, reverse=True)[:most]

    def released_at(self, kind: str, key: str, language: str) -> datetime | None:
        """Read one moment."""
        same = Revision.objects.live().filter(kind=kind, key=key, language=language)
        return same.values_list("approved_at", flat=True).first()


def titles() -> Iterable[tuple[str, str, str, str]]:
    """Return kind, key, language and title of what the index holds, in its order."""
    choice = Q(kind=Kind.PAGE) | Q(kind=Kind.COUNTRY, language=languages.NEUTRAL)
    rows = Revision.objects.live().filter(choice).order_by("position", "key", "language")
    return rows.values_list("kind", "key", "language", "title")


def _rows(choice: Q, codes: set[str]) -> Iterator[Row]:
    rows = (
        Revision.objects.live()
        .filter(choice, language__in=codes)
        .order_by("position", "key", "language")
    )
    return (Row(*values) for values in rows.values_list(*Row._fields))


_DATABASE = Database()
_source: ContextVar[Source] = ContextVar("source", default=_DATABASE)


@contextmanager
def read_from(source: Source) -> Iterator[None]:
    """Let everything inside read from another source than the database."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)


def index() -> Index:
    """Return what is live, in one query of titles."""
    return _source.get().index()


def texts(language: str, wanted: Wanted) -> dict[str, dict[str, Text]]:
    """Return live texts by kind and key, in one query, each in `language` or else in the source."""
    return _source.get().texts(language, wanted)


def versions(kind: str, codes: Iterable[str]) -> dict[str, dict[str, Text]]:
    """Return the live texts of a kind by key and language, in one query: these and the source's.

    For words that are shown in two languages beside each other; nothing falls back.
    """
    return _source.get().versions(kind, codes)


def directory() -> list[Release]:
    """Return the live facts of all countries and regions, in one query."""
    return _source.get().directory()


def changes(since: datetime, most: int = MOST_CHANGES) -> list[Change]:
    """Return what changed in the facts of countries, newest first, in two queries."""
    return _source.get().changes(since, most)


def released_on(kind: str, key: str, language: str) -> date | None:
    """Return the day on which what is live of an item was approved, None when nothing is live."""
    moment = _source.get().released_at(kind, key, language)
    return moment.date() if moment else None
