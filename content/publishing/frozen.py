"""All that is live at one moment, in memory: pages are baked from it and say what they read.

What a page reads is written as marks: `page:stop@fr` for an item in a language, whether it is live
or not, `phrase:*@fr` for a whole kind, `index` for menus, `changes` for the log of changes.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, F, Max, Sum

from campaign import languages
from content.models import Revision
from content.publishing import live
from content.publishing.live import Change, Index, Kind, Release, Row, Text, Wanted

INDEX, CHANGES = "index", "changes"


class Item(NamedTuple):
    """A live revision and its place among all others."""

    rank: int
    row: Row
    approved_at: datetime | None
    state: str
    """Differs from the state of any other revision, and when the same one has moved."""


class Frozen:
    """What is live, as a source for `live.read_from`. It asks the database nothing."""

    def __init__(
        self,
        items: Mapping[int, Item],
        titles: list[tuple[str, str, str, str]],
        changes: list[Change],
        since: datetime,
        history: str,
    ) -> None:
        self.items = items
        """By primary key, in the order in which texts are shown."""
        self._by_name = {item.row[:3]: item for item in items.values()}
        self._kinds: dict[str, dict[str, list[Item]]] = {}
        for item in items.values():
            by_language = self._kinds.setdefault(item.row.kind, {})
            by_language.setdefault(item.row.language, []).append(item)
        self._index = live.index_of(titles)
        self._changes = changes
        self._since = since
        self.states = {_mark(*item.row[:3]): item.state for item in items.values()}
        self.states[INDEX] = hashlib.sha256(repr(titles).encode()).hexdigest()
        self.states[CHANGES] = history
        self._marks: set[str] = set()

    @contextmanager
    def recorded(self) -> Iterator[set[str]]:
        """Read from here inside, and collect the marks of what is read."""
        before, self._marks = self._marks, set()
        try:
            with live.read_from(self):
                yield self._marks
        finally:
            self._marks = before

    def index(self) -> Index:
        """Return what is live."""
        self._marks.add(INDEX)
        return self._index

    def texts(self, language: str, wanted: Wanted) -> dict[str, dict[str, Text]]:
        """Return texts as the database would."""
        codes = {language, languages.SOURCE, languages.NEUTRAL}
        found = list(self._of_kinds(wanted.kinds, codes))
        for kind, key in wanted.items:
            for code in codes:
                self._marks.add(_mark(kind, key, code))
                if item := self._by_name.get((kind, key, code)):
                    found.append(item)
        return live.texts_of(_in_order(found), language)

    def versions(self, kind: str, codes: Iterable[str]) -> dict[str, dict[str, Text]]:
        """Return a kind as the database would."""
        wanted = {*codes, languages.SOURCE}
        return live.versions_of(_in_order(self._of_kinds([kind], wanted)))

    def directory(self) -> list[Release]:
        """Return the facts of all countries as the database would."""
        found = self._of_kinds([Kind.COUNTRY], {languages.NEUTRAL})
        releases = [
            Release(item.row.key, item.row.content, item.approved_at)
            for item in found
            if item.approved_at
        ]
        return sorted(releases, key=lambda release: release.key)

    def changes(self, since: datetime, most: int) -> list[Change]:
        """Return changes as the database would. Raises ValueError for more than was frozen."""
        if since < self._since or most > live.MOST_CHANGES:
            raise ValueError("The snapshot holds fewer changes than that.")
        self._marks.add(CHANGES)
        return [change for change in self._changes if change.at >= since][:most]

    def released_at(self, kind: str, key: str, language: str) -> datetime | None:
        """Return the moment as the database would."""
        self._marks.add(_mark(kind, key, language))
        item = self._by_name.get((kind, key, language))
        return item.approved_at if item else None

    def _of_kinds(self, kinds: Iterable[str], codes: set[str]) -> Iterator[Item]:
        for kind in kinds:
            for code in codes:
                self._marks.add(_mark(kind, "*", code))
                yield from self._kinds.get(kind, {}).get(code, ())


def _mark(kind: str, key: str, language: str) -> str:
    return f"{kind}:{key}@{language}"


def _in_order(items: Iterable[Item]) -> Iterator[Row]:
    by_rank = {item.rank: item.row for item in items}
    return (by_rank[rank] for rank in sorted(by_rank))


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> set[str]:
    """Return the marks of everything that differs between two states, whole kinds included."""
    marks = {mark for mark in before.keys() | now.keys() if before.get(mark) != now.get(mark)}
    for mark in list(marks):
        kind, colon, name = mark.partition(":")
        if colon:
            marks.add(_mark(kind, "*", name.rpartition("@")[2]))
    return marks


def freeze(day: date, known: Frozen | None = None) -> Frozen:
    """Read all that is live at one moment, for pages of this day.

    Texts that a snapshot from before holds are not read again. Raises django.db.Error.
    """
    # A day more than is asked for: midnight may pass, or the clock be set, while pages are made.
    since = datetime.combine(day - live.CHANGES_FOR - timedelta(days=1), time(), UTC)
    with _one_moment():
        # Reviews may come to a text that is live already: they are read anew each time.
        names = ("pk", "position", "approved_at", *Row._fields[:3], "title", "reviews")
        lines = list(
            Revision.objects.live().order_by("position", "key", "language").values_list(*names)
        )
        old = known.items if known else {}
        missing = [line[0] for line in lines if line[0] not in old or not _is(line, old[line[0]])]
        texts = _texts(missing)
        titles = list(live.titles())
        changes = live.Database().changes(since, live.MOST_CHANGES)
        history = _history()
    items = {}
    for rank, (pk, position, approved_at, kind, key, language, _, reviews) in enumerate(lines):
        content, reviewed_by = texts[pk] if pk in texts else old[pk].row[3:5]
        row = Row(kind, key, language, content, reviewed_by, reviews)
        items[pk] = Item(rank, row, approved_at, _state(pk, position, approved_at, reviews))
    return Frozen(items, titles, changes, since, history)


def stamp() -> tuple[Any, ...]:
    """Return what differs whenever something else is live, in one query. Raises django.db.Error."""
    found = Revision.objects.live().aggregate(
        count=Count("pk"),
        sum=Sum("pk"),
        places=Sum(F("pk") * (F("position") + 1)),
        last=Max("approved_at"),
        reviewed=Max("reviewed_at"),
    )
    return tuple(found.values())


def _is(line: tuple[Any, ...], item: Item) -> bool:
    """Whether this is the very revision: a restored backup may give its number to another one."""
    return line[3:6] == item.row[:3] and line[2] == item.approved_at


def _texts(wanted: list[int]) -> dict[int, tuple[Any, str]]:
    """Return contents and readers by primary key, in pieces that every database takes."""
    found: dict[int, tuple[Any, str]] = {}
    for start in range(0, len(wanted), 500):
        rows = Revision.objects.filter(pk__in=wanted[start : start + 500])
        for pk, content, reviewed_by in rows.values_list("pk", "content", "reviewed_by"):
            found[pk] = (content, reviewed_by)
    return found


def _state(pk: int, position: int, approved_at: datetime | None, reviews: Any) -> str:
    found = f"{pk} {position} {approved_at.isoformat() if approved_at else ''}"
    return f"{found} {json.dumps(reviews, sort_keys=True)}" if reviews else found


def _history() -> str:
    """Return a digest that changes with whatever the log of changes may show."""
    facts = Revision.objects.filter(
        kind=Kind.COUNTRY, language=languages.NEUTRAL, approved_at__isnull=False
    )
    rows = facts.order_by("pk").values_list("pk", "approved_at", "withdrawn_at")
    digest = hashlib.sha256()
    for row in rows:
        digest.update(repr(row).encode())
    return digest.hexdigest()


@contextmanager
def _one_moment() -> Iterator[None]:
    """Let all queries inside see the same moment, without keeping anybody from writing."""
    if connection.in_atomic_block:
        yield  # the caller's transaction says what is seen
        return
    postgres = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(postgres if connection.vendor == "postgresql" else "BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
