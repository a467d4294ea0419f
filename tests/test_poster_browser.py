"""Sheets as they leave the printer: one page each, and nothing cut off."""

from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from pypdf import PdfReader

from campaign import languages
from tests.browser import chromium, served

__all__ = ["chromium", "served"]

pytestmark = pytest.mark.browser

A4 = (595, 842)  # points
SHEETS = {"poster/{}/": 2, "poster/{}/staff/": 1}

# Texts that leave their sheet or card, and boxes that something runs out of.
CUT = """() => {
    const cut = [];
    for (const box of document.querySelectorAll(".sheet, .pocket")) {
        const outer = box.getBoundingClientRect();
        const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const range = document.createRange();
            range.selectNodeContents(walker.currentNode);
            for (const rect of range.getClientRects())
                if (rect.width && (rect.left < outer.left - 1 || rect.right > outer.right + 1 ||
                    rect.top < outer.top - 1 || rect.bottom > outer.bottom + 1))
                    cut.push(walker.currentNode.textContent.trim());
        }
    }
    return cut;
}"""

# Words of what is read from afar that go on in the next line.
BROKEN = """() => [
    ...document.querySelectorAll(".poster__title, .poster__step h3")
].flatMap((box) => {
    const text = box.firstChild, range = document.createRange();
    return [...text.data.matchAll(/[^\\s-]+/g)].filter((word) => {
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        return new Set([...range.getClientRects()].map((rect) => Math.round(rect.top))).size > 1;
    }).map((word) => word[0]);
})"""

# Parts of a sheet that lie on each other.
LAPPING = """() => [...document.querySelectorAll(".sheet, .pocket")].flatMap((box) => {
    const parts = [...box.children].map((part) => part.getBoundingClientRect());
    return parts.flatMap((one, n) => parts.slice(n + 1).filter((other) =>
        one.left < other.right - 1 && other.left < one.right - 1 &&
        one.top < other.bottom - 1 && other.top < one.bottom - 1
    ).map(() => box.className));
})"""


@pytest.fixture(scope="module")
def printed(chromium, served):
    """Print an address: the PDF, and what is cut off, broken or lies on something else."""
    page = chromium.new_page(base_url=served.url)

    def print_page(path):
        page.emulate_media(media="screen")
        page.goto(path)
        page.emulate_media(media="print")
        problems = page.evaluate(CUT) + page.evaluate(LAPPING) + page.evaluate(BROKEN)
        pdf = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
        return pdf, problems

    yield print_page
    page.close()


def check(printed, language, country):
    for address, pages in SHEETS.items():
        path = f"/{language}/{address.format(country)}"
        pdf, problems = printed(path)
        assert problems == [], path
        assert len(pdf.pages) == pages, path
        for sheet in pdf.pages:
            width, height = sheet.mediabox[2:]
            assert (round(width), round(height)) == A4, path


@pytest.mark.parametrize(
    ("language", "country"),
    [("en", "ie"), ("de", "de"), ("ar", "be"), ("el", "gr"), ("ka", "ge"), ("fr", "ch")],
)
def test_each_sheet_is_one_page_of_a4_and_nothing_is_cut(printed, language, country):
    check(printed, language, country)


@pytest.mark.slow
@pytest.mark.parametrize("language", list(languages.BY_CODE))
def test_each_sheet_is_one_page_in_every_language(printed, language):
    for country in ("be", "ch", "gr", "ua"):
        check(printed, language, country)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_each_sheet_is_one_page_in_every_country(printed, served, language):
    paths = [path.split("/") for path in served.paths("en") if path.startswith("/en/report/")]
    for country in {path[3] for path in paths} - {""}:
        check(printed, language, country)


# The longest words of a language, about half as long again as the English text.
LONG = """() => {
    for (const part of document.querySelectorAll(
        ".poster__title, .poster__lead, .poster__step h3, .poster__step p, .pocket__mark strong"
    )) part.textContent += " " + part.textContent.slice(0, part.textContent.length / 2);
}"""


def test_a_language_half_as_long_again_still_fits(chromium, served):
    page = chromium.new_page(base_url=served.url)
    page.goto("/en/poster/ie/")
    page.evaluate(LONG)
    page.emulate_media(media="print")
    assert page.evaluate(CUT) + page.evaluate(LAPPING) == []
    pdf = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(pdf.pages) == 2
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(
    "path", ["/en/poster/ie/", "/ar/poster/be/", "/en/poster/ie/staff/", "/en/poster/"]
)
def test_sheets_are_accessible_on_the_screen(chromium, served, path, width, scheme):
    context = chromium.new_context(
        base_url=served.url, viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    page = context.new_page()
    page.goto(path)
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    context.close()
