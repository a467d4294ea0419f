"""On paper nothing lies on anything else and addresses are written out; on a phone all is seen."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.access import loaded, window
from tests.browser import chromium, served

__all__ = ["chromium", "loaded", "served", "window"]

pytestmark = pytest.mark.browser

WRITTEN = """() => [...document.querySelectorAll("main a")].filter((link) => {
    const after = getComputedStyle(link, "::after");
    return link.checkVisibility() && after.content.includes("(");
}).map((link) => {
    const after = getComputedStyle(link, "::after");
    return [link.textContent.trim(), after.rotate, after.borderTopWidth];
})"""
"""Links behind which paper has their address, and how it is drawn."""


def printed(window, path):
    """A page as its style for paper draws it."""
    opened = window(path)
    opened.page.emulate_media(media="print")
    return opened.page


def sheets(page):
    return PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages


@pytest.fixture(autouse=True)
def _screen_again(window):
    yield
    window("/en/").page.emulate_media(media="screen")


@pytest.mark.parametrize("path", ["/en/", "/ar/", "/en/report/", "/en/report/de/"])
def test_addresses_stand_straight_behind_their_links(window, path):
    written = printed(window, path).evaluate(WRITTEN)
    assert len(written) > 5
    assert [one for one in written if one[1:] != ["none", "0px"]] == []


# Chromium lays what stands in a grid over what goes on from the page before.
@pytest.mark.parametrize("path", ["/en/words/", "/en/report/", "/ar/report/de/", "/en/facts/"])
def test_what_runs_over_several_pages_is_no_grid(window, path):
    page = printed(window, path)
    grids = """() => [...document.querySelectorAll("main, main *")].filter((e) =>
        getComputedStyle(e).display === "grid" && e.offsetHeight > 900).map((e) => e.className)"""
    assert page.evaluate(grids) == []


def test_a_country_takes_fewer_pages_than_it_has_services(window):
    page = printed(window, "/en/report/de/")
    services = page.locator(".service").count()
    assert services > 6
    assert len(sheets(page)) < services


def test_the_sources_of_a_service_are_named_without_their_long_addresses(window):
    page = printed(window, "/en/report/de/")
    after = "a => getComputedStyle(a, '::after').content"
    assert page.locator(".service dd a").first.evaluate(after) == "none"
    assert "(" in page.locator(".action--website a").first.evaluate(after)


# Firefox does not paint what it has laid out by a container's size, and measures by it wrongly.
@pytest.mark.parametrize(
    "path", ["/en/", "/en/stop/", "/ar/teachers/", "/en/poster/de/", "/fr/poster/de/staff/"]
)
def test_nothing_on_paper_depends_on_the_size_of_a_container(window, path):
    page = printed(window, path)
    containers = """() => [...document.querySelectorAll("*")].filter((e) =>
        getComputedStyle(e).containerType !== "normal").map((e) => e.localName)"""
    assert page.evaluate(containers) == []
    millimetres = """() => [...document.querySelectorAll(".sheet")].map((e) =>
        getComputedStyle(e).getPropertyValue("--mm"))"""
    assert set(page.evaluate(millimetres)) == ({"1mm"} if "poster" in path else set())


def words(page):
    """What stands on paper."""
    return " ".join(" ".join(sheet.extract_text() for sheet in sheets(page)).split())


def leads(page):
    """The words that the steps for each thing that may have happened begin with."""
    texts = page.locator(".guide__branches .branch__lead").all_text_contents()
    return {" ".join(text.split()) for text in texts}


def test_the_guide_on_paper_says_all_where_nothing_was_chosen(window):
    page = printed(window, "/en/now/")
    written = words(page)
    for lead in leads(page):
        assert lead in written, lead
    assert "116 111" in written
    assert "Germany" in written
    assert "Choose all that is true for you" not in written
    assert "No country chosen yet" not in written


def test_the_guide_on_paper_says_no_more_than_what_was_chosen(window):
    opened = window("/en/now/")
    opened.page.locator(".guide__choice input").nth(3).check()
    opened.page.get_by_label("Choose your country").select_option(label="Germany")
    opened.page.emulate_media(media="print")
    written = words(opened.page)
    assert "What you can do now" in written
    assert "0800 22 55 530" in written
    assert "All help in Germany" in written
    assert "All help in Greece" not in written
    assert len([lead for lead in leads(opened.page) if lead in written]) == 1


@pytest.mark.parametrize("size", [(320, 640), (1280, 800)])
def test_the_notice_of_a_fallback_is_not_covered_by_the_band_below_it(window, size):
    opened = window("/de/stop/")
    opened.at(*size)
    notice = opened.page.locator(".notice").bounding_box()
    band = opened.page.locator(".page__head").bounding_box()
    assert notice["y"] + notice["height"] < band["y"]


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_the_way_to_the_next_situation_is_on_the_screen_of_a_phone(window, language):
    opened = window(f"/{language}/is-this-okay/class/")
    rooms = opened.page.evaluate("""() => {
        const bar = document.querySelector(".header").offsetHeight;
        return [...document.querySelectorAll(".class__situation")].map((one) => {
            const next = one.querySelector(".class__ways .button");
            const top = one.getBoundingClientRect().top;
            return next ? innerHeight - bar - (next.getBoundingClientRect().bottom - top) : 0;
        });
    }""")
    assert len(rooms) == 12
    assert min(rooms) >= 0


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_the_mark_leads_home_with_letters_twice_as_large_in_a_bar_of_one_row(window, language):
    opened = window(f"/{language}/stop/")
    opened.measure("dress", "html { font-size: 200% !important }")
    home, leave = (opened.page.locator(f".header {one}") for one in (".header__home", ".exit"))
    assert home.is_visible()
    assert abs(home.bounding_box()["y"] - leave.bounding_box()["y"]) < 30
