"""Headers of whatever leaves the site: pages, errors, redirects and files."""

import base64
import hashlib

import pytest
from django.conf import settings
from django.test import Client

from content.checks import check_exit
from content.publishing import live
from tests.html import Page

pytestmark = pytest.mark.django_db

EVERYTHING = {
    "/": 302,
    "/en/": 200,
    "/ar/report/de/": 200,
    "/de/stop/": 200,
    "/en/nothing/": 404,
    "/pt-br/": 302,
    "/exit/": 302,
    "/robots.txt": 200,
    "/sitemap.xml": 200,
    "/sitemap-en.xml": 200,
    "/healthz": 200,
    "/readyz": 200,
    "/static/js/exit.js": 200,
    "/static/missing.js": 404,
    "/en/%00/": 400,
}
POLICY = {
    "default-src": "'none'",
    "form-action": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
OF_A_PAGE = {"img-src": "data:", "require-trusted-types-for": "'script'"}
PAGES = {"/en/", "/ar/report/de/", "/de/stop/", "/en/nothing/", "/static/missing.js", "/en/%00/"}
CDN = "max-age=1,stale-if-error=86400"


@pytest.fixture(params=EVERYTHING)
def answer(request, reader):
    response = reader.get(request.param)
    assert response.status_code == EVERYTHING[request.param]
    return response


def policy(response):
    """The directives of an answer's Content-Security-Policy."""
    parts = response["Content-Security-Policy"].split(";")
    return dict(part.strip().partition(" ")[::2] for part in parts if part.strip())


def hash_of(element):
    """The source of a policy that allows what stands in an element."""
    text = "".join(map(str, element.parts))
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.mark.parametrize("path", EVERYTHING)
def test_every_answer_allows_the_one_style_and_the_one_script_that_it_has_and_nothing_else(
    reader, path
):
    answer = reader.get(path)
    if path in PAGES:
        page = Page(path, answer.content.decode())
        own = {f"{tag}-src": hash_of(page.one(tag)) for tag in ("style", "script")}
        assert policy(answer) == {**POLICY, **OF_A_PAGE, **own}
    else:
        assert policy(answer) == POLICY


def test_every_answer_carries_the_headers_of_the_design(answer):
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert answer["Permissions-Policy"] == "camera=(),geolocation=(),microphone=()"


def test_no_answer_sets_a_cookie_or_names_its_software(answer):
    assert not answer.cookies
    for name in ("Set-Cookie", "Server", "X-Powered-By", "Access-Control-Allow-Origin"):
        assert name not in answer.headers


def test_only_the_choice_of_language_varies_by_language(reader):
    for path in EVERYTHING:
        varies = reader.get(path).get("Vary", "")
        assert ("Accept-Language" in varies) == (path == "/"), f"{path}: {varies}"
        assert "Cookie" not in varies, path


def test_https_is_asked_for_two_years_where_the_site_has_it(reader, settings):
    assert "Strict-Transport-Security" not in reader.get("/en/").headers
    settings.HTTPS = True
    for path in EVERYTHING:
        value = reader.get(path)["Strict-Transport-Security"]
        assert value == "max-age=63072000", path


def test_a_broken_page_carries_the_headers_too(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("planted")

    monkeypatch.setattr(live, "texts", fail)
    answer = Client(raise_request_exception=False).get("/en/stop/")
    assert answer.status_code == 500
    assert {**POLICY, **OF_A_PAGE}.items() <= policy(answer).items()
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_a_file_that_has_not_changed_carries_the_headers_too(reader):
    fresh = reader.get("/static/js/exit.js")
    again = reader.get("/static/js/exit.js", headers={"If-Modified-Since": fresh["Last-Modified"]})
    assert again.status_code == 304
    assert policy(again)["default-src"] == "'none'"
    assert again["Referrer-Policy"] == "no-referrer"


def test_what_has_not_changed_carries_the_headers_that_it_had(reader):
    fresh = reader.get("/data/contacts.json")
    again = reader.get("/data/contacts.json", headers={"If-None-Match": fresh["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    of_the_body = {"Content-Type", "Content-Length"}
    assert {**again.headers} == {k: v for k, v in fresh.items() if k not in of_the_body}


def test_nothing_but_files_and_open_data_may_be_kept_and_pages_by_networks_alone(reader):
    for path, status in EVERYTHING.items():
        answer = reader.get(path)
        if status == 200 and path.startswith("/static/"):
            continue
        assert "no-store" in answer["Cache-Control"], path
        kept = answer.get("CDN-Cache-Control")
        assert kept == (CDN if path in PAGES and status == 200 else None), path


def test_a_language_of_the_browser_changes_no_page(reader):
    english = reader.get("/en/stop/", headers={"Accept-Language": "ar"}).content
    assert english == reader.get("/en/stop/").content


def test_leaving_sends_no_referrer_and_waits_for_no_cache_to_be_cleared(reader):
    answer = reader.get("/exit/")
    assert answer["Location"] == settings.EXIT_URL
    assert "no-store" in answer["Cache-Control"]
    assert "Clear-Site-Data" not in answer
    assert answer["Referrer-Policy"] == "no-referrer"


def test_leaving_goes_where_the_operator_says(reader, settings):
    settings.EXIT_URL = "https://weather.example"
    assert reader.get("/exit/")["Location"] == "https://weather.example"


@pytest.mark.parametrize(
    ("browser", "target"),
    [
        ("ar-EG,ar;q=0.9,en;q=0.8", "https://ar.weather.example"),
        ("fr,ar;q=0.5", "https://weather.example"),
        ("no", "https://nb.weather.example"),
        ("", "https://weather.example"),
        ("x" * 5000, "https://weather.example"),
    ],
)
def test_leaving_goes_to_what_the_browsers_first_language_has(reader, settings, browser, target):
    settings.EXIT_URL = "https://weather.example"
    settings.EXIT_URLS = {code: f"https://{code}.weather.example" for code in ("ar", "nb")}
    for path in ("/exit/", "/exit/?next=https://evil.example"):
        answer = reader.get(path, headers={"Accept-Language": browser})
        assert answer["Location"] == target
        assert "no-store" in answer["Cache-Control"]


def test_an_exit_that_leads_nowhere_is_found(settings):
    assert check_exit() == []
    settings.EXIT_URLS = {"ar": f"{settings.SITE_URL}/ar/about/"}
    (found,) = check_exit()
    assert found.id == "campaign.E002"


@pytest.mark.parametrize("path", ["/en/", "/exit/", "/robots.txt", "/sitemap.xml", "/healthz"])
def test_nothing_can_be_posted_to_a_public_address(path):
    client = Client(enforce_csrf_checks=True)
    for method in (client.post, client.put, client.delete):
        assert method(path).status_code in {403, 405}, path
    assert Client().post(path).status_code == 405


def test_the_staff_area_is_hidden_from_search_engines_and_keeps_its_own_policy(reader):
    answer = reader.get(f"/{settings.ADMIN_PATH}login/")
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"
