"""The directory as open data: JSON and CSV that keep to a schema, readable from other sites."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from content.directory import opendata, opendata_schema
from content.models import Contact
from content.seed.directory import DIRECTORY
from tests.factories import childline, ireland, japan, publish

pytestmark = pytest.mark.django_db

JSON, CSV, SCHEMA = "/data/contacts.json", "/data/contacts.csv", "/data/contacts.schema.json"
FILES = (JSON, CSV, SCHEMA)
SHIPPED = json.loads((DIRECTORY / "contacts.json").read_text("utf-8"))
CHANNELS = ("phone", "sms", "whatsapp", "chat_url", "report_url", "email", "website")
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@pytest.fixture(scope="module")
def data(site):
    """The shipped directory as JSON."""
    return json.loads(site.answer(JSON).content)


@pytest.fixture(scope="module")
def schema(site):
    return json.loads(site.answer(SCHEMA).content)


@pytest.fixture(scope="module")
def validator(schema):
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.fixture
def current(reader):
    """The data as the database is now."""
    return lambda: json.loads(reader.get(JSON).content)


@pytest.fixture
def record_of(current):
    """The record of a service of a country once that is published; None when it is not there."""

    def find(contact):
        publish(contact.country, "zxx")
        found = [record for record in current()["contacts"] if record["id"] == contact.key]
        return found[0] if found else None

    return find


def rows(response):
    """The rows of the table by the names in its header."""
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def days_ago(days):
    return datetime.now(UTC).date() - timedelta(days=days)


# --- The schema --------------------------------------------------------------------------------


def test_the_schema_is_a_schema_and_knows_its_own_address(schema):
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == settings.SITE_URL + SCHEMA


def test_the_data_keeps_to_the_schema_that_is_served(data, validator):
    validator.validate(data)
    assert data["schema"] == settings.SITE_URL + SCHEMA
    assert len(data["contacts"]) > 200
    assert len(data["countries"]) == 47


def test_what_staff_can_enter_keeps_to_the_schema(validator, current):
    country = japan()
    fields = ("kind", "cost", "anonymity", "on_bill", "tells_others", "answered_by")
    for field in fields:
        for value in Contact._meta.get_field(field).flatchoices:
            childline(country, key=f"jp-{field}-{value[0]}", **{field: value[0]})
    childline(
        country,
        key="jp-full",
        phone_international="+81 (3) 1234-5678",
        phone_hours="Mo-Fr 09:00-17:00; Sa 10:00-12:00; PH off",
        sms="12 34",
        whatsapp="+81 3 1234",
        chat_url="https://jp.example/チャット",
        report_url="https://jp.example/report?a=1#b",
        email="help@jp.example",
        hours_text="By appointment",
        time_zone="Asia/Tokyo",
        audience=Contact.Audience.values,
        age_min=0,
        age_max=99,
        checked_on=days_ago(1),
        sources=["https://a.example/é", "https://a.example/é", "seen by Mary on a poster"],
    )
    publish(country, "zxx")
    data = current()
    validator.validate(data)
    full = next(record for record in data["contacts"] if record["id"] == "jp-full")
    assert full["sources"] == ["https://a.example/é"]


@pytest.mark.parametrize(
    "fault",
    [
        lambda record: record.pop("valid_until"),
        lambda record: record.pop("sources"),
        lambda record: record.update(sources=[]),
        lambda record: record.update(note="Ask Mary."),
        lambda record: record.update(kind="shop"),
        lambda record: record.update(evidence="unsourced"),
        lambda record: record.update(phone="call us"),
        lambda record: record.update(phone=""),
        lambda record: record.update(phone_hours="from nine to five"),
        lambda record: record.update(website="http://jp.example"),
        lambda record: record.update(valid_until="2026-02-31"),
        lambda record: record.update(age_max=100),
        lambda record: record.update(id=None),
    ],
)
def test_the_schema_refuses_what_is_wrong(data, validator, fault):
    changed = json.loads(json.dumps(data))
    fault(changed["contacts"][0])
    with pytest.raises(ValidationError):
        validator.validate(changed)


def test_the_schema_says_what_every_field_means(schema):
    for name in ("contact", "country", "emergency_number"):
        described = schema["$defs"][name]
        assert described["additionalProperties"] is False
        assert described["required"] == list(described["properties"])
        for field, rules in described["properties"].items():
            assert len(rules["description"]) > 9, field
    assert schema["additionalProperties"] is False


def test_the_schema_has_the_choices_of_the_models(schema):
    fields = schema["$defs"]["contact"]["properties"]
    for name in ("kind", "cost", "anonymity", "on_bill", "tells_others", "answered_by"):
        choices = Contact._meta.get_field(name).flatchoices
        assert fields[name]["enum"] == [value for value, _ in choices], name
    assert fields["audience"]["items"]["enum"] == Contact.Audience.values


# --- The data ----------------------------------------------------------------------------------


def test_the_data_says_whose_it_is_and_what_one_may_do_with_it(data):
    assert data["licence"] == {"name": "CC BY 4.0", "url": LICENCE}
    assert settings.SITE_URL in data["attribution"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", data["generated"])


def test_ids_are_unique_and_those_that_shipped(data):
    ids = [record["id"] for record in data["contacts"]]
    assert len(ids) == len(set(ids))
    assert set(ids) <= {row["id"] for row in SHIPPED}


def test_an_id_stays_when_the_facts_change(current, record_of):
    contact = ireland().contacts.get(key="ie-childline-by-ispcc")
    before = {record["id"] for record in current()["contacts"]}
    contact.phone, contact.organisation, contact.position = "1800 000 000", "Renamed", 99
    contact.save()
    assert record_of(contact)["phone"] == "1800 000 000"
    assert {record["id"] for record in current()["contacts"]} == before


def test_every_record_has_sources_evidence_dates_and_a_way_to_reach_it(data):
    for record in data["contacts"]:
        assert record["sources"], record["id"]
        assert record["evidence"] in {"two-sources", "one-source", "law"}, record["id"]
        assert date.fromisoformat(record["valid_until"]) > date.fromisoformat(record["released_on"])
        assert "checked_on" in record
        assert any(record[channel] for channel in CHANNELS), record["id"]


def test_112_in_the_eu_has_the_law_as_its_source_where_no_page_was_seen(data):
    by_law = [record for record in data["contacts"] if record["evidence"] == "law"]
    assert len(by_law) > 10
    for record in by_law:
        assert (record["phone"], record["kind"]) == ("112", "emergency")
        assert record["sources"][-1].startswith("https://eur-lex.europa.eu/")
    numbers = {country["code"]: country["emergency_numbers"] for country in data["countries"]}
    assert [n["evidence"] for n in numbers["AT"] if n["number"] == "112"] == ["law"]
    assert [n["evidence"] for n in numbers["AL"] if n["number"] == "112"] == ["unsourced"]


def test_every_service_that_readers_see_is_in_the_data(data, site):
    """The other way round too: what is in the data stands on the page that it names."""
    for code in ("IE", "DE", "PL", "AL", "AU"):
        records = {r["id"]: r["url"] for r in data["contacts"] if r["country"] == code}
        path = f"/en/report/{code.lower()}/"
        page = site.page(path)
        shown = {e["id"] for e in page.all("article") if e.get("id").startswith(f"{code.lower()}-")}
        assert set(records) == shown != set(), code
        assert set(records.values()) == {f"{settings.SITE_URL}{path}#{key}" for key in shown}


def test_countries_and_services_stand_in_a_lasting_order(data):
    codes = [country["code"] for country in data["countries"]]
    assert codes == sorted(codes)
    assert [r["country"] for r in data["contacts"]] == sorted(
        record["country"] for record in data["contacts"]
    )
    kinds = list(dict.fromkeys(r["kind"] for r in data["contacts"] if r["country"] == "IE"))
    order = ["helpline", "internet_helpline", "police", "hotline", "removal", "emergency"]
    assert kinds == [kind for kind in order if kind in kinds]


def test_services_of_a_kind_stand_as_staff_put_them(current):
    country = japan()
    childline(country, key="jp-a", position=2)
    childline(country, key="jp-b", position=1)
    publish(country, "zxx")
    assert [r["id"] for r in current()["contacts"] if r["country"] == "JP"] == ["jp-b", "jp-a"]


@pytest.mark.parametrize(
    ("checked", "status", "valid_for"),
    [(None, "not-confirmed", 180), (0, "confirmed", 180), (200, "overdue", -20)],
)
def test_status_and_validity_follow_the_last_check(record_of, checked, status, valid_for):
    day = None if checked is None else days_ago(checked)
    record = record_of(childline(japan(), checked_on=day))
    assert record["status"] == status
    assert record["checked_on"] == (day and day.isoformat())
    assert record["valid_until"] == days_ago(-valid_for).isoformat()
    assert record["released_on"] == days_ago(0).isoformat()


def test_what_readers_do_not_see_is_not_in_the_data(current):
    country = japan()
    childline(country, key="jp-seen", checked_on=days_ago(1))
    childline(country, key="jp-expired", checked_on=days_ago(400))
    childline(country, key="jp-unsourced", evidence="unsourced", sources=[])
    childline(country, key="jp-unreachable", phone="")
    publish(country, "zxx")
    assert [r["id"] for r in current()["contacts"] if r["country"] == "JP"] == ["jp-seen"]


def test_a_service_without_a_source_that_one_can_open_is_not_in_the_data(current):
    country = japan()
    childline(country, key="jp-seen")
    childline(country, key="jp-heard-of", sources=["heard from Mary"])
    publish(country, "zxx")
    assert [r["id"] for r in current()["contacts"] if r["country"] == "JP"] == ["jp-seen"]


def test_the_last_of_its_kind_stays_and_says_that_it_is_overdue(record_of):
    record = record_of(childline(japan(), checked_on=days_ago(400)))
    assert record["status"] == "overdue"


def test_a_draft_is_not_in_the_data(current):
    before = current()
    childline(ireland(), key="ie-draft")
    assert current() == before


def test_what_the_service_itself_confirmed_needs_no_page(record_of, current, validator):
    contact = childline(japan(), evidence="unsourced", sources=[], checked_on=days_ago(1))
    record = record_of(contact)
    assert (record["evidence"], record["sources"]) == ("confirmed", [])
    validator.validate(current())


def test_no_note_and_no_name_of_staff_is_in_any_file(reader, site):
    contact = ireland().contacts.get(key="ie-childline-by-ispcc")
    contact.note, contact.sources = "Ask Mary there.", [*contact.sources, "Mary on the phone"]
    contact.save()
    publish(ireland(), "zxx")
    texts = [" ".join(reader.get(path).content.decode().split()) for path in FILES]
    notes = [" ".join(row["note"].split()) for row in SHIPPED if len(row["note"]) > 3]
    assert len(notes) > 50
    for text in texts:
        assert [note for note in notes if json.dumps(note, ensure_ascii=False)[1:-1] in text] == []
        for word in ("Mary", "Edith", "Anna", "checked_by", "approved_by", '"note"', '"shipped"'):
            assert word not in text


def test_a_directory_without_countries_keeps_to_the_schema(validator):
    data = opendata.document([], date(2026, 5, 1))
    validator.validate(json.loads(opendata.as_json(data)))
    assert (data["generated"], data["contacts"]) == (None, [])


# --- The table ---------------------------------------------------------------------------------


def test_the_table_says_what_the_json_says(data, site):
    table = rows(site.answer(CSV))
    assert list(table[0]) == list(data["contacts"][0])
    assert len(table) == len(data["contacts"])
    for row, record in zip(table, data["contacts"], strict=True):
        for name, value in record.items():
            parts = row[name].split(";") if row[name] else []
            shown = parts if isinstance(value, list) else row[name].removeprefix("'")
            expected = value if isinstance(value, list) else str("" if value is None else value)
            assert shown == expected, f"{record['id']} {name}"


def test_the_table_is_csv_that_spreadsheets_read(site):
    body = site.answer(CSV).content
    assert body.startswith(b"\xef\xbb\xbfid,country,kind,")
    assert body.endswith(b"\r\n")
    assert b"\n" not in body.replace(b"\r\n", b"")


@pytest.mark.parametrize("start", ["=", "@", "-", "+", "\t", "\r"])
def test_a_cell_that_could_be_a_formula_starts_with_an_apostrophe(start):
    record = dict.fromkeys(opendata_schema.CONTACT)
    record |= {"organisation": f"{start}cmd()", "phone": "+81 3 1234", "sources": ["a;b", "c"]}
    text = opendata.as_csv({"contacts": [record]}).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["organisation"] == f"'{start}cmd()"
    assert row["phone"] == "+81 3 1234"
    assert row["sources"] == "a%3Bb;c"
    assert row["website"] == ""
