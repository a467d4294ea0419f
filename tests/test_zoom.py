"""Small screens, large letters, wide spacing, thumbs: nothing is lost, cut off or too small."""

import pytest

from tests.access import DESKTOP, PHONE, loaded, shown, window
from tests.browser import chromium, served

__all__ = ["chromium", "loaded", "served", "shown", "window"]

pytestmark = pytest.mark.browser

SIZES = [PHONE, pytest.param(DESKTOP, marks=pytest.mark.slow)]
LARGE = "html { font-size: 200% !important }"
"""The largest letters that Android and desktop browsers offer."""
SPACED = """* {
    line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important }"""
"""WCAG 2.2, 1.4.12."""
HEADER = ".header .exit, .languages__open, .header__home, .card__exit"
ACTIONS = f"""{HEADER}, .languages__list a, .path a, .button, .step__link, .door li a, .jumps a,
    .action__link, .emergency__call, .card__call, .guide__choice, .guide__again,
    .countries__list a, main summary, select, input:not([type=checkbox]), textarea"""
"""What readers came for: 44 pixels wide and high (WCAG 2.2, 2.5.5, AAA)."""


def lost(opened):
    """What a reader loses in the page as it is drawn now."""
    found = [*opened.measure("tooWide"), *opened.measure("clipped"), *opened.measure("overlapping")]
    if not opened.is_card:  # its exit scrolls away with it: there is not one screen of text
        opened.page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
    return [*found, *opened.measure("exitHidden"), *opened.measure("smallActions", HEADER)]


# WCAG 2.2, 1.4.10
def test_nothing_is_lost_on_a_screen_320_pixels_wide(shown):
    assert lost(shown) == []


# WCAG 2.2, 1.4.10: 320 x 200 pixels are what is left of 1280 x 800
def test_nothing_is_lost_at_400_percent(shown):
    shown.at(320, 200)
    assert lost(shown) == []


# WCAG 2.2, 1.4.4
@pytest.mark.parametrize("size", SIZES, ids=["320", "1280"])
def test_nothing_is_lost_with_letters_twice_as_large(shown, size):
    shown.page.set_viewport_size(size)
    shown.measure("dress", LARGE)
    assert lost(shown) == []


# WCAG 2.2, 1.4.12
@pytest.mark.parametrize("size", SIZES, ids=["320", "1280"])
def test_nothing_is_lost_when_readers_space_the_text_as_they_need(shown, size):
    shown.page.set_viewport_size(size)
    shown.measure("dress", SPACED)
    assert lost(shown) == []


# WCAG 2.2, 2.5.8
@pytest.mark.parametrize("size", SIZES, ids=["320", "1280"])
def test_no_target_is_too_small_or_too_close_to_another(shown, size):
    shown.page.set_viewport_size(size)
    assert shown.measure("smallTargets") == []


@pytest.mark.parametrize("size", SIZES, ids=["320", "1280"])
def test_what_readers_came_for_is_as_large_as_a_thumb(shown, size):
    shown.page.set_viewport_size(size)
    shown.page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    assert shown.measure("smallActions", ACTIONS) == []


# As large as that of a phone with keys.
@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_the_path_is_one_line_on_the_smallest_screen(window, language):
    opened = window(f"/{language}/stop/")
    opened.at(240, 320)
    path = opened.page.locator(".path").bounding_box()
    assert path["height"] < 50
    assert path["width"] <= 240
    assert opened.measure("tooWide") == []
    assert opened.page.locator(".path [aria-current]").bounding_box()["height"] > 40


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_no_page_loses_anything_with_large_letters_or_little_room(window, served, language):
    found = {}
    for path in served.paths(language):
        opened = window(path)
        opened.measure("openAll")
        found[path] = lost(opened)
        opened.measure("dress", LARGE)
        found[f"{path} 200 %"] = lost(opened)
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize(
    ("css", "fault"),
    [
        ("h1 { white-space: nowrap; inline-size: 400px }", "the page: "),
        ("h1 { block-size: 10px; overflow: hidden }", "is cut off"),
        ("h1 { margin-block-end: -2em }", "lies on"),
        (".exit { translate: 0 5rem }", "no link to leave"),
        (".exit { padding: 0; min-block-size: 0 }", "a.exit"),
    ],
    ids=["wide", "cut off", "overlapping", "no exit", "small"],
)
def test_these_checks_see_what_is_lost(window, css, fault):
    opened = window("/en/stop/")
    opened.measure("dress", css)
    assert fault in " ".join(lost(opened))


def test_the_check_of_targets_sees_links_that_are_too_close(window):
    opened = window("/en/stop/")
    assert opened.measure("smallTargets") == []
    opened.measure("dress", "footer a { min-block-size: 0; font-size: 10px; line-height: 1 }")
    assert len(opened.measure("smallTargets")) > 5
