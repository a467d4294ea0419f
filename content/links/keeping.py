"""Which links contacts have, what was found at them, and what somebody has to do."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from content.links.looking import Look, look_at_all
from content.models import Contact, LinkCheck

FIELDS = ("chat_url", "report_url", "website")
SOURCES = "sources"
LOOK_AGAIN = timedelta(days=7)
"""After this time a link that was good is looked at again."""
ENOUGH = 5
"""When so many links, and all of them, do not answer, it is we who are not connected."""


class Offline(Exception):
    """No address at all has answered: this machine is not connected. Nothing was kept."""


@dataclass(frozen=True)
class Link:
    """A link of a contact, and the field that it stands in."""

    contact: Contact
    field: str
    url: str


@dataclass
class Report:
    """What staff have to know."""

    looked_at: int = 0
    links: list[LinkCheck] = field(default_factory=list)
    """Links to look after, worst first."""
    guarded: list[LinkCheck] = field(default_factory=list)
    """Links that only people can open; to be opened by hand with the next check."""
    overdue: list[Contact] = field(default_factory=list)
    due_soon: list[Contact] = field(default_factory=list)
    never: list[Contact] = field(default_factory=list)

    @property
    def is_all_well(self) -> bool:
        """Whether nobody has to do anything."""
        return not (self.links or self.overdue or self.never)


def links_of(contacts: Iterable[Contact]) -> list[Link]:
    """Return the links of contacts: those that readers are sent to, and the sources."""
    found = []
    for contact in contacts:
        for name in FIELDS:
            if url := getattr(contact, name):
                found.append(Link(contact, name, url))
        for url in dict.fromkeys(contact.sources):
            if url.startswith(("https://", "http://")) and len(url.encode()) <= 2000:
                found.append(Link(contact, SOURCES, url))
    return found


def check(
    contacts: Iterable[Contact],
    *,
    only_stale: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Look at the links of contacts, keep what was found, and return how many were looked at.

    `only_stale` leaves out what was good lately. Raises Offline.
    """
    contacts = list(contacts)
    links = links_of(contacts)
    wanted = _stale(contacts, links) if only_stale else links
    looks = look_at_all((link.url for link in wanted), settings.LINK_CHECK_AGENT, progress)
    if len(looks) >= ENOUGH and all(look.status is None for look in looks.values()):
        raise Offline("No address has answered. Is this machine connected? Nothing was kept.")
    with transaction.atomic():
        _forget(contacts, links)
        for link in wanted:
            _keep(link, looks[link.url])
    return len(looks)


def _stale(contacts: list[Contact], links: list[Link]) -> list[Link]:
    lately = timezone.now() - LOOK_AGAIN
    fresh = LinkCheck.objects.filter(contact__in=contacts, checked_at__gt=lately)
    fresh = fresh.filter(outcome__in=[LinkCheck.Outcome.GOOD, LinkCheck.Outcome.GUARDED])
    known = set(fresh.values_list("contact_id", "field", "url"))
    return [link for link in links if (link.contact.pk, link.field, link.url) not in known]


def _forget(contacts: list[Contact], links: list[Link]) -> None:
    """Drop what was found at addresses that contacts do not have any more."""
    known = {(link.contact.pk, link.field, link.url) for link in links}
    rows = LinkCheck.objects.filter(contact__in=contacts)
    gone = [row.pk for row in rows if (row.contact_id, row.field, row.url) not in known]
    LinkCheck.objects.filter(pk__in=gone).delete()


def _keep(link: Link, look: Look) -> None:
    if not Contact.objects.filter(pk=link.contact.pk).exists():
        return  # deleted while we looked
    now = timezone.now()
    before = LinkCheck.objects.filter(contact=link.contact, field=link.field, url=link.url).first()
    is_good = look.outcome == LinkCheck.Outcome.GOOD
    since = None if is_good else (before and before.failing_since) or now
    LinkCheck.objects.update_or_create(
        contact=link.contact,
        field=link.field,
        url=link.url,
        defaults={
            "outcome": look.outcome,
            "status": look.status,
            "detail": look.detail,
            "redirected_to": look.redirected_to,
            "checked_at": now,
            "failing_since": since,
        },
    )


def report(today: date, country: str = "") -> Report:
    """Return what somebody has to do now, from what was kept."""
    of_country = Q(country=country) if country else Q()
    contacts = Contact.objects.filter(of_country).going_on(today)
    checks = LinkCheck.objects.filter(contact__in=contacts).select_related("contact")
    worst_first: dict[str, int] = {outcome: rank for rank, outcome in enumerate(WORST_FIRST)}
    return Report(
        links=sorted(checks.to_do(), key=lambda row: worst_first[row.outcome]),
        guarded=list(checks.filter(outcome=LinkCheck.Outcome.GUARDED)),
        overdue=list(contacts.overdue(today).order_by("checked_on")),
        due_soon=list(contacts.due_soon(today).order_by("checked_on")),
        never=list(contacts.never_checked(today)),
    )


WORST_FIRST = (LinkCheck.Outcome.DEAD, LinkCheck.Outcome.TROUBLE, LinkCheck.Outcome.MOVED)
