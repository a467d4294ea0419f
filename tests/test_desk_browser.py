"""Translators at work in a real browser: a page from missing to live, and files that come back."""

import re
from pathlib import Path

import polib
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.staff_site import Person, StaffSite, chromium, sign_in, staff_site
from tests.test_admin_jobs_browser import complaints, faults

__all__ = ["chromium", "staff_site"]

pytestmark = [pytest.mark.browser, pytest.mark.staff]

SENTENCE = "Níl tú i d’aonar. Is féidir le duine cabhrú leat."


def pictures(person: Person, name: str) -> None:
    """A picture at the width of a desk and one of a tablet, on which nothing may stick out."""
    for width in (768, 1280):
        person.page.set_viewport_size({"width": width, "height": 900})
        assert person.page.evaluate("document.documentElement.scrollWidth") <= width
        person.picture(f"{name}-{width}")


def access_key(page: Page, letter: str) -> None:
    """Press Alt and a letter as a keyboard does; Playwright's own way leaves the letter out."""
    event = {
        **{"modifiers": 1, "key": letter, "code": f"Key{letter.upper()}"},
        **{"unmodifiedText": letter, "windowsVirtualKeyCode": ord(letter.upper())},
    }
    keyboard = page.context.new_cdp_session(page)
    for kind in ("keyDown", "keyUp"):
        keyboard.send("Input.dispatchKeyEvent", {"type": kind, **event})


def translate(page: Page) -> None:
    """Write every text beside its source, as short as it may be."""
    for field in page.locator("textarea[name$=_ga]:visible, input[name$=_ga]:visible").all():
        field.fill("Téacs i nGaeilge")
    for writing in page.locator(".ProseMirror:visible").all():
        writing.click()
        page.keyboard.type(SENTENCE)


@pytest.mark.slow
def test_a_page_is_translated_into_irish_from_missing_to_live(
    chromium: Browser, staff_site: StaffSite
) -> None:
    tomas = sign_in(chromium, staff_site, "translator")
    page = tomas.page
    tomas.picture("desk-front")
    page.get_by_role("link", name="Translation desk").click()
    assert faults(page) == []
    pictures(tomas, "desk-languages")
    page.get_by_role("link", name="Gaeilge", exact=True).click()
    missing = page.get_by_role("navigation", name="Part of the list").get_by_role(
        "link", name=re.compile("^Missing")
    )
    total = int(missing.inner_text().split()[-1])
    missing.click()
    assert faults(page) == []
    pictures(tomas, "desk-list")
    page.get_by_text("Files for translators").click()
    assert faults(page) == []
    tomas.picture("desk-files")
    page.get_by_role("link", name="Begin with the first one").click()
    desk = page.get_by_role("navigation", name="Translation desk")
    expect(desk).to_contain_text(f"1 of {total}")
    first = page.url
    access_key(page, "n")
    expect(desk).to_contain_text(f"2 of {total}")
    access_key(page, "p")
    page.wait_for_url(first)

    # A page without links, which a translation would have to have.
    page.get_by_role("link", name="Translation desk: Gaeilge").click()
    page.get_by_role("link", name="Words we use", exact=True).click()
    expect(page.locator(".ProseMirror:visible").first).to_be_visible()
    place = int(desk.locator(".desk__place").inner_text().split()[-3])
    translate(page)
    page.get_by_label("Needs another look: Title").check()
    assert faults(page) == []
    pictures(tomas, "desk-form")
    access_key(page, "s")
    expect(page.locator(".messagelist")).to_contain_text("“Téacs i nGaeilge”: Saved as draft")
    expect(desk).to_contain_text(f"{place} of {total - 1}")
    page.get_by_role("link", name="Translation desk: Gaeilge").click()
    page.get_by_role("link", name=re.compile("^Needs another look")).click()
    expect(page.locator(".worklist")).to_contain_text("1 to look at again")
    pictures(tomas, "desk-unsure")
    page.get_by_role("link", name="Words we use", exact=True).click()
    expect(page.locator(".doubts").first).to_contain_text("Much shorter than the source")
    assert faults(page) == []
    pictures(tomas, "desk-doubts")
    page.get_by_label("Needs another look: Title").uncheck()
    page.get_by_role("button", name="Save, ask for approval, next").click()
    expect(page.locator(".messagelist")).to_contain_text("It now waits until somebody else")
    expect(page.locator(".messagelist")).to_contain_text("That was the last text of this list.")
    page.get_by_role("link", name=re.compile("^Waiting")).click()
    expect(page.locator(".worklist")).to_contain_text("Words we use")

    anna = sign_in(chromium, staff_site, "approver")
    page = anna.page
    page.locator(".todo").get_by_role("link", name="Téacs i nGaeilge").click()
    expect(page.locator(".warnings")).to_contain_text("Numbers of the source that are missing")
    anna.picture("desk-approve")
    page.get_by_role("button", name="Approve: make it live").click()
    page.get_by_text("Enter who has checked this text").click()
    page.get_by_label("Role:", exact=True).select_option("youth")
    page.get_by_label("Day of the check:").fill("2026-03-05")
    assert faults(page) == []
    pictures(anna, "desk-review")
    page.get_by_role("button", name="Enter the review").click()
    expect(page.locator(".messagelist")).to_contain_text("Readers are told of it now.")
    expect(page.locator(".reviews")).to_contain_text("A youth panel, 2026-03-05.")
    assert faults(page) == []
    anna.open("/ga/words/")
    expect(page.locator("main")).to_contain_text(SENTENCE)
    expect(page.locator("main")).to_contain_text("This text was checked by a youth panel on")
    anna.picture("desk-public")
    assert complaints(tomas, anna) == []


