"""The worker of gunicorn that serves the site: gunicorn.conf.py names it.

Read against gunicorn 27.0.1: it relies on parts of ThreadWorker that are nobody's interface.
tests/test_unfinished_requests.py fails when they change.
"""

import errno
import re
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from functools import lru_cache, partial
from http import HTTPStatus
from selectors import EVENT_READ
from socket import SHUT_WR
from typing import Any
from urllib.parse import quote

from gunicorn import util
from gunicorn.http.errors import ParseException
from gunicorn.http.wsgi import Response as GunicornResponse
from gunicorn.workers.gthread import TConn, ThreadWorker

UNFINISHED = 10.0
"""Seconds in which a request has to arrive, from its first byte or from the connection on."""
STALLED = 30.0
"""Seconds that a thread waits for more of a long body, or for a reader to take the answer."""
PARTING = 2.0
"""Seconds that a connection stays open behind its last answer, as in gunicorn."""
MOST_HEAD = 64 * 1024
"""Bytes of a request's head: twice what the largest cookies and addresses that we know take."""
SHORT_BODY = 64 * 1024
"""Bytes of a body that is waited for without a thread: any form, and no upload of a file."""
MOST_UNFINISHED = 300
"""Connections of a worker that wait for the rest of a request; of more, the oldest is closed."""
PIECE = 64 * 1024
END = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,12})[ \t]*\r\n", re.IGNORECASE)
EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)
CODING = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)


