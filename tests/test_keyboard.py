"""With the keyboard alone: every control is reached in the order of reading, and always seen."""

import pytest
from playwright.sync_api import expect

from tests.access import DESKTOP, PATHS, PHONE, loaded, window
from tests.browser import chromium, served
from tests.rarely import a_few

__all__ = ["chromium", "loaded", "served", "window"]

pytestmark = pytest.mark.browser

ZOOMED = {"width": 320, "height": 200}
"""A window of 1280 x 800 at 400 %: the bar with the exit takes much of it."""
ROOM = """() => {
    const bar = document.querySelector(".header");
    const edge = bar.getBoundingClientRect().top > 0 ? "Bottom" : "Top";
    const root = getComputedStyle(document.documentElement);
    const room = parseFloat(root[`scrollPadding${edge}`]) - bar.offsetHeight;
    return [...document.querySelectorAll("main :is(a, summary, button, select, input)")].filter(
        (one) => [...one.getClientRects()].some((line) => line.height >
            room + parseFloat(getComputedStyle(one)[`scrollMargin${edge}`]))
    ).map((one) => one.outerHTML.slice(0, 90));
}"""
"""Controls that are higher than the room which they keep to the bar."""
SIZES = {"phone": PHONE, "desktop": DESKTOP, "zoomed": ZOOMED}


def walk(opened, size):
    """Press Tab from the start to the end of the page and return what is wrong on the way."""
    opened.page.set_viewport_size(size)
    opened.page.goto(opened.path)
    stops = opened.measure("startWalk")
    for frame in opened.page.frames[1:]:
        stops += frame.locator("a").count()
    assert stops >= 7
    has_frames = len(opened.page.frames) > 1  # a frame keeps the keys that are pressed inside it
    for _ in range(stops):
        opened.page.keyboard.press("Tab")
        if has_frames and opened.measure("note"):
            break
    return opened.measure("endWalk")


# WCAG 2.2: 2.1.1 keyboard, 2.1.2 no trap, 2.4.3 order, 2.4.7 visible, 2.4.12 not obscured (AAA).
@pytest.mark.parametrize(
    "size", [PHONE, pytest.param(DESKTOP, marks=pytest.mark.slow)], ids=["phone", "desktop"]
)
def test_tab_reaches_every_control_in_order_and_each_is_seen(loaded, size):
    assert walk(loaded, size) == []


@pytest.mark.parametrize("name", a_few(PATHS, "home", "now", "country", "teachers"))
def test_tab_reaches_every_control_at_400_percent_too(window, name):
    assert walk(window(f"/ar{PATHS[name]}"), ZOOMED) == []


# Firefox lets a control lie where it is when a part of it is in view. What it calls in view ends
# above the bar by the paddings and margins for scrolling: by the height of the control at least.
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_bar_never_lies_on_what_a_browser_takes_for_seen(loaded, size):
    loaded.page.set_viewport_size(size)
    if not loaded.is_card:
        assert loaded.page.evaluate(ROOM) == []


def plant(window, script):
    """Walk over a page with a fault in it."""
    opened = window("/en/understand/")
    opened.page.set_viewport_size(DESKTOP)
    stops = opened.page.evaluate(f"() => {{ {script}; return measure.startWalk() }}")
    for _ in range(stops):
        opened.page.keyboard.press("Tab")
    return " ".join(opened.measure("endWalk"))


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("measure.dress('main a { outline: 0 !important }')", "shows no focus"),
        ("measure.dress(':focus { outline-color: #eee !important }')", "only"),
        ("document.querySelector('main a').tabIndex = 1", "Tab goes back from"),
        ("document.querySelector('footer a').onfocus = e => e.target.blur()", "Tab misses"),
        (
            "document.querySelector('footer a').onkeydown = e => e.preventDefault()",
            "Tab is caught in",
        ),
        ("measure.dress('article { display: flex; flex-flow: column-reverse }')", "Tab goes up"),
        ("measure.dress('.header { block-size: 700px }')", "lies under header"),
    ],
    ids=["outline", "contrast", "order", "missed", "trap", "upwards", "covered"],
)
def test_the_walk_sees_what_is_wrong(window, script, fault):
    assert fault in plant(window, script)


@pytest.mark.parametrize("path", ["/en/stop/", "/ar/report/de/"])
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_first_stops_are_the_skip_link_and_the_exit_and_both_are_seen(window, path, size):
    page = window(path).page
    page.set_viewport_size(size)
    for target in ("#main", "/exit/"):
        page.keyboard.press("Tab")
        assert page.locator(":focus").get_attribute("href") == target
        expect(page.locator(":focus")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("path", ["/en/stop/", "/ar/report/de/"])
def test_the_skip_link_goes_to_the_text_and_tab_goes_on_from_there(window, path):
    page = window(path).page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_what_is_folded_opens_and_closes_by_key_and_tab_goes_into_it(window, key):
    page = window("/en/").page
    fold = page.locator("details.countries")
    fold.locator("summary").focus()
    page.keyboard.press(key)
    expect(fold.locator("a").first).to_be_visible()
    page.keyboard.press("Tab")
    assert fold.evaluate("fold => fold.contains(document.activeElement)")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press(key)
    expect(fold.locator("a").first).to_be_hidden()


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("path", ["/en/stop/", "/ar/stop/"])
def test_every_language_is_reached_and_seen_in_the_open_list(window, path, size):
    opened = window(path)
    opened.page.set_viewport_size(size)
    opened.page.locator(".languages__open").focus()
    opened.page.keyboard.press("Enter")
    names = opened.page.locator(".languages__list a")
    for name in names.all():
        opened.page.keyboard.press("Tab")
        expect(name).to_be_focused()
        expect(name).to_be_in_viewport(ratio=0.99)
    opened.page.keyboard.press("Tab")
    expect(opened.page.locator(".header .exit")).to_be_focused()


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_list_of_languages_never_lies_on_what_has_the_focus(window, size):
    opened = window("/en/stop/")
    opened.page.set_viewport_size(size)
    languages = opened.page.locator(".languages")
    languages.locator("summary").focus()
    opened.page.keyboard.press("Enter")
    expect(languages).to_have_attribute("open", "")
    for _ in range(languages.locator("a").count() + 2):
        opened.page.keyboard.press("Tab")
    assert opened.page.evaluate("document.activeElement.closest('.path') !== null")
    expect(languages).not_to_have_attribute("open", "")


def test_escape_closes_the_list_of_languages_and_the_focus_stays_there(window):
    page = window("/en/stop/").page
    languages = page.locator(".languages")
    languages.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(languages).not_to_have_attribute("open", "")
    expect(languages.locator("summary")).to_be_focused()
