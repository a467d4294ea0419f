"""Bake every public page in every language, or what has changed, and switch to it."""

import contextlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseFailure

from content.baking import bake, follow
from content.baking.bake import Done, Wish
from content.baking.rendering import BakeError

WIDTH = 30


class Command(BaseCommand):
    """Bakes what has changed since the last release into a new one and switches to it at once."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how much to bake, and whether to go on."""
        parser.add_argument("--full", action="store_true", help="everything, even if unchanged")
        parser.add_argument("--follow", action="store_true", help="go on: bake what is approved")
        parser.add_argument(
            "--allow-fewer", action="store_true", help="switch though many pages disappear"
        )
        parser.add_argument("--workers", type=int, default=0, help="processes; one a core if 0")
        parser.add_argument(
            "--with-parent", action="store_true", help="stop following when the parent ends"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Bake. Raises CommandError with what to do when nothing new is served."""
        root = Path(settings.BAKED_ROOT)
        wish = Wish(
            full=options["full"],
            allow_fewer=options["allow_fewer"],
            workers=max(0, options["workers"]),
            progress=self._progress,
            waiting=self._waiting,
        )
        if options["follow"]:
            follow.follow(root, wish, with_parent=options["with_parent"])
            return
        try:
            done = bake.bake(root, wish)
        except BakeError as error:
            raise CommandError(str(error)) from error
        except DatabaseFailure as error:
            raise CommandError(
                f"The database does not answer: {error}\nWhat is baked is served as before."
            ) from error
        self._report(done)

    def _waiting(self) -> None:
        with contextlib.suppress(OSError):  # nobody reads it: no reason not to wait
            self.stdout.write("Another bake is at work: waiting for its end.")

    def _report(self, done: Done) -> None:
        if not done.rendered:
            self.stdout.write(f"Release {done.number} is up to date ({done.pages} pages).")
            return
        self.stdout.write(
            f"Release {done.number}: {done.rendered} of {done.pages} pages baked"
            f" in {done.seconds:.1f} s."
        )

    def _progress(self, done: int, total: int) -> None:
        if self.stdout.isatty() and (done % 24 == 0 or done == total):
            bar = "#" * (WIDTH * done // total)
            end = "\n" if done == total else ""
            self.stdout.write(f"\rBake [{bar:{WIDTH}}] {done} of {total}", ending=end)
            self.stdout.flush()
