"""Opening hours as people read them say what OpenStreetMap's syntax says."""

import json
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opening_hours import OpeningHours

from content.hours import MONDAY, week
from content.seed.directory import DIRECTORY

ROWS = json.loads((DIRECTORY / "contacts.json").read_text("utf-8"))
FIELDS = ("phone_hours", "sms_hours", "whatsapp_hours", "chat_hours", "report_hours")
SHIPPED = sorted({row[field] for row in ROWS for field in FIELDS if row[field]})
OTHERS = [
    "Mo-Fr 22:00-06:00",
    "Su 20:00-26:00",
    "Mo-Fr 00:00-24:00",
    "Fr 18:00-24:00; Sa-Su 00:00-24:00; Mo 00:00-08:00",
    "Mo-Fr 08:00-12:00,13:00-17:00; PH off",
    "Sa 00:00-24:00",
    "We 09:00-09:01",
]
MINUTES = st.integers(min_value=0, max_value=7 * 24 * 60 - 1)


def says_open(expression, moment):
    """Whether the lines that we show say that it is open."""
    shown = week(expression)
    if shown.is_always_open:
        return True
    for back in (0, 1):  # a night that began yesterday
        day = (moment.weekday() - back) % 7
        for days in shown.days:
            for start, end in days.ranges if days.first <= day <= days.last else ():
                begins = datetime.combine(moment.date() - timedelta(days=back), start)
                ends = datetime.combine(begins.date(), end)
                if ends <= begins:
                    ends += timedelta(days=1)
                if begins <= moment < ends:
                    return True
    return False


@pytest.mark.parametrize("expression", SHIPPED + OTHERS)
@given(minute=MINUTES)
def test_the_week_that_we_show_is_the_week_that_the_syntax_says(expression, minute):
    moment = datetime.combine(MONDAY, time()) + timedelta(minutes=minute)
    assert says_open(expression, moment) == OpeningHours(expression).is_open(moment)


days = st.sampled_from(["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "Mo-Fr", "Sa-Su", "Mo-Su"])
starts = st.one_of(st.just(0), st.integers(min_value=0, max_value=23))
lengths = st.one_of(st.just(24), st.integers(min_value=1, max_value=24))


@given(day=days, start=starts, length=lengths, minute=MINUTES)
def test_any_simple_expression_is_shown_as_it_is(day, start, length, minute):
    expression = f"{day} {start:02}:00-{start + length:02}:00"
    moment = datetime.combine(MONDAY, time()) + timedelta(minutes=minute)
    assert says_open(expression, moment) == OpeningHours(expression).is_open(moment)


def test_days_with_the_same_hours_stand_in_one_line():
    shown = week("Mo-Fr 09:00-17:00; Sa 10:00-14:00")
    lines = [(d.label("en"), d.times("en")) for d in shown.days]
    assert lines == [("Mon–Fri", "09:00–17:00"), ("Sat", "10:00–14:00")]


def test_midnight_at_the_end_of_a_day_is_24_hours():
    (line,) = week("Mo-Su 10:00-24:00").days
    assert line.times("en") == "10:00–24:00"


def test_a_night_stays_with_the_evening_it_began_on():
    (line,) = week("Fr 22:00-06:00").days
    assert (line.label("en"), line.times("en")) == ("Fri", "22:00–06:00")


def test_whole_days_each_have_their_line():
    (line,) = week("Sa-Su 00:00-24:00").days
    assert (line.label("en"), line.times("en")) == ("Sat–Sun", "00:00–24:00")


def test_public_holidays_are_told():
    assert week("Mo-Fr 09:00-17:00; PH off").is_closed_on_holidays
    assert not week("Mo-Fr 09:00-17:00").is_closed_on_holidays


def test_days_are_named_in_the_readers_language():
    (line,) = week("Mo-Fr 09:00-17:00").days
    assert line.label("fr") == "lun.–ven."
    assert "الاثنين" in line.label("ar")
