"""No trace: what the page about privacy says is what a browser finds, now and on all pages.

`make proof` opens every page in every language and writes what it found to content/proof.json.
"""

import json
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from campaign import languages
from content import proof
from content.baking import version
from tests import access
from tests.browser import Served, chromium, served
from tests.production import production
from tests.proving import Seen, visit
from tools import observatory

__all__ = ["chromium", "served"]

KINDS = [path for name, path in access.PATHS.items() if name not in {"not-found", "card"}]
CARD = access.PATHS["card"]
"""Stands in pages of other sites, and says so in its headers: it has points of its own."""


def paths(served: Served, language: str) -> list[str]:
    """Every page, every country, and one of each other kind in a language."""
    english = [path.removeprefix("/en") for path in served.paths("en")]
    return list(dict.fromkeys(f"/{language}{path}" for path in (*english, *KINDS)))


def opened(server, folder, chromium, wanted: list[str]) -> Seen:
    """Open pages of a server that has them baked, and the cards that some of them show."""
    cards = [f"/{code}{CARD}" for code in languages.BY_CODE]
    baked = dict.fromkeys([*wanted, *cards])
    with production(server, folder, baked=True, paths=baked, HTTPS="1") as running:
        return visit(chromium, f"http://127.0.0.1:{running.port}", wanted)


# --- What is claimed ----------------------------------------------------------------------------


def test_the_proof_is_of_a_day_that_has_been_and_of_the_whole_site():
    last = proof.last()
    assert last.day <= datetime.now(UTC).date()
    assert last.pages > 2000
    assert (last.cookies, last.foreign_requests, last.stored_bytes) == (0, 0, 0)
    assert last.most == observatory.MOST
    assert last.grade == observatory.grade(last.score)
    assert 1000 < last.typical_bytes <= last.largest_bytes


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_page_about_privacy_shows_it_in_the_readers_own_words(read, language, monkeypatch):
    day = datetime(2031, 3, 4, tzinfo=UTC).date()
    planted = proof.Proof(day, 12345, 0, 0, 0, 155, 160, "A+", 9001, 17500)
    monkeypatch.setattr(proof, "last", lambda: planted)
    shown = read(f"/{language}/privacy/").by_id("proof")
    section = shown.ancestors[0]
    assert section.language == language
    day, number, size = {
        "en": ("March 4, 2031", "12,345", "10 kB"),
        "fr": ("4 mars 2031", "12 345", "10 ko"),
        "ar": ("4 مارس 2031", "12,345", "10 كيلوبايت"),
    }[language]
    for words in (day, number, size, "155", "160", "A+"):
        assert words in section.text, words
    assert len(re.findall(r"(?<!\d)0(?!\d)", section.text)) == 3


def test_a_new_proof_bakes_the_page_anew():
    assert proof.FILE in set(version._files())


# --- What is found ------------------------------------------------------------------------------


def shows(seen: Seen) -> None:
    """Hold what readers are told against what was found."""
    last = proof.last()
    assert (seen.cookies, seen.foreign, seen.stored) == (set(), set(), last.stored_bytes)
    assert seen.complaints == []
    assert seen.score == last.score
    told, found = proof.kilobytes(last.largest_bytes), proof.kilobytes(seen.largest)
    assert found <= told, f"readers are told {told} kB at most. Run: make proof"


@pytest.mark.browser
def test_what_is_claimed_holds_now_for_each_kind_of_page(server, chromium, tmp_path):
    wanted = [f"/{code}{path}" for code in ("en", "fr", "ar") for path in KINDS]
    shows(opened(server, tmp_path, chromium, wanted))


@pytest.mark.slow
@pytest.mark.browser
def test_what_is_claimed_holds_now(server, served, chromium, tmp_path):
    wanted = [path for code in ("en", "ar") for path in paths(served, code)]
    shows(opened(server, tmp_path, chromium, wanted))


@pytest.mark.browser
def test_the_card_for_other_sites_leaves_as_little(server, chromium, tmp_path):
    seen = opened(server, tmp_path, chromium, [f"/{code}{CARD}" for code in ("en", "ar")])
    assert (seen.cookies, seen.foreign, seen.stored, seen.complaints) == (set(), set(), 0, [])
    assert observatory.grade(seen.score) == "A+"
    assert seen.largest < 3000


@pytest.mark.browser
@pytest.mark.slow
def test_no_page_in_any_language_leaves_a_trace(server, served, chromium, tmp_path):
    """All pages in all languages; `make proof` keeps what is found here."""
    wanted = [path for code in languages.BY_CODE for path in paths(served, code)]
    seen = opened(server, tmp_path, chromium, wanted)
    if os.environ.get("PROOF") == "write":
        write(seen)
    shows(seen)
    assert len(seen.sizes) == len(wanted)


def write(seen: Seen) -> None:
    found = proof.Proof(
        day=datetime.now(UTC).date(),
        pages=len(seen.sizes),
        cookies=len(seen.cookies),
        foreign_requests=len(seen.foreign),
        stored_bytes=seen.stored,
        score=seen.score,
        most=observatory.MOST,
        grade=observatory.grade(seen.score),
        typical_bytes=seen.typical,
        largest_bytes=seen.largest,
    )
    text = json.dumps(asdict(found) | {"day": found.day.isoformat()}, indent=1)
    proof.FILE.write_text(f"{text}\n", "utf-8")
    proof.last.cache_clear()


# --- This would see it --------------------------------------------------------------------------

LEAKS = {
    "cookie": "<script>document.cookie = 'a=1'</script>",
    "header": "",
    "local": "<script>localStorage.a = 1</script>",
    "session": "<script>sessionStorage.a = 1</script>",
    "database": "<script>indexedDB.open('a')</script>",
    "cache": "<script>caches.open('a')</script>",
    "picture": "<img src='http://localhost:9/a.png'>",
    "beacon": "<script>navigator.sendBeacon('http://localhost:9/')</script>",
    "prefetch": "<link rel='prefetch' href='http://localhost:9/'>",
    "frame": "<iframe src='http://localhost:9/'></iframe>",
}


class Leaking(BaseHTTPRequestHandler):
    """A site on which each page leaves something behind."""

    def do_GET(self) -> None:
        name = self.path.strip("/")
        body = f"<!doctype html><title>{name}</title>{LEAKS.get(name, '')}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        if name == "header":
            self.send_header("Set-Cookie", "a=1; HttpOnly; Max-Age=0")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def leaking() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Leaking) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{site.server_address[1]}"
        site.shutdown()


@pytest.mark.browser
@pytest.mark.parametrize("leak", LEAKS)
def test_each_way_to_leave_a_trace_would_be_seen(chromium, leaking, leak):
    assert visit(chromium, leaking, ["/nothing"]).stored == 0
    seen = visit(chromium, leaking, [f"/{leak}"])
    assert seen.cookies or seen.foreign or seen.stored
    assert seen.score < 100
