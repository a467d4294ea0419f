"""Firefox prints what Chromium prints, and cuts no word of a sheet."""

import re

import pytest

from tests.browser import Served, chromium, served
from tests.engines.firefox import Firefox
from tests.engines.fixtures import firefox
from tests.paper import Paper, letters
from tests.rarely import a_few

__all__ = ["chromium", "firefox", "served"]

pytestmark = pytest.mark.browser

PAGES = {
    *("/en/", "/en/stop/", "/en/now/", "/en/report/de/", "/en/teachers/"),
    *("/en/parents/", "/en/report/", "/en/is-this-okay/class/", "/en/facts/"),
    *("/fr/stop/", "/fr/teachers/", "/fr/report/ch/"),
}
SHEETS = {
    **{"/en/poster/ie/": 2, "/en/poster/ie/staff/": 1},
    **{"/fr/poster/ch/": 2, "/fr/poster/ch/staff/": 1},
    **{"/ar/poster/be/": 2, "/ar/poster/be/staff/": 1},
}
"""Each with its number of sheets of A4."""
TEXTS = """() => [
    ...document.querySelectorAll("main :is(h1, h2, h3, h4, p, li, dt, dd, summary, td, th)")
].filter((one) => !one.querySelector("p, li, h2, h3, h4, dt, a ~ a"))
    .map((one) => one.textContent)"""
"""Headings and what stands below them, each in the smallest element that holds it. Several links
beside each other are left out: poppler reads them in another order."""


@pytest.fixture
def both(chromium, firefox: Firefox, served: Served, tmp_path):
    """Print an address in Chromium and in Firefox; with the texts that its `main` has."""

    def printed(path):
        page = chromium.new_page()
        page.goto(served.url + path)
        texts = {
            letters(sentence)
            for text in page.evaluate(TEXTS)
            for sentence in re.split(r"(?<=[.?!:])\s+", text)
        }
        by_chromium = Paper(tmp_path, page.pdf(prefer_css_page_size=True))
        page.close()
        firefox.goto(served.url + path)
        return by_chromium, Paper(tmp_path, firefox.pdf()), texts

    return printed


@pytest.mark.parametrize("path", a_few(sorted(PAGES), "/en/", "/en/stop/", "/en/teachers/"))
def test_firefox_prints_every_text_that_chromium_prints(both, path):
    by_chromium, by_firefox, texts = both(path)
    printed = {text for text in texts - {""} if text in by_chromium.letters}
    assert len(printed) > 10
    assert {text for text in printed if not by_firefox.has(text)} == set()


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/ar/", "/ar/stop/", "/ar/report/de/", "/ar/teachers/"])
def test_firefox_prints_as_much_arabic_as_chromium(both, path):
    """Poppler joins words from the right in another order: their letters are counted."""
    by_chromium, by_firefox, _ = both(path)
    assert len(by_firefox.letters) > 0.98 * len(by_chromium.letters) > 500


@pytest.mark.parametrize(
    "path", a_few(SHEETS, "/en/poster/ie/", "/en/poster/ie/staff/", "/ar/poster/be/")
)
def test_firefox_cuts_no_word_of_a_sheet(firefox, served, tmp_path, path):
    firefox.goto(served.url + path)
    paper = Paper(tmp_path, firefox.pdf())
    assert len(paper.letters) > 500
    assert paper.cut_words() == []
    assert paper.pages() == SHEETS[path]


# --- The faults that pages once had, planted again ------------------------------------------------

PLANT = """(rules) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`@media print { ${rules} }`);
    document.adoptedStyleSheets = [sheet];
}"""


def test_texts_that_firefox_would_not_paint_are_missed(both, firefox, tmp_path):
    by_chromium, by_firefox, texts = both("/en/")
    firefox.evaluate(PLANT, "body, main { container: main / inline-size }")
    faulty = Paper(tmp_path, firefox.pdf())
    printed = {text for text in texts - {""} if text in by_chromium.letters}
    assert all(by_firefox.has(text) for text in printed)
    assert not all(faulty.has(text) for text in printed)


def test_words_that_firefox_would_cut_are_found(firefox, served, tmp_path):
    firefox.goto(served.url + "/en/poster/ie/")
    rules = ".sheets { container: sheets / inline-size } .sheet { --mm: calc(100cqi / 210) }"
    firefox.evaluate(PLANT, rules)
    assert "Ireland" in Paper(tmp_path, firefox.pdf()).cut_words()
