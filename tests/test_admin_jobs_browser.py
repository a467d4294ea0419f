"""The jobs of approvers and reviewers in a real browser, each by who does it; axe on each page."""

import time
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import signing
from playwright.sync_api import Browser, Page, expect

from content import previews
from tests.staff_site import Person, StaffSite, chromium, sign_in, staff_site

__all__ = ["chromium", "staff_site"]

pytestmark = [pytest.mark.browser, pytest.mark.staff]


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds on our part of the page, each with where."""
    expect(page.locator("#content h1, #content-start h1").first).to_be_visible()
    page.wait_for_load_state()
    found = Axe().run(page, context="#content", options={"resultTypes": ["violations"]})
    return [
        (one["id"], [" ".join(map(str, node["target"])) for node in one["nodes"]][:3])
        for one in found.response["violations"]
    ]


def complaints(*people: Person) -> list[str]:
    """What the browsers complained of; axe, which is in no file, writes styles for itself."""
    return [text for one in people for text in one.complaints if "'url': ''" not in text]


@pytest.mark.slow
def test_a_number_is_corrected_shown_before_and_typed_by_the_approver(
    chromium: Browser, staff_site: StaffSite
) -> None:
    edith = sign_in(chromium, staff_site, "editor")
    page = edith.open("/admin/content/contact/?q=ie-childline-by-ispcc")
    page.locator("#result_list tbody th a").first.click()
    page.locator("#id_phone").fill("1800 66 66 77")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Preview").click()
    preview = opened.value
    frame = preview.frame_locator("iframe[name=phone]")
    expect(frame.locator(".preview-banner")).to_contain_text("Preview, not public.")
    expect(frame.locator("body")).to_contain_text("66 77")
    assert faults(preview) == []
    edith.page = preview
    edith.picture("preview-contact")
    edith.page = page
    preview.close()
    page.get_by_role("button", name="Save and ask for approval").click()
    expect(page.locator(".messagelist")).to_contain_text("waits until somebody else approves it")

    anna = sign_in(chromium, staff_site, "approver")
    assert faults(anna.page) == []
    anna.picture("dashboard")
    anna.page.locator(".todo").get_by_role("link", name="IE", exact=True).click()
    expect(anna.page.get_by_label("Last three digits of the new number")).to_be_visible()
    assert faults(anna.page) == []
    anna.picture("approve-number")
    field = anna.page.get_by_label("Last three digits of the new number")
    field.fill("667")
    field.press("Enter")
    expect(anna.page.get_by_role("alert")).to_contain_text("is not how the new number ends")
    anna.picture("approve-number-wrong")
    field.fill("677")
    field.press("Enter")
    expect(anna.page.locator(".messagelist")).to_contain_text(
        "Pages, cards and posters of Ireland in English and Irish show it first"
    )
    for language in ("en", "fr", "ar"):
        anna.open(f"/{language}/report/ie/")
        expect(anna.page.locator("main")).to_contain_text("77")
        assert anna.page.locator('a[href="tel:1800666677"]').count()
    assert complaints(edith, anna) == []


def test_a_text_is_sent_back_changed_previewed_by_link_approved_and_restored(
    chromium: Browser, staff_site: StaffSite
) -> None:
    edith = sign_in(chromium, staff_site, "editor")
    page = edith.open("/admin/content/term/")
    page.locator("#result_list tbody th a").first.click()
    address = page.url
    before = page.locator("#id_term_en").input_value()
    page.locator("#id_term_en").fill(f"{before} again")
    page.get_by_role("button", name="Save and ask for approval").click()
    expect(page.locator(".messagelist")).to_contain_text("waits until somebody else approves it")

    anna = sign_in(chromium, staff_site, "approver")
    anna.page.locator(".todo").get_by_role("link", name=f"{before} again").click()
    anna.page.get_by_text("Send it back to").click()
    anna.page.get_by_label("What should change?").fill("Say it shorter.")
    anna.picture("send-back")
    anna.page.get_by_role("button", name="Send it back").click()
    expect(anna.page.locator(".messagelist")).to_contain_text("is a draft again")

    page = edith.open("/admin/")
    expect(page.locator("#queues")).to_contain_text("Say it shorter.")
    page.goto(address)
    expect(page.locator(".sent-back")).to_contain_text("Say it shorter.")
    page.locator("#id_term_en").fill(f"{before} once more")
    page.get_by_role("button", name="Save and ask for approval").click()
    page.get_by_role("link", name="Look at it", exact=True).click()
    page.get_by_role("link", name="Preview the page").click()
    page.get_by_role("button", name="Make a link for a reviewer").click()
    link = page.locator("#preview-link").input_value()
    assert faults(page) == []
    edith.picture("preview-link")
    reviewer = chromium.new_context().new_page()
    reviewer.goto(staff_site.address + "/" + link.split("/", 3)[3])
    expect(reviewer.locator(".preview-banner")).to_be_visible()
    expect(reviewer.locator("main")).to_contain_text(f"{before} once more")
    assert reviewer.context.cookies() == []

    anna.open("/admin/content/revision/?state=waiting")
    anna.page.get_by_label("Select this object for an action").first.check()
    anna.page.get_by_label("Action:").select_option("approve_together")
    anna.page.get_by_role("button", name="Go", exact=True).click()
    expect(anna.page.get_by_role("table", name="What changes")).to_contain_text("once more")
    assert faults(anna.page) == []
    anna.picture("together")
    anna.page.get_by_role("button", name="Approve those with a tick").click()
    expect(anna.page.locator(".messagelist")).to_contain_text("is live")

    page.goto(address)
    page.get_by_role("link", name="History").click()
    page.get_by_label("Compare: number 1 as the older one").check()
    edith.picture("history")
    page.get_by_role("button", name="Compare the two").click()
    expect(page.locator("ins")).to_contain_text("once more")
    assert faults(page) == []
    edith.picture("compare")
    page.get_by_role("link", name="Number 1", exact=True).click()
    page.get_by_role("button", name="Restore number 1").click()
    expect(page.locator("#id_term_en")).to_have_value(before)
    assert complaints(edith, anna) == []


@pytest.mark.slow
def test_a_reviewer_who_opens_the_link_after_eight_days_is_told_whom_to_ask(
    chromium: Browser, staff_site: StaffSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    edith = sign_in(chromium, staff_site, "editor")
    page = edith.open("/admin/content/term/")
    page.locator("#result_list tbody th a").nth(1).click()
    page.locator("#id_term_en").fill("A word for the reviewer")
    page.get_by_role("button", name="Save and ask for approval").click()
    page.get_by_role("link", name="Look at it", exact=True).click()
    page.get_by_role("link", name="Preview the page").click()
    page.get_by_role("button", name="Make a link for a reviewer").click()
    made = urlsplit(page.locator("#preview-link").input_value())
    token = dict(parse_qsl(made.query))["link"]
    says, eight_days = signing.loads(token, salt=previews.SALT), 8 * 24 * 60 * 60

    def link_made_ago(seconds: int) -> str:
        moment = time.time() - seconds
        with monkeypatch.context() as patch:
            patch.setattr(signing.time, "time", lambda: moment)
            query = urlencode({"link": signing.dumps(says, salt=previews.SALT)})
        return f"{staff_site.address}{made.path}?{query}"

    reviewer = chromium.new_context().new_page()
    reviewer.goto(link_made_ago(eight_days - 2 * 24 * 60 * 60))
    expect(reviewer.locator("main")).to_contain_text("A word for the reviewer")
    reviewer.goto(link_made_ago(eight_days))
    expect(reviewer.get_by_role("heading")).to_have_text("This preview has ended")
    expect(reviewer.locator("main")).to_contain_text("Ask the person who sent you the link")
    expect(reviewer.locator("body")).not_to_contain_text("A word for the reviewer")
    assert reviewer.context.cookies() == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 768])
def test_coverage_and_previews_fit_a_desk_and_a_tablet(
    chromium: Browser, staff_site: StaffSite, width: int
) -> None:
    anna = sign_in(chromium, staff_site, "approver")
    anna.page.set_viewport_size({"width": width, "height": 900})
    anna.open("/admin/")
    anna.picture(f"dashboard-{width}")
    for kind in ("page", "country"):
        anna.open(f"/admin/content/revision/coverage/?kind={kind}")
        assert faults(anna.page) == []
        anna.picture(f"coverage-{kind}-{width}")
    page = anna.open("/admin/content/page/")
    page.get_by_role("link", name="understand", exact=True).click()
    page.locator(".languages a", has_text="ar").first.click()
    page.get_by_role("link", name="History").click()
    page.get_by_role("link", name="Preview the page").click()
    frame = page.frame_locator("iframe[name=phone]")
    expect(frame.locator("html")).to_have_attribute("dir", "rtl")
    anna.picture(f"preview-ar-{width}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints(anna) == []
