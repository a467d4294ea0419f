"""Headers of every answer, and requests that no view has to see."""

import re
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import BadRequest
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    UnreadablePostError,
)
from django.http.response import HttpResponseBase
from django.middleware import http
from django.utils.cache import patch_vary_headers

GetResponse = Callable[[HttpRequest], HttpResponse]

PERMISSIONS = "camera=(),geolocation=(),microphone=()"
"""What would show the reader, hear them or tell where they are. All other features of browsers are
open to our own scripts alone, and the policy of a page allows no other scripts."""

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": PERMISSIONS,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
NOT_IN_FRAMES = {"X-Frame-Options", "Cross-Origin-Opener-Policy"}
"""What a page has that other sites may show in a frame does not get: an opener policy means nothing
there, and some browsers (Chromium 83) then show nothing in a frame with a sandbox."""
METHODS = ("GET", "HEAD", "POST")
MOST_OF_STAFF = 6 * 1024 * 1024
"""Bytes of the largest file that staff send, with what forms add to it."""
MOST_OF_A_FORM = 64 * 1024
"""Bytes of the body of whoever has not signed in."""
TOO_LONG = (
    "This is more than is read here: 6 MB from staff who have signed in, 64 KB from anybody else."
    " Nothing was changed. Go back, sign in, and choose a smaller file.\n"
)
NO_LENGTH = "This request does not say how long it is. Nothing was read.\n"
NO_TEXT = re.compile(r"\x00|\\u0000|\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
OF_THE_BODY = {"Content-Type", "Content-Length", "Content-Encoding"}
TWO_YEARS = 2 * 365 * 24 * 60 * 60


class SecurityHeadersMiddleware:
    """Adds the headers of DESIGN 6 to whatever answer leaves; django-csp adds the policy."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer with all headers."""
        response = self.get_response(request)
        is_staff_area = request.path.startswith(f"/{settings.ADMIN_PATH}")
        is_for_frames = getattr(response, "xframe_options_exempt", False)
        for name, value in ALWAYS.items():
            if not (is_for_frames and name in NOT_IN_FRAMES):
                response.setdefault(name, value)
        # With no-referrer, browsers send `Origin: null` with forms and every POST would be refused.
        policy = "same-origin" if is_staff_area else "no-referrer"
        response.setdefault("Referrer-Policy", policy)
        if is_staff_area:
            response.setdefault("X-Robots-Tag", "noindex, nofollow")
        for name, value in _of_https().items():
            response.setdefault(name, value)
        # Whatever says nothing else leaves nothing on the device: redirects, lists for machines.
        response.setdefault("Cache-Control", "no-store")
        return response


def _of_https() -> dict[str, str]:
    if not settings.HTTPS:
        return {}
    preload = ";includeSubDomains;preload" if settings.HSTS_PRELOAD else ""
    return {"Strict-Transport-Security": f"max-age={TWO_YEARS}{preload}"}


def policy(directives: Mapping[str, Iterable[str]]) -> str:
    """Return a Content-Security-Policy with these directives, in their order."""
    return ";".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())


def refusal(status: int) -> bytes:
    """Return a whole answer, headers and all, to what the server refuses before Django sees it."""
    reason = HTTPStatus(status).phrase
    body = f"{reason}.\n"
    fields = {
        **ALWAYS,
        **_of_https(),
        "Content-Security-Policy": policy(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]),
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    lines = [f"HTTP/1.1 {status:d} {reason}", *(f"{n}: {v}" for n, v in fields.items())]
    return "\r\n".join([*lines, "", body]).encode("latin-1")


class ConditionalGetMiddleware(http.ConditionalGetMiddleware):
    """Answers "not modified" with all the headers that the page itself has.

    Browsers put the headers of a 304 in the place of those they kept (RFC 9111, section 3.2): a
    page with a policy of its own would lose it when it is loaded again.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Return the response, or 304 with its headers but those of the body."""
        answer = super().process_response(request, response)
        if answer.status_code == HTTPStatus.NOT_MODIFIED:
            for name, value in response.items():
                answer.setdefault(name, value)
            for name in OF_THE_BODY:
                del answer[name]
            # GZipMiddleware says so of bodies only.
            patch_vary_headers(answer, ["Accept-Encoding"])
        return answer


class RefusalsMiddleware:
    """Refuses what no view has a use for: other methods than three, long bodies, what is no text.

    Django's admin answers TRACE as it answers GET. PostgreSQL cannot hold NUL, nor anybody half of
    a pair of UTF-16, and both may also hide in a cookie or, as JSON writes them, in a form.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return 405, else what the view says. Raises BadRequest, which becomes a page (400)."""
        is_staff_area = request.path.startswith(f"/{settings.ADMIN_PATH}")
        if request.method not in METHODS or (request.method == "POST" and not is_staff_area):
            return HttpResponseNotAllowed(METHODS if is_staff_area else METHODS[:2])
        if status := _refused_body(request):
            text = TOO_LONG if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else NO_LENGTH
            return HttpResponse(text, content_type="text/plain; charset=utf-8", status=status)
        try:
            is_no_text = _is_no_text(request, is_staff_area)
        except UnreadablePostError:  # whoever sent it has gone
            is_no_text = True
        if is_no_text:
            raise BadRequest("This request has a character that no text has")
        return self.get_response(request)


def _refused_body(request: HttpRequest) -> HTTPStatus | None:
    """Return why a body is not read; None when it may be.

    Only a session of staff may send more than a form. Browsers and our proxies say how long a body
    is before they send it.
    """
    if "HTTP_TRANSFER_ENCODING" in request.META:
        return HTTPStatus.LENGTH_REQUIRED
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > MOST_OF_STAFF or (length > MOST_OF_A_FORM and not _has_session(request)):
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return None


def _has_session(request: HttpRequest) -> bool:
    """Whether the cookie names a session in which somebody has signed in."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    return SESSION_KEY in SessionStore(key)


def _is_no_text(request: HttpRequest, is_staff_area: bool) -> bool:
    query = request.META.get("QUERY_STRING", "")
    sent = [request.path, query, *request.COOKIES.values()]
    if is_staff_area and request.method == "POST":
        sent += [value for pair in request.POST.lists() for value in (pair[0], *pair[1])]
    return "%00" in query or any(NO_TEXT.search(value) for value in sent)
