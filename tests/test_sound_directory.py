"""Only sound values of the directory go live, and a broken one never breaks a page."""

import pytest
from django.core.exceptions import ValidationError

from content.models import Contact
from content.models.directory import validate_hours
from content.publishing import workflow
from tests.factories import approver, childline, digits, draft, japan, publish

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "ask Mary"),
        ("phone_hours", "rubbish!!"),
        ("website", "javascript:alert(1)"),
        ("sources", [1]),
        ("languages", {"a": 1}),
        ("email", "no address"),
    ],
)
def test_a_contact_with_a_value_that_nobody_can_use_is_refused(field, value):
    contact = childline(japan())
    Contact.objects.filter(pk=contact.pk).update(**{field: value})
    with pytest.raises(workflow.Refused) as refused:
        workflow.submit(draft(japan(), "zxx"))
    assert refused.value.problems[0].field == f"contacts.jp-childline.{field}"


def test_an_emergency_number_without_a_source_is_refused():
    country = japan()
    country.emergency_numbers = [{"number": "555", "for": "all"}]
    country.save()
    with pytest.raises(workflow.Refused, match="555 needs a source"):
        workflow.submit(draft(country, "zxx"))


def test_112_needs_no_source():
    country = japan()
    country.emergency_numbers = [{"number": "112", "for": "all"}]
    country.save()
    assert publish(country, "zxx").is_live


@pytest.mark.parametrize(
    "hours",
    [
        '"by appointment"',
        "24/7; PH off",
        "Sep-Jun Mo-Fr 09:00-17:00",
        "Mo-Fr 09:00+",
        'Mo-Fr 09:00-17:00 "school days only"',
        "Mo[1] 10:00-12:00",
        "Mo-Fr 09:00-17:00 unknown",
    ],
)
def test_hours_that_a_week_cannot_show_are_refused(hours):
    with pytest.raises(ValidationError, match="hours in words"):
        validate_hours(hours)


@pytest.mark.parametrize(
    "hours", ["24/7", "Mo-Fr 09:00-17:00; PH off", "Mo,We 10:00-12:00,14:00-04:00; Sa 10:00-24:00"]
)
def test_hours_that_a_week_can_show_are_taken(hours):
    validate_hours(hours)


def test_pages_live_on_when_the_worldwide_services_are_withdrawn(reader):
    contact = Contact.objects.filter(country="WW", kind="removal").first()
    contact.remark_en = "Works on the pictures of anyone under 18."
    contact.save()
    publish(contact.country, "en")
    workflow.withdraw(workflow.live("country", "WW", "zxx"), approver(), "wrong")
    for path in ("/en/report/ie/", "/en/report/"):
        assert reader.get(path).status_code == 200, path


def test_a_service_without_a_telephone_is_not_asked_about_the_bill(read):
    childline(japan(), phone="", phone_hours="", chat_url="https://chat.example/")
    publish(japan(), "zxx")
    assert "Chat" in read("/en/report/jp/").text
    card = next(c for c in read("/en/report/jp/").all("article") if c.get("id") == "jp-childline")
    assert "phone bill" not in card.text


def test_restoring_a_country_deletes_no_contact():
    country = japan()
    childline(country)
    first = publish(country, "zxx")
    childline(country, key="jp-newer", note="Called on Monday.")
    publish(country, "zxx")
    workflow.restore(first, approver())
    assert Contact.objects.get(key="jp-newer").note == "Called on Monday."


def test_what_was_approved_cannot_be_approved_again():
    childline(japan())
    revision = publish(japan(), "zxx")
    with pytest.raises(workflow.Refused, match="approved already"):
        workflow.approve(revision, approver("Berta"))


def test_withdrawing_keeps_the_reason_of_a_release():
    author = approver()
    childline(japan())
    revision = draft(japan(), "zxx", author)
    workflow.submit(revision)
    workflow.approve(revision, author, "nobody else was there", digits(revision))
    workflow.withdraw(revision, approver("Berta"), "wrong number")
    revision.refresh_from_db()
    assert revision.reason == "nobody else was there"
    assert revision.withdrawn_because == "wrong number"
