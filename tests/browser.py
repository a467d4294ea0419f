"""A real server and a real browser for tests: the site as in production, Chromium as readers have.

The server runs until the session ends. The browser is closed when its module ends: its event loop
would keep Django from the database.
"""

import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import seeded

ROOT = Path(__file__).resolve().parent.parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Elsewhere(BaseHTTPRequestHandler):
    """The neutral site that the exit leads to."""

    def do_GET(self) -> None:
        body = b"<!doctype html><title>Elsewhere</title><h1>Weather</h1>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@dataclass
class Served:
    """The running site: its address, where its exit leads, and what it has logged."""

    url: str
    exit_url: str
    log: Path

    def get(self, path: str) -> str:
        """Return what the site answers, without a browser."""
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return answer.read().decode()

    def paths(self, language: str) -> list[str]:
        """Every page of guidance and every country in a language; sheets have their own tests."""
        listed = self.get("/sitemap-en.xml").split("<loc>")[1:]
        keys = [entry.partition("</loc>")[0].removeprefix(self.url)[3:] for entry in listed]
        own = ("/changes/", "/embed/", "/poster/")
        found = [f"/{language}{key}" for key in keys if not key.startswith(own)]
        assert any(re.fullmatch(r"/../report/../", path) for path in found)
        return found


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The seeded site behind gunicorn, in production mode, on a database of its own."""
    folder = tmp_path_factory.mktemp("served")
    elsewhere = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
    port = free_port()
    site = Served(
        f"http://127.0.0.1:{port}",
        f"http://127.0.0.1:{elsewhere.server_address[1]}",
        folder / "log",
    )
    environment = {
        "PATH": os.environ["PATH"],
        "DEBUG": "0",
        "SECRET_KEY": "only-for-this-test-" * 4,
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": site.url,
        "HTTPS": "0",
        "EXIT_URL": site.exit_url,
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "STATIC_ROOT": str(folder / "static"),
        "BAKED_ROOT": str(folder / "baked"),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
    }
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        seeded.copy_to(database, tmp_path_factory)
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(collect, cwd=ROOT, env=environment, check=True)
    with site.log.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "campaign/gunicorn.conf.py"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_ready(site, process)
        yield site
    finally:
        process.terminate()
        process.wait(timeout=15)
        elsewhere.shutdown()
        elsewhere.server_close()


@pytest.fixture(scope="module")
def served(server: Served) -> Served:
    """The running site; tests/conftest.py has the one server of the session."""
    return server


def wait_until_ready(site: Served, process: "subprocess.Popen[bytes]") -> None:
    """Return once the site answers; fail with its log when it does not."""
    for _ in range(100):
        assert process.poll() is None, site.log.read_text()
        try:
            assert site.get("/readyz") == "ready\n"
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(site.log.read_text())


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without anything that it would fetch for itself."""
    path = shutil.which("chromium")
    assert path, "The browser tests need Chromium: make browser"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
