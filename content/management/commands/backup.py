"""Write everything that cannot be made again into one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content import backups


class Command(BaseCommand):
    """Writes a backup of texts, revisions, contacts and staff accounts, with checksums."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask where to."""
        parser.add_argument("file", type=Path, help="the backup's name; it must not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the backup, read it again, and say what it holds."""
        try:
            manifest = backups.write(options["file"])
            backups.check(options["file"])
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        size = options["file"].stat().st_size / 1024
        self.stdout.write(f"Backup: {manifest.rows} rows, {size:.0f} KB, in {options['file']}.")
