"""Passkeys in a real browser, with an authenticator that Chromium plays."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.staff_site import Browser, StaffSite, chromium, staff_site

pytestmark = [pytest.mark.browser, pytest.mark.staff]
__all__ = ["chromium", "staff_site"]


def with_key(page: Page) -> None:
    """Plug a security key in that says yes to everything."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_and_opens_the_staff_area(
    chromium: Browser, staff_site: StaffSite
) -> None:
    page = chromium.new_context().new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with_key(page)
    # Browsers bind passkeys to names; 127.0.0.1 is none.
    home = staff_site.address.replace("127.0.0.1", "localhost")
    page.goto(f"{home}/admin/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill(staff_site.passwords["editor"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Second factor").click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(staff_site.passwords["editor"])
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill("My phone")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("button", name="Sign out").click()
    # As the second step, after the password ...
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill(staff_site.passwords["editor"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Use my passkey").click()
    expect(page).to_have_url(re.compile("/admin/$"))
    page.get_by_role("button", name="Sign out").click()
    # ... and by itself.
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile("/admin/$"))
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_way_in_has_no_barrier_that_axe_finds(
    chromium: Browser, staff_site: StaffSite, scheme: Any
) -> None:
    page = chromium.new_context(
        color_scheme=scheme, viewport={"width": 320, "height": 700}
    ).new_page()
    found = []

    def look() -> None:
        expect(page.locator("main h1")).to_be_visible()
        page.wait_for_load_state()
        result = Axe().run(page).response
        found.extend((page.url, v["id"], v["nodes"][0]["html"]) for v in result["violations"])

    def show_it_is_me() -> None:
        page.get_by_label("Password").fill(staff_site.passwords["approver"])
        page.get_by_role("button", name="Go on").click()

    page.goto(f"{staff_site.address}/admin/")
    look()
    page.get_by_label("Username").fill("approver")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    look()
    page.get_by_label("Password").fill(staff_site.passwords["approver"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto(f"{staff_site.address}/admin/account/factors/")
    look()
    page.get_by_role("link", name="Set up an app").click()
    look()
    show_it_is_me()
    look()
    page.goto(f"{staff_site.address}/admin/account/passkeys/add/")
    look()
    page.goto(f"{staff_site.address}/admin/account/passkeys/")
    look()
    assert found == []


def test_without_a_passkey_the_page_says_that_it_did_not_work(
    chromium: Browser, staff_site: StaffSite
) -> None:
    page = chromium.new_context().new_page()
    page.goto(f"{staff_site.address}/admin/account/login/")
    problem = page.locator("#passkey-problem")
    expect(problem).to_be_hidden()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(problem).to_be_visible()
    expect(problem).to_contain_text("That did not work")
