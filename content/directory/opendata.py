"""The directory as open data: what readers see, as JSON and CSV, with its JSON Schema."""

import csv
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

from django.conf import settings
from django.urls import reverse

from campaign import languages
from content import richtext
from content.directory import opendata_schema, trust
from content.directory.groups import GROUPS
from content.directory.opendata_schema import LAW
from content.directory.trust import Contact
from content.models import Contact as Model
from content.models.directory import CONFIRMED, PHONE
from content.publishing.live import Release

LICENCE = {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
NO_PAGE = {"EU", "WW"}
"""What has no page of its own: these services stand on the page `report`."""

EU = frozenset(
    (
        *("EU", "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR"),
        *("HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    )
)
DIRECTIVE = "https://eur-lex.europa.eu/eli/dir/2018/1972/oj"
"""The European Electronic Communications Code; its article 109 makes 112 work in each EU state."""

FORMULA = re.compile(r"^[=@+\-\t\r\n]")
"""How a cell starts that a spreadsheet would take for a formula (OWASP, CSV injection)."""

Record = dict[str, Any]


def document(releases: Iterable[Release], today: date) -> Record:
    """Return all open data: countries and services that readers see on this day."""
    ordered = sorted(releases, key=lambda release: release.key)
    moments = [release.approved_at for release in ordered]
    return {
        "title": "Say No: services that help against online sexual coercion of children",
        "description": (
            "Helplines, police, hotlines and other services by country, each with its sources and"
            " the day until which a copy may be used. Fetch it again by then, and hide what is"
            " past. What the fields mean: " + _page_url("open-data")
        ),
        "licence": LICENCE,
        "attribution": f"Say No ({settings.SITE_URL}), {LICENCE['name']}",
        "schema": schema_url(),
        "generated": _moment(max(moments)) if moments else None,
        "countries": [_country(release) for release in ordered],
        "contacts": [record for release in ordered for record in _records(release, today)],
    }


def as_json(data: Record) -> bytes:
    """Return data as JSON (RFC 8259), one value a line so that two versions can be compared."""
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def as_csv(data: Record) -> bytes:
    """Return the services as CSV (RFC 4180), one row each, with the names of the JSON as header.

    It starts with a byte order mark: spreadsheets take UTF-8 for another encoding without it, and
    spoil every name with an accent. Lists are joined with ";"; null is an empty cell.
    """
    file = StringIO()
    rows = csv.writer(file, lineterminator="\r\n")
    rows.writerow(opendata_schema.CONTACT)
    for record in data["contacts"]:
        rows.writerow([_cell(record[name]) for name in opendata_schema.CONTACT])
    return file.getvalue().encode("utf-8-sig")


def schema() -> Record:
    """Return the JSON Schema that `document` keeps to."""
    return opendata_schema.schema(schema_url())


def schema_url() -> str:
    """Return the absolute address of the schema, which is also its name."""
    return settings.SITE_URL + reverse("data-schema")


def _cell(value: Any) -> str:
    if isinstance(value, list):
        value = ";".join(str(entry).replace(";", "%3B") for entry in value)
    text = "" if value is None else str(value)
    # Numbers start with +: they cannot hold a formula that does anything.
    is_formula = FORMULA.match(text) and not re.match(PHONE, text)
    return f"'{text}" if is_formula else text


def _country(release: Release) -> Record:
    content = release.content
    numbers = [
        {
            "number": entry["number"],
            "for": entry["for"],
            "evidence": _number_evidence(entry, release.key),
        }
        for entry in content["emergency_numbers"]
    ]
    return {
        "code": release.key,
        "scope": content["scope"],
        "emergency_numbers": numbers,
        "time_zones": _unique(content["time_zones"]),
        "languages": _unique(content["languages"]),
    }


def _number_evidence(entry: Mapping[str, str], country: str) -> str:
    evidence = entry.get("evidence") or str(Model.Evidence.UNSOURCED)
    is_law = evidence == Model.Evidence.UNSOURCED and entry["number"] == "112" and country in EU
    return LAW if is_law else evidence


def _records(release: Release, today: date) -> list[Record]:
    """The services of a country that readers see and whose origin we can name."""
    shown = trust.shown(release.content["contacts"], today)
    kinds = list(GROUPS)
    ordered = sorted(shown, key=lambda contact: kinds.index(contact["kind"]))
    records = [_record(contact, release, today) for contact in ordered]
    return [record for record in records if _has_origin(record)]


def _has_origin(record: Record) -> bool:
    is_known = record["evidence"] in opendata_schema.CONTACT_EVIDENCE
    return is_known and bool(record["sources"] or record["checked_on"])


def _record(contact: Contact, release: Release, today: date) -> Record:
    released = release.approved_at.astimezone(UTC).date()
    evidence, sources = _origin(contact, release.key)
    derived = {
        "id": contact["key"],
        "country": release.key,
        "languages": _unique(contact["languages"]),
        "audience": _unique(contact["audience"]),
        "sources": sources,
        "evidence": evidence,
        "status": str(trust.status(contact, today)),
        "released_on": released.isoformat(),
        "valid_until": trust.valid_until(contact, released).isoformat(),
        "url": f"{_country_url(release.key)}#{_anchor(contact, release)}",
    }
    # Only what the schema names: notes and names of staff could not slip in by a new field.
    values = {**contact, **derived}
    return {name: _known(values.get(name)) for name in opendata_schema.CONTACT}


def _origin(contact: Contact, country: str) -> tuple[str, list[str]]:
    """How well a service is sourced, and where it was seen.

    A source that is no address may be somebody's words, for staff only.
    """
    seen = [url for url in contact["sources"] if re.match(r"^https?://\S+$", url)]
    sources = _unique(url for url in seen if trust.host(url))
    evidence = contact["evidence"]
    if evidence != Model.Evidence.UNSOURCED:
        return evidence, sources
    if contact["checked_on"]:
        return CONFIRMED, sources
    is_112 = contact["kind"] == Model.Kind.EMERGENCY and contact["phone"] == "112"
    return (
        (LAW, _unique([*sources, DIRECTIVE])) if is_112 and country in EU else (evidence, sources)
    )


def _known(value: Any) -> Any:
    return None if value == "" else value


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _anchor(contact: Contact, release: Release) -> str:
    """The place on the page: the service itself, or what is said of services of many countries."""
    return "country-missing" if release.key in NO_PAGE else contact["key"]


def _country_url(code: str) -> str:
    if code in NO_PAGE:
        return _page_url("report")
    place = {"language": languages.SOURCE, "code": code}
    return settings.SITE_URL + reverse("country", kwargs=place)


def _page_url(key: str) -> str:
    return settings.SITE_URL + richtext.page_url(key, languages.SOURCE)


def _moment(value: datetime) -> str:
    """A moment as in RFC 3339, to the second, in UTC."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
