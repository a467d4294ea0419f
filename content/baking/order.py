"""In which order changed pages are baked: what is read first comes first, whatever else waits."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from campaign import languages
from content.publishing.frozen import INDEX, Frozen
from content.publishing.live import Kind

LATER = "later"
"""The mark of a page that has changed and is not baked yet."""
NEXT = "next"
"""Beside LATER: of these pages, the ones that are baked next."""
SOON = 16
"""Pages that an approval bakes at first, when it touches more: no other process is waited for."""
CHUNK = 1000
"""Pages that are baked at a time after that, unless something is approved meanwhile."""
PRINTED = {"poster", "embed"}
"""Parts of addresses that nobody reads in a hurry."""


class Stage(IntEnum):
    """When a changed page is baked."""

    NEW = 0
    """It is not there yet: the release cannot do without it."""
    OWN = 1
    """A page, card or poster of a country whose facts differ, in a language of that country or in
    the source language."""
    OTHER = 2
    """The same in any other language."""
    DIFFERENT = 3
    """It shows something else that differs."""
    REST = 4
    """Menus have changed, or a day has begun."""
    LEFT = 5
    """A bake before has left it."""


@dataclass(frozen=True)
class Order:
    """The order of a bake's pages, from what differs and what each page has read before."""

    different: Collection[str]
    marks: Mapping[str, set[str]]
    """What each address has read."""
    before: Collection[str]
    """The addresses that are there already."""
    offered: Collection[str]
    own: Mapping[str, Collection[str | None]]
    """The languages of each country, by its code in small letters."""
    _named: set[str] = field(init=False)
    _by_name: set[str] = field(init=False)

    def __post_init__(self) -> None:
        named = set(self.different) - {INDEX, LATER}
        object.__setattr__(self, "_named", named)
        by_name = {mark for mark in named if not mark.partition("@")[0].endswith(":*")}
        object.__setattr__(self, "_by_name", by_name)

    def stage(self, path: str) -> Stage:
        """Return when a page is baked."""
        if path not in self.before:
            return Stage.NEW
        read = self.marks.get(path, set())
        if not read.isdisjoint(self._by_name) and (country := self._country(path)):
            language = path.split("/")[1]
            is_own = language == languages.SOURCE or language in self.own[country]
            return Stage.OWN if is_own else Stage.OTHER
        if not read.isdisjoint(self._named):
            return Stage.DIFFERENT
        if LATER in read:
            return Stage.OTHER if NEXT in read else Stage.LEFT
        return Stage.REST

    def first(self, changed: Collection[str]) -> list[str]:
        """Return what to bake now, in its order: all of the first stage that has to be out at once.

        The pages of a country that differs are baked alone, so that they are out before any other.
        """
        stages = {path: self.stage(path) for path in changed}
        by_rank = sorted(changed, key=lambda path: (stages[path], *self._within(path)))
        count = Counter(stages.values())
        new = count[Stage.NEW]
        urgent = count[Stage.OWN] or count[Stage.OTHER]
        if urgent:
            return by_rank[: new + min(urgent, CHUNK)]
        is_left = by_rank and stages[by_rank[0]] == Stage.LEFT
        return by_rank[: max(CHUNK if is_left else SOON, new)]

    def _within(self, path: str) -> tuple[bool, ...]:
        """Return what sorts the pages of one stage."""
        parts = path.split("/")
        is_by_name = not self.marks.get(path, set()).isdisjoint(self._by_name)
        is_printed = not PRINTED.isdisjoint(parts)
        return (is_printed, not is_by_name, parts[1] not in self.offered)

    def _country(self, path: str) -> str:
        """Return the code of the country whose page this is, empty for all others."""
        code = path.split("/")[3:4]
        return code[0] if code and code[0] in self.own else ""


def own_languages(snapshot: Frozen) -> dict[str, Collection[str | None]]:
    """Return the languages of each country, by its code in small letters."""
    return {
        item.row.key.lower(): {
            languages.nearest(code) for code in item.row.content.get("languages", ())
        }
        for item in snapshot.items.values()
        if item.row.kind == Kind.COUNTRY and item.row.language == languages.NEUTRAL
    }
