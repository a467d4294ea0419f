"""The card for other sites: it needs nothing else, says its date, and only it may be framed."""

from datetime import timedelta

import pytest
from django.conf import settings

from content.models import Revision
from tests.factories import childline, ireland, japan, publish
from tests.html import Page

pytestmark = pytest.mark.django_db


def policy(answer):
    return dict(
        rule.strip().partition(" ")[::2]
        for rule in answer["Content-Security-Policy"].split(";")
        if rule.strip()
    )


def test_only_the_card_may_be_shown_in_a_frame_of_another_site(reader):
    card = reader.get("/en/embed/ie/")
    assert "X-Frame-Options" not in card
    assert policy(card)["frame-ancestors"] == "*"
    assert card["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert card["Referrer-Policy"] == "no-referrer"
    for path in ("/en/", "/en/embed/", "/en/embed/ie/code/", "/en/report/ie/", "/exit/"):
        answer = reader.get(path)
        assert answer["X-Frame-Options"] == "DENY", path
        assert policy(answer)["frame-ancestors"] == "'none'", path
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin", path


def test_only_the_page_with_the_code_may_show_a_frame(reader):
    assert policy(reader.get("/en/embed/ie/code/"))["frame-src"] == "'self'"
    for path in ("/en/", "/en/embed/", "/en/embed/ie/"):
        assert "frame-src" not in policy(reader.get(path)), path


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_every_country_has_a_card_that_needs_nothing_else(site, language):
    codes = sorted(site.index.countries - {"EU", "WW"})
    assert len(codes) == 45
    for code in codes:
        answer = site.answer(f"/{language}/embed/{code.lower()}/")
        page = Page(code, answer.content.decode())
        assert (page.html["lang"], page.html["dir"]) == (
            language,
            "rtl" if language == "ar" else "ltr",
        )
        assert not page.all("script", "img", "iframe", "form", "object"), code
        assert [link["rel"] for link in page.all("link")] == ["canonical"], "which loads nothing"
        assert not [e for e in page.all() if "src" in e.attributes], code
        assert page.main.all("li"), code
        assert page.meta("description"), code
        for link in page.all("a"):
            assert "noreferrer" in link["rel"], code
            assert link["target"] in {"_blank", "_top"}, "the frame itself never leaves the card"
        assert f"{settings.SITE_URL}/exit/" in page.links
        assert f"{settings.SITE_URL}/{language}/report/{code.lower()}/" in page.links


def test_the_card_says_its_date_and_that_not_all_is_confirmed(read):
    page = read("/en/embed/ie/")
    revision = Revision.objects.live().get(kind="country", key="IE", language="zxx")
    assert str(revision.approved_at.year) in page.text
    assert "Good until" in page.text
    assert "Not all of this is confirmed with the services yet." in page.text
    assert "This card is old" not in page.text


def test_a_card_that_is_past_its_date_says_so_first(read, monkeypatch):
    from content.views import embed

    revision = Revision.objects.live().get(kind="country", key="IE", language="zxx")
    last = revision.approved_at.date() + timedelta(days=settings.CHECK_DUE_DAYS)
    monkeypatch.setattr(embed, "today", lambda: last)
    assert "This card is old" not in read("/en/embed/ie/").text
    monkeypatch.setattr(embed, "today", lambda: last + timedelta(days=1))
    main = read("/en/embed/ie/").main
    assert main.all("p")[0].text.startswith("This card is old. Look the numbers up on")


def test_a_new_number_is_on_the_card_at_once(read):
    country = ireland()
    country.contacts.filter(key="ie-childline-by-ispcc").update(phone="1800 12 34 56")
    publish(country, "zxx")
    assert "tel:1800123456" in read("/en/embed/ie/").links


def test_the_code_to_copy_is_a_frame_without_script_or_referrer(read):
    page = read("/ar/embed/ie/code/")
    code = "".join(str(part) for part in page.one("textarea").parts)
    frame = Page("the code", code).one("iframe")
    assert frame["src"] == f"{settings.SITE_URL}/ar/embed/ie/"
    assert frame["referrerpolicy"] == "no-referrer"
    assert "allow-scripts" not in frame["sandbox"]
    assert "allow-same-origin" not in frame["sandbox"]
    assert frame["title"]
    assert page.one("textarea")["dir"] == "ltr"
    assert page.main.one("iframe")["src"] == "/ar/embed/ie/"


def test_the_countries_with_a_card_stand_in_the_readers_alphabet(site):
    links = site.page("/en/embed/").main.all("ul")[0].all("a")
    assert len(links) == 45
    assert [link.text for link in links] == sorted(link.text for link in links)
    assert links[0]["href"] == "/en/embed/al/code/"


@pytest.mark.parametrize("path", ["/en/embed/zz/", "/en/embed/eu/", "/en/embed/ww/code/"])
def test_no_card_for_what_is_no_country(reader, path):
    assert reader.get(path).status_code == 404


def test_a_card_takes_three_queries_whatever_it_shows(reader, django_assert_max_num_queries):
    country = japan()
    for number in range(12):
        childline(country, key=f"jp-{number}")
    publish(country, "zxx")
    with django_assert_max_num_queries(3):
        reader.get("/en/embed/jp/")
