"""Pages of contacts stay small and ask little with 500 countries of contacts in 36 languages.

How long they take is measured by `python -m benchmarks.staff`.
"""

import pytest

from benchmarks.staff import COUNTRIES, LARGEST, LIST, PAGES, SERVICES, fill
from campaign import languages
from content.models import Contact, Country
from tests import factories
from tests.admin_support import Desk

pytestmark = pytest.mark.django_db
LIMIT = 60 * 1024
MOST = 20
"""Questions to the database."""


def test_pages_of_contacts_are_small_and_ask_little(django_assert_max_num_queries):
    form = fill()
    assert Contact.objects.count() > COUNTRIES * SERVICES * 0.9
    factories.publish(Country.objects.get(code=LARGEST), languages.NEUTRAL)
    edith = Desk(factories.editor())
    heavy = {}
    for path in (*PAGES, form, f"{LIST}import/"):
        with django_assert_max_num_queries(MOST, info=path):
            answer = edith.client.get(path)
        assert answer.status_code == 200, path
        if len(answer.content) > LIMIT:
            heavy[path] = len(answer.content)
    assert heavy == {}
