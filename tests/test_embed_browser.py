"""The card for other sites as phones show it."""

import pytest

from content.views.embed import HEIGHT
from tests.access import window
from tests.browser import chromium, served

__all__ = ["chromium", "served", "window"]

pytestmark = pytest.mark.browser


# Phones hide the scroll bar of a frame: who does not see the last line does not know of it.
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_each_card_fits_into_its_frame_on_a_phone(window, served, language):
    codes = {path.split("/")[3] for path in served.paths("en") if path.startswith("/en/report/")}
    too_high = {}
    for code in sorted(codes - {""}):
        opened = window(f"/{language}/embed/{code}/")
        opened.at(360, 100)
        height = opened.page.evaluate("document.documentElement.scrollHeight")
        if height > HEIGHT:
            too_high[code] = height
    assert len(codes) > 40
    assert too_high == {}
