"""Put a backup into an empty database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content import backups


class Command(BaseCommand):
    """Restores a backup into an empty, migrated database: all of it, or nothing."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask which one, and whether to look only."""
        parser.add_argument("file", type=Path, help="a file that the command backup has written")
        parser.add_argument("--check", action="store_true", help="only say whether it is whole")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, compare, and say what was restored."""
        act = backups.check if options["check"] else backups.restore
        try:
            manifest = act(options["file"])
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        done = "is whole" if options["check"] else "restored"
        self.stdout.write(f"The backup of {manifest.created} {done}: {manifest.rows} rows.")
