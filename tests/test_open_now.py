"""What the script of the page says is open agrees with the library, in every zone and season.

The browser computes with its own time zones (ICU), Python with the system's: the instants lie in
years in which both are settled.
"""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
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


def drawn(number, **others):
    """Return this many cases. Collected first: the browser answers thousands at once."""
    found = []

    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        **others,
    )
    @given(case=cases())
    def draw(case):
        found.append(case)

    draw()
    return found


def question(expression, zone, country, instant):
    page_made = (instant - timedelta(days=1)).date()
    return [*for_script(expression, country, page_made), zone, instant.timestamp() * 1000]


def is_twice(moment, place):
    """Whether the clocks show this time twice: the library then takes one for the other."""
    local = moment.astimezone(place)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def check(case, answer):
    """Compare the script with the library.

    The library says where a schedule is open at any instant, also while the clocks change. Of its
    next change we believe less on such a day: it names 03:00 for hours that fall into the gap, and
    the second 02:10 when the first is still to come. There the state on both sides counts, and
    nothing is asked of it for a time that the clocks show twice: it takes one for the other.
    """
    expression, zone, country, instant = case
    is_open, change, before, after = answer
    place = ZoneInfo(zone)
    holidays = {} if country in {"EU", "WW"} else {"country": country}
    schedule = OpeningHours(expression, timezone=place, **holidays)

    def says_open(moment):
        return schedule.is_open(moment.astimezone(place))

    if is_twice(instant, place):
        return False
    assert is_open == says_open(instant)
    start = instant.replace(second=0)
    end = start + AHEAD
    if change is not None:
        change = datetime.fromtimestamp(change / 1000, UTC)
        assert instant < change < end
        assert [before, after] == [is_open, not is_open]
        sides = [change - MINUTE, change]
        if not any(is_twice(side, place) for side in sides):
            assert [says_open(side) for side in sides] == [is_open, not is_open]
    near = [c for c in changes(zone) if start - AHEAD < c < end + AHEAD]
    expected = schedule.next_change(instant.astimezone(place))
    unsure = {(c - n * MINUTE).astimezone(place).date() for c in near for n in (0, 1)}
    told = {moment.astimezone(place).date() for moment in (change, expected) if moment}
    if not told & unsure:
        assert change == (expected if expected and expected < end else None)
    return not told & unsure


def disagreements(ask, found):
    """Return the cases in which the two differ, and how many were compared in full."""
    wrong, compared = [], 0
    for number in range(0, len(found), BATCH):
        batch = found[number : number + BATCH]
        for case, answer in zip(batch, ask([question(*case) for case in batch]), strict=True):
            assert PLAIN_HOURS.match(case[0]), case
            try:
                compared += check(case, answer)
            except AssertionError as error:
                wrong.append((case, answer, str(error)))
    return wrong, compared


@pytest.mark.slow
def test_the_script_and_the_library_agree(ask):
    wrong, compared = disagreements(ask, drawn(300, derandomize=True))
    assert not wrong, wrong[:3]
    assert compared > 100


@pytest.mark.slow
def test_the_script_and_the_library_agree_on_ten_thousand_new_cases(ask):
    found = drawn(10_000)
    assert len(found) >= 10_000
    wrong, compared = disagreements(ask, found)
    assert not wrong, wrong[:3]
    assert compared > 5000


# --- Cases by name --------------------------------------------------------------------------------

BERLIN, LORD_HOWE = "Europe/Berlin", "Australia/Lord_Howe"
