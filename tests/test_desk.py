"""The translation desk: what is to be done in a language, and the way through it."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaign import languages
from content.interchange.exporting import export
from content.models import Page, Revision
from content.publishing import workflow
from tests import factories
from tests.admin_support import ASK, Desk, Form, form_path, newest

pytestmark = pytest.mark.django_db

DESK = "/admin/content/revision/desk/"
NEXT, ASK_NEXT = "_next", "_ask_next"


@pytest.fixture
def tomas() -> Desk:
    return Desk(factories.translator("ga"))


@pytest.fixture
def pages() -> list[Page]:
    """Three pages that are live in English, one after the other."""
    Revision.objects.filter(is_live=True).update(is_live=False)
    items = [
        factories.page(f"page-{n}", position=90 + n, title_en=f"Page {n}", summary_en="")
        for n in (1, 2, 3)
    ]
    for item in items:
        factories.publish(item)
    return items


def at_desk(item, show="todo", language="ga"):
    return f"{form_path(item, language)}&desk={show}"


def numbers(desk: Desk, language="ga") -> dict[str, int]:
    """What the choices above the list count."""
    nav = desk.see(f"{DESK}{language}/").one("nav", aria_label="Part of the list")
    found = (link.text.rsplit(" ", 1) for link in nav.all("a"))
    return {label: int(count) for label, count in found}


def listed(desk: Desk, show="todo", language="ga") -> list[str]:
    page = desk.see(f"{DESK}{language}/?show={show}")
    tables = [table for table in page.all("table") if "worklist" in table.classes]
    return [row.all("th")[0].text for table in tables for row in table.all("tr")[1:]]


def write(form: Form, title: str) -> None:
    form["title_ga"] = title
    form["sections-0-heading_ga"] = f"{title}: an solas"
    form["sections-0-body_ga"] = "<p>Lasta san oíche.</p>"


# --- Lists --------------------------------------------------------------------------------------


def test_own_languages_come_first_with_what_is_to_do(tomas, pages):
    mine, others = tomas.see(DESK).all("section")
    (row,) = mine.all("tr")[1:]
    assert row.text.split()[:2] == ["Gaeilge", "ga"]
    assert row.text.split()[2:] == ["3", "0", "0", "0", "0"]
    assert len(others.all("tr")) == len(languages.BY_CODE) - 1
    assert "Français" in others.text


def test_each_text_is_counted_by_its_state(tomas, pages):
    one, two, three = pages
    assert numbers(tomas)["Missing"] == 3
    factories.translate(one, "ga", "Leathanach 1")
    factories.publish(one, "ga")
    factories.translate(two, "ga", "Leathanach 2")
    factories.waiting(two, "ga")
    factories.translate(three, "ga", "Leathanach 3")
    factories.draft(three, "ga")
    one.title_en = "Page one"
    one.save()
    factories.publish(one)
    assert numbers(tomas) == {
        **{"To do": 2, "Missing": 0, "Source changed": 1, "Draft": 1, "Needs another look": 0},
        **{"Waiting for approval": 1, "Live": 0, "All": 3},
    }
    assert listed(tomas, "outdated") == ["Page one"]
    assert listed(tomas, "draft") == ["Page 3"]
    assert listed(tomas, "waiting") == ["Page 2"]
    assert listed(tomas) == ["Page one", "Page 3"]
    (row,) = tomas.see(DESK).all("section")[0].all("tr")[1:]
    assert row.text.split()[2:] == ["0", "1", "1", "1", "0"]


def test_what_is_not_live_in_the_source_is_not_to_be_translated(tomas, pages):
    factories.draft(factories.page("page-4"))
    assert numbers(tomas)["All"] == 3


def test_a_withdrawn_translation_is_missing_and_not_unsure(tomas, pages):
    factories.translate(pages[0], "ga")
    draft = workflow.save_draft(pages[0], "ga", tomas.user, unsure=["title"])
    workflow.withdraw(draft, factories.approver(), "Wrong.")
    assert (numbers(tomas)["Missing"], numbers(tomas)["Needs another look"]) == (3, 0)


@pytest.mark.parametrize("path", ["", "ga/", "ga/?show=all"])
def test_the_desk_is_quick_with_all_languages_filled(tomas, path):
    sources = list(Revision.objects.live().filter(language="en").exclude(kind="country"))
    for code in languages.BY_CODE:
        have = set(Revision.objects.filter(language=code, is_live=True).values_list("kind", "key"))
        Revision.objects.bulk_create(
            Revision(
                kind=r.kind,
                key=r.key,
                language=code,
                number=50,
                title=r.title,
                content={},
                based_on=r,
                created_at=r.created_at,
                approved_at=r.approved_at,
                is_live=True,
            )
            for r in sources
            if (r.kind, r.key) not in have
        )
    tomas.see(f"{DESK}{path}")
    times = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            started = time.perf_counter()
            size = len(tomas.client.get(f"{DESK}{path}").content)
            times.append(time.perf_counter() - started)
        assert len(queries) < 25
        assert not [q for q in queries if '"content_revision"."content"' in q["sql"]]
    assert size < 60 * 1024
    print(f"{DESK}{path}: {min(times) * 1000:.0f} ms, {size} bytes, {len(queries)} queries")


@pytest.mark.parametrize(
    "path", ["xx/", "en/", "zxx/", "ga/?show=x", "ga/?part=0", "ga/?part=x", "en/export/"]
)
def test_there_is_no_such_list(path):
    assert Desk(factories.editor()).client.get(f"{DESK}{path}").status_code == 404


def test_the_front_page_leads_to_the_persons_languages(tomas):
    links = tomas.see("/admin/").links
    assert DESK in links
    assert f"{DESK}ga/" in links
    assert f"{DESK}fr/" not in Desk(factories.editor()).see("/admin/").links


# --- The way through ----------------------------------------------------------------------------


def test_the_list_leads_to_its_first_text_and_each_text_to_its_neighbours(tomas, pages):
    one, two, three = pages
    page = tomas.see(f"{DESK}ga/")
    (begin,) = [link for link in page.all("a") if link.text == "Begin with the first one"]
    assert begin["href"] == at_desk(one)
    middle = tomas.open(at_desk(two)).page.one("nav", aria_label="Translation desk")
    assert "To do: 2 of 3" in middle.text
    assert {at_desk(one), at_desk(three)} <= set(middle.links)
    keys = {link["href"]: link.get("accesskey") for link in middle.all("a")}
    assert (keys[at_desk(one)], keys[at_desk(three)]) == ("p", "n")


def test_save_and_next_keeps_a_draft_and_opens_the_next_text(tomas, pages):
    form = tomas.open(at_desk(pages[0]))
    write(form, "Leathanach 1")
    after = form.press(NEXT)
    assert after.path == at_desk(pages[1])
    assert "“Leathanach 1”: Saved as draft number 1." in after.messages
    draft = newest("page", "page-1", "ga")
    assert (draft.created_by, draft.submitted_at) == (tomas.user, None)
    assert "2 of 3" in after.page.one("nav", aria_label="Translation desk").text


def test_save_ask_next_sends_it_to_an_approver_and_goes_on(tomas, pages):
    form = tomas.open(at_desk(pages[0]))
    write(form, "Leathanach 1")
    after = form.press(ASK_NEXT)
    assert after.path == at_desk(pages[1])
    assert newest("page", "page-1", "ga").submitted_at
    assert "1 of 2" in after.page.one("nav", aria_label="Translation desk").text


def test_what_cannot_go_to_an_approver_stays_in_front_of_its_author(tomas, pages):
    form = tomas.open(at_desk(pages[0]))
    form["title_ga"] = "Leathanach 1"
    after = form.press(ASK_NEXT)
    assert after.path == f"{at_desk(pages[0])}&problems=1"
    assert "Translate this text." in after.beside("sections-0-body_ga")
    assert not newest("page", "page-1", "ga").submitted_at


def test_after_the_last_text_comes_the_list(tomas, pages):
    form = tomas.open(at_desk(pages[2]))
    answer = tomas.client.post(form.path, {**form.data, NEXT: "1"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"{DESK}ga/?show=todo"
    assert "That was the last text of this list." in answer.content.decode()


def test_other_texts_are_passed_over(tomas, pages):
    factories.translate(pages[1], "ga")
    factories.waiting(pages[1], "ga")
    assert tomas.open(at_desk(pages[0])).press(NEXT).path == at_desk(pages[2])


def test_a_form_that_was_opened_elsewhere_has_no_way_on(tomas, pages):
    form = tomas.edit(pages[0], "ga")
    names = {field.get("name") for field in form.page.all("input")}
    assert "_save" in names
    assert not {NEXT, ASK_NEXT} & names
    assert form.press().path == form_path(pages[0], "ga")


# --- Checks beside the fields -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "text", "doubt"),
    [
        ("It is 36 metres high.", "Tá sé 63 méadar ar airde.", "missing: 36."),
        ("It is 36 metres high.", "Tá sé 63 méadar ar airde.", "does not have: 63."),
        ("A light that one can see from very far away.", "Solas", "5 letters for 44."),
        ("A light that one can see from very far away.", "Solas. " * 30, "209 letters for 44."),
        ("You have %(count)s days.", "Tá lá agat.", "Expected: %(count)s."),
        ("A light on the sea", "A light on the sea", "The same words as the source."),
        ("A light on the sea", "", "Translate this text."),
    ],
)
def test_what_differs_is_said_beside_the_field_after_saving(tomas, pages, source, text, doubt):
    pages[0].summary_en = source
    pages[0].save()
    factories.publish(pages[0])
    form = tomas.open(at_desk(pages[0]))
    assert doubt not in form.beside("summary_ga")
    write(form, "Leathanach 1")
    form["summary_ga"] = text
    saved = form.press()
    assert doubt in saved.beside("summary_ga")
    assert doubt not in saved.beside("title_ga")


def test_links_that_differ_are_said_beside_the_field_and_refuse_approval(tomas, pages):
    part = pages[0].sections.get()
    part.body_en = '<p>See <a href="page:stop">here</a>.</p>'
    part.save()
    # Only what the seed has live can be linked to; it is live again for this test.
    Revision.objects.filter(kind="page", key="stop", language="en").update(is_live=True)
    factories.publish(pages[0])
    form = tomas.open(at_desk(pages[0]))
    write(form, "Leathanach 1")
    saved = form.press()
    assert "Expected: page:stop." in saved.beside("sections-0-body_ga")
    assert "Expected: page:stop." in saved.press(ASK).beside("sections-0-body_ga")
    assert not newest("page", "page-1", "ga").submitted_at


def test_other_placeholders_refuse_approval(tomas, pages):
    pages[0].summary_en = "You have %(count)s days."
    pages[0].save()
    factories.publish(pages[0])
    form = tomas.open(at_desk(pages[0]))
    write(form, "Leathanach 1")
    form["summary_ga"] = "Tá lá agat."
    form.press(ASK)
    assert not newest("page", "page-1", "ga").submitted_at


def test_an_approver_and_a_preview_are_told_of_doubts_by_the_section(tomas, pages):
    part = pages[0].sections.get()
    part.body_en = "<p>It is 36 metres high.</p>"
    part.save()
    factories.publish(pages[0])
    form = tomas.open(at_desk(pages[0]))
    write(form, "Leathanach 1")
    doubt = "Section “Leathanach 1: an solas”, body: Numbers of the source that are missing: 36."
    data = {name: value for name, value in form.data.items() if value is not False}
    assert doubt in tomas.client.post(form.path, {**data, "_preview": "1"}).content.decode()
    form.press(ASK)
    draft = newest("page", "page-1", "ga")
    page = Desk(factories.approver()).see(f"/admin/content/revision/{draft.pk}/approve/")
    assert doubt in page.text


# --- Marks --------------------------------------------------------------------------------------


def mark(form: Form, *paths: str) -> None:
    form.data["unsure"] = list(paths)


def ticked(form: Form) -> set[str]:
    boxes = [box for box in form.page.all("input") if box.get("name") == "unsure"]
    return {box["value"] for box in boxes if "checked" in box.attributes}


def test_a_text_that_is_marked_is_in_the_list_in_the_form_and_fuzzy_in_the_file(tomas, pages):
    form = tomas.open(at_desk(pages[0]))
    assert ticked(form) == set()
    write(form, "Leathanach 1")
    mark(form, "title", "sections/light/body", "nonsense")
    saved = form.press()
    assert ticked(saved) == {"title", "sections/light/body"}
    assert newest("page", "page-1", "ga").unsure == ["sections/light/body", "title"]
    assert numbers(tomas)["Needs another look"] == 1
    assert listed(tomas, "unsure") == ["Page 1"]
    assert "2 to look at again" in tomas.see(f"{DESK}ga/").text
    file = export("ga").decode()
    assert file.count("#, fuzzy") == 2
    # Taken away, another draft says so, though no word has changed.
    mark(saved)
    assert ticked(saved.press()) == set()
    assert newest("page", "page-1", "ga").number == 2
    assert "#, fuzzy" not in export("ga").decode()


def test_marks_stay_ticked_when_the_form_comes_back_unsaved(tomas, pages):
    form = tomas.open(at_desk(pages[0]))
    write(form, "Leathanach 1")
    form["title_ga"] = "x" * 300
    mark(form, "title")
    assert ticked(form.press()) == {"title"}
    assert workflow.latest("page", "page-1", "ga") is None


def test_an_approver_is_told_of_a_mark_and_approving_ends_it(tomas, pages):
    form = tomas.open(at_desk(pages[0]))
    write(form, "Leathanach 1")
    mark(form, "sections/light/body")
    form.press(ASK)
    draft = newest("page", "page-1", "ga")
    anna = Desk(factories.approver())
    assert (
        "look again at: light, body."
        in anna.see(f"/admin/content/revision/{draft.pk}/approve/").text
    )
    anna.approve(draft)
    assert numbers(tomas)["Needs another look"] == 0
    assert ticked(tomas.edit(pages[0], "ga")) == set()
    assert "#, fuzzy" not in export("ga").decode()


def test_the_source_has_no_marks():
    item = factories.page()
    form = Desk(factories.editor()).edit(item)
    assert not [box for box in form.page.all("input") if box.get("name") == "unsure"]
    mark(form, "title")
    form.press()
    assert newest("page", "lighthouse").unsure == []
