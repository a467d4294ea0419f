"""What a screen reader is told: languages of parts, names of links, landmarks, numbers in Arabic.

Read from the HTML of the templates; tests/test_snapshots.py keeps what the browser makes of it.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from urllib.parse import urljoin

import pytest

from campaign import languages
from tests.access import ADDRESSES, LANGUAGES, PATHS
from tests.html import NOT_SHOWN, Element, Page

pytestmark = pytest.mark.django_db

NOT_SPOKEN = NOT_SHOWN | {"svg", "textarea"}
SCRIPTS = {
    "ar": "ARABIC",
    "el": "GREEK",
    "ka": "GEORGIAN",
} | dict.fromkeys(("bg", "mk", "ru", "sr", "uk"), "CYRILLIC")
"""How languages are written that are not written in Latin letters."""
VAGUE = {"here", "click here", "more", "read more", "link", "this page", "هنا", "المزيد", "ici"}
NAMES = r"\S+@\S+|https?://\S+|[\w.-]+\.[a-z]{2,}|\b[A-Z][\w.+!-]*\b"
"""Addresses and proper names: they belong to no language (WCAG 2.2, 3.1.2)."""


@pytest.fixture(params=ADDRESSES.values(), ids=ADDRESSES)
def page(request, site):
    """One page of each template, and a fallback."""
    return Page(request.param, site.answer(request.param).content.decode())


def texts(element):
    """Each piece of text below an element with the element that it stands in."""
    for part in element.parts:
        if isinstance(part, Element):
            if part.tag not in NOT_SPOKEN:
                yield from texts(part)
        elif part.strip():
            # A space that does not break is a part of the number that it stands in.
            yield element, re.sub(r"[ \n]+", " ", part).strip(" ")


def script_of(letter):
    return unicodedata.name(letter, "").partition(" ")[0]


def foreign(page):
    """Texts whose letters are not those of the language that is declared for them."""
    found = []
    for element, text in texts(page.one("body")):
        expected = SCRIPTS.get(element.language, "LATIN")
        words = text if expected == "LATIN" else re.sub(NAMES, "", text)
        scripts = {script_of(letter) for letter in words if letter.isalpha()}
        if others := scripts - {expected, "MODIFIER", "MASCULINE", "FEMININE"}:
            found.append(f"{text!r} is {others}, declared as {element.language}")
    return found


# WCAG 2.2, 3.1.2
def test_no_text_stands_in_other_letters_than_its_language_has(page):
    assert foreign(page) == []


# WCAG 2.2, 3.1.2; without it a voice reads English with the rules of Arabic
@pytest.mark.parametrize("path", ["/ar/teachers/", "/ar/words/", "/ar/platforms/", "/ar/facts/"])
def test_an_english_text_in_an_arabic_page_is_declared_as_english(site, path):
    page = site.page(path)
    english = [e for e, text in texts(page.main) if re.search(r"\b(the|you|and|to)\b", text)]
    assert len(english) > 20
    assert [e.text for e in english if e.language != "en"] == []


def isolated(element):
    """Whether a text cannot change the order of what stands around it."""
    inner = [element, *element.ancestors]
    return any(
        e.tag == "bdi" or e.get("dir") == "ltr" for e in inner[: inner.index(inner[-1].one("body"))]
    )


LEFT_TO_RIGHT = re.compile(
    r"\+?\d[\d ()/-]{3,}\d|\d+:\d\d\s*[–-]\s*\d+:\d\d|[\w-]+\.(?:[a-z]{2,}|\d)\b"
)
"""Numbers with spaces, spans of hours, addresses: Arabic would turn their parts round."""


@pytest.mark.parametrize("path", [path for path in ADDRESSES.values() if path.startswith("/ar/")])
def test_numbers_and_addresses_keep_their_order_in_arabic(site, path):
    page = Page(path, site.answer(path).content.decode())
    loose = [
        text
        for element, text in texts(page.one("body"))
        if LEFT_TO_RIGHT.search(text) and not isolated(element)
    ]
    assert loose == []


IN_CONTEXT = {"chart__source"}
"""Where a link is named after the line that it stands in (WCAG 2.2, 2.4.4)."""
ONE_PURPOSE = {"take it down"}
"""The service, and what we say of it."""


def name_of(link):
    """What a screen reader says of a link."""
    line = [e for e in link.ancestors if e.tag in {"li", "p"}][:1]
    is_in_context = any(IN_CONTEXT & e.classes for e in link.ancestors)
    return line[0].text if is_in_context else link.get("aria-label") or link.text


# WCAG 2.2, 2.4.9 (AAA)
def test_each_link_makes_sense_alone_and_two_of_one_name_lead_to_one_place(page):
    targets = defaultdict(set)
    for link in page.all("a"):
        name = name_of(link).casefold()
        assert name, f"{link} has no name"
        assert name not in VAGUE
        assert re.search(r"\w{2}", name), f"{name!r} says nothing"
        if name not in ONE_PURPOSE:
            targets[name].add(urljoin(page.path, link["href"]))
    assert {name: where for name, where in targets.items() if len(where) > 1} == {}


# The browser puts a space before what is out of sight: it would be heard as "Chat : Childline".
def test_what_is_only_heard_does_not_begin_with_a_sign_that_ends_something(page):
    heard = [element.text for element in page.all() if "hidden" in element.classes]
    assert [text for text in heard if re.match(r"[^\w\s(“«\"]", text)] == []


def test_no_list_asks_the_same_before_each_of_its_links(page):
    for entries in page.all("ul", "ol"):
        items = [item for item in entries.all("li") if item.parent is entries and item.all("a")]
        leads = Counter(
            str(item.parts[0]).strip() for item in items if isinstance(item.parts[0], str)
        )
        assert [lead for lead, count in leads.items() if lead and count > 1] == []


# WCAG 2.2, 2.4.6: whoever moves from heading to heading must know which of two it is
def test_no_heading_stands_twice_below_the_same_heading(page):
    path, seen = [], set()
    for heading in page.main.all("h1", "h2", "h3", "h4"):
        path = [*path[: int(heading.tag[1]) - 1], heading.text]
        assert tuple(path) not in seen, path
        seen.add(tuple(path))


# WCAG 2.2, 1.3.1, 2.4.1
def test_landmarks_are_there_once_and_those_of_a_kind_have_names_of_their_own(page):
    is_card = page.path.endswith(PATHS["card"])
    tops = ["main", "header"] if is_card else ["main", "header", "footer"]
    for tag in tops:
        assert len([e for e in page.all(tag) if not within(e, "main", "article")]) == 1, tag
    names = [landmark_name(page, e) for e in page.all("nav")]
    assert all(names), "a nav has no name"
    # A section is a landmark when it has a name (HTML-AAM, section).
    names += filter(None, (landmark_name(page, e) for e in page.all("section")))
    assert [name for name, count in Counter(names).items() if count > 1] == []


def within(element, *tags):
    return any(ancestor.tag in tags for ancestor in element.ancestors)


def landmark_name(page, element):
    label = element.get("aria-labelledby")
    return page.by_id(label).text if label else element.get("aria-label")


# WCAG 2.2, 1.3.1: without a name, a table or a group of choices is only "table", "group"
def test_fields_groups_frames_and_tables_have_names(page):
    for field in page.all("input", "select", "textarea"):
        labels = [e for e in page.all("label") if e.get("for") == field.get("id", "-")]
        assert within(field, "label") or labels or field.get("aria-label"), field
    for tag, inside in (("fieldset", "legend"), ("details", "summary")):
        for element in page.all(tag):
            assert element.one(inside).text
    for frame in page.all("iframe"):
        assert frame.get("title")
    for table in page.all("table"):
        assert table.get("aria-label") or table.get("aria-labelledby") or table.all("caption")
        assert table.all("th")


# WCAG 2.2, 1.1.1
def test_pictures_are_silent_or_named(page):
    for picture in page.all("svg", "img", "progress", "meter"):
        named = picture.get("aria-label") or picture.get("aria-labelledby") or picture.get("alt")
        hidden = picture.get("aria-hidden") == "true"
        assert hidden != bool(named), picture


# WCAG 2.2, 2.4.2; the card is a part of other people's pages
@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_differ_on_all_templates_and_begin_with_the_heading(site, language):
    titles = defaultdict(list)
    for name, path in PATHS.items():
        if name != "card":
            answer = site.answer(f"/{language}{path}")
            page = Page(path, answer.content.decode())
            titles[page.title].append(path)
            assert page.title.startswith(page.one("h1").text), path
    assert [paths for paths in titles.values() if len(paths) > 1] == []


def test_messages_for_screen_readers_are_there_and_empty_until_something_happens(page):
    for status in page.all(role="status"):
        assert status.text == ""
        assert [name for name in status.attributes if name.startswith("data-")]


def test_this_check_sees_letters_of_another_language():
    page = Page(
        "/", '<html lang="en"><body><p>Ring Τηλέφωνο</p><p lang="el">Τηλέφωνο</p></body></html>'
    )
    assert foreign(page) == ["'Ring Τηλέφωνο' is {'GREEK'}, declared as en"]


def test_every_language_of_the_campaign_has_its_letters():
    for language in languages.BY_CODE.values():
        letters = {script_of(letter) for letter in language.name if letter.isalpha()}
        assert letters <= {SCRIPTS.get(language.code, "LATIN"), "MODIFIER"}, language.code
