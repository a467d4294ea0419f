"""What eyes need: contrast, edges when the system chooses the colours, and nothing that moves."""

import pytest

from tests.access import DESKTOP, PATHS, loaded, shown, window
from tests.browser import chromium, served

__all__ = ["chromium", "loaded", "served", "shown", "window"]

pytestmark = pytest.mark.browser

SCHEMES = ("light", "dark")


# WCAG 2.2, 1.4.6 (AAA) and 1.4.11
@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_has_a_contrast_of_7_and_controls_stand_out(shown, scheme):
    shown.page.emulate_media(color_scheme=scheme)
    assert shown.measure("textContrast") + shown.measure("controlContrast") == []


def test_when_the_system_chooses_the_colours_boxes_keep_an_edge_and_the_focus_is_seen(shown):
    shown.page.set_viewport_size(DESKTOP)
    assert shown.measure("grounds") >= 1
    found = {}
    for scheme in SCHEMES:
        shown.page.emulate_media(color_scheme=scheme, forced_colors="active")
        found[scheme] = shown.measure("lostEdges") + shown.measure("lostFocus")
    assert found == {"light": [], "dark": []}


def test_nothing_moves_for_readers_who_asked_for_that(shown):
    shown.page.emulate_media(reduced_motion="reduce")
    assert shown.measure("moving") == []


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_a_page_looks_the_same_when_it_is_loaded_again(window, path):
    """The second answer says only "not modified": its policy must fit the page that was kept."""
    opened = window(f"/en{path}")
    complaints = []
    opened.page.on("console", lambda message: complaints.append(message.text))
    look = "getComputedStyle(document.querySelector('h1')).cssText || document.styleSheets.length"
    before = opened.page.evaluate(look)
    opened.page.goto(opened.path)
    assert opened.page.evaluate(look) == before
    assert [text for text in complaints if "Content Security Policy" in text] == []


@pytest.mark.parametrize(
    ("measure", "css", "fault"),
    [
        ("textContrast", "h1 { color: #888 }", "h1"),
        ("textContrast", ".path__number { background: #3d1f9e }", "path__number"),
        (
            "textContrast",
            "li::before { content: 'a' !important; color: #aaa }",
            "::before",
        ),
        ("controlContrast", ".exit { border: 1px solid #eee; background: #fff }", "a.exit"),
        ("moving", ".exit { transition: color 1s }", "a.exit"),
        ("moving", "html { scroll-behavior: smooth }", "html"),
        ("lostFocus", ":focus-visible { outline: 0 !important }", "a.exit"),
        ("lostEdges", ".exit { border: 0 !important }", "a.exit"),
    ],
)
def test_these_checks_see_what_is_wrong(window, measure, css, fault):
    opened = window("/en/stop/")
    opened.measure("grounds")
    if measure.startswith("lost"):
        opened.page.emulate_media(forced_colors="active")
    assert fault not in " ".join(opened.measure(measure))
    opened.measure("dress", css)
    assert fault in " ".join(opened.measure(measure))
