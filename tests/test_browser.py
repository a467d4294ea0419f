"""The main job in a real browser: read the steps, reach a number, leave at once, leave no trace."""

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.browser import chromium, served

__all__ = ["chromium", "served"]

pytestmark = pytest.mark.browser

PHONE = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 800}
NO_SCROLL = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
WIDEST = """[...document.querySelectorAll('body *')]
    .filter(e => { const b = e.getBoundingClientRect();
                   return b.right > document.documentElement.clientWidth + 1 || b.left < -1; })
    .map(e => `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 60)}`).pop()"""
OPEN_ALL = "for (const d of document.querySelectorAll('main details')) d.open = true"


@pytest.fixture
def opened(chromium, served):
    """Open addresses in a new window, with these settings of the browser."""

    @contextmanager
    def window(**settings):
        context = chromium.new_context(base_url=served.url, **({"viewport": PHONE} | settings))
        page = context.new_page()
        try:
            yield page
        finally:
            context.close()

    return window


# --- The main job ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_a_reader_without_script_gets_the_steps_and_a_number_in_three_taps(
    opened, language, direction
):
    with opened(java_script_enabled=False) as page:
        page.goto(f"/{language}/")
        assert page.locator("html").get_attribute("dir") == direction
        for number, key in enumerate(("understand", "stop", "report"), start=1):
            step = page.locator(f'main a[href="/{language}/{key}/"]').first
            expect(step).to_be_visible()
            assert len(step.inner_text()) > 3, number
        taps = 0
        country = page.locator(f'main a[href="/{language}/report/ie/"]').first
        if not country.is_visible():
            page.locator(f'main a[href^="/{language}/report/"]').first.click()
            taps += 1
        country.click()
        taps += 1
        page.wait_for_url(f"**/{language}/report/ie/")
        call = page.locator('main a[href^="tel:"]').first
        expect(call).to_be_visible()
        call.click(trial=True)
        taps += 1
        assert taps <= 3
        helpline = page.locator('article.service a[href="tel:1800666666"]')
        expect(helpline).to_be_visible()
        assert helpline.bounding_box()["height"] >= 40


@pytest.mark.parametrize("language", ["en", "ar"])
def test_each_step_is_read_without_script_and_leads_to_the_next(opened, language):
    with opened(java_script_enabled=False) as page:
        page.goto(f"/{language}/understand/")
        for key in ("stop", "report"):
            assert len(page.locator("main").inner_text()) > 500
            page.locator(f'main a[href="/{language}/{key}/"]').last.click()
            page.wait_for_url(f"**/{language}/{key}/")


def test_what_is_closed_opens_without_script(opened):
    with opened(java_script_enabled=False) as page:
        page.goto("/en/stop/")
        situation = page.locator("#i-paid")
        answer = situation.locator("li").first
        expect(answer).to_be_hidden()
        situation.locator("summary").click()
        expect(answer).to_be_visible()


def test_the_language_is_changed_without_script(opened):
    with opened(java_script_enabled=False) as page:
        page.goto("/en/stop/")
        page.locator("header summary").click()
        page.locator('header a[hreflang="ar"]').click()
        page.wait_for_url("**/ar/stop/")
        assert page.locator("html").get_attribute("lang") == "ar"


def test_the_first_visit_speaks_the_browsers_language(opened):
    with opened(locale="ar-EG") as page:
        page.goto("/")
        assert page.url.endswith("/ar/")


# --- Leaving: more in test_leaving ----------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["320", "1280"])
def test_the_exit_is_always_visible_and_covered_by_nothing(opened, language, viewport):
    with opened(viewport=viewport) as page:
        page.goto(f"/{language}/stop/")
        for share in (0, 0.5, 1):
            page.evaluate(f"scrollTo(0, document.body.scrollHeight * {share})")
            covered = page.evaluate(
                """() => {
                    for (const link of document.querySelectorAll("[data-exit]")) {
                        const box = link.getBoundingClientRect();
                        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
                        if (document.elementFromPoint(x, y)?.closest("[data-exit]") === link
                            && box.height >= 40 && box.width >= 40) return false;
                    }
                    return true;
                }"""
            )
            assert not covered, f"scrolled to {share}"


# --- No trace: more in test_proof -----------------------------------------------------------------


def test_the_log_of_the_server_holds_nothing_of_the_visitor(opened, served):
    with opened(user_agent="Visitor/1.0") as page:
        page.goto("/en/stop/?q=secret-word")
        page.goto("/en/nothing/?q=secret-word")
    written = served.log.read_text()
    assert re.search(r" GET /en/stop/ 200 \d+ \d+$", written, re.MULTILINE)
    for secret in ("secret-word", "Visitor", "Mozilla", "HeadlessChrome"):
        assert secret not in written
    visits = [line for line in written.splitlines() if " GET " in line]
    assert not [line for line in visits if "127.0.0.1" in line]


# --- Layout: more in test_axe, test_keyboard, test_seen, test_spoken, test_snapshots, test_zoom ---


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_page_scrolls_sideways_at_320_pixels(opened, served, language):
    with opened() as page:
        wide = []
        for path in [*served.paths(language), f"/{language}/nothing/"]:
            page.goto(path)
            page.evaluate(OPEN_ALL)
            if not page.evaluate(NO_SCROLL):
                wide.append((path, page.evaluate(WIDEST)))
        assert wide == []


def test_this_check_sees_a_page_that_is_too_wide(opened):
    with opened() as page:
        page.goto("/en/stop/")
        page.locator("h1").evaluate("h => h.append('w'.repeat(400))")
        page.locator("h1").evaluate("h => h.style.setProperty('white-space', 'nowrap')")
        page.locator("h1").evaluate("h => h.style.setProperty('overflow', 'visible')")
        assert not page.evaluate(NO_SCROLL)
