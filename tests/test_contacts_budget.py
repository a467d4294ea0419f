"""Pages of contacts stay small and ask little with 500 countries of contacts in 36 languages."""

from itertools import product
from string import ascii_uppercase

import pytest

from campaign import languages
from content.models import Contact, Country
from tests import factories
from tests.admin_support import Desk

pytestmark = pytest.mark.django_db
COUNTRIES, SERVICES, MOST_SERVICES = 500, 6, 40
LIMIT = 60 * 1024
LIST = "/admin/content/contact/"
PATHS = {
    LIST: 12,
    f"{LIST}?check=any": 12,
    f"{LIST}?check=never&country=QA": 12,
    f"{LIST}import/": 6,
    "/admin/content/country/QA/change/": 17,
    "contact": 9,
}
"""The pages, and how many questions each may ask the database."""


@pytest.fixture
def many() -> Contact:
    """Many contacts with long notes and a remark in every language; returns one of them."""
    codes = ["".join(pair) for pair in product(ascii_uppercase, repeat=2)]
    there = set(Country.objects.values_list("pk", flat=True))
    new = ["QA", *[code for code in codes if code not in {*there, "QA"}]][: COUNTRIES - len(there)]
    Country.objects.bulk_create(Country(code=code, languages=["en"]) for code in new)
    remarks = {f"remark_{code}": f"({code}) They have a garden." for code in languages.BY_CODE}
    values = {
        "organisation": "An association with a rather long name for children and young people",
        "phone": "0800 111 222 333", "phone_hours": "Mo-Fr 09:00-17:00; Sa 10:00-12:00; PH off",
        "sms_hours": "24/7", "chat_url": "https://chat.example/a/long/address",
        "website": "https://www.association.example/", "evidence": "one-source",
        "languages": ["en", "fr", "ar"], "note": "A doubt that somebody wrote down. " * 6,
        "sources": ["https://a.example/about", "https://b.example/about"],
    }  # fmt: skip
    Contact.objects.bulk_create(
        Contact(key=f"{code.lower()}-{n}", country_id=code, kind="helpline", **values, **remarks)
        for code in new
        for n in range(MOST_SERVICES if code == "QA" else SERVICES)
    )
    assert Contact.objects.count() > COUNTRIES * SERVICES * 0.9
    factories.publish(Country.objects.get(code="QA"), languages.NEUTRAL)
    return Contact.objects.get(key="qa-0")


def test_pages_of_contacts_are_small_and_ask_little(many, django_assert_max_num_queries):
    edith = Desk(factories.editor())
    heavy = {}
    for path, most in PATHS.items():
        address = f"{LIST}{many.pk}/change/" if path == "contact" else path
        with django_assert_max_num_queries(most, info=path):
            answer = edith.client.get(address)
        assert answer.status_code == 200, path
        if len(answer.content) > LIMIT:
            heavy[path] = len(answer.content)
    assert heavy == {}
