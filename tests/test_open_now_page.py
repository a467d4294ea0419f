"""What a country's page says of the hours at a given moment: the script's words, in the browser."""

from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser import chromium, served

__all__ = ["chromium", "served"]

pytestmark = pytest.mark.browser

PARENTS = "#de-nummer-gegen-kummer-elterntelefon"  # Mo,We,Fr 09:00-17:00; Tu,Th 09:00-19:00
CHILD = "#pt-sos-crianca"  # Mo-Fr 09:00-19:00
INTERNET = "#pt-linha-internet-segura"  # Mo-Fr 08:00-22:00; PH off
STATE = ".hours__state"
UNTIL = ".service__until"
MONDAY, FRIDAY, SATURDAY = "2026-01-12", "2026-01-16", "2026-01-17"


@pytest.fixture
def at(chromium, served):
    """Open a page at a moment (ISO 8601, with its offset) as a reader in a time zone."""

    @contextmanager
    def window(path, moment, zone="Europe/Berlin", **settings):
        context = chromium.new_context(base_url=served.url, timezone_id=zone, **settings)
        page = context.new_page()
        # The clock runs from its installation until it is paused.
        page.clock.install(time=datetime.fromisoformat(moment) - timedelta(hours=1))
        page.clock.pause_at(moment)
        page.goto(path)
        try:
            yield page
        finally:
            context.close()

    return window


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        (f"{MONDAY}T08:00+01:00", "Closed now. Opens today at 09:00"),
        (f"{MONDAY}T09:00+01:00", "Open now, until 17:00"),
        (f"{MONDAY}T16:59+01:00", "Open now, until 17:00"),
        (f"{MONDAY}T17:00+01:00", "Closed now. Opens: Tuesday 09:00"),
        (f"{FRIDAY}T18:00+01:00", "Closed now. Opens: Monday 09:00"),
        (f"{SATURDAY}T10:00+01:00", "Closed today. Opens: Monday 09:00"),
        ("2026-03-28T23:00+01:00", "Closed today. Opens: Monday 09:00"),
        ("2026-03-30T08:30+02:00", "Closed now. Opens today at 09:00"),
    ],
)
def test_the_state_is_said_in_words(at, moment, says):
    with at("/en/report/de/", moment) as page:
        expect(page.locator(f"{PARENTS} {STATE}")).to_have_text(says)


def test_the_state_is_said_in_the_time_of_the_reader(at):
    with at("/en/report/de/", f"{MONDAY}T10:00+01:00", "Europe/Athens") as page:
        expect(page.locator(f"{PARENTS} {STATE}")).to_have_text("Open now, until 18:00 (your time)")


def test_who_moves_from_link_to_link_hears_the_state_with_the_number(at):
    with at("/en/report/de/", f"{MONDAY}T10:00+01:00") as page:
        link = page.locator(f"{PARENTS} .action__link").first
        expect(link).to_have_accessible_name("Call 0800 111 0 550")
        expect(link).to_have_accessible_description("Open now, until 17:00")
        page.clock.fast_forward(8 * 3600_000)
        expect(link).to_have_accessible_description("Closed now. Opens: Tuesday 09:00")


def test_the_state_changes_while_the_page_is_open(at):
    with at("/en/report/de/", f"{MONDAY}T16:59+01:00") as page:
        state = page.locator(f"{PARENTS} {STATE}")
        expect(state).to_have_text("Open now, until 17:00")
        page.clock.run_for(90_000)
        expect(state).to_have_text("Closed now. Opens: Tuesday 09:00")
        expect(state).to_have_count(1)


def test_while_one_is_closed_another_one_that_is_open_is_named(at):
    with at("/en/report/pt/", f"{MONDAY}T21:00+00:00", "Europe/Lisbon") as page:
        assert page.locator(f"{INTERNET} {UNTIL}").count() == 0
        until = page.locator(f"{CHILD} {UNTIL}")
        expect(until).to_contain_text("Until then: ")
        assert until.locator("a[href^='tel:']").get_attribute("href") == page.locator(
            f"{INTERNET} a[href^='tel:']"
        ).first.get_attribute("href")


def test_when_all_are_closed_the_emergency_number_is_named(at):
    with at("/en/report/pt/", f"{SATURDAY}T21:00+00:00", "Europe/Lisbon") as page:
        until = page.locator(f"{CHILD} {UNTIL}")
        assert until.locator("a").first.get_attribute("href") == "tel:112"


def test_without_script_the_week_stands_there_and_no_state(at):
    with at("/en/report/de/", f"{MONDAY}T10:00+01:00", java_script_enabled=False) as page:
        card = page.locator(PARENTS)
        expect(card).to_contain_text("09:00–17:00")
        assert card.locator(STATE).count() == 0
