"""The whole way in a real browser, with the demonstration's accounts: edit, ask, approve, see."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.staff_site import StaffSite, chromium, sign_in, staff_site

__all__ = ["chromium", "staff_site"]

pytestmark = [pytest.mark.browser, pytest.mark.staff]


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
