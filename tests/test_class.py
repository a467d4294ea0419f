"""The situations for a class: one fills the screen, and on paper four make a sheet."""

from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from pypdf import PdfReader

from tests.browser import chromium, served

__all__ = ["chromium", "served"]

PATH = "/{}/is-this-okay/class/"
IN_VIEW = """() => [...document.querySelectorAll('.class__text')].filter((text) => {
    const { top, bottom } = text.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
}).length"""
COVERED = """() => {
    const { left, top, width, height } = document.querySelector('.header .exit')
        .getBoundingClientRect();
    const there = document.elementFromPoint(left + width / 2, top + height / 2);
    return !there?.closest('.exit');
}"""


@pytest.mark.django_db
def test_every_situation_is_there_with_its_neighbours(site):
    page = site.page(PATH.format("en"))
    keys = [e["id"] for e in page.all("section", class_="class__situation")]
    assert keys == [e["id"] for e in site.page("/en/is-this-okay/").all("li", class_="scenario")]
    assert len(keys) == 12
    for number, section in enumerate(page.all("section", class_="class__situation")):
        ways = {a["href"] for a in section.one("p", class_="class__ways").all("a")}
        around = {f"#{keys[n]}" for n in (number - 1, number + 1) if 0 <= n < len(keys)}
        assert ways == around | {"#numbers"}


@pytest.mark.django_db
def test_answers_wait_to_be_opened(site):
    for section in site.page(PATH.format("en")).all("section", class_="class__situation"):
        details = section.one("details")
        assert "open" not in details.attributes
        assert section.text.index("Okay") < section.text.index("The answer")


@pytest.mark.django_db
def test_it_is_reached_from_the_page_that_it_repeats(site):
    for path in ("/en/is-this-okay/", "/en/teachers/"):
        assert PATH.format("en") in {a["href"] for a in site.page(path).main.all("a")}, path


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_one_situation_at_a_time_is_on_the_screen(chromium, served, language, size):
    page = chromium.new_page(base_url=served.url, viewport={"width": size[0], "height": size[1]})
    page.goto(PATH.format(language))
    page.locator(".class__numbers a").first.click()
    for _ in range(12):
        assert page.evaluate(IN_VIEW) == 1
        assert not page.evaluate(COVERED)
        target = page.evaluate("location.hash")
        following = page.locator(f"{target} .class__ways .button")
        if following.count():
            following.click()
    assert page.url.endswith(page.locator(".class__situation").last.get_attribute("id"))
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ar"])
def test_on_paper_there_are_three_sheets_of_cards_and_the_answers(chromium, served, language):
    page = chromium.new_page(base_url=served.url)
    page.goto(PATH.format(language))
    sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(sheets) == 4, "three sheets of four cards, then the answers"
    for sheet in sheets:
        assert [round(float(side)) for side in sheet.mediabox[2:]] == [595, 842]
    if language == "en":
        words = [sheet.extract_text() for sheet in sheets]
        assert all("The answers" not in text for text in words[:3])
        assert "The answers, for you" in words[3]
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_is_accessible(chromium, served, language, width, scheme):
    context = chromium.new_context(
        base_url=served.url, viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    page = context.new_page()
    page.goto(PATH.format(language))
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    context.close()
