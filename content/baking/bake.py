"""Bake a release: decide what has changed, render that, take the rest over, and switch."""

import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from campaign import releases
from campaign.releases import Digests, Headers, Page, Release, Unreadable
from content.baking import addresses, folder, rendering, version, workers
from content.baking.order import LATER, NEXT, Order, Stage, own_languages
from content.baking.rendering import BakeError
from content.baking.workers import Baked, Oven, Progress, Task
from content.publishing import frozen
from content.publishing.frozen import INDEX, Frozen

FEWEST = 0.95
"""The share of pages that must still be there; a smaller one is refused unless it is meant."""
PAGE_SIZE = 80 * 1024
"""Bytes that a page takes on disk with its compressed forms, until a release tells."""
LINKS_SIZE = 64 * 1024 * 1024
"""Bytes that the folders of a release take whose pages are all taken over."""


@dataclass(frozen=True)
class Wish:
    """How to bake."""

    full: bool = False
    allow_fewer: bool = False
    in_parts: bool = False
    """Bake what is read first, and tell how much is left."""
    is_overtaken: Callable[[], bool] = lambda: False
    """Whether something else is live by now: asked while only that is baked which was left before.
    What is not done then is left once more."""
    gives_up: bool = False
    """Whether a bake that is overtaken ends at once, with nothing done, so that the next one begins
    where this one did. Otherwise what it has done until then is switched to."""
    workers: int = 0
    """0 is one for each core."""
    progress: Progress = lambda done, total: None
    waiting: Callable[[], None] = lambda: None
    """Called when another bake is at work."""


@dataclass(frozen=True)
class Done:
    """What a bake has done."""

    number: int
    pages: int
    rendered: int
    """Pages that were rendered; 0 when nothing had changed and nothing was switched."""
    left: int
    """Pages that have changed and are not rendered yet: bake again."""
    seconds: float
    """From the beginning until the new release was the current one."""
    snapshot: Frozen
    day: str
    is_given_up: bool
    """Whether what was left before is left as it was, because something else is live by now."""


def today() -> date:
    """Return the day that pages are made for (UTC, as the views count)."""
    return datetime.now(UTC).date()


def bake(root: Path, wish: Wish, known: Frozen | None = None, *, is_whole: bool = False) -> Done:
    """Bake what has changed since the current release, or everything, and switch to it.

    `known` is an earlier snapshot, of which unchanged texts are taken; `is_whole` says that it is
    what is live now, because the database cannot be asked. Raises BakeError, with what to do, and
    django.db.Error; the current release stays as it was.
    """
    started = time.monotonic()
    try:
        with folder.locked(root, wish.waiting):
            day = today()
            snapshot = known if known and is_whole else frozen.freeze(day, known)
            work = _Bake(root, wish, snapshot, day)
            done = work.run()
            seconds = time.monotonic() - started
            if not wish.in_parts:
                folder.remove_old(root)
    except OSError as error:
        raise folder.explain(error, root) from error
    return Done(*done, seconds, snapshot, day.isoformat(), work.is_given_up)


def make_ready(root: Path) -> None:
    """Do now what the next bake would lose time with. What cannot be done now is done then."""
    with suppress(OSError), folder.locked(root, lambda: None):
        before = _current(root)
        if before and not folder.is_ready(root, before.release.number):
            folder.make_ready(root, before.release)


def warm_up(snapshot: Frozen) -> Iterator[None]:
    """Render a page of each kind, one a step: the workers of the next bake begin with all of that.

    Otherwise each of them would read templates, catalogues and names before its first page.
    """
    with snapshot.recorded():
        paths = addresses.samples(snapshot.index())
    for path in paths:
        with snapshot.recorded():
            rendering.answer(path)
        yield


class _Before(NamedTuple):
    """The release that a bake starts from."""

    release: Release
    states: dict[str, str]
    """What was live, by mark."""
    marks: dict[str, set[str]]
    """What each address has read."""


class _Overtaken(Exception):
    """Something else is live: what was left by the release before is given up once more."""

    def __init__(self, before: Release) -> None:
        self.before = before


