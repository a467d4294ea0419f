"""Find my country: plain links without script, a field and a question with it; nothing is sent."""

import json
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from babel import Locale
from playwright.sync_api import expect

from campaign import languages
from content import countries
from tests.browser import chromium, served

__all__ = ["chromium", "served"]

PHONE = {"width": 320, "height": 640}
NO_SCROLL = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
STORED = "[localStorage.length, sessionStorage.length, document.cookie.length]"
SHOWN = ".countries__list li:not([hidden]) a"


# --- What the server writes -----------------------------------------------------------------------


def names(site, path="/en/report/"):
    """What is searched for each country, by code: the name shown, then the other ones."""
    links = site.page(path).main.all("ul", class_="countries__list")[0].all("a")
    return {
        link["href"].rstrip("/")[-2:].upper(): [
            link.text,
            *link.parent.get("data-names").split("|"),
        ]
        for link in links
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "own"),
    [
        ("DE", ["Deutschland"]),
        ("IE", ["Éire"]),
        ("GR", ["Ελλάδα"]),
        ("GE", ["საქართველო"]),
        ("CH", ["Schweiz", "Suisse", "Svizzera"]),
        ("CY", ["Κύπρος", "Kıbrıs"]),
        ("CZ", ["Česko"]),
        ("TR", ["Türkiye"]),
        ("ME", ["Crna Gora"]),
        ("RS", ["Srbija", "Србија"]),
    ],
)
def test_a_country_is_known_by_its_own_names_in_every_language(site, code, own):
    for path in ("/en/report/", "/fr/", "/ar/report/"):
        assert set(own) <= set(names(site, path)[code]), path


@pytest.mark.django_db
def test_own_names_are_those_of_cldr_and_kept_in_a_file(site):
    """Looked up in Babel they would cost each worker 35 MB: `make order` writes them."""
    known = json.loads(countries.OWN_NAMES.read_text())
    assert known == {code: countries.own_names_of_cldr(code) for code in known}
    assert site.index.countries - {"EU", "WW"} <= known.keys()


@pytest.mark.django_db
def test_a_page_loads_what_cldr_knows_of_its_own_language_and_english_alone(read, monkeypatch):
    asked = []
    countries.other_names.cache_clear()
    monkeypatch.setattr(countries, "_locale", lambda tag: asked.append(tag) or Locale.parse(tag))
    read("/fr/report/")
    assert set(asked) == {"fr", "en"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "english"),
    [
        ("DE", "Germany"),
        ("GB", "United Kingdom"),
        ("GB", "UK"),
        ("GB", "Wales"),
        ("NL", "Holland"),
        ("TR", "Turkey"),
        ("US", "USA"),
        ("CZ", "Czech Republic"),
        ("MK", "North Macedonia"),
    ],
)
def test_a_country_is_known_by_its_english_names_in_every_language(site, code, english):
    for path in ("/en/report/", "/fr/report/", "/ar/report/"):
        assert english in names(site, path)[code], path


@pytest.mark.django_db
def test_a_name_that_the_search_finds_anyway_is_not_written_again(site):
    malta = site.page("/en/report/").one("a", href="/en/report/mt/").parent
    assert "data-names" not in malta.attributes
    for language in languages.BY_CODE:
        for code in site.index.countries - {"EU", "WW"}:
            said = [
                countries.name(code, language),
                *countries.other_names(code, language).split("|"),
            ]
            folded = [name.casefold() for name in said]
            assert len(set(folded)) == len(said), (language, code)


@pytest.mark.django_db
def test_every_page_with_the_list_has_the_script_once_and_no_other_page_has_it(site):
    for path, times in (("/en/", 1), ("/ar/report/", 1), ("/en/stop/", 0), ("/en/report/de/", 0)):
        script = "".join(map(str, site.page(path).one("script").parts))
        assert script.count("countries__") == times, path


@pytest.mark.django_db
def test_the_field_cannot_be_sent_and_shows_only_with_script(site):
    for path in ("/en/", "/en/report/"):
        field = site.page(path).one("input")
        assert "name" not in field.attributes
        assert field["autocomplete"] == "off"
        assert "hidden" in field.parent.parent.attributes
        assert not [each for each in field.ancestors if each.tag == "form"]


