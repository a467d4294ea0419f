"""Contacts leave as a sheet and come back: shown first, by the forms' rules, all or nothing."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from content.admin import importing
from content.models import Contact, Revision
from content.publishing import workflow
from tests import factories
from tests.admin_support import Desk, newest
from tests.sheets import APPLY, IMPORT, Shown, as_csv, as_xlsx, exported, table

pytestmark = pytest.mark.django_db


@pytest.fixture
def edith() -> Desk:
    return Desk(factories.editor())


@pytest.fixture
def japan():
    country = factories.japan()
    factories.childline(country)
    factories.childline(country, key="jp-lamp", organisation="The Lamp", phone="0120 1")
    factories.publish(country, "zxx")
    return country


def facts():
    return list(Contact.objects.order_by("pk").values())


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_was_exported_changes_nothing_when_it_comes_back(edith, form):
    factories.childline(
        factories.japan(),
        organisation='\'t Huis, "=1+1"',
        phone="+81 3 1",
        phone_international="0081-3-1",
        phone_hours="24/7",
        note="=HYPERLINK(1)\nand a second line",
        checked_on=date(2026, 1, 2),
        ends_on=date(2027, 3, 31),
        remark_en="- a dash",
    )
    shown = Shown(edith, exported(edith, form), f"contacts.{form}")
    assert shown.problems == []
    assert "it says what we have already" in shown.text
    assert not shown.may_be_done


def test_a_sheet_has_every_field_of_the_form(edith, japan):
    form = edith.edit(Contact.objects.get(key="jp-lamp"))
    head = exported(edith).decode("utf-8-sig").split("\r\n")[0].split(",")
    shown = {name for name in form.names if name not in {"seen", "comment"}}
    assert set(head) == shown | {"key", "country"}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_cell_is_a_formula_and_no_number_loses_its_first_digit(edith, japan, form):
    values = {"phone": "0800111", "phone_international": "+49800111", "note": "=1+1", "ages": "@x"}
    Contact.objects.filter(key="jp-lamp").update(**values, phone_hours="24/7")
    data = exported(edith, form, "?country=JP")
    if form == "xlsx":
        head, *rows = table(data)
        lamp = dict(zip(head, rows[-1], strict=True))
        assert {name: lamp[name] for name in values} == values
        assert lamp["phone_hours"] == "24/7"
        return
    text = data.decode("utf-8-sig")
    for cell in ("'0800111", "'+49800111", "'=1+1", "'@x", "'24/7"):
        assert f",{cell}," in text


def test_the_list_gives_out_what_it_shows(edith, japan):
    text = exported(edith, "csv", "?country=JP&q=Lamp").decode()
    assert [line.split(",")[0] for line in text.split("\r\n")[1:-1]] == ["jp-lamp"]
    answer = edith.client.get("/admin/content/contact/export/csv/")
    assert answer["Content-Disposition"].startswith('attachment; filename="contacts-')
    assert edith.client.get("/admin/content/contact/export/ods/").status_code == 404


def test_an_import_shows_its_changes_and_drafts_them_for_approval(edith, japan, read):
    data = as_csv(
        ["key", "phone", "cost"],
        ["jp-lamp", "0120 777", "free"],
        ["jp-childline", "116 111", "free"],
    )
    shown = Shown(edith, data)
    assert shown.problems == []
    (row,) = shown.answer.context["plan"].written
    assert [(c.label, c.old, c.new) for c in row.changes] == [("Phone", "0120 1", "0120 777")]
    assert Contact.objects.get(key="jp-lamp").phone == "0120 1"
    said = shown.press()
    assert "1 contact imported. Drafts: JP number 2." in said
    assert Contact.objects.get(key="jp-lamp").phone == "0120 777"
    draft = newest("country", "JP", "zxx")
    assert (draft.created_by, draft.comment) == (edith.user, "Imported from contacts.csv")
    assert (draft.submitted_at, draft.approved_at) == (None, None)
    assert "0120 777" not in read("/en/report/jp/").source
    entry = LogEntry.objects.latest("pk")
    assert (entry.user, entry.object_repr) == (edith.user, "JP: The Lamp")


def test_an_import_can_ask_for_approval_at_once(edith, japan, read):
    Shown(edith, as_csv(["key", "phone"], ["jp-lamp", "0120 777"])).press("_ask")
    draft = newest("country", "JP", "zxx")
    assert draft.submitted_at
    workflow.approve(draft, factories.approver(), digits=factories.digits(draft))
    assert "0120 777" in read("/en/report/jp/").source


def test_a_new_key_is_a_new_contact(edith, japan):
    row = {
        "key": "jp-new", "country": "JP", "kind": "police", "organisation": "Police",
        "phone": "110", "evidence": "one-source", "languages": "ja en", "audience": "child parent",
        "sources": "https://a.example/\nhttps://b.example/",
    }  # fmt: skip
    shown = Shown(edith, as_csv(list(row), list(row.values())))
    assert "1 new" in shown.text
    shown.press()
    new = Contact.objects.get(key="jp-new")
    assert (new.country_id, new.kind, new.phone) == ("JP", "police", "110")
    assert (new.languages, new.audience) == (["ja", "en"], ["child", "parent"])
    assert new.sources == ["https://a.example/", "https://b.example/"]
    assert (new.cost, new.position) == ("unknown", 0)
    keys = [c["key"] for c in newest("country", "JP", "zxx").content["contacts"]]
    assert "jp-new" in keys


def test_an_empty_cell_empties_and_a_missing_column_does_not(edith, japan):
    Contact.objects.filter(key="jp-lamp").update(sms="123", ages="all")
    Shown(edith, as_csv(["key", "sms"], ["jp-lamp", ""])).press()
    lamp = Contact.objects.get(key="jp-lamp")
    assert (lamp.sms, lamp.ages, lamp.phone) == ("", "all", "0120 1")


def test_whoever_imports_the_day_of_a_check_is_who_checked(edith, japan):
    today = datetime.now(UTC).date()
    Shown(edith, as_csv(["key", "checked_on"], ["jp-lamp", today.isoformat()])).press()
    lamp = Contact.objects.get(key="jp-lamp")
    assert (lamp.checked_on, lamp.checked_by) == (today, edith.user)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("phone", "call us", "Phone: Write the number as people dial it"),
        ("phone_hours", "weekdays", "Phone hours: Write 24/7"),
        ("website", "ftp://x.example", "Website: Enter a valid URL"),
        ("languages", "klingonisch", "is no code of a language"),
        ("audience", "everybody", "Select a valid choice. everybody"),
        ("kind", "circus", "Kind: Select a valid choice"),
        ("time_zone", "Mars/Base", "is no time zone"),
        ("checked_on", "2999-01-01", "This day has not come yet."),
        ("ends_on", "2206-01-01", "Is the year 2206 right?"),
        ("age_min", "many", "Enter a whole number"),
        ("organisation", "", "Organisation: This field is required."),
        ("country", "IE", "Country: it stays in JP."),
    ],
)
def test_one_bad_row_is_named_and_nothing_of_the_file_is_taken(edith, japan, column, value, reason):
    before = facts()
    rows = ["key", "phone", column], ["jp-childline", "0120 5", ""], ["jp-lamp", "0120 6", value]
    if column == "phone":
        rows = ["key", "phone"], ["jp-childline", "0120 5"], ["jp-lamp", value]
    if column in {"kind", "organisation", "country"}:
        good = {"kind": "helpline", "organisation": "Childline", "country": "JP"}[column]
        rows[1][2] = good
    shown = Shown(edith, as_csv(*rows))
    assert len(shown.problems) == 1, shown.problems
    assert shown.problems[0].startswith("Row 3: ")
    assert reason in shown.problems[0]
    assert not shown.may_be_done
    assert facts() == before
    assert Revision.objects.of("country", "JP", "zxx").count() == 1


def test_ages_in_the_wrong_order_are_refused_as_in_the_form(edith, japan):
    shown = Shown(edith, as_csv(["key", "age_min", "age_max"], ["jp-lamp", "18", "12"]))
    assert shown.problems == ["Row 2: The highest age is below the lowest."]


def test_what_was_shown_is_done_only_while_it_would_do_the_same(edith, japan):
    shown = Shown(edith, as_csv(["key", "phone"], ["jp-lamp", "0120 777"]))
    Contact.objects.filter(key="jp-lamp").update(phone="0120 2")
    assert "Somebody has changed these contacts since you looked." in shown.press()
    assert Contact.objects.get(key="jp-lamp").phone == "0120 2"
    assert Revision.objects.of("country", "JP", "zxx").count() == 1


def test_nothing_is_left_when_writing_fails_half_way(edith, japan, monkeypatch):
    data = as_csv(["key", "phone"], ["jp-childline", "0120 5"], ["jp-lamp", "0120 6"])
    shown = Shown(edith, data)
    before = facts()

    def broken(*arguments, **more):
        raise workflow.Refused

    monkeypatch.setattr(workflow, "save_draft", broken)
    with pytest.raises(workflow.Refused):
        shown.press()
    assert facts() == before


def test_a_preview_belongs_to_who_has_seen_it_and_cannot_be_made_up(edith, japan):
    shown = Shown(edith, as_csv(["key", "phone"], ["jp-lamp", "0120 777"]))
    kept = {"kept": shown.answer.context["kept"]}
    emil = Desk(factories.editor("Emil"))
    assert emil.client.post(APPLY, kept).status_code == 403
    for text in ("", "made-up", kept["kept"][:-3]):
        answer = edith.client.post(APPLY, {"kept": text}, follow=True)
        assert "This preview has ended." in answer.content.decode()
    assert Contact.objects.get(key="jp-lamp").phone == "0120 1"


def test_both_steps_are_protected_against_other_sites(japan):
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.editor())
    for path in (IMPORT, APPLY):
        assert client.post(path, {}).status_code == 403


# --- Country partners -------------------------------------------------------------------------


@pytest.fixture
def paula() -> Desk:
    return Desk(factories.partner("JP"))


def test_a_partner_imports_contacts_of_their_countries(paula, japan):
    Shown(paula, as_csv(["key", "phone"], ["jp-lamp", "0120 777"])).press()
    assert newest("country", "JP", "zxx").created_by == paula.user


@pytest.mark.parametrize(
    "row",
    [
        ["ie-childline-by-ispcc", "IE", "helpline", "Other", "one-source"],
        ["brand-new", "IE", "helpline", "Other", "one-source"],
    ],
)
def test_a_partner_is_refused_for_another_country(paula, japan, row):
    head = ["key", "country", "kind", "organisation", "evidence"]
    shown = Shown(paula, as_csv(head, row, ["jp-lamp", "JP", "police", "Mine", "one-source"]))
    assert shown.problems == ["Row 2: You do not keep the contacts of IE."]
    assert not shown.may_be_done


def test_a_whole_export_comes_back_from_a_partner_who_changed_only_their_own(paula, japan):
    data = exported(paula).decode("utf-8-sig").replace("0120 1", "0120 777")
    shown = Shown(paula, data.encode())
    assert shown.problems == []
    shown.press()
    assert Contact.objects.get(key="jp-lamp").phone == "0120 777"


def test_a_partner_writes_no_remark(paula, japan):
    shown = Shown(paula, as_csv(["key", "remark_en"], ["jp-lamp", "They have a garden."]))
    assert shown.problems == ["Row 2: Remark: you may not write texts for readers."]
    head = ["key", "country", "kind", "organisation", "remark_en"]
    shown = Shown(paula, as_csv(head, ["jp-2", "JP", "police", "Two", "A garden."]))
    assert shown.problems == ["Row 2: Remark: you may not write this."]


# --- What is pointed out ----------------------------------------------------------------------


def test_the_same_number_in_a_country_and_a_last_helpline_are_pointed_out(edith, japan):
    rows = ["key", "phone", "ends_on"], ["jp-lamp", "116-111", "2026-01-01"]
    shown = Shown(edith, as_csv(*rows, ["jp-childline", "116 111", "2026-02-01"]))
    assert "Phone: The same stands in Childline (helpline)." in shown.text
    assert "JP: From 2026-02-01 on readers will find no helpline" in shown.text
    assert shown.may_be_done


def test_a_number_that_a_workbook_holds_as_a_number_is_doubted(edith, japan):
    rows = ["key", "phone", "age_min", "checked_on"], ["jp-lamp", 120777, 12, date(2026, 1, 2)]
    shown = Shown(edith, as_xlsx(*rows), "contacts.xlsx")
    assert "Phone: It is a number there, not a text" in shown.text
    shown.press()
    lamp = Contact.objects.get(key="jp-lamp")
    assert (lamp.phone, lamp.age_min, lamp.checked_on) == ("120777", 12, date(2026, 1, 2))


def test_a_file_of_all_contacts_asks_no_more_than_one_of_one(
    edith, japan, django_assert_max_num_queries
):
    for data in (as_csv(["key", "phone"], ["jp-lamp", "0120 1"]), exported(edith)):
        with django_assert_max_num_queries(9):
            Shown(edith, data)


def test_a_file_that_changes_too_much_at_once_is_to_be_cut(edith, japan, monkeypatch):
    monkeypatch.setattr(importing, "MOST_CHANGING", 1)
    same = ["jp-childline", "116 111"]
    assert Shown(edith, as_csv(["key", "phone"], ["jp-lamp", "1"], same)).may_be_done
    shown = Shown(edith, as_csv(["key", "phone"], ["jp-lamp", "1"], ["jp-childline", "2"]))
    assert shown.problems == [
        "It changes 2 contacts; 1 at once are the most. Make several files of it."
    ]
