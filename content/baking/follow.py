"""Keep a machine's release up to date with what is live, for weeks, whatever happens behind it."""

import gc
import logging
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import Error as DatabaseFailure
from django.db import connection

from campaign import releases
from content.baking import bake, folder
from content.baking.bake import Done, Wish
from content.baking.rendering import BakeError
from content.publishing import frozen

logger = logging.getLogger("campaign.bake")

EVERY = 0.2
"""Seconds between two looks at what is live."""
LONGEST = 5.0
"""Seconds between two tries while the database does not answer."""
LONGEST_AFTER_ERROR = 60.0
"""Seconds between two tries while baking fails."""


class Follower:
    """Bakes whenever something else is live, or another day has begun."""

    def __init__(self, root: Path, wish: Wish) -> None:
        self.root = root
        self.wish = replace(wish, in_parts=True, is_overtaken=self._is_overtaken, gives_up=True)
        self.done: Done | None = None
        self.stamp: Any = None
        self.prepared: int | None = None
        """The release after which the next one has been made ready, or could not be."""
        self.warming: Iterator[None] | None = None
        """What is done before it is needed, a step at each look."""
        self.baking: Any = None
        """The stamp of what is being baked, while the database can be asked for a newer one."""
        self.next_question = 0.0
        self.pause = EVERY
        self.removing: subprocess.Popen[bytes] | None = None
        """Who removes old releases."""
        self.troubles: set[str] = set()
        """What was logged since all was well; the same is not logged again."""

    def look(self) -> None:
        """Look once, and bake when there is reason to. Sets `pause` until the next look."""
        try:
            self._look()
        except DatabaseFailure as error:
            connection.close()
            name = type(error).__name__
            self._tell(f"The database does not answer ({name}). What is baked is served on.")
            self.pause = min(max(self.pause, EVERY) * 2, LONGEST)
            self._next_day_without_database()
        except BakeError as error:
            self._tell(str(error))
            self.pause = min(max(self.pause, EVERY) * 2, LONGEST_AFTER_ERROR)
        except Exception as error:  # whatever it is: nobody starts it again for weeks
            connection.close()
            self._tell(f"Baking failed ({type(error).__name__}). Tried again.", with_place=True)
            self.pause = min(max(self.pause, EVERY) * 2, LONGEST_AFTER_ERROR)

    def _look(self) -> None:
        stamp = frozen.stamp()
        if self.done is None or stamp != self.stamp or self._is_old(self.done):
            known = self.done.snapshot if self.done else None
            self.baking, self.prepared = stamp, None
            self._keep(bake.bake(self.root, self.wish, known))
            self.stamp = stamp
        else:
            self._prepare(releases.current_number(self.root))
            if self.warming is None:
                self.warming = bake.warm_up(self.done.snapshot)
            next(self.warming, None)
        if self.troubles:
            logger.info("All is well again: what is live is baked.")
        self.troubles, self.pause = set(), 0 if self.done and self.done.left else EVERY

    def _prepare(self, number: int | None) -> None:
        """Make ready, once for each release, for the one that comes after it."""
        if number != self.prepared:
            self.prepared = number
            bake.make_ready(self.root)
            _tidy()

    def _is_overtaken(self) -> bool:
        """Whether something else is live than what is being baked. Asks as often as `look`."""
        now = time.monotonic()
        if self.baking is None or now < self.next_question:
            return False
        self.next_question = now + EVERY
        try:
            return bool(frozen.stamp() != self.baking)
        except DatabaseFailure:
            connection.close()
            self.baking = None  # the next look tells; this bake does not wait for it again
            return False

    def _is_old(self, done: Done) -> bool:
        """Whether pages are left, another day has begun, or what was baked has been removed."""
        is_gone = releases.current_number(self.root) is None
        return is_gone or bool(done.left) or done.day != bake.today().isoformat()

    def _next_day_without_database(self) -> None:
        """Bake for a new day what was live last: contacts expire, holidays come."""
        done, self.baking = self.done, None
        if done is None or not self._is_old(done):
            return
        try:
            self._keep(bake.bake(self.root, self.wish, done.snapshot, is_whole=True))
        except BakeError as error:
            self._tell(str(error))
            self.pause = LONGEST_AFTER_ERROR

    def _keep(self, done: Done) -> None:
        self.done = done
        # Once given up, what is left is not given up again, whatever else is approved meanwhile.
        gives_up = not done.is_given_up and (self.wish.gives_up or not done.left)
        self.wish = replace(self.wish, gives_up=gives_up)
        if done.rendered:
            logger.info(
                "Release %d: %d of %d pages baked in %.2f s, %d to follow.",
                *(done.number, done.rendered, done.pages, done.seconds, done.left),
            )
        if self.removing is None or self.removing.poll() is not None:
            self.removing = folder.remove_old_behind(self.root)

    def _tell(self, trouble: str, *, with_place: bool = False) -> None:
        """Log a trouble, once until all is well again."""
        if trouble not in self.troubles:
            logger.error(trouble, exc_info=with_place)
        self.troubles.add(trouble)


def _tidy() -> None:
    """Let the next bake not look for garbage among all that is kept: a tenth of a second."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def follow(root: Path, wish: Wish, *, with_parent: bool = False) -> None:
    """Bake what is live and go on baking what changes, until the process is ended.

    `with_parent` ends it with the process that has started it.
    """
    parent = os.getppid()
    follower = Follower(root, wish)
    while not with_parent or os.getppid() == parent:
        follower.look()
        time.sleep(follower.pause)
