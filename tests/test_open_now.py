"""What the script of the page says is open agrees with the library, in every zone and season.

The browser computes with its own time zones (ICU), Python with the system's: the instants lie in
years in which both are settled.
"""

import json
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours

from campaign.assets import STATIC
from content.hours import for_script
from content.models.directory import PLAIN_HOURS
from content.seed.directory import DIRECTORY
from tests.browser import chromium

__all__ = ["chromium"]

pytestmark = pytest.mark.browser

SHIPPED = json.loads((DIRECTORY / "countries.json").read_text("utf-8"))
ZONES = sorted(
    {zone for country in SHIPPED for zone in country["time_zones"]}
    | {"Australia/Lord_Howe", "America/New_York", "Pacific/Auckland", "Asia/Tbilisi"}
)
COUNTRIES = sorted(country["code"] for country in SHIPPED)
FIRST, LAST = datetime(2020, 1, 2, tzinfo=UTC), datetime(2027, 12, 1, tzinfo=UTC)
AHEAD = timedelta(days=15)
MINUTE = timedelta(minutes=1)
BATCH = 500

ASK = """cases => cases.map(([week, except, zone, instant]) => {
    const schedule = Hours.parse(week, except || undefined);
    const state = Hours.at(schedule, zone, new Date(instant));
    if (!state || !state.change) return [state && state.open, null, null, null];
    const change = state.change.getTime();
    const [before, after] = [change - 60000, change].map(
        (moment) => Hours.at(schedule, zone, new Date(moment)).open);
    return [state.open, change, before, after];
})"""


@cache
def changes(zone):
    """The instants between FIRST and LAST at which the clocks of a zone change."""
    place = ZoneInfo(zone)
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days)]
    found = []
    for before, after in pairwise(days):
        old = before.astimezone(place).utcoffset()
        if after.astimezone(place).utcoffset() == old:
            continue
        while after - before > MINUTE:
            middle = before + (after - before) // 2
            middle -= timedelta(seconds=middle.second, microseconds=middle.microsecond)
            if middle.astimezone(place).utcoffset() == old:
                before = middle
            else:
                after = middle
        found.append(after)
    return found


# --- Any schedule, zone and instant ---------------------------------------------------------------

days = st.sampled_from(["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"])
day_lists = st.lists(
    st.one_of(days, st.tuples(days, days).map("-".join)), min_size=1, max_size=3
).map(",".join)
minutes = st.one_of(
    st.sampled_from([0, 1, 90, 120, 130, 150, 180, 210, 1439]),
    st.integers(min_value=0, max_value=24 * 60 - 1),
)
lengths = st.one_of(st.just(24 * 60), st.integers(min_value=1, max_value=24 * 60))


def clock(minute):
    return f"{minute // 60:02}:{minute % 60:02}"


ranges = st.tuples(minutes, lengths).map(lambda r: f"{clock(r[0])}-{clock(r[0] + r[1])}")
times = st.lists(ranges, min_size=1, max_size=2).map(",".join)
rules = st.one_of(
    times,
    st.tuples(day_lists, times).map(" ".join),
    st.tuples(day_lists, times).map(lambda rule: f"{rule[0]},PH {rule[1]}"),
    day_lists.map("{} off".format),
    st.just("PH off"),
)
schedules = st.one_of(
    st.lists(rules, min_size=1, max_size=3).map("; ".join),
    st.tuples(st.tuples(day_lists, times).map(" ".join), rules).map("; ".join),
    st.just("24/7"),
)


@st.composite
def cases(draw):
    """A schedule, a zone, a country ("" for no holidays) and an instant, often a season's change.

    All of it within a year of the day for which the page was made.
    """
    zone = draw(st.sampled_from(ZONES))
    seconds = draw(st.integers(min_value=0, max_value=59))
    if changes(zone) and draw(st.booleans()):
        away = draw(st.integers(min_value=-2 * 24 * 60, max_value=2 * 24 * 60))
        instant = draw(st.sampled_from(changes(zone))) + away * MINUTE
    else:
        total = (LAST - FIRST) // MINUTE
        instant = FIRST + draw(st.integers(min_value=0, max_value=total)) * MINUTE
    country = draw(st.one_of(st.just("WW"), st.sampled_from(COUNTRIES)))
    return draw(schedules), zone, country, instant + timedelta(seconds=seconds)


@pytest.fixture(scope="module")
def ask(chromium):
    """Ask the script in the browser about many cases at once."""
    page = chromium.new_page()
    page.add_script_tag(content=(STATIC / "js" / "hours.js").read_text("utf-8"))
    yield lambda cases: page.evaluate(ASK, cases)
    page.close()


def question(expression, zone, country, instant):
    week, others = for_script(expression, country, (instant - timedelta(days=1)).date())
    return [week, others, zone, instant.timestamp() * 1000]


def library(expression, zone, country):
    """The library's schedule as a function of the instant, and as one of the wall clock."""
    holidays = {} if country in {"EU", "WW"} else {"country": country}
    return (
        OpeningHours(expression, timezone=ZoneInfo(zone), **holidays),
        OpeningHours(expression, **holidays),
    )
