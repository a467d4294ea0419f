"""What a browser keeps of a tab after the exit: neither Back nor Forward, neither a reopened tab
nor a restored session shows a page of ours.

Asked of Chromium and Firefox as readers have them, each with a profile of its own.
"""

import pytest

from tests.baking import FEW
from tests.browser import Served, served
from tests.engines.driver import Keeping
from tests.engines.fixtures import firefox, keeping, lost, readers_chromium, tab
from tests.exported import exported
from tests.production import production
from tests.rarely import a_few

__all__ = ["exported", "firefox", "keeping", "lost", "readers_chromium", "served", "tab"]

pytestmark = pytest.mark.browser

BEFORE = "/before"
VISITS = {
    "pages": [
        "/en/",
        'main a[href="/en/stop/"]',
        'main a[href="/en/report/"]',
        'main a[href="/en/report/ie/"]',
    ],
    "places on a page": [
        "/en/stop/",
        '.toc a[href="#block"]',
        '.toc a[href="#proof"]',
        'main a[href="/en/report/#countries"]',
    ],
    "the guide": [
        "/en/now/",
        '.guide__choose input[value="i-paid"]',
        '.guide__choose input[value="hurting-myself"]',
        ".guide__again",
        '.guide__choose input[value="i-paid"]',
        ".guide__result a[href]",
    ],
    "languages": [
        "/en/stop/",
        ".header summary",
        '.header a[hreflang="ar"]',
        'main a[href="/ar/report/"]',
    ],
}
"""An address that somebody types, then what is clicked on."""


def visit(tab: Keeping, served: Served, name: str, site: str = "") -> None:
    """Come to us from somewhere else and go from page to page."""
    site = site or served.url
    tab.goto(served.exit_url + BEFORE)
    address, *clicks = VISITS[name]
    tab.goto(site + address)
    for selector in clicks:
        leads = tab.evaluate("(one) => document.querySelector(one).href || ''", selector)
        tab.click(selector)
        if leads:
            tab.arrives(leads)


def press_shift(tab: Keeping) -> None:
    tab.press("Shift", "Shift", "Shift")


ACTS = {"click": lambda tab: tab.click(".header .exit"), "Shift three times": press_shift}


WAYS = {f"{name}, {act}": (name, act) for name in VISITS for act in ACTS}
OFTEN = (
    *("pages, click", "places on a page, Shift three times"),
    *("the guide, click", "languages, Shift three times"),
)


def leave(tab: Keeping, served: Served, act: str) -> None:
    ACTS[act](tab)
    tab.arrives(f"{served.exit_url}/")


def keeps_nothing_of_ours(tab: Keeping, served: Served) -> None:
    elsewhere = [served.exit_url + BEFORE, f"{served.exit_url}/"]
    assert tab.history() == elsewhere
    tab.back()
    tab.arrives(elsewhere[0])
    tab.forward()
    tab.arrives(elsewhere[1])
    assert tab.history() == elsewhere


# --- Back, Forward, a reopened tab, a restored session --------------------------------------------


@pytest.mark.parametrize("way", a_few(WAYS, *OFTEN))
def test_after_the_exit_a_tab_keeps_no_page_of_a_visit(tab, served, way):
    name, act = WAYS[way]
    visit(tab, served, name)
    assert len(tab.history()) == 2, "the visit is one entry while it lasts, too"
    leave(tab, served, act)
    keeps_nothing_of_ours(tab, served)


def test_a_closed_tab_that_is_opened_again_shows_no_page_of_ours(tab, served):
    visit(tab, served, "pages")
    leave(tab, served, "click")
    tab.reopen()
    keeps_nothing_of_ours(tab, served)


@pytest.mark.slow
def test_a_session_that_is_restored_after_a_crash_shows_no_page_of_ours(lost, served):
    visit(lost, served, "pages")
    leave(lost, served, "Shift three times")
    lost.crash()
    keeps_nothing_of_ours(lost, served)


def test_back_during_a_visit_leads_out_of_it_and_forward_into_it_again(tab, served):
    visit(tab, served, "pages")
    tab.back()
    tab.arrives(served.exit_url + BEFORE)
    tab.forward()
    tab.arrives(f"{served.url}/en/report/ie/")
    leave(tab, served, "Shift three times")
    keeps_nothing_of_ours(tab, served)


# --- Our server -----------------------------------------------------------------------------------


def test_the_exit_is_asked_of_nobody(tab, served):
    asked = served.log.read_text().count("/exit/")
    for act in ACTS:
        visit(tab, served, "pages")
        leave(tab, served, act)
    visit(tab, served, "pages")  # this one is in the log, so what came before is, too
    log = served.log.read_text()
    assert log.count(" /en/report/ie/ ") > len(ACTS)
    assert log.count("/exit/") == asked


@pytest.mark.slow
@pytest.mark.parametrize("act", ACTS)
def test_a_visit_ends_while_our_server_is_gone(tab, served, tmp_path, act):
    with production(served, tmp_path) as running:
        visit(tab, served, "pages", f"http://127.0.0.1:{running.port}")
        running.stop()
        leave(tab, served, act)
    keeps_nothing_of_ours(tab, served)


@pytest.mark.parametrize("act", a_few(ACTS, "click"))
def test_an_export_keeps_nothing_either(tab, served, exported, act):
    assert {"/en/", "/en/stop/"} <= set(FEW)
    tab.goto(served.exit_url + BEFORE)
    tab.goto(f"{exported}/en/")
    tab.click('main a[href="/en/stop/"]')
    tab.arrives(f"{exported}/en/stop/")
    tab.click('.toc a[href="#block"]')
    tab.arrives(f"{exported}/en/stop/#block")
    leave(tab, served, act)
    keeps_nothing_of_ours(tab, served)


# --- What stays as it is --------------------------------------------------------------------------


def test_a_link_is_opened_in_another_tab_with_control(tab, served):
    tab.goto(f"{served.url}/en/")
    before = tab.tabs(), tab.url
    tab.click('main a[href="/en/stop/"]', "Control")
    tab.until(lambda: tab.tabs() == 2, lambda: f"{tab.tabs()} tabs")
    assert (before[0], tab.url) == (1, before[1])


def test_what_is_meant_for_another_tab_or_for_the_disk_leaves_the_page_alone(tab, served):
    """No page has such a link now; a visit must not swallow one that comes later."""
    tab.goto(f"{served.url}/en/")
    give = "([link, name, value]) => document.querySelector(link).setAttribute(name, value)"
    link = 'main a[href="/en/stop/"]'
    tab.evaluate(give, [link, "target", "_blank"])
    tab.click(link)
    tab.until(lambda: tab.tabs() == 2, lambda: f"{tab.tabs()} tabs")
    assert tab.url == f"{served.url}/en/"
    prevented = """() => {
        const link = document.createElement("a");
        link.href = "/data/contacts.json";
        link.setAttribute("download", "");
        document.querySelector("main").append(link);
        let taken;
        addEventListener("click", (event) => {
            taken = event.defaultPrevented;
            event.preventDefault();
        }, { once: true });
        link.click();
        return taken;
    }"""
    assert tab.evaluate(prevented) is False


def test_pages_for_adults_keep_the_usual_history(tab, served):
    tab.goto(f"{served.url}/en/teachers/")
    tab.click('main a[href="/en/is-this-okay/class/"]')
    tab.arrives(f"{served.url}/en/is-this-okay/class/")
    tab.back()
    tab.arrives(f"{served.url}/en/teachers/")
    assert tab.history() == [
        f"{served.url}/en/teachers/",
        f"{served.url}/en/is-this-okay/class/",
    ]
