"""For teachers: a letter with places to fill in, and plan, lesson and letter on own sheets."""

import re
from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from pypdf import PdfReader

from tests.browser import chromium, served

__all__ = ["chromium", "served"]

PATH = "/en/teachers/"
NO_SCROLL = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
TIMES = """() => [...document.querySelectorAll('.at-ten-minutes li')].map((item) => {
    const text = document.createRange();
    text.setStart(item.querySelector('strong').nextSibling, 1);
    text.setEndAfter(item.lastChild);
    const label = item.querySelector('strong').getBoundingClientRect();
    return [label.right <= text.getBoundingClientRect().left,
            label.bottom <= text.getBoundingClientRect().top + 1];
})"""


@pytest.mark.django_db
def test_the_parts_of_the_lesson_take_45_minutes_and_the_talk_ten(site):
    page = site.page(PATH)
    minutes = re.findall(r"\((\d+) minutes\)", page.by_id("lesson-parts").text)
    assert len(minutes) == 6
    assert sum(map(int, minutes)) == 45
    times = [e.text for e in page.by_id("ten-minutes").all("strong")]
    assert [int(n) for time in times for n in re.findall(r"\d+", time)] == list(range(1, 11))


@pytest.mark.django_db
def test_every_place_to_fill_in_stands_out(site):
    letter = site.page(PATH).by_id("letter")
    places = [e.text for e in letter.all("strong")]
    assert places == re.findall(r"\([^)]+\)", letter.text)
    assert len(places) == 8


@pytest.mark.django_db
def test_only_this_page_carries_its_style(site):
    assert ".at-letter" in site.page(PATH).source
    assert ".at-letter" not in site.page("/en/parents/").source


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ar"])
def test_plan_lesson_and_letter_start_on_new_sheets(chromium, served, language):
    page = chromium.new_page(base_url=served.url)
    page.goto(f"/{language}/teachers/")
    sheets = [sheet.extract_text() for sheet in PdfReader(BytesIO(page.pdf(format="A4"))).pages]
    for start in ("A plan for the school", "A lesson of 45 minutes", "(Name and address of the"):
        assert [text.startswith(start) for text in sheets].count(True) == 1, start
    (letter,) = [text for text in sheets if text.startswith("(Name and address of the")]
    assert letter.rstrip().endswith("(Name and signature)")
    assert "A letter to parents" not in letter
    assert not any("Yours sincerely" in text for text in sheets if text is not letter)
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "beside"), [(320, False), (1280, True)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_minutes_stand_beside_or_above_what_to_do(chromium, served, width, beside, scheme):
    context = chromium.new_context(
        base_url=served.url, viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    page = context.new_page()
    page.goto(PATH)
    places = page.evaluate(TIMES)
    assert len(places) == 8
    assert all(place[0] if beside else place[1] for place in places)
    assert page.evaluate(NO_SCROLL)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    context.close()
