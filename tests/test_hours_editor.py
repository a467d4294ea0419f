"""Hours explain themselves to the editor: as readers see them, on the coming days, while typing."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from content.admin import opening
from content.models import Contact
from tests import factories
from tests.admin_support import Desk
from tests.html import Page

pytestmark = pytest.mark.django_db
HOURS = "/admin/content/contact/hours/"


@pytest.fixture
def edith() -> Desk:
    return Desk(factories.editor())


@pytest.fixture
def explained(edith):
    """What the server says that hours mean."""

    def ask(value, country="IE"):
        answer = edith.client.get(HOURS, {"value": value, "country": country})
        assert answer.status_code == 200
        return Page(HOURS, f"<html><body>{answer.content.decode()}</body></html>")

    return ask


@pytest.fixture
def christmas(monkeypatch):
    """The day before Christmas of 2026, a Thursday."""
    moment = datetime(2026, 12, 24, 12, tzinfo=UTC)
    monkeypatch.setattr(opening, "timezone", SimpleNamespace(now=lambda: moment))


def rows(page):
    return [row.text for row in page.all("table")[-1].all("tr")]


def test_hours_are_shown_in_the_words_that_readers_get(explained, read):
    country = factories.japan()
    hours = "Mo-Fr 09:00-17:00; Sa 10:00-12:00; PH off"
    factories.childline(country, phone_hours=hours)
    factories.publish(country, "zxx")
    public = next(e for e in read("/en/report/jp/").all("table") if "hours__week" in e.classes)
    page = explained(hours, "JP")
    assert public.text in page.text
    assert "Closed on public holidays" in page.text


def test_the_coming_days_have_their_dates_and_holidays(explained, christmas):
    page = explained("Mo-Fr 09:00-17:00; PH off")
    found = rows(page)
    assert found[0] == "Thursday 24 December 09:00–17:00"
    assert found[1] == "Friday 25 December Closed (public holiday)"
    assert found[2] == "Saturday 26 December Closed"
    assert len(found) == 7
    assert rows(explained("Mo-Fr 09:00-17:00; PH off", "WW"))[1] == "Friday 25 December 09:00–17:00"


def test_a_night_stands_with_its_evening(explained, christmas):
    assert rows(explained("Fr 20:00-02:00"))[1] == "Friday 25 December 20:00–02:00"
    assert rows(explained("Fr 20:00-02:00"))[2] == "Saturday 26 December Closed"


def test_day_and_night(explained):
    assert "Day and night" in explained("24/7").text


@pytest.mark.parametrize("value", ["weekdays", "Mo-Fr 25:00-26:00", "Mo 09:00-10:00;" * 20, "<b>"])
def test_what_cannot_be_read_says_how_to_write_it(explained, value):
    page = explained(value)
    assert page.all("p")[0].text
    assert page.all("table") == page.all("b") == []


def test_nothing_says_nothing(explained):
    assert explained("").text.strip() == ""


def test_without_a_script_the_form_says_it_once_it_is_saved(edith):
    contact = factories.childline(factories.japan())
    form = edith.edit(contact)
    assert "Day and night" in form.beside("phone_hours")
    form["phone_hours"] = "Mo-Fr 09:00-17:00"
    saved = form.press()
    assert "Monday–Friday 09:00–17:00" in saved.beside("phone_hours")
    assert "Day and night" not in saved.page.text
    form["phone_hours"] = "whenever"
    refused = form.press()
    assert "Write 24/7, or days and times" in refused.beside("phone_hours")


def test_who_is_not_signed_in_is_told_nothing(client):
    assert client.get(HOURS, {"value": "24/7"}).status_code == 302


def test_every_shipped_service_can_be_shown():
    for contact in Contact.objects.only("country", *opening.FIELDS):
        for name in opening.FIELDS:
            assert not opening.shown(getattr(contact, name), contact.country_id).problem, contact
