"""A web server on this machine that misbehaves as it is told."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


class LinkServer:
    """Answers each path as `pages` says: a status, or a status and where to go; records all."""

    def __init__(self) -> None:
        self.pages: dict[str, Any] = {"/": 200}
        self.requests: list[tuple[str, str]] = []
        self.heads: list[dict[str, str]] = []
        self._lock = threading.Lock()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                owner.answer(self)

            do_GET = do_HEAD  # noqa: N815  as http.server calls it

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def secure(self, context: ssl.SSLContext) -> None:
        """Speak TLS from now on."""
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        """Return the address of a path."""
        return f"{scheme}://{host}:{self.port}{path}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        with self._lock:
            self.requests.append((request.command, request.path))
            self.heads.append(dict(request.headers))
        page = self.pages.get(request.path, 404)
        if callable(page):
            page = page(request)
        if page is not None:
            self._send(request, *(page if isinstance(page, tuple) else (page, "")))

    @staticmethod
    def _send(request: BaseHTTPRequestHandler, status: int, location: str) -> None:
        request.send_response(status)
        if location:
            request.send_header("Location", location)
        request.send_header("Content-Length", "0")
        request.end_headers()

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()


def only_get(status: int) -> Any:
    """A page that answers HEAD with a status, and GET well."""
    return lambda request: status if request.command == "HEAD" else 200


def hangs_up(request: Any) -> None:
    """A page that ends the connection without a word."""
    request.connection.shutdown(socket.SHUT_RDWR)
    request.close_connection = True


def drips(request: Any) -> None:
    """A page that sends its head letter by letter, without an end."""
    try:
        request.connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        for _ in range(600):
            request.connection.sendall(b"x")
            time.sleep(0.05)
    except OSError:
        request.close_connection = True


def takes(seconds: float) -> Any:
    """A page that takes its time."""

    def answer(request: Any) -> int:
        time.sleep(seconds)
        return 200

    return answer


@contextmanager
def running() -> Iterator[LinkServer]:
    """Run a server for a test."""
    server = LinkServer()
    try:
        yield server
    finally:
        server.close()


@pytest.fixture
def web(settings: Any) -> Iterator[LinkServer]:
    """A server that links may lead to, although it is on this machine."""
    settings.LINK_CHECK_LOOPBACK = True
    with running() as server:
        yield server


class Names:
    """A name server of our own: names to addresses, each question recorded."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.known: dict[str, list[str]] = {}
        self.asked: list[str] = []
        self.connected: list[str] = []
        monkeypatch.setattr(socket, "getaddrinfo", self.lookup)
        monkeypatch.setattr(socket, "create_connection", self.connect)

    def connect(self, address: tuple[str, int], *args: Any) -> socket.socket:
        """Connect to this machine; nobody else is there."""
        self.connected.append(address[0])
        if not address[0].startswith("127."):
            raise ConnectionRefusedError
        sock = socket.socket(socket.AF_INET)
        sock.settimeout(5)
        try:
            sock.connect(address)
        except OSError:
            sock.close()
            raise
        return sock

    def lookup(self, host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        """Answer as the system's resolver does."""
        self.asked.append(host)
        answers = self.known.get(host)
        if answers is None:
            try:
                socket.inet_pton(socket.AF_INET6 if ":" in host else socket.AF_INET, host)
            except OSError:
                raise socket.gaierror(socket.EAI_NONAME, "unknown") from None
            answers = [host]
        # A list of lists answers differently each time.
        if answers and isinstance(answers[0], list):
            answers = answers.pop(0)
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, 1, 6, "", (one, port))
            for one in answers
        ]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Fake DNS; no connection leaves this machine."""
    return Names(monkeypatch)
