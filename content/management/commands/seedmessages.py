"""Write or update the translation files of the shipped texts."""

from typing import Any

import polib
from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaign import languages
from content.seed import texts, translations
from content.seed.errors import SeedError


class Command(BaseCommand):
    """Writes content/seed/translations/LANG.po with every English text that ships.

    Translations that are there stay; where the English has changed they are marked fuzzy.
    """

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one or more language codes; without any, update the files that are there."""
        parser.add_argument("languages", nargs="*", metavar="LANG")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the files and say how much of each is translated."""
        try:
            items = texts.read_all()
        except SeedError as error:
            raise CommandError(str(error)) from error
        translations.TRANSLATIONS.mkdir(exist_ok=True)
        present = [path.stem for path in sorted(translations.TRANSLATIONS.glob("*.po"))]
        for code in options["languages"] or present:
            if code not in languages.BY_CODE or code == languages.SOURCE:
                raise CommandError(f"{code!r} is none of our languages to translate into.")
            path = translations.TRANSLATIONS / f"{code}.po"
            po = translations.template(items, code)
            if path.exists():
                po = translations.merge(polib.pofile(str(path)), po)
            po.save(str(path))
            done = len(po.translated_entries())
            self.stdout.write(f"{code}: {done} of {len(po)} texts translated")
