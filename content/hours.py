"""Opening hours: from OpenStreetMap's syntax to lines that people read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from babel import Locale
from babel.dates import format_time, get_day_names
from opening_hours import OpeningHours, State

MONDAY = date(2024, 1, 8)
"""The Monday of an ordinary week: no public holiday and no change of the clocks in any country."""

Range = tuple[time, time]


@dataclass(frozen=True)
class Days:
    """Neighbouring weekdays (0 is Monday) that are open at the same times."""

    first: int
    last: int
    ranges: tuple[Range, ...]

    def label(self, language: str) -> str:
        """Return the days as "Mon" or "Mon–Fri" with the language's own short names."""
        names = get_day_names("abbreviated", "stand-alone", Locale.parse(language))
        first, last = names[self.first], names[self.last]
        return first if self.first == self.last else f"{first}–{last}"

    def times(self, language: str) -> str:
        """Return the times as "09:00–17:00", in the 24-hour clock that all our countries use."""
        locale = Locale.parse(language)
        return ", ".join(
            f"{format_time(start, 'HH:mm', locale=locale)}–"
            f"{format_time(end, 'HH:mm', locale=locale) if end != time() else '24:00'}"
            for start, end in self.ranges
        )


@dataclass(frozen=True)
class Week:
    """An ordinary week of a service."""

    is_always_open: bool
    days: tuple[Days, ...]
    is_closed_on_holidays: bool


def week(expression: str) -> Week:
    """Return the ordinary week that an opening_hours expression describes, closed days left out.

    Raises opening_hours.ParserError when the expression cannot be read.
    """
    start = datetime.combine(MONDAY, time())
    schedule = OpeningHours(expression).intervals(start - timedelta(days=1), start + timedelta(8))
    opened = [(begin, end) for begin, end, state, _ in schedule if state == State.OPEN]
    if any(end - begin > timedelta(days=8) for begin, end in opened):
        return Week(is_always_open=True, days=(), is_closed_on_holidays=False)
    by_day: list[list[Range]] = [[] for _ in range(7)]
    for begin, end in _cut_at_midnight(opened):
        offset = (begin.date() - MONDAY).days
        if 0 <= offset < 7:
            by_day[offset].append((begin.time(), end.time()))
    return Week(
        is_always_open=False,
        days=tuple(_grouped(by_day)),
        is_closed_on_holidays="PH off" in expression or "PH closed" in expression,
    )


def _cut_at_midnight(spans: list[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    """Yield the spans; one of a day or more is cut into days, a night stays with its evening."""
    for begin, end in spans:
        while end - begin >= timedelta(days=1):
            midnight = datetime.combine(begin.date() + timedelta(days=1), time())
            yield begin, midnight
            begin = midnight
        if begin < end:
            yield begin, end


def _grouped(by_day: list[list[Range]]) -> list[Days]:
    groups: list[Days] = []
    for day, ranges in enumerate(by_day):
        last = groups[-1] if groups else None
        if last and last.last == day - 1 and last.ranges == tuple(ranges):
            groups[-1] = Days(last.first, day, last.ranges)
        else:
            groups.append(Days(day, day, tuple(ranges)))
    return [group for group in groups if group.ranges]
