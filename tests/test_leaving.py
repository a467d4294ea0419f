"""Leaving in a real browser: by every act, on every kind of page, blank at once, no way back."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route, expect

from tests import access
from tests.browser import Served, chromium, served
from tests.exported import exported, files
from tests.production import production
from tests.rarely import a_few

__all__ = ["chromium", "exported", "served"]

pytestmark = pytest.mark.browser

AT_ONCE = 100
"""Milliseconds from the act to a blank page (issue 6)."""
WHEN_BLANK = """
let acted = 0;
for (const type of ["click", "keyup"]) {
    addEventListener(type, (event) => { acted = event.timeStamp; }, true);
}
const look = () => {
    const { body, documentElement: page } = document;
    if (!page?.hidden || body.childElementCount || document.title) requestAnimationFrame(look);
    else console.debug("blank after", performance.now() - acted);
};
requestAnimationFrame(look);
"""
"""Tells with the frame that is painted blank; asked itself, the browser waits for the next page."""
WAYS = {name: f"/en{path}" for name, path in access.PATHS.items() if name != "card"} | {
    "arabic": "/ar/stop/",
    "fallback": access.FALLBACK,
    "refused": "/en/stop/?q=%00",
    "nowhere": "/wp-login.php/",
}
"""One page of each kind; what is broken and what is exported have servers of their own."""
OFTEN = ("now", "country", "class", "arabic", "refused", "nowhere")
"""Those of them that differ most."""
CARD = "/en/embed/ie/"
EXIT = ".header .exit"


@pytest.fixture
def opened(chromium, served):
    """Open addresses in a new window, with these settings of the browser."""

    @contextmanager
    def window(site: str = served.url, **settings) -> Iterator[Page]:
        context = chromium.new_context(base_url=site, **({"viewport": access.PHONE} | settings))
        context.add_init_script(WHEN_BLANK)
        try:
            yield context.new_page()
        finally:
            context.close()

    return window


@pytest.fixture(scope="module")
def broken(server: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site whose pages fail."""
    folder = tmp_path_factory.mktemp("broken")
    with production(server, folder, "tests.crashing:application") as running:
        yield f"http://127.0.0.1:{running.port}"


def start(page: Page, served: Served, path: str) -> None:
    """Come to a page from somewhere else."""
    page.goto(served.exit_url + "/before")
    page.goto(path)
    expect(page.locator("h1").first).to_be_visible()


def is_away(page: Page, served: Served) -> None:
    page.wait_for_url(served.exit_url + "/")
    assert page.title() == "Elsewhere"


def no_way_back(page: Page, served: Served) -> None:
    page.go_back()
    assert page.url == served.exit_url + "/before"


def press_shift(page: Page, times: int = 3) -> None:
    for _ in range(times):
        page.keyboard.press("Shift")


def tab_to_the_exit(page: Page) -> None:
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.locator(f"{EXIT}:focus").count():
            break
    page.keyboard.press("Enter")


def skip_to_the_exit(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator(".skip__link[data-exit]")).to_be_focused()
    page.keyboard.press("Enter")


ACTS = {
    "click": lambda page: page.locator(EXIT).click(no_wait_after=True),
    "click with Ctrl": lambda page: page.locator(EXIT).click(
        no_wait_after=True, modifiers=["Control"]
    ),
    "tap": lambda page: page.locator(EXIT).tap(no_wait_after=True),
    "Enter on the exit": tab_to_the_exit,
    "Enter on the skip link": skip_to_the_exit,
    "Shift three times": press_shift,
}
WITHOUT_SCRIPT = ("click", "tap", "Enter on the exit", "Enter on the skip link")


