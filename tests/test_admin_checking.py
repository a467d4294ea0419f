"""The queue of contacts to check, and what one click enters."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from campaign import languages
from content.models import Contact, LinkCheck, Revision
from tests import factories
from tests.admin_support import Desk, form_path, newest
from tests.html import Page

pytestmark = pytest.mark.django_db
LIST = "/admin/content/contact/"


@pytest.fixture
def edith():
    return Desk(factories.editor())


@pytest.fixture
def japan():
    Contact.objects.all().delete()
    country = factories.japan()
    today = datetime.now(UTC).date()
    days = {"never": None, "fresh": 1, "soon": 170, "overdue": 200, "dead": 2}
    for key, ago in days.items():
        day = None if ago is None else today - timedelta(days=ago)
        factories.childline(country, key=f"jp-{key}", organisation=f"The {key} one", checked_on=day)
    found(Contact.objects.get(key="jp-dead"), LinkCheck.Outcome.DEAD)
    found(Contact.objects.get(key="jp-fresh"), LinkCheck.Outcome.GOOD)
    factories.publish(country, languages.NEUTRAL)
    return country


def found(contact, outcome, **facts):
    """What was found at a contact's link."""
    return LinkCheck.objects.create(
        contact=contact,
        field="website",
        url="https://service.example/help",
        outcome=outcome,
        checked_at=timezone.now(),
        **facts,
    )


def listed(page):
    rows = " ".join(row.text for row in page.all("tr"))
    return {name for name in "never fresh soon overdue dead".split() if f"The {name} one" in rows}


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("any", {"never", "overdue", "dead"}),
        ("never", {"never"}),
        ("overdue", {"overdue"}),
        ("soon", {"soon"}),
        ("links", {"dead"}),
    ],
)
def test_the_queue_by_reason(edith, japan, reason, expected):
    assert listed(edith.see(f"{LIST}?check={reason}")) == expected


def test_the_list_names_what_is_wrong_with_links(edith, japan):
    rows = [row.text for row in edith.see(LIST).all("tr")]
    assert any("The dead one" in row and row.rstrip().endswith("Dead") for row in rows)
    assert not any("The fresh one" in row and "Good" in row for row in rows)


def test_the_form_shows_what_was_found_at_each_link(edith, japan):
    contact = Contact.objects.get(key="jp-dead")
    contact.link_checks.update(detail="The page is not there any more.")
    page = edith.see(form_path(contact))
    assert "https://service.example/help" in page.text
    assert "The page is not there any more." in page.text
    assert "Not looked at yet." in edith.see(form_path(Contact.objects.get(key="jp-soon"))).text


def test_checked_today_asks_how_and_enters_day_and_person(edith, japan):
    keys = ["jp-never", "jp-overdue"]
    contacts = Contact.objects.filter(key__in=keys)
    chosen = [str(contact.pk) for contact in contacts]
    asked = edith.client.post(LIST, {"action": "checked_today", "_selected_action": chosen})
    assert "How do you know?" in asked.content.decode()
    assert contacts.filter(checked_on=None).exists()
    data = asked_about(edith, contacts)
    refused = edith.client.post(LIST, data)
    assert "This field is required." in refused.content.decode()
    done = edith.client.post(LIST, data | {"how": "called"}, follow=True).content.decode()
    assert "JP: 2 checked today." in done
    assert "Readers still see the old details until somebody approves it." in done
    today = datetime.now(UTC).date()
    assert {(c.checked_on, c.checked_by) for c in contacts.all()} == {(today, edith.user)}
    draft = newest("country", "JP", languages.NEUTRAL)
    assert draft.comment == (
        "Checked today (jp-never, jp-overdue): I called, and they confirmed it"
    )
    assert (draft.created_by, draft.approved_at) == (edith.user, None)


def asked_about(desk, contacts):
    """What the page sends that asks how: the contacts, and what the person saw of them."""
    chosen = [str(contact.pk) for contact in contacts]
    path, data = LIST, {"action": "checked_today", "_selected_action": chosen}
    page = Page(path, desk.client.post(path, data).content.decode())
    hidden = [e for e in page.all("input", type="hidden") if e["name"].startswith("seen-")]
    return data | {"how_asked": "1"} | {e["name"]: e["value"] for e in hidden}


def test_a_contact_that_somebody_changed_meanwhile_is_not_entered_but_shown_again(edith, japan):
    contacts = Contact.objects.filter(key__in=["jp-never", "jp-overdue"])
    data = asked_about(edith, contacts) | {"how": "site"}
    contacts.filter(key="jp-never").update(phone="0800 999")
    again = edith.client.post(LIST, data)
    assert "JP: 1 checked today." in again.content.decode()
    assert "The never one: somebody else has changed this since you looked" in (
        again.content.decode()
    )
    assert "0800 999" in again.content.decode()
    assert contacts.get(key="jp-never").checked_on is None
    data = asked_about(edith, contacts.filter(key="jp-never")) | {"how": "site"}
    edith.client.post(LIST, data)
    assert contacts.get(key="jp-never").checked_on is not None


