"""Deciding in the staff area: words, numbers, back to the author, several at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from content.admin import differing
from content.models import Contact, Revision, SentBack
from content.publishing import numbers, workflow
from content.publishing.workflow import Refused
from tests import factories
from tests.admin_support import Desk, address, form_path, newest

pytestmark = pytest.mark.django_db
NEUTRAL = "zxx"
TOGETHER = "admin:content_revision_together"


@pytest.fixture
def lighthouse():
    item = factories.page()
    factories.publish(item)
    item.title_en = "The old lighthouse"
    item.save()
    return item


@pytest.fixture
def anna() -> Desk:
    return Desk(factories.approver())


@pytest.fixture
def number():
    """A country whose helpline waits with another number."""
    country = factories.japan()
    contact = factories.childline(country)
    factories.publish(country, NEUTRAL)
    contact.phone = "116 112"
    contact.save()
    return factories.waiting(country, NEUTRAL)


# --- The difference -----------------------------------------------------------------------------


def test_only_the_words_that_differ_are_marked():
    old, new = differing.marked("It is on at night.", "It is off at night.")
    assert (old, new) == ("It is <del>on</del> at night.", "It is <ins>off</ins> at night.")


def test_several_words_in_a_row_are_one_mark():
    assert differing.marked("Tell us.", "Tell us right now.")[1] == "Tell us <ins>right now</ins>."


def test_marks_stand_inside_the_elements_of_a_text():
    old, new = (
        factories.rich("<p>One.</p><ul><li>Two</li></ul>"),
        factories.rich("<p>One.</p><ul><li>Three</li><li>Four</li></ul>"),
    )
    assert differing.marked(old, new)[1].count("<ins>") == 2
    assert "<ins><" not in differing.marked(old, new)[1]


def test_a_link_that_leads_elsewhere_is_marked_and_called_out():
    old, new = (
        factories.rich(f'<p><a href="page:{key}">Go on</a></p>') for key in ("stop", "report")
    )
    assert "<ins>Go on</ins>" in differing.marked(old, new)[1]
    assert differing.called_out(old, new) == [
        differing.Call("Links", ("/en/stop/",), ("/en/report/",))
    ]


def test_a_number_in_a_text_is_called_out():
    assert differing.called_out("Call 116 111.", "Call 116 117.") == [
        differing.Call("Numbers", ("116 111",), ("116 117",))
    ]


def test_what_was_written_as_text_stays_text():
    assert "<script>" not in "".join(differing.marked("a <b>", "a <script>"))


def test_words_with_arabic_marks_stay_whole():
    _, new = differing.marked("لست وحدك", "لَسْتَ وحدك")
    assert new == "<ins>لَسْتَ</ins> وحدك"


# --- A number -----------------------------------------------------------------------------------


def test_a_number_is_not_approved_before_its_digits_are_typed(anna, number, read):
    page = anna.see(address("approve", number))
    (field,) = [e for e in page.all("input") if str(e.get("name")).startswith("digits-")]
    shown = page.one("section", aria_label="Numbers that change").text
    assert "116 111" in shown
    assert "116 112" in shown
    for typed in ({}, {field["name"]: "111"}, {field["name"]: ""}, {field["name"]: "6112"}):
        anna.client.post(address("approve", number), typed)
        number.refresh_from_db()
        assert not number.is_live, typed
    anna.client.post(address("approve", number), {field["name"]: "112"})
    assert "tel:116112" in read("/en/report/jp/").links


@pytest.mark.parametrize("field", ["phone", "phone_international", "sms", "whatsapp"])
def test_every_kind_of_number_is_asked_for_whatever_way_in(field):
    contact = factories.childline(factories.japan())
    factories.publish(contact.country, NEUTRAL)
    setattr(contact, field, "0800 123 456")
    contact.save()
    revision = factories.waiting(contact.country, NEUTRAL)
    with pytest.raises(Refused, match="last three digits"):
        workflow.approve(revision, factories.approver())
    workflow.approve(revision, factories.approver(), digits={f"jp-childline.{field}": "456"})


def test_an_emergency_number_is_asked_for_and_a_short_one_whole():
    country = factories.japan()
    factories.publish(country, NEUTRAL)
    country.emergency_numbers = [{"number": "15", "for": "police", "evidence": "confirmed"}]
    country.save()
    revision = factories.waiting(country, NEUTRAL)
    (change,) = numbers.changes(revision, workflow.live("country", "JP", NEUTRAL))
    assert (change.old, change.new, change.answer) == ("110", "15", "15")


def test_a_number_that_is_only_written_differently_is_not_asked_for(number):
    Contact.objects.filter(key="jp-childline").update(phone="116-111")
    revision = factories.waiting(factories.japan(), NEUTRAL)
    assert numbers.changes(revision, workflow.live("country", "JP", NEUTRAL)) == []


def test_releasing_alone_asks_for_the_digits_too(anna):
    country = factories.japan()
    factories.childline(country)
    revision = factories.waiting(country, NEUTRAL, anna.user)
    anna.post(address("approve", revision), reason="Nobody is here.")
    revision.refresh_from_db()
    assert not revision.is_live


# --- Sent back ----------------------------------------------------------------------------------


def test_what_is_sent_back_is_a_draft_again_and_its_author_reads_why(lighthouse, anna):
    edith = Desk(factories.editor())
    revision = factories.waiting(lighthouse, author=edith.user)
    anna.post(address("send_back", revision), because="Say where it stands.")
    revision.refresh_from_db()
    assert (revision.submitted_at, revision.approved_at) == (None, None)
    for page in (edith.see("/admin/"), edith.see(form_path(lighthouse))):
        assert "Say where it stands." in page.text
    assert "Say where it stands." in edith.see(address("change", revision)).text


def test_nothing_is_sent_back_without_a_word(lighthouse, anna):
    revision = factories.waiting(lighthouse)
    assert (
        "Write what to change"
        in anna.client.post(address("send_back", revision), {"because": " "}).content.decode()
    )
    assert not SentBack.objects.exists()


def test_what_is_live_is_not_sent_back(lighthouse, anna):
    revision = factories.publish(lighthouse)
    anna.post(address("send_back", revision), because="Too late.")
    revision.refresh_from_db()
    assert revision.is_live
    assert not SentBack.objects.exists()


def test_what_was_sent_back_can_be_asked_for_again(lighthouse, anna):
    revision = factories.waiting(lighthouse)
    workflow.send_back(revision, anna.user, "Say where it stands.")
    workflow.submit(revision)
    workflow.approve(revision, anna.user)
    page = anna.see(address("change", revision))
    assert "Say where it stands." in page.one("section", aria_labelledby="history-heading").text


# --- Several at once ----------------------------------------------------------------------------


def together(anna: Desk, *revisions: Revision, **typed: str):
    data = {"pk": [r.pk for r in revisions], **typed}
    return anna.client.post(reverse(TOGETHER), data, follow=True).content.decode()


def test_several_texts_are_shown_and_approved_at_once(lighthouse, anna, read):
    other = factories.page("harbour", title_en="The harbour")
    first, second = factories.waiting(lighthouse), factories.waiting(other)
    shown = anna.see(f"{reverse(TOGETHER)}?pk={first.pk}&pk={second.pk}").text
    assert "The harbour" in shown
    assert "old" in shown
    together(anna, first, second)
    assert read("/en/lighthouse/").title == "The old lighthouse"
    assert read("/en/harbour/").title == "The harbour"


def test_together_no_number_is_skipped_and_the_others_go_live(lighthouse, anna, number, read):
    text = factories.waiting(lighthouse)
    said = together(anna, text, number)
    number.refresh_from_db()
    assert not number.is_live
    assert "type the last three digits" in said
    assert read("/en/lighthouse/").title == "The old lighthouse"
    together(anna, number, **{f"digits-{number.pk}-jp-childline.phone": "112"})
    number.refresh_from_db()
    assert number.is_live


def test_together_nobody_approves_their_own(lighthouse, anna):
    revision = factories.waiting(lighthouse, author=anna.user)
    assert "You cannot approve this" in anna.see(f"{reverse(TOGETHER)}?pk={revision.pk}").text
    together(anna, revision)
    revision.refresh_from_db()
    assert not revision.is_live


def test_together_has_a_fixed_number_of_queries(anna):
    revisions = [factories.waiting(factories.page(f"page-{n}")) for n in range(6)]
    counts = []
    for few in (revisions[:1], revisions):
        query = "&".join(f"pk={revision.pk}" for revision in few)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            anna.see(f"{reverse(TOGETHER)}?{query}")
        counts.append(len(queries))
    assert counts[0] == counts[1] < 15


# --- History ------------------------------------------------------------------------------------


def test_any_two_numbers_are_compared_the_older_first(lighthouse, anna):
    factories.publish(lighthouse)
    one, two = Revision.objects.of("page", "lighthouse", "en")
    for old, new in ((one, two), (two, one)):
        page = anna.see(f"{reverse('admin:content_revision_compare')}?old={old.pk}&new={new.pk}")
        assert page.one("ins").text == "old"
    assert newest("page", "lighthouse") == one


@pytest.mark.parametrize("query", ["", "?old=1", "?old=x&new=1", "?old=0&new=0", "?old=²&new=²"])
def test_what_are_no_two_numbers_is_not_there(anna, query):
    path = reverse("admin:content_revision_compare") + query
    assert anna.client.get(path).status_code == 404


def test_texts_of_two_items_are_not_compared(lighthouse, anna):
    other = factories.draft(factories.page("harbour"))
    path = reverse("admin:content_revision_compare")
    mine = newest("page", "lighthouse")
    assert anna.client.get(f"{path}?old={mine.pk}&new={other.pk}").status_code == 404
