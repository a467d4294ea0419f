"""Addresses as people type them from paper."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/en/stop", "/en/stop/"),
        ("/en/report/ie", "/en/report/ie/"),
        ("/en/report/IE/", "/en/report/ie/"),
        ("/en/Stop/", "/en/stop/"),
        ("/EN/", "/en/"),
        ("/pt-BR/report/", "/pt/report/"),
        ("/no", "/nb/"),
    ],
)
def test_a_typed_address_leads_to_the_page(reader, typed, meant):
    response = reader.get(typed, follow=True)
    assert response.redirect_chain[-1][0] == meant


@pytest.mark.parametrize(
    "path", ["//evil.example/", "/en//evil.example/", "/en/\\evil.example", "/pt-br//evil.example/"]
)
def test_no_address_leads_to_another_site(reader, path):
    response = reader.get(path)
    target = response.headers.get("Location", "/")
    assert target.startswith("/")
    assert not target.startswith(("//", "/\\"))


def test_a_form_sent_to_a_public_page_is_refused_as_a_method(reader):
    strict = type(reader)(enforce_csrf_checks=True)
    assert strict.post("/en/stop/", {"a": "b"}).status_code == 405
