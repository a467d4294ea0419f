"""The directory in the staff area: one approval of a country is valid in all languages."""

from datetime import UTC, date, datetime, timedelta

import pytest

from campaign import languages
from content.models import Contact, Revision
from tests import factories
from tests.admin_support import ASK, Desk, address, newest

pytestmark = pytest.mark.django_db
NEUTRAL = languages.NEUTRAL


@pytest.fixture
def edith() -> Desk:
    return Desk(factories.editor())


@pytest.fixture
def anna() -> Desk:
    return Desk(factories.approver())


@pytest.fixture
def japan():
    country = factories.japan()
    factories.childline(country)
    factories.publish(country, NEUTRAL)
    return country


def childline(country) -> Contact:
    return country.contacts.get(key="jp-childline")


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_corrected_number_goes_live_in_all_languages_after_one_approval(
    edith, anna, japan, read, language
):
    form = edith.edit(childline(japan))
    form["phone"] = "0120 99 77 77"
    asked = form.press(ASK)
    assert "waits until somebody else approves it" in asked.messages
    assert "tel:116111" in read(f"/{language}/report/jp/").links
    revision = newest("country", "JP", NEUTRAL)
    page = anna.see(address("approve", revision))
    table = next(table for table in page.all("table") if "compare" in table.classes)
    (row,) = [e for e in table.all("tr") if "compare__number" in e.classes]
    assert [cell.text for cell in row.all("td")] == ["116 111", "0120 99 77 77"]
    approved = anna.approve(revision)
    assert "/en/report/jp/" in approved.links
    assert "tel:0120997777" in read(f"/{language}/report/jp/").links
    assert "tel:116111" not in read(f"/{language}/report/jp/").links


def test_saving_a_contact_says_that_it_waits_for_an_approval(edith, japan):
    form = edith.edit(childline(japan))
    form["phone"] = "0120 99 77 77"
    saved = form.press()
    assert "Readers still see the old details until somebody approves it." in saved.messages
    assert newest("country", "JP", NEUTRAL).created_by == edith.user


def test_approving_a_country_shows_only_what_changes(edith, anna, japan):
    factories.childline(japan, key="jp-second", organisation="Second", phone="110")
    factories.publish(japan, NEUTRAL)
    form = edith.edit(childline(japan))
    form["phone"] = "0120 99 77 77"
    form.press(ASK)
    page = anna.see(address("approve", newest("country", "JP", NEUTRAL)))
    table = next(table for table in page.all("table") if "compare" in table.classes)
    assert "Childline (Helpline)" in table.text
    assert "Second" not in table.text


def test_an_unsourced_contact_becomes_public_once_it_was_checked(edith, anna, japan, read):
    lamp = factories.childline(
        japan,
        key="jp-lamp",
        organisation="The Lamp",
        phone="0570 00 11",
        evidence=Contact.Evidence.UNSOURCED,
    )
    form = edith.edit(lamp)
    form["ages"] = "all"
    assert "Readers do not see this service" in form.press().messages
    assert "The Lamp" not in read("/en/report/jp/").main.text
    today = datetime.now(UTC).date()
    form = edith.edit(lamp)
    form["checked_on"] = today.isoformat()
    form.press(ASK)
    lamp.refresh_from_db()
    assert (lamp.checked_on, lamp.checked_by) == (today, edith.user)
    anna.approve(newest("country", "JP", NEUTRAL))
    assert "The Lamp" in read("/en/report/jp/").main.text


def test_taking_back_the_day_of_a_check_takes_back_who_checked(edith, japan):
    contact = childline(japan)
    Contact.objects.filter(pk=contact.pk).update(checked_on=date(2026, 1, 2), checked_by=edith.user)
    form = edith.edit(contact)
    form["checked_on"] = ""
    form.press()
    contact.refresh_from_db()
    assert (contact.checked_on, contact.checked_by) == (None, None)


def test_a_day_that_has_not_come_is_no_day_of_a_check(edith, japan):
    form = edith.edit(childline(japan))
    form["checked_on"] = (datetime.now(UTC).date() + timedelta(days=2)).isoformat()
    assert "This day has not come yet." in form.press().beside("checked_on")


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("phone", "call us", "Write the number as people dial it"),
        ("phone_hours", "weekdays", "Write 24/7, or days and times"),
        ("website", "ftp://x.example", "Enter a valid URL"),
        ("languages", "klingonisch", "is no code of a language"),
        ("sources", "somewhere", "is no address"),
        ("time_zone", "Mars/Base", "is no time zone"),
    ],
)
def test_a_value_that_cannot_be_right_is_refused_beside_its_field(
    edith, japan, name, value, reason
):
    form = edith.edit(childline(japan))
    form[name] = value
    refused = form.press()
    assert reason in refused.beside(name)
    assert refused.data[name] == value
    assert Revision.objects.of("country", "JP", NEUTRAL).count() == 1


