"""What a form says of its own text: what changed, how it reads, and words that are not used."""

import csv

import pytest

from campaign import languages
from content.models import Page as PageItem
from content.models import Section
from content.publishing import reading, workflow
from tests import factories
from tests.admin_support import Desk, address, newest
from tests.html import Page

LONG = " ".join(["Tell"] + ["one"] * 24 + ["now."])
"""A sentence of 26 words."""
PLAIN = "We go to the sea. The sun is up. You can see the lamp. It is on at night. " * 4
HARD = "Organisational communication strategies facilitate international standardisation. " * 8


@pytest.fixture
def lighthouse(db) -> PageItem:
    item = factories.page()
    factories.publish(item)
    return item


@pytest.fixture
def edith(db) -> Desk:
    return Desk(factories.editor())


def panel(page):
    return next(e for e in page.all("section") if "reading" in e.classes)


def measured(desk: Desk, **data):
    path = "/admin/content/revision/measure/"
    return desk.client.post(path, {"kind": "page", "language": "en", "audience": "", **data})


# --- What changed ------------------------------------------------------------------------------


def marks(form, name):
    field = form.page.one("textarea", name=name)
    pair = next(e for e in field.ancestors if "pair" in e.classes)
    return [(mark.tag, mark.text) for mark in pair.all("ins", "del")]


def test_the_source_form_shows_word_by_word_what_the_draft_changes(edith, lighthouse):
    assert marks(edith.edit(lighthouse), "title_en") == []
    form = edith.edit(lighthouse)
    form["title_en"] = "The old lighthouse"
    form["sections-0-body_en"] = "<p>It is off at night.</p>"
    saved = form.press()
    assert marks(saved, "title_en") == [("ins", "old")]
    assert marks(saved, "sections-0-body_en") == [("del", "on"), ("ins", "off")]
    assert marks(saved, "summary_en") == []


def test_a_translation_shows_what_of_its_source_changed_until_it_is_approved_anew(
    edith, lighthouse
):
    factories.translate(lighthouse, "fr")
    factories.publish(lighthouse, "fr")
    Section.objects.update_or_create(
        page=lighthouse, key="light", defaults={"body_en": "<p>It is off at night.</p>"}
    )
    factories.publish(lighthouse)
    changed = [("ins", "off"), ("del", "on")]
    assert marks(edith.edit(lighthouse, "fr"), "sections-0-body_fr") == changed
    assert marks(edith.edit(lighthouse, "fr"), "title_fr") == []
    form = edith.edit(lighthouse, "fr")
    form["sections-0-body_fr"] = "<p>La nuit, non.</p>"
    assert marks(form.press(), "sections-0-body_fr")[:2] == changed
    revision = newest("page", "lighthouse", "fr")
    workflow.submit(revision)
    workflow.approve(revision, factories.approver())
    assert marks(edith.edit(lighthouse, "fr"), "sections-0-body_fr") == []


def test_a_draft_that_was_never_live_shows_what_of_its_source_changed(edith, lighthouse):
    factories.translate(lighthouse, "fr")
    factories.draft(lighthouse, "fr")
    PageItem.objects.filter(pk=lighthouse.pk).update(title_en="The old lighthouse")
    lighthouse.refresh_from_db()
    factories.publish(lighthouse)
    assert marks(edith.edit(lighthouse, "fr"), "title_fr") == [("ins", "old")]


# --- How it reads ------------------------------------------------------------------------------


def test_every_language_has_a_baseline_of_its_own():
    rows = list(csv.reader(reading.BASELINE.read_text().splitlines(), delimiter="\t"))[1:]
    assert [code for code, _ in rows] == list(languages.BY_CODE)
    assert (reading.limits()["en"], reading.limits()["fi"], reading.limits()["ar"]) == (31, 52, 17)


def test_lix_is_sentence_length_and_the_share_of_long_words():
    # 32 words in 4 sentences: 8; four of them have more than six letters: 12.5.
    text = "You are not alone in this, my brother. " * 4
    assert reading.measure("en", [text]).lix == 20