class _Bake:
    def __init__(self, root: Path, wish: Wish, snapshot: Frozen, day: date) -> None:
        self.root = root
        self.wish = wish
        self.snapshot = snapshot
        self.day = day.isoformat()
        with snapshot.recorded():
            self.index = snapshot.index()
        self.paths = addresses.paths(self.index)
        self.nowhere = addresses.nowhere()
        before = _current(root)
        self.before = before.release if before else None
        self.states = before.states if before else {}
        self.marks = before.marks if before else {}
        self.pages_before = self._pages_before()
        self.different = frozen.changed(self.states, self.snapshot.states)
        """Marks of what is not live as it was then, and LATER where something was left then."""
        self.order = Order(
            self.different,
            self.marks,
            self.pages_before.keys(),
            self.index.offered,
            own_languages(snapshot),
        )
        self.taken_out: list[Page] = []
        """Pages of the release before that are not in the new one, or not as they were."""
        self.is_given_up = False

    def run(self) -> tuple[int, int, int, int]:
        """Return the release's number, how many pages it has, how many are new, and are left."""
        self._refuse_fewer()
        is_full = self.is_full
        changed = [*self.paths, *self.nowhere.values()] if is_full else self._changed()
        if not changed and self.before and set(self.paths) == self.before.pages.keys():
            return self.before.number, len(self.paths), 0, 0
        todo = self.order.first(changed) if self.wish.in_parts and not is_full else changed
        later = set(changed) - set(todo)
        self._refuse_without_space(is_full, len(todo))
        number, target = folder.begin(self.root)
        try:
            later |= self._write(number, target, todo, later, is_full)
            folder.switch(self.root, target, number)
        except _Overtaken as overtaken:
            self.is_given_up = True
            try:
                folder.put_back(self.root, overtaken.before, target, self.taken_out)
            except OSError:  # the next bake does without a folder made ready
                shutil.rmtree(target, ignore_errors=True)
            return overtaken.before.number, len(self.paths), 0, len(changed)
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise
        rendered = len(set(todo) - later - set(self.nowhere.values()))
        return number, len(self.paths), rendered, len(later)

    @property
    def is_full(self) -> bool:
        """Whether nothing can be taken over: another code or other settings."""
        return self.wish.full or self.before is None or self.before.code != version.code()

    def _changed(self) -> list[str]:
        """Return the addresses that are new or have read something that is different now."""
        paths = [*self.paths, *self.nowhere.values()]
        if self.before is None or self.before.day != self.day:
            return paths
        return [
            path
            for path in paths
            if path not in self.pages_before
            or path not in self.marks
            or INDEX in self.different
            or not self.different.isdisjoint(self.marks[path])
        ]

    def _were_left(self, paths: list[str]) -> bool:
        """Whether the release before has left all of these, and nothing they read differs since."""
        since = self.different - {LATER}
        marks = [self.marks.get(path, set()) for path in paths]
        return all(LATER in read and read.isdisjoint(since) for read in marks)

    def _refuse_fewer(self) -> None:
        if self.before is None or self.wish.allow_fewer:
            return
        gone = sorted(self.before.pages.keys() - set(self.paths))
        if len(self.paths) < FEWEST * len(self.before.pages):
            raise BakeError(
                f"{len(gone)} of {len(self.before.pages)} pages would disappear, such as"
                f" {', '.join(gone[:3])}. Nothing was switched. If that is meant, run:"
                " ./manage.py bake --allow-fewer"
            )

    def _refuse_without_space(self, is_full: bool, pages: int) -> None:
        size = pages * PAGE_SIZE
        if is_full and self.before:
            size = self.before.size * 5 // 4
        folder.refuse_without_space(self.root, size + LINKS_SIZE)

    def _write(
        self, number: int, target: Path, todo: list[str], later: set[str], is_full: bool
    ) -> set[str]:
        """Write a release, and return what it leaves for later of what was to do."""
        same_code = self.before if self.before and self.before.code == version.code() else None
        oven = Oven(self.snapshot, target, None if self.wish.full else same_code)
        self._take_over(target, set(todo))
        can_wait = not is_full and self._were_left(todo)
        is_overtaken = self.wish.is_overtaken if can_wait else lambda: False
        gives_up_to = self.before if self.wish.gives_up else None
        if gives_up_to and is_overtaken():
            raise _Overtaken(gives_up_to)
        of_nowhere = {path: code for code, path in self.nowhere.items()}
        tasks = [
            _missing(of_nowhere[path], path)
            if path in of_nowhere
            else Task(path, releases.file_of(path))
            for path in todo
        ]
        headers = _HeaderSets(self.before.headers if self.before and not is_full else [])
        count = self.wish.workers or workers.cores()
        pages = self._kept(set(todo))
        marks = {path: self.marks.get(path, set()) - {LATER, NEXT} for path in pages}
        size = 0
        for baked in workers.bake(oven, tasks, count, self.wish.progress, is_overtaken):
            pages[baked.path] = headers.page(baked)
            marks[baked.path] = baked.marks
            size += 2 * baked.size  # compressed forms and the rest of a disk's last block
        unbaked = [path for path in todo if path not in pages and path in self.pages_before]
        overtaken = {path: self.pages_before[path] for path in unbaked}
        if overtaken and gives_up_to:
            raise _Overtaken(gives_up_to)
        if self.before:
            folder.link(self.before.folder, target, overtaken.values())
        pages |= overtaken
        for path in later | overtaken.keys():
            marks[path] = {*self.marks.get(path, set()), LATER}
            if self.order.stage(path) == Stage.OTHER:
                marks[path].add(NEXT)
        with self.snapshot.recorded():
            chooser = headers.number(_without_place(rendering.answer("/").headers))
        release = Release(
            folder=target,
            number=number,
            key=secrets.token_hex(8),
            site=settings.SITE_URL,
            code=version.code(),
            day=self.day,
            size=size if is_full or not self.before else self.before.size,
            offered=self.index.offered,
            headers=headers.sets,
            chooser=chooser,
            pages={path: pages[path] for path in self.paths},
            missing={code: pages[path] for code, path in self.nowhere.items()},
        )
        baked_at = datetime.now(UTC).isoformat(timespec="seconds")
        folder.write_manifest(release, None if is_full else self.before, baked_at)
        states = self.snapshot.states | ({LATER: "some"} if later or overtaken else {})
        folder.write_dependencies(target, states, marks)
        return set(overtaken)

    def _pages_before(self) -> dict[str, Page]:
        """Return the pages of the release before by address, with those for what is not there."""
        if not self.before:
            return {}
        # A language that is no more has no such address; its page is gone, as others are.
        missing = {self.nowhere.get(code, code): page for code, page in self.before.missing.items()}
        return {**self.before.pages, **missing}

    def _kept(self, todo: set[str]) -> dict[str, Page]:
        """Return the pages of the release before that are not rendered."""
        wanted = {*self.paths, *self.nowhere.values()} - todo
        return {path: page for path, page in self.pages_before.items() if path in wanted}

    def _take_over(self, target: Path, todo: set[str]) -> None:
        """Have every page in the new release that is not rendered."""
        if not self.before:
            return
        kept = self._kept(todo)
        self.taken_out = [page for path, page in self.pages_before.items() if path not in kept]
        if not folder.take_ready(self.root, self.before, target, self.taken_out):
            folder.link(self.before.folder, target, kept.values())


