"""When a channel of a service is open: a table to read, and the same for the script of the page."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from campaign import languages
from content import hours
from content.directory.trust import Contact

ANSWERED = ("phone", "sms", "whatsapp", "chat")
"""Channels for which a reader needs to know the hours, even that nobody has told us."""


@dataclass(frozen=True)
class Hours:
    """When one channel is open."""

    rows: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Days and their times, closed days without times; no rows when it never closes."""
    is_always_open: bool = False
    is_closed_on_holidays: bool = False
    is_unknown: bool = False
    week: str = ""
    """The ordinary week for the script (hours.for_script)."""
    exceptions: str = ""
    """Days that differ from it, for the script."""
    zone: str = ""
    """The service's time zone (IANA); without it the script cannot say what is open."""


def opening(contact: Contact, channel: str, country: str, today: date) -> Hours | None:
    """Return the hours of a channel, None when there is nothing to say about them.

    `country` is an ISO 3166-1 code whose public holidays count, or EU or WW, which have none.
    """
    expression = contact[f"{channel}_hours"]
    if not expression:
        # The card shows hours in words once, for all its channels.
        is_unknown = channel in ANSWERED and not contact["hours_text"]
        return Hours(is_unknown=True) if is_unknown else None
    week = hours.week(expression)
    language = get_language() or languages.SOURCE
    ordinary, exceptions = hours.for_script(expression, country, today)
    return Hours(
        rows=tuple((days.label(language), days.times(language)) for days in week.days),
        is_always_open=week.is_always_open,
        is_closed_on_holidays=week.is_closed_on_holidays,
        week=ordinary,
        exceptions=exceptions,
        zone=contact["time_zone"],
    )
