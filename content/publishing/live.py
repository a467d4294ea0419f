"""Reading what is live. The only module through which public pages get their content."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Q

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
