"""What the script of the page says is open agrees with the library, in every zone and season.

The browser computes with its own time zones (ICU), Python with the system's: the instants lie in
past years, because of coming ones the two may know different laws.
"""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours, State

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
FIRST, LAST = datetime(2018, 1, 2, tzinfo=UTC), datetime(2025, 12, 1, tzinfo=UTC)
AHEAD = timedelta(days=15)
MINUTE = timedelta(minutes=1)
BATCH = 500

ASK = """cases => cases.map(([week, except, zone, instant]) => {
    const schedule = Hours.parse(week, except || undefined);
    const state = Hours.state(schedule, zone, new Date(instant));
    if (!state || !state.change) return [state && state.open, null, null, null];
    const change = state.change.getTime();
    const [before, after] = [change - 60000, change].map(
        (moment) => Hours.state(schedule, zone, new Date(moment)).open);
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


def library_change(schedule, instant, is_open, place):
    """Return the library's next change in the days ahead, or None.

    Its own `next_change` looks for one through the years: seconds for hours that never close.
    """
    start = instant.astimezone(place)
    for begin, _, state, _ in schedule.intervals(start, (instant + AHEAD).astimezone(place)):
        if begin > start and (state == State.OPEN) is not is_open:
            return begin.astimezone(UTC)
    return None


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
    expected = library_change(schedule, instant, is_open, place)
    unsure = {(c - n * MINUTE).astimezone(place).date() for c in near for n in (0, 1)}
    told = {moment.astimezone(place).date() for moment in (change, expected) if moment}
    if not told & unsure:
        assert change == expected
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


def test_the_script_and_the_library_agree(ask):
    wrong, compared = disagreements(ask, drawn(2_000, derandomize=True))
    assert not wrong, wrong[:3]
    assert compared > 1_000


@pytest.mark.slow
def test_the_script_and_the_library_agree_on_ten_thousand_new_cases(ask):
    found = drawn(10_000)
    assert len(found) >= 10_000
    wrong, compared = disagreements(ask, found)
    assert not wrong, wrong[:3]
    assert compared > 5000


# --- Cases by name --------------------------------------------------------------------------------

BERLIN, LORD_HOWE = "Europe/Berlin", "Australia/Lord_Howe"


def zoned(text, zone, fold=0):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


# Until when it stays as it is, as the clocks of the place show it; None: for more than two weeks.
NAMED = {
    "in the morning": ("Mo-Fr 09:00-17:00", BERLIN, "2025-01-08T10:00", True, "2025-01-08T17:00"),
    "in the minute it opens": ("09:00-17:00", BERLIN, "2025-01-08T09:00", True, "2025-01-08T17:00"),
    "in the minute it closes": (
        "09:00-17:00",
        BERLIN,
        "2025-01-08T17:00",
        False,
        "2025-01-09T09:00",
    ),
    "over the week end": (
        "Mo-Fr 09:00-17:00",
        BERLIN,
        "2025-01-10T17:30",
        False,
        "2025-01-13T09:00",
    ),
    "over midnight": ("22:00-26:00", BERLIN, "2025-01-09T01:30", True, "2025-01-09T02:00"),
    "over midnight into Monday": (
        "Su 20:00-28:00",
        BERLIN,
        "2025-01-13T03:59",
        True,
        "2025-01-13T04:00",
    ),
    "never closes": ("24/7", BERLIN, "2025-01-08T03:00", True, None),
    "never opens": ("off", BERLIN, "2025-01-08T12:00", False, None),
    "all day, each day": ("Mo-Su 00:00-24:00", BERLIN, "2025-01-08T23:59", True, None),
    # On 30 March 2025 at 02:00 the clocks of Berlin went to 03:00, on 26 October at 03:00 to 02:00.
    "through the night of spring": (
        "20:00-28:00",
        BERLIN,
        "2025-03-30T01:30",
        True,
        "2025-03-30T04:00",
    ),
    "until after the night of spring": (
        "09:00-17:00",
        BERLIN,
        "2025-03-29T18:00",
        False,
        "2025-03-30T09:00",
    ),
    "through the night of autumn": (
        "20:00-28:00",
        BERLIN,
        "2025-10-26T01:30",
        True,
        "2025-10-26T04:00",
    ),
    "until after the night of autumn": (
        "09:00-17:00",
        BERLIN,
        "2025-10-25T18:00",
        False,
        "2025-10-26T09:00",
    ),
    # The clocks of Lord Howe move by half an hour.
    "half an hour of summer": (
        "09:00-17:00",
        LORD_HOWE,
        "2025-04-05T18:00",
        False,
        "2025-04-06T09:00",
    ),
    "on a public holiday": (
        "Mo-Fr 09:00-17:00; PH off",
        BERLIN,
        "2025-12-24T18:00",
        False,
        "2025-12-29T09:00",
    ),
}


@pytest.mark.parametrize(
    ("hours", "zone", "now", "is_open", "until"), NAMED.values(), ids=NAMED.keys()
)
def test_it_says_whether_it_is_open_and_until_when(ask, hours, zone, now, is_open, until):
    case = hours, zone, "DE" if "PH" in hours else "WW", zoned(now, zone)
    (answer,) = ask([question(*case)])
    change = zoned(until, zone).timestamp() * 1000 if until else None
    assert answer[:2] == [is_open, change]


def test_the_hour_that_comes_twice_is_open_twice(ask):
    hours = "01:00-02:30"
    for fold, is_open in ((0, True), (1, True)):
        moment = zoned("2025-10-26T02:15", BERLIN, fold)
        (answer,) = ask([question(hours, BERLIN, "WW", moment)])
        assert answer[0] is is_open, fold


def test_hours_in_an_unknown_zone_are_not_judged(ask):
    assert ask([["always", "", "Mars/Olympus", 0], ["540-720", "", "Mars/Olympus", 0]]) == [
        [True, None, None, None],
        [None, None, None, None],
    ]
