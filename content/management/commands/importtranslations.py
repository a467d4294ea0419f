"""Take a file that translators have filled in."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from content.interchange.planning import STOPS, WRITTEN, Conflicts, Outcome, Plan, Row, plan
from content.interchange.reading import MOST_BYTES, File, Unreadable, read
from content.interchange.writing import NotWritten, write

QUIET = {Outcome.SAME, Outcome.EMPTY}
WIDTH = 100


class Command(BaseCommand):
    """Takes a PO file from translators as drafts by USER, all or nothing; approves nothing."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, who imports it, and what to do with conflicts."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--user", help="whose drafts these are; somebody else approves them")
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")
        parser.add_argument("--language", help="refuse a file in any other language")
        parser.add_argument("--partial", action="store_true", help="texts are missing on purpose")
        both = parser.add_mutually_exclusive_group()
        both.add_argument(
            "--keep", action="store_true", help="keep texts that staff changed since the export"
        )
        both.add_argument("--force", action="store_true", help="overwrite them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what changes, then write it. Raises CommandError, and then nothing is written."""
        path: Path = options["file"]
        file = self._read(path)
        if options["language"] and options["language"] != file.language:
            raise CommandError(f"{path} is in {file.language}, not in {options['language']}.")
        conflicts = Conflicts.REFUSE
        if options["keep"] or options["force"]:
            conflicts = Conflicts.KEEP if options["keep"] else Conflicts.OVERWRITE
        found = plan(file, conflicts, may_miss=options["partial"])
        self._show(path, found)
        self._refuse(path, found)
        if options["dry_run"]:
            self.stdout.write("Nothing was written: this was a dry run.")
            return
        user = self._user(options["user"])
        try:
            done = write(
                file,
                user,
                conflicts,
                may_miss=options["partial"],
                shown=found.fingerprint,
                comment=f"Imported from {path.name}",
            )
        except PermissionDenied as error:
            message = f"{user} may not write all of this in {file.language}. Nothing was written."
            raise CommandError(message) from error
        except NotWritten as error:
            raise CommandError(f"{error} Nothing was written. Try again.") from error
        self.stdout.write(
            f"{len(done.drafts)} drafts by {user}. They wait to be sent for approval."
        )

    def _read(self, path: Path) -> File:
        try:
            with path.open("rb") as source:
                return read(source.read(MOST_BYTES + 1))
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except Unreadable as error:
            lines = "\n".join(f"{path}, {problem}" for problem in error.problems)
            raise CommandError(f"{lines}\nNothing was written.") from error

    def _user(self, name: str | None) -> User:
        if not name:
            raise CommandError("Say whose drafts these are: --user NAME.")
        user = User.objects.filter(username=name, is_active=True, is_staff=True).first()
        if user is None:
            raise CommandError(f"There is no active member of staff named {name}.")
        return user

    def _show(self, path: Path, found: Plan) -> None:
        shown = [row for row in found.rows if row.outcome not in QUIET | STOPS]
        for row in shown:
            self.stdout.write(f"{path}, line {row.line}: {row.name}: {row.outcome}")
            if row.outcome in WRITTEN - {Outcome.CONFIRMED}:
                self._show_texts(row)
            for reason in row.reasons:
                self.stdout.write(f"    ? {reason}")
        counts = ", ".join(f"{count} {outcome}" for outcome, count in found.counts.items())
        self.stdout.write(f"{found.language}: {counts or 'no texts'}.")

    def _show_texts(self, row: Row) -> None:
        if row.before:
            self.stdout.write(f"    - {_short(row.before)}")
        self.stdout.write(f"    + {_short(row.after)}")

    def _refuse(self, path: Path, found: Plan) -> None:
        if found.may_be_written:
            return
        lines = [f"{path}: {problem}" for problem in found.problems]
        for row in found.stopped:
            reasons = " ".join(row.reasons)
            lines.append(f"{path}, line {row.line}: {row.name}: {reasons}")
        if found.counts[Outcome.CONFLICT]:
            lines.append("Texts that staff have changed: --keep keeps theirs, --force does not.")
        raise CommandError("\n".join([*lines, "Nothing was written."]))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"
