"""Writing in a real browser: nothing typed is lost, sections are put in order, people collide."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.staff_site import Person, StaffSite, chromium, sign_in, staff_site
from tests.test_admin_jobs_browser import complaints, faults

__all__ = ["chromium", "staff_site"]

pytestmark = [pytest.mark.browser, pytest.mark.staff]


def form_of(person: Person, key: str, kind: str = "page", language: str = "") -> Page:
    page = person.open(f"/admin/content/{kind}/?q={key}")
    page.locator("#result_list").get_by_role("link", name=key, exact=True).click()
    expect(page.locator("[name=based_on]")).to_have_count(1)
    page.wait_for_load_state()
    if language:
        page.goto(f"{page.url.partition('?')[0]}?language={language}")
        expect(page.locator(f".writing[lang={language}]").first).to_be_visible()
    return page


def headings(page: Page) -> list[str]:
    fields = page.locator(".inline-related:not(.empty-form) [name$=-heading_en]")
    return [fields.nth(n).input_value() for n in range(fields.count())]


def sign_in_beside(person: Person, site: StaffSite, name: str, link: Any) -> None:
    """Follow the link to the sign-in, which opens a new tab; sign in there, and close it."""
    with person.page.context.expect_page() as opened:
        link.click()
    beside = opened.value
    beside.get_by_label("Username").fill(name)
    beside.get_by_label("Password").fill(site.passwords[name])
    beside.get_by_role("button", name="Sign in", exact=True).click()
    expect(beside.get_by_role("heading", name="Waiting for approval")).to_be_visible()
    beside.close()


def test_signed_out_while_writing_one_signs_in_and_goes_on(
    chromium: Browser, staff_site: StaffSite
) -> None:
    edith = sign_in(chromium, staff_site, "editor")
    page = form_of(edith, "about")
    page.locator("#id_title_en").fill("About the lamp")
    writing = page.locator(".ProseMirror:visible").first
    writing.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" The lamp stays on.")
    edith.page.context.clear_cookies()
    page.get_by_role("button", name="Save draft").click()
    notice = page.locator(".kept")
    expect(notice.get_by_role("alert")).to_have_text(
        "You are signed out. Nothing is lost: your words are still here."
    )
    expect(page.locator("#id_title_en")).to_have_value("About the lamp")
    edith.picture("writing-signed-out")
    assert faults(page) == []
    sign_in_beside(edith, staff_site, "editor", notice.get_by_role("link"))
    page.get_by_role("button", name=re.compile("Try again|Send it now")).click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as draft number")
    expect(page.locator("#id_title_en")).to_have_value("About the lamp")
    expect(page.locator(".ProseMirror:visible").first).to_contain_text("The lamp stays on.")
    # A session that another tab has opened anew has another token: this form goes out all the same.
    page.locator("#id_title_en").fill("About the old lamp")
    page.context.clear_cookies()
    beside = page.context.new_page()
    beside.goto(f"{staff_site.address}/admin/")
    beside.get_by_label("Username").fill("editor")
    beside.get_by_label("Password").fill(staff_site.passwords["editor"])
    beside.get_by_role("button", name="Sign in", exact=True).click()
    expect(beside.get_by_role("heading", name="Waiting for approval")).to_be_visible()
    page.bring_to_front()
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as draft number 3")
    expect(page.locator("#id_title_en")).to_have_value("About the old lamp")
    stored = page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })")
    assert "lamp" not in stored
    # Counting words with the token of before is refused, until the form is sent or looked at again.
    assert [text for text in complaints(edith) if "/measure/" not in text] == []


@pytest.mark.slow
def test_somebody_else_who_signs_in_meanwhile_is_asked_before_it_is_sent_in_their_name(
    chromium: Browser, staff_site: StaffSite
) -> None:
    edith = sign_in(chromium, staff_site, "editor")
    page = form_of(edith, "privacy")
    page.locator("#id_title_en").fill("Privacy and the lamp")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save draft").click()
    sign_in_beside(edith, staff_site, "approver", page.locator(".kept").get_by_role("link"))
    page.get_by_role("button", name=re.compile("Try again|Send it now")).click()
    expect(page.get_by_role("alert")).to_have_text(
        "approver is signed in now, and editor was before. Send this as approver?"
    )
    page.get_by_role("button", name="Send it now").click()
    expect(page.locator(".status")).to_contain_text("by approver of")


def test_without_a_network_the_words_stay_and_go_out_later(
    chromium: Browser, staff_site: StaffSite
) -> None:
    edith = sign_in(chromium, staff_site, "editor")
    page = form_of(edith, "safety")
    page.locator("#id_title_en").fill("Safe with the lamp")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("alert")).to_contain_text("The site does not answer. Nothing is lost")
    page.context.set_offline(False)
    page.get_by_role("button", name="Send it now").click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as draft number")
    expect(page.locator("#id_title_en")).to_have_value("Safe with the lamp")


@pytest.mark.slow
def test_leaving_with_words_that_are_not_saved_asks_first_and_only_then(
    chromium: Browser, staff_site: StaffSite
) -> None:
    edith = sign_in(chromium, staff_site, "editor")
    page = form_of(edith, "friend")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="Home", exact=True).click()
    expect(page.get_by_role("heading", name="Waiting for approval")).to_be_visible()
    assert asked == []
    form_of(edith, "friend").locator("#id_title_en").fill("A friend with a lamp")
    page.get_by_role("link", name="Home", exact=True).click(no_wait_after=True)
    expect(page.locator("#id_title_en")).to_have_value("A friend with a lamp")
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as draft number")
    assert asked == ["beforeunload"]


def test_without_script_the_words_come_back_to_be_copied(
    chromium: Browser, staff_site: StaffSite
) -> None:
    edith = sign_in(chromium, staff_site, "editor")
    state = edith.page.context.storage_state()
    context = chromium.new_context(java_script_enabled=False, storage_state=state)
    page = context.new_page()
    page.goto(f"{staff_site.address}/admin/content/page/?q=facts")
    page.locator("#result_list").get_by_role("link", name="facts", exact=True).click()
    page.locator("#id_title_en").fill("Facts of the lamp")
    context.clear_cookies(name="session")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("heading", name="You were signed out")).to_be_visible()
    expect(page.get_by_label("Title (en)")).to_have_value("Facts of the lamp")
    edith.page = page
    edith.picture("writing-given-back")


@pytest.mark.slow
def test_sections_are_put_in_order_by_keyboard_and_by_dragging(
    chromium: Browser, staff_site: StaffSite
) -> None:
    edith = sign_in(chromium, staff_site, "editor")
    page = form_of(edith, "understand")
    before = headings(page)
    first = page.get_by_role("button", name=f"Move down: {before[0]}", exact=True)
    first.focus()
    page.keyboard.press("Enter")
    said = page.locator("#sections-group > [role=status]")
    expect(said).to_have_text(f"Section “{before[0]}” moved: 2 of {len(before)}.")
    expect(first).to_be_focused()
    page.keyboard.press("Space")
    expect(said).to_have_text(f"Section “{before[0]}” moved: 3 of {len(before)}.")
    edith.picture("writing-order")
    page.get_by_role("button", name=f"Move up: {before[1]}", exact=True).press("Enter")
    expect(said).to_have_text(f"Section “{before[1]}” is the first already: 1 of {len(before)}.")
    wanted = [before[1], before[2], before[0], *before[3:]]
    assert headings(page) == wanted

    # One that is new, moved before others, beside one that is taken away again.
    page.get_by_role("button", name="Add another Section").click()
    page.get_by_role("button", name="Add another Section").click()
    new = page.locator(".inline-related:not(.has_original):not(.empty-form)")
    new.first.locator("[name$=-key]").fill("lamp")
    new.first.locator("[name$=-heading_en]").fill("The lamp")
    new.first.locator("[name$=-heading_en]").blur()
    new.first.locator(".ProseMirror").click()
    page.keyboard.type("It is on.")
    up = page.get_by_role("button", name="Move up: The lamp")
    for _ in wanted:
        up.press("Enter")
    new.nth(1).locator(".inline-deletelink").click()
    wanted = ["The lamp", *wanted]
    assert headings(page) == wanted

    grip = page.locator(".order__grip").first
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    assert box
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    for down in range(0, 90, 10):
        page.mouse.move(box["x"] + 5, box["y"] + 5 + down)
    edith.picture("writing-drag")
    page.mouse.up()
    moved = headings(page)
    assert moved != wanted
    assert sorted(moved) == sorted(wanted)
    assert moved.index("The lamp") in (1, 2)
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as draft number")
    assert headings(page) == moved
    assert faults(page) == []
    assert complaints(edith) == []


def test_deleting_a_section_asks(chromium: Browser, staff_site: StaffSite) -> None:
    edith = sign_in(chromium, staff_site, "editor")
    page = form_of(edith, "report")
    answers: list[str] = []

    def answer(dialog: Dialog) -> None:
        answers.append(dialog.message)
        dialog.accept() if len(answers) > 1 else dialog.dismiss()

    page.on("dialog", answer)
    tick = page.locator("[name=sections-0-DELETE]")
    heading = page.locator("[name=sections-0-heading_en]").input_value()
    tick.click()
    expect(tick).not_to_be_checked()
    tick.click()
    expect(tick).to_be_checked()
    assert answers == [f"Delete “{heading}” when you save, in all languages?"] * 2


@pytest.mark.slow
def test_counters_follow_the_typing(chromium: Browser, staff_site: StaffSite) -> None:
    edith = sign_in(chromium, staff_site, "editor")
    page = form_of(edith, "stop")
    told = page.locator(".reading [role=status]")
    expect(told).to_have_text("Nothing to look at")
    page.locator(".ProseMirror:visible").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" It was your mistake, and " + "so " * 25 + "on.")
    expect(told).to_have_text("2 things to look at")
    facts = page.locator(".reading__facts")
    expect(facts).to_contain_text("Do not write “mistake”. Instead: (leave it out")
    expect(facts).to_contain_text("31 words, too long")
    page.locator(".reading").scroll_into_view_if_needed()
    edith.picture("writing-reading")
    assert faults(page) == []
    for _ in range(120):
        page.keyboard.press("Backspace")
    expect(told).to_have_text("Nothing to look at")
    assert complaints(edith) == []


def test_pasted_word_keeps_paragraphs_lists_bold_and_links_only(
    chromium: Browser, staff_site: StaffSite
) -> None:
    edith = sign_in(chromium, staff_site, "editor")
    page = form_of(edith, "platforms")
    writing = page.locator(".ProseMirror:visible").first
    writing.click()
    page.keyboard.press("Control+a")
    writing.evaluate(
        """(element, html) => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            data.setData("text/plain", "x");
            const paste = { clipboardData: data, bubbles: true, cancelable: true };
            element.dispatchEvent(new ClipboardEvent("paste", paste));
        }""",
        """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal
        {color:red}</style></head><body><!--StartFragment--><h1 style="color:red">The lamp</h1>
        <p class="MsoNormal" style="font-size:20pt"><b>On</b> and <i>off</i><o:p></o:p></p>
        <table><tr><td>a cell</td></tr></table><ul><li>one</li></ul>
        <p><a href="https://a.example/" target="_blank">a link</a></p><img src="https://t.example/p.gif">
        <!--EndFragment--></body></html>""",
    )
    for unwanted in ("h1", "i", "em", "table", "img[src]", "[style]", "[class^=Mso]"):
        expect(writing.locator(unwanted)).to_have_count(0)
    expect(writing.locator("a")).to_have_count(1)
    buttons = page.locator(".prose-menubar").first.locator("button")
    assert {buttons.nth(n).get_attribute("title") for n in range(buttons.count())} <= {
        *("bold", "insert link", "remove link", "ordered list", "unordered list"),
        *("paragraph", "undo", "redo", "insert hard break"),
    }
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as draft number")
    kept = page.locator("textarea[name=sections-0-body_en]").input_value()
    assert "<strong>On</strong> and off" in kept
    assert '<a href="https://a.example/">a link</a>' in kept
    assert "<ul><li>one</li></ul>" in kept
    assert not re.search(r"h1|<i>|table|style|Mso|img|http:|target", kept)


def test_two_editors_collide_in_the_browser_and_both_texts_are_there(
    chromium: Browser, staff_site: StaffSite
) -> None:
    edith = sign_in(chromium, staff_site, "editor")
    anna = sign_in(chromium, staff_site, "approver")
    pages = [form_of(one, "teachers") for one in (edith, anna)]
    for page, title in zip(pages, ("Teachers and the lamp", "Teachers and the sea"), strict=True):
        page.locator("#id_title_en").fill(title)
        page.get_by_role("button", name="Save draft").click()
    expect(pages[1].locator(".errornote").first).to_be_visible()
    row = pages[1].locator(".field-title_en")
    expect(row.locator(".pair__newer")).to_contain_text("Teachers and the lamp")
    expect(row.locator("textarea, input").first).to_have_value("Teachers and the sea")
    assert faults(pages[1]) == []
    anna.picture("writing-collision")
    pages[1].get_by_role("button", name="Save draft").click()
    expect(pages[1].locator(".messagelist")).to_contain_text("Saved as draft number 3")


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 768])
def test_the_form_fits_a_desk_and_a_tablet(
    chromium: Browser, staff_site: StaffSite, width: int
) -> None:
    edith = sign_in(chromium, staff_site, "editor")
    edith.page.set_viewport_size({"width": width, "height": 900})
    page = form_of(edith, "now")
    page.locator("#id_title_en").fill(f"Now with a lamp {width}")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as draft number")
    for language in ("", "fr", "ar"):
        page = form_of(edith, "now", language=language)
        expect(page.locator(".ProseMirror:visible").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert faults(page) == []
        edith.picture(f"writing-{language or 'en'}-{width}")
    assert complaints(edith) == []
