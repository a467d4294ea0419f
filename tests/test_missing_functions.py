"""Browsers that lack what newer ones have: exit, guide and list work, or stand as written."""

import pytest
from playwright.sync_api import expect

from tests import access
from tests.browser import chromium, served

__all__ = ["chromium", "served"]

pytestmark = pytest.mark.browser

MISSING = {
    "replaceChildren": "for (const one of [Element, Document, DocumentFragment])"
    " delete one.prototype.replaceChildren;",
    "matchMedia": "delete window.matchMedia; delete Window.prototype.matchMedia;",
    "Intl": "delete window.Intl;",
    "IntersectionObserver": "delete window.IntersectionObserver;",
    "CSS.supports": "delete CSS.supports;",
    "Element.append": "delete Element.prototype.append;",
    "Array.flat and others of 2019": "for (const name of ['flat', 'flatMap', 'at'])"
    " delete Array.prototype[name]; delete Object.fromEntries; delete String.prototype.trimEnd;",
    "classes of letters in patterns": "const Old = RegExp; window.RegExp = function (text, flags) {"
    " if (/p[{]/.test(text)) throw new SyntaxError('planted'); return new Old(text, flags); };",
    "Map": "delete window.Map;",
    "navigator.languages": "delete Navigator.prototype.languages;",
    "document.title": "Object.defineProperty(document, 'title',"
    " { get: () => '', set: () => { throw new Error('planted'); } });",
}
"""What runs before the scripts of a page."""


@pytest.fixture(params=MISSING)
def page(request, chromium, served):
    context = chromium.new_context(base_url=served.url, viewport=access.PHONE)
    context.add_init_script(MISSING[request.param])
    yield context.new_page()
    context.close()


def test_the_exit_works_and_guide_and_list_work_or_stand_as_they_are_written(page, served):
    for act in ("click", "Shift"):
        page.goto("/en/stop/")
        if act == "click":
            page.locator(".exit").click()
        else:
            for _ in range(3):
                page.keyboard.press("Shift")
        page.wait_for_url(f"{served.exit_url}/")
    page.goto("/en/now/")
    branches, people = page.locator(".guide__branches"), page.locator("[data-country='IE']")
    if branches.is_visible():
        assert page.locator(".branch").first.is_visible()
        expect(people).to_be_visible()
        expect(page.locator(".guide__result")).to_be_hidden()
    else:
        page.locator(".guide__choice input").first.check()
        assert page.locator(".guide__result li").count() > 1
        expect(page.locator(".guide__result li").first).to_be_visible()
        page.locator(".people select").select_option("IE")
        expect(people).to_be_visible()
    page.goto("/en/report/")
    countries = page.locator(".countries__list a:visible")
    assert countries.count() == 45
    if (field := page.get_by_role("searchbox")).count():
        field.fill("german")
        expect(countries).to_have_count(1)
