"""Requests that never end, or are longer than anybody needs: nobody else waits for them."""

import importlib.metadata
import os
import socket
import time
from contextlib import ExitStack

import pytest

from campaign import worker
from tests.production import get, parsed, production

SIGN_IN = "/admin/account/login/"
HALF_A_HEAD = b"GET /en/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
FORM = b"login=nobody&password=nothing"
MANY = 40


def post(path, length, *lines, body=b""):
    """A form of this length, of which only this body is sent."""
    return get(path, f"Content-Length: {length}", *lines, method="POST") + body


HALF_A_FORM = post(SIGN_IN, len(FORM), body=FORM[:9])
HALF_AN_UPLOAD = post(SIGN_IN, 5_000_000, body=FORM)
HALF_A_CHUNK = get(SIGN_IN, "Transfer-Encoding: chunked", method="POST") + b"1000\r\nhalf"
HALF = {
    "heads": HALF_A_HEAD,
    "forms": HALF_A_FORM,
    "uploads": HALF_AN_UPLOAD,
    "chunks": HALF_A_CHUNK,
    "nothing at all": b"",
    "whole requests whose senders do not hang up": get("/en/"),
}


@pytest.fixture(scope="module")
def site(server, tmp_path_factory):
    """One worker with its eight threads, with and for a release."""
    folder = tmp_path_factory.mktemp("unfinished")
    with production(server, folder, baked=True) as running:
        yield running


def connect(site):
    return socket.create_connection(("127.0.0.1", site.port), 30)


def received(wire):
    """Everything until the server hangs up."""
    data = b""
    try:
        while piece := wire.recv(65536):
            data += piece
    except ConnectionError:
        pass
    return data


@pytest.mark.parametrize("what", HALF)
def test_readers_and_staff_go_on_while_many_requests_are_half_sent(site, what):
    with ExitStack() as held:
        for _ in range(MANY):
            wire = held.enter_context(connect(site))
            wire.sendall(HALF[what])
        for _ in range(10):
            assert site.ask(get("/en/")).status == 200
            assert site.ask(get(SIGN_IN)).status == 200


@pytest.mark.parametrize("what", ["heads", "forms"])
def test_a_request_that_drips_is_refused_in_the_end(site, what):
    with connect(site) as wire:
        wire.sendall(HALF[what][:-1])
        wire.settimeout(0.5)
        for _ in range(60):
            try:
                answer = wire.recv(65536)
                break
            except TimeoutError:
                if what == "heads":
                    wire.sendall(b"a")
        else:
            pytest.fail("It waits for ever.")
    refused = parsed(answer)
    assert (refused.status, refused.body) == (408, b"Request Timeout.\n")
    assert refused.headers["content-security-policy"].startswith("default-src 'none'")


def test_a_head_without_end_is_refused(site):
    line = b"X-Long: " + b"a" * 8000 + b"\r\n"
    answer = site.ask(b"GET /en/ HTTP/1.1\r\nHost: 127.0.0.1\r\n" + line * 10)
    assert answer.status == 431


def test_a_body_behind_a_get_ends_the_connection(site):
    with connect(site) as wire:
        wire.sendall(get("/en/", "Content-Length: 4").replace(b"close", b"keep-alive") + b"GET ")
        answer = parsed(received(wire))
    assert (answer.status, answer.headers["connection"]) == (200, "close")


def test_what_is_sent_behind_a_request_is_answered_once_it_is_whole(site):
    first = get("/en/").replace(b"Connection: close", b"Connection: keep-alive")
    with connect(site) as wire:
        wire.sendall(first + get("/ar/")[:20])
        time.sleep(0.5)
        wire.sendall(get("/ar/")[20:])
        data = received(wire)
    second = parsed(data).rest
    assert b'lang="en"' in parsed(data).body
    assert b'lang="ar"' in parsed(second).body


def test_a_form_is_asked_for_where_its_sender_waits_for_that(site):
    with connect(site) as wire:
        wire.sendall(post(SIGN_IN, len(FORM), "Expect: 100-continue"))
        assert wire.recv(65536).startswith(b"HTTP/1.1 100 Continue\r\n\r\n")
        wire.sendall(FORM)
        assert parsed(received(wire)).status == 403  # without the token of our own page


@pytest.mark.parametrize("path", [SIGN_IN, "/admin/"])
def test_who_has_not_signed_in_sends_no_more_than_a_form(site, path):
    """Refused by what is announced, before anything of it is read."""
    with connect(site) as wire:
        wire.sendall(post(path, 70_000, "Cookie: session=invented"))
        answer = parsed(received(wire))
    assert (answer.status, answer.headers["connection"]) == (413, "close")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_staff_send_files_up_to_a_limit(site):
    cookie = f"Cookie: session={site.session}"
    assert site.ask(post("/admin/", 70_000, cookie, body=b"a" * 70_000)).status == 403
    with connect(site) as wire:
        wire.sendall(post("/admin/", 7_000_000, cookie))
        assert parsed(received(wire)).status == 413


def test_a_body_without_a_length_is_not_read(site):
    with connect(site) as wire:
        wire.sendall(HALF_A_CHUNK)
        assert parsed(received(wire)).status == 411


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /en/ HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
        (b"GET /en/ HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", 400),
        (
            b"GET /en/ HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
            400,
        ),
        (b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
        (b"GET /en/ HTTP/1.0\r\n\r\n", 200),
    ],
)
def test_a_request_has_to_name_its_host(site, request_, status):
    """RFC 9112, section 3.2; HTTP/1.0 did not know it."""
    assert site.ask(request_).status == status


def test_nothing_is_left_open_afterwards(site):
    """Sockets of those who have gone are closed, and the worker is the one that it was."""
    children = f"/proc/{site.process.pid}/task/{site.process.pid}/children"
    with open(children) as file:
        (pid,) = file.read().split()
    before = len(os.listdir(f"/proc/{pid}/fd"))
    wires = [connect(site) for _ in range(MANY)]
    for wire in wires:
        wire.sendall(HALF_A_HEAD)
        wire.close()
    for _ in range(100):
        if len(os.listdir(f"/proc/{pid}/fd")) <= before:
            break
        time.sleep(0.2)
    assert len(os.listdir(f"/proc/{pid}/fd")) <= before
    assert site.ask(get("/en/")).status == 200


def test_the_worker_was_read_against_the_gunicorn_that_is_installed():
    """It relies on parts of it that may change: read campaign/worker.py beside the new one."""
    assert f"gunicorn {importlib.metadata.version('gunicorn')}:" in str(worker.__doc__)
