"""Letters follow the size that readers set in their browser, on every kind of page."""

import pytest

from tests.access import DESKTOP, PATHS, PHONE, window
from tests.browser import chromium, served

__all__ = ["chromium", "served", "window"]

pytestmark = pytest.mark.browser

SIZES = """() => [...document.querySelectorAll("body, body *")].filter((one) =>
    !one.closest(".sheet, svg") &&
    [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
).map((one) => [`${one.localName}.${one.className}`,
    one.checkVisibility() ? parseFloat(getComputedStyle(one).fontSize) : 0])"""
"""Whatever has text of its own, and how large it is: 0 where it is not shown. A sheet is shown as
it leaves the printer."""


@pytest.fixture
def letters(window):
    """Set the size of letters as the browser's own settings do."""
    session = None

    def change(opened, size):
        nonlocal session
        session = session or opened.page.context.new_cdp_session(opened.page)
        session.send("Page.enable")
        session.send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size - 3}})
        opened.page.goto(opened.path)

    yield change
    if session:
        session.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
        session.detach()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["320", "1280"])
@pytest.mark.parametrize("name", PATHS)
def test_letters_twice_as_large_are_all_twice_as_large(window, letters, name, size):
    opened = window(f"/en{PATHS[name]}")
    opened.page.set_viewport_size(size)
    before = opened.page.evaluate(SIZES)
    letters(opened, 32)
    after = opened.page.evaluate(SIZES)
    both = [
        (what, large / small)
        for (what, small), (_, large) in zip(before, after, strict=True)
        if large and small
    ]
    assert len(both) > 5
    assert {what: ratio for what, ratio in both if abs(ratio - 2) > 0.02} == {}


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("name", ["home", "now", "country", "facts", "class", "card"])
def test_no_page_is_wider_than_a_phone_with_letters_twice_as_large(window, letters, language, name):
    opened = window(f"/{language}{PATHS[name]}")
    letters(opened, 32)
    assert opened.measure("tooWide") == []
