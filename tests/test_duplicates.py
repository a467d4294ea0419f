"""The same number or address twice in a country: a warning beside the field, with a link."""

import pytest

from content.models import Contact
from tests import factories
from tests.admin_support import ASK, Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def edith() -> Desk:
    return Desk(factories.editor())


@pytest.fixture
def japan():
    country = factories.japan()
    values = {
        "phone": "0120 99 77", "sms": "+81 3 1", "email": "help@lamp.example",
        "website": "https://www.lamp.example/help/", "chat_url": "https://chat.example/?a=1",
    }  # fmt: skip
    factories.childline(country, key="jp-lamp", organisation="The Lamp", **values)
    factories.childline(country, phone="1")
    return country


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("phone", "0120-9977", "The same stands in The Lamp (helpline)."),
        ("whatsapp", "+813 1", "The same stands as sms in The Lamp (helpline)."),
        ("email", "Help@Lamp.example", "The same stands in The Lamp (helpline)."),
        ("website", "https://lamp.example/help", "The same stands in The Lamp (helpline)."),
        ("report_url", "https://chat.example/?a=1", "The same stands as chat url in The Lamp"),
    ],
)
def test_saving_warns_beside_the_field_with_a_link_and_refuses_nothing(
    edith, japan, field, value, words
):
    contact = Contact.objects.get(key="jp-childline")
    form = edith.edit(contact)
    assert "The same stands" not in form.page.text
    form[field] = value
    saved = form.press(ASK)
    contact.refresh_from_db()
    assert getattr(contact, field) == value
    assert words in saved.beside(field)
    assert words in saved.messages
    other = Contact.objects.get(key="jp-lamp")
    assert saved.page.links.count(f"/admin/content/contact/{other.pk}/change/") == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "0120 99 78"),
        ("website", "https://lamp.example/other"),
        ("chat_url", "https://chat.example/?a=2"),
        ("email", "other@lamp.example"),
    ],
)
def test_what_leads_elsewhere_is_no_duplicate(edith, japan, field, value):
    form = edith.edit(Contact.objects.get(key="jp-childline"))
    form[field] = value
    assert "The same stands" not in form.press().page.text


def test_the_same_number_in_another_country_is_no_duplicate(edith, japan):
    form = edith.edit(factories.childline(factories.ireland(), key="ie-lamp"))
    form["phone"] = "0120 99 77"
    assert "The same stands" not in form.press().page.text


def test_who_may_only_look_sees_no_warning_and_no_fault(japan):
    form_of = f"/admin/content/contact/{Contact.objects.get(key='jp-lamp').pk}/change/"
    Contact.objects.filter(key="jp-childline").update(phone="0120 99 77")
    assert "The Lamp" in Desk(factories.translator("fr")).see(form_of).text
