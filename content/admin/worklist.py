"""The work list of a language: what is to be translated, and what became of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from campaign import languages
from content.admin.dashboard import current
from content.admin.states import LETTERS
from content.models import Country, Revision
from content.publishing import workflow
from content.publishing.snapshots import MODELS
from content.publishing.workflow import State

TRANSLATED = [kind for kind, model in MODELS.items() if model is not Country]
"""Kinds that have a form in each language. Remarks on services travel in files only."""
BEGUN = {State.DRAFT, State.CHANGED}


class Show(StrEnum):
    """Which part of the list; the value stands in addresses."""

    TODO = "todo"
    MISSING = "missing"
    OUTDATED = "outdated"
    DRAFT = "draft"
    UNSURE = "unsure"
    WAITING = "waiting"
    LIVE = "live"
    ALL = "all"

    @property
    def label(self) -> str:
        """What the choice is called."""
        return LABELS[self]

    def takes(self, entry: "Entry") -> bool:
        """Whether an entry belongs to this part."""
        return (self is Show.UNSURE and entry.unsure > 0) or entry.state in STATES[self]


LABELS = {
    Show.TODO: "To do",
    Show.MISSING: "Missing",
    Show.OUTDATED: "Source changed",
    Show.DRAFT: "Draft",
    Show.UNSURE: "Needs another look",
    Show.WAITING: "Waiting for approval",
    Show.LIVE: "Live",
    Show.ALL: "All",
}
STATES: dict[Show, set[State]] = {
    Show.TODO: {State.MISSING, State.OUTDATED, *BEGUN},
    Show.MISSING: {State.MISSING},
    Show.OUTDATED: {State.OUTDATED},
    Show.DRAFT: BEGUN,
    Show.UNSURE: set(),
    Show.WAITING: {State.WAITING},
    Show.LIVE: {State.LIVE},
    Show.ALL: set(State),
}


@dataclass(frozen=True)
class Entry:
    """One item to translate."""

    kind: str
    key: str
    pk: int
    title: str
    """In the source language."""
    state: State
    language: str
    newest: Revision | None
    """The newest revision in the language, without its content."""

    @property
    def unsure(self) -> int:
        """How many of its texts their author wants somebody to look at again."""
        return len(self.newest.marks) if self.newest and not self.newest.withdrawn_at else 0

    @property
    def kind_name(self) -> str:
        """What kind of item it is."""
        return Revision.Kind(self.kind).label

    @property
    def letter(self) -> str:
        """The state in one letter."""
        return LETTERS[self.state]

    def address(self, show: Show) -> str:
        """Return the address of its form, which leads on through this part of the list."""
        name = MODELS[self.kind]._meta.model_name
        query = urlencode({"language": self.language, "desk": show.value})
        return f"{reverse(f'admin:content_{name}_change', args=[self.pk])}?{query}"


@dataclass(frozen=True)
class Place:
    """Where an item stands in a part of the list."""

    show: Show
    number: int
    total: int
    previous: Entry | None
    next: Entry | None


def entries(language: str) -> list[Entry]:
    """Return all items whose source is live, in a fixed number of queries, without the texts."""
    sources = Revision.objects.live().filter(language=languages.SOURCE, kind__in=TRANSLATED)
    own: dict[tuple[str, str], list[Revision]] = defaultdict(list)
    found = current().filter(language=language, kind__in=TRANSLATED)
    for revision in found.select_related("created_by").order_by("-number"):
        own[revision.kind, revision.key].append(revision)
    keys = {
        (kind, key): pk
        for kind in TRANSLATED
        for key, pk in MODELS[kind]._default_manager.values_list("key", "pk")
    }
    ordered = sorted(
        sources.defer("content"), key=lambda r: (TRANSLATED.index(r.kind), r.position, r.key)
    )
    return [
        Entry(
            source.kind,
            source.key,
            keys[source.kind, source.key],
            source.title,
            workflow.state(own[source.kind, source.key], source),
            language,
            next(iter(own[source.kind, source.key]), None),
        )
        for source in ordered
        if (source.kind, source.key) in keys
    ]


def counts(found: Iterable[Entry]) -> list[tuple[Show, int]]:
    """Return how many entries each part of the list has."""
    found = list(found)
    return [(show, sum(show.takes(entry) for entry in found)) for show in Show]


def place(found: Sequence[Entry], show: Show, kind: str, key: str) -> Place | None:
    """Return where an item stands in a part of the list; it counts even when it has left it."""
    listed = [e for e in found if show.takes(e) or (e.kind, e.key) == (kind, key)]
    at = next((n for n, e in enumerate(listed) if (e.kind, e.key) == (kind, key)), None)
    if at is None:
        return None
    return Place(
        show,
        at + 1,
        len(listed),
        listed[at - 1] if at else None,
        listed[at + 1] if at + 1 < len(listed) else None,
    )


def of_all(codes: Iterable[str]) -> dict[str, dict[Show, int]]:
    """Return for each language how many items are missing, outdated and so on, in two queries.

    Rows of plain values: with all languages filled there are thousands.
    """
    live = Revision.objects.live().filter(language=languages.SOURCE, kind__in=TRANSLATED)
    sources: dict[tuple[str, str], Any] = {
        (row.kind, row.key): row for row in live.values_list("kind", "key", "pk", named=True)
    }
    names = ("pk", "kind", "key", "language", "is_live", "based_on_id")
    moments = ("submitted_at", "approved_at", "withdrawn_at")
    rows = current().filter(kind__in=TRANSLATED).order_by("-number")
    own: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    for row in rows.values_list(*names, *moments, named=True):
        own[row.language, row.kind, row.key].append(row)
    shown = (Show.MISSING, Show.OUTDATED, Show.DRAFT, Show.WAITING, Show.LIVE)
    found = {}
    for code in codes:
        states = [workflow.state(own[(code, *item)], source) for item, source in sources.items()]
        found[code] = {show: sum(state in STATES[show] for state in states) for show in shown}
    return found
