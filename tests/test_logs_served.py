"""Who visits leaves nothing behind: in no log, at no level, in no file and no table.

Gunicorn with its own configuration, at its most talkative; a visitor from a known address.
"""

import base64
import json
import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.browser import Served
from tests.production import Production, get, production

VISITOR = "127.0.0.9"
SECRETS = {
    "address": VISITOR,
    "forwarded": "203.0.113.77",
    "agent": "Visitor-4711",
    "referrer": "searched.invalid",
    "query": "asked-for-this",
    "cookie": "kept-by-the-browser",
    "password": "typed-as-password",
    "host": "other-name.invalid",
    "header": "never-seen-before",
    "body": "typed-by-the-visitor",
}
LINES = (
    f"User-Agent: {SECRETS['agent']} (Linux)",
    f"Referer: https://{SECRETS['referrer']}/find",
    f"X-Forwarded-For: {SECRETS['forwarded']}, {VISITOR}",
    f"Forwarded: for={SECRETS['forwarded']}",
    f"X-Real-IP: {SECRETS['forwarded']}",
    f"Cookie: session={SECRETS['cookie']}; sessionid={SECRETS['cookie']}",
    f"Accept-Language: {SECRETS['header']}",
)
ASKED = (
    *("/", "/en/", "/ar/report/de/", "/en/stop/", "/en/nothing/", "/nothing.php", "/pt-br/stop/"),
    *("/exit/", "/robots.txt", "/static/js/page.js", "/static/nothing.js", "/healthz", "/readyz"),
    *("/data/contacts.csv", "/admin/", "/admin/content/page/", "/below-django/"),
    "/admin/account/login/",
)


def visits() -> Iterator[bytes]:
    """Everything that this visitor asks, well and badly."""
    query = f"?q={SECRETS['query']}"
    for path in ASKED:
        for method in ("GET", "HEAD", "TRACE"):
            yield get(path + query, *LINES, method=method)
        yield get(path + query, *LINES, host=SECRETS["host"])
        yield _posted(path + query, f"username=a&password={SECRETS['password']}")
    yield get(f"/en/{query}%00", *LINES)
    yield get(f"/admin/account/login/?next=//{SECRETS['host']}/{SECRETS['query']}", *LINES)
    yield f"NONSENSE {query}\r\n\r\n".encode()
    yield f"GET /en/{query} HTTP/9.9\r\n{LINES[0]}\r\n\r\n".encode()
    yield f"GET /en/{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n{SECRETS['header']}\r\n\r\n".encode()
    yield get(f"/en/{query}", f"{SECRETS['header']} : x")
    yield get(f"/en/{query}", f"X-{SECRETS['header']}: \x01", *LINES)
    yield get(f"/en/{query}", f"Expect: {SECRETS['header']}")
    yield get(f"/en/{query}", f"Transfer-Encoding: {SECRETS['header']}")
    yield get(f"/en/{query}", f"Script_Name: /{SECRETS['header']}", *LINES)
    yield get(f"/en/{query}", "X-Forwarded-Proto: https", "X-Forwarded-Ssl: off", *LINES)
    yield get(f"/{SECRETS['query'] * 400}", *LINES)
    yield get("/en/", f"X-Much: {SECRETS['header'] * 1000}")
    # Gone in the middle of a form.
    yield _posted("/admin/account/login/", SECRETS["password"], length=5000)
    yield get("/en/", "Transfer-Encoding: chunked", *LINES, method="POST") + b"zz\r\n"
    # Gone in the middle of the head.
    yield get(f"/en/{query}", *LINES)[:-40]
    yield f"GET /en/{query}".encode()


def _posted(path: str, body: str, length: int | None = None) -> bytes:
    lines = (*LINES, "Content-Type: application/x-www-form-urlencoded")
    head = get(path, *lines, f"Content-Length: {length or len(body)}", method="POST")
    return head + body.encode()


