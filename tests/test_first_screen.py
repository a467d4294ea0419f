"""The start page as it opens on a phone: what this is, and the first thing to do."""

import pytest

from tests.access import window
from tests.browser import chromium, served

__all__ = ["chromium", "served", "window"]

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [(360, 640), (320, 568)], ids=["360", "320"])
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_what_it_is_and_the_first_action_are_seen_before_scrolling(window, language, size):
    opened = window(f"/{language}/")
    opened.at(*size)
    page = opened.page
    end = size[1] - page.locator(".header").bounding_box()["height"]
    action = page.locator("main :is(a, button, summary)").first
    assert action.get_attribute("href") == f"/{language}/now/"
    for part in (page.locator("h1"), page.locator(".page__summary"), action):
        assert part.is_visible()
        box = part.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= end


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_first_action_is_as_large_as_a_thumb_and_named_by_its_page(window, language):
    opened = window(f"/{language}/")
    action = opened.page.locator(".home__first a")
    assert action.bounding_box()["height"] >= 44
    name = action.text_content()
    action.click()
    assert opened.page.locator("h1").text_content() == name
