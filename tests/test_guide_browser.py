"""The guide in a real browser: choosing joins the steps, and leaves nothing behind."""

from contextlib import contextmanager
from itertools import combinations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser import chromium, served

__all__ = ["chromium", "served"]

pytestmark = pytest.mark.browser

PHONE = {"width": 320, "height": 640}
SHOWN = ".guide__result .guide__steps > li"
NO_SCROLL = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
KEPT = "[localStorage.length, sessionStorage.length, document.cookie, history.length]"
RULES = """() => Object.fromEntries([...document.querySelectorAll('.branch')].map(branch => [
    branch.id, [...branch.querySelectorAll('[data-step]')].map(step => [
        step.dataset.step, Number(step.dataset.order), (step.dataset.replaces ?? '').split(' '),
    ])]))"""


@pytest.fixture
def opened(chromium, served):
    """Open the guide in a new window, with these settings of the browser."""

    @contextmanager
    def window(language="en", **settings):
        context = chromium.new_context(base_url=served.url, **({"viewport": PHONE} | settings))
        page = context.new_page()
        page.goto(f"/{language}/now/")
        try:
            yield page
        finally:
            context.close()

    return window


def choose(page, *keys):
    for key in keys:
        page.locator(f'.guide__choose input[value="{key}"]').check()


def shown(page):
    return page.locator(SHOWN).evaluate_all("steps => steps.map(step => step.dataset.step)")


def joined(rules, keys):
    """The same rule as content/publishing/steps.py, on what the page holds."""
    steps = {name: (order, gone) for key in keys for name, order, gone in rules[key]}
    replaced = {other for _, gone in steps.values() for other in gone}
    return [name for name in sorted(steps, key=lambda n: steps[n][0]) if name not in replaced]


def test_every_pair_of_branches_is_joined_as_the_rules_say(opened):
    with opened() as page:
        rules = page.evaluate(RULES)
        assert len(rules) == 11
        for pair in combinations(rules, 2):
            choose(page, *pair)
            assert shown(page) == joined(rules, pair), pair
            page.locator(".guide__again").click()
        assert shown(page) == []


def test_choosing_asks_for_nothing_stores_nothing_and_keeps_the_address(opened):
    with opened() as page:
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        before = page.url, page.evaluate(KEPT)
        choose(page, "i-paid", "hurting-myself")
        page.locator(".people select").select_option("DE")
        expect(page.locator('[data-country="DE"]')).to_be_visible()
        expect(page.locator('[data-country="FR"]')).to_be_hidden()
        assert page.locator('[data-country="DE"] a[href^="tel:"]').count() >= 2
        assert shown(page)[0] == "talk-first"
        assert (page.url, page.evaluate(KEPT)) == before
        # The browser fetches the page's icon when it likes.
        assert [url for url in asked if "/static/icon." not in url] == []
        assert page.context.cookies() == []


def test_leaving_and_coming_back_starts_afresh(opened):
    with opened() as page:
        choose(page, "i-paid")
        page.locator(".people select").select_option("DE")
        page.goto("/en/stop/")
        page.go_back()
        expect(page.locator(".guide__choose")).to_be_visible()
        assert page.locator(".guide__choose :checked").count() == 0
        assert page.locator(".people select").input_value() == ""
        expect(page.locator(".people [role=status]")).to_have_text("")
        expect(page.locator(".guide__result")).to_be_hidden()
        choose(page, "it-is-fake")
        page.reload()
        assert page.locator(".guide__choose :checked").count() == 0


def test_the_keyboard_alone_is_enough(opened):
    with opened(viewport={"width": 1280, "height": 800}) as page:
        page.locator('.guide__choose input[value="hurting-myself"]').focus()
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        assert page.locator(".guide__choose :checked").count() == 2
        expect(page.locator(".guide__count")).to_contain_text(f"{len(shown(page))}")
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('.people select')"):
                break
        else:
            raise AssertionError("Tab does not reach the choice of country")
        page.keyboard.type("Ger")
        expect(page.locator('[data-country="DE"]')).to_be_visible()
        expect(page.locator(".people [role=status]")).to_have_text("Shown below: Germany")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_without_script_everything_can_be_read(opened, language):
    with opened(language, java_script_enabled=False) as page:
        expect(page.locator(".guide__choose")).to_be_hidden()
        assert page.locator(".branch:visible").count() == 11
        assert page.locator("[data-country]:visible").count() == 45


@pytest.mark.parametrize(
    ("language", "scheme"), [("en", "light"), ("ar", "dark"), ("fr", "light"), ("el", "dark")]
)
def test_it_fits_a_small_phone_and_axe_finds_nothing(opened, language, scheme):
    with opened(language, color_scheme=scheme) as page:
        choose(page, "i-paid", "i-know-them", "already-posted")
        page.locator(".people select").select_option("BE")
        assert page.evaluate(NO_SCROLL)
        violations = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["target"]) for v in violations] == []
