"""Look after the directory: dead links, and contacts to confirm with the service."""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from content.links.keeping import Offline, Report, check, report
from content.models import Contact, Country, LinkCheck

TO_DO, FAILED = 1, 2


class Command(BaseCommand):
    """Looks at the links of all contacts, and reports what staff have to do.

    Ends with 0 when all is well, 1 when somebody has something to do, 2 when it could not work.
    """

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how much to look at, and whether to send a mail."""
        parser.add_argument("--stale", action="store_true", help="leave out what was good lately")
        parser.add_argument("--no-links", action="store_true", help="only report what is known")
        parser.add_argument("--country", default="", metavar="CC", help="one country only")
        parser.add_argument("--mail", action="store_true", help="send the report to CONTACTS_MAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, print the report, send it. Raises CommandError with the exit code."""
        code = options["country"].upper()
        if code and not Country.objects.filter(pk=code).exists():
            raise CommandError(f"We have no country {code}.", returncode=FAILED)
        today = timezone.now().date()
        contacts = Contact.objects.going_on(today)
        contacts = contacts.filter(country=code) if code else contacts
        looked_at = 0
        if not options["no_links"]:
            try:
                looked_at = check(contacts, only_stale=options["stale"], progress=self._progress)
            except Offline as error:
                raise CommandError(str(error), returncode=FAILED) from error
        found = report(today, code)
        found.looked_at = looked_at
        text = "\n".join(_lines(found))
        self.stdout.write(text)
        if options["mail"]:
            self._mail(found, text)
        if not found.is_all_well:
            raise CommandError("Somebody has something to do.", returncode=TO_DO)

    def _progress(self, done: int, total: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\rLinks: {done} of {total}", ending="\n" if done == total else "")
            self.stdout.flush()

    def _mail(self, found: Report, text: str) -> None:
        if not settings.CONTACTS_MAIL:
            self.stdout.write("No mail was sent: CONTACTS_MAIL is not set.")
            return
        if found.is_all_well:
            self.stdout.write("No mail was sent: all is well.")
            return
        subject = f"{settings.SITE_URL}: links and contacts to look after"
        try:
            send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [settings.CONTACTS_MAIL])
        except OSError as error:  # SMTPException is one
            raise CommandError(f"The mail was not sent: {error}", returncode=FAILED) from error
        self.stdout.write(f"Sent to {settings.CONTACTS_MAIL}.")


def _lines(found: Report) -> list[str]:
    lines = [f"Looked at {found.looked_at} addresses."]
    if found.links:
        lines += ["", f"Links to look after: {len(found.links)}"]
        lines += [_link(row) for row in found.links]
    if found.guarded:
        lines += ["", f"Links that only people can open: {len(found.guarded)}"]
        lines += [_link(row) for row in found.guarded]
    for title, contacts in (("Overdue", found.overdue), ("Due within a month", found.due_soon)):
        if contacts:
            lines += ["", f"{title}: {len(contacts)}"]
            lines += [f"  {contact.key}: checked on {contact.checked_on}" for contact in contacts]
    if found.never:
        by_country = Counter(contact.country_id for contact in found.never)
        counts = ", ".join(f"{code} {count}" for code, count in sorted(by_country.items()))
        lines += ["", f"Never confirmed with the service: {len(found.never)} ({counts})"]
    if found.is_all_well:
        lines += ["", "All is well."]
    return lines


def _link(row: LinkCheck) -> str:
    parts = [f"  {row.contact.key}, {row.field}: {row.url}", f"    {row.get_outcome_display()}"]
    if row.detail:
        parts[1] += f": {row.detail}"
    if row.redirected_to:
        parts.append(f"    now {row.redirected_to}")
    return "\n".join(parts)
