"""A hundred and more scripts in live texts: none of them runs in Chromium, for nobody.

The policy is switched off, so that it is the texts that are harmless; then it is shown to hold
where a text would not be.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import Served, chromium
from tests.production import Production, production
from tests.rarely import a_few
from tests.scripts import SCRIPTS

__all__ = ["chromium"]

pytestmark = pytest.mark.browser

PLANT = """
import django
django.setup()
from content.models import Page, Term
from tests.scripts import plant
print(plant(), Page.objects.get(key="lighthouse").pk, Term.objects.get(key="hidden-33").pk)
"""
PUBLIC = ("/en/lighthouse/", "/en/words/", "/ar/words/", "/en/facts/")


class Watched:
    """A page of the browser, and every sign that a script ran in it."""

    def __init__(self, context: BrowserContext) -> None:
        self.signs: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("dialog", lambda dialog: (self.signs.append("dialog"), dialog.dismiss()))
        self.page.on("request", lambda request: self._note(request.url))
        self.page.on("popup", lambda popup: self.signs.append("popup"))

    def _note(self, url: str) -> None:
        if "evil" in url or url.startswith("javascript:"):
            self.signs.append(url)

    def ran(self) -> list[str]:
        """Return the signs, once everything has had its chance."""
        self.page.wait_for_timeout(150)
        for frame in self.page.frames:
            if frame.evaluate("window.ran"):
                self.signs.append(f"ran in {frame.url}")
        return self.signs


@pytest.fixture(scope="module")
def site(server: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    with production(server, tmp_path_factory.mktemp("scripts")) as running:
        yield running


@pytest.fixture(scope="module")
def planted(site: Production) -> dict[str, int]:
    """The numbers of the old revision, of the page and of a term."""
    numbers = [int(word) for word in site.run(PLANT).split()]
    return dict(zip(("revision", "page", "term"), numbers, strict=True))


@pytest.fixture(params=a_few(["without the policy", "with the policy"], "without the policy"))
def context(
    request: pytest.FixtureRequest, chromium: Browser, site: Production
) -> Iterator[BrowserContext]:
    """Somebody signed in; without the policy, only what the texts are keeps scripts away."""
    context = chromium.new_context(bypass_csp=request.param == "without the policy")
    address = site.environment["SITE_URL"]
    context.add_cookies([{"name": "session", "value": site.session, "url": address}])
    yield context
    context.close()


def opened(context: BrowserContext, site: Production, path: str) -> Watched:
    watched = Watched(context)
    answer = watched.page.goto(site.environment["SITE_URL"] + path, wait_until="load")
    assert answer is not None
    assert answer.status == 200, path
    return watched


@pytest.mark.usefixtures("planted")
@pytest.mark.parametrize("path", PUBLIC)
def test_no_script_runs_for_readers(context, site, path):
    watched = opened(context, site, path)
    assert watched.ran() == []
    for link in watched.page.locator("main a").all():
        address = str(link.evaluate("link => link.href"))
        sound = ("http://127.0.0.1", "https://", "tel:", "sms:", "mailto:")
        assert not address or address.startswith(sound)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "content/term/?all=",
        "content/revision/?q=lighthouse",
        "content/revision/?q=hidden-1",
        "content/revision/{revision}/change/",
        "content/revision/{revision}/approve/",
        "content/page/{page}/change/",
        "content/page/{page}/change/?language=ar",
        "content/page/{page}/history/",
        "content/term/{term}/change/",
    ],
)
def test_no_script_runs_for_staff(context, site, planted, path):
    watched = opened(context, site, "/admin/" + path.format(**planted))
    if path.endswith("change/") and "revision" not in path:
        watched.page.locator(".ProseMirror:visible").first.wait_for()
    assert watched.ran() == []
    watched.page.mouse.move(300, 300)
    watched.page.keyboard.press("Tab")
    assert watched.ran() == []


def test_this_browser_does_run_such_scripts(chromium, site):
    """Letters that are not cleaned, in a page without a policy."""
    context = chromium.new_context(bypass_csp=True)
    ran = 0
    for script in SCRIPTS[::4]:
        watched = Watched(context)
        watched.page.set_content(f"<!doctype html><p>Light.</p>{script}", wait_until="commit")
        watched.page.wait_for_timeout(30)
        ran += bool(watched.page.evaluate("window.ran"))
        watched.page.close()
    context.close()
    assert ran > 12


def test_the_policy_stops_a_script_that_a_text_let_through(chromium, site):
    context = chromium.new_context()
    address = site.environment["SITE_URL"]
    context.add_cookies([{"name": "session", "value": site.session, "url": address}])
    for path in ("/en/stop/", "/admin/"):
        watched = opened(context, site, path)
        watched.page.evaluate(
            """() => {
              const image = document.createElement("img");
              try { image.setAttribute("onerror", "window.ran=1"); } catch {}
              image.src = "/nothing-here";
              const link = document.createElement("a");
              link.href = "javascript:window.ran=1";
              document.body.append(image, link);
              link.click();
              try { document.body.insertAdjacentHTML("beforeend", "<svg onload='window.ran=1'>"); }
              catch {}
              const script = document.createElement("script");
              try { script.textContent = "window.ran=1"; } catch {}
              document.body.append(script);
            }"""
        )
        assert watched.ran() == [], path
    context.close()
