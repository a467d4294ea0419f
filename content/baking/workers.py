"""Rendering, compressing and writing many pages over the cores of the machine."""

import gc
import hashlib
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from django.db import connections

from campaign.releases import Headers, Page, Release
from content.baking import folder, rendering
from content.baking.rendering import BakeError
from content.publishing.frozen import Frozen

CHUNK = 12
"""Pages that a worker takes at a time, at most: a bake that is overtaken ends after them."""
FEW = 16
"""So many pages are sooner done than workers are started."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Task:
    """An address to bake: its file, and the status that it must have."""

    path: str
    file: str
    status: int = HTTPStatus.OK


@dataclass(frozen=True)
class Baked:
    """What has become of a task."""

    path: str
    file: str
    status: int
    headers: Headers
    digests: dict[str, str]
    marks: set[str]
    size: int


@dataclass(frozen=True)
class Oven:
    """What all pages of one bake are made from and where they go."""

    snapshot: Frozen
    target: Path
    before: Release | None = None
    """A release of the same code: a page with the same text is taken from there."""

    def bake(self, tasks: Sequence[Task]) -> list[Baked]:
        """Bake some pages, one after the other. Raises BakeError or OSError."""
        return [self._one(task) for task in tasks]

    def _one(self, task: Task) -> Baked:
        with self.snapshot.recorded() as marks:
            answer = rendering.answer(task.path)
        if answer.status != task.status:
            raise BakeError(
                f"{task.path} answers {answer.status} instead of {task.status:d}."
                " What is wrong stands in the log above; nothing was switched."
            )
        digest = hashlib.sha256(answer.body).hexdigest()
        same = self._same(task.path, digest)
        if same and self.before:
            folder.link(self.before.folder, self.target, [same])
            digests = dict(same.digests)
        else:
            bodies = rendering.compressed(answer.body)
            folder.write(self.target, task.file, bodies)
            digests = {name: hashlib.sha256(body).hexdigest() for name, body in bodies.items()}
        return Baked(
            *(task.path, task.file, answer.status, answer.headers),
            *(digests, marks, len(answer.body)),
        )

    def _same(self, path: str, digest: str) -> Page | None:
        page = self.before.pages.get(path) if self.before else None
        return page if page and page.digests[""] == digest else None


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


def bake(
    oven: Oven,
    tasks: Sequence[Task],
    workers: int,
    progress: Progress,
    is_overtaken: Callable[[], bool],
) -> Iterator[Baked]:
    """Bake all pages and yield what has become of them, in any order.

    Pages of one country in one language are baked together: they share what was worked out for one.
    Once `is_overtaken` says so, no more are begun. Raises BakeError or OSError; what was written
    until then is of no use.
    """
    if workers == 1 or len(tasks) <= FEW:
        for number, task in enumerate(tasks, start=1):
            yield from oven.bake([task])
            progress(number, len(tasks))
            if is_overtaken():
                return
        return
    tasks = sorted(tasks, key=lambda task: task.path.split("/")[1:4:2])
    size = min(CHUNK, 1 + len(tasks) // (2 * workers))  # so that all end at about the same time
    chunks = [tasks[start : start + size] for start in range(0, len(tasks), size)]
    connections.close_all()  # a connection cannot be shared with a child
    gc.collect()
    gc.freeze()  # the children share this memory as long as nobody touches it
    context = multiprocessing.get_context("fork")
    arguments = (oven, os.getpid())
    done = 0
    with ProcessPoolExecutor(workers, context, _begin, arguments) as pool:
        futures = [pool.submit(_bake, chunk) for chunk in chunks]
        try:
            for future in as_completed(futures):
                if future.cancelled():
                    continue
                baked = future.result()
                done += len(baked)
                progress(done, len(tasks))
                yield from baked
                if is_overtaken():
                    for waiting in futures:
                        waiting.cancel()
        except BrokenProcessPool as error:
            raise BakeError(
                "A worker was killed, perhaps for want of memory. Try again with --workers 1."
            ) from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            gc.unfreeze()


_oven: Oven | None = None


def _begin(oven: Oven, parent: int) -> None:
    """Prepare a worker: it has the snapshot from its parent, and ends when that does."""
    global _oven
    _oven = oven
    gc.set_threshold(50_000, 20, 20)  # pages leave few cycles; the default costs a tenth
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _bake(tasks: Sequence[Task]) -> list[Baked]:
    if _oven is None:
        raise RuntimeError("This worker was not prepared.")
    return _oven.bake(tasks)
