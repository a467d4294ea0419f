"""The log of changes of the directory: what changed, never an old number, never who did it."""

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
from babel.dates import format_date
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content.directory.changes import days
from content.models import Contact, Revision
from content.publishing import live, workflow
from tests.factories import approver, childline, digits, draft, editor, japan, publish

pytestmark = pytest.mark.django_db

OLD, NEW = "0120 111 111", "0120 222 222"


@pytest.fixture
def log(read):
    """The log as the database is now, in a language."""
    return lambda language="en": read(f"/{language}/changes/")


@pytest.fixture
def days_ago(monkeypatch):
    """Let what happens inside have happened some days ago; the database refuses later changes."""

    @contextmanager
    def moved(days):
        moment = timezone.now() - timedelta(days=days)
        with monkeypatch.context() as patch:
            patch.setattr(timezone, "now", lambda: moment)
            yield

    return moved


@pytest.fixture
def helpline(days_ago):
    """A service in a country whose first release is long ago."""
    contact = childline(japan(), phone=OLD)
    with days_ago(400):
        publish(contact.country, "zxx")
    return contact


def change(contact, **facts):
    """Change a service and release that."""
    for name, value in facts.items():
        setattr(contact, name, value)
    contact.save()
    return publish(contact.country, "zxx")


def entry(page, country="Japan"):
    """What the log says of a country, a list for each day, the newest first."""
    found = []
    for heading in page.main.all("h3"):
        if heading.text == country:
            parts = heading.parent.parts
            following = parts[parts.index(heading) + 1 :]
            items = next(part for part in following if not isinstance(part, str))
            found.append([item.text for item in items.all("li")])
    return found


def test_it_starts_with_what_shipped(log):
    page = log()
    (first,) = entry(page, "Ireland")
    count = len(workflow.live("country", "IE", "zxx").content["contacts"])
    assert first == [f"Added to the directory with {count} services."]
    assert "/en/report/ie/" in page.main.links
    assert entry(page, "In every country") != []
    assert len(page.main.all("h2")) == 1
    names = [heading.text for heading in page.main.all("h3")]
    assert names.index("Austria") < names.index("Belgium") < names.index("Ireland")


def test_a_country_with_one_service_has_one_service(log):
    childline(japan())
    publish(japan(), "zxx")
    assert entry(log()) == [["Added to the directory with 1 service."]]


def test_a_new_number_is_said_and_no_number_is_shown(log, helpline):
    change(helpline, phone=NEW)
    page = log()
    assert entry(page) == [["Childline: A number has changed."]]
    for number in (OLD, NEW):
        assert number not in page.source
        assert number.replace(" ", "") not in page.source


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"phone_international": "+81 3 1"}, "A number has changed."),
        ({"sms": "12 34"}, "A number has changed."),
        ({"whatsapp": "+81 3 1"}, "A number has changed."),
        ({"chat_url": "https://jp.example/"}, "A web or e-mail address has changed."),
        ({"report_url": "https://jp.example/"}, "A web or e-mail address has changed."),
        ({"email": "a@jp.example"}, "A web or e-mail address has changed."),
        ({"website": "https://jp.example/"}, "A web or e-mail address has changed."),
        ({"phone_hours": "Mo-Fr 09:00-17:00"}, "The hours have changed."),
        ({"hours_text": "By appointment"}, "The hours have changed."),
        ({"time_zone": "Asia/Tokyo"}, "The hours have changed."),
        ({"languages": ["ja"]}, "The languages that they speak have changed."),
        ({"audience": ["parent"]}, "Who it is for has changed."),
        ({"age_max": 18}, "Who it is for has changed."),
        ({"answered_by": "police"}, "The answers to read before you call have changed."),
        ({"cost": "paid"}, "The answers to read before you call have changed."),
        ({"on_bill": "no"}, "The answers to read before you call have changed."),
        ({"anonymity": "yes"}, "The answers to read before you call have changed."),
        ({"tells_others": "never"}, "The answers to read before you call have changed."),
        ({"sources": ["https://b.example"]}, "Our sources have changed."),
        ({"evidence": "two-sources"}, "Our sources have changed."),
        ({"kind": "police"}, "What kind of help it gives has changed."),
    ],
)
def test_each_group_of_facts_has_its_sentence(log, helpline, facts, sentence):
    change(helpline, **facts)
    assert entry(log()) == [[f"Childline: {sentence}"]]


