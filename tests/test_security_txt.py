"""`/.well-known/security.txt` (RFC 9116): whom to tell about a weakness."""

from datetime import UTC, datetime, timedelta

import pytest

pytestmark = pytest.mark.django_db

PATH = "/.well-known/security.txt"


def fields(reader):
    response = reader.get(PATH)
    assert response["Content-Type"].startswith("text/plain")
    return dict(line.split(": ", 1) for line in response.content.decode().splitlines())


def test_is_not_there_until_the_operator_names_a_contact(reader, settings):
    settings.SECURITY_CONTACT = ""
    assert reader.get(PATH).status_code == 404


def test_names_the_contact_and_its_own_address(reader, settings):
    settings.SECURITY_CONTACT = "mailto:security@sayno.example"
    found = fields(reader)
    assert found["Contact"] == "mailto:security@sayno.example"
    assert found["Canonical"] == settings.SITE_URL + PATH


def test_expires_in_the_future_but_within_what_the_standard_recommends(reader, settings):
    """RFC 9116, 2.5.5: less than a year ahead is recommended; the text renews itself."""
    settings.SECURITY_CONTACT = "mailto:security@sayno.example"
    expires = datetime.fromisoformat(fields(reader)["Expires"])
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)
