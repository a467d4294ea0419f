"""The pictures of the handbook, made of the real screens: `make pictures` writes them anew.

Without it the same way is gone, so that a picture that cannot be made any more is noticed.
"""

import os
import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.staff_site import Person, StaffSite, chromium, sign_in, staff_site
from tests.test_handbook import PICTURE, TEXT

__all__ = ["chromium", "staff_site"]

pytestmark = [pytest.mark.browser, pytest.mark.staff]

FOLDER = os.environ.get("HANDBOOK", "")
"""Where the pictures are written; none are without it."""
SIZE = {"width": 1100, "height": 720}


class Photographer:
    """Takes the pictures, and remembers which."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def take(self, person: Person, name: str, above: Locator | None = None) -> None:
        """Take what the window shows, from this part of the page down."""
        person.page.set_viewport_size(SIZE)
        shown = above or person.page.locator("#header")
        shown.first.evaluate("element => element.scrollIntoView()")
        self._write(person.page, name)

    def take_alone(self, part: Locator, name: str) -> None:
        """Take one part of the page."""
        self._write(part, name)

    def _write(self, shown: Page | Locator, name: str) -> None:
        self.taken.append(f"handbook/{name}.png")
        if FOLDER:
            shown.screenshot(path=f"{FOLDER}/{name}.png")


def ask(page: Page) -> None:
    """Save, ask for approval, and wait until that is said."""
    page.get_by_role("button", name="Save and ask for approval").click()
    expect(page.locator(".messagelist")).to_contain_text("waits until somebody else approves it")


@pytest.mark.slow
def test_every_picture_can_be_made(chromium: Browser, staff_site: StaffSite) -> None:
    camera = Photographer()
    edith = sign_in(chromium, staff_site, "editor")
    page = edith.open("/admin/content/term/")
    page.locator("#result_list tbody th a").first.click()
    page.locator("#id_term_en").fill("blackmail on the internet")
    page.get_by_label("Comment").fill("The word that young people use")
    ask(page)
    page = edith.open("/admin/content/contact/?q=ie-childline-by-ispcc")
    page.locator("#result_list tbody th a").first.click()
    page.locator("#id_phone").fill("1800 66 66 77")
    ask(page)
    hours = page.locator(".pair", has=page.locator("#id_sms_hours"))
    hours.get_by_role("button", name="Mo–Fr 9–17").click()
    expect(hours.locator(".hours__week")).to_contain_text("Monday–Friday")
    camera.take(edith, "hours", page.locator(".form-row", has=page.locator("#id_sms_hours")))
    edith.open("/admin/content/contact/?check=any")
    camera.take(edith, "contacts", page.locator("#content"))
    edith.open("/admin/content/page/")
    page.get_by_role("link", name="stop", exact=True).click()
    expect(page.locator(".ProseMirror:visible").first).to_be_visible()
    camera.take(edith, "form")

    anna = sign_in(chromium, staff_site, "approver")
    page = anna.page
    camera.take(anna, "front")
    page.locator(".todo").get_by_role("link", name="blackmail on the internet").click()
    camera.take(anna, "approve", page.locator("#content"))
    history = page.locator("section", has=page.locator("#history-heading"))
    camera.take_alone(history, "history")
    anna.open("/admin/")
    page.locator(".todo").get_by_role("link", name="IE", exact=True).click()
    camera.take(anna, "number", page.get_by_text("Numbers that change"))
    anna.open("/admin/content/revision/coverage/")
    camera.take(anna, "coverage", page.locator("#content"))
    anna.open("/admin/content/revision/?kind=page&language=ar")
    page.locator("#result_list tbody th a").first.click()
    page.get_by_role("link", name="Preview the page").click()
    expect(page.frame_locator("iframe[name=phone]").locator(".preview-banner")).to_be_visible()
    expect(page.frame_locator("iframe[name=desktop]").locator(".preview-banner")).to_be_visible()
    camera.take(anna, "preview")

    tomas = sign_in(chromium, staff_site, "translator")
    page = tomas.page
    page.get_by_role("link", name="Translation desk").click()
    page.get_by_role("link", name=re.compile("Gaeilge")).first.click()
    camera.take(tomas, "desk", page.locator("#content"))
    page.get_by_role("link", name="Begin with the first one").click()
    expect(page.locator(".pair__source").first).to_be_visible()
    camera.take(tomas, "translate")
    assert sorted(camera.taken) == sorted(PICTURE.findall(TEXT))