def test_every_fact_of_a_service_has_a_sentence(log, helpline):
    """A fact that is added to the directory one day must not change in silence."""
    revision = change(helpline, phone=NEW)
    (contact,) = revision.content["contacts"]
    for name in set(contact) - {"key"}:
        other = {**contact, name: ["x"] if isinstance(contact[name], list) else "2026-05-01"}
        before = {**revision.content, "contacts": [contact]}
        after = {**revision.content, "contacts": [other]}
        found = [live.Change("JP", timezone.now(), before, after)]
        assert _lines(found), name


def _lines(found):
    return [
        sentence
        for day in days(found, [], "en", "en", live.Index())
        for each in day.entries
        for service in each.services.values()
        for sentence in service.sentences
    ]


def test_a_check_is_told_with_its_day(log, helpline):
    day = timezone.now().date().replace(day=1)
    change(helpline, checked_on=day)
    shown = f"Confirmed with the service on {day:%B} 1, {day.year}."
    assert entry(log()) == [[f"Childline: {shown}"]]
    change(helpline, checked_on=None)
    assert "Not yet confirmed with the service." in entry(log())[0][0]


def test_a_new_service_and_one_that_is_gone_are_told(log, helpline, days_ago):
    childline(helpline.country, key="jp-new", organisation="Telephone for the Young")
    with days_ago(3):
        publish(helpline.country, "zxx")
    assert entry(log()) == [["Telephone for the Young: New in the directory."]]
    Contact.objects.get(key="jp-new").delete()
    publish(helpline.country, "zxx")
    assert entry(log()) == [
        ["Telephone for the Young: No longer in the directory."],
        ["Telephone for the Young: New in the directory."],
    ]


def test_a_name_that_holds_a_number_is_not_shown(log, helpline):
    emergency = childline(
        helpline.country, key="jp-129", organisation="Emergency 129", phone="129", kind="emergency"
    )
    publish(helpline.country, "zxx")
    emergency.delete()
    publish(helpline.country, "zxx")
    page = log()
    assert entry(page) == [
        ["An emergency number: No longer in the directory. New in the directory."]
    ]
    assert "129" not in page.main.text


def test_emergency_numbers_that_change_are_told_without_them(log, helpline):
    country = helpline.country
    country.emergency_numbers = [{"number": "119", "for": "fire", "evidence": "one-source"}]
    country.save()
    publish(country, "zxx")
    page = log()
    assert entry(page) == [["The emergency numbers have changed."]]
    assert not re.search(r"\b11[09]\b", page.main.text)


def test_better_sources_of_an_emergency_number_are_told_as_such(log, helpline):
    country = helpline.country
    country.emergency_numbers = [{**country.emergency_numbers[0], "evidence": "two-sources"}]
    country.save()
    publish(country, "zxx")
    assert entry(log()) == [["The sources of the emergency numbers have changed."]]


def test_facts_about_the_country_are_told(log, helpline):
    country = helpline.country
    country.languages = ["ja", "en"]
    country.save()
    publish(country, "zxx")
    assert entry(log()) == [["Facts about the country itself have changed."]]


def test_a_country_that_is_withdrawn_and_comes_back_is_told(log, helpline, reader):
    workflow.withdraw(workflow.live("country", "JP", "zxx"), approver(), "Mary asked for it")
    page = log()
    assert entry(page) == [["Taken out of the directory."]]
    assert "/en/report/jp/" not in page.main.links
    assert "Mary" not in page.source
    change(helpline, phone=NEW)
    (today,) = entry(log())
    assert today[0] == "Back in the directory."
    assert "Childline: A number has changed." in today


def test_withdrawing_what_was_replaced_already_is_no_change(log, helpline):
    old = workflow.live("country", "JP", "zxx")
    change(helpline, phone=NEW)
    workflow.withdraw(Revision.objects.get(pk=old.pk), approver(), "")
    assert entry(log()) == [["Childline: A number has changed."]]


