"""The public page as it would be with a draft in it, drawn by the public views themselves.

A preview is never baked, kept or listed. Staff see it in frames; who has no account opens a signed
link, which shows one revision and ends after a week.
"""

import io
import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core import signing
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import resolve, reverse

from campaign import headers
from content.models import Revision
from content.publishing import live
from content.publishing.overlay import Overlay, Piece

LASTS = timedelta(days=7)
"""How long a link for somebody without an account works."""
SALT = "content.previews.link"
BODY = re.compile(r"<body\b[^>]*>")


def link(revision: Revision, maker: Any) -> str:
    """Return the full address of a preview of this revision, for whoever has it."""
    token = signing.dumps([revision.pk, maker.pk], salt=SALT)
    return f"{settings.SITE_URL}{reverse('preview')}?{urlencode({'link': token})}"


def read(token: str) -> tuple[int, int, bool]:
    """Return the keys of the revision and of who made the link, and whether the link has ended.

    Raises django.core.signing.BadSignature for what we have not signed.
    """
    revision, maker = signing.loads(token, salt=SALT)
    try:
        signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.SignatureExpired:
        return revision, maker, True
    return revision, maker, False


def page(path: str, pieces: Iterable[Piece], note: str, *, in_frame: bool = False) -> HttpResponse:
    """Return the page at a public address with these pieces in it, marked as a preview.

    Raises Http404 when readers would find nothing there. `in_frame` lets pages of the same origin
    show it in a frame.
    """
    found = resolve(urlsplit(path).path)
    with live.read_from(Overlay(pieces)):
        drawn = found.func(_request(path), *found.args, **found.kwargs)
    banner = render_to_string("preview/banner.html", {"note": note})
    style = render_to_string("preview/style.html")
    text = drawn.content.decode().replace("</head>", f"{style}</head>", 1)
    response = HttpResponse(BODY.sub(lambda body: body[0] + banner, text, count=1))
    return closed(response, drawn["Content-Security-Policy"], in_frame=in_frame)


def closed(
    response: HttpResponse,
    policy: str = "",
    *,
    in_frame: bool = False,
) -> HttpResponse:
    """Return the answer with what keeps it out of indexes, stores and other sites' frames.

    `policy` is that of the page that it shows.
    """
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    own = dict(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])
    for directive in policy.split(";") if policy else ():
        name, *sources = directive.split()
        own[name] = sources
    own["style-src"] = [*own.get("style-src", []), "'self'"]
    if in_frame:
        own["frame-ancestors"] = ["'self'"]
        response["X-Frame-Options"] = "SAMEORIGIN"
    response["Content-Security-Policy"] = headers.policy(own)
    return response


def _request(path: str) -> WSGIRequest:
    """A reader's request, who says nothing about themselves: without cookies, whoever asks."""
    site = urlsplit(settings.SITE_URL)
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": urlsplit(path).path,
        "SERVER_NAME": site.hostname,
        "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
        "HTTP_HOST": site.netloc,
        "wsgi.url_scheme": site.scheme,
        "wsgi.input": io.BytesIO(),
    }
    return WSGIRequest(environ)
