"""The question whether this is the reader's country, from the time zone of the device."""

import pytest
from babel.core import get_global
from playwright.sync_api import expect

from tests.browser import chromium, served
from tests.test_find_country import SHOWN, opened

__all__ = ["chromium", "opened", "served"]

ZONES = (
    "zones => zones.map(z => Intl.DateTimeFormat('en', {timeZone: z}).resolvedOptions().timeZone)"
)
COUNT = """const read = Intl.Locale.prototype.getTimeZones;
window.asked = 0;
Intl.Locale.prototype.getTimeZones = function () { window.asked += 1; return read.call(this); };"""


@pytest.mark.browser
@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Berlin", "Germany"),
        ("Europe/Kiev", "Ukraine"),
        ("Europe/Kyiv", "Ukraine"),
        ("America/Chicago", "United States"),
        ("Asia/Tokyo", None),
        ("UTC", None),
        ("Europe/Belgrade", None),
    ],
)
def test_the_time_zone_only_asks(opened, zone, country):
    with opened(timezone_id=zone) as page:
        question = page.locator(".countries__guess")
        if country is None:
            expect(question).to_be_hidden()
        else:
            expect(question).to_contain_text(f"Is this your country? {country}")
            assert page.locator(SHOWN).count() == 45, "nothing is chosen"
            question.get_by_role("link", name=country).click()
            page.wait_for_url("**/en/report/*/")
            assert country in page.title()


@pytest.mark.browser
def test_the_browser_knows_every_zone_of_every_country(opened):
    """The question relies on the browser's own zones of a country; CLDR says what they are."""
    with opened() as page:
        links = page.locator(".countries__list a").evaluate_all("all => all.map(a => a.pathname)")
        codes = [link.strip("/")[-2:].upper() for link in links]
        assert len(codes) == 45
        asked = set()
        for code in codes:
            zones = set(page.evaluate(ZONES, get_global("territory_zones")[code]))
            known = set(
                page.evaluate("code => new Intl.Locale('und-' + code).getTimeZones()", code)
            )
            assert zones <= known, code
            assert not known & asked, f"{code} has a zone of another country"
            asked |= known


@pytest.mark.browser
@pytest.mark.parametrize(
    ("locale", "zone", "asked"),
    [("de-AT", "Europe/Vienna", 1), ("uk", "Europe/Kyiv", 1), ("en-GB", "UTC", 0)],
)
def test_few_countries_are_asked_for_their_zones(opened, locale, zone, asked):
    """On a slow phone one of them takes milliseconds: all in a row would hold up the page."""
    with opened(locale=locale, timezone_id=zone) as page:
        page.add_init_script(COUNT)
        page.reload()
        assert page.evaluate("asked") == asked
