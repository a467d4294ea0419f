"""The figures: bars on one scale, every number written out, its source with it, and a table."""

import re
from decimal import Decimal

import pytest
from django.utils import translation

from campaign import languages
from content import figures, wording
from content.publishing.live import Text

pytestmark = pytest.mark.django_db


def figure(key, number, **facts):
    content = {
        "number": str(number),
        "unit": "percent",
        "group": "",
        "year": "2024",
        "place": "",
        "source": "Somebody",
        "url": "https://somebody.example/",
        "grade": "S",
        "caution": "",
    }
    return Text(key, "en", content | facts)


def lengths(*texts):
    return [[bar.length for bar in chart.bars] for chart in figures.charts(texts)]


def test_shares_of_a_whole_are_drawn_on_a_scale_of_100():
    assert lengths(figure("a", 84, group="g"), figure("b", "3.5", group="g")) == [["84.0", "3.5"]]


def test_counts_are_drawn_on_the_scale_of_the_largest():
    one, two = (figure(key, n, unit="reports", group="g") for key, n in (("a", 21), ("b", 176)))
    assert lengths(one, two) == [["11.9", "100.0"]]


def test_what_cannot_be_compared_has_no_bar():
    assert lengths(figure("alone", 50)) == [[""]]
    mixed = figure("a", 50, group="g"), figure("b", 50, group="g", unit="people")
    assert lengths(*mixed) == [["", ""]]


def test_growth_of_more_than_the_whole_is_not_cut_off():
    assert lengths(figure("a", 1325, group="g"), figure("b", 100, group="g")) == [["100.0", "7.5"]]


def test_a_source_is_named_once_only_when_it_is_the_same_in_all_its_parts():
    same = figures.charts([figure("a", 1, group="g"), figure("b", 2, group="g")])[0]
    assert same.shared is not None
    for name in ("year", "place", "source", "url", "grade"):
        other = figure("b", 2, group="g", **{name: "other"})
        assert figures.charts([figure("a", 1, group="g"), other])[0].shared is None, name


def test_the_page_has_every_figure_as_a_chart_and_in_the_table(site):
    page = site.page("/en/facts/")
    shown = [e["id"] for e in page.all("li", class_="chart__figure")]
    rows = page.one("table", class_="figures__table").one("tbody").all("tr")
    assert len(shown) == len(set(shown)) == len(rows) > 45
    for item, row in zip(page.all("li", class_="chart__figure"), rows, strict=True):
        number = item.all("span", class_="chart__number")[0].text
        assert row.all("td")[0].text == number
        assert row.one("th").text in item.text
        assert row.one("th")["scope"] == "row"


def test_every_chart_has_its_source_and_most_say_what_they_cannot_tell(site):
    charts = site.page("/en/facts/").all("section", class_="chart")
    for chart in charts:
        sources = chart.all("p", class_="chart__source")
        assert len(sources) in {1, len(chart.all("li"))}
        for source in sources:
            assert source.one("a")["href"].startswith("https://")
    assert sum(bool(chart.all("details")) for chart in charts) > len(charts) / 2


def test_the_bar_is_as_long_as_its_number_says(site):
    bars = 0
    for item in site.page("/en/facts/").all("li", class_="chart__figure"):
        number = item.all("span", class_="chart__number")[0].text
        for svg in item.all("svg"):
            assert svg["aria-hidden"] == "true"
            path = svg.all("path")[-1]["d"]
            length = Decimal(path.removeprefix("M0 0h").partition("v")[0])
            if number.endswith("%"):
                assert abs(length - Decimal(number.split()[-1].rstrip("%"))) < Decimal("0.1")
            assert 0 < length <= 100
            bars += 1
    assert bars > 25


@pytest.mark.parametrize(
    ("language", "year", "written"),
    [
        ("en", "2025", "2025"),
        ("en", "2024-H1", "January – June 2024"),
        ("en", "2024-H2", "July – December 2024"),
        ("de", "2024-H1", "Januar–Juni 2024"),
        ("hu", "2024-H1", "2024. január–június"),
        ("ar", "2024-H1", "يناير – يونيو 2024"),
        ("lv", "2021-2023", "2021.–2023."),
    ],
)
def test_half_years_and_spans_are_written_as_people_read_them(language, year, written):
    with translation.override(language):
        found = wording.period(year)
    assert re.sub(r"\s+", " ", found) == written


@pytest.mark.parametrize("language", languages.BY_CODE)
def test_no_page_shows_a_half_year_as_it_is_stored(site, language):
    text = site.page(f"/{language}/facts/").main.text
    assert not re.search(r"-H[12]", text)
    assert "2025" in text