class Connection(TConn):
    """A connection, with what has arrived of a request that is not whole yet."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.received = bytearray()
        self.deadline = 0.0
        self.needed: int | None = None
        """Bytes of the whole request; None until its head has come."""
        self.is_expected = False
        """Whether the sender waits to be told to go on with the body."""
        self.was_asked = False
        self.is_reusable = True
        """Whether another request may follow: not behind a body that may not have come."""

        self.part: Callable[[Connection], None] = lambda conn: util.close(conn.sock)
        """Closes it once its reader has taken the answer."""

    def close(self, graceful: bool = False) -> None:
        """Close at once, or when the reader has taken the answer."""
        if graceful:
            self.part(self)
        else:
            util.close(self.sock)

    def take(self, data: bytes) -> None:
        """Keep what has come; look for the end of the head where it was not looked for yet."""
        start = max(0, len(self.received) - len(END) + 1)
        self.received += data
        if self.needed is None and (end := self.received.find(END, start)) >= 0:
            self._read_head(bytes(self.received[: end + 2]))

    def is_whole(self) -> bool:
        """Whether a thread can work on what has arrived without waiting for the reader."""
        return self.needed is not None and len(self.received) >= self.needed

    def forget(self) -> bytes:
        """Return what has arrived, and begin anew."""
        received, self.received = bytes(self.received), bytearray()
        self.needed, self.was_asked = None, False
        return received

    def _read_head(self, head: bytes) -> None:
        """Work out how much is waited for.

        A long body is left to the thread, which refuses it before it is read or knows its sender.
        """
        found = LENGTH.search(head)
        length = int(found[1]) if found else 0
        has_body = length > 0 or CODING.search(head) is not None
        is_short = has_body and found is not None and length <= SHORT_BODY
        self.is_reusable = not has_body or (is_short and not head.startswith((b"GET ", b"HEAD ")))
        self.needed = len(head) + 2 + (length if is_short else 0)
        self.is_expected = is_short and EXPECTS.search(head) is not None


class Worker(ThreadWorker):
    """Gunicorn's own, but that threads get whole requests, and each is answered once.

    Gunicorn gives a thread to each connection that has sent one byte, and waits for the rest of the
    request for ever: as many half-sent requests as there are threads would stop a worker. Here the
    main loop collects heads and short bodies, and closes what is not whole in time.

    When the rest of a body turns out to be malformed behind the answer, gunicorn sends a second
    answer, which a proxy could take for that to somebody else's request.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._unfinished: dict[Connection, None] = {}
        """In the order of their deadlines."""
        self._parting: dict[Connection, None] = {}
        """Connections of answers that were sent, in the order of their deadlines."""

    def accept(self, listener: Any) -> None:
        """Accept a connection, and wait for its first request."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError as error:
            if error.errno not in {errno.EMFILE, errno.ENFILE} or not self._unfinished:
                raise
            self._give_up(next(iter(self._unfinished)), HTTPStatus.SERVICE_UNAVAILABLE)
            return
        self.nr_conns += 1
        conn = Connection(self.cfg, client, address, listener.getsockname())
        conn.part = self._part
        self._wait(conn)

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        """Take the next request of a connection that was kept."""
        self.keepalived_conns.remove(conn)
        self.poller.modify(client, EVENT_READ, partial(self._read, conn))
        self._note(conn)
        self._read(conn, client)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Close or keep the connection; go on with what its reader has sent already."""
        super().finish_request(conn, fs)
        if conn.received and conn in self.keepalived_conns:
            self.poller.unregister(conn.sock)
            self.keepalived_conns.remove(conn)
            self._wait(conn)

    def murder_pending(self) -> None:
        """Close what is not whole in time: the main loop asks at least once a second."""
        super().murder_pending()
        now = time.monotonic()
        for conn in list(self._unfinished):
            if conn.deadline <= now or not (self.alive or conn.received):
                self._give_up(conn, HTTPStatus.REQUEST_TIMEOUT)
        for conn in list(self._parting):
            if conn.deadline <= now:
                self._close(conn)

    def handle(self, conn: Any) -> Any:
        """Handle a request, in a thread."""
        if conn.received:
            conn.data_ready = True
            conn.init()
            conn.parser.unreader.unread(conn.forget())
        return super().handle(conn)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer; wait for the reader no longer than a while. Refuse who names no host."""
        conn.sock.settimeout(STALLED)
        if req.version >= (1, 1) and not any(n == "HOST" and value for n, value in req.headers):
            refuse(conn.sock, HTTPStatus.BAD_REQUEST, "", "")  # RFC 9112, section 3.2
            return False
        if not conn.is_reusable:
            req.force_close()
        return super().handle_request(req, conn)

    def _keepalive_after(self, conn: Any, keepalive: Any) -> bool:
        try:
            if not super()._keepalive_after(conn, keepalive):
                return False
        except ParseException:
            return False
        # What was sent behind the request waits in the main loop until it is whole, too.
        conn.take(conn.parser.unreader.take_buffered())
        return True

    def _wait(self, conn: Connection) -> None:
        """Wait for a request without a thread."""
        if conn.is_whole():
            self.enqueue_req(conn)
            return
        conn.sock.setblocking(False)
        self.poller.register(conn.sock, EVENT_READ, partial(self._read, conn))
        self._note(conn)

    def _note(self, conn: Connection) -> None:
        """Note until when the request has to be whole."""
        if len(self._unfinished) >= MOST_UNFINISHED:
            self._give_up(next(iter(self._unfinished)), HTTPStatus.SERVICE_UNAVAILABLE)
        conn.deadline = time.monotonic() + UNFINISHED
        self._unfinished[conn] = None

    def _read(self, conn: Connection, client: Any) -> None:
        """Take what has come; give the request to a thread once it is whole, or will not be."""
        try:
            data = conn.sock.recv(PIECE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._drop(conn)
            return
        conn.take(data)
        if not conn.received:
            self._drop(conn)
        elif not data or conn.is_whole():
            self._forget(conn)
            self.enqueue_req(conn)
        elif conn.needed is not None:
            self._go_on(conn)
        elif len(conn.received) > MOST_HEAD:
            self._give_up(conn, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def _go_on(self, conn: Connection) -> None:
        """Ask for the body, once, where its sender waits for that (RFC 9110, 10.1.1)."""
        if conn.is_expected and not conn.was_asked:
            conn.was_asked = True
            with suppress(OSError):
                conn.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _give_up(self, conn: Connection, status: HTTPStatus) -> None:
        """Close a connection; say why when something of a request has come."""
        if conn.received:
            with suppress(OSError):
                refuse(conn.sock, status, status.phrase, "")
        self._drop(conn)

    def _drop(self, conn: Connection) -> None:
        self._forget(conn)
        self.nr_conns -= 1
        conn.close(graceful=bool(conn.received))

    def _part(self, conn: Connection) -> None:
        """Wait until the reader hangs up, so that what they still send does not cost the answer.

        RFC 9112, section 9.6. Gunicorn waits in its main loop, where nobody else is answered.
        """
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(SHUT_WR)
            self.poller.register(conn.sock, EVENT_READ, partial(self._drain, conn))
        except (OSError, ValueError):
            util.close(conn.sock)
            return
        if len(self._parting) >= MOST_UNFINISHED:
            self._close(next(iter(self._parting)))
        conn.deadline = time.monotonic() + PARTING
        self._parting[conn] = None
        self.nr_conns += 1  # gunicorn has counted it out

    def _drain(self, conn: Connection, client: Any) -> None:
        try:
            if conn.sock.recv(PIECE):
                return
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            pass
        self._close(conn)

    def _close(self, conn: Connection) -> None:
        del self._parting[conn]
        self.nr_conns -= 1
        self.poller.unregister(conn.sock)
        util.close(conn.sock)

    def _forget(self, conn: Connection) -> None:
        del self._unfinished[conn]
        self.poller.unregister(conn.sock)


class Response(GunicornResponse):
    """Gunicorn's own, but that headers leave together with the first bytes of the body.

    A worker that is killed has sent a page whole, or nothing of it, and a proxy asks another node.
    It names no software, and says that a connection is kept only to those who would not expect it.
    """

    sock: Any
    response_length: int | None
    upgrade: bool
    _head = b""

    def process_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        """Take the headers of the application. Most are those of answers before."""
        for name, value in headers:
            kept, length, upgrade = _processed(name, value)
            self.headers += kept
            self.response_length = self.response_length if length is None else length
            self.upgrade = self.upgrade or upgrade

    def default_headers(self) -> list[str]:
        """Return the first lines of the answer."""
        lines = [line for line in super().default_headers() if not line.startswith("Server:")]
        if self.req.version >= (1, 1):  # kept unless something else is said (RFC 9112, 9.3)
            lines = [line for line in lines if line != "Connection: keep-alive\r\n"]
        return lines

    def send_headers(self) -> None:
        """Keep the headers until there is something of the body, or the end."""
        if self.headers_sent:
            return
        sock, self.sock = self.sock, self
        try:
            super().send_headers()
        finally:
            self.sock = sock

    def sendall(self, head: bytes) -> None:
        """Keep what `send_headers` sends."""
        self._head = head

    def _emit_body(self, data: bytes) -> None:
        if self._head and not self.chunked:
            data, self._head = self._head + data, b""
        self._flush()
        super()._emit_body(data)

    def _flush(self) -> None:
        head, self._head = self._head, b""
        if head:
            self.sock.sendall(head)

    def close(self) -> None:
        """End the answer: one without a body has only headers."""
        self.send_headers()
        self._flush()
        super().close()


@lru_cache(1024)
def _processed(name: str, value: str) -> tuple[tuple[tuple[str, str], ...], int | None, bool]:
    """Return what gunicorn makes of one header: what is sent, a length, whether it upgrades."""
    one = GunicornResponse(None, None, None)
    one.process_headers([(name, value)])
    return tuple(one.headers), one.response_length, one.upgrade


def refuse(sock: Any, status: int, reason: str, message: str) -> None:
    """Answer what the server itself refuses: with the headers of all answers, quoting nothing."""
    from campaign import headers  # only workers have Django's settings

    if status == HTTPStatus.NOT_IMPLEMENTED:
        status = HTTPStatus.BAD_REQUEST  # another transfer coding: the client's fault, not ours
    util.write_nonblock(sock, headers.refusal(status))


def access_line(
    time_shown: str, response: Any, environ: dict[str, Any], took: timedelta
) -> dict[str, Any]:
    """Return the values of a line of the access log: nothing of the visitor but the page's path."""
    return {
        "t": time_shown,
        "m": environ.get("REQUEST_METHOD"),
        # Django leaves the path decoded: a line break in it would forge a line of the log.
        "U": quote(environ.get("PATH_INFO", ""), safe="/:@", errors="replace"),
        "s": str(response.status).split(None, 1)[0],
        "B": response.sent,
        "D": took // timedelta(microseconds=1),
    }