# --- In the browser -------------------------------------------------------------------------------


@pytest.fixture
def opened(chromium, served):
    """Open an address in a new window, with these settings of the browser."""

    @contextmanager
    def window(path="/en/report/", **settings):
        usual = {"viewport": PHONE, "locale": "en-GB", "timezone_id": "Asia/Tokyo"}
        context = chromium.new_context(base_url=served.url, **(usual | settings))
        try:
            page = context.new_page()
            page.goto(path)
            yield page
        finally:
            context.close()

    return window


def field(page):
    return page.get_by_role("searchbox")


def shown(page):
    return page.locator(SHOWN).all_inner_texts()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("path", "first"), [("/en/report/", "Albania"), ("/ar/report/", "ألبانيا")]
)
def test_without_script_the_list_is_complete_and_in_order(opened, path, first):
    with opened(path, java_script_enabled=False) as page:
        expect(page.locator("input")).to_be_hidden()
        expect(page.locator(".countries__guess")).to_be_hidden()
        links = page.locator(".countries__list a")
        assert links.count() == 45
        if path.startswith("/en"):
            assert links.all_inner_texts() == sorted(links.all_inner_texts())
        assert first in links.all_inner_texts()
        links.last.click()
        assert page.url.count("/report/") == 1
        expect(page.locator("h1")).to_be_visible()


TYPED = [
    ("germ", ["Germany"]),
    ("Deutschl", ["Germany"]),
    ("  DEUTSCHLAND ", ["Germany"]),
    ("allemagne", ["Germany"]),
    ("osterreich", ["Austria"]),
    ("ÖSTERREICH", ["Austria"]),
    ("eire", ["Ireland"]),
    ("ελλαδα", ["Greece"]),
    ("ΕΛΛΑΔΑ", ["Greece"]),
    ("ΚΎΠΡΟΣ", ["Cyprus"]),
    ("საქ", ["Georgia"]),
    ("cesko", ["Czechia"]),
    ("kibris", ["Cyprus"]),
    ("TÜRKİYE", ["Türkiye"]),
    ("turkiye", ["Türkiye"]),
    ("shqiperi", ["Albania"]),
    ("macedonia", ["North Macedonia"]),
    ("zealand", ["New Zealand"]),
    ("uk", ["Ukraine", "United Kingdom"]),
    ("northern ire", ["United Kingdom"]),
    ("bosnia and", ["Bosnia & Herzegovina"]),
    ("украіна", ["Ukraine"]),
    ("ermany", []),
    (".*", None),
    ("", None),
]


@pytest.mark.browser
def test_the_filter_finds(opened):
    with opened() as page:
        for typed, found in TYPED:
            field(page).fill(typed)
            assert (shown(page) == found) if found is not None else len(shown(page)) == 45, typed


@pytest.mark.browser
def test_an_arabic_reader_finds_germany(opened):
    with opened("/ar/report/", locale="ar") as page:
        for typed in ("المانيا", "ألمانيا", "أَلمانـيا", "Deutschland", "germany"):
            field(page).fill(typed)
            assert shown(page) == ["ألمانيا"], typed


@pytest.mark.browser
def test_names_in_the_languages_of_the_device_are_found(opened):
    with opened(locale="sv-SE") as page:
        field(page).fill("tyskland")
        assert shown(page) == ["Germany"]


@pytest.mark.browser
def test_the_field_stands_on_the_start_page_too(opened):
    with opened("/en/") as page:
        page.locator("details.countries summary").click()
        field(page).fill("Suisse")
        field(page).press("Enter")
        page.wait_for_url("**/en/report/ch/")


@pytest.mark.browser
def test_enter_opens_the_only_country_and_else_goes_to_the_first(opened):
    with opened() as page:
        field(page).fill("ire")
        field(page).press("Enter")
        assert page.url.endswith("/en/report/")
        expect(page.locator(":focus")).to_have_text("Ireland")
        page.keyboard.press("Enter")
        page.wait_for_url("**/en/report/ie/")
    with opened() as page:
        field(page).fill("Éire")
        field(page).press("Enter")
        page.wait_for_url("**/en/report/ie/")


