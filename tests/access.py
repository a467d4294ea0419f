"""Pages for the accessibility tests: one of each template, opened once for all tests of a module.

`tests/measures.js` measures in the browser. A new template is one line in PATHS.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import Served

MEASURES = Path(__file__).with_name("measures.js")

PATHS = {
    "home": "/",
    "understand": "/understand/",
    "stop": "/stop/",
    "report": "/report/",
    "now": "/now/",
    "country": "/report/de/",
    "adults": "/report/de/adults/",
    "is-this-okay": "/is-this-okay/",
    "words": "/words/",
    "platforms": "/platforms/",
    "facts": "/facts/",
    "teachers": "/teachers/",
    "changes": "/changes/",
    "embed-list": "/embed/",
    "embed-code": "/embed/de/code/",
    "card": "/embed/de/",
    "class": "/is-this-okay/class/",
    "poster": "/poster/ie/",
    "staff-card": "/poster/ie/staff/",
    "posters": "/poster/",
    "not-found": "/nothing-here/",
}
"""One address for each template and each kind of insert, without its language."""
LANGUAGES = ("en", "ar")
"""One written from the left, one from the right. Where Arabic has no text, the page shows the
English one within its own frame: so each fallback is among them too."""
FALLBACK = "/de/stop/"
ADDRESSES = {
    f"{language}-{name}": f"/{language}{path}"
    for language in LANGUAGES
    for name, path in PATHS.items()
} | {"fallback": FALLBACK}

PHONE = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 800}


@dataclass
class Opened:
    """A page in the browser, and what can be measured of it."""

    page: Page
    path: str

    def measure(self, name: str, *values: object) -> Any:
        """Call a function of tests/measures.js."""
        return self.page.evaluate(f"values => measure.{name}(...values)", list(values))

    def at(self, width: int, height: int) -> None:
        """Give the window another size."""
        self.page.set_viewport_size({"width": width, "height": height})

    def afresh(self) -> None:
        """Load the page again, as a reader of a phone has it."""
        self.page.emulate_media(color_scheme="light", forced_colors="none")
        self.page.emulate_media(reduced_motion="no-preference")
        self.page.set_viewport_size(PHONE)
        self.page.goto(self.path)

    @property
    def is_card(self) -> bool:
        """Whether it is the card for other sites, which has a frame of its own."""
        return re.search(r"/embed/../$", self.path) is not None


Open = Callable[..., Opened]


@pytest.fixture(scope="module")
def window(chromium: Browser, served: Served) -> Iterator[Open]:
    """Open addresses in one window for the whole module."""
    context = chromium.new_context(base_url=served.url, viewport=PHONE)
    context.add_init_script(path=MEASURES)
    page = context.new_page()

    def to(path: str) -> Opened:
        opened = Opened(page, path)
        opened.afresh()
        return opened

    yield to
    context.close()


@pytest.fixture(scope="module", params=ADDRESSES.values(), ids=ADDRESSES)
def loaded(request: pytest.FixtureRequest, window: Open) -> Opened:
    """Each page in turn, loaded once for all tests of the module."""
    return window(request.param)


@pytest.fixture
def shown(loaded: Opened) -> Opened:
    """Each page on a phone in its own light colours, with all that opens open."""
    loaded.page.emulate_media(
        color_scheme="light", forced_colors="none", reduced_motion="no-preference"
    )
    loaded.page.set_viewport_size(PHONE)
    loaded.measure("dress", "")
    loaded.measure("openAll")
    loaded.page.evaluate("scrollTo(0, 0)")
    return loaded
