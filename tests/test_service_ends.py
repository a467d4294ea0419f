"""A service that ends on a day: shown until then, gone from then on, everywhere."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from content.models import Contact, Revision
from content.publishing import workflow
from content.publishing.snapshots import SCHEMA
from tests import factories
from tests.admin_support import ASK, Desk, newest
from tests.baking import baked, files, only
from tests.factories import childline, digits, japan, publish
from tests.test_changes_page import entry

pytestmark = pytest.mark.django_db
TODAY = datetime.now(UTC).date()
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
PAGES = ("report/jp/", "report/jp/adults/", "embed/jp/", "poster/jp/", "poster/jp/staff/", "now/")


@pytest.fixture
def edith() -> Desk:
    return Desk(factories.editor())


@pytest.fixture
def two():
    """Two services, of which one may end."""
    country = japan()
    lamp = childline(country, key="jp-lamp", organisation="The Lamp", audience=["child", "parent"])
    childline(country, key="jp-other", organisation="Another", phone="0120 1")
    return lamp


def end(contact, day):
    Contact.objects.filter(pk=contact.pk).update(ends_on=day)
    publish(contact.country, "zxx")


@pytest.mark.parametrize("path", PAGES)
def test_it_is_shown_until_its_last_day_and_on_no_page_from_then_on(two, read, path):
    end(two, TOMORROW)
    assert "The Lamp" in read(f"/en/{path}").source
    end(two, TODAY)
    page = read(f"/en/{path}").source
    assert "The Lamp" not in page
    assert "Another" in page


def test_the_open_data_say_how_long_it_holds_and_leave_it_out_then(two, reader):
    def records():
        data = json.loads(reader.get("/data/contacts.json").content)
        return {record["id"]: record for record in data["contacts"]}

    end(two, TOMORROW)
    assert records()["jp-lamp"]["valid_until"] == TODAY.isoformat()
    end(two, TODAY)
    assert "jp-lamp" not in records()
    assert "jp-other" in records()
    assert "jp-lamp" not in reader.get("/data/contacts.csv").content.decode()


def test_a_card_is_good_until_the_last_day_of_its_services(two, read):
    end(two, TODAY + timedelta(days=5))
    last = TODAY + timedelta(days=4)
    assert f"Good until {last:%B} {last.day}, {last.year}." in read("/en/embed/jp/").main.text


def test_nobody_approves_anything_on_the_day_and_baked_pages_change(two, tmp_path, monkeypatch):
    only(monkeypatch, ["/en/", "/en/report/jp/"])
    end(two, TOMORROW)
    baked(tmp_path)
    assert b"The Lamp" in files(tmp_path)["en/report/jp/index.html"]
    for place in ("baking.bake", "views.directory"):
        monkeypatch.setattr(f"content.{place}.today", lambda: TOMORROW)
    baked(tmp_path)
    assert b"The Lamp" not in files(tmp_path)["en/report/jp/index.html"]


def test_the_changes_say_that_it_will_end_and_that_it_has_ended(two, read, monkeypatch):
    publish(two.country, "zxx")
    end(two, TOMORROW)
    (told,) = entry(read("/en/changes/"))
    assert any(line.startswith("The Lamp: It ends on") for line in told)
    monkeypatch.setattr("content.views.data.today", lambda: TOMORROW + timedelta(days=3))
    after, before = entry(read("/en/changes/"))
    assert after == ["The Lamp: It has ended."]
    assert before == told


def test_an_end_that_is_approved_on_its_day_is_told_once_and_a_removal_later_not_at_all(two, read):
    publish(two.country, "zxx")
    end(two, YESTERDAY)
    (told,) = entry(read("/en/changes/"))
    assert "The Lamp: It has ended." in told
    two.delete()
    publish(japan(), "zxx")
    assert [line for line in entry(read("/en/changes/"))[0] if "Lamp" in line] == [
        "The Lamp: It has ended."
    ]


# --- In the staff area ------------------------------------------------------------------------


def test_the_day_is_written_in_the_form_and_goes_live_by_approval(edith, two, read):
    publish(two.country, "zxx")
    form = edith.edit(two)
    form["ends_on"] = TODAY.isoformat()
    form.press(ASK)
    revision = newest("country", "JP", "zxx")
    lamp = next(c for c in revision.content["contacts"] if c["key"] == "jp-lamp")
    assert (lamp["ends_on"], revision.content["schema"]) == (TODAY.isoformat(), SCHEMA)
    assert "The Lamp" in read("/en/report/jp/").source
    workflow.approve(revision, factories.approver(), digits=digits(revision))
    assert "The Lamp" not in read("/en/report/jp/").source


@pytest.mark.parametrize("day", ["2206-03-01", "1926-03-01", "soon"])
def test_a_day_that_can_only_be_a_slip_is_refused(edith, two, day):
    form = edith.edit(two)
    form["ends_on"] = day
    refused = form.press()
    assert refused.response.context["adminform"].form.errors["ends_on"]
    two.refresh_from_db()
    assert two.ends_on is None


def test_the_last_helpline_of_a_country_warns_editor_and_approver(edith, two):
    anna = Desk(factories.approver())
    warning = "readers will find no helpline in this country"
    form = edith.edit(two)
    form["ends_on"] = TOMORROW.isoformat()
    assert warning not in form.press(ASK).page.text
    form = edith.edit(Contact.objects.get(key="jp-other"))
    form["ends_on"] = YESTERDAY.isoformat()
    saved = form.press(ASK)
    assert f"From {TOMORROW.isoformat()} on {warning}" in saved.messages
    path = f"/admin/content/revision/{newest('country', 'JP', 'zxx').pk}/approve/"
    assert warning in anna.see(path).text


def test_the_list_says_that_it_has_ended_and_nobody_has_to_check_it(edith, two):
    Contact.objects.exclude(pk=two.pk).delete()
    address = "/admin/content/contact/?check=never"
    assert "The Lamp" in edith.see(address).text
    Contact.objects.filter(pk=two.pk).update(ends_on=TODAY)
    assert "The Lamp" not in edith.see(address).text
    (row,) = [r for r in edith.see("/admin/content/contact/").all("tr") if "The Lamp" in r.text]
    assert [image["alt"] for image in row.all("img")] == ["False"]
    assert f"no: it ended on {TODAY.isoformat()}" in edith.edit(two.country).page.text
    Contact.objects.filter(pk=two.pk).update(ends_on=TOMORROW)
    assert f"yes, it ends on {TOMORROW.isoformat()}" in edith.edit(two.country).page.text


# --- Older revisions, backups, the seed -------------------------------------------------------


def test_a_revision_from_before_is_shown_restored_and_no_reason_for_a_draft(two, edith, read):
    publish(two.country, "zxx")
    live = workflow.live("country", "JP", "zxx")
    old = {**live.content, "schema": 1}
    old["contacts"] = [
        {name: value for name, value in contact.items() if name != "ends_on"}
        for contact in live.content["contacts"]
    ]
    workflow.withdraw(live, factories.approver(), "made anew")
    values = {"kind": "country", "key": "JP", "language": "zxx", "number": 99, "title": "JP"}
    moments = dict.fromkeys(("created_at", "submitted_at", "approved_at"), live.approved_at)
    before = Revision.objects.create(**values, **moments, content=old, is_live=True)
    assert "The Lamp" in read("/en/report/jp/").source
    assert workflow.save_draft(japan(), "zxx", edith.user) is None
    Contact.objects.filter(pk=two.pk).update(ends_on=TODAY)
    publish(japan(), "zxx")
    workflow.restore(before, edith.user)
    two.refresh_from_db()
    assert two.ends_on is None


def test_the_day_is_restored_with_its_revision(two, edith):
    end(two, TOMORROW)
    ending = newest("country", "JP", "zxx")
    end(two, None)
    workflow.restore(ending, edith.user)
    two.refresh_from_db()
    assert two.ends_on == TOMORROW
