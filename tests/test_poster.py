"""What schools print: the poster, the pocket cards and the card for the staff room."""

import re

import brotli
import pytest
import segno
from django.conf import settings

from content.models import Contact
from tests.factories import childline, japan, publish

pytestmark = pytest.mark.django_db

PATHS = ("/en/poster/de/", "/en/poster/de/staff/", "/en/poster/")


def drawn(page):
    """The modules of the first QR code on a page, as a picture of 0 and 1 with its quiet zone."""
    size = int(re.search(r'class="qr" viewBox="0 0 (\d+)', page.source)[1])
    rows = [[0] * size for _ in range(size)]
    path = re.search(r'stroke="#000" d="([^"]+)"', page.source)[1]
    for x, y, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", path):
        for n in range(int(length)):
            rows[int(y)][int(x) + n] = 1
    return rows


def expected(address):
    code = segno.make_qr(address, error="m", boost_error=False)
    return [list(row) for row in code.matrix_iter(border=4)]


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/en/poster/de/", "/en/report/de/"),
        ("/ar/poster/be/", "/ar/report/be/"),
        ("/ka/poster/ge/", "/ka/report/ge/"),
        ("/en/poster/de/staff/", "/en/report/de/adults/"),
    ],
)
def test_the_code_leads_to_the_numbers_of_today_and_says_so_in_letters(site, path, leads_to):
    page = site.page(path)
    address = settings.SITE_URL + leads_to
    assert drawn(page) == expected(address)
    written = page.all("bdi", class_="code-box__address")[0]
    assert written.text == address.partition("://")[2]
    assert written["dir"] == "ltr"
    assert site.answer(leads_to).status_code == 200


def test_the_poster_has_the_steps_and_the_numbers_as_they_are_live(site):
    page = site.page("/en/poster/de/")
    poster = page.one("section", aria_label="Poster")
    for key in ("understand", "stop", "report"):
        assert site.page(f"/en/{key}/").one("h1").text in poster.text
    assert "116 111" in poster.text
    assert "112" in poster.text
    assert "110" in poster.text
    assert "Not all of this is confirmed" in poster.text


def test_eight_cards_are_printed_and_one_is_read_aloud(site):
    cards = site.page("/en/poster/de/").all("div", class_="pocket")
    assert len(cards) == 8
    assert ["aria-hidden" in card.attributes for card in cards] == [False] + [True] * 7
    assert len({card.text for card in cards}) == 1
    assert not [link for card in cards for link in card.all("a")], "a hidden card has a link"


def test_the_staff_card_has_the_ten_minutes_and_the_numbers_for_adults(site):
    page = site.page("/en/poster/de/staff/")
    card = page.one("section", aria_label="Card for the staff room")
    assert card.text.index("The first ten minutes") < card.text.index("in danger")
    assert "Minute 10." in card.text
    assert "0800 111 0 550" in card.text
    for group in ("Talk to someone", "Report it", "In danger now?"):
        assert group in card.text


def test_texts_that_are_not_there_in_a_language_are_marked(site):
    for path in ("/ar/poster/be/staff/", "/de/poster/de/"):
        page = site.page(path)
        english = [e for e in page.main.all() if e.get("lang") == "en"]
        frame = page.one("html")["lang"]
        assert frame == "en" or any("Minute 10." in e.text for e in english), path


def test_a_country_without_a_number_gets_none(read):
    country = japan()
    country.emergency_numbers = []
    country.save()
    childline(country, evidence=Contact.Evidence.ONE_SOURCE)
    publish(country, "zxx")
    poster = read("/en/poster/jp/").one("section", aria_label="Poster")
    assert "116 111" in poster.text
    assert "In danger now?" not in poster.text


def test_a_service_without_a_number_is_written_as_its_address(read):
    country = japan()
    childline(country, phone="", chat_url="https://www.chat.example/start")
    publish(country, "zxx")
    poster = read("/en/poster/jp/").one("section", aria_label="Poster")
    assert "chat.example" in poster.text
    assert "www." not in poster.one("ul", class_="numbers").text


def test_a_withdrawn_teachers_page_leaves_the_numbers(read, monkeypatch):
    monkeypatch.setattr("content.views.poster.STAFF_PAGE", "no-such-page")
    card = read("/en/poster/de/staff/").one("section", aria_label="Card for the staff room")
    assert "0800 111 0 550" in card.text


@pytest.mark.parametrize("path", ["/en/poster/zz/", "/en/poster/zz/staff/", "/en/poster/eu/"])
def test_an_unknown_country_is_not_here(site, path):
    assert site.answer(path).status_code == 404


def test_the_list_has_every_country(site):
    links = site.page("/en/poster/").main.one("ul", class_="countries__list").all("a")
    assert {link["href"][-3:-1].upper() for link in links} == site.index.countries - {"EU", "WW"}


@pytest.mark.parametrize("path", [*PATHS, "/ar/poster/be/", "/ka/poster/ge/staff/"])
def test_a_sheet_comes_in_one_round_trip_and_sets_nothing(site, path):
    answer = site.answer(path)
    assert not answer.cookies
    assert len(brotli.compress(answer.content)) < 13 * 1024
