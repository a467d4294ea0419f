"""Hostile requests, byte by byte, against gunicorn: never a 5xx, never a trace, never believed."""

import re
import socket
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.browser import Served
from tests.hostile import EVIL, SMUGGLED, Attack, attacks
from tests.production import Production, Raw, get, parsed, production

ALL = list(attacks())
FAMILIES = sorted({attack.family for attack in ALL})
TRACES = re.compile(rb'Traceback|site-packages|File "/|\.py\b.{0,20}line|Request Method:|gunicorn/')


@pytest.fixture(scope="module")
def live(server: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    """A server without a release: Django answers everything."""
    with production(server, tmp_path_factory.mktemp("live")) as site:
        yield site


@pytest.fixture(scope="module")
def baked(server: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    """A server with a release: what is baked is answered before Django."""
    with production(server, tmp_path_factory.mktemp("baked"), baked=True) as site:
        yield site


def wrong(site: Production, attack: Attack, cookie: bytes) -> str:
    """Return what is wrong with the answer to an attack, nothing when it is right."""
    name = cookie.partition(b"=")[0]
    received = site.send(attack.data.replace(b"COOKIE", cookie).replace(b"SESSION", name))
    raw = parsed(received, has_body=not attack.data.startswith(b"HEAD"))
    if raw.status == 0:
        return "" if attack.may_hang_up else "no answer"
    if raw.status >= 500:
        return f"status {raw.status}"
    if attack.right and raw.status not in attack.right:
        return f"status {raw.status}"
    if TRACES.search(raw.body):
        return "shows its inside"
    if "x-injected" in raw.headers or b"\nX-Injected" in received:
        return "lets a header in"
    if EVIL in "".join(raw.headers.values()):
        return f"leads elsewhere: {raw.headers}"
    if attack.family in {"host", "forwarded"} and EVIL.encode() in raw.body:
        return "repeats a host"
    if attack.family == "framing" and (raw.rest or b"smuggled" in received):
        return f"answers twice: {raw.rest[:80]!r}"
    if attack.family == "file" and raw.status == 200 and b"DJANGO_SETTINGS" in raw.body:
        return "gives away a file"
    return ""


def judged(site: Production, family: str) -> list[str]:
    cookie = f"session={site.session}".encode() if family in {"staff", "header"} else b""
    found = [(attack, wrong(site, attack, cookie)) for attack in ALL if attack.family == family]
    return [f"{attack.name[:90]!r}: {fault}" for attack, fault in found if fault]


def test_there_are_at_least_250_different_requests():
    assert len({attack.data for attack in ALL}) >= 250
    twice = [name for name, n in Counter((a.family, a.name) for a in ALL).items() if n > 1]
    assert twice == []


@pytest.mark.parametrize("family", FAMILIES)
def test_hostile_requests_are_refused_or_answered_as_others(live, family):
    assert judged(live, family) == []


@pytest.mark.parametrize("family", FAMILIES)
def test_hostile_requests_do_nothing_to_what_is_baked(baked, family):
    assert judged(baked, family) == []


def test_the_servers_are_well_afterwards(live, baked):
    """Told to be the last; whatever was sent before, both go on."""
    for site in (live, baked):
        assert site.process.poll() is None
        answer = site.ask(get("/en/"))
        assert answer.status == 200
        assert answer.headers["cache-control"] == "no-store"
        log = (site.folder / "log").read_text()
        assert "Worker exiting" not in log
        assert '"level": "CRITICAL"' not in log


def test_links_and_canonical_addresses_are_those_of_the_setting(live):
    page = live.ask(get("/en/", f"X-Forwarded-Host: {EVIL}", "X-Forwarded-Proto: https")).body
    assert live.environment["SITE_URL"].encode() in page
    assert EVIL.encode() not in page
    assert live.ask(get("/en/", host=EVIL)).status == 400


def test_no_folder_is_listed_and_no_other_file_is_given(live, baked):
    for site in (live, baked):
        for path in (
            "/static/",
            "/static/js/",
            "/static/js",
            "/.git/config",
            "/manage.py",
            "/var/",
        ):
            answer = site.ask(get(path))
            assert answer.status in {301, 302, 404}, path
            assert answer.headers.get("location", "/").startswith("/"), path
        assert site.ask(get("/static/js/")).status == 404


def test_two_requests_on_one_connection_are_two(live):
    """What the smuggling tests look for would be seen."""
    first = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    received = live.send(first + SMUGGLED.encode())
    raw: Raw = parsed(received)
    assert (raw.status, raw.body) == (200, b"ok\n")
    assert b"404 Not Found" in raw.rest


def test_headers_and_page_leave_in_one_piece(baked):
    """A worker may be killed at any moment: half a page would be a wrong one."""
    request = b"GET /en/stop/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: br\r\n\r\n"
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", baked.port), timeout=10) as wire:
            wire.sendall(request)
            head, _, body = wire.recv(1 << 20).partition(b"\r\n\r\n")
        length = re.search(rb"Content-Length: (\d+)", head)
        assert length
        assert len(body) == int(length[1])
