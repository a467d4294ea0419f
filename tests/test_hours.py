"""Opening hours as people read them say what OpenStreetMap's syntax says."""

import json
from datetime import date, datetime, time, timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from opening_hours import OpeningHours

from content.directory.opening import opening
from content.hours import ALWAYS, DAYS_AHEAD, MONDAY, for_script, week
from content.seed.directory import DIRECTORY
from tests.html import Page

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


def shown(expression):
    return [(days.label("en"), days.times("en")) for days in week(expression).days]


def test_days_with_the_same_hours_stand_in_one_line():
    assert shown("Mo-Fr 09:00-17:00; Sa 10:00-14:00") == [
        ("Monday–Friday", ("09:00–17:00",)),
        ("Saturday", ("10:00–14:00",)),
        ("Sunday", ()),
    ]


def test_a_closed_day_between_open_ones_has_its_line():
    assert shown("Mo,We,Fr-Su 10:00-12:00,14:00-16:00") == [
        ("Monday", ("10:00–12:00", "14:00–16:00")),
        ("Tuesday", ()),
        ("Wednesday", ("10:00–12:00", "14:00–16:00")),
        ("Thursday", ()),
        ("Friday–Sunday", ("10:00–12:00", "14:00–16:00")),
    ]


def test_midnight_at_the_end_of_a_day_is_24_hours():
    assert shown("Mo-Su 10:00-24:00") == [("Monday–Sunday", ("10:00–24:00",))]


def test_a_night_stays_with_the_evening_it_began_on():
    assert ("Friday", ("22:00–06:00",)) in shown("Fr 22:00-06:00")
    assert ("Saturday–Sunday", ()) in shown("Fr 22:00-06:00")


def test_whole_days_each_have_their_line():
    assert shown("Sa-Su 00:00-24:00") == [
        ("Monday–Friday", ()),
        ("Saturday–Sunday", ("00:00–24:00",)),
    ]


@pytest.mark.parametrize(
    ("expression", "is_closed"),
    [
        ("Mo-Fr 09:00-17:00; PH off", True),
        ("Mo-Fr 09:00-17:00; PH closed", True),
        ("Mo-Fr 09:00-17:00; Sa,PH off", True),
        ("Mo-Su 22:00-06:00; PH off", True),
        ("Mo-Su 00:00-24:00; PH off", True),
        ("Mo-Fr 09:00-17:00", False),
        ("Mo-Su,PH 12:00-20:00", False),
        ("PH off; Mo-Fr 09:00-17:00", False),  # the later rule holds
        ("24/7", False),
        ("Mo-Su 00:00-24:00", False),
    ],
)
def test_public_holidays_are_told_when_it_is_closed_on_them(expression, is_closed):
    assert week(expression).is_closed_on_holidays == is_closed


def test_a_service_that_closes_on_holidays_is_not_always_open():
    assert not week("Mo-Su 00:00-24:00; PH off").is_always_open
    assert week("Mo-Su 00:00-24:00").is_always_open


def test_days_are_named_in_the_readers_language():
    (line, _) = week("Mo-Fr 09:00-17:00").days
    assert line.label("fr") == "lundi–vendredi"
    assert "الاثنين" in line.label("ar")


# --- What the script of the page reads ------------------------------------------------------------

TODAY = date(2026, 11, 24)
COUNTRIES = sorted({row["country"] for row in ROWS})
PLACES = [(row[field], row["country"]) for row in ROWS for field in FIELDS if row[field]]


def data_says_open(data, moment):
    """Whether the data for the script says that it is open at this time of the wall clock."""
    ordinary, others = data
    if ordinary == ALWAYS:
        return True
    text = ordinary.split("|")[moment.weekday()]
    for entry in filter(None, others.split(";")):
        day, _, spans = entry.partition("=")
        if day == moment.date().isoformat():
            text = spans
    minute = moment.hour * 60 + moment.minute
    return any(
        int(start) <= minute < int(end)
        for start, _, end in (span.partition("-") for span in text.split(",") if span)
    )


def library(expression, country):
    """The library's own schedule, with the country's holidays when it knows them."""
    holidays = {} if country in {"EU", "WW"} else {"country": country}
    return OpeningHours(expression, **holidays)


@given(
    place=st.one_of(
        st.sampled_from(PLACES),
        st.tuples(st.sampled_from(SHIPPED + OTHERS), st.sampled_from(COUNTRIES)),
    ),
    today=st.dates(date(2020, 1, 1), date(2027, 12, 31)),
    day=st.integers(min_value=-1, max_value=DAYS_AHEAD - 2),
    minute=st.integers(min_value=0, max_value=24 * 60 - 1),
)
def test_the_data_for_the_script_says_what_the_syntax_says_on_every_day(place, today, day, minute):
    expression, country = place
    moment = datetime.combine(today + timedelta(day), time()) + timedelta(minutes=minute)
    data = for_script(expression, country, today)
    assert data_says_open(data, moment) == library(expression, country).is_open(moment)


