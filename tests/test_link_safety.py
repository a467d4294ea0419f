"""Where a link check never goes: into our own network, whatever a name or a redirect says."""

import contextlib
import shutil
import socket
import ssl
import subprocess
import threading
import time

import pytest

from content.links import network
from content.links.looking import Gates, look_at
from content.links.network import Forbidden, NoAnswer
from content.models import LinkCheck
from tests.link_server import drips, names, web

__all__ = ["names", "web"]
Outcome = LinkCheck.Outcome
AGENT = "SayNo-LinkCheck/1 (+https://sayno.example)"

INSIDE = """
    127.0.0.1 127.8.8.8 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0
    255.255.255.255 224.0.0.1 239.1.1.1 240.0.0.1 192.0.2.1 198.18.0.1 192.0.0.8 192.88.99.1
    ::1 :: fe80::1 fc00::1 fd12::1 ff02::1 fec0::1 2001:db8::1 ::7f00:1 ::ffff:127.0.0.1
    ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::1
    2002:7f00:1:: 2002:a00:1:: 2001:0:4136:e378:8000:63bf:80ff:fffe 3fff::1 5f00::1
""".split()
OUTSIDE = "93.184.215.14 1.1.1.1 2606:4700::1111 64:ff9b::101:101 ::ffff:1.1.1.1".split()


def look(url):
    return look_at(url, AGENT, Gates())


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_refused(names, address):
    names.known["service.example"] = [address]
    found = look("https://service.example/")
    assert (found.outcome, found.status) == (Outcome.DEAD, None)
    assert found.detail == f"service.example leads to {address}, which is not public."
    assert names.connected == []


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_refused_as_it_is(names, address):
    host = f"[{address}]" if ":" in address else address
    assert look(f"http://{host}/").outcome == Outcome.DEAD
    assert names.connected == []


@pytest.mark.parametrize(
    "written", ["127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "localhost"]
)
def test_other_ways_to_write_this_machine_are_refused(monkeypatch, written):
    monkeypatch.setattr("socket.create_connection", lambda *args: pytest.fail("it connected"))
    assert look(f"http://{written}/").outcome == Outcome.DEAD


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_public_address_is_asked(names, address):
    names.known["service.example"] = [address]
    assert look("https://service.example/").detail == "It refuses connections."
    assert names.connected == [address]


def test_one_address_inside_among_public_ones_is_enough(names):
    names.known["service.example"] = ["93.184.215.14", "10.0.0.1"]
    assert look("https://service.example/").outcome == Outcome.DEAD
    assert names.connected == []


def test_a_redirect_to_the_inside_is_refused(names, web, settings):
    web.pages["/"] = 302, "http://inside.example/secret"
    names.known["inside.example"] = ["10.0.0.1"]
    found = look(web.url())
    assert found.outcome == Outcome.DEAD
    assert "10.0.0.1, which is not public" in found.detail
    assert found.redirected_to == "http://inside.example/secret"
    assert names.connected == ["127.0.0.1"]


def test_a_name_is_resolved_once_a_request_and_the_connection_goes_there(names, web):
    """DNS rebinding: the second answer would lead somewhere else."""
    names.known["rebinding.example"] = [["127.0.0.1"], ["10.0.0.1"]]
    assert look(web.url(host="rebinding.example")).outcome == Outcome.GOOD
    assert names.asked == ["rebinding.example"]
    assert names.connected == ["127.0.0.1"]


def test_the_server_is_asked_under_its_name(names, web):
    names.known["service.example"] = ["127.0.0.1"]
    look(web.url("/über?q=ä b", host="service.example"))
    (head,) = [head for head in web.heads if head["User-Agent"] == AGENT][:1]
    assert head["Host"] == f"service.example:{web.port}"
    assert set(head) == {"Host", "User-Agent", "Accept", "Connection"}
    assert web.requests[0][1] == "/%C3%BCber?q=%C3%A4%20b"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://service.example/", "no address of the web"),
        ("file:///etc/passwd", "no address of the web"),
        ("https://", "no address of the web"),
        ("https://user:secret@service.example/", "a name or a password"),
        ("https://service.example:22/", "port 22"),
        ("https://service.example:99999/", "no address"),
        ("https://[::1/", "no address"),
        ("https://" + "a" * 70 + ".example/", "no address"),
    ],
)
def test_what_is_no_address_of_the_web_is_refused(names, url, reason):
    with pytest.raises(Forbidden, match=reason):
        network.request("HEAD", url, AGENT)
    assert names.asked == []


