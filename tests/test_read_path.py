"""Public pages read live revisions and nothing else, in a few queries whatever there is to show."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaign import languages
from content.models import Page, Revision
from content.publishing import live
from tests.factories import childline, japan, page, publish, section, translate

pytestmark = pytest.mark.django_db

MOST_QUERIES = 3
TABLE = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE)\s+"(\w+)"', re.IGNORECASE)
MACHINE_PATHS = ["/", "/sitemap.xml", "/sitemap-en.xml", "/robots.txt", "/exit/", "/healthz"]


def queries(reader, path, status=200):
    """The statements that one visit causes."""
    reader.get("/healthz")  # what only the first visit of a process does
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = reader.get(path)
    assert response.status_code == status, f"{path} answers {response.status_code}"
    return [query["sql"] for query in captured.captured_queries]


def tables(statements):
    """The tables that the statements name."""
    found = set()
    for statement in statements:
        names = TABLE.findall(statement)
        assert names, f"This statement names no table that the test understands: {statement}"
        found |= set(names)
    return found


def test_every_page_reads_only_live_revisions_in_three_queries(reader, site):
    translated, fallback = site.paths("ar"), site.paths("de")
    for path in [*site.paths("en"), *translated[:18], *fallback[:18]]:
        found = queries(reader, path)
        assert 0 < len(found) <= MOST_QUERIES, f"{path}: {len(found)} queries"
        assert tables(found) == {"content_revision"}, f"{path} reads {tables(found)}"


@pytest.mark.parametrize("path", ["/en/nothing/", "/xx/", "/fr/report/xx/", "/en/home/"])
def test_a_page_that_is_not_there_reads_only_live_revisions(reader, path):
    found = queries(reader, path, status=404)
    assert len(found) <= MOST_QUERIES
    assert tables(found) == {"content_revision"}


@pytest.mark.parametrize("path", MACHINE_PATHS)
def test_what_machines_ask_for_reads_only_live_revisions(reader, path):
    status = 302 if path in {"/", "/exit/"} else 200
    found = queries(reader, path, status)
    assert len(found) <= 1
    assert tables(found) <= {"content_revision"}


def test_this_check_sees_an_authoring_table_and_a_join():
    with CaptureQueriesContext(connection) as captured:
        list(Page.objects.filter(sections__key="light"))
    found = tables(query["sql"] for query in captured.captured_queries)
    assert found == {"content_page", "content_section"}


def test_a_page_takes_the_same_queries_with_many_sections_and_languages(reader):
    item = page()
    publish(item)
    few = len(queries(reader, "/en/lighthouse/"))
    for number in range(40):
        section(item, f"section-{number}", position=number + 1)
    publish(item)
    for code in [code for code in languages.BY_CODE if code != "en"]:
        translate(item, code)
        publish(item, code)
    assert len(queries(reader, "/en/lighthouse/")) == few
    assert len(queries(reader, "/lt/lighthouse/")) == few


def test_a_country_takes_the_same_queries_with_many_services(reader):
    country = japan()
    childline(country)
    publish(country, "zxx")
    few = len(queries(reader, "/en/report/jp/"))
    for number in range(50):
        childline(country, key=f"jp-{number}", phone=f"0120 {number}")
    publish(country, "zxx")
    assert len(queries(reader, "/en/report/jp/")) == few


def test_a_page_reads_no_text_of_a_language_that_it_does_not_show(reader):
    """One page's texts in 36 languages are megabytes; a visit reads two of them."""
    item = page()
    publish(item)
    for code in ("fr", "de", "ar"):
        translate(item, code)
        publish(item, code)
    reader.get("/healthz")
    text_rows = []
    original = live.choose

    def counted(by_language, language):
        text_rows.append(set(by_language))
        return original(by_language, language)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live, "choose", counted)
        reader.get("/fr/lighthouse/")
    assert text_rows == [{"en", "fr"}]


def test_drafts_and_old_revisions_are_not_read(read):
    item = page()
    publish(item)
    item.title_en = "Not approved yet"
    item.save()
    Revision.objects.of("page", "lighthouse", "en").live()
    assert "Not approved yet" not in read("/en/lighthouse/").source