@given(expression=st.sampled_from(SHIPPED + OTHERS), country=st.sampled_from(COUNTRIES))
def test_every_public_holiday_of_a_year_is_in_the_data(expression, country):
    data, schedule = for_script(expression, country, TODAY), library(expression, country)
    for number in range(-1, DAYS_AHEAD - 1):
        noon = datetime.combine(TODAY + timedelta(number), time(12))
        assert data_says_open(data, noon) == schedule.is_open(noon), noon


def test_a_week_is_told_in_minutes_cut_at_midnight():
    assert for_script("Su 22:00-06:00; We 09:00-17:30", "EU", TODAY) == (
        "0-360||540-1050||||1320-1440",
        "",
    )


def test_holidays_are_those_of_the_country():
    christmas, midsummer = "2026-12-25=", "2027-06-25="
    german = for_script("Mo-Fr 09:00-17:00; PH off", "DE", TODAY)[1].split(";")
    swedish = for_script("Mo-Fr 09:00-17:00; PH off", "SE", TODAY)[1].split(";")
    assert christmas in german
    assert christmas in swedish
    assert midsummer not in german
    assert all(entry.endswith("=") for entry in german)


def test_a_weekend_that_is_a_holiday_is_no_exception_when_it_is_closed_anyway():
    assert "2026-12-26" not in for_script("Mo-Fr 09:00-17:00; PH off", "DE", TODAY)[1]


@pytest.mark.parametrize("country", ["EU", "WW", "XX"])
def test_where_holidays_are_not_known_there_are_none(country):
    assert for_script("Mo-Fr 09:00-17:00; PH off", country, TODAY)[1] == ""


def test_a_reader_a_day_behind_still_has_yesterdays_holiday():
    assert for_script("Mo-Fr 09:00-17:00; PH off", "DE", date(2026, 12, 26))[1].startswith(
        "2026-12-25="
    )
    assert "2026-12-25" not in for_script("Mo-Fr 09:00-17:00; PH off", "DE", date(2026, 12, 27))[1]


# --- What stands on the page ----------------------------------------------------------------------


def contact(**values):
    empty = dict.fromkeys([*FIELDS, "email_hours", "hours_text", "time_zone"], "")
    return {**empty, "time_zone": "Europe/Berlin", **values}


def part(hours, language="en"):
    with translation.override(language):
        return Page("hours.html", render_to_string("parts/hours.html", {"hours": hours}))


@pytest.mark.usefixtures("_undefined_variables_raise")
def test_a_week_is_a_table_with_a_name_and_a_head_for_each_row():
    row = contact(phone_hours="Mo-Fr 09:00-12:00,13:00-17:00; PH off")
    page = part(opening(row, "phone", "DE", TODAY))
    table = page.one("table")
    assert table["aria-label"] == "Opening times"
    assert [row.text for row in table.all("tr")] == [
        "Monday–Friday 09:00–12:00, 13:00–17:00",
        "Saturday–Sunday Closed",
    ]
    assert [head["scope"] for head in table.all("th")] == ["row", "row"]
    assert "Closed on public holidays" in page.text
    data = page.all("div")[0]
    assert data["data-zone"] == "Europe/Berlin"
    assert data["data-week"] == "|".join(["540-720,780-1020"] * 5) + "||"
    assert "2026-12-25=" in data["data-except"]


@pytest.mark.usefixtures("_undefined_variables_raise")
def test_day_and_night_is_a_sentence_and_no_table():
    page = part(opening(contact(chat_hours="24/7", time_zone=""), "chat", "EU", TODAY))
    assert page.text == "Day and night"
    assert page.all("table") == []
    assert page.all("div")[0].attributes == {"class": "hours", "data-week": "always"}


@pytest.mark.usefixtures("_undefined_variables_raise")
@pytest.mark.parametrize("channel", ["phone", "sms", "whatsapp", "chat"])
def test_where_somebody_answers_unknown_hours_are_said(channel):
    page = part(opening(contact(), channel, "DE", TODAY))
    assert page.text == "We do not know the opening times."
    assert "data-week" not in page.source


@pytest.mark.parametrize("channel", ["phone", "sms", "whatsapp", "chat"])
def test_hours_in_words_are_not_unknown(channel):
    assert opening(contact(hours_text="by appointment"), channel, "DE", TODAY) is None


def test_a_form_without_hours_is_always_there():
    assert opening(contact(), "report", "DE", TODAY) is None
    assert opening(contact(report_hours="24/7"), "report", "DE", TODAY).is_always_open
