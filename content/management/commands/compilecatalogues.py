"""Compile the translated frame."""

from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from django.core.management.base import BaseCommand, CommandError

from campaign import catalogues, languages


class Command(BaseCommand):
    """Compiles locale/*/LC_MESSAGES/django.po with Babel, so that no gettext tools are needed."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []  # the checks ask for what this command makes

    def handle(self, *args: Any, **options: Any) -> None:
        """Compile every catalogue that is newer than its compiled file."""
        compiled = 0
        for code in languages.BY_CODE:
            source, target = catalogues.po_path(code), catalogues.mo_path(code)
            if not source.exists():
                continue
            if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
                continue
            try:
                with source.open("rb") as file:
                    catalogue = read_po(file, locale=code, abort_invalid=True)
            except (PoFileError, ValueError) as error:
                raise CommandError(f"{source}: {error}") from error
            temporary = target.with_suffix(".mo.new")
            with temporary.open("wb") as file:
                write_mo(file, catalogue)
            temporary.replace(target)
            compiled += 1
        self.stdout.write(f"Catalogues: {compiled} compiled.")
