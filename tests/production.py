"""Gunicorn as in production, asked by raw bytes: what a client library would never send.

A server has its own copy of the session's seeded database, and keeps all that it writes in one
folder.
"""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tests.baking import FEW
from tests.browser import ROOT, Served, free_port, wait_until_ready

BAKE_A_FEW = """
import django
django.setup()
from pathlib import Path
from django.conf import settings
from content.baking import addresses, bake
addresses.paths = lambda index: PATHS
addresses.nowhere = lambda: {"en": "/en/-/", "ar": "/ar/-/"}
bake.bake(Path(settings.BAKED_ROOT), bake.Wish(workers=1))
"""
SIGN_IN = """
import time
import django
django.setup()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from campaign.staff import sessions
user, _ = User.objects.get_or_create(username="Root", is_staff=True, is_superuser=True)
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session[sessions.BEGAN] = session[sessions.SEEN] = time.time()
session[sessions.SECOND_FACTOR] = True
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.create()
print(session.session_key)
"""


@dataclass
class Raw:
    """One answer as it came over the wire; status 0 when the server only hung up."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    """By small letters; values of a name that comes twice are joined by a comma."""
    body: bytes = b""
    rest: bytes = b""
    """Whatever followed: a second answer, when a request was read as two."""


@dataclass
class Production:
    """A running server, and the folder in which it keeps everything."""

    port: int
    folder: Path
    environment: dict[str, str]
    process: "subprocess.Popen[bytes]"

    def send(self, request: bytes, source: str = "127.0.0.1", timeout: float = 10) -> bytes:
        """Return all bytes that come back; the request ends with the end of the sending side."""
        address = ("127.0.0.1", self.port)
        with socket.create_connection(address, timeout, source_address=(source, 0)) as wire:
            received = b""
            # One who refuses in the middle of what we send has answered before: that is read, too.
            try:
                wire.sendall(request)
                wire.shutdown(socket.SHUT_WR)
            except TimeoutError:
                raise
            except OSError:
                pass
            try:
                while data := wire.recv(65536):
                    received += data
            except TimeoutError:
                raise
            except OSError:
                pass
            return received

    def ask(self, request: bytes, source: str = "127.0.0.1") -> Raw:
        """Return the first answer to these bytes."""
        method = request.partition(b" ")[0]
        return parsed(self.send(request, source), has_body=method != b"HEAD")

    def run(self, code: str) -> str:
        """Run Python with the settings of this server; return what it prints."""
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    @cached_property
    def session(self) -> str:
        """The key of a session of somebody who may do everything."""
        return self.run(SIGN_IN)

    def stop(self) -> None:
        """End the server; everything that it has to say is written then."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=20)


def parsed(received: bytes, has_body: bool = True) -> Raw:
    """Return the first answer in these bytes."""
    while received.startswith(b"HTTP/1.1 100"):
        received = received.partition(b"\r\n\r\n")[2]
    if not received:
        return Raw()
    head, _, rest = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        before = headers.get(name.lower())
        headers[name.lower()] = value.strip() if before is None else f"{before},{value.strip()}"
    raw = Raw(int(first.split()[1]), headers)
    if not has_body or raw.status == 304:
        raw.rest = rest
    elif "content-length" in headers:
        length = int(headers["content-length"])
        raw.body, raw.rest = rest[:length], rest[length:]
    elif headers.get("transfer-encoding") == "chunked":
        raw.body, _, raw.rest = rest.partition(b"0\r\n\r\n")
    else:
        raw.body = rest
    return raw


def get(path: str, *lines: str, method: str = "GET", host: str = "127.0.0.1") -> bytes:
    """A well-formed request with these further header lines."""
    head = [f"{method} {path} HTTP/1.1", f"Host: {host}", *lines, "Connection: close"]
    return ("\r\n".join(head) + "\r\n\r\n").encode("latin-1")


@contextmanager
def production(
    server: Served,
    folder: Path,
    *arguments: str,
    baked: bool = False,
    paths: Iterable[str] = FEW,
    **variables: str,
) -> Iterator[Production]:
    """Gunicorn with its own configuration and these arguments; `baked` with these baked pages."""
    port = free_port()
    site = Served(f"http://127.0.0.1:{port}", server.exit_url, folder / "log")
    seeded = server.log.parent
    before, copy = (sqlite3.connect(path / "db.sqlite3") for path in (seeded, folder))
    before.backup(copy)
    before.close()
    copy.close()
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "campaign.settings",
        "DEBUG": "0",
        "SECRET_KEY": "only-for-this-test-" * 4,
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": site.url,
        "HTTPS": "0",
        "EXIT_URL": site.exit_url,
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "STATIC_ROOT": str(seeded / "static"),
        "BAKED_ROOT": str(folder / "baked"),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
        **variables,
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "campaign/gunicorn.conf.py"]
    with site.log.open("w") as log:
        process = subprocess.Popen(
            [*command, *arguments], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    running = Production(port, folder, environment, process)
    try:
        if baked:
            running.run(BAKE_A_FEW.replace("PATHS", repr(list(paths))))
        wait_until_ready(site, process)
        yield running
    finally:
        running.stop()