def test_a_restored_revision_appears_as_a_change(log, helpline, days_ago):
    first = workflow.live("country", "JP", "zxx")
    with days_ago(2):
        change(helpline, phone=NEW)
    restored = workflow.restore(first, editor())
    workflow.submit(restored)
    workflow.approve(restored, approver(), digits=digits(restored))
    assert entry(log()) == [["Childline: A number has changed."]] * 2


def test_days_stand_in_order_the_newest_first(log, helpline, days_ago):
    with days_ago(40):
        change(helpline, cost="paid")
    with days_ago(20):
        change(helpline, phone_hours="")
    change(helpline, phone=NEW)
    assert [lines[0].split(": ")[1] for lines in entry(log())] == [
        "A number has changed.",
        "The hours have changed.",
        "The answers to read before you call have changed.",
    ]


def test_changes_of_a_year_ago_and_more_are_not_told(log, helpline, days_ago):
    with days_ago(370):
        change(helpline, cost="paid")
    assert entry(log()) == []
    change(helpline, phone=NEW)
    assert entry(log()) == [["Childline: A number has changed."]]


def test_drafts_and_remarks_are_no_changes(log, helpline):
    helpline.phone = NEW
    helpline.remark_en = "Ask for Mary."
    helpline.save()
    draft(helpline.country, "zxx")
    draft(helpline.country, "en")
    assert entry(log()) == []


def test_an_empty_log_says_so(log, monkeypatch):
    monkeypatch.setattr(live, "CHANGES_FOR", timedelta(days=-1))
    assert "Nothing has changed in the last 12 months." in log().main.text


def test_nobody_is_named(log, helpline):
    change(helpline, phone=NEW)
    for word in ("Edith", "Anna"):
        assert word not in log().source


def test_another_language_has_its_own_names_and_dates(log, helpline):
    today = timezone.now().date()
    change(helpline, checked_on=today)
    page = log("fr")
    day = format_date(today, "long", locale="fr")
    assert day in [heading.text for heading in page.main.all("h2")]
    ((line,),) = entry(page, "Japon")
    assert line == f"Childline: Vérifié auprès du service le {day}."
    assert entry(page, "Japan") == []
    assert "/fr/report/jp/" in page.main.links
    (name,) = [e for e in page.main.all("bdi") if e.text == "Childline"]
    assert name.language == "en"


def test_the_log_stands_in_the_frame_of_the_site(log, reader):
    assert log("ar").html["dir"] == "rtl"
    assert log().one("link", rel="canonical")["href"] == f"{settings.SITE_URL}/en/changes/"
    assert reader.get("/en/changes/")["Cache-Control"] == "no-store"
    assert reader.post("/en/changes/").status_code == 405


def test_it_takes_the_same_queries_with_a_long_history(reader, helpline):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            reader.get("/en/changes/")
        return [query["sql"] for query in captured.captured_queries]

    change(helpline, phone=NEW)
    few = statements()
    for number in range(20):
        change(helpline, phone=f"0120 {number}")
    many = statements()
    assert len(few) == len(many) <= 4
    for statement in many:
        assert set(re.findall(r'(?:FROM|JOIN) "(\w+)"', statement)) == {"content_revision"}


def test_no_more_than_100_changes_and_no_other_content_is_read(reader, helpline, monkeypatch):
    for number in range(12):
        change(helpline, phone=f"0120 {number}")
    since = timezone.now() - timedelta(days=365)
    found = live.changes(since, 5)
    assert len(found) == 5
    assert all(item.key == "JP" and item.before for item in found)
    with CaptureQueriesContext(connection) as captured:
        live.changes(since, 5)
    moments, contents = [query["sql"] for query in captured.captured_queries]
    assert '"content"' not in moments
    assert len(re.search(r"IN \(([^)]*)\)", contents)[1].split(",")) == 6


def test_an_old_history_is_not_read(helpline, days_ago):
    for number in range(5):
        with days_ago(390 - number):
            change(helpline, phone=f"0120 {number}")
    change(helpline, phone=NEW)
    with CaptureQueriesContext(connection) as captured:
        found = live.changes(timezone.now() - timedelta(days=365), 100)
    assert [item.key for item in found].count("JP") == 1
    count = Revision.objects.filter(kind="country", is_live=True, language="zxx").count()
    pks = re.search(r"IN \(([^)]*)\)", captured.captured_queries[1]["sql"])[1].split(",")
    assert len(pks) == count + 1