@pytest.mark.browser
def test_arrows_go_through_what_is_left_and_escape_empties_the_field(opened):
    with opened() as page:
        focus = page.locator(":focus")
        field(page).focus()
        page.keyboard.type("ice")
        page.keyboard.press("Backspace")
        page.keyboard.press("Backspace")
        page.keyboard.type("re")
        assert shown(page) == ["Ireland", "United Kingdom"]
        for key, expected in [
            ("ArrowDown", "Ireland"),
            ("ArrowDown", "United Kingdom"),
            ("ArrowDown", "United Kingdom"),
            ("ArrowUp", "Ireland"),
        ]:
            page.keyboard.press(key)
            expect(focus).to_have_text(expected)
        page.keyboard.press("ArrowUp")
        expect(field(page)).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Escape")
        expect(field(page)).to_be_focused()
        expect(field(page)).to_have_value("")
        assert len(shown(page)) == 45


@pytest.mark.browser
def test_tab_goes_from_the_question_to_the_field_and_to_what_is_left(opened):
    with opened(timezone_id="Europe/Berlin") as page:
        page.locator(".countries__guess a").focus()
        page.keyboard.press("Tab")
        expect(field(page)).to_be_focused()
        page.keyboard.type("port")
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_text("Portugal")
        page.keyboard.press("Tab")
        assert page.locator(".countries__list :focus").count() == 0, "what is hidden is left out"


@pytest.mark.browser
def test_how_many_are_found_is_said_after_a_pause(opened):
    with opened() as page:
        said = page.locator(".countries__count")
        assert said.get_attribute("role") == "status"
        field(page).fill("ire")
        assert said.inner_text() == ""
        expect(said).to_have_text("Countries found: 2")
        assert said.bounding_box()["width"] <= 1, "only read aloud: the list does not move"
        field(page).fill("xyz")
        expect(said).to_contain_text("No country found.")
        assert said.bounding_box()["width"] > 100, "an empty list explains itself to all"
        field(page).fill("")
        expect(said).to_have_text("")


@pytest.mark.browser
def test_whoever_comes_back_finds_the_whole_list_and_an_empty_field(opened):
    with opened() as page:
        field(page).fill("Éire")
        field(page).press("Enter")
        page.wait_for_url("**/en/report/ie/")
        page.get_by_role("link", name="Back to: Report and get help").click()
        expect(field(page)).to_have_value("")
        assert len(shown(page)) == 45
        # The browser may keep the page itself instead of opening it again.
        field(page).fill("Éire")
        page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
        expect(field(page)).to_have_value("")
        assert len(shown(page)) == 45


@pytest.mark.browser
def test_nothing_is_stored_or_asked_while_somebody_types(opened):
    with opened(timezone_id="Europe/Berlin") as page:
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        before = page.url, page.evaluate("history.length")
        field(page).press_sequentially("Deutschland")
        expect(page.locator(".countries__count")).to_have_text("Countries found: 1")
        page.keyboard.press("Escape")
        assert [url for url in asked if "/static/icon" not in url] == []
        assert (page.url, page.evaluate("history.length")) == before
        assert page.evaluate(STORED) == [0, 0, 0]
        assert page.context.cookies() == []


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/en/report/", "/ar/report/", "/ar/"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_field_and_question_fit_320_pixels_and_axe_finds_nothing(opened, path, scheme):
    with opened(path, timezone_id="Europe/Sarajevo", color_scheme=scheme) as page:
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        expect(field(page)).to_be_visible()
        expect(page.locator(".countries__guess")).to_be_visible()
        assert field(page).bounding_box()["height"] >= 44
        assert page.evaluate(NO_SCROLL)
        field(page).fill("xyz")
        expect(page.locator(".countries__count")).not_to_have_text("")
        assert page.evaluate(NO_SCROLL)
        found = Axe().run(page).response["violations"]
        assert [violation["id"] for violation in found] == []
