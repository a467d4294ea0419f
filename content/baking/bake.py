"""Bake a release: decide what has changed, render that, take the rest over, and switch."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus
from pathlib import Path

from django.conf import settings

from campaign import releases
from campaign.releases import Headers, Page, Release, Unreadable
from content.baking import addresses, folder, rendering, version, workers
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
    seconds: float
    snapshot: Frozen
    day: str


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
            done = _Bake(root, wish, snapshot, day).run()
    except OSError as error:
        raise folder.explain(error, root) from error
    number, pages, rendered = done
    seconds = time.monotonic() - started
    return Done(number, pages, rendered, seconds, snapshot, day.isoformat())


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
        self.before = _current(root)
        self.states, self.marks = (
            folder.read_dependencies(self.before.folder) if self.before else ({}, {})
        )

    def run(self) -> tuple[int, int, int]:
        """Return the number of the release, how many pages it has, and how many are new."""
        self._refuse_fewer()
        is_full = self.is_full
        todo = self.paths if is_full else self._changed()
        if not todo and self.before:
            return self.before.number, len(self.paths), 0
        self._refuse_without_space(is_full, len(todo))
        number, target = folder.begin(self.root)
        try:
            self._write(number, target, todo, is_full)
            folder.switch(self.root, target, number)
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise
        folder.remove_old(self.root)
        return number, len(self.paths), len(todo)

    @property
    def is_full(self) -> bool:
        """Whether every page may have changed: menus, the code, the settings or the day."""
        before = self.before
        if self.wish.full or before is None or before.code != version.code():
            return True
        if before.day != self.day or self.states.get(INDEX) != self.snapshot.states[INDEX]:
            return True
        return set(self.paths) != before.pages.keys() or not set(self.paths) <= self.marks.keys()

    def _changed(self) -> list[str]:
        marks = frozen.changed(self.states, self.snapshot.states)
        return [path for path in self.paths if not marks.isdisjoint(self.marks[path])]

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

    def _write(self, number: int, target: Path, todo: list[str], is_full: bool) -> None:
        same_code = self.before if self.before and self.before.code == version.code() else None
        oven = Oven(self.snapshot, target, None if self.wish.full else same_code)
        tasks = [Task(path, releases.file_of(path)) for path in todo]
        if is_full:
            tasks += [_missing(code, path) for code, path in self.nowhere.items()]
        headers = _HeaderSets(self.before.headers if self.before and not is_full else [])
        count = self.wish.workers or workers.cores()
        pages: dict[str, Page] = {}
        marks: dict[str, set[str]] = {}
        size = 0
        for baked in workers.bake(oven, tasks, count, self.wish.progress):
            pages[baked.path] = headers.page(baked)
            marks[baked.path] = baked.marks
            size += 2 * baked.size  # compressed forms and the rest of a disk's last block
        self._take_over(target, pages, marks)
        with self.snapshot.recorded():
            chooser = headers.number(_without_place(rendering.answer("/").headers))
        release = Release(
            folder=target,
            number=number,
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
        folder.write_manifest(release, datetime.now(UTC).isoformat(timespec="seconds"))
        folder.write_dependencies(target, self.snapshot.states, marks)

    def _take_over(self, target: Path, pages: dict[str, Page], marks: dict[str, set[str]]) -> None:
        """Link every page of the release before that was not rendered."""
        if not self.before:
            return
        wanted = {path: self.before.pages.get(path) for path in self.paths}
        wanted |= {self.nowhere[code]: page for code, page in self.before.missing.items()}
        kept = {path: page for path, page in wanted.items() if page and path not in pages}
        folder.link(self.before.folder, target, kept.values())
        for path, page in kept.items():
            pages[path] = page
            marks[path] = self.marks.get(path, set())


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
        return Page(baked.file, baked.status, self.number(baked.headers), baked.digests)


def _missing(code: str, path: str) -> Task:
    """The page for addresses that a language does not have."""
    return Task(path, f"{code}/404.html", HTTPStatus.NOT_FOUND)


def _without_place(headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name != "Location"]


def _current(root: Path) -> Release | None:
    try:
        return releases.current(root)
    except Unreadable:
        return None  # everything is baked anew, and the damaged one replaced