def test_a_file_with_three_bad_texts_is_refused_with_their_lines(
    chromium: Browser, staff_site: StaffSite, tmp_path: Path
) -> None:
    tomas = sign_in(chromium, staff_site, "translator")
    page = tomas.open("/admin/content/revision/desk/ga/")
    page.get_by_text("Files for translators").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Take all texts out").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    file = polib.pofile(str(path))
    texts = {
        "page:home/title": "Is féidir leat <b>diúltú</b> anois",
        "page:home/sections/happening/body": "Tá sé ag tarlú anois.",
        "page:stop/title": "%(name)s, stad",
        "page:understand/title": "Tuig é",
    }
    for entry in file:
        entry.msgstr = texts.get(entry.msgctxt, entry.msgstr)
    file.save(str(path))
    lines = path.read_text("utf-8").splitlines()
    names = list(texts)
    bad = [lines.index(f'msgctxt "{name}"') + 1 for name in names[:3]]

    page.get_by_label("A file that comes back").set_input_files(path)
    page.get_by_role("button", name="Show what it would change").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Nothing of this file can be taken as it is.")
    for line, reason in zip(bad, ("HTML", "links differ", "placeholders"), strict=True):
        expect(alert.locator("li", has_text=f"Line {line}")).to_contain_text(reason)
    expect(page.get_by_role("button", name="Take 1")).to_have_count(0)
    assert faults(page) == []
    pictures(tomas, "desk-import-refused")
    page.get_by_role("button", name="Take nothing").click()
    expect(page.get_by_role("link", name="Begin with the first one")).to_be_visible()
    tomas.open("/admin/content/revision/?q=home&language=ga")
    expect(page.locator("#changelist")).to_contain_text("0 revisions")

    for entry in file:
        if entry.msgctxt in names[:3]:
            entry.msgstr = ""
    file.save(str(path))
    tomas.open("/admin/content/revision/desk/ga/")
    page.get_by_text("Files for translators").click()
    page.get_by_label("A file that comes back").set_input_files(path)
    page.get_by_role("button", name="Show what it would change").click()
    expect(page.locator(".plan")).to_contain_text("Tuig é")
    assert faults(page) == []
    pictures(tomas, "desk-import")
    page.get_by_role("button", name="Take 1 text as my drafts").click()
    expect(page.locator(".messagelist")).to_contain_text("1 text was taken: 1 new draft of yours.")
    expect(page.locator(".worklist")).to_contain_text("translator")
    assert complaints(tomas) == []
