"""Approving in the staff area: a second person, beside what is live; the history and restoring."""

import pytest

from content.models import Page as PageItem
from content.models import Revision
from tests import factories
from tests.admin_support import Desk, address, newest

pytestmark = pytest.mark.django_db


@pytest.fixture
def lighthouse() -> PageItem:
    """A live page with a draft of another title."""
    item = factories.page()
    factories.publish(item)
    item.title_en = "The old lighthouse"
    item.save()
    return item


@pytest.fixture
def edith() -> Desk:
    return Desk(factories.editor())


@pytest.fixture
def anna() -> Desk:
    return Desk(factories.approver())


def test_a_second_person_makes_it_live(lighthouse, anna, read):
    revision = factories.waiting(lighthouse)
    page = anna.approve(revision)
    assert "Number 2 is live. Its page shows it first, usually within two seconds;" in page.text
    assert "See it live" in [link.text for link in page.all("a", href="/en/lighthouse/")]
    assert read("/en/lighthouse/").title == "The old lighthouse"
    revision.refresh_from_db()
    assert (revision.approved_by, revision.reason) == (anna.user, "")


def test_the_link_after_approval_leads_to_the_language_of_the_text(lighthouse, anna):
    factories.publish(lighthouse)
    factories.translate(lighthouse, "fr")
    assert "/fr/lighthouse/" in anna.approve(factories.waiting(lighthouse, "fr")).links


def test_looking_at_it_changes_nothing(lighthouse, anna, read):
    revision = factories.waiting(lighthouse)
    page = anna.see(address("approve", revision))
    old = [e.text for e in page.all("td") if "compare__old" in e.classes]
    new = [e.text for e in page.all("td") if "compare__new" in e.classes]
    assert (old[0], new[0]) == ("The lighthouse", "The old lighthouse")
    assert read("/en/lighthouse/").title == "The lighthouse"


def test_a_translation_stands_beside_its_source_in_its_own_direction(lighthouse, anna):
    factories.publish(lighthouse)
    factories.translate(lighthouse, "ar", "المنارة")
    page = anna.see(address("approve", factories.waiting(lighthouse, "ar")))
    quotes = {(e["lang"], e["dir"]): e.text for e in page.all("div") if "quote" in e.classes}
    assert {("ar", "rtl"), ("en", "ltr")} <= set(quotes)


def test_an_editor_may_not_approve(lighthouse, edith, read):
    revision = factories.waiting(lighthouse, author=factories.editor("Emil"))
    path = address("approve", revision)
    assert edith.client.get(path).status_code == 403
    assert edith.client.post(path).status_code == 403
    assert edith.client.post(address("withdraw", revision), {"reason": "x"}).status_code == 403
    assert read("/en/lighthouse/").title == "The lighthouse"


def test_an_editor_sees_what_waits_without_a_button_to_approve(lighthouse, edith):
    page = edith.see(address("change", factories.waiting(lighthouse)))
    assert "waiting for approval" in page.text
    assert not [link for link in page.links if "approve" in link]


def test_an_author_cannot_approve_their_own_text_without_a_reason(lighthouse, anna, read):
    revision = factories.waiting(lighthouse, author=anna.user)
    assert "somebody else has to approve it" in anna.approve(revision, reason="  ").text
    assert read("/en/lighthouse/").title == "The lighthouse"


def test_an_approver_alone_releases_with_a_reason_that_is_kept(lighthouse, anna, read):
    revision = factories.waiting(lighthouse, author=anna.user)
    anna.approve(revision, reason="The number is wrong and nobody is here.")
    assert read("/en/lighthouse/").title == "The old lighthouse"
    page = anna.see("/admin/content/revision/?state=alone")
    assert "The old lighthouse" in page.text
    assert "nobody is here" in anna.see(address("change", revision)).text


def test_a_second_person_leaves_no_reason_that_would_list_it_as_released_alone(lighthouse, anna):
    revision = factories.waiting(lighthouse)
    anna.approve(revision, reason="Well done")
    revision.refresh_from_db()
    assert (revision.is_live, revision.reason) == (True, "")


