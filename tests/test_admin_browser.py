"""The whole way in a real browser, with the demonstration's accounts: edit, ask, approve, see."""

import atexit
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parent.parent
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


def _environment(database: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {"DEBUG": "1", "DATABASE_URL": f"sqlite:///{database}"}


@cache
def _seeded() -> tuple[Path, dict[str, str]]:
    """Make the shipped site once a process, for every module to copy: a seed takes its time."""
    folder = Path(tempfile.mkdtemp(prefix="seeded-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    database = folder / "site.sqlite3"

    def manage(*words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=_environment(database),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    manage("migrate", "-v0")
    manage("seed")
    printed = manage("demoaccounts")
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return database, dict(re.findall(r"^Demo account +(\S+) +password +(\S+)", printed, re.M))


@pytest.fixture(scope="module")
def staff_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StaffSite]:
    shipped, passwords = _seeded()
    database = tmp_path_factory.mktemp("staff") / "site.sqlite3"
    shutil.copy(shipped, database)
    environment = _environment(database)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "manage.py", "runserver", "--noreload", "--nostatic", str(port)]
    with (database.parent / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
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


def test_a_text_goes_from_the_editor_over_the_approver_to_the_readers(
    chromium: Browser, staff_site: StaffSite
) -> None:
    edith = sign_in(chromium, staff_site, "editor")
    page = edith.open("/admin/content/page/")
    edith.picture("changelist")
    page.get_by_role("link", name="stop", exact=True).click()
    editors = page.locator(".ProseMirror:visible")
    expect(editors.first).to_be_visible()
    section = page.locator(".inline-related", has_text="First, take a breath").first
    writing = section.locator(".ProseMirror")
    writing.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" The lamp stays on.")
    writing.select_text()
    expect(section.locator(".prose-menubar button").first).to_be_visible()
    edith.picture("form-en")
    page.get_by_label("Comment").fill("A word of comfort")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text(
        "Saved as draft number 2. Readers still see the old text."
    )
    page.get_by_role("button", name="Save and ask for approval").click()
    expect(page.locator(".messagelist")).to_contain_text("waits until somebody else approves it")
    edith.picture("asked")
    edith.open("/en/stop/")
    expect(page.locator("main")).not_to_contain_text("The lamp stays on.")
    edith.open("/admin/")
    expect(page.locator("#queues").get_by_role("link", name="Stop", exact=True)).to_have_count(1)

    anna = sign_in(chromium, staff_site, "approver")
    anna.picture("index-approver")
    anna.page.locator("#queues").get_by_role("link", name="Stop", exact=True).click()
    changes = anna.page.get_by_role("table", name="What changes")
    expect(changes.locator(".compare__new")).to_have_count(1)
    expect(changes.locator(".compare__new")).to_contain_text("The lamp stays on.")
    anna.picture("approve")
    anna.page.get_by_role("button", name="Approve: make it live").click()
    anna.picture("approved")
    anna.page.get_by_role("link", name="See it live").click()
    expect(anna.page.locator("main")).to_contain_text("The lamp stays on.")
    assert anna.page.url == f"{staff_site.address}/en/stop/"
    assert (edith.complaints, anna.complaints) == ([], [])


def test_arabic_is_written_from_the_right_beside_its_source(
    chromium: Browser, staff_site: StaffSite
) -> None:
    edith = sign_in(chromium, staff_site, "editor")
    page = edith.open("/admin/content/page/")
    page.get_by_role("link", name="understand", exact=True).click()
    page.get_by_title(re.compile("^العربية: ")).click()
    writing = page.locator(".ProseMirror:visible").first
    writing.click()
    page.keyboard.type("لست وحدك")
    edith.picture("form-ar")
    assert writing.evaluate("element => getComputedStyle(element).direction") == "rtl"
    assert writing.evaluate("element => element.closest('[lang]').lang") == "ar"
    assert page.locator(".pair__source .quote").first.get_attribute("lang") == "en"
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as draft number")
    expect(page.get_by_title(re.compile("العربية: (draft|changed since live)"))).to_be_visible()
    assert edith.complaints == []


def test_a_list_and_a_link_to_our_own_page_are_written_with_the_editors_buttons(
    chromium: Browser, staff_site: StaffSite
) -> None:
    edith = sign_in(chromium, staff_site, "editor")
    page = edith.open("/admin/content/phrase/add/")
    page.get_by_label("Words").fill("I need help with something online.")
    page.get_by_label("Key").fill("help-online")
    page.get_by_label("Listener").select_option("friend")
    page.locator(".ProseMirror:visible").click()
    page.keyboard.type("tell someone")
    page.keyboard.press("Control+a")
    page.locator(".prose-menubar [title='insert link']").click()
    page.locator("dialog input").first.fill("page:report")
    edith.picture("link-dialog")
    page.locator("dialog button[type=submit]").click()
    page.locator(".prose-menubar [title='unordered list']").click()
    edith.picture("rich-text")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as draft number 1.")
    page.get_by_role("link", name="number 1").click()
    link = page.locator(".compare__new li a", has_text="tell someone")
    expect(link).to_have_attribute("href", "/en/report/")
    assert edith.complaints == []