@pytest.mark.parametrize(
    ("language", "text", "lengths"),
    [
        ("en", "Stop. Then tell. Do it now!", [3, 2, 1]),
        ("en", "He said “Stop now.” Then he left.", [4, 3]),
        ("en", "A heading\nOne sentence.", [2, 2]),
        ("en", "It was 3.5 metres.", [4]),
        ("de", "Bis zum 1. Januar ist offen. Danach nicht.", [6, 2]),
        ("el", "Τι να κάνω; Πες το.", [3, 2]),
        ("ar", "هل أنت بخير؟ لستَ وحدك.", [3, 2]),
        ("fr", "C’est l’heure. Parle.", [2, 1]),
    ],
)
def test_sentences_end_as_they_do_in_each_language(language, text, lengths):
    assert [s.words for s in reading.measure(language, [text]).longest] == lengths


def test_marks_over_arabic_letters_make_no_word_long():
    plain, marked = "كتابه. " * 30, "كِتَابُهُ. " * 30
    assert reading.measure("ar", [plain]).lix == reading.measure("ar", [marked]).lix == 1


def test_headings_do_not_make_a_hard_text_look_plain():
    headings = "Short words\n" * 100
    assert reading.measure("en", [headings + HARD]).is_hard


def test_the_saved_form_warns_of_a_hard_text_and_shows_the_three_longest_sentences(
    edith, lighthouse
):
    form = edith.edit(lighthouse)
    form["sections-0-body_en"] = f"<p>{HARD}</p><p>{LONG}</p>"
    told = panel(form.press().page)
    assert "It reads hard: reading level" in told.text
    assert "31 or less is plain" in told.text
    assert "One sentence has more than 25 words." in told.text
    assert [item.text.split(" words")[0] for item in told.one("ol").all("li")] == ["26", "9", "6"]


def test_a_hard_text_is_never_blocked_and_the_approver_is_told(edith, lighthouse):
    form = edith.edit(lighthouse)
    form["sections-0-body_en"] = f"<p>{LONG}</p>"
    assert "waits until somebody else approves it" in form.press("_ask").messages
    revision = newest("page", "lighthouse")
    anna = Desk(factories.approver())
    assert "One sentence has more than 25 words." in anna.see(address("approve", revision)).text
    anna.approve(revision)
    revision.refresh_from_db()
    assert revision.is_live


def test_a_plain_text_has_nothing_to_look_at(edith, lighthouse):
    form = edith.edit(lighthouse)
    form["sections-0-body_en"] = f"<p>{PLAIN}</p>"
    told = panel(form.press().page)
    assert "Nothing to look at" in told.text
    assert told.all("ul") == []


def test_a_word_that_is_not_used_is_told_with_the_one_to_write(edith, lighthouse):
    form = edith.edit(lighthouse)
    form["title_en"] = "A webcam scandal"
    assert (
        "Do not write “webcam scandal”. Instead: online blackmail." in panel(form.press().page).text
    )


def test_words_that_blame_are_told_on_pages_for_young_people_only(edith, lighthouse):
    for audience, expected in (("parents", False), ("young", True)):
        answer = measured(edith, audience=audience, name="title_en", text="Your mistake")
        assert ("leave it out: it is not" in answer.content.decode()) == expected


def test_a_translation_is_measured_in_its_own_language_and_for_sentences_only(edith, lighthouse):
    form = edith.edit(lighthouse, "fr")
    form["title_fr"] = "webcam scandal"
    told = panel(form.press().page)
    assert "Do not write" not in told.text
    answer = measured(edith, language="fi", name="title_fi", text=HARD).content.decode()
    assert "52 or less is plain" in answer


def test_what_is_typed_is_measured_as_what_is_saved(edith, lighthouse):
    body = f"<p>{HARD}</p><ul><li><p>{LONG}</p></li></ul>"
    form = edith.edit(lighthouse)
    form["sections-0-body_en"] = body
    saved = panel(form.press().page).text
    names = ["title_en", "summary_en", "sections-0-heading_en", "sections-0-body_en"]
    texts = [form.data[name] for name in names]
    typed = measured(edith, audience="everyone", name=names, text=texts).content.decode()
    assert Page("typed", typed).text in saved


def test_what_is_typed_is_escaped(edith):
    answer = measured(edith, name="title_en", text="<script>alert(1)</script> is one")
    assert "<script>" not in answer.content.decode()
    assert "&lt;script&gt;" in answer.content.decode()


@pytest.mark.parametrize("wrong", [{"kind": "nothing"}, {"language": "xx"}, {"language": "zxx"}])
def test_nothing_else_is_measured(edith, wrong):
    assert measured(edith, **wrong, name="title_en", text="x").status_code == 400
