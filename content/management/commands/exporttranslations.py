"""Write the texts of a language as a file for translators."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content.interchange.exporting import export


class Command(BaseCommand):
    """Writes every text of the site with its translation into LANG, as a PO file."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the language, and where to write."""
        parser.add_argument("language", metavar="LANG")
        parser.add_argument("--output", type=Path, metavar="FILE", help="instead of the screen")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write. Never over a file that is there: a translator may have worked in it."""
        path: Path | None = options["output"]
        try:
            data = export(options["language"])
            if path is None:
                self.stdout.write(data.decode(), ending="")
                return
            with path.open("xb") as file:
                file.write(data)
        except ValueError as error:
            raise CommandError(str(error)) from error
        except FileExistsError as error:
            raise CommandError(f"{path} is there already. Choose another name.") from error
        except OSError as error:
            raise CommandError(f"{path} could not be written: {error.strerror}.") from error
        self.stdout.write(f"{path}: the texts in {options['language']}.")