def test_two_people_on_one_contact_collide_and_nothing_is_lost(edith, japan):
    first, second = (
        edith.edit(childline(japan)),
        Desk(factories.editor("Emil")).edit(childline(japan)),
    )
    first["phone"], second["phone"] = "111", "222"
    first.press()
    refused = second.press()
    assert "Somebody else saved this while you were writing" in refused.page.text
    assert refused.data["phone"] == "222"
    assert "111" in refused.beside("phone")
    assert childline(japan).phone == "111"
    refused.press()
    assert childline(japan).phone == "222"


def test_two_people_on_two_contacts_of_a_country_do_not_collide(edith, japan):
    other = factories.childline(japan, key="jp-second", phone="110")
    first, second = edith.edit(childline(japan)), Desk(factories.editor("Emil")).edit(other)
    first["phone"], second["phone"] = "111", "222"
    first.press()
    second.press()
    phones = {c["phone"] for c in newest("country", "JP", NEUTRAL).content["contacts"]}
    assert phones == {"111", "222"}


def test_a_remark_is_drafted_in_the_source_language(edith, anna, japan, read):
    form = edith.edit(childline(japan))
    form["remark_en"] = "They have a garden."
    assert "Saved as draft number 1" in form.press(ASK).messages
    anna.approve(newest("country", "JP", "en"))
    assert "They have a garden." in read("/en/report/jp/").main.text


def test_a_contact_without_remarks_drafts_no_remarks(edith, japan):
    form = edith.edit(childline(japan))
    form["phone"] = "111"
    form.press()
    assert not Revision.objects.of("country", "JP", "en").exists()


def test_emergency_numbers_are_written_one_a_line(edith, japan):
    form = edith.edit(japan)
    assert form.page.one("textarea", name="emergency_numbers").text == "110 police"
    form["emergency_numbers"] = "119 all\n110 police\n"
    assert "Saved as draft number 2" in form.press().messages
    japan.refresh_from_db()
    assert japan.emergency_numbers == [
        {"number": "119", "for": "all", "evidence": "confirmed"},
        {"number": "110", "for": "police", "evidence": "one-source"},
    ]


@pytest.mark.parametrize("text", ["119", "119 army", "call all"])
def test_an_emergency_number_that_cannot_be_read_is_refused(edith, japan, text):
    form = edith.edit(japan)
    form["emergency_numbers"] = text
    refused = form.press()
    assert refused.page.one("textarea", name="emergency_numbers").text == text
    assert refused.response.context["adminform"].form.errors["emergency_numbers"]
    japan.refresh_from_db()
    assert japan.emergency_numbers[0]["number"] == "110"


def test_a_country_lists_its_contacts_and_who_is_hidden(edith, japan):
    hidden = factories.childline(
        japan, key="jp-lamp", organisation="The Lamp", evidence=Contact.Evidence.UNSOURCED
    )
    page = edith.edit(japan).page
    assert f"/admin/content/contact/{hidden.pk}/change/" in page.links
    (row,) = [r for r in page.all("tr") if "The Lamp" in r.text]
    assert "no: not sourced and not checked" in row.text
    assert "/admin/content/contact/add/?country=JP" in page.links


def test_a_new_contact_drafts_its_country(edith, japan):
    form = edith.open("/admin/content/contact/add/?country=JP")
    form.data |= {
        "key": "jp-new",
        "kind": "police",
        "organisation": "The police",
        "phone": "110",
        "evidence": "one-source",
    }
    assert "Saved as draft number 2" in form.press().messages
    keys = [c["key"] for c in newest("country", "JP", NEUTRAL).content["contacts"]]
    assert "jp-new" in keys


def test_deleting_a_contact_leaves_it_public_until_somebody_approves(japan, anna, read):
    from django.contrib.auth.models import User

    root = Desk(User.objects.create_superuser("Root"))
    contact = childline(japan)
    page = root.post(f"/admin/content/contact/{contact.pk}/delete/", post="yes").content.decode()
    assert "Readers still see the old details until somebody approves it." in page
    assert not Contact.objects.filter(pk=contact.pk).exists()
    assert "tel:116111" in read("/en/report/jp/").links
    assert newest("country", "JP", NEUTRAL).content["contacts"] == []


def test_an_editor_may_not_delete_a_contact(edith, japan):
    path = f"/admin/content/contact/{childline(japan).pk}/delete/"
    assert edith.client.post(path, {"post": "yes"}).status_code == 403


def test_every_shipped_contact_and_country_is_saved_as_it_is_without_a_draft(edith):
    before = Revision.objects.count()
    contacts = Contact.objects.filter(country__in=["BG", "DE", "IE", "GR", "MT", "UA"])
    for item in [*contacts, factories.ireland()]:
        form = edith.edit(item).press()
        assert not form.response.context["adminform"].form.errors, item
    assert Revision.objects.count() == before
