"""What search engines are asked to list: each page once, in each language that has its text."""

import pytest
from django.conf import settings

from content.baking import addresses
from tests.test_sitemap import addresses as listed

pytestmark = pytest.mark.django_db

REPEATED = {
    "is-this-okay/class/": "is-this-okay/",
    "report/ie/adults/": "report/ie/",
    "embed/ie/": "report/ie/",
    "embed/ie/code/": "embed/",
}
"""The same text in another order or size, with the page that has it."""
SHEETS = ("poster/ie/", "poster/ie/staff/")


def canonical(page):
    return page.one("link", rel="canonical")["href"].removeprefix(settings.SITE_URL)


@pytest.mark.parametrize("path", REPEATED)
def test_what_repeats_a_page_names_it_as_the_one_to_list(site, path):
    page = site.page(f"/en/{path}")
    assert canonical(page) == f"/en/{REPEATED[path]}"
    assert page.meta("robots") is None, "a page with a better address is not one to be left out"
    assert not page.all("link", rel="alternate")


@pytest.mark.parametrize(
    ("language", "path"),
    [*(("ka", path) for path in REPEATED), ("fr", "is-this-okay/class/")],
)
def test_what_repeats_a_page_without_text_in_a_language_is_left_out_there(site, language, path):
    page = site.page(f"/{language}/{path}")
    assert page.meta("robots") == "noindex"
    assert not page.all("link", rel="canonical"), "two answers to search engines"


@pytest.mark.parametrize("path", SHEETS)
def test_sheets_are_listed_in_every_language_that_has_them(site, path):
    page = site.page(f"/en/{path}")
    assert page.meta("robots") is None
    assert canonical(page) == f"/en/{path}"
    found = {link["hreflang"]: link["href"] for link in page.all("link", rel="alternate")}
    assert {"en", "x-default"} <= set(found)
    for code in site.index.offered:
        is_left_out = site.page(f"/{code}/{path}").meta("robots") == "noindex"
        assert is_left_out == (code not in found), code


def test_a_staff_card_with_another_language_says_so_and_is_not_listed(site):
    card = site.page("/fr/poster/ie/staff/")
    assert "Certaines parties de cette page ne sont pas encore dans cette langue." in card.text
    assert card.meta("robots") == "noindex"
    assert site.page("/fr/poster/ie/").meta("robots") is None


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_sitemap_has_every_page_that_is_to_be_listed_and_no_other(site, reader, language):
    ours = [path for path in addresses.paths(site.index) if path.startswith(f"/{language}/")]
    pages = [site.page(path) for path in ours]
    wanted = {
        settings.SITE_URL + page.path
        for page in pages
        if page.meta("robots") is None and canonical(page) == page.path
    }
    assert set(listed(reader.get(f"/sitemap-{language}.xml"))) == wanted
