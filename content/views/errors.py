"""Pages for what went wrong."""

import sys
from http import HTTPStatus

from django.conf import settings
from django.db import Error as DatabaseFailure
from django.db import InterfaceError, InternalError, OperationalError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
)
from django.utils import translation

from campaign import catalogues, languages
from campaign.staff import unsaved
from content.frame import Frame
from content.publishing import live
from content.views.common import render_page

OUT_OF_ORDER = (OperationalError, InterfaceError, InternalError)
"""What a database raises for reasons of its own, and not for those of our code."""
NO_DATABASE = (
    "The database does not answer, or can keep nothing at the moment. Readers are served as before."
    " Try again in a few minutes."
)


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that was not sent from our own page; the public site takes no forms at all."""
    if not request.path.startswith(f"/{settings.ADMIN_PATH}"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return unsaved.page(request, unsaved.EXPIRED)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Help a reader on who came to an address that does not exist."""
    return _error(request, "404.html", HTTPStatus.NOT_FOUND)


def bad(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Help on who came by an address that no request may have; asks nothing of the database."""
    return _error(request, "404.html", HTTPStatus.BAD_REQUEST)


def failed(request: HttpRequest) -> HttpResponse:
    """Help on when the site itself is broken; asks nothing of the database.

    While that is down, slow, full or read-only, staff are told so, and machines to come again.
    """
    if not isinstance(sys.exception(), OUT_OF_ORDER):
        return _error(request, "500.html", HTTPStatus.INTERNAL_SERVER_ERROR)
    if any(unsaved.typed(request)):
        response = unsaved.page(request, unsaved.OUT_OF_ORDER, HTTPStatus.SERVICE_UNAVAILABLE)
    elif request.path.startswith(f"/{settings.ADMIN_PATH}"):
        response = HttpResponse(NO_DATABASE, content_type="text/plain; charset=utf-8")
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        response["Cache-Control"] = "no-store"
    else:
        response = _error(request, "500.html", HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = "30"
    return response


def _error(request: HttpRequest, template: str, status: HTTPStatus) -> HttpResponse:
    index = live.Index()
    if status == HTTPStatus.NOT_FOUND:
        try:
            index = live.index()
        except DatabaseFailure:
            index = live.Index()
    frame = Frame(_language_of(request), index, is_error=True)
    with translation.override(frame.language.code):
        own = ["countries"] if frame.countries else []
        return render_page(
            request, template, {"frame": frame}, styles=own, scripts=own, status=status
        )


def _language_of(request: HttpRequest) -> str:
    """The language of the address, else the one that the browser prefers."""
    code = languages.nearest(request.path.split("/")[1])
    complete = tuple(code for code in languages.BY_CODE if catalogues.is_complete(code))
    return code or languages.preferred(request.headers.get("Accept-Language", ""), complete)
