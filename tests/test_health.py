"""`/healthz` and `/readyz`: what the machines that watch the site are told."""

import pytest

from content.models import Revision

pytestmark = pytest.mark.django_db


def test_alive_asks_nothing_of_the_database(reader, no_database):
    response = reader.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_ready_once_the_campaign_is_there(reader):
    response = reader.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ready\n")


def test_ready_without_a_database_once_the_site_is_baked(reader, no_database, settings, tmp_path):
    settings.BAKED_ROOT = str(tmp_path)
    (tmp_path / "current").symlink_to("releases/7")
    response = reader.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ready, without a database\n")


def test_not_ready_without_a_database_and_without_a_bake(reader, no_database, settings, tmp_path):
    settings.BAKED_ROOT = str(tmp_path)
    response = reader.get("/readyz")
    assert (response.status_code, response.content) == (503, b"no database\n")


def test_not_ready_before_the_start_page_is_live(reader):
    Revision.objects.filter(kind="page", key="home", is_live=True).update(is_live=False)
    response = reader.get("/readyz")
    assert (response.status_code, response.content) == (503, b"not seeded\n")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_answer_is_never_kept(reader, path):
    assert "no-store" in reader.get(path)["Cache-Control"]
