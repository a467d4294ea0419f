"""What all public views share."""

from datetime import UTC, date, datetime

from django.http import HttpResponse

WORLD = "WW"
REGION = "EU"


def today() -> date:
    """Return the day by which services count as checked, overdue or hidden (UTC)."""
    return datetime.now(UTC).date()


def cacheable(response: HttpResponse) -> HttpResponse:
    """Let the browser keep the page only if it asks again before it shows it."""
    response["Cache-Control"] = "no-cache"
    return response
