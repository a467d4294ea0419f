"""`/` sends readers to the language that their browser prefers, among those that are offered."""

import pytest

from content.publishing import live

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("header", "target"),
    [
        (None, "/en/"),
        ("fr-CA, en;q=0.5", "/fr/"),
        ("ar", "/ar/"),
        ("ja", "/en/"),
        ("\0;q=,,,", "/en/"),
        ("ka, ar;q=0.5", "/ar/"),
    ],
)
def test_sends_to_the_preferred_language_that_is_offered(reader, header, target):
    assert {"en", "fr", "ar"} <= set(live.index().offered)
    assert "ka" not in live.index().offered
    response = reader.get("/", headers={"accept-language": header} if header else {})
    assert (response.status_code, response["Location"]) == (302, target)


def test_a_shared_cache_must_ask_for_each_language(reader):
    assert "Accept-Language" in reader.get("/")["Vary"]


def test_the_question_is_read_by_nobody_else(reader):
    assert reader.get("/?next=https://evil.example")["Location"] == "/en/"