def test_of_two_who_check_the_same_service_the_second_is_told(edith, japan):
    otto = Desk(factories.editor("Otto"))
    contacts = Contact.objects.filter(key="jp-never")
    first, second = asked_about(edith, contacts), asked_about(otto, contacts)
    edith.client.post(LIST, first | {"how": "called"})
    told = otto.client.post(LIST, second | {"how": "site"}).content.decode()
    assert "somebody else has changed this since you looked" in told
    assert contacts.get().checked_by == edith.user


def test_the_queue_has_the_most_urgent_first(edith, japan):
    found(Contact.objects.get(key="jp-soon"), LinkCheck.Outcome.MOVED)
    names = [row.text for row in edith.see(f"{LIST}?check=any").by_id("result_list").all("tr")]
    found_at = [
        next(place for place, row in enumerate(names) if f"The {key} one" in row)
        for key in ("never", "overdue", "dead", "soon")
    ]
    assert found_at == [1, 2, 3, 4]


def test_a_row_of_the_queue_has_all_that_one_needs_to_check(edith, japan):
    note = "The number on their poster of 2019 was another one."
    Contact.objects.filter(key="jp-overdue").update(note=note, website="https://lamp.example/help")
    (row,) = [
        row for row in edith.see(f"{LIST}?check=overdue").all("tr") if "The overdue" in row.text
    ]
    assert note in row.text
    assert "One source" in row.text
    assert "overdue, checked on" in row.text
    assert row.one("a", href="https://lamp.example/help")["rel"] == "noreferrer"


def test_one_contact_is_checked_from_its_row_and_the_queue_comes_back_as_it_was(edith, japan):
    page = edith.see(f"{LIST}?check=any&country=JP")
    contact = Contact.objects.get(key="jp-overdue")
    (link,) = [a for a in page.all("a") if a.get("aria-label") == "Checked today: The overdue one"]
    address = LIST + link["href"]
    asked = edith.see(address)
    assert "How do you know?" in asked.text
    assert "This field is required." in edith.client.post(address, {"how": ""}).content.decode()
    (seen,) = [e for e in asked.all("input", type="hidden") if e["name"].startswith("seen-")]
    Contact.objects.filter(pk=contact.pk).update(phone="0800 111")
    told = edith.client.post(address, {"how": "mail", seen["name"]: seen["value"]}).content.decode()
    assert "somebody else has changed this since you looked" in told
    (seen,) = [e for e in Page(address, told).all("input") if e.get("name") == seen["name"]]
    done = edith.client.post(address, {"how": "mail", seen["name"]: seen["value"]}, follow=True)
    assert done.redirect_chain == [(f"{LIST}?check=any&country=JP", 302)]
    contact.refresh_from_db()
    assert contact.checked_on == datetime.now(UTC).date()
    assert "The service has written to us" in newest("country", "JP", languages.NEUTRAL).comment
    assert listed(edith.see(f"{LIST}?check=any")) == {"never", "dead"}


def test_a_partner_checks_no_contact_of_another_country(japan):
    paula = Desk(factories.partner("DE"))
    page = paula.see(f"{LIST}?check=never")
    assert not [a for a in page.all("a") if a.get("aria-label", "").startswith("Checked today")]
    path = f"{LIST}{Contact.objects.get(key='jp-never').pk}/checked/"
    assert paula.client.get(path).status_code == 403
    assert paula.client.post(path, {"how": "called"}).status_code == 403
    assert Contact.objects.get(key="jp-never").checked_on is None


def test_the_list_is_narrowed_to_a_country_and_keeps_its_other_filters(edith, japan):
    factories.childline(factories.ireland(), key="ie-never", organisation="The Irish one")
    page = edith.see(f"{LIST}?check=never")
    (box,) = [e for e in page.all("select") if e.get("name") == "country"]
    assert "Japan" in box.text
    form = next(e for e in box.ancestors if e.tag == "form")
    assert form.one("input", type="hidden", name="check")["value"] == "never"
    narrowed = edith.see(f"{LIST}?check=never&country=JP")
    assert "The never one" in narrowed.text
    assert "The Irish one" not in narrowed.by_id("result_list").text


def test_nobody_deletes_contacts_from_the_list(edith, japan):
    (box,) = [e for e in edith.see(LIST).all("select") if e.get("name") == "action"]
    assert "Delete" not in box.text
    assert "Checked today" in box.text


def test_who_may_not_change_contacts_checks_none(japan):
    reader = Desk(factories.editor("Emil"))
    reader.user.user_permissions.clear()
    reader.user.groups.clear()
    contact = Contact.objects.get(key="jp-never")
    data = {"action": "checked_today", "_selected_action": [contact.pk], "how": "called"}
    reader.client.post(LIST, data | {"how_asked": "1"}, follow=True)
    contact.refresh_from_db()
    assert contact.checked_on is None
    assert Revision.objects.of("country", "JP", languages.NEUTRAL).count() == 1


def test_the_list_asks_the_same_few_questions_for_many(edith, japan, django_assert_max_num_queries):
    for n in range(40):
        found(factories.childline(japan, key=f"jp-{n}"), LinkCheck.Outcome.MOVED)
    with django_assert_max_num_queries(16):
        edith.see(f"{LIST}?check=any")
