"""How the files of open data are served: to any site, once, with an ETag; and their page."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.directory import opendata_schema
from tests.factories import childline, japan, publish

pytestmark = pytest.mark.django_db

JSON, CSV, SCHEMA = "/data/contacts.json", "/data/contacts.csv", "/data/contacts.schema.json"
FILES = (JSON, CSV, SCHEMA)
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        (JSON, "application/json"),
        (CSV, "text/csv; charset=utf-8; header=present"),
        (SCHEMA, "application/schema+json"),
    ],
)
def test_pages_of_other_sites_may_read_the_files(reader, path, content_type):
    answer = reader.get(path)
    assert answer["Content-Type"] == content_type
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert answer["Link"] == f'<{LICENCE}>; rel="license"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


def test_the_table_has_a_name_and_is_not_forced_to_be_saved(reader):
    assert reader.get(CSV)["Content-Disposition"] == 'inline; filename="contacts.csv"'


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_file_that_has_not_changed_is_not_sent_again(reader, path, method):
    fresh = reader.get(path)
    assert re.fullmatch(r'"[0-9a-f]{32}"', fresh["ETag"])
    again = getattr(reader, method)(path, headers={"If-None-Match": fresh["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == fresh["ETag"]
    assert again["Access-Control-Allow-Origin"] == "*"
    assert again["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert again["Cache-Control"] == "public, max-age=3600"
    other = reader.get(path, headers={"If-None-Match": '"another"'})
    assert (other.status_code, other.content) == (200, fresh.content)


@pytest.mark.parametrize("path", [JSON, CSV])
def test_a_compressed_file_is_recognised_too(reader, path):
    fresh = reader.get(path, headers={"Accept-Encoding": "gzip"})
    assert fresh["Content-Encoding"] == "gzip"
    headers = {"Accept-Encoding": "gzip", "If-None-Match": fresh["ETag"]}
    assert reader.get(path, headers=headers).status_code == 304


@pytest.mark.parametrize("path", FILES)
def test_head_says_what_get_says(reader, path):
    got, head = reader.get(path), reader.head(path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("ETag", "Content-Type", "Content-Length", "Access-Control-Allow-Origin"):
        assert head[name] == got[name], name


@pytest.mark.parametrize("path", [JSON, CSV])
def test_a_file_changes_when_the_facts_or_a_status_change(reader, settings, path):
    before = reader.get(path)["ETag"]
    checked = datetime.now(UTC).date() - timedelta(days=100)
    contact = childline(japan(), checked_on=checked)
    publish(contact.country, "zxx")
    released = reader.get(path)["ETag"]
    settings.CHECK_DUE_DAYS = 90
    overdue = reader.get(path)["ETag"]
    assert len({before, released, overdue}) == 3
    assert reader.get(path)["ETag"] == overdue


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/en/", "/en/report/", "/en/report/ie/", "/en/open-data/", "/en/changes/"),
        *("/data/", "/data/contacts.xml", "/data/other.json", "/sitemap.xml", "/robots.txt"),
        *("/static/js/page.js", "/healthz", "/exit/"),
    ],
)
def test_nothing_else_may_be_read_by_pages_of_other_sites(reader, path):
    answer = reader.get(path, headers={"Origin": "https://other.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("path", FILES)
def test_the_files_can_only_be_read(path):
    client = Client(enforce_csrf_checks=True)
    for method in (client.post, client.put, client.delete, client.options):
        answer = method(path)
        assert answer.status_code in {403, 405}
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_file_takes_the_same_queries_with_many_services(reader):
    def queries(path):
        with CaptureQueriesContext(connection) as captured:
            reader.get(path)
        return [query["sql"] for query in captured.captured_queries]

    country = japan()
    for number in range(30):
        childline(country, key=f"jp-{number}")
    publish(country, "zxx")
    assert [len(queries(path)) for path in FILES] == [1, 1, 0]
    for statement in (*queries(JSON), *queries(CSV)):
        assert re.findall(r'(?:FROM|JOIN) "(\w+)"', statement) == ["content_revision"]


# --- The page for those who use it again -------------------------------------------------------


def test_the_page_leads_to_the_files_the_licence_and_the_log(site):
    links = site.page("/en/open-data/").main.links
    assert {*FILES, LICENCE, "/en/changes/"} <= set(links)


def test_the_page_explains_every_field(site):
    page = site.page("/en/open-data/")
    named = {e.text for e in page.main.all("strong")}
    assert set(opendata_schema.CONTACT) <= named


def test_every_page_leads_to_the_page_about_open_data(site):
    assert "/en/open-data/" in site.page("/en/stop/").one("footer").links
