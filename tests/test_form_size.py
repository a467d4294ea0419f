"""The form of the largest page: few questions and few bytes, however many languages it has."""

import gzip
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaign import languages
from content.models import Page
from content.publishing import workflow
from tests import factories
from tests.admin_support import Desk, form_path

pytestmark = pytest.mark.django_db

BYTES = 60_000
"""Over the wire: staff pages leave compressed, as every page of the site."""


def largest() -> Page:
    def size(page: Page) -> int:
        return sum(len(section.body_en) for section in page.sections.all())

    return max(Page.objects.all(), key=size)


def fill(item: Page) -> None:
    """Write every text of the page in every language, live."""
    for language in languages.BY_CODE:
        if language != languages.SOURCE and not workflow.live("page", item.key, language):
            factories.translate(item, language)
            factories.publish(item, language)


def open_form(desk: Desk, item: Page, language: str) -> tuple[int, bytes, float]:
    """The number of queries, the bytes as they leave, and the seconds."""
    path = form_path(item, language)
    desk.client.get(path)
    with CaptureQueriesContext(connection) as queries:
        began = time.perf_counter()
        answer = desk.client.get(path, headers={"Accept-Encoding": "gzip"})
        seconds = time.perf_counter() - began
    assert answer["Content-Encoding"] == "gzip"
    return len(queries), answer.content, seconds


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_largest_form_stays_small_with_every_language_filled(language):
    edith = Desk(factories.editor())
    item = largest()
    before, _, _ = open_form(edith, item, language)
    fill(item)
    queries, sent, seconds = open_form(edith, Page.objects.get(pk=item.pk), language)
    whole = len(gzip.decompress(sent))
    print(
        f"{item.key} {language}: {queries} queries, {len(sent)} of {whole} bytes, {seconds:.3f} s"
    )
    assert queries <= before
    assert len(sent) <= BYTES
