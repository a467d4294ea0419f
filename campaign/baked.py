"""Answers public addresses with baked bytes, before Django is asked anything.

Wrapped around the application. What is not baked goes to Django: the staff area, the way out,
addresses that lead elsewhere, and everything while there is no release yet. Django may hang where
the database does: it never gets all threads.
"""

import hashlib
import logging
import time
from base64 import urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Iterable
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from campaign import languages, releases, routes
from campaign.releases import Headers, Page, Release, Unreadable

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

logger = logging.getLogger("campaign.baked")

LOOK_EVERY = 0.1
"""Seconds between two looks at which release is the current one."""
READ_AGAIN = 5.0
"""Seconds between two tries to read a release that could not be read."""
FOR_DJANGO = 4
"""How many threads of a worker (gunicorn.conf.py) Django may have while there is a release."""
NO_DATABASE = ("/healthz", "/readyz", "/exit/")
"""What Django answers at once, beside static files: it is never too busy for that."""
BUSY = b"The staff area is busy: its database may be slow. Try again in a few seconds.\n"
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
        self._unreadable: int | None = None
        self._next_look = 0.0
        self._read_again = 0.0
        self._looking = Lock()
        self._hot = _Hot(cache_bytes)
        self._is_known = routes.known()
        self._never_busy = (settings.STATIC_URL, *NO_DATABASE)
        self._lanes = BoundedSemaphore(FOR_DJANGO)
        # Before the first request: one thread would look, and the others ask Django meanwhile.
        self._look()

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
                answered = self._from(release, environ, start_response, is_head)
                if answered is not None:
                    return answered
        return self._django(environ, start_response)

    def _from(
        self,
        release: Release,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
        is_head: bool,
    ) -> list[bytes] | None:
        """Answer from a release; None when that is for Django to answer."""
        path = environ["PATH_INFO"]
        page = release.pages.get(path)
        if page is None:
            if path == "/":
                return _choose(release, environ, start_response)
            page = self._missing(release, path, environ)
            if page is None:
                return None
        answered = self._answer(release, page, environ, start_response, is_head)
        if answered is None:
            self._look()
            newer = self._release
            if newer and newer.number != release.number:
                return self._from(newer, environ, start_response, is_head)
        return answered

    def _missing(self, release: Release, path: str, environ: "WSGIEnvironment") -> Page | None:
        """Return the page for an address that does not exist; None when Django may know it.

        Random addresses are asked for day and night. Below a language, those without the last
        slash or in capitals may lead to a page; elsewhere, Django has what it has routes for.
        """
        first, _, rest = path[1:].partition("/")
        if page := release.missing.get(first):
            typed = f"/{first}/{rest.lower().rstrip('/')}".rstrip("/") + "/"
            return None if typed in release.pages and path != typed else page
        if languages.nearest(first) or self._is_known(path):
            return None
        accepted = environ.get("HTTP_ACCEPT_LANGUAGE", "")
        return release.missing.get(languages.preferred(accepted, release.offered))

    def _django(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer with what Django says; with 503 when it has all the threads that it may have."""
        release = self._release
        if release is None or environ["PATH_INFO"].startswith(self._never_busy):
            return self._application(environ, start_response)
        if not self._lanes.acquire(blocking=False):
            return _busy(release, start_response)
        try:
            return self._application(environ, start_response)
        finally:
            self._lanes.release()

    def _look(self) -> None:
        """Take another release when another one is current; its pages are read as they are asked.

        One thread looks; the others go on with what they have.
        """
        if not self._looking.acquire(blocking=False):
            return
        try:
            number = releases.current_number(self._root)
            now = time.monotonic()
            if number != self._number and (number != self._unreadable or now >= self._read_again):
                self._take(number)
            self._next_look = now + LOOK_EVERY
        finally:
            self._looking.release()

    def _take(self, number: int | None) -> None:
        """Serve this release: none for another site's, the one before while it is unreadable."""
        try:
            folder = None if number is None else releases.folder_of(self._root, number)
            release = releases.read(folder, self._release) if folder else None
        except Unreadable as error:
            # Perhaps for want of memory or open files only: tried again, and told once.
            if number != self._unreadable:
                logger.error("Release %s is not served: %s", number, error)
            self._unreadable, self._read_again = number, time.monotonic() + READ_AGAIN
            return
        self._release = release if release and release.site == self._site else None
        self._number, self._unreadable = number, None

    def _answer(
        self,
        release: Release,
        page: Page,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
        is_head: bool,
    ) -> list[bytes] | None:
        """Answer with a page; None when its files are gone or damaged."""
        accepted = _encoding(environ.get("HTTP_ACCEPT_ENCODING", ""), page.digests)
        for encoding in dict.fromkeys((accepted, "")):  # plain, where a compressed one is damaged
            etag = f'"{_tag(page.digests[encoding])}"'
            headers: Headers = [*release.headers[page.headers], ("ETag", etag)]
            asked = environ.get("HTTP_IF_NONE_MATCH")
            if asked and page.status == HTTPStatus.OK and _matches(asked, etag):
                kept = [header for header in headers if header[0] != "Content-Type"]
                start_response(REASONS[HTTPStatus.NOT_MODIFIED], kept)
                return []
            body = self._body(release, page, encoding)
            if body is None:
                continue
            headers.append(("Content-Length", str(len(body))))
            if encoding:
                headers.append(("Content-Encoding", encoding))
            start_response(REASONS[HTTPStatus(page.status)], headers)
            return [] if is_head else [body]
        return None

    def _body(self, release: Release, page: Page, encoding: str) -> bytes | None:
        """Return the bytes that the manifest promises; None when there are no such bytes."""
        digest = page.digests[encoding]
        body = self._hot.get(digest)
        if body is None:
            try:
                body = _read_file(release.folder / page.file, encoding)
            except OSError:
                return None
            if hashlib.sha256(body).hexdigest() != digest:
                logger.error("%s (%s) is damaged.", page.file, encoding or "plain")
                return None
            self._hot.keep(digest, body)
        return body


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


def _choose(
    release: Release, environ: "WSGIEnvironment", start_response: "StartResponse"
) -> list[bytes]:
    """Lead to the language that the browser prefers among those that the release offers."""
    code = languages.preferred(environ.get("HTTP_ACCEPT_LANGUAGE", ""), release.offered)
    headers = [*release.headers[release.chooser], ("Location", f"/{code}/")]
    start_response(REASONS[HTTPStatus.FOUND], [*headers, ("Content-Length", "0")])
    return []


def _busy(release: Release, start_response: "StartResponse") -> list[bytes]:
    """Refuse at once what would take a thread from the readers."""
    of_pages = {"Content-Type", "Vary", "Cache-Control"}
    kept = [header for header in release.headers[release.chooser] if header[0] not in of_pages]
    own = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(BUSY)),
        "Cache-Control": "no-store",
        "Retry-After": "3",
    }
    start_response(REASONS[HTTPStatus.SERVICE_UNAVAILABLE], [*kept, *own.items()])
    return [BUSY]


def _encoding(accepted: str, digests: Any) -> str:
    """Return the encoding to send, "" for none."""
    return next((one for one in _accepted(accepted) if one in digests), "")


def _tag(digest: str) -> str:
    """Return a digest in short: 48 bits, to tell the versions of one page apart."""
    return urlsafe_b64encode(bytes.fromhex(digest[:12])).decode()


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
