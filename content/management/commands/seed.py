"""Load or update the campaign as shipped."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content.seed.errors import SeedError
from content.seed.loader import load


class Command(BaseCommand):
    """Loads what ships with the site. Never overwrites what an editor changed; all or nothing."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, show progress on a terminal, and report what was done."""
        try:
            report = load(self._progress)
        except SeedError as error:
            raise CommandError(
                f"{error}\nNothing was written. Mend the file and try again."
            ) from error
        if self.stdout.isatty():
            self.stdout.write("")
        self.stdout.write(f"Seed: {report}.")
        for name in report.kept:
            self.stdout.write(f"  kept: {name}")

    def _progress(self, done: int, total: int) -> None:
        if self.stdout.isatty() and (done % 25 == 0 or done == total):
            self.stdout.write(f"\rSeed: {done} of {total}", ending="")
            self.stdout.flush()
