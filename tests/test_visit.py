"""A visit is one entry of the tab's history, so pages lead back by a link; the exit asks nobody."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from content.models import Revision
from content.publishing import workflow
from tests import access
from tests.browser import chromium, served
from tests.factories import approver

__all__ = ["chromium", "served"]

ABOVE = {
    "stop/": "",
    "now/": "",
    "parents/": "",
    "report/ie/": "report/",
    "report/ie/adults/": "report/ie/",
    "is-this-okay/class/": "is-this-okay/",
    "poster/": "teachers/",
    "poster/ie/": "poster/",
    "poster/ie/staff/": "poster/ie/",
    "embed/": "about/",
    "embed/ie/code/": "embed/",
    "changes/": "open-data/",
}
FOR_ADULTS = {
    *("parents/", "teachers/", "report/ie/adults/", "poster/", "poster/ie/", "poster/ie/staff/"),
    *("is-this-okay/class/", "embed/", "embed/ie/code/", "changes/"),
}
ONE_ENTRY = "location.replace(link.href)"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ar", "de"])
def test_every_page_but_the_start_leads_back_to_the_one_above(site, language):
    for path, above in ABOVE.items():
        back = site.page(f"/{language}/{path}").main.one("p", class_="back").one("a")
        assert back["href"] == f"/{language}/{above}"
        assert len(back.text.removeprefix("Back to:")) > 1
    for path in ("", "nothing-here/"):
        source = site.answer(f"/{language}/{path}").content.decode()
        assert 'class="back"' not in source


@pytest.mark.django_db
def test_a_page_above_that_was_withdrawn_is_not_led_back_to(read):
    teachers = Revision.objects.live().get(kind="page", key="teachers", language="en")
    workflow.withdraw(teachers, approver(), "Planted")
    assert read("/en/poster/").main.one("p", class_="back").one("a")["href"] == "/en/"


@pytest.mark.django_db
def test_a_visit_is_one_entry_on_every_page_that_is_not_for_adults_alone(site):
    paths = [*site.paths("en"), *(f"/en/{path}" for path in FOR_ADULTS)]
    for path in paths:
        script = "".join(map(str, site.page(path).one("script").parts))
        is_for_adults = path.removeprefix("/en/") in FOR_ADULTS
        assert (ONE_ENTRY in script) == (not is_for_adults), path
    assert ONE_ENTRY in site.answer("/en/nothing-here/").content.decode()


# --- In the browser -------------------------------------------------------------------------------


@pytest.fixture
def page(chromium, served):
    context = chromium.new_context(base_url=served.url, viewport=access.PHONE)
    yield context.new_page()
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("act", ["click", "Shift three times"])
def test_the_exit_works_while_our_server_is_gone(page, served, act):
    page.goto("/en/stop/")
    page.route(f"{served.url}/**", lambda route: route.abort())
    if act == "click":
        page.locator(".exit").click()
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url(f"{served.exit_url}/")


@pytest.mark.browser
def test_shift_does_not_count_inside_a_field_and_does_on_a_choice(page, served):
    page.goto("/en/report/")
    page.get_by_role("searchbox").focus()
    for _ in range(4):
        page.keyboard.press("Shift")
    expect(page.locator("[data-exit-status]")).to_have_text("")
    page.goto("/en/now/")
    page.get_by_role("checkbox").first.focus()
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(f"{served.exit_url}/")


class HalfSent(BaseHTTPRequestHandler):
    """A page of ours over a network so slow that only its header has come."""

    source = ""
    rest = threading.Event()

    def do_GET(self) -> None:
        begin, end, rest = self.source.partition("</header>")
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((begin + end).encode())
        self.wfile.flush()
        self.rest.wait(30)
        self.wfile.write(rest.encode())

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.mark.browser
def test_a_page_that_is_still_loading_is_left_without_a_way_back(page, served):
    HalfSent.source = served.get("/en/stop/")
    with ThreadingHTTPServer(("127.0.0.1", 0), HalfSent) as host:
        threading.Thread(target=host.serve_forever, daemon=True).start()
        page.goto(f"{served.exit_url}/before")
        slow = f"http://127.0.0.1:{host.server_address[1]}/en/stop/"
        page.goto(slow, wait_until="commit")
        page.locator(".exit").click()
        page.wait_for_url(f"{served.exit_url}/")
        page.go_back()
        assert page.url == f"{served.exit_url}/before"
        HalfSent.rest.set()
        host.shutdown()
