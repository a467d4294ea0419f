"""Which services a country's page shows, and how far it says that they can be trusted."""

from datetime import UTC, datetime, timedelta

import pytest

from content.models import Contact
from tests.factories import childline, japan, publish
from tests.test_country_page import SHIPPED, cards, groups

pytestmark = pytest.mark.django_db

UNCONFIRMED = "Not yet confirmed with the service."


def days_ago(days):
    return datetime.now(UTC).date() - timedelta(days=days)


@pytest.fixture
def show(read):
    """Publish a country and open its page."""

    def open_page(country, language="en"):
        publish(country, "zxx")
        return read(f"/{language}/report/{country.code.lower()}/")

    return open_page


def test_a_service_without_a_source_is_not_shown(site):
    hidden = {
        row["id"]
        for row in SHIPPED
        if row["evidence"] == "unsourced" and (row["kind"], row["phone"]) != ("emergency", "112")
    }
    assert "al-129-112" in hidden
    for path in site.paths("en"):
        shown = {card["id"] for card in cards(site.page(path))}
        assert not shown & hidden, path


def test_the_112_is_shown_even_without_a_source(site):
    assert "ie-emergency-services-112-999" in groups(site.page("/en/report/ie/"))["emergency"]


def test_a_service_without_a_source_is_shown_once_staff_have_confirmed_it(show):
    country = japan()
    helpline = childline(country, evidence=Contact.Evidence.UNSOURCED)
    childline(country, key="jp-other")
    assert [c["id"] for c in cards(show(country))][:1] == ["jp-other"]
    helpline.checked_on = days_ago(1)
    helpline.save()
    assert {"jp-childline", "jp-other"} <= {c["id"] for c in cards(show(country))}


def test_a_service_that_cannot_be_reached_is_not_shown(show):
    country = japan()
    childline(country, phone="")
    assert [c["id"] for c in cards(show(country)) if c["id"].startswith("jp-")] == []


def test_every_shipped_service_says_that_nobody_has_confirmed_it(site):
    seen = 0
    for path in site.paths("en"):
        for card in cards(site.page(path)):
            assert UNCONFIRMED in card.text, f"{path}: {card['id']}"
            seen += 1
    assert seen > 200


def test_a_check_of_today_is_told_with_its_date(show):
    country = japan()
    childline(country, checked_on=days_ago(0))
    (card, *_) = cards(show(country))
    assert "Confirmed with the service on" in card.text
    assert str(days_ago(0).year) in card.text
    assert UNCONFIRMED not in card.text


def test_a_check_that_is_due_says_so(show, settings):
    country = japan()
    childline(country, checked_on=days_ago(settings.CHECK_DUE_DAYS + 1))
    (card, *_) = cards(show(country))
    assert "Not checked since" in card.text


def test_on_the_last_day_before_it_is_due_a_check_still_counts(show, settings):
    country = japan()
    childline(country, checked_on=days_ago(settings.CHECK_DUE_DAYS))
    assert "Confirmed with the service on" in cards(show(country))[0].text


def test_a_service_that_nobody_checked_for_a_year_is_hidden(show, settings):
    country = japan()
    childline(country, checked_on=days_ago(settings.CHECK_EXPIRES_DAYS + 1))
    childline(country, key="jp-fresh", checked_on=days_ago(10))
    shown = [card["id"] for card in cards(show(country))]
    assert "jp-fresh" in shown
    assert "jp-childline" not in shown


def test_the_last_of_its_kind_stays_however_old_the_check(show, settings):
    country = japan()
    childline(country, checked_on=days_ago(settings.CHECK_EXPIRES_DAYS + 100))
    childline(country, key="jp-police", kind="police", checked_on=days_ago(10))
    shown = {card["id"]: card for card in cards(show(country))}
    assert "Not checked since" in shown["jp-childline"].text
