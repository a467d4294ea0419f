"""What opening hours mean, for who writes them: as readers see them, and on the coming days."""

from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from campaign import languages
from content import hours
from content.directory import opening
from content.directory.opening import Hours
from content.models.directory import validate_hours

FIELDS = ("phone_hours", "sms_hours", "whatsapp_hours", "chat_hours", "report_hours")
LONGEST = 200
"""Letters that a field of hours holds."""


@dataclass(frozen=True)
class Day:
    """One of the coming days, with its date."""

    label: str
    times: tuple[str, ...]
    is_holiday: bool
    """Whether it differs from other days of its name."""


@dataclass(frozen=True)
class Shown:
    """What hours mean; without a problem and hours for readers, nothing is written."""

    problem: str = ""
    readers: Hours | None = None
    days: tuple[Day, ...] = ()


def shown(expression: str, country: str) -> Shown:
    """Return what hours mean in a country (ISO 3166-1 alpha-2), or why they cannot be read."""
    if not expression:
        return Shown()
    try:
        validate_hours(expression[: LONGEST + 1])
        if len(expression) > LONGEST:
            raise ValidationError(f"No more than {LONGEST} letters fit.")
    except ValidationError as error:
        return Shown(problem=" ".join(error.messages))
    today = timezone.now().date()
    contact = {"phone_hours": expression, "hours_text": "", "time_zone": ""}
    with translation.override(languages.SOURCE):
        readers = opening.opening(contact, "phone", country, today)
    days = _days(expression, country, today)
    return Shown(readers=readers, days=days)


def _days(expression: str, country: str, today: date) -> tuple[Day, ...]:
    ordinary = hours.on_days(expression, "", hours.MONDAY, 7)
    return tuple(
        Day(
            format_date(day, "EEEE d MMMM", locale=languages.SOURCE),
            hours.Days(0, 0, ranges).times(languages.SOURCE),
            is_holiday=ranges != ordinary[day.weekday()],
        )
        for number, ranges in enumerate(hours.on_days(expression, country, today, 7))
        for day in (today + timedelta(days=number),)
    )