def test_a_text_that_was_saved_again_is_not_approved(lighthouse, anna, read):
    revision = factories.waiting(lighthouse)
    lighthouse.title_en = "The new lighthouse"
    lighthouse.save()
    factories.draft(lighthouse)
    assert (
        "Somebody saved a newer text"
        in anna.client.post(address("approve", revision), follow=True).content.decode()
    )
    assert read("/en/lighthouse/").title == "The lighthouse"


def test_what_is_live_is_not_approved_again(lighthouse, anna):
    revision = factories.publish(lighthouse)
    otto = Desk(factories.approver("Otto"))
    otto.post(address("approve", revision))
    revision.refresh_from_db()
    assert revision.approved_by == anna.user


@pytest.mark.parametrize("action", ["withdraw", "restore"])
def test_a_link_never_withdraws_or_restores(lighthouse, anna, action):
    revision = factories.publish(lighthouse)
    assert anna.client.get(address(action, revision)).status_code == 405
    revision.refresh_from_db()
    assert revision.is_live


@pytest.mark.parametrize("action", ["approve", "withdraw", "restore"])
def test_a_form_of_another_site_does_nothing(lighthouse, anna, action):
    revision = factories.waiting(lighthouse)
    anna.client.handler.enforce_csrf_checks = True
    assert anna.client.post(address(action, revision), {"reason": "x"}).status_code == 403
    revision.refresh_from_db()
    assert not revision.is_live


def test_withdrawing_takes_the_text_away_and_keeps_the_reason(lighthouse, anna, reader):
    revision = factories.publish(lighthouse)
    anna.post(address("withdraw", revision), reason="")
    assert reader.get("/en/lighthouse/").status_code == 200
    anna.post(address("withdraw", revision), reason="The lighthouse is closed.")
    assert reader.get("/en/lighthouse/").status_code == 404
    revision.refresh_from_db()
    assert (revision.withdrawn_by, revision.withdrawn_because) == (
        anna.user,
        "The lighthouse is closed.",
    )


def test_restoring_an_old_text_makes_a_draft_of_it(lighthouse, edith, read):
    factories.publish(lighthouse)
    first = Revision.objects.of("page", "lighthouse", "en").get(number=1)
    edith.post(address("restore", first))
    assert newest("page", "lighthouse").number == 3
    assert newest("page", "lighthouse").title == "The lighthouse"
    assert edith.edit(lighthouse).data["title_en"] == "The lighthouse"
    assert read("/en/lighthouse/").title == "The old lighthouse"


def test_revisions_are_neither_added_nor_changed_nor_deleted(lighthouse, anna):
    revision = factories.waiting(lighthouse)
    assert anna.client.get("/admin/content/revision/add/").status_code == 403
    assert anna.client.post(address("change", revision), {"title": "x"}).status_code == 405
    assert anna.client.post(address("delete", revision), {"post": "yes"}).status_code == 403
    revision.refresh_from_db()
    assert revision.title == "The old lighthouse"


def test_the_history_lists_every_number_with_its_people(lighthouse, anna):
    revision = factories.publish(lighthouse)
    rows = anna.see(address("change", revision)).one("section", aria_labelledby="history-heading")
    numbers = [row.all("td")[0].text for row in rows.all("tr") if row.all("td")]
    assert numbers == ["2", "1"]
    assert "Edith" in rows.text
    assert "Anna" in rows.text


def test_the_front_page_lists_what_waits_and_ones_own_drafts(lighthouse, edith, anna):
    revision = factories.waiting(lighthouse)
    own = factories.page("harbour", title_en="The harbour")
    factories.draft(own, author=edith.user)
    queue, drafts = (
        edith.see("/admin/").one("section", aria_labelledby=f"{name}-heading")
        for name in ("waiting", "drafts")
    )
    assert address("change", revision) in queue.links
    assert "The harbour" in drafts.text
    queue, drafts = (
        anna.see("/admin/").one("section", aria_labelledby=f"{name}-heading")
        for name in ("waiting", "drafts")
    )
    assert address("approve", revision) in queue.links
    assert drafts.links == []


def test_the_list_of_revisions_finds_what_waits(lighthouse, anna):
    factories.waiting(lighthouse)
    assert "The old lighthouse" in anna.see("/admin/content/revision/?state=waiting").text
    page = anna.see("/admin/content/revision/?state=live&kind=page&language=en")
    assert "The old lighthouse" not in page.text
