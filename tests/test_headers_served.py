"""Headers of every kind of answer as it leaves gunicorn: baked, live, and gunicorn's own."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.baking import FEW
from tests.browser import Served
from tests.production import Production, Raw, get, production

OPEN = {"/data/contacts.json", "/data/contacts.csv", "/data/contacts.schema.json"}
"""Given to the pages of any site."""
FRAMED = "/en/embed/ie/"
TWO_YEARS = "max-age=63072000;includeSubDomains;preload"


SIGN_IN = "/admin/account/login/"


def asked(path: str, *lines: str, method: str = "GET", host: str = "127.0.0.1") -> bytes:
    """A request, as our own proxy passes it on."""
    return get(path, "X-Forwarded-Proto: https", *lines, method=method, host=host)


def raw(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


PUBLIC = {
    "the way in": (asked("/"), 302),
    "a page": (asked("/en/"), 200),
    "a compressed page": (asked("/en/stop/", "Accept-Encoding: br, gzip"), 200),
    "the head of a page": (asked("/en/stop/", method="HEAD"), 200),
    "a page in Arabic": (asked("/ar/report/ie/"), 200),
    "a fallback": (asked("/de/stop/"), 200),
    "a card for frames": (asked(FRAMED), 200),
    "open data": (asked("/data/contacts.json"), 200),
    "open data as a table": (asked("/data/contacts.csv"), 200),
    "its schema": (asked("/data/contacts.schema.json"), 200),
    "paper": (asked("/en/poster/ie/"), 200),
    "a page with a card in it": (asked("/en/embed/ie/code/"), 200),
    "a preview without its link": (asked("/preview/?link=x"), 404),
    "a page that is not there": (asked("/en/nothing/"), 404),
    "nothing in no language": (asked("/wp-login.php/"), 404),
    "another language": (asked("/pt-br/"), 302),
    "capitals": (asked("/EN/stop"), 302),
    "no last slash": (asked("/en/stop"), 302),
    "the exit": (asked("/exit/"), 302),
    "a sitemap": (asked("/sitemap.xml"), 200),
    "robots": (asked("/robots.txt"), 200),
    "whom to tell": (asked("/.well-known/security.txt"), 200),
    "alive": (asked("/healthz"), 200),
    "ready": (asked("/readyz"), 200),
    "a file": (asked("/static/js/exit.js"), 200),
    "a part of a file": (asked("/static/js/exit.js", "Range: bytes=0-3"), 206),
    "a part that is not there": (
        asked("/static/js/exit.js", "Range: bytes=99999999-"),
        416,
    ),
    "no such file": (asked("/static/nothing.js"), 404),
    "a file with another method": (asked("/static/js/exit.js", method="POST"), 405),
    "a form": (asked("/en/", "Content-Length: 0", method="POST"), 405),
    "TRACE": (asked("/en/", method="TRACE"), 405),
    "OPTIONS": (asked("/en/", method="OPTIONS"), 405),
    "NUL": (asked("/en/stop", 'Cookie: a="\\000"'), 400),
    "NUL in the address": (asked("/exit/?%00"), 400),
    "another host": (asked("/en/", host="evil.invalid"), 400),
    "too many fields": (asked("/admin?" + "&".join(f"{n}" for n in range(1000))), None),
    "gunicorn: no request": (raw("NONSENSE\n\n"), 400),
    "gunicorn: a bad header": (raw("GET /en/ HTTP/1.1\nHost: 127.0.0.1\nX : a\n\n"), 400),
    "gunicorn: two lengths": (asked("/en/", "Content-Length: 0", "Content-Length: 1"), 400),
    "gunicorn: a strange coding": (asked("/en/", "Transfer-Encoding: cow"), 400),
    "gunicorn: a long address": (asked("/" + "a" * 5000), 414),
    "gunicorn: a long header": (asked("/en/", "X: " + "a" * 9000), 431),
    "gunicorn: expectations": (asked("/en/", "Expect: everything"), 417),
    "gunicorn: two schemes": (asked("/en/", "X-Forwarded-Ssl: off"), 400),
}
STAFF = {
    "not signed in": (asked("/admin/"), 302),
    "the sign-in form": (asked(SIGN_IN), 200),
    "a form from nowhere": (asked(SIGN_IN, "Content-Length: 0", method="POST"), 403),
    "TRACE to staff": (asked("/admin/", "Cookie: COOKIE", method="TRACE"), 405),
    "the front page": (asked("/admin/", "Cookie: COOKIE"), 200),
    "a list": (asked("/admin/content/revision/", "Cookie: COOKIE"), 200),
    "a form of staff": (asked("/admin/content/page/1/change/", "Cookie: COOKIE"), 200),
    "no such page of staff": (asked("/admin/content/nothing/", "Cookie: COOKIE"), 404),
    "a bad filter": (asked("/admin/content/revision/?kind__regex=(", "Cookie: COOKIE"), 400),
    "an approval by nobody": (asked("/admin/content/revision/1/approve/"), 302),
}
BAKED = (*FEW, "/en/poster/ie/", "/en/embed/ie/code/")
UNCHANGED = ("/en/", "/ar/report/ie/", FRAMED, "/data/contacts.json", "/static/js/exit.js")
BROKEN = {
    "a broken page": (asked("/en/stop/"), 500),
    "broken below Django": (asked("/below-django/"), 500),
}


VARIABLES = {
    "HTTPS": "1",
    "HSTS_PRELOAD": "1",
    "SECURITY_CONTACT": "mailto:security@sayno.example",
}


@pytest.fixture(scope="module", params=["live", "baked"])
def site(
    request: pytest.FixtureRequest, server: Served, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Production]:
    """A server for HTTPS, without and with a release."""
    folder = tmp_path_factory.mktemp(request.param)
    baked = request.param == "baked"
    with production(server, folder, baked=baked, paths=BAKED, **VARIABLES) as running:
        yield running


@pytest.fixture(scope="module")
def broken(server: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    """A server whose pages fail."""
    folder = tmp_path_factory.mktemp("broken")
    with production(server, folder, "tests.crashing:application", **VARIABLES) as running:
        yield running


def faults(answer: Raw, *, is_staff=False, may_frame=False, open_=False) -> list[str]:
    """Return the headers of DESIGN.md 6 that this answer lacks or has wrong."""
    headers = answer.headers
    policy = {
        name: value
        for name, _, value in (
            part.strip().partition(" ")
            for part in headers.get("content-security-policy", "").split(";")
        )
    }
    wanted = {
        "strict-transport-security": TWO_YEARS,
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin" if is_staff else "no-referrer",
        "cross-origin-opener-policy": None if may_frame else "same-origin",
        "cross-origin-resource-policy": "cross-origin" if open_ or may_frame else "same-origin",
        "cross-origin-embedder-policy": "require-corp",
        "x-frame-options": None if may_frame else "DENY",
        "permissions-policy": "camera=(),geolocation=(),microphone=()",
        "access-control-allow-origin": "*" if open_ else None,
        "x-powered-by": None,
        "set-cookie": None,
    }
    if is_staff:
        wanted |= {"x-robots-tag": "noindex, nofollow"}
        del wanted["set-cookie"]
    found = [f"{n}: {headers.get(n)}" for n, value in wanted.items() if headers.get(n) != value]
    if policy.get("default-src") != "'none'" or policy.get("base-uri") != "'none'":
        found.append(f"policy {policy}")
    if policy.get("frame-ancestors") != ("*" if may_frame else "'none'"):
        found.append(f"frames {policy.get('frame-ancestors')}")
    if "unsafe" in str(policy) or "http:" in str(policy) or "script-src *" in str(policy):
        found.append(f"policy {policy}")
    if any(letter.isdigit() for letter in headers.get("server", "")):
        found.append(f"server {headers['server']}")
    return found


@pytest.mark.parametrize("kind", PUBLIC)
def test_every_public_answer_carries_the_headers(site, kind):
    request, status = PUBLIC[kind]
    answer = site.ask(request)
    assert status in {None, answer.status}, answer
    path = request.decode("latin-1").split(" ", 2)[min(1, request.count(b" "))]
    is_open = path in OPEN
    assert faults(answer, may_frame=path == FRAMED, open_=is_open) == []


@pytest.mark.parametrize("path", UNCHANGED)
def test_what_has_not_changed_carries_the_headers(site, path):
    fresh = site.ask(asked(path))
    if not {"etag", "last-modified"} & set(fresh.headers):
        pytest.skip("Django gives no tag to what nobody may keep.")
    name, field = (
        ("If-None-Match", "etag")
        if "etag" in fresh.headers
        else (
            "If-Modified-Since",
            "last-modified",
        )
    )
    again = site.ask(asked(path, f"{name}: {fresh.headers[field]}"))
    assert (again.status, again.body) == (304, b"")
    assert faults(again, may_frame=path == FRAMED, open_=path in OPEN) == []


@pytest.mark.parametrize("kind", STAFF)
def test_every_answer_to_staff_carries_the_headers(site, kind):
    request, status = STAFF[kind]
    cookie = f"__Host-session={site.session}".encode()
    answer = site.ask(request.replace(b"COOKIE", cookie))
    assert answer.status == status, answer
    assert faults(answer, is_staff=True) == []


def test_pages_of_staff_are_kept_nowhere(site):
    cookie = f"__Host-session={site.session}".encode()
    for kind in ("the sign-in form", "the front page", "a list", "a form of staff"):
        answer = site.ask(STAFF[kind][0].replace(b"COOKIE", cookie))
        assert "no-store" in answer.headers["cache-control"], kind


def test_a_cookie_is_for_this_host_alone_and_for_no_script(site):
    answer = site.ask(STAFF["the sign-in form"][0])
    name, *attributes = answer.headers["set-cookie"].split("; ")
    assert name.startswith("__Host-csrf=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(attributes)
    assert "Domain" not in answer.headers["set-cookie"]


def test_so_is_that_of_a_session(site):
    """Signed in over the wire, as a browser does behind the proxy."""
    site.run(
        "import django; django.setup()\n"
        "from django.contrib.auth.models import User\n"
        "user, _ = User.objects.get_or_create(username='Cookie', is_staff=True)\n"
        "user.set_password('a quiet lighthouse by the sea'); user.save()"
    )
    form = site.ask(STAFF["the sign-in form"][0])
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', form.body)
    assert token
    fields = {"csrfmiddlewaretoken": token[1].decode(), "login": "Cookie"}
    body = urlencode(fields | {"password": "a quiet lighthouse by the sea"})
    request = asked(
        SIGN_IN,
        f"Cookie: {form.headers['set-cookie'].partition(';')[0]}",
        f"Origin: http://127.0.0.1:{site.port}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        method="POST",
    )
    answer = site.ask(request + body.encode())
    assert answer.status == 302
    (cookie,) = re.findall(r"__Host-session=[^,]+(?:, [^,=]+)*", answer.headers["set-cookie"])
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert "expires" not in cookie.lower()  # it ends with the browser


def test_every_body_says_what_it_is(site):
    for kind, (request, _) in PUBLIC.items():
        answer = site.ask(request)
        content_type = answer.headers.get("content-type", "")
        if answer.body:
            assert content_type, kind
        if content_type.startswith("text/"):
            assert "charset=utf-8" in content_type.replace('"', ""), kind


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_broken_carries_the_headers(broken, kind):
    request, status = BROKEN[kind]
    answer = broken.ask(request)
    assert answer.status == status
    assert b"planted" not in answer.body
    assert faults(answer) == []


def test_what_gunicorn_refuses_is_told_in_one_line_that_quotes_nothing(site):
    for request in (raw("<b>NONSENSE</b>\n\n"), asked("/en/", "X\x00Y: <b>")):
        answer = site.ask(request)
        assert (answer.status, answer.body) == (400, b"Bad Request.\n")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_a_header_that_is_missing_would_be_seen(site):
    answer = site.ask(asked("/en/"))
    for name in (
        *("strict-transport-security", "x-content-type-options", "referrer-policy"),
        *("cross-origin-opener-policy", "cross-origin-resource-policy", "x-frame-options"),
        *("cross-origin-embedder-policy", "content-security-policy", "permissions-policy"),
    ):
        kept = {n: value for n, value in answer.headers.items() if n != name}
        assert faults(Raw(200, kept)) != [], name
