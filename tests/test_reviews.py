"""Who has checked a page: entered by an approver, told to readers, true of one text only."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from content.models import Page, Review, Revision
from content.publishing import reviews, workflow
from content.publishing.workflow import Refused
from tests import factories
from tests.admin_support import Desk, address, newest

pytestmark = pytest.mark.django_db

UNREAD = "n’a pas encore été relue"
DAY = date(2026, 3, 5)


@pytest.fixture
def anna() -> Desk:
    return Desk(factories.approver())


@pytest.fixture
def french():
    """A page that is live in French."""
    item = factories.page()
    factories.publish(item)
    factories.translate(item, "fr")
    return factories.publish(item, "fr")


def enter(desk: Desk, revision: Revision, role="native", name="", on=DAY) -> str:
    data = {"role": role, "name": name, "on": str(on)}
    return desk.post(address("review", revision), **data).content.decode()


def test_readers_are_told_who_checked_the_page_and_when(anna, french, read):
    assert UNREAD in read("/fr/lighthouse/").text
    assert "Readers are told of it now." in enter(anna, french)
    text = read("/fr/lighthouse/").text
    assert "relu le 5 mars 2026 par une personne dont c’est la langue maternelle" in text
    assert UNREAD not in text
    (review,) = Review.objects.all()
    assert (review.by, review.revision, review.on) == (anna.user, french, DAY)


def test_several_roles_are_named_and_a_name_stands_for_its_role(anna, french, read):
    enter(anna, french, "youth")
    enter(anna, french, "helpline", "Fil Santé")
    text = read("/fr/lighthouse/").text
    assert "relu par un groupe de jeunes le 5 mars 2026" in text
    assert "relu par \u2068Fil Santé\u2069 le 5 mars 2026" in text
    assert UNREAD in text, "no native speaker has checked it"


def test_the_english_page_is_checked_too_and_says_nothing_without(anna, french, read):
    english = workflow.live("page", "lighthouse", "en")
    assert "checked" not in read("/en/lighthouse/").main.text
    enter(anna, english, "youth")
    expected = "This text was checked by a youth panel on March 5, 2026."
    assert expected in read("/en/lighthouse/").text


def test_a_language_that_shows_the_source_tells_of_the_source(anna, read):
    factories.publish(factories.page())
    enter(anna, workflow.live("page", "lighthouse", "en"), "youth")
    assert "groupe de jeunes" in read("/fr/lighthouse/").text


def test_a_review_of_what_waits_is_told_once_it_is_live(anna, read):
    item = factories.page()
    factories.publish(item)
    factories.translate(item, "fr")
    draft = factories.waiting(item, "fr")
    assert "once this text is live" in enter(anna, draft)
    anna.approve(draft)
    assert "relu le 5 mars 2026" in read("/fr/lighthouse/").text


def test_the_next_text_starts_without_reviews(anna, french, read):
    enter(anna, french)
    item = Page.objects.get(key="lighthouse")
    item.title_fr = "Le grand phare"
    item.save()
    factories.publish(item, "fr")
    assert UNREAD in read("/fr/lighthouse/").text
    assert newest("page", "lighthouse", "fr").reviews == []


def test_what_was_entered_wrongly_is_taken_back_and_stays_in_the_history(anna, french, read):
    enter(anna, french)
    enter(anna, french, "youth")
    page = anna.see(address("change", french))
    button = next(b for b in page.all("button") if "native" in b.text)
    anna.post(address("review", french), take_back=button["value"])
    text = read("/fr/lighthouse/").text
    assert UNREAD in text
    assert "groupe de jeunes" in text
    assert Review.objects.count() == 3
    enter(anna, french)
    assert UNREAD not in read("/fr/lighthouse/").text


def test_the_later_day_of_the_same_role_counts(anna, french, read):
    enter(anna, french)
    enter(anna, french, on=DAY + timedelta(days=1))
    text = read("/fr/lighthouse/").text
    assert "6 mars 2026" in text
    assert "5 mars 2026" not in text


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"role": "other"}, "Write the role."),
        ({"on": datetime.now(UTC).date() + timedelta(days=2)}, "This day has not come yet."),
        ({"role": "me"}, "not one of the available choices"),
        ({"on": "yesterday"}, "Enter a valid date"),
        ({"name": "x" * 81}, "at most 80 characters"),
    ],
)
def test_what_is_not_entered_soundly_comes_back_with_the_reason(anna, french, values, reason):
    assert reason in enter(anna, french, **values)
    assert not Review.objects.exists()


def test_who_wrote_it_does_not_say_that_it_was_checked(french):
    with pytest.raises(PermissionDenied):
        reviews.enter(french, factories.editor(), "native", "", DAY)
    item = factories.page("harbour")
    factories.publish(item)
    factories.translate(item, "fr")
    anna = factories.approver()
    draft = factories.waiting(item, "fr", anna)
    with pytest.raises(PermissionDenied):
        reviews.enter(draft, anna, "native", "", DAY)
    page = Desk(anna).see(address("change", draft))
    assert "Enter who has checked" not in page.text


def test_only_a_page_that_readers_see_or_may_see_has_reviews(anna, french):
    term = Revision.objects.live().filter(kind="term", language="fr").first()
    term = term or Revision.objects.live().filter(kind="term").first()
    with pytest.raises(Refused):
        reviews.enter(term, anna.user, "native", "", DAY)
    workflow.withdraw(french, anna.user, "Wrong.")
    with pytest.raises(Refused):
        reviews.enter(french, anna.user, "native", "", DAY)


def test_the_database_still_refuses_to_change_what_a_revision_says(french):
    for name, value in {"unsure": ["title"], "reviewed_by": "me", "title": "x"}.items():
        with pytest.raises(IntegrityError), transaction.atomic():
            Revision.objects.filter(pk=french.pk).update(**{name: value})


def test_saving_the_same_text_again_keeps_its_reviews(anna, french):
    enter(anna, french)
    item = workflow.find("page", "lighthouse")
    assert workflow.save_draft(item, "fr", factories.editor()) is None


def test_an_approver_reads_that_no_native_reader_has_seen_it(anna):
    item = factories.page()
    factories.publish(item)
    factories.translate(item, "fr")
    draft = factories.waiting(item, "fr")
    warning = "No native reader has reviewed this translation."
    assert warning in anna.see(address("approve", draft)).text
    enter(anna, draft, "youth")
    assert warning in anna.see(address("approve", draft)).text
    enter(anna, draft)
    assert warning not in anna.see(address("approve", draft)).text
