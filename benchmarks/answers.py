"""What the baked page is compared with: the same bytes from other applications.

The bytes lie in the folder ANSWER as `body.br`, `body.gz` and `headers.json`.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path
from whitenoise import WhiteNoise

FOLDER = Path(os.environ.get("ANSWER", "."))
NEEDED = {"content-type", "content-length", "content-encoding"}


def _answer() -> tuple[list[tuple[str, str]], bytes]:
    headers = [(name, value) for name, value in json.loads((FOLDER / "headers.json").read_text())]
    return headers, (FOLDER / "body.br").read_bytes()


_all, _body = _answer() if (FOLDER / "headers.json").exists() else ([], b"")
_few = [(name, value) for name, value in _all if name.lower() in NEEDED]


def all_headers(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer with all headers of the page."""
    start_response("200 OK", _all)
    return [_body]


def few_headers(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer with type, length and encoding alone."""
    start_response("200 OK", _few)
    return [_body]


def _nothing(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("404 Not Found", [("Content-Length", "0")])
    return [b""]


def from_whitenoise() -> WhiteNoise:
    """Return WhiteNoise with one file: en/stop/index.html with its compressed forms beside it."""
    return WhiteNoise(_nothing, root=FOLDER / "site", index_file=True)


def _view(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(_body)
    for name, value in _few:
        response[name] = value
    return response


urlpatterns = [path("en/stop/", _view)]


def from_django() -> WSGIHandler:
    """Return Django with one view and no middleware."""
    settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF="benchmarks.answers", MIDDLEWARE=[])
    return WSGIHandler()
