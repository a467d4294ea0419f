"""axe on every template and, slowly, on every page. It finds less than a third of all barriers:
the other accessibility tests (keyboard, zoom, seen, spoken) measure what it cannot."""

from itertools import cycle, product

import pytest
from axe_playwright_python.sync_playwright import Axe

from campaign import languages
from tests.access import DESKTOP, PHONE, loaded, shown, window
from tests.browser import chromium, served

__all__ = ["chromium", "loaded", "served", "shown", "window"]

pytestmark = pytest.mark.browser

STATES = list(product((PHONE, DESKTOP), ("light", "dark")))
CONTRAST = ("color-contrast", "color-contrast-enhanced")
"""What takes axe longest, and is measured of every text in tests/test_seen.py."""
TARGETS = "target-size"
MORE = (TARGETS, "identical-links-same-purpose")
"""Rules of WCAG 2.2 AA and AAA that axe leaves out when it is not asked."""


def violations(page, contrast=False):
    """What axe finds, each with the first elements concerned."""
    wanted = dict.fromkeys(CONTRAST, contrast) | dict.fromkeys(MORE, True)
    rules = {name: {"enabled": is_wanted} for name, is_wanted in wanted.items()}
    options = {"resultTypes": ["violations"], "rules": rules}
    found = Axe().run(page, options=options).response["violations"]
    where = {
        violation["id"]: [" ".join(map(str, node["target"])) for node in violation["nodes"]]
        for violation in found
    }
    small = [target for target in where.pop(TARGETS, []) if is_small(page, target)]
    if small:
        where[TARGETS] = small
    return [(name, targets[:3]) for name, targets in where.items()]


def is_small(page, target):
    """Whether a target is too small where readers can bring it: axe asks where the page stands,
    and there the bar with the way out may lie over half of a line."""
    page.locator(target).evaluate("(element) => element.scrollIntoView({ block: 'center' })")
    options = {"runOnly": {"type": "rule", "values": [TARGETS]}, "resultTypes": ["violations"]}
    return bool(Axe().run(page, context=target, options=options).response["violations"])


def test_axe_finds_nothing_on_a_small_or_large_screen_in_light_or_dark(shown):
    found = {}
    for size, scheme in STATES:
        shown.page.set_viewport_size(size)
        shown.page.emulate_media(color_scheme=scheme)
        found[size["width"], scheme] = violations(shown.page)
    assert {state: faults for state, faults in found.items() if faults} == {}


def test_axe_sees_links_that_are_too_close_wherever_they_stand(window):
    opened = window("/en/stop/")
    assert violations(opened.page) == []
    opened.measure("dress", "footer a { min-block-size: 0; font-size: 10px; line-height: 1 }")
    assert len(dict(violations(opened.page))[TARGETS]) == 3


def test_axe_sees_a_picture_without_words(window):
    opened = window("/en/stop/")
    opened.page.locator("main").evaluate("m => m.append(document.createElement('img'))")
    assert "image-alt" in dict(violations(opened.page))


@pytest.mark.slow
@pytest.mark.parametrize("language", languages.BY_CODE)
def test_axe_finds_nothing_on_any_page_in_any_language(window, served, language):
    """Each page in one of the four states; in languages without texts of their own, where all pages
    are alike, the start and the steps."""
    offered = f"/sitemap-{language}.xml" in served.get("/sitemap.xml")
    paths = served.paths(language) if offered else []
    paths = paths or [f"/{language}/{key}" for key in ("", "understand/", "stop/", "report/")]
    found = {}
    for path, (size, scheme) in zip(paths, cycle(STATES), strict=False):
        opened = window(path)
        opened.page.set_viewport_size(size)
        opened.page.emulate_media(color_scheme=scheme)
        opened.measure("openAll")
        found[path] = violations(opened.page, contrast=True)
    assert {path: faults for path, faults in found.items() if faults} == {}
