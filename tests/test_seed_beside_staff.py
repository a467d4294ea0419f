"""A release of the shipped campaign meets what staff have done since the last one."""

from datetime import date

import polib
import pytest

from content.models import Contact, Page, Revision
from content.publishing import workflow
from tests.factories import approver, digits, draft, ireland, publish
from tests.test_seed import seed, shipped  # noqa: F401  shipped is a fixture

pytestmark = pytest.mark.django_db


def change_french(root, context, after):
    """Write another French translation into the shipped file."""
    path = root / "translations" / "fr.po"
    catalogue = polib.pofile(str(path))
    entry = next(entry for entry in catalogue if entry.msgctxt == context)
    entry.msgstr = after
    catalogue.save(str(path))


def staff_change_english(before, after):
    page = Page.objects.get(key="stop")
    section = page.sections.get(key="remove")
    assert before in section.body_en
    section.body_en = section.body_en.replace(before, after)
    section.save()
    return publish(page)


def live_number(country, key):
    contacts = workflow.live("country", country, "zxx").content["contacts"]
    return next(contact["phone"] for contact in contacts if contact["key"] == key)


def test_a_translation_of_english_that_staff_have_changed_does_not_go_live(shipped):  # noqa: F811
    staff_change_english("It works in any country.", "It works in most countries.")
    change_french(shipped.root, "page:stop/title", "Arrêter")
    said = seed()
    assert workflow.live("page", "stop", "fr").title != "Arrêter"
    assert "page:stop fr: the live English is not the one that was translated" in said
    assert workflow.states("page", "stop")["fr"] == workflow.State.OUTDATED


def test_a_link_that_staff_removed_does_not_stop_the_release(shipped):  # noqa: F811
    staff_change_english('<a href="https://takeitdown.ncmec.org">Take It Down</a>', "Take It Down")
    change_french(shipped.root, "page:stop/title", "Arrêter")
    change_french(shipped.root, "page:understand/title", "Comprendre tout")
    seed()
    assert workflow.live("page", "understand", "fr").title == "Comprendre tout"


def test_english_that_staff_withdrew_does_not_stop_the_release(shipped):  # noqa: F811
    workflow.withdraw(workflow.live("situation", "i-paid", "en"), approver(), "wrong")
    change_french(shipped.root, "situation:i-paid/title", "J’ai tout payé")
    assert "situation:i-paid fr" in seed()
    assert workflow.live("situation", "i-paid", "en") is None


def test_a_contact_that_no_longer_ships_is_taken_off(shipped):  # noqa: F811
    shipped.rows("contacts.json", lambda rows: rows.remove(find(rows, "ie-childline-by-ispcc")))
    seed()
    with pytest.raises(StopIteration):
        live_number("IE", "ie-childline-by-ispcc")


def test_a_contact_that_staff_changed_stays_when_it_no_longer_ships(shipped):  # noqa: F811
    Contact.objects.filter(key="ie-childline-by-ispcc").update(note="We called them.")
    shipped.rows("contacts.json", lambda rows: rows.remove(find(rows, "ie-childline-by-ispcc")))
    assert "contact:ie-childline-by-ispcc: it no longer ships" in seed()
    assert live_number("IE", "ie-childline-by-ispcc")


def test_a_shipped_correction_waits_for_approval_beside_staffs_own_change(shipped):  # noqa: F811
    country = ireland()
    country.contacts.filter(key="ie-hotline-ie").update(email="staff@example.org")
    publish(country, "zxx")
    shipped.rows(
        "contacts.json",
        lambda rows: find(rows, "ie-childline-by-ispcc").update(phone="1800 66 66 67"),
    )
    assert "country:IE: shipped corrections wait for approval" in seed()
    newest = workflow.latest("country", "IE", "zxx")
    assert newest.submitted_at
    assert not newest.is_live
    numbers = {c["key"]: (c["phone"], c["email"]) for c in newest.content["contacts"]}
    assert numbers["ie-childline-by-ispcc"][0] == "1800 66 66 67"
    assert numbers["ie-hotline-ie"][1] == "staff@example.org"
    workflow.approve(newest, approver(), digits=digits(newest))
    assert live_number("IE", "ie-childline-by-ispcc") == "1800 66 66 67"


def test_a_draft_of_staff_is_not_released_by_the_seed(shipped):  # noqa: F811
    country = ireland()
    country.contacts.filter(key="ie-childline-by-ispcc").update(phone="999")
    draft(country, "zxx")
    shipped.rows("contacts.json", lambda rows: find(rows, "ie-hotline-ie").update(ages="under 18"))
    seed()
    seed()
    assert live_number("IE", "ie-childline-by-ispcc") == "1800 66 66 66"


def test_a_contact_that_staff_deleted_does_not_come_back(shipped):  # noqa: F811
    Contact.objects.get(key="al-129-112").delete()
    shipped.rows("contacts.json", lambda rows: find(rows, "al-129-112").update(note="new note"))
    seed()
    assert not Contact.objects.filter(key="al-129-112").exists()


def test_a_new_order_of_pieces_arrives(shipped):  # noqa: F811
    path = shipped.path("phrases.md")
    blocks = path.read_text("utf-8").split("\n## ")
    blocks[1], blocks[2] = blocks[2], blocks[1]
    path.write_text("\n## ".join(blocks), "utf-8")
    before = list(phrases())
    seed()
    after = list(phrases())
    assert after != before
    assert sorted(after) == sorted(before)


def phrases():
    live = Revision.objects.live().filter(kind="phrase", language="en")
    return live.order_by("position", "key").values_list("key", flat=True)


def find(rows, key):
    return next(row for row in rows if row["id"] == key)


def test_a_service_may_ship_with_the_day_on_which_it_ends(shipped):  # noqa: F811
    ending = {"ends_on": "2027-03-31"}
    shipped.rows("contacts.json", lambda rows: find(rows, "ie-childline-by-ispcc").update(ending))
    seed()
    helpline = Contact.objects.get(key="ie-childline-by-ispcc")
    assert helpline.ends_on == date(2027, 3, 31)
    assert "0 updated" in seed()
    Contact.objects.filter(pk=helpline.pk).update(ends_on=date(2027, 6, 30))
    ending["ends_on"] = "2027-04-30"
    shipped.rows("contacts.json", lambda rows: find(rows, "ie-childline-by-ispcc").update(ending))
    seed()
    helpline.refresh_from_db()
    assert helpline.ends_on == date(2027, 6, 30)


def test_what_shipped_before_services_could_end_is_as_it_was(shipped):  # noqa: F811
    for contact in Contact.objects.filter(country="IE"):
        contact.shipped.pop("ends_on")
        contact.save()
    before = Revision.objects.count()
    assert "0 updated" in seed()
    assert Revision.objects.count() == before