class _HeaderSets:
    """The different sets of headers of a release, by number."""

    def __init__(self, sets: list[Headers]) -> None:
        self.sets = list(sets)
        self._numbers = {tuple(one): number for number, one in enumerate(sets)}

    def number(self, headers: Headers) -> int:
        number = self._numbers.setdefault(tuple(headers), len(self.sets))
        if number == len(self.sets):
            self.sets.append(headers)
        return number

    def page(self, baked: Baked) -> Page:
        headers = self.number(baked.headers)
        return Page(baked.file, baked.status, headers, Digests(baked.digests))


def _missing(code: str, path: str) -> Task:
    """The page for addresses that a language does not have."""
    return Task(path, f"{code}/404.html", HTTPStatus.NOT_FOUND)


def _without_place(headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name != "Location"]


def _current(root: Path) -> _Before | None:
    number = releases.current_number(root)
    if number is None:
        return None
    place = releases.folder_of(root, number)
    try:
        return _read(place, (place / releases.MANIFEST).stat().st_mtime_ns)
    except (OSError, Unreadable):
        return None  # everything is baked anew, and the damaged one replaced


@lru_cache(1)
def _read(place: Path, written_at: int) -> _Before:
    """Return a release; once `make_ready` has read it, the next bake need not."""
    return _Before(releases.read(place), *folder.read_dependencies(place))