# --- Every act ----------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ACTS)
def test_the_page_is_blank_at_once_while_the_exit_takes_its_time(opened, served, act):
    with opened(has_touch=True) as page:
        held: list[Route] = []
        page.route(f"{served.exit_url}/", lambda route: held.append(route))
        screen = page.context.new_cdp_session(page)
        nothing = screen.send("Page.captureScreenshot")["data"]
        for _ in range(3):  # the machine of the tests has other work, too
            start(page, served, "/en/stop/")
            assert screen.send("Page.captureScreenshot")["data"] != nothing
            with page.expect_console_message() as told:
                ACTS[act](page)
            assert told.value.text.startswith("blank after ")
            took = float(told.value.text.removeprefix("blank after "))
            assert screen.send("Page.captureScreenshot")["data"] == nothing
            assert len(held) == 1, "it has left before the exit answered"
            held.pop().continue_()
            is_away(page, served)
            no_way_back(page, served)
            if took < AT_ONCE:
                return
        pytest.fail(f"blank after {took} ms")


@pytest.mark.parametrize("act", WITHOUT_SCRIPT)
def test_leaving_works_without_script(opened, served, act):
    with opened(java_script_enabled=False, has_touch=True) as page:
        page.goto("/en/stop/")
        ACTS[act](page)
        is_away(page, served)


def test_a_page_that_was_left_and_comes_back_from_memory_leaves_again(opened, served):
    """Back while the exit is loading, then forward."""
    with opened() as page:
        start(page, served, "/en/stop/")
        page.evaluate("document.documentElement.hidden = true")
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
        is_away(page, served)
        no_way_back(page, served)


# --- Every kind of page -------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["click", "Shift three times"])
@pytest.mark.parametrize("way", a_few(WAYS, *OFTEN))
def test_every_kind_of_page_is_left_without_a_way_back(opened, served, way, act):
    with opened() as page:
        start(page, served, WAYS[way])
        ACTS[act](page)
        is_away(page, served)
        no_way_back(page, served)


@pytest.mark.parametrize("way", a_few(WAYS, *OFTEN))
def test_every_kind_of_page_is_left_without_script(opened, served, way):
    with opened(java_script_enabled=False) as page:
        page.goto(WAYS[way])
        page.locator(EXIT).click()
        is_away(page, served)


@pytest.mark.parametrize("act", ACTS)
def test_a_broken_page_is_left(opened, served, broken, act):
    with opened(broken, has_touch=True) as page:
        start(page, served, "/en/stop/")
        assert "Something is wrong here" in page.title()
        ACTS[act](page)
        is_away(page, served)
        no_way_back(page, served)


@pytest.mark.parametrize("act", ["click", "Shift three times"])
@pytest.mark.parametrize("path", a_few(["/", "/en/stop/", "/ar/", "/404.html"], "/", "/ar/"))
def test_an_export_is_left_on_a_host_that_knows_only_files(opened, served, exported, path, act):
    with opened(exported) as page:
        start(page, served, path)
        ACTS[act](page)
        is_away(page, served)
        no_way_back(page, served)


def test_an_export_is_left_without_script(opened, served, exported):
    with opened(exported, java_script_enabled=False) as page:
        page.goto("/")
        page.locator(EXIT).click()
        is_away(page, served)


# --- The card on other sites --------------------------------------------------------------------


def leave_the_card(page: Page, by_keyboard: bool) -> None:
    link = page.frame_locator("iframe").locator(".card__exit")
    if by_keyboard:
        link.focus()
        page.keyboard.press("Enter")
    else:
        link.click()


@pytest.mark.parametrize("by_keyboard", [False, True], ids=["click", "Enter"])
def test_the_exit_of_a_card_leads_the_whole_tab_away(opened, served, tmp_path, by_keyboard):
    with opened() as page, files(tmp_path) as school:
        page.goto("/en/embed/ie/code/")
        code = page.locator("textarea").input_value()
        assert "sandbox=" in code
        (tmp_path / "index.html").write_text(f"<!doctype html><h1>School</h1>{code}")
        page.goto(school)
        leave_the_card(page, by_keyboard)
        is_away(page, served)


@pytest.mark.parametrize("path", ["/en/embed/ie/code/", CARD])
def test_so_does_that_of_a_card_on_our_own_page_and_of_one_alone(opened, served, path):
    with opened() as page:
        page.goto(path)
        if path == CARD:
            page.locator(".card__exit").click()
        else:
            leave_the_card(page, by_keyboard=False)
        is_away(page, served)


# --- Shift --------------------------------------------------------------------------------------


