"""`manage.py seed`: loads the campaign, never over an editor's change, all of it or nothing."""

import json
import re
import shutil
from datetime import date
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from content.models import Contact, Country, Page, Revision, Section
from content.publishing import workflow
from content.seed import directory, texts, translations
from tests.factories import approver, editor, ireland, publish, waiting

pytestmark = pytest.mark.django_db

FRIEND = "pages/05-friend.md"
STOP = "pages/03-stop.md"


def seed():
    """Run the command and return what it says."""
    out = StringIO()
    call_command("seed", stdout=out)
    return out.getvalue()


class Shipped:
    """A copy of the shipped files that a test may change."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, name):
        folder = "directory" if name.endswith(".json") else "english"
        return self.root / folder / name

    def change(self, name, before, after):
        path = self.path(name)
        source = path.read_text("utf-8")
        assert before in source, f"{name} has no {before!r}"
        path.write_text(source.replace(before, after, 1), "utf-8")

    def rows(self, name, change):
        path = self.path(name)
        rows = json.loads(path.read_text("utf-8"))
        change(rows)
        path.write_text(json.dumps(rows), "utf-8")


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    for folder in ("english", "directory", "translations"):
        shutil.copytree(texts.ROOT / folder, tmp_path / folder)
    readers = [
        (texts, "read_all", "english"),
        (translations, "read_all", "translations"),
        (directory, "read_countries", "directory"),
        (directory, "read_contacts", "directory"),
    ]
    for module, name, folder in readers:
        read = partial(getattr(module, name), root=tmp_path / folder)
        monkeypatch.setattr(module, name, read)
    return Shipped(tmp_path)


def live_title(key, language="en"):
    return workflow.live("page", key, language).title


def friend():
    return Page.objects.get(key="friend")


# --- What it loads -----------------------------------------------------------------------------


def test_loads_the_whole_campaign():
    assert Contact.objects.count() == 252
    assert Country.objects.filter(scope="country").count() == 45
    assert set(Country.objects.exclude(scope="country").values_list("code", "scope")) == {
        ("EU", "region"),
        ("WW", "world"),
    }
    counts = {
        kind: Revision.objects.live().filter(kind=kind, language__in=["en", "zxx"]).count()
        for kind in Revision.Kind.values
    }
    assert counts.pop("figure") >= 20
    assert counts.pop("term") >= 20
    assert counts.pop("phrase") >= 10
    assert counts == {
        "page": 17,
        "situation": 15,
        "guide-step": 33,
        "scenario": 12,
        "platform": 15,
        "country": 47,
    }


def test_every_live_text_says_what_its_working_copy_says():
    """A second person opens the form and finds what readers see."""
    for revision in Revision.objects.live().filter(language__in=["en", "fr", "ar", "zxx"]):
        item = workflow.find(revision.kind, revision.key)
        assert workflow.snapshot(item, revision.language) == revision.content, str(revision)


def test_a_second_run_changes_nothing_and_says_so():
    before = Revision.objects.count()
    said = seed()
    assert "0 added, 0 updated" in said
    assert "0 kept" in said
    assert Revision.objects.count() == before


def test_nobody_is_named_as_the_approver_of_what_ships():
    revision = workflow.live("page", "home", "en")
    assert (revision.origin, revision.approved_by, revision.created_by) == ("shipped", None, None)


# --- What staff have changed stays -------------------------------------------------------------


def test_a_text_that_staff_published_is_kept(shipped):
    page = friend()
    page.title_en = "What staff wrote"
    page.save()
    publish(page)
    said = seed()
    assert "kept: page:friend en" in said
    assert live_title("friend") == "What staff wrote"
    page.refresh_from_db()
    assert page.title_en == "What staff wrote"


def test_a_draft_of_staff_is_kept_when_the_shipped_text_changes(shipped):
    page = friend()
    page.title_en = "A draft"
    page.save()
    revision = waiting(page)
    shipped.change(FRIEND, "title: ", "title: New: ")
    said = seed()
    assert "kept: page:friend en" in said
    page.refresh_from_db()
    assert page.title_en == "A draft"
    workflow.approve(revision, approver())
    assert live_title("friend") == "A draft"


def test_a_text_that_staff_withdrew_stays_withdrawn():
    workflow.withdraw(workflow.live("page", "friend", "en"), approver(), "out of date")
    assert "0 added, 0 updated" in seed()
    assert workflow.live("page", "friend", "en") is None


def test_a_withdrawn_text_stays_withdrawn_when_the_shipped_text_changes(shipped):
    workflow.withdraw(workflow.live("page", "friend", "en"), approver(), "out of date")
    shipped.change(FRIEND, "title: ", "title: New: ")
    assert "kept: page:friend en" in seed()
    assert workflow.live("page", "friend", "en") is None


def test_a_page_that_staff_deleted_does_not_come_back(shipped):
    friend().delete()
    shipped.change(FRIEND, "title: ", "title: New: ")
    seed()
    assert not Page.objects.filter(key="friend").exists()


def test_a_number_that_staff_published_is_kept(shipped):
    Contact.objects.filter(key="ie-childline-by-ispcc").update(phone="1800 12 34 56")
    publish(ireland(), "zxx")
    shipped.rows("contacts.json", lambda rows: [r.update(phone="999") for r in rows])
    said = seed()
    assert "kept: country:IE" in said
    assert Contact.objects.get(key="ie-childline-by-ispcc").phone == "1800 12 34 56"


def test_a_number_that_staff_saved_but_nobody_approved_is_kept(shipped):
    Contact.objects.filter(key="ie-childline-by-ispcc").update(phone="1800 12 34 56")

    def change(rows):
        row = next(row for row in rows if row["id"] == "ie-childline-by-ispcc")
        row.update(phone="999", cost="paid")

    shipped.rows("contacts.json", change)
    seed()
    contact = Contact.objects.get(key="ie-childline-by-ispcc")
    assert (contact.phone, contact.cost) == ("1800 12 34 56", "paid")


def test_a_confirmation_by_staff_is_kept(shipped):
    Contact.objects.filter(key="ie-childline-by-ispcc").update(
        checked_on=date(2026, 1, 2), checked_by=editor()
    )
    shipped.rows("contacts.json", lambda rows: [r.update(hours_text="new") for r in rows])
    seed()
    contact = Contact.objects.get(key="ie-childline-by-ispcc")
    assert (contact.checked_on, contact.checked_by) == (date(2026, 1, 2), editor())


# --- What nobody has touched follows -----------------------------------------------------------


def test_a_new_shipped_text_replaces_the_old_one(shipped, read):
    shipped.change(FRIEND, "title: ", "title: New: ")
    assert "1 updated" in seed()
    assert live_title("friend").startswith("New: ")
    assert friend().title_en.startswith("New: ")
    assert read("/en/friend/").title.startswith("New: ")


def test_a_section_that_no_longer_ships_is_gone(shipped):
    before = set(Section.objects.filter(page__key="friend").values_list("key", flat=True))
    path = shipped.path(FRIEND)
    blocks = path.read_text("utf-8").split("\n## ")
    path.write_text("\n## ".join(blocks[:-1]), "utf-8")
    (gone,) = re.findall(r"\{#([a-z-]+)", blocks[-1].splitlines()[0])
    seed()
    after = set(Section.objects.filter(page__key="friend").values_list("key", flat=True))
    assert before - after == {gone}


def test_a_new_number_replaces_the_old_one_in_all_languages(shipped, read):
    def change(rows):
        next(row for row in rows if row["id"] == "ie-childline-by-ispcc")["phone"] = "1800 1"

    shipped.rows("contacts.json", change)
    assert "1 updated" in seed()
    assert "tel:18001" in read("/ka/report/ie/").links


def test_a_service_that_is_new_is_added(shipped, read):
    def change(rows):
        row = next(row for row in rows if row["id"] == "ie-childline-by-ispcc")
        rows.append(row | {"id": "ie-new", "organisation": "A new service"})

    shipped.rows("contacts.json", change)
    seed()
    assert "A new service" in read("/en/report/ie/").main.text


def test_the_old_text_stays_in_the_history(shipped):
    old = workflow.live("page", "friend", "en")
    shipped.change(FRIEND, "title: ", "title: New: ")
    seed()
    assert [r.number for r in Revision.objects.of("page", "friend", "en")] == [2, 1]
    old.refresh_from_db()
    assert not old.is_live


# --- A broken file -----------------------------------------------------------------------------


def breaks(name, before, after):
    return lambda shipped: shipped.change(name, before, after)


def row_breaks(**values):
    return lambda shipped: shipped.rows("contacts.json", lambda rows: rows[4].update(values))


BROKEN = {
    "a heading without a key": (
        breaks(FRIEND, "\n## ", "\n## No key here\n\n## "),
        [FRIEND, "row", "heading", "## Heading {#key}"],
    ),
    "an unknown layout": (
        breaks(STOP, " .steps}", " .banner}"),
        [STOP, "row", "layout", "'banner' is none of"],
    ),
    "a head that is not closed": (
        lambda shipped: shipped.path(FRIEND).write_text("---\nkey: friend\n", "utf-8"),
        [FRIEND, "row 1", "head", "no closing line"],
    ),
    "a head without a title": (
        breaks(FRIEND, "\ntitle: ", "\nsubtitle: "),
        [FRIEND, "title", "needs this line"],
    ),
    "a key used twice": (
        breaks(STOP, "\n## ", "\n## Again {#different}\n\n## "),
        [STOP, "key", "different is used in row"],
    ),
    "text that is not UTF-8": (
        lambda shipped: shipped.path(FRIEND).write_bytes(b"\xff\xfe"),
        [FRIEND, "row 1", "not UTF-8"],
    ),
    "a word that blames": (
        breaks("situations.md", "lead: ", "lead: You should have known. "),
        ["situations.md", "row", "lead", "should have"],
    ),
    "a link that leads nowhere": (
        breaks(FRIEND, "](page:", "](page:nowhere-"),
        [FRIEND, "row", "body", "leads nowhere"],
    ),
    "an unknown verdict": (
        breaks("scenarios.md", ".okay}", ".fine}"),
        ["scenarios.md", "row", "verdict", "'fine' is none of"],
    ),
    "a number that is none": (
        breaks("figures.md", "number: 84", "number: many"),
        ["figures.md", "row", "number", "'many' is not a plain number"],
    ),
    "a link of a platform over http": (
        breaks("platforms.md", "seen https:", "seen http:"),
        ["platforms.md", "row", "link", "https://"],
    ),
    "a missing file": (
        lambda shipped: shipped.path("terms.md").unlink(),
        ["terms.md", "file", "missing"],
    ),
    "JSON that is cut off": (
        lambda shipped: shipped.path("contacts.json").write_text("[{", "utf-8"),
        ["contacts.json", "line 1", "file", "not JSON"],
    ),
    "a list that is none": (
        lambda shipped: shipped.path("countries.json").write_text("{}", "utf-8"),
        ["countries.json", "Expected a list"],
    ),
    "a phone number in words": (
        row_breaks(phone="call us"),
        ["contacts.json", "row 5", "phone", "digits and spaces"],
    ),
    "hours that nobody can read": (
        row_breaks(phone_hours="in the evening"),
        ["contacts.json", "row 5", "phone_hours", "Write 24/7, or days and times"],
    ),
    "an address without https": (
        row_breaks(website="http://childline.example"),
        ["contacts.json", "row 5", "website", "valid URL"],
    ),
    "an unknown country": (
        row_breaks(country="XX"),
        ["contacts.json", "row 5", "country", "'XX' is not in countries.json"],
    ),
    "an unknown field": (
        row_breaks(fax="1"),
        ["contacts.json", "row 5", "fax", "no such field"],
    ),
    "an unknown kind": (
        row_breaks(kind="friend"),
        ["contacts.json", "row 5", "kind", "friend"],
    ),
    "an unknown audience": (
        row_breaks(audience=["dog"]),
        ["contacts.json", "row 5", "audience", "'dog' is no audience"],
    ),
    "an id used twice": (
        lambda shipped: shipped.rows("contacts.json", lambda rows: rows.append(rows[0])),
        ["contacts.json", "row 253", "id", "eu-112 is in row 1 already"],
    ),
    "ages the wrong way round": (
        row_breaks(age_min=18, age_max=5),
        ["contacts.json", "row 5", "highest age is below the lowest"],
    ),
    "an unknown time zone": (
        lambda shipped: shipped.rows(
            "countries.json", lambda rows: rows[0].update(time_zones=["Europe/Atlantis"])
        ),
        ["countries.json", "row 1", "time_zones", "'Europe/Atlantis' is no time zone"],
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_file_is_named_with_row_and_field_and_nothing_is_written(shipped, fault):
    # A harmless change in a file that is read first must not be written either.
    shipped.change("pages/01-home.md", "title: ", "title: New: ")
    plant, expected = BROKEN[fault]
    plant(shipped)
    before = Revision.objects.count()
    with pytest.raises(CommandError) as error:
        seed()
    message = str(error.value)
    for part in [*expected, "Nothing was written."]:
        assert part in message, message
    assert Revision.objects.count() == before
    assert not live_title("home").startswith("New: ")
    assert not Page.objects.get(key="home").title_en.startswith("New: ")


def test_a_page_without_its_working_copy_does_not_stop_the_seed():
    revision = workflow.live("page", "friend", "en")
    friend().delete()
    assert "Seed:" in seed()
    revision.refresh_from_db()
    assert revision.is_live
