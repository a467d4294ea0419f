"""A site with its staff area that is used through a browser, on the database that is tested.

The demonstration's accounts sign in; each module of tests has a copy of the shipped site.
"""

import atexit
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

import psycopg2
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from tests import seeded

PICTURES = os.environ.get("PICTURES", "")
"""A folder for pictures of what the test sees; none are taken without it."""

ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@dataclass
class StaffSite:
    """A running site with a database of its own, and the passwords that demoaccounts printed."""

    address: str
    passwords: dict[str, str]


@dataclass
class Person:
    """A signed-in person, and what their browser complained of."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def picture(self, name: str) -> None:
        if PICTURES:
            self.page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


class _Files:
    """Databases as files, in a folder that goes with this process."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folder = folders.mktemp("staff")
        with closing(sqlite3.connect(self._path("shipped"))) as shipped:
            seeded.copy_to(shipped, folders)

    def url(self, name: str) -> str:
        return f"sqlite:///{self._path(name)}"

    def copy(self, name: str, new: str) -> None:
        with (
            closing(sqlite3.connect(self._path(name))) as source,
            closing(sqlite3.connect(self._path(new))) as target,
        ):
            source.backup(target)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.sqlite3"


class _Server:
    """Databases of the PostgreSQL that the tests run on, dropped when this process ends."""

    def __init__(self, url: str) -> None:
        self._url = url
        atexit.register(self._drop)
        self._run(f'CREATE DATABASE "{self._of_this_process("shipped")}"')
        seeded.fill(self.url("shipped"))

    def url(self, name: str) -> str:
        return urlsplit(self._url)._replace(path="/" + self._of_this_process(name)).geturl()

    def copy(self, name: str, new: str) -> None:
        before, after = self._of_this_process(name), self._of_this_process(new)
        self._run(f'CREATE DATABASE "{after}" TEMPLATE "{before}"')

    def _of_this_process(self, name: str) -> str:
        return f"say_no_staff_{os.getpid()}_{name}"

    def _drop(self) -> None:
        prefix = self._of_this_process("").replace("_", r"\_")
        for name in self._run(f"SELECT datname FROM pg_database WHERE datname LIKE '{prefix}%'"):
            self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> list[str]:
        with closing(
            psycopg2.connect(urlsplit(self._url)._replace(path="/postgres").geturl())
        ) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return [row[0] for row in cursor.fetchall()] if cursor.description else []


Shipped = tuple[_Files | _Server, dict[str, str]]


@pytest.fixture(scope="session")
def shipped_site(tmp_path_factory: pytest.TempPathFactory) -> Shipped:
    """Where databases are copied from the one named "shipped", and the passwords in it."""
    url = os.environ.get("DATABASE_URL", "")
    databases = _Server(url) if url.startswith("postgres") else _Files(tmp_path_factory)
    printed = seeded.manage(databases.url("shipped"), "demoaccounts")
    return databases, dict(re.findall(r"^Demo account +(\S+) +password +(\S+)", printed, re.M))


@pytest.fixture(scope="module")
def staff_site(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    shipped_site: Shipped,
) -> Iterator[StaffSite]:
    """A running site of this module's own."""
    databases, passwords = shipped_site
    name = request.module.__name__.rpartition(".")[2]
    databases.copy("shipped", name)
    environment = seeded.environment(databases.url(name))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "manage.py", "runserver", "--noreload", "--nostatic", str(port)]
    with (tmp_path_factory.mktemp("staff") / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=seeded.ROOT, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address)
            yield StaffSite(address, passwords)
        finally:
            server.terminate()
            server.wait(10)


def _wait_for(address: str) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=1).close()
            return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError("the site does not start")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


def sign_in(chromium: Browser, site: StaffSite, name: str) -> Person:
    """A person at the staff area; whatever the policy stops or another host is asked is kept."""
    context: BrowserContext = chromium.new_context(viewport={"width": 1280, "height": 900})
    person = Person(context.new_page(), site.address)
    person.page.on("console", lambda m: _note_console(person, m))
    person.page.on("pageerror", lambda error: person.complaints.append(str(error)))
    person.page.on("request", lambda request: _note_host(person, request.url))
    person.open("/admin/")
    person.page.get_by_label("Username").fill(name)
    person.page.get_by_label("Password").fill(site.passwords[name])
    person.picture(f"login-{name}")
    person.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(person.page.get_by_role("heading", name="Waiting for approval")).to_be_visible()
    return person


def _note_console(person: Person, message: ConsoleMessage) -> None:
    if message.type not in {"error", "warning"} or "/admin/" not in person.page.url:
        return  # the public pages have tests of their own
    # Chromium does not know every feature that the header names; others do.
    if "Permissions-Policy" not in message.text:
        person.complaints.append(f"{message.text} {message.location}")


def _note_host(person: Person, url: str) -> None:
    if not url.startswith((person.address, "data:", "blob:")):
        person.complaints.append(f"asks {url}")
