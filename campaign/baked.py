"""Answers public addresses with baked bytes, before Django is asked anything.

Wrapped around the application. What is not baked goes to Django: the staff area, the way out,
addresses that lead elsewhere, and everything while there is no release yet.
"""

import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import Iterable
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.http.request import split_domain_port, validate_host

from campaign import languages, releases
from campaign.releases import Headers, Page, Release, Unreadable

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

logger = logging.getLogger("campaign.baked")

LOOK_EVERY = 0.1
"""Seconds between two looks at which release is the current one."""
ORDER = ("br", "gzip")
"""Encodings in the order in which we like to send them."""
REASONS = {status: f"{status:d} {status.phrase}" for status in HTTPStatus}


class Baked:
    """The WSGI application in front of Django's."""

    def __init__(
        self,
        application: "WSGIApplication",
        root: Path,
        site: str,
        hosts: list[str],
        cache_bytes: int,
    ) -> None:
        self._application = application
        self._root = root
        self._site = site
        self._is_ours = lru_cache(64)(lambda host: validate_host(split_domain_port(host)[0], hosts))
        self._release: Release | None = None
        self._number: int | None = None
        self._next_look = 0.0
        self._looking = Lock()
        self._hot = _Hot(cache_bytes)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer with the baked page, or with what Django says."""
        is_head = environ["REQUEST_METHOD"] == "HEAD"
        if is_head or environ["REQUEST_METHOD"] == "GET":
            if time.monotonic() >= self._next_look:
                self._look()
            release = self._release
            if release and self._is_ours(environ.get("HTTP_HOST", "").lower()):
                path = environ["PATH_INFO"]
                page = release.pages.get(path) or _missing(release, path)
                if page:
                    answered = self._answer(release, page, environ, start_response, is_head)
                    if answered is not None:
                        return answered
                elif path == "/":
                    return _choose(release, environ, start_response)
        return self._application(environ, start_response)

    def _look(self) -> None:
        """Take another release when another one is current; its pages are read as they are asked.

        One thread looks; the others go on with what they have.
        """
        if not self._looking.acquire(blocking=False):
            return
        try:
            number = releases.current_number(self._root)
            if number != self._number:
                self._number = number
                self._release = self._read(number)
            self._next_look = time.monotonic() + LOOK_EVERY
        finally:
            self._looking.release()

    def _read(self, number: int | None) -> Release | None:
        """Return the release; the one before when it cannot be read, none for another site's."""
        if number is None:
            return None
        try:
            release = releases.read(releases.folder_of(self._root, number))
        except Unreadable as error:
            logger.error("Release %d is not served: %s", number, error)
            return self._release
        return release if release.site == self._site else None

    def _answer(
        self,
        release: Release,
        page: Page,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
        is_head: bool,
    ) -> list[bytes] | None:
        """Answer with a page; None when its file is gone, because the release was removed."""
        encoding = _encoding(environ.get("HTTP_ACCEPT_ENCODING", ""), page.digests)
        digest = page.digests[encoding]
        etag = f'"{digest[:32]}"'
        headers: Headers = [*release.headers[page.headers], ("ETag", etag)]
        asked = environ.get("HTTP_IF_NONE_MATCH")
        if asked and page.status == HTTPStatus.OK and _matches(asked, etag):
            kept = [header for header in headers if header[0] != "Content-Type"]
            start_response(REASONS[HTTPStatus.NOT_MODIFIED], kept)
            return []
        body = self._hot.get(digest)
        if body is None:
            try:
                body = _read_file(release.folder / page.file, encoding)
            except OSError:
                return None
            if hashlib.sha256(body).hexdigest() != digest:
                logger.error("%s is damaged: rendered by Django instead.", page.file)
                return None
            self._hot.keep(digest, body)
        headers.append(("Content-Length", str(len(body))))
        if encoding:
            headers.append(("Content-Encoding", encoding))
        start_response(REASONS[HTTPStatus(page.status)], headers)
        return [] if is_head else [body]


class _Hot:
    """The bytes that were asked for last, by digest, up to a number of bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, digest: str) -> bytes | None:
        with self._lock:
            body = self._bodies.get(digest)
            if body is not None:
                self._bodies.move_to_end(digest)
            return body

    def keep(self, digest: str, body: bytes) -> None:
        with self._lock:
            if digest not in self._bodies and len(body) <= self._most:
                self._bodies[digest] = body
                self._size += len(body)
            while self._size > self._most:
                self._size -= len(self._bodies.popitem(last=False)[1])


def _read_file(path: Path, encoding: str) -> bytes:
    with open(f"{path}{releases.SUFFIXES.get(encoding, '')}", "rb", buffering=0) as file:
        return file.read()


def _missing(release: Release, path: str) -> Page | None:
    """Return the page for an address below a language that is in no release: it does not exist.

    Addresses without the last slash or in capitals may lead to one that does; Django knows.
    """
    if not path.endswith("/") or path != path.lower():
        return None
    return release.missing.get(path[1:].partition("/")[0])


def _choose(
    release: Release, environ: "WSGIEnvironment", start_response: "StartResponse"
) -> list[bytes]:
    """Lead to the language that the browser prefers among those that the release offers."""
    code = languages.preferred(environ.get("HTTP_ACCEPT_LANGUAGE", ""), release.offered)
    headers = [*release.headers[release.chooser], ("Location", f"/{code}/")]
    start_response(REASONS[HTTPStatus.FOUND], [*headers, ("Content-Length", "0")])
    return []


def _encoding(accepted: str, digests: Any) -> str:
    """Return the encoding to send, "" for none."""
    return next((one for one in _accepted(accepted) if one in digests), "")


@lru_cache(256)
def _accepted(header: str) -> tuple[str, ...]:
    """Return our encodings that an Accept-Encoding header allows (RFC 9110, 12.5.3)."""
    weights: dict[str, bool] = {}
    for part in header.lower().split(","):
        name, _, parameters = part.partition(";")
        weight = parameters.strip().removeprefix("q=").strip()
        weights[name.strip()] = not weight or weight.strip("0.") != ""
    return tuple(name for name in ORDER if weights.get(name, weights.get("*", False)))


def _matches(asked: str, etag: str) -> bool:
    """Whether If-None-Match names this tag, weakly or not (RFC 9110, 13.1.2)."""
    tags = [tag.strip().removeprefix("W/") for tag in asked.split(",")]
    return etag in tags or tags == ["*"]
