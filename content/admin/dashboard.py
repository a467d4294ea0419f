"""The front page: what needs this person now, each line with its place, its number and a few of it.

It reads no texts, and asks a fixed number of questions, however much there is to do.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from campaign import languages
from content.admin import addresses
from content.admin.waiting import language_name, newest, waiting
from content.models import Contact, LinkCheck, Revision
from content.publishing import access

if TYPE_CHECKING:
    from django.contrib.auth.models import User

FEW = 5
"""Entries that a line shows."""
LATELY = timedelta(days=30)
"""How long a release by one person alone stands on the front page."""


@dataclass(frozen=True)
class Line:
    """One thing to do: how many, where all of them are, and the first few."""

    title: str
    count: int
    address: str
    entries: tuple[tuple[str, str, str], ...] = ()
    """Address, name and what else is to know of each."""


def lines(user: "User") -> list[Line]:
    """Return what needs this person; a line without a number is done."""
    return [_approvals(user), _outdated(user), *_contacts(user), _alone()]


def own_languages(user: "User") -> list[languages.Language]:
    """Return the languages that the person translates into, as long as they are few."""
    codes = [code for code in access.languages_of(user) if code != languages.SOURCE]
    return [languages.get(code) for code in codes] if len(codes) <= FEW else []


def _list(query: str) -> str:
    return f"{reverse('admin:content_revision_changelist')}?{query}"


def _approvals(user: "User") -> Line:
    """What others wrote, for who may approve it."""
    mine = [r for r in waiting() if access.is_approver(user, r)]
    own = access.own(user, mine)
    found = [r for r in mine if r.pk not in own]
    entries = tuple(
        (addresses.approval(r), r.title, f"{language_name(r.language)}, by {r.created_by}")
        for r in found[:FEW]
    )
    return Line("Waiting for my approval", len(found), _list("state=waiting"), entries)


def outdated(codes: tuple[str, ...]) -> QuerySet[Revision]:
    """Return live translations in these languages whose source has changed, the oldest first."""
    of_source = Revision.objects.live().filter(
        kind=OuterRef("kind"), key=OuterRef("key"), language=languages.SOURCE
    )
    return (
        newest()
        .filter(is_live=True, language__in=set(codes) - {languages.SOURCE})
        .exclude(kind=Revision.Kind.COUNTRY)
        .filter(Exists(of_source), ~Exists(of_source.filter(pk=OuterRef("based_on"))))
        .order_by("approved_at", "pk")
    )


def _outdated(user: "User") -> Line:
    own = access.languages_of(user)
    rows = list(outdated(own).values_list("kind", "key", "language", "title"))
    by_language = Counter(language for _, _, language, _ in rows)
    entries = tuple(
        (_list(f"state=outdated&language={code}"), language_name(code), f"{count} to look at")
        for code, count in by_language.most_common(FEW)
    )
    return Line(
        "Translations whose source has changed", len(rows), _list("state=outdated"), entries
    )


def _contacts(user: "User") -> list[Line]:
    """What the person has to check of the services that they keep."""
    own = access.countries_of(user)
    contacts = Contact.objects.order_by("country", "key")
    contacts = contacts if own is None else contacts.filter(country__in=own)
    today = timezone.now().date()
    contacts = contacts.going_on(today)
    dead = LinkCheck.objects.to_do().filter(contact=OuterRef("pk"))
    reasons: dict[str, tuple[str, Any]] = {
        "links": ("Contacts with a dead or moved link", contacts.filter(Exists(dead))),
        "overdue": ("Contacts whose check is overdue", contacts.overdue(today)),
        "soon": ("Contacts to check within a month", contacts.due_soon(today)),
        "never": ("Contacts that nobody has confirmed", contacts.never_checked(today)),
    }
    place = reverse("admin:content_contact_changelist")
    found = []
    for name, (title, rows) in reasons.items():
        shown = rows.values_list("pk", "organisation", "country")[:FEW]
        entries = tuple(
            (reverse("admin:content_contact_change", args=[pk]), organisation, country)
            for pk, organisation, country in shown
        )
        found.append(Line(title, rows.count(), f"{place}?check={name}", entries))
    return found


def _alone() -> Line:
    since = timezone.now() - LATELY
    rows = Revision.objects.exclude(reason="").filter(approved_at__gte=since)
    shown = rows.defer("content").select_related("approved_by").order_by("-approved_at")
    entries = tuple(
        (addresses.review(r), r.title, f"{r.approved_by}: {r.reason}") for r in shown[:FEW]
    )
    title = f"Released by one person alone in the last {LATELY.days} days"
    return Line(title, rows.count(), _list("state=alone"), entries)


def current() -> QuerySet[Revision]:
    """Return what states are made of: the newest and the live revision of everything."""
    newer = Revision.objects.filter(
        kind=OuterRef("kind"),
        key=OuterRef("key"),
        language=OuterRef("language"),
        number__gt=OuterRef("number"),
    )
    return Revision.objects.filter(Q(is_live=True) | ~Exists(newer)).defer("content")
