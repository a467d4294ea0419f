"""The form of the largest page: few questions and few bytes, however many languages it has."""

import gzip
import random
import string
import time
from collections.abc import Iterable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaign import languages
from content import richtext
from content.models import Page
from content.publishing.snapshots import translated_fields
from tests import factories
from tests.admin_support import Desk, form_path

pytestmark = pytest.mark.django_db

BYTES = 60_000
"""Over the wire: staff pages leave compressed, as every page of the site."""


def largest() -> Page:
    def size(page: Page) -> int:
        return sum(len(section.body_en) for section in page.sections.all())

    return max(Page.objects.all(), key=size)


def in_other_words(text: str, language: str) -> str:
    """As long a text of other letters: the same words again would compress to nothing."""
    letters = list(string.ascii_lowercase)
    random.Random(language).shuffle(letters)
    changed = text.translate(str.maketrans(string.ascii_lowercase, "".join(letters)))
    return f"<p>{richtext.plain(changed)}</p>" if "<" in text else changed


def fill(item: Page, codes: Iterable[str]) -> None:
    """Write every text of the page in these languages, each kept as a draft."""
    for language in codes:
        for part in (item, *item.sections.all()):
            for name in translated_fields(type(part)):
                text = in_other_words(getattr(part, f"{name}_en"), language)
                setattr(part, f"{name}_{language}", text)
            part.save()
        factories.draft(item, language)


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
    others = [code for code in languages.BY_CODE if code not in {languages.SOURCE, language}]
    fill(item, {language} - {languages.SOURCE})
    before, _, _ = open_form(edith, item, language)
    fill(item, others)
    queries, sent, seconds = open_form(edith, Page.objects.get(pk=item.pk), language)
    whole = len(gzip.decompress(sent))
    print(
        f"{item.key} {language}: {queries} queries, {len(sent)} of {whole} bytes, {seconds:.3f} s"
    )
    assert queries <= before
    assert len(sent) <= BYTES
