"""The directory for those who use it again: open data, and the log of its changes."""

import hashlib
from datetime import UTC, datetime, time

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from content.directory import ends, opendata
from content.directory.changes import days
from content.frame import Frame
from content.publishing import live
from content.views.common import render_page, today


@require_safe
def contacts_json(request: HttpRequest) -> HttpResponseBase:
    """Give the directory as JSON."""
    data = opendata.document(live.directory(), today())
    return _open(request, opendata.as_json(data), "application/json")


@require_safe
def contacts_csv(request: HttpRequest) -> HttpResponseBase:
    """Give the services as CSV, one row each."""
    data = opendata.document(live.directory(), today())
    kind = "text/csv; charset=utf-8; header=present"  # RFC 4180, 3
    answer = _open(request, opendata.as_csv(data), kind)
    answer["Content-Disposition"] = 'inline; filename="contacts.csv"'
    return answer


@require_safe
def contacts_schema(request: HttpRequest) -> HttpResponseBase:
    """Give the JSON Schema of the data."""
    return _open(request, opendata.as_json(opendata.schema()), "application/schema+json")


@require_safe
def changes(request: HttpRequest, language: str) -> HttpResponse:
    """Show what changed in the directory in the last twelve months, the newest first."""
    index = live.index()
    first = datetime.combine(today() - live.CHANGES_FOR, time(), UTC)
    found = live.changes(first)
    over = ends.ended(found, live.directory(), first.date(), today())
    frame = Frame(language, index, route="changes")
    with translation.override(frame.language.code):
        told = days(found, over, frame.language.code, language, index)
        context = {"frame": frame, "days": told}
        return render_page(request, "pages/changes.html", context)


def _open(request: HttpRequest, body: bytes, content_type: str) -> HttpResponseBase:
    """An answer that pages of other sites may read; a 304 without a body when they have it."""
    fresh = HttpResponse(body, content_type=content_type)
    etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    fresh["ETag"] = etag
    fresh["Cache-Control"] = "public, max-age=3600"
    answer = get_conditional_response(request, etag=etag, response=fresh) or fresh
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["Link"] = f'<{opendata.LICENCE["url"]}>; rel="license"'
    return answer
