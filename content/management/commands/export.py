"""Write the whole public site as files for a static host."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from content.baking.export import ExportError, export


class Command(BaseCommand):
    """Writes the current release, with headers and redirects for static hosts, into a folder."""

    help = (__doc__ or "") + " Run `bake` before it: what was baked last is written."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder."""
        parser.add_argument("folder", type=Path, help="new, empty, or an export to be replaced")

    def handle(self, *args: Any, **options: Any) -> None:
        """Export. Raises CommandError with what to do; the export before stays."""
        try:
            done = export(
                Path(settings.BAKED_ROOT),
                options["folder"],
                lambda: self.stdout.write("A bake is at work: waiting for its end."),
            )
        except ExportError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Release {done.release}: {done.files} files,"
            f" {done.size / 1_000_000:.0f} MB in {options['folder']}."
        )