def guess(site: Production) -> list[int]:
    """Fail to sign in as somebody who has an account, until the account is locked."""
    path = f"/admin/account/login/?next=/admin/{SECRETS['query']}"
    form = site.ask(get(path, LINES[0]), source=VISITOR)
    cookie = form.headers["set-cookie"].partition(";")[0]
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', form.body)
    assert token
    body = f"csrfmiddlewaretoken={token[1].decode()}&login=Root&password={SECRETS['password']}"
    lines = (
        *(f"Origin: http://127.0.0.1:{site.port}", f"Cookie: {cookie}", *LINES[:5]),
        *("Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"),
    )
    request = get(path, *lines, method="POST", host=f"127.0.0.1:{site.port}") + body.encode()
    return [site.ask(request, source=VISITOR).status for _ in range(7)]


@pytest.fixture(scope="module")
def visited(server: Served, tmp_path_factory: pytest.TempPathFactory) -> Production:
    """A server that has been visited, and has ended since."""
    folder = tmp_path_factory.mktemp("visited")
    arguments = ("--log-level", "debug", "tests.crashing:application")
    with production(server, folder, *arguments, SECURITY_CONTACT="mailto:a@b.example") as site:
        session = site.session
        for request in visits():
            site.ask(request, source=VISITOR)
        for path in ("/admin/", "/admin/content/revision/", "/admin/content/page/1/change/"):
            request = get(f"{path}?q={SECRETS['query']}", *LINES[:5], f"Cookie: session={session}")
            answer = site.ask(request, source=VISITOR)
            assert answer.status in {200, 302}, (path, answer)
        assert guess(site) == [200] * 7
        site.stop()
    return site


def found_in(folder: Path) -> set[str]:
    """Return what of the visitor stands in any file of a folder, and where."""
    found = set()
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            found |= {f"{n} in {path.name}" for n, s in SECRETS.items() if s.encode() in data}
    return found


def test_no_file_holds_anything_of_the_visitor(visited):
    assert {path.name for path in visited.folder.iterdir()} >= {"log", "db.sqlite3"}
    assert found_in(visited.folder) == set()


def test_no_table_holds_anything_of_the_visitor(visited):
    """As text, and sessions as they are read."""
    database = sqlite3.connect(visited.folder / "db.sqlite3")
    dump = "\n".join(database.iterdump())
    database.close()
    assert "django_session" in dump
    sessions = visited.run(
        "import django\ndjango.setup()\n"
        "from django.contrib.sessions.models import Session\n"
        "for session in Session.objects.all(): print(session.get_decoded())"
    )
    assert "_auth_user_id" in sessions
    assert [name for name, secret in SECRETS.items() if secret in dump + sessions] == []


def test_what_counts_failures_holds_nothing_of_the_visitor_and_expires(visited):
    """The values of the cache, too, which the database keeps encoded."""
    database = sqlite3.connect(visited.folder / "db.sqlite3")
    rows = database.execute("SELECT cache_key, value, expires FROM staff_cache").fetchall()
    database.close()
    assert len(rows) >= 3
    kept = " ".join(f"{key} {base64.b64decode(value)!r}" for key, value, _ in rows)
    assert [name for name, secret in SECRETS.items() if secret in kept] == []
    assert "Root" not in kept
    latest = max(datetime.fromisoformat(expires) for _, _, expires in rows)
    assert latest < datetime.now(UTC).replace(tzinfo=None) + timedelta(minutes=16)


def test_who_failed_to_sign_in_stands_in_the_log(visited):
    log = (visited.folder / "log").read_text()
    assert log.count("Sign-in failed: Root.") == 5
    assert log.count("Sign-in refused, too many failures: Root.") == 2


def test_what_happened_stands_in_the_log_all_the_same(visited):
    log = (visited.folder / "log").read_text()
    assert re.search(r"GET /static/nothing\.js 404 \d+ \d+$", log, re.M)
    assert re.search(r"GET /en/stop/ 500 \d+ \d+$", log, re.M)
    errors = [json.loads(line) for line in log.splitlines() if '"level": "ERROR"' in line]
    below = [error for error in errors if error["message"] == "Error handling request."]
    assert [error["error"] for error in below] == ["ValueError"] * len(below)
    assert any("crashing.py" in frame for error in below for frame in error["at"])
    assert any(error["message"] == "Internal Server Error: /en/stop/" for error in errors)
    assert '"message": "Invalid request."' in log


def test_this_search_sees_what_it_looks_for(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "log").write_text(f"from {VISITOR}")
    assert found_in(tmp_path) == {"address in log"}
