"""Opening hours: from OpenStreetMap's syntax to a table for people and data for the script."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_time, get_day_names
from opening_hours import (  # type: ignore[attr-defined]
    OpeningHours,
    State,
    UnknownCountryError,
)

MONDAY = date(2024, 1, 8)
"""The Monday of an ordinary week: no public holiday and no change of the clocks in any country."""

ALWAYS = "always"
"""What the script reads instead of a week when a service never closes."""

DAYS_AHEAD = 370
"""For how many days the script is told of public holidays, from yesterday on: a page may be read
a day behind our date, and a year after it was written."""

NEW_YEARS = tuple(date(year, 1, 1) for year in (2024, 2030, 2025, 2026, 2027, 2028, 2023))
"""A public holiday on each day of the week, from Monday."""

DAY = timedelta(days=1)

Range = tuple[time, time]
Spans = tuple[tuple[int, int], ...]
"""When it is open on one day: start and end in minutes of the day, 0 to 1440."""


@dataclass(frozen=True)
class Days:
    """Neighbouring weekdays (0 is Monday) with the same times; without ranges they are closed."""

    first: int
    last: int
    ranges: tuple[Range, ...]

    def label(self, language: str) -> str:
        """Return "Monday" or "Monday–Friday": a voice reads short names like "Sun" as words."""
        names = get_day_names("wide", "stand-alone", Locale.parse(language))
        first, last = names[self.first], names[self.last]
        return first if self.first == self.last else f"{first}–{last}"

    def times(self, language: str) -> tuple[str, ...]:
        """Return times as "09:00–17:00", in the 24-hour clock that all our countries use."""
        locale = Locale.parse(language)
        return tuple(
            f"{format_time(start, 'HH:mm', locale=locale)}–"
            f"{format_time(end, 'HH:mm', locale=locale) if end != time() else '24:00'}"
            for start, end in self.ranges
        )


@dataclass(frozen=True)
class Week:
    """An ordinary week of a service: all seven days, neighbours with the same times together."""

    is_always_open: bool
    days: tuple[Days, ...]
    is_closed_on_holidays: bool


@cache
def week(expression: str) -> Week:
    """Return the ordinary week that an opening_hours expression describes.

    A night stands with the evening that it began on. `days` is empty when it is always open.
    Raises opening_hours.ParserError when the expression cannot be read.
    """
    opened = list(_open(OpeningHours(expression), MONDAY - DAY, MONDAY + 8 * DAY))
    is_closed_on_holidays = _is_closed_on_holidays(expression)
    if not is_closed_on_holidays and any(end - begin > 8 * DAY for begin, end in opened):
        return Week(is_always_open=True, days=(), is_closed_on_holidays=False)
    by_day = on_days(expression, "", MONDAY, 7)
    return Week(False, tuple(_grouped(by_day)), is_closed_on_holidays)


def on_days(expression: str, country: str, first: date, count: int) -> list[tuple[Range, ...]]:
    """Return when it is open on some days, public holidays of the country (ISO 3166-1) among them.

    A night stands with the evening that it began on. Raises opening_hours.ParserError.
    """
    try:
        schedule = OpeningHours(expression, country=country)
    except UnknownCountryError:
        schedule = OpeningHours(expression)
    found: list[list[Range]] = [[] for _ in range(count)]
    for begin, end in _cut_whole_days(_open(schedule, first - DAY, first + (count + 1) * DAY)):
        place = (begin.date() - first).days
        if 0 <= place < count:
            found[place].append((begin.time(), end.time()))
    return [tuple(ranges) for ranges in found]


@lru_cache(maxsize=4096)
def for_script(expression: str, country: str, today: date) -> tuple[str, str]:
    """Return what static/js/hours.js reads: the ordinary week and the days that differ from it.

    The week is seven lists of "start-end" in minutes of the day, from Monday, joined by "|"; or
    ALWAYS. The other days are "2026-12-25=540-720;2027-01-01=": public holidays of the country
    (ISO 3166-1 alpha-2) in the coming DAYS_AHEAD days. None are known for regions and the world.
    All times are cut at midnight and are the wall clock's, so that no change of the clocks counts.
    Raises opening_hours.ParserError when the expression cannot be read.
    """
    if week(expression).is_always_open:
        return ALWAYS, ""
    ordinary = _by_day(OpeningHours(expression), MONDAY, 7)
    first = today - DAY
    try:
        real = _by_day(OpeningHours(expression, country=country), first, DAYS_AHEAD)
    except UnknownCountryError:
        real = []
    others = [
        f"{day.isoformat()}={_written(spans)}"
        for day, spans in ((first + number * DAY, spans) for number, spans in enumerate(real))
        if spans != ordinary[day.weekday()]
    ]
    return "|".join(map(_written, ordinary)), ";".join(others)


def _written(spans: Spans) -> str:
    return ",".join(f"{start}-{end}" for start, end in spans)


def _by_day(schedule: OpeningHours, first: date, days: int) -> list[Spans]:
    """Return the spans of each day, cut at midnight."""
    found: list[list[tuple[int, int]]] = [[] for _ in range(days)]
    for begin, end in _open(schedule, first, first + days * DAY):
        while begin < end:
            midnight = _midnight(begin.date() + DAY)
            start = begin.hour * 60 + begin.minute
            length = (min(end, midnight) - begin) // timedelta(minutes=1)
            found[(begin.date() - first).days].append((start, start + length))
            begin = midnight
    return [tuple(spans) for spans in found]


def _open(schedule: OpeningHours, first: date, end: date) -> Iterator[tuple[datetime, datetime]]:
    """Yield when it is open from the first day to the end, which is left out."""
    low, high = _midnight(first), _midnight(end)
    for begin, until, state, _ in schedule.intervals(low, high):
        if state == State.OPEN:
            yield max(begin, low), min(until, high)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _is_closed_on_holidays(expression: str) -> bool:
    """Whether nothing begins on a public holiday. The library says it: later rules undo earlier."""
    schedule = OpeningHours(expression, country="DE")  # any country: all keep New Year
    return not any(
        begin.date() == day or end == _midnight(day + DAY)
        for day in NEW_YEARS
        for begin, end in _open(schedule, day - DAY, day + DAY)
        if end > _midnight(day)
    ) and any(_by_day(OpeningHours(expression), MONDAY, 7))


def _cut_whole_days(
    spans: Iterable[tuple[datetime, datetime]],
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the spans; one of a day or more is cut into days, a night stays with its evening."""
    for begin, end in spans:
        while end - begin >= DAY:
            midnight = _midnight(begin.date() + DAY)
            yield begin, midnight
            begin = midnight
        if begin < end:
            yield begin, end


def _grouped(by_day: list[tuple[Range, ...]]) -> list[Days]:
    groups: list[Days] = []
    for day, ranges in enumerate(by_day):
        last = groups[-1] if groups else None
        if last and last.ranges == ranges:
            groups[-1] = Days(last.first, day, last.ranges)
        else:
            groups.append(Days(day, day, ranges))
    return groups
