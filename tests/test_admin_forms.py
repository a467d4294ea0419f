"""Forms of guidance in the staff area: one language beside its source; saving makes drafts."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.models import Page as PageItem
from content.models import Phrase, Platform, Revision
from content.publishing import workflow
from tests import factories
from tests.admin_support import ASK, Desk, form_path, newest

pytestmark = pytest.mark.django_db


@pytest.fixture
def lighthouse() -> PageItem:
    item = factories.page()
    factories.publish(item)
    return item


@pytest.fixture
def edith() -> Desk:
    return Desk(factories.editor())


def count(item, language="en"):
    return Revision.objects.of("page", item.key, language).count()


def test_saving_makes_a_draft_and_readers_see_no_change(edith, lighthouse, read):
    form = edith.edit(lighthouse)
    form["title_en"] = "The old lighthouse"
    saved = form.press()
    assert "Saved as draft number 2. Readers still see the old text." in saved.messages
    assert newest("page", "lighthouse").content["title"] == "The old lighthouse"
    assert newest("page", "lighthouse").created_by == edith.user
    assert read("/en/lighthouse/").title == "The lighthouse"


def test_saving_without_a_change_makes_no_revision(edith, lighthouse):
    saved = edith.edit(lighthouse).press()
    assert "no new draft was made" in saved.messages
    assert count(lighthouse) == 1


def test_opening_and_saving_an_empty_translation_makes_no_revision(edith, lighthouse):
    edith.edit(lighthouse, "fr").press()
    assert count(lighthouse, "fr") == 0


def test_opening_forms_changes_nothing(edith, lighthouse):
    before = Revision.objects.count()
    for language in ("en", "fr", "ar"):
        edith.edit(lighthouse, language)
        edith.see(form_path(lighthouse, language).split("?")[0] + "?problems=1")
    assert Revision.objects.count() == before


def test_the_form_of_a_translation_has_only_the_fields_of_its_language(edith, lighthouse):
    names = {n for n in edith.edit(lighthouse, "fr").names if not n.endswith("_FORMS")}
    assert names == {
        *("title_fr", "summary_fr", "based_on", "comment"),
        *("sections-0-heading_fr", "sections-0-body_fr", "sections-0-id", "sections-0-page"),
    }


def test_the_order_is_changed_in_the_source_for_all_languages(edith, lighthouse):
    factories.translate(lighthouse, "fr")
    french = factories.publish(lighthouse, "fr")
    form = edith.edit(lighthouse)
    form["position"] = "7"
    form.press(ASK)
    french.refresh_from_db()
    assert french.position == 90
    workflow.approve(newest("page", "lighthouse"), factories.approver())
    french.refresh_from_db()
    assert french.position == newest("page", "lighthouse").position == 7


def test_what_all_languages_share_is_edited_in_the_source_only(edith, lighthouse):
    assert {"step", "audience", "position", "sections-0-layout"} <= edith.edit(lighthouse).names
    path = form_path(lighthouse, "fr")
    form = edith.open(path)
    form.data |= {"audience": "young", "title_en": "Stolen", "sections-0-layout": "callout"}
    form["title_fr"] = "Le phare"
    form.press()
    lighthouse.refresh_from_db()
    assert (lighthouse.audience, lighthouse.title_en) == ("everyone", "The lighthouse")
    assert lighthouse.sections.get().layout == "text"
    assert lighthouse.title_fr == "Le phare"


def test_a_translation_shows_the_source_beside_each_field_with_its_language(edith, lighthouse):
    form = edith.edit(lighthouse, "ar")
    assert "The lighthouse" in form.beside("title_ar")
    assert "It is on at night." in form.beside("sections-0-body_ar")
    quotes = [e for e in form.page.all("div") if "quote" in e.classes]
    assert {(e["lang"], e["dir"]) for e in quotes} == {("en", "ltr")}
    field = form.page.one("textarea", name="title_ar")
    assert (field["lang"], field["dir"]) == ("ar", "rtl")


def test_a_translation_can_neither_add_nor_delete_a_section(edith, lighthouse):
    form = edith.edit(lighthouse, "fr")
    section = lighthouse.sections.get()
    form.data |= {
        "sections-0-DELETE": "on",
        "sections-TOTAL_FORMS": "2",
        "sections-1-heading_fr": "De plus",
        "sections-1-key": "more",
    }
    form.press()
    assert list(lighthouse.sections.all()) == [section]


def test_the_source_adds_and_deletes_sections(edith, lighthouse):
    form = edith.edit(lighthouse)
    form.data |= {
        "sections-0-DELETE": "on",
        "sections-TOTAL_FORMS": "2",
        "sections-1-key": "sea",
        "sections-1-position": "1",
        "sections-1-layout": "text",
        "sections-1-heading_en": "The sea",
        "sections-1-body_en": "<p>It is wide.</p>",
    }
    form.press()
    sections = newest("page", "lighthouse").content["sections"]
    assert [(s["key"], s["heading"]) for s in sections] == [("sea", "The sea")]


def test_a_page_takes_no_more_than_forty_sections(edith, lighthouse):
    form = edith.edit(lighthouse)
    for number in range(1, 41):
        values = {"key": f"s{number}", "position": number, "layout": "text", "heading_en": "More"}
        form.data |= {f"sections-{number}-{name}": value for name, value in values.items()}
    form["sections-TOTAL_FORMS"] = "41"
    assert "at most 40" in form.press().page.text
    assert lighthouse.sections.count() == 1


def test_the_row_of_languages_shows_each_state_and_leads_to_each_form(edith, lighthouse):
    factories.translate(lighthouse, "fr")
    factories.publish(lighthouse, "fr")
    factories.translate(lighthouse, "de", "Der Leuchtturm")
    factories.draft(lighthouse, "de")
    page = edith.edit(lighthouse).page
    chips = {chip["title"]: chip for chip in page.one("nav", aria_label="Languages").all("a")}
    assert len(chips) == 36
    assert chips["English: live"].text == "en L"
    assert chips["Français: live"].text == "fr L"
    assert chips["Deutsch: draft"].text == "de D"
    assert chips["Malti: missing"]["href"].endswith("?language=mt")


def test_a_source_that_changed_marks_its_translation_and_shows_what_it_was(edith, lighthouse):
    factories.translate(lighthouse, "fr")
    factories.publish(lighthouse, "fr")
    lighthouse.title_en = "The old lighthouse"
    lighthouse.save()
    factories.publish(lighthouse)
    form = edith.edit(lighthouse, "fr")
    assert form.page.all("a", title="Français: source changed since this was approved")
    assert "The old lighthouse" in form.beside("title_fr")
    assert "What it was The lighthouse" in form.beside("title_fr")
    quotes = form.page.one("textarea", name="title_fr").ancestors[4].all("ins", "del")
    assert [(mark.tag, mark.text) for mark in quotes] == [("ins", "old")]


def test_two_editors_collide_and_nothing_is_lost(edith, lighthouse):
    emil = Desk(factories.editor("Emil"))
    first, second = edith.edit(lighthouse), emil.edit(lighthouse)
    first["title_en"] = "Edith's lighthouse"
    first.press()
    second["title_en"] = "Emil's lighthouse"
    refused = second.press()
    assert "Edith saved number 2 while you were writing" in refused.page.text
    assert refused.data["title_en"] == "Emil's lighthouse"
    assert "Edith's lighthouse" in refused.beside("title_en")
    lighthouse.refresh_from_db()
    assert lighthouse.title_en == "Edith's lighthouse"
    assert count(lighthouse) == 2
    # Having read both, Emil saves: his text stands, and Edith's is kept in the history.
    assert "Saved as draft number 3" in refused.press().messages
    titles = [r.title for r in Revision.objects.of("page", "lighthouse", "en")]
    assert titles == ["Emil's lighthouse", "Edith's lighthouse", "The lighthouse"]


def test_editors_of_two_languages_do_not_collide(edith, lighthouse):
    french, german = (
        edith.edit(lighthouse, "fr"),
        Desk(factories.editor("Emil")).edit(lighthouse, "de"),
    )
    french["title_fr"], german["title_de"] = "Le phare", "Der Leuchtturm"
    assert "Saved as draft number 1" in french.press().messages
    assert "Saved as draft number 1" in german.press().messages
    lighthouse.refresh_from_db()
    assert (lighthouse.title_fr, lighthouse.title_de) == ("Le phare", "Der Leuchtturm")


def test_asking_for_approval_says_that_somebody_else_has_to_approve(edith, lighthouse, read):
    form = edith.edit(lighthouse)
    form["title_en"], form["comment"] = "The old lighthouse", "It is old."
    asked = form.press(ASK)
    assert "It now waits until somebody else approves it." in asked.messages
    revision = newest("page", "lighthouse")
    assert revision in Revision.objects.waiting()
    assert revision.comment == "It is old."
    assert read("/en/lighthouse/").title == "The lighthouse"


def test_a_draft_that_was_saved_before_is_asked_about_without_a_change(edith, lighthouse):
    form = edith.edit(lighthouse)
    form["title_en"] = "The old lighthouse"
    form.press().press(ASK)
    assert newest("page", "lighthouse") in Revision.objects.waiting()
    assert count(lighthouse) == 2


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("title_en", "A webcam scandal", "Do not write “webcam scandal”"),
        ("sections-0-heading_en", "", "Write this text: readers need it."),
        ("sections-0-body_en", '<p><a href="page:nowhere">x</a></p>', "leads nowhere"),
    ],
)
def test_a_text_that_breaks_a_rule_is_kept_but_not_passed_on(edith, lighthouse, name, text, reason):
    form = edith.edit(lighthouse)
    form[name] = text
    refused = form.press(ASK)
    assert "Saved as draft number 2. It cannot go to an approver yet" in refused.messages
    assert reason in refused.beside(name)
    assert refused.data[name] == text
    assert not Revision.objects.waiting().exists()


def test_a_translation_without_the_sources_link_is_refused_beside_the_field(edith, lighthouse):
    section = lighthouse.sections.get()
    section.body_en = '<p><a href="page:report">Tell someone</a></p>'
    section.save()
    factories.publish(lighthouse)
    factories.translate(lighthouse, "fr")
    form = edith.edit(lighthouse, "fr")
    form["sections-0-body_fr"] = "<p>Parlez à quelqu’un</p>"
    assert "The links differ from the source" in form.press(ASK).beside("sections-0-body_fr")


@pytest.mark.parametrize("target", ["http://plain.example", "javascript:alert(1)"])
def test_a_link_that_is_not_ours_and_not_https_is_refused_and_the_text_stays(
    edith, lighthouse, target
):
    form = edith.edit(lighthouse)
    form["sections-0-body_en"] = f'<p><a href="{target}">x</a></p>'
    refused = form.press()
    assert "starts with neither https:// nor page:" in refused.beside("sections-0-body_en")
    assert target in refused.data["sections-0-body_en"]
    assert count(lighthouse) == 1


def test_what_the_site_does_not_allow_is_cleaned_away(edith, lighthouse):
    form = edith.edit(lighthouse)
    form["sections-0-body_en"] = (
        '<h1 onclick="x()">A</h1><ul><li><p>B</p></li></ul><script>1</script>'
    )
    form.press()
    assert newest("page", "lighthouse").content["sections"][0]["body"] == "A<ul><li>B</li></ul>"


def test_the_editors_way_of_writing_the_same_text_is_no_change(edith, lighthouse):
    section = lighthouse.sections.get()
    section.body_en = "<p>One\ntwo</p><ul><li>three</li></ul>"
    section.save()
    factories.publish(lighthouse)
    form = edith.edit(lighthouse)
    form["sections-0-body_en"] = "<p>One two</p><ul><li><p>three</p></li></ul>"
    assert "no new draft was made" in form.press().messages


def test_emptying_a_field_empties_it(edith, lighthouse):
    form = edith.edit(lighthouse)
    form["summary_en"] = ""
    form.press()
    assert newest("page", "lighthouse").content["summary"] == ""


def test_saving_writes_only_the_columns_that_changed(edith, lighthouse):
    form = edith.edit(lighthouse, "fr")
    form["title_fr"] = "Le phare"
    with CaptureQueriesContext(connection) as queries:
        form.press()
    updates = [q["sql"] for q in queries if q["sql"].startswith('UPDATE "content_')]
    assert len(updates) == 1
    assert updates[0].startswith("""UPDATE "content_page" SET "title_fr" = 'Le phare' WHERE""")


def test_a_new_phrase_is_written_in_the_source_first(edith):
    assert edith.client.get("/admin/content/phrase/add/?language=fr").status_code == 404
    form = edith.open("/admin/content/phrase/add/")
    form.data |= {"key": "lamp", "words_en": "Can you switch on the lamp?", "listener": "friend"}
    assert "Saved as draft number 1. Readers do not see it yet." in form.press().messages
    assert Phrase.objects.get(key="lamp").words_en == "Can you switch on the lamp?"


def test_the_links_of_a_platform_are_edited_in_the_source_only(edith):
    platform = Platform.objects.filter(links__isnull=False).first()
    assert "links-0-url" in edith.edit(platform).names
    assert "links-0-url" not in edith.edit(platform, "fr").names


def test_a_language_that_we_do_not_have_is_no_form(edith, lighthouse):
    assert edith.client.get(form_path(lighthouse, "xx")).status_code == 404


def test_nobody_deletes_a_page(lighthouse):
    admin = Desk(User.objects.create_superuser("Root"))
    path = form_path(lighthouse).replace("change", "delete")
    assert admin.client.post(path, {"post": "yes"}).status_code == 403
    assert PageItem.objects.filter(pk=lighthouse.pk).exists()


def test_readers_without_an_account_are_sent_to_sign_in(client, lighthouse):
    answer = client.get(form_path(lighthouse))
    assert answer["Location"].startswith("/admin/login/")


def test_the_sign_in_page_has_the_staff_policy(client):
    policy = client.get("/admin/account/login/")["Content-Security-Policy"]
    assert "style-src 'self' 'nonce-" in policy
    assert "unsafe" not in policy


def test_the_scripts_of_a_form_carry_the_nonce_of_its_policy(edith, lighthouse):
    form = edith.edit(lighthouse)
    (import_map,) = form.page.all("script", type="importmap")
    assert f"'nonce-{import_map['nonce']}'" in form.response["Content-Security-Policy"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_form_asks_the_database_no_more_for_more_sections(
    edith, lighthouse, language, django_assert_max_num_queries
):
    for number in range(20):
        factories.section(lighthouse, f"s{number}")
    with django_assert_max_num_queries(13):
        edith.client.get(form_path(lighthouse, language))


def test_the_list_asks_the_database_no_more_for_more_pages(edith, django_assert_max_num_queries):
    for number in range(20):
        factories.publish(factories.page(f"page-{number}"))
    with django_assert_max_num_queries(9):
        page = edith.client.get("/admin/content/page/")
    assert b"page-19" in page.content


def test_the_list_shows_key_title_and_states(edith, lighthouse):
    factories.translate(lighthouse, "fr")
    factories.draft(lighthouse, "fr")
    table = edith.see("/admin/content/page/?q=lighthouse").by_id("result_list")
    (row,) = [row for row in table.all("tr") if row.all("td")]
    assert "lighthouse" in row.text
    assert "The lighthouse" in row.text
    assert [e["title"] for e in row.all("span") if "state" in e.classes] == ["1 live", "1 draft"]


def test_the_state_in_the_row_is_that_of_the_workflow(edith, lighthouse):
    factories.translate(lighthouse, "fr")
    factories.waiting(lighthouse, "fr")
    states = workflow.states("page", "lighthouse")
    chips = edith.edit(lighthouse).page.one("nav", aria_label="Languages").all("a")
    assert [chip["title"].partition(": ")[2] for chip in chips] == list(states.values())