def test_pressing_shift_is_announced(opened, served):
    with opened() as page:
        start(page, served, "/en/stop/")
        status = page.get_by_role("status")
        expect(status).to_have_text("")
        page.keyboard.press("Shift")
        expect(status).to_have_text("Shift pressed once. Press it two more times to leave.")
        page.keyboard.press("Shift")
        expect(status).to_have_text("Shift pressed twice. Press it once more to leave.")


def test_each_press_may_take_five_seconds(opened, served):
    with opened() as page:
        page.clock.install(time=0)
        start(page, served, "/en/stop/")
        page.clock.pause_at(60 * 60)  # this machine's own time must not count as well
        press_shift(page, 1)
        for _ in range(2):
            page.clock.fast_forward(4900)
            press_shift(page, 1)
        is_away(page, served)


def test_after_more_than_five_seconds_the_presses_are_forgotten(opened, served):
    with opened() as page:
        page.clock.install()
        start(page, served, "/en/stop/")
        press_shift(page, 2)
        page.clock.fast_forward(5001)
        expect(page.get_by_role("status")).to_have_text("")
        press_shift(page, 1)
        expect(page.get_by_role("status")).to_contain_text("Shift pressed once.")
        press_shift(page, 2)
        is_away(page, served)


def test_shift_that_is_held_counts_once(opened, served):
    with opened() as page:
        start(page, served, "/en/stop/")
        for _ in range(5):
            page.keyboard.down("Shift")  # the browser hears these as repeats of one press
        page.keyboard.up("Shift")
        expect(page.get_by_role("status")).to_contain_text("Shift pressed once.")


@pytest.mark.parametrize(
    "keys", ["Shift+A", "Shift+Tab", "Alt+Shift", "Control+Shift", "Shift+Alt"]
)
def test_shift_together_with_other_keys_does_not_leave(opened, served, keys):
    with opened() as page:
        start(page, served, "/en/stop/")
        for _ in range(4):
            page.keyboard.press(keys)
        page.keyboard.press("Shift")
        expect(page.get_by_role("status")).to_contain_text("Shift pressed once.")
        assert page.url.endswith("/en/stop/")


def test_another_key_between_begins_anew(opened, served):
    with opened() as page:
        start(page, served, "/en/stop/")
        for key in ("Shift", "Shift", "Tab", "Shift"):
            page.keyboard.press(key)
        expect(page.get_by_role("status")).to_contain_text("Shift pressed once.")


@pytest.mark.parametrize("act", ["click", "wheel"])
def test_marking_and_rolling_with_shift_does_not_leave(opened, served, act):
    with opened(viewport=access.DESKTOP) as page:
        start(page, served, "/en/stop/")
        page.mouse.move(600, 400)
        for _ in range(4):
            page.keyboard.down("Shift")
            if act == "click":
                page.mouse.down()
                page.mouse.up()
            else:
                page.mouse.wheel(0, 50)
                page.wait_for_timeout(100)  # rolling is told of with the next frame
            page.keyboard.up("Shift")
        page.keyboard.press("Shift")
        expect(page.get_by_role("status")).to_contain_text("Shift pressed once.")


# --- Where it leads -----------------------------------------------------------------------------


def test_the_exit_speaks_the_browsers_language_where_it_can(opened, server, tmp_path):
    urls = f"{server.exit_url}, ar={server.exit_url}/arabic"
    with production(server, tmp_path, EXIT_URL=urls) as running:
        site = f"http://127.0.0.1:{running.port}"
        for locale, target in (("ar-EG", "/arabic"), ("fr-FR", "/"), ("en-GB", "/")):
            with opened(site, locale=locale) as page:
                page.goto("/en/stop/")
                page.locator(EXIT).click()
                page.wait_for_url(server.exit_url + target)


def test_nothing_is_told_to_where_it_leads(opened, served):
    with opened() as page:
        asked = []
        page.on("request", lambda request: asked.append((request.url, request.all_headers())))
        page.goto("/en/stop/")
        page.locator(EXIT).click()
        is_away(page, served)
        assert [url for url, _ in asked] == [f"{served.url}/en/stop/", f"{served.exit_url}/"]
        assert [headers for _, headers in asked if "referer" in headers] == []
