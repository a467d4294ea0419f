"""Sitemaps: one for each offered language, with the pages that may be listed in it."""

import xml.etree.ElementTree as ET

import pytest
from django.conf import settings

from content.publishing import live, workflow
from tests.factories import approver

pytestmark = pytest.mark.django_db

LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def addresses(response):
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/xml")
    return [element.text for element in ET.fromstring(response.content.decode()).iter(LOC)]


def test_the_index_names_one_sitemap_for_each_offered_language(reader):
    assert addresses(reader.get("/sitemap.xml")) == [
        f"{settings.SITE_URL}/sitemap-{code}.xml" for code in live.index().offered
    ]


def test_a_page_without_its_translation_is_not_listed(reader):
    assert f"{settings.SITE_URL}/fr/stop/" in addresses(reader.get("/sitemap-fr.xml"))
    for key in ("friend", "facts"):
        if revision := workflow.live("page", key, "fr"):
            workflow.withdraw(revision, approver(), "")
        listed = addresses(reader.get("/sitemap-fr.xml"))
        assert f"{settings.SITE_URL}/fr/{key}/" not in listed
        assert f"{settings.SITE_URL}/en/{key}/" in addresses(reader.get("/sitemap-en.xml"))


@pytest.mark.parametrize("code", ["de", "ka", "xx"])
def test_a_language_that_is_not_offered_has_no_sitemap(reader, code):
    assert reader.get(f"/sitemap-{code}.xml").status_code in {301, 404}
    assert reader.get(f"/sitemap-{code}.xml", follow=True).status_code == 404
