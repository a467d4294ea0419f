"""Keeping contacts in a real browser: hours, the queue, sheets, another country; axe on each."""

import pytest
from playwright.sync_api import Browser, expect

from tests.sheets import as_csv
from tests.staff_site import StaffSite, chromium, sign_in, staff_site
from tests.test_admin_jobs_browser import complaints, faults

__all__ = ["chromium", "staff_site"]

pytestmark = [pytest.mark.browser, pytest.mark.staff]
LIST = "/admin/content/contact/"


def file(name: str, *rows: list[str]) -> dict[str, object]:
    return {"name": name, "mimeType": "text/csv", "buffer": as_csv(*rows)}


def test_a_file_with_one_bad_row_says_which_and_changes_nothing(
    chromium: Browser, staff_site: StaffSite
) -> None:
    edith = sign_in(chromium, staff_site, "editor")
    page = edith.open(LIST)
    page.get_by_role("link", name="Import", exact=True).click()
    assert faults(page) == []
    edith.picture("import")
    head = ["key", "phone", "phone_hours"]
    good = ["de-hilfe-telefon-sexueller-missbrauch", "0800 22 55 531", "Mo,We,Fr 09:00-14:00"]
    bad = ["de-nummer-gegen-kummer-kinder-und-jugendtelefon", "116 112", "afternoons"]
    page.get_by_label("CSV or XLSX file").set_input_files(file("bad.csv", head, good, bad))
    page.get_by_role("button", name="Show what would change").press("Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Row 3: Phone hours: Write 24/7")
    expect(page.get_by_role("button", name="Save as drafts")).to_have_count(0)
    assert faults(page) == []
    edith.picture("import-refused")

    bad[2] = "Mo-Sa 14:00-20:00"
    page.get_by_label("CSV or XLSX file").set_input_files(file("good.csv", head, bad))
    page.get_by_role("button", name="Show what would change").click()
    changes = page.get_by_role("region", name="What changes")
    expect(changes).to_contain_text("116 111")
    expect(changes).to_contain_text("116 112")
    assert faults(page) == []
    edith.picture("import-shown")
    other = page.context.new_page()
    other.goto(f"{staff_site.address}{LIST}?q={bad[0]}")
    expect(other.locator("#result_list")).to_contain_text("116 111")
    other.close()
    page.get_by_role("button", name="Save and ask for approval").click()
    expect(page.locator(".messagelist").first).to_contain_text("1 contact imported. Drafts: DE")
    expect(page.locator(".messagelist")).to_contain_text("Waiting for approval now: DE.")
    edith.picture("import-done")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export as XLSX").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    assert complaints(edith) == []


@pytest.mark.slow
def test_hours_are_built_from_days_and_times_and_explained_at_once(
    chromium: Browser, staff_site: StaffSite
) -> None:
    edith = sign_in(chromium, staff_site, "editor")
    page = edith.open(f"{LIST}?q=ie-childline-by-ispcc")
    page.locator("#result_list tbody th a").first.click()
    row = page.locator(".pair", has=page.locator("#id_sms_hours"))
    field = page.locator("#id_sms_hours")
    row.get_by_role("button", name="Mo–Fr 9–17").click()
    expect(field).to_have_value("Mo-Fr 09:00-17:00")
    expect(row.locator(".hours__week")).to_contain_text("Monday–Friday")
    row.get_by_role("button", name="Days and times").press("Enter")
    row.get_by_label("Sat").press("Space")
    row.get_by_label("Sun").check()
    row.get_by_label("from").fill("10:00")
    row.get_by_label("to").fill("00:00")
    row.get_by_role("button", name="Add these hours").click()
    row.get_by_role("button", name="Closed on public holidays").click()
    expect(field).to_have_value("Mo-Fr 09:00-17:00; Sa-Su 10:00-24:00; PH off")
    expect(row.locator(".hours-editor")).to_contain_text("Closed on public holidays")
    expect(row.locator(".hours__week")).to_contain_text("10:00–24:00")
    row.get_by_text("The next seven days").click()
    expect(row.locator("details tr")).to_have_count(7)
    assert faults(page) == []
    edith.picture("hours")
    field.fill("Mo-Fr 9 to 5")
    expect(row.locator(".hours-editor__problem")).to_contain_text("Write 24/7")
    field.fill("24/7")
    expect(row.locator(".hours-editor")).to_contain_text("Day and night")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as draft number")
    expect(row.locator(".hours-editor")).to_contain_text("Day and night")
    page.locator("#id_sms").fill("116 006")
    page.get_by_role("button", name="Save draft").click()
    assert complaints(edith) == []


def test_a_contact_is_checked_from_the_queue_by_keyboard(
    chromium: Browser, staff_site: StaffSite
) -> None:
    edith = sign_in(chromium, staff_site, "editor")
    page = edith.open(f"{LIST}?check=any")
    assert faults(page) == []
    edith.picture("queue")
    page.get_by_role("combobox", name="Country").select_option("MT")
    page.get_by_role("button", name="Show", exact=True).press("Enter")
    row = page.locator("#result_list tbody tr").first
    name = row.locator("th a").inner_text()
    count = page.locator("#result_list tbody tr").count()
    row.get_by_role("link", name="Checked today").press("Enter")
    assert faults(page) == []
    edith.picture("how")
    page.get_by_label("The service's own site says so today").press("Space")
    page.get_by_role("button", name="Enter the check").press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("MT: 1 checked today.")
    expect(page.locator("#result_list tbody tr")).to_have_count(count - 1)
    expect(page.locator("#result_list")).not_to_contain_text(name)
    assert "country=MT" in page.url
    assert complaints(edith) == []


def test_a_partner_is_refused_in_another_country(chromium: Browser, staff_site: StaffSite) -> None:
    paula = sign_in(chromium, staff_site, "partner")
    page = paula.open(f"{LIST}?q=de-nummer-gegen-kummer-elterntelefon")
    page.locator("#result_list tbody th a").first.click()
    expect(page.locator("#id_phone")).to_have_count(0)
    expect(page.get_by_role("button", name="Save draft")).to_have_count(0)
    address = page.url
    token = page.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value")
    data = {"csrfmiddlewaretoken": token or "", "phone": "1"}
    sent = page.request.post(address, form=data, headers={"Referer": address})
    assert sent.status == 403
    paula.open(f"{LIST}import/")
    rows = ["key", "phone"], ["de-nummer-gegen-kummer-elterntelefon", "1"]
    page.get_by_label("CSV or XLSX file").set_input_files(file("other.csv", *rows))
    page.get_by_role("button", name="Show what would change").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Row 2: You do not keep the contacts of DE.")
    assert complaints(paula) == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 768])
def test_the_pages_of_contacts_fit_a_desk_and_a_tablet(
    chromium: Browser, staff_site: StaffSite, width: int
) -> None:
    edith = sign_in(chromium, staff_site, "editor")
    page = edith.page
    page.set_viewport_size({"width": width, "height": 900})
    for name, path in {
        "list": LIST,
        "queue": f"{LIST}?check=never",
        "import": f"{LIST}import/",
        "country": "/admin/content/country/FR/change/",
    }.items():
        edith.open(path)
        assert faults(page) == [], name
        edith.picture(f"{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    edith.open(f"{LIST}?q=de-nummer-gegen-kummer-kinder")
    page.locator("#result_list tbody th a").first.click()
    assert faults(page) == []
    edith.picture(f"contact-{width}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints(edith) == []
