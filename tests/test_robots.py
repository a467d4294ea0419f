"""`/robots.txt`: crawlers may read all but the way out."""

import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db


def test_crawlers_may_read_the_site_but_not_leave_it(reader):
    response = reader.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /exit/",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    ]


def test_the_way_to_the_staff_area_is_not_told(reader, site):
    assert settings.ADMIN_PATH not in reader.get("/robots.txt").content.decode()
    for path in site.paths("en"):
        assert not [link for link in site.page(path).links if settings.ADMIN_PATH in link]
