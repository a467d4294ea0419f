"""What all public views share."""

from datetime import UTC, date, datetime

from django.http import Http404, HttpResponse
from django.urls import reverse

from content import countries
from content.frame import Frame
from content.publishing import live

WORLD = "WW"
REGION = "EU"


def today() -> date:
    """Return the day by which services count as checked, overdue or hidden (UTC)."""
    return datetime.now(UTC).date()


def refuse_unknown(index: live.Index, code: str) -> None:
    """Raise Http404 when no country with this code is live."""
    if code not in index.countries - {WORLD, REGION}:
        raise Http404


def country_links(frame: Frame, route: str) -> list[tuple[str, str]]:
    """Return addresses and names of all countries for a route, in alphabetical order."""
    language = frame.language.code
    codes = frame.index.countries - {WORLD, REGION}
    return [
        (
            reverse(route, kwargs={"language": frame.code, "code": code}),
            countries.name(code, language),
        )
        for code in countries.in_order(codes, language)
    ]


def cacheable(response: HttpResponse) -> HttpResponse:
    """Let the browser keep the page only if it asks again before it shows it."""
    response["Cache-Control"] = "no-cache"
    return response
