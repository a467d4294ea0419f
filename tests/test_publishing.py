"""From working copy to public text: who may do what, what is kept, what is refused."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from content.models import Revision
from content.publishing import workflow
from content.publishing.workflow import Refused, State
from tests.factories import (
    approver,
    childline,
    draft,
    editor,
    japan,
    page,
    publish,
    section,
    translate,
    waiting,
)

pytestmark = pytest.mark.django_db


def refusal(revision):
    """What the refusal of this revision says."""
    with pytest.raises(Refused) as refused:
        workflow.submit(revision)
    return refused.value.problems


def test_saving_keeps_a_draft_and_changes_nothing_that_readers_see(read):
    item = page()
    publish(item)
    item.title_en = "A new title"
    item.save()
    revision = draft(item)
    assert (revision.number, revision.is_live, revision.approved_at) == (2, False, None)
    assert read("/en/lighthouse/").title == "The lighthouse"


def test_saving_what_has_not_changed_keeps_nothing():
    item = page()
    draft(item)
    assert workflow.save_draft(item, "en", editor()) is None
    assert Revision.objects.of("page", "lighthouse", "en").count() == 1


def test_approving_shows_the_text_to_readers(reader, read):
    item = page()
    revision = waiting(item)
    assert reader.get("/en/lighthouse/").status_code == 404
    workflow.approve(revision, approver())
    assert "It is on at night." in read("/en/lighthouse/").main.text


def test_approving_replaces_the_revision_before():
    item = page()
    first = publish(item)
    item.title_en = "A new title"
    item.save()
    second = publish(item)
    first.refresh_from_db()
    assert (first.is_live, second.is_live) == (False, True)


def test_an_editor_without_the_permission_may_not_approve():
    revision = waiting(page(), author=approver())
    with pytest.raises(PermissionDenied):
        workflow.approve(revision, editor())
    assert workflow.live("page", "lighthouse", "en") is None


def test_nobody_approves_what_they_wrote_themselves():
    revision = waiting(page(), author=approver())
    with pytest.raises(Refused, match="somebody else has to approve it"):
        workflow.approve(revision, approver())
    assert workflow.live("page", "lighthouse", "en") is None


def test_a_blank_reason_is_no_reason_to_approve_alone():
    revision = waiting(page(), author=approver())
    with pytest.raises(Refused):
        workflow.approve(revision, approver(), reason="  ")


def test_alone_an_approver_gives_a_reason_which_is_kept():
    revision = waiting(page(), author=approver())
    workflow.approve(revision, approver(), reason="The number was wrong")
    revision.refresh_from_db()
    assert (revision.is_live, revision.reason) == (True, "The number was wrong")


def test_the_database_refuses_approval_by_the_author_without_a_reason():
    revision = waiting(page(), author=approver())
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(
            approved_at=timezone.now(), approved_by=approver(), reason=""
        )


def test_a_draft_that_nobody_submitted_is_not_approved():
    with pytest.raises(Refused, match="Nobody has asked for approval"):
        workflow.approve(draft(page()), approver())


def test_only_the_newest_draft_is_approved():
    item = page()
    old = waiting(item)
    item.title_en = "A new title"
    item.save()
    draft(item)
    with pytest.raises(Refused, match="newer text"):
        workflow.approve(old, approver())


def test_the_database_holds_one_live_revision_of_an_item_and_language():
    item = page()
    publish(item)
    item.title_en = "A new title"
    item.save()
    second = draft(item)
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.filter(pk=second.pk).update(is_live=True, approved_at=timezone.now())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("content", {"schema": 1, "title": "Changed behind our back"}),
        ("title", "Changed"),
        ("language", "fr"),
        ("number", 7),
        ("created_at", timezone.now()),
        ("origin", "shipped"),
    ],
)
def test_the_database_refuses_to_change_what_a_revision_says(field, value):
    revision = draft(page())
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(**{field: value})


def test_withdrawing_takes_the_page_away_from_readers(reader):
    revision = publish(page())
    workflow.withdraw(revision, approver(), "It is out of date")
    assert reader.get("/en/lighthouse/").status_code == 404
    revision.refresh_from_db()
    assert (revision.withdrawn_by, revision.withdrawn_because) == (approver(), "It is out of date")


def test_withdrawing_a_translation_shows_the_source_text(read):
    item = page()
    publish(item)
    translate(item, "de", "Der Leuchtturm")
    revision = publish(item, "de")
    assert "Der Leuchtturm" in read("/de/lighthouse/").main.text
    workflow.withdraw(revision, approver(), "")
    assert "The lighthouse" in read("/de/lighthouse/").main.text


def test_an_editor_may_not_withdraw():
    revision = publish(page())
    with pytest.raises(PermissionDenied):
        workflow.withdraw(revision, editor(), "")
    assert workflow.live("page", "lighthouse", "en") == revision


def test_a_withdrawn_text_is_not_approved_again_unsaved():
    revision = publish(page())
    workflow.withdraw(revision, approver(), "")
    with pytest.raises(Refused, match="withdrawn"):
        workflow.submit(revision)


def test_restoring_writes_the_working_copy_and_a_new_draft():
    item = page()
    first = publish(item)
    item.title_en = "A new title"
    item.save()
    item.sections.update(body_en="<p>Other words.</p>")
    section(item, "extra")
    publish(item)
    restored = workflow.restore(first, editor())
    item.refresh_from_db()
    assert item.title_en == "The lighthouse"
    assert [s.key for s in item.sections.all()] == ["light"]
    assert item.sections.get().body_en == "<p>It is on at night.</p>"
    assert (restored.number, restored.is_live, restored.content) == (3, False, first.content)
    assert restored.comment == "Restored from number 1"


def test_restoring_what_the_newest_says_keeps_nothing():
    assert workflow.restore(publish(page()), editor()) is None


def test_restoring_a_country_brings_its_numbers_back():
    country = japan()
    helpline = childline(country)
    first = publish(country, "zxx")
    helpline.phone = "0120 99 7777"
    helpline.save()
    publish(country, "zxx")
    restored = workflow.restore(first, editor())
    helpline.refresh_from_db()
    assert helpline.phone == "116 111"
    assert restored.content["contacts"][0]["phone"] == "116 111"


# --- What is refused ---------------------------------------------------------------------------


def test_an_empty_title_is_refused_with_its_field():
    (problem,) = refusal(draft(page(title_en="")))
    assert (problem.field, problem.message) == ("title", "Write this text: readers need it.")


def test_an_empty_heading_is_refused_with_the_place_of_its_section():
    item = page()
    section(item, "second", heading_en=" ", position=2)
    (problem,) = refusal(draft(item))
    assert problem.field == "sections.1.heading"


@pytest.mark.parametrize("href", ["page:nowhere", "page:report#no-such-place"])
def test_a_broken_link_is_refused(href):
    item = page()
    section(item, "second", body_en=f'<p>See <a href="{href}">this</a>.</p>', position=2)
    (problem,) = refusal(draft(item))
    assert problem.field == "sections.1.body"
    assert "leads nowhere" in problem.message


def test_a_link_to_a_section_of_another_page_is_accepted():
    item = page()
    section(item, "second", body_en='<p><a href="page:report#countries">Find help</a></p>')
    workflow.submit(draft(item))


@pytest.mark.parametrize("word", ["child pornography", "revenge porn", "Just Say No"])
def test_words_that_are_never_used_are_refused_on_every_page(word):
    (problem,) = refusal(draft(page(summary_en=f"They call it {word} here.")))
    assert (problem.field, word.lower() in problem.message.lower()) == ("summary", True)


@pytest.mark.parametrize("word", ["mistake", "should have", "leaked", "confessing", "predators"])
def test_words_that_blame_or_frighten_are_refused_for_young_readers_only(word):
    text = f"This is about {word} things."
    workflow.submit(draft(page("for-adults", audience="parents", summary_en=text)))
    (problem,) = refusal(draft(page("for-young", audience="young", summary_en=text)))
    assert problem.field == "summary"


def test_a_banned_word_is_found_across_bold_letters():
    item = page(audience="young")
    section(item, "second", body_en="<p>It was your mis<strong>take</strong>.</p>", position=2)
    assert [p.field for p in refusal(draft(item))] == ["sections.1.body"]


def test_a_translation_with_other_links_is_refused():
    item = page()
    item.sections.update(body_en='<p><a href="page:report">Get help</a></p>')
    publish(item)
    translate(item, "fr")
    item.sections.update(body_fr='<p><a href="page:stop">Aide</a></p>')
    (problem,) = refusal(draft(item, "fr"))
    assert problem.field == "sections.0.body"
    assert "Expected: page:report" in problem.message


def test_a_translation_that_leaves_a_text_out_is_refused():
    item = page()
    publish(item)
    translate(item, "fr")
    item.sections.update(body_fr="")
    (problem,) = refusal(draft(item, "fr"))
    assert (problem.field, problem.message) == ("sections.0.body", "Translate this text.")


def test_a_translation_is_refused_before_its_source_is_live():
    item = page()
    translate(item, "fr")
    (problem,) = refusal(draft(item, "fr"))
    assert "source text is not live" in problem.message


def test_rich_text_is_cleaned_before_it_is_kept():
    item = page()
    item.sections.update(
        body_en='<p onclick="x()">Safe<script>alert(1)</script>'
        '<a href="javascript:alert(1)">here</a></p>'
    )
    body = draft(item).content["sections"][0]["body"]
    assert body == "<p>Safe<a>here</a></p>"


# --- The state of an item in a language --------------------------------------------------------


def states(item):
    return workflow.states("page", item.key)


def test_an_item_that_nobody_wrote_is_missing_in_every_language():
    assert set(states(page()).values()) == {State.MISSING}


def test_the_state_follows_an_item_through_its_life():
    item = page()
    seen = []
    revision = draft(item)
    seen.append(states(item)["en"])
    workflow.submit(revision)
    seen.append(states(item)["en"])
    workflow.approve(revision, approver())
    seen.append(states(item)["en"])
    item.title_en = "A new title"
    item.save()
    changed = draft(item)
    seen.append(states(item)["en"])
    workflow.submit(changed)
    seen.append(states(item)["en"])
    workflow.approve(changed, approver())
    workflow.withdraw(changed, approver(), "")
    seen.append(states(item)["en"])
    assert seen == [
        State.DRAFT,
        State.WAITING,
        State.LIVE,
        State.CHANGED,
        State.WAITING,
        State.MISSING,
    ]


def test_a_translation_is_outdated_once_another_source_text_is_live():
    item = page()
    publish(item)
    translate(item, "fr")
    publish(item, "fr")
    assert states(item)["fr"] == State.LIVE
    item.title_en = "A new title"
    item.save()
    assert states(item)["fr"] == State.LIVE
    publish(item)
    assert states(item)["fr"] == State.OUTDATED
    item.title_fr = "Un nouveau titre"
    item.save()
    publish(item, "fr")
    assert states(item)["fr"] == State.LIVE


def test_a_translation_remembers_the_source_text_it_was_made_from():
    item = page()
    source = publish(item)
    translate(item, "fr")
    assert publish(item, "fr").based_on == source


def test_the_states_of_an_item_take_two_queries_at_most(django_assert_max_num_queries):
    item = page()
    publish(item)
    with django_assert_max_num_queries(2):
        assert len(states(item)) == 36


def test_a_country_has_a_state_for_its_numbers_and_one_for_each_language():
    assert set(workflow.states("country", "IE")) >= {"zxx", "en", "fr"}
    assert workflow.states("country", "IE")["zxx"] == State.LIVE
