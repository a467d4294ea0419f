"""What all public views share."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from campaign import assets
from campaign.headers import policy
from content import countries
from content.frame import Frame
from content.publishing import live

WORLD = "WW"
REGION = "EU"
PUBLIC = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
"""What the policies of all public answers say."""
PUBLIC = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
CDN = "max-age=1,stale-if-error=86400"
"""What a content delivery network may do (RFC 9213): ask us once a second, and go on for a day with
what it has while we do not answer (RFC 5861). Browsers keep nothing."""
SCRIPTED = {"img-src": ["data:"], "require-trusted-types-for": ["'script'"]}
"""What the policy of a page with a script says beside the hashes: its icon stands in the page, and
no text may become script."""


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


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    styles: Iterable[str] = (),
    scripts: Iterable[str] = (),
    status: int = HTTPStatus.OK,
    directives: Mapping[str, list[str]] = MappingProxyType({}),
) -> HttpResponse:
    """Return a page with its style and script inside, and a policy that allows these and no others.

    `styles` and `scripts` are what it has beside those of every page; `directives` are further ones
    of its policy; `context` has its frame.
    """
    inline = assets.of_page(styles, scripts, for_adults=context["frame"].is_for_adults)
    return render_inline(request, template, context, inline, status, {**SCRIPTED, **directives})


def render_inline(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    inline: assets.Inline,
    status: int = HTTPStatus.OK,
    directives: Mapping[str, list[str]] = MappingProxyType({}),
) -> HttpResponse:
    """Return a page with this style and script inside, of which no copy stays on the device."""
    response = render(request, template, {**context, "inline": inline}, status=status)
    own = {"style-src": [inline.style_hash]}
    if inline.script:
        own["script-src"] = [inline.script_hash]
    response["Content-Security-Policy"] = policy({**PUBLIC, **own, **directives})
    response["Cache-Control"] = "no-store"
    if status == HTTPStatus.OK:
        response["CDN-Cache-Control"] = CDN
    return response