def test_a_redirect_to_a_file_is_refused(web):
    web.pages["/"] = 302, "file:///etc/passwd"
    assert look(web.url()).outcome == Outcome.DEAD


def test_a_redirect_cannot_add_headers(web):
    web.pages["/"] = 302, "/next%0d%0aX-Evil:%201"
    look(web.url())
    assert not any("X-Evil" in head for head in web.heads)


def test_no_loopback_without_the_setting(settings):
    assert settings.LINK_CHECK_LOOPBACK is False
    with pytest.raises(Forbidden):
        network.request("HEAD", "http://127.0.0.1:1/", AGENT)


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    """A certificate for service.example, which the check trusts."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    key, path = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", path,
         "-days", "2", "-subj", "/CN=service.example",
         "-addext", "subjectAltName=DNS:service.example"],
        check=True, capture_output=True,
    )  # fmt: skip
    trusting = ssl.create_default_context(cafile=str(path))
    monkeypatch.setattr(network, "context", lambda: trusting)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path, key)
    server.asked = []
    server.sni_callback = lambda sock, name, context: server.asked.append(name)
    return server


def test_the_certificate_is_that_of_the_name_not_of_the_address(names, web, certificate):
    web.secure(certificate)
    names.known |= {"service.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]}
    assert look(web.url(host="service.example", scheme="https")).outcome == Outcome.GOOD
    assert certificate.asked == ["service.example"]
    found = look(web.url(host="other.example", scheme="https"))
    assert found.outcome == Outcome.TROUBLE
    assert found.detail.startswith("Browsers warn of its certificate: Hostname mismatch")


def test_a_server_that_drips_is_left(web, monkeypatch, names):
    monkeypatch.setattr(network, "SECONDS", 1)
    web.pages["/"] = drips
    started = time.monotonic()
    with pytest.raises(NoAnswer, match="more than 1 seconds"):
        network.request("GET", web.url(), AGENT)
    assert time.monotonic() - started < 3


@pytest.mark.parametrize("drop", [b"", b"\x16"], ids=["silent", "dripping"])
def test_a_server_that_never_ends_its_handshake_is_left(monkeypatch, settings, drop):
    settings.LINK_CHECK_LOOPBACK = True
    monkeypatch.setattr(network, "SECONDS", 1)

    def drip(listening):
        # A record of TLS that is announced as long, letter by letter.
        with listening.accept()[0] as sock, contextlib.suppress(OSError):
            sock.sendall(b"\x16\x03\x03\x3f\x00" if drop else b"")
            for _ in range(100):
                time.sleep(0.1)
                sock.sendall(drop)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=drip, args=[listening], daemon=True).start()
        started = time.monotonic()
        with pytest.raises(NoAnswer, match=r"more than 1 seconds"):
            network.request("HEAD", f"https://127.0.0.1:{listening.getsockname()[1]}/", AGENT)
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 999999 X\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200,
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000,
        b"\x16\x03\x01",
    ],
    ids="ssh status many-headers long-header tls".split(),
)
def test_what_is_not_http_is_no_answer(web, answer):
    def send(request):
        request.connection.sendall(answer)
        request.close_connection = True

    web.pages["/"] = send
    assert look(web.url()).outcome == Outcome.TROUBLE
