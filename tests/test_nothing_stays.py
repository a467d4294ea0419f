"""What a visit leaves on the device: addresses and titles in the browser's history, and no text.

Asked of a real profile of Chromium, byte by byte, after the browser has ended.
"""

import gzip
import shutil
import threading
import time
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import FLAGS, served
from tests.html import Page

__all__ = ["served"]

pytestmark = pytest.mark.browser

PATHS = (
    "/en/",
    "/en/stop/",
    "/en/now/",
    "/en/report/ie/",
    "/ar/report/de/",
    "/fr/",
    "/en/parents/",
)
WINDOW = 24
"""Bytes or letters that do not stand in a profile by chance."""


@contextmanager
def browser(profile: Path):
    """Chromium as readers have it, with a profile on the disk, its caches and memories."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=shutil.which("chromium"),
            args=FLAGS,
            ignore_default_args=["--disable-back-forward-cache", "--disable-field-trial-config"],
        )
        yield context
        context.close()


def visit(profile: Path, addresses: list[str]) -> None:
    """Read pages, close the tab without the exit, and end the browser."""
    with browser(profile) as context:
        other = context.new_page()
        page = context.new_page()
        for address in addresses:
            page.goto(address)
            page.mouse.wheel(0, 600)
            if boxes := page.locator(".guide__choice input").all():
                boxes[0].check()
            page.wait_for_timeout(100)
        page.close()
        other.goto("about:blank")
        time.sleep(1)


def on_disk(profile: Path) -> bytes:
    """Everything that lies in the profile, and what its compressed parts hold."""
    return b"\n".join(path.read_bytes() for path in sorted(profile.rglob("*")) if path.is_file())


def phrases(source: str, path: str) -> list[str]:
    """Sentences of a page that are neither its title nor its description."""
    page = Page(path, source)
    known = f"{page.title} {page.meta('description')}"
    texts = {element.text for element in page.main.all("p", "li", "h2", "h3", "label")}
    texts -= {element.text for element in page.all("p", class_="printed")}  # its own address
    return sorted(text for text in texts if len(text) > WINDOW and text not in known)


def found(profile: Path, source: str, path: str) -> list[str]:
    """What of a page lies in a profile: as text in three encodings, or as it was sent."""
    disk = on_disk(profile)
    marks = [
        text[:WINDOW].encode(encoding)
        for text in phrases(source, path)
        for encoding in ("utf-8", "utf-16-le", "latin-1")
        if encoding != "latin-1" or text[:WINDOW].isascii()
    ]
    assert len(marks) > 10
    return [str(mark) for mark in marks if mark in disk]


def sent(site: str, path: str) -> bytes:
    """The compressed bytes of a page as the server sends them."""
    request = urllib.request.Request(site + path, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read()


def as_sent(profile: Path, body: bytes) -> bool:
    """Whether a piece of the middle of the compressed page lies in the profile."""
    disk = on_disk(profile)
    places = range(len(body) // 4, len(body) - WINDOW, max(1, len(body) // 8))
    return any(body[place : place + WINDOW] in disk for place in places)


def test_no_text_of_ours_lies_in_the_profile_after_the_tab_was_closed(served, tmp_path):
    visit(tmp_path, [served.url + path for path in PATHS])
    assert served.url.encode() in on_disk(tmp_path), "the history has no address: was it read?"
    for path in PATHS:
        assert found(tmp_path, served.get(path), path) == []
        assert not as_sent(tmp_path, sent(served.url, path)), path


class Kept(BaseHTTPRequestHandler):
    """A page of ours, but that browsers may keep it."""

    page = b""

    def do_GET(self) -> None:
        body = gzip.compress(self.page)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Cache-Control", "no-cache")
        self.send_header("ETag", '"1"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def test_what_browsers_may_keep_would_be_found(served, tmp_path):
    Kept.page = served.get("/en/stop/").encode()
    with ThreadingHTTPServer(("127.0.0.1", 0), Kept) as host:
        threading.Thread(target=host.serve_forever, daemon=True).start()
        site = f"http://127.0.0.1:{host.server_address[1]}"
        visit(tmp_path, [site + "/en/stop/"])
        assert as_sent(tmp_path, sent(site, "/en/stop/"))
        host.shutdown()
