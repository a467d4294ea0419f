"""Where pages ask readers to write to those who run this copy, they say where to."""

import pytest
from django.core.checks import run_checks

pytestmark = pytest.mark.django_db

PAGES = {
    "about": "errors",
    "privacy": "questions",
    "accessibility": "feedback",
    "open-data": "errors",
}
"""The pages, and the section that says so."""


def links(page, href):
    return [link for link in page.all("a") if link.get("href") == href]


@pytest.mark.parametrize("key", PAGES)
def test_the_page_that_asks_to_be_told_names_the_address(key, read, settings):
    settings.OPERATOR_CONTACT = "mailto:us@sayno.example"
    page = read(f"/ar/{key}/")
    (link,) = links(page, "mailto:us@sayno.example")
    assert link.text == "us@sayno.example"
    everything = page.all()
    before = everything[: everything.index(link)]
    assert [e["id"] for e in before if e.tag == "section" and e.get("id")][-1] == PAGES[key]


def test_a_form_on_the_web_is_an_address_too(read, settings):
    settings.OPERATOR_CONTACT = "https://sayno.example/contact"
    (link,) = links(read("/en/about/"), "https://sayno.example/contact")
    assert link.text == "sayno.example/contact"


@pytest.mark.parametrize("key", PAGES)
def test_without_an_address_nothing_is_promised(key, read, settings):
    settings.OPERATOR_CONTACT = ""
    assert "To write to those" not in read(f"/en/{key}/").text


def test_a_deployment_without_an_address_is_told(settings):
    settings.OPERATOR_CONTACT = ""
    assert "campaign.W002" in {m.id for m in run_checks(include_deployment_checks=True)}
    settings.OPERATOR_CONTACT = "mailto:us@sayno.example"
    assert "campaign.W002" not in {m.id for m in run_checks(include_deployment_checks=True)}
