"""How far a contact can be trusted: when it was checked, until when that holds, who says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from babel.dates import format_date
from django.conf import settings
from django.utils.translation import get_language, gettext

from campaign import languages

Contact = Mapping[str, Any]

MOST_SOURCES = 2
"""How many sources a page names: as many as the best evidence needs. The open data has them all."""


class Status(StrEnum):
    """What is known about whether a contact is still right."""

    UNCONFIRMED = "not-confirmed"
    CONFIRMED = "confirmed"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Source:
    """Where a contact was seen. `url` is empty when it is not safe to send readers there."""

    host: str
    url: str


def checked_on(contact: Contact) -> date | None:
    """Return the day on which the service itself confirmed these facts, None when never."""
    return date.fromisoformat(contact["checked_on"]) if contact["checked_on"] else None


def ends_on(contact: Contact) -> date | None:
    """Return the first day on which a service is not there any more, None when it goes on."""
    day = contact.get("ends_on")  # older revisions do not have it
    return date.fromisoformat(day) if day else None


def has_ended(contact: Contact, today: date) -> bool:
    """Whether a service is not there any more."""
    end = ends_on(contact)
    return end is not None and end <= today


def status(contact: Contact, today: date) -> Status:
    """Return whether a contact was confirmed, and whether that is long ago (DESIGN 4.8)."""
    checked = checked_on(contact)
    if checked is None:
        return Status.UNCONFIRMED
    is_old = checked < today - timedelta(days=settings.CHECK_DUE_DAYS)
    return Status.OVERDUE if is_old else Status.CONFIRMED


def valid_until(contact: Contact, released: date) -> date:
    """Return the last day on which a copy of this contact may be used without looking here again.

    Counted from the check; what was never checked counts from the day it was `released`. It is no
    later than the last day of the service itself.
    """
    checked = (checked_on(contact) or released) + timedelta(days=settings.CHECK_DUE_DAYS)
    end = ends_on(contact)
    return min(checked, end - timedelta(days=1)) if end else checked


def shown(contacts: list[Contact], today: date) -> list[Contact]:
    """Return the contacts that readers see on a day.

    Left out are services that have ended, and what was checked too long ago, but of that never the
    last of its kind (DESIGN 4.8).
    """
    contacts = [c for c in contacts if not has_ended(c, today)]
    limit = today - timedelta(days=settings.CHECK_EXPIRES_DAYS)
    fresh = [c for c in contacts if (checked_on(c) or limit) >= limit]
    kinds = {contact["kind"] for contact in fresh}
    return [c for c in contacts if c in fresh or c["kind"] not in kinds]


def sentence(contact: Contact, today: date) -> str:
    """Return when a contact was confirmed, as a sentence in the active language."""
    checked = checked_on(contact)
    if checked is None:
        return gettext("Not yet confirmed with the service.")
    day = {"date": format_date(checked, "long", locale=get_language() or languages.SOURCE)}
    if status(contact, today) == Status.OVERDUE:
        return gettext("Not checked since %(date)s.") % day
    return gettext("Confirmed with the service on %(date)s.") % day


def sources(contact: Contact) -> Iterable[Source]:
    """Yield where a contact was seen, each site once, the first ones only.

    A page without encryption is named and not linked: others could read or change what is seen.
    """
    seen: set[str] = set()
    for url in contact["sources"]:
        name = host(url)
        if name and name not in seen and len(seen) < MOST_SOURCES:
            seen.add(name)
            yield Source(name, _untracked(url) if url.startswith("https://") else "")


def _untracked(url: str) -> str:
    """Return an address without the parameters that tell a site which campaign sent a reader."""
    parts = urlsplit(url)
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _tracks(k)]
    if len(kept) == len(parse_qsl(parts.query, keep_blank_values=True)):
        return url  # exactly as it was found: some sites read their query in their own way
    return parts._replace(query=urlencode(kept)).geturl()


def _tracks(name: str) -> bool:
    return name.startswith("utm_") or name in {"fbclid", "gclid"}


def host(url: str) -> str:
    """Return the name of a site without www, empty for what is no address."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:  # an address in brackets that is none
        return ""
