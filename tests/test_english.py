"""The English text reads as easily as CONTENT.md asks, and blames nobody."""

import re
from dataclasses import dataclass

import pytest
import textstat

from content import richtext
from content.publishing import rules
from content.seed import texts

GRADE_FOR_YOUNG = 5
GRADE_FOR_ADULTS = 8
WORDS_FOR_YOUNG = 15

INSERTED = {
    "stop": "situation",
    "is-this-okay": "scenario",
    "report": "phrase",
    "platforms": "platform",
    "facts": "figure",
    "words": "term",
}
"""The kind of pieces that stand on a page and are read with it."""

ITEMS = texts.read_all()
PAGES = [item for item in ITEMS if item.kind == "page"]
YOUNG = [page.key for page in PAGES if page.facts["audience"] == "young"]
ADULT = [page.key for page in PAGES if page.key not in YOUNG]


@dataclass
class Reading:
    """How hard a text is to read."""

    grade: float
    words: float
    """The average length of its sentences."""


def lines(item):
    """The lines of an item, as plain text: headings, paragraphs, items of lists."""
    for _, text in rules.fields(item.source_content()):
        yield from richtext.plain(text).splitlines()


def sentences(item):
    """The lines that are sentences: headings and loose words would make the text seem easier."""
    return [line for line in lines(item) if line.strip('"”) ').endswith((".", "!", "?", ":"))]


def text_of(key):
    """Everything that a reader reads on a page, its inserted pieces included."""
    items = [item for item in PAGES if item.key == key]
    items += [item for item in ITEMS if item.kind == INSERTED.get(key)]
    return "\n".join(sentence for item in items for sentence in sentences(item))


def reading(text):
    return Reading(
        textstat.flesch_kincaid_grade(text),
        textstat.lexicon_count(text) / textstat.sentence_count(text),
    )


def table(keys):
    rows = {key: reading(text_of(key)) for key in keys}
    return rows, "\n".join(
        f"{key:15} grade {row.grade:5.2f}   {row.words:5.2f} words a sentence"
        for key, row in rows.items()
    )


def test_the_measure_tells_easy_from_hard_words():
    easy = "You can say no now. It is not your fault. Tell someone you trust."
    hard = (
        "Notwithstanding considerable apprehension, victimised individuals are encouraged to"
        " communicate the circumstances to appropriate authorities immediately."
    )
    assert reading(easy).grade < GRADE_FOR_YOUNG < GRADE_FOR_ADULTS < reading(hard).grade


def test_pages_for_young_people_read_at_grade_5_or_lower():
    rows, shown = table(YOUNG)
    print("\n" + shown)
    assert len(rows) >= 6
    assert [key for key, row in rows.items() if row.grade > GRADE_FOR_YOUNG] == [], shown


def test_sentences_for_young_people_have_15_words_or_fewer_on_average():
    rows, shown = table(YOUNG)
    assert [key for key, row in rows.items() if row.words > WORDS_FOR_YOUNG] == [], shown


def test_pages_for_adults_read_at_grade_8_or_lower():
    rows, shown = table(ADULT)
    print("\n" + shown)
    assert [key for key, row in rows.items() if row.grade > GRADE_FOR_ADULTS] == [], shown


def test_young_people_are_who_the_design_says():
    assert {"home", "understand", "stop", "report", "friend", "is-this-okay"} <= set(YOUNG)


def banned(item, words):
    text = "\n".join(lines(item))
    return [word for word in words if re.search(rf"\b{re.escape(word)}", text, re.IGNORECASE)]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: f"{item.kind}:{item.key}")
def test_no_banned_word_is_in_the_text(item):
    """The vocabulary page may name them: it says what not to say."""
    if item.kind != "term":
        assert banned(item, rules.BANNED_EVERYWHERE) == []


@pytest.mark.parametrize(
    "item",
    [i for i in ITEMS if i.kind in rules.YOUNG_KINDS or i.facts.get("audience") == "young"],
    ids=lambda item: f"{item.kind}:{item.key}",
)
def test_no_word_that_blames_is_in_text_for_young_people(item):
    words = ["should have", "mistake", "confess", "admit", "compromising", "leak"]
    assert set(words) <= set(rules.BANNED_FOR_YOUNG)
    assert banned(item, rules.BANNED_FOR_YOUNG) == []


@pytest.mark.parametrize("key", YOUNG)
def test_a_page_for_young_people_shows_no_figures(key):
    """CONTENT.md: no figures on their pages; numbers to call and ages are none."""
    assert not re.search(r"\d\s?(%|percent|per cent)", text_of(key))


@pytest.mark.parametrize("key", YOUNG)
def test_a_page_for_young_people_promises_nothing(key):
    text = text_of(key).lower()
    for promise in ("they will never", "it will all be", "will be deleted", "we promise"):
        assert promise not in text


@pytest.mark.parametrize("key", ["home", "understand", "stop", "report", "friend"])
def test_a_page_for_young_people_takes_away_blame_and_gives_help(key):
    text = "\n".join(line for item in PAGES if item.key == key for line in lines(item))
    assert "fault" in text or "blame is not yours" in text
    assert "112" in text or "talk to someone now" in text


def test_saying_no_to_the_blackmailer_is_always_said_of_now():
    seen = 0
    for key in YOUNG:
        for match in re.finditer(r"[^.!?\n]*\b(?:can|may) say no\b[^.!?\n]*", text_of(key)):
            seen += 1
            to_others = "say no to them" in match[0]  # firms that want money for their help
            # In a story of two people who like each other nobody is being threatened.
            is_story = key == "is-this-okay"
            assert "now" in match[0] or to_others or is_story, f"{key}: {match[0]}"
    assert seen >= 3
