"""The history of a text: who wrote, who approved, when and why, for good."""

import pytest
from django.contrib.auth.models import User
from django.db.models import ProtectedError

from content.models import Revision
from content.publishing import workflow
from tests import factories
from tests.admin_support import Desk, address

pytestmark = pytest.mark.django_db


@pytest.fixture
def lighthouse():
    """A page with a past: approved, sent back, released alone, withdrawn, restored."""
    item = factories.page()
    edith, anna = factories.editor(), factories.approver()
    first = factories.publish(item)
    item.title_en = "The old lighthouse"
    item.save()
    second = factories.waiting(item, author=edith)
    workflow.send_back(second, anna, "Old is no reason.")
    item.title_en = "The white lighthouse"
    item.save()
    third = workflow.save_draft(item, "en", anna, comment="It is white.")
    workflow.submit(third)
    workflow.approve(third, anna, "Nobody else is here.")
    workflow.withdraw(third, anna, "It is being painted.")
    workflow.restore(first, edith)
    return item


def rows(page):
    table = next(e for e in page.all("table") if "history" in e.classes)
    return [row.text for row in table.one("tbody").all("tr")]


def test_the_history_says_of_every_revision_who_when_and_why(lighthouse):
    newest = Revision.objects.of("page", "lighthouse", "en").first()
    fourth, third, second, first = rows(Desk(factories.editor()).see(address("change", newest)))
    year = f"{newest.created_at:%Y-%m-%d}"
    assert all(year in row for row in (first, second, third, fourth))
    assert "was live" in first
    assert f"Anna, {year}" in first
    assert "Edith" in second
    assert "Sent back by Anna" in second
    assert "Old is no reason." in second
    assert "withdrawn" in third
    assert "It is white." in third
    assert "Released alone: Nobody else is here." in third
    assert "Withdrawn by Anna" in third
    assert "It is being painted." in third
    assert "draft" in fourth
    assert "Restored from number 1" in fourth


def test_the_names_of_former_staff_stay(lighthouse):
    User.objects.filter(username__in=["Edith", "Anna"]).update(is_active=False)
    newest = Revision.objects.of("page", "lighthouse", "en").first()
    page = Desk(factories.editor("Emil")).see(address("change", newest))
    text = " ".join(rows(page))
    assert "Sent back by Anna" in text
    assert "Withdrawn by Anna" in text
    assert "Edith" in text


@pytest.mark.parametrize("name", ["Edith", "Anna"])
def test_nobody_who_is_in_the_history_can_be_deleted_by_anything(lighthouse, name):
    with pytest.raises(ProtectedError):
        User.objects.get(username=name).delete()
    root = Desk(User.objects.create_superuser("Root"))
    pk = User.objects.get(username=name).pk
    assert root.client.post(f"/admin/auth/user/{pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_translation_has_a_history_of_its_own(lighthouse):
    factories.publish(lighthouse)
    factories.translate(lighthouse, "fr")
    french = factories.publish(lighthouse, "fr")
    assert len(rows(Desk(factories.editor()).see(address("change", french)))) == 1


def test_a_restored_text_is_compared_with_any_other(lighthouse):
    found = {r.number: r.pk for r in Revision.objects.of("page", "lighthouse", "en")}
    edith = Desk(factories.editor())
    path = "/admin/content/revision/compare/?old={}&new={}"
    same = edith.see(path.format(found[1], found[4]))
    assert "Readers would see no difference." in same.text
    other = edith.see(path.format(found[2], found[3]))
    assert [(e.tag, e.text) for e in other.all("del", "ins")] == [("del", "old"), ("ins", "white")]
