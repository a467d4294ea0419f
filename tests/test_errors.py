"""Bad addresses and a broken site: a helpful page in the reader's language."""

import pytest
from django.test import Client

from campaign import catalogues, languages
from content.views import guidance
from tests.html import Page

pytestmark = pytest.mark.django_db

NOWHERE = ["/en/nothing/", "/en/report/xx/", "/en/report/eu/", "/en/report/ww/", "/en/home/"]


@pytest.fixture
def complete(monkeypatch):
    """Say that the frame of these languages is translated."""

    def set_complete(*codes):
        known = {languages.SOURCE, *codes}
        monkeypatch.setattr(catalogues, "is_complete", lambda code: code in known)

    return set_complete


def opened(response, path="/"):
    return Page(path, response.content.decode())


def missing(reader, path, **headers):
    """The page of an address that does not exist."""
    response = reader.get(path, headers=headers)
    assert response.status_code == 404
    return opened(response, path)


@pytest.mark.parametrize("path", [*NOWHERE, "/xx/", "/xx/stop/", "/en/stop/more/", "/en/stop/more"])
def test_an_unknown_address_helps_the_reader_on(reader, path):
    page = missing(reader, path)
    assert page.main.one("h1").text == "This page is not here"
    assert "/en/" in page.links
    assert "tel:112" in page.links
    assert page.meta("robots") == "noindex"


@pytest.mark.parametrize("path", NOWHERE)
def test_an_unknown_address_offers_every_country(reader, path):
    section = missing(reader, path).main.one("div", class_="countries")
    assert len(section.all("a")) == 45
    assert "/en/report/ie/" in section.links


def test_an_unknown_page_answers_in_the_language_of_its_address(reader, complete):
    complete("fr", "ar")
    page = missing(reader, "/ar/nothing/", accept_language="fr")
    assert (page.html["lang"], page.html["dir"]) == ("ar", "rtl")
    assert "/ar/report/ie/" in page.links


def test_an_unknown_address_without_a_language_answers_in_the_browsers(reader, complete):
    complete("fr", "ar")
    page = missing(reader, "/xx/", accept_language="tr, fr;q=0.5")
    assert page.html["lang"] == "fr"
    assert "/fr/report/ie/" in page.links


def test_a_language_whose_frame_is_not_translated_answers_in_english(reader, complete):
    complete()
    assert missing(reader, "/ka/nothing/").html["lang"] == "en"


def test_an_unknown_address_keeps_no_copy_and_varies_by_no_language(reader):
    response = reader.get("/xx/", headers={"accept-language": "fr"})
    assert response["Cache-Control"] == "no-store"
    assert "Accept-Language" not in response.get("Vary", "")


def test_an_unknown_address_without_database_still_helps(reader, no_database):
    page = missing(reader, "/static/nothing.png")
    assert "tel:112" in page.links


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/pt-br/", "/pt/"),
        ("/pt-BR/stop/", "/pt/stop/"),
        ("/EN/", "/en/"),
        ("/no/report/", "/nb/report/"),
        ("/sr-Latn/", "/sr/"),
        ("/zh-tw/", None),
        ("/english/", None),
    ],
)
def test_a_variant_of_a_language_leads_to_the_nearest(reader, path, target):
    response = reader.get(path)
    assert (response.status_code, response.get("Location")) == (302 if target else 404, target)


def test_a_variant_never_leads_to_another_site(reader):
    for path in ("/pt-br//evil.example/", "/pt-br/%2f%2fevil.example/"):
        location = reader.get(path).get("Location", "/")
        assert not location.startswith("//"), location
        assert "://" not in location


@pytest.mark.parametrize("path", ["/en/%00/", "/en/stop/?q=%00", "/%00"])
def test_an_address_with_a_null_byte_is_refused(reader, path):
    response = reader.get(path)
    assert response.status_code == 400
    assert b"%00" not in response.content
    page = Page(path, response.content.decode())
    assert page.title == "This page is not here"
    assert "/exit/" in page.links


def test_a_host_that_is_not_ours_is_refused():
    assert (
        Client(raise_request_exception=False)
        .get("/en/", headers={"host": "evil.example"})
        .status_code
        == 400
    )


# --- The site itself is broken ------------------------------------------------------------------


@pytest.fixture
def broken(monkeypatch, _undefined_variables_raise):
    """A site whose pages fail."""

    def fail(*args, **kwargs):
        raise RuntimeError("planted")

    monkeypatch.setattr(guidance, "_show", fail)
    return Client(raise_request_exception=False)


def test_a_broken_page_answers_in_the_language_of_its_address(broken, complete):
    complete("ar")
    response = broken.get("/ar/stop/")
    assert response.status_code == 500
    page = opened(response)
    assert (page.html["lang"], page.html["dir"]) == ("ar", "rtl")
    assert "tel:116111" in page.links
    assert "tel:112" in page.links
    assert "/exit/" in page.links
    assert "/ar/" in page.links


def test_a_broken_page_says_that_it_is_not_the_readers_fault(broken):
    page = opened(broken.get("/en/stop/"))
    assert "This is our fault, not yours." in page.main.text
    assert "planted" not in page.source


@pytest.mark.usefixtures("_undefined_variables_raise", "no_database")
def test_without_a_database_readers_are_told_who_to_call():
    client = Client(raise_request_exception=False)
    for path in ("/en/", "/fr/report/de/"):
        response = client.get(path)
        assert response.status_code == 503
        assert response["Retry-After"] == "30"
        assert "tel:116111" in opened(response).links


@pytest.mark.usefixtures("no_database")
def test_without_a_database_staff_are_told_to_keep_what_they_wrote():
    response = Client(raise_request_exception=False).get(
        "/admin/", headers={"cookie": "session=abcdefghijklmnopqrstuvwxyz012345"}
    )
    assert response.status_code == 503
    assert b"The database does not answer" in response.content
    assert response["Cache-Control"] == "no-store"


def test_a_broken_page_varies_by_no_language_and_keeps_no_copy(broken):
    response = broken.get("/en/stop/")
    assert "Accept-Language" not in response.get("Vary", "")
    assert response["Cache-Control"] == "no-store"
