"""What the open data says about a service and a country: every field, and the JSON Schema of it.

Choices come from the models, so that the schema cannot drift from what staff can enter.
"""

from collections.abc import Mapping
from typing import Any

from django.db import models

from content.directory.trust import Status
from content.models import Contact, Country
from content.models.directory import CONFIRMED, EMERGENCY_SERVICES, PHONE, PLAIN_HOURS

DRAFT = "https://json-schema.org/draft/2020-12/schema"
LAW = "law"
"""Evidence of 112 in the EU that nobody listed a page for: the law says that it works."""

Schema = dict[str, Any]


def _text(description: str, **rules: Any) -> Schema:
    return {"description": description, "type": "string", "minLength": 1, **rules}


def _optional(schema: Schema) -> Schema:
    """The same, or null for what we do not know or there is not."""
    return {**schema, "type": [schema["type"], "null"]}


def _choice(description: str, choices: Mapping[str, str]) -> Schema:
    words = "; ".join(f"{value}: {label}" for value, label in choices.items())
    return {"description": f"{description} {words}.", "enum": list(choices)}


def _of(description: str, choices: type[models.TextChoices]) -> Schema:
    return _choice(description, {str(value): str(label) for value, label in choices.choices})


def _list(description: str, items: Schema) -> Schema:
    return {"description": description, "type": "array", "uniqueItems": True, "items": items}


def _number(description: str) -> Schema:
    return _optional(_text(f"{description} As dialled, with spaces as written.", pattern=PHONE))


def _hours(channel: str) -> Schema:
    about = f"When {channel}: OpenStreetMap opening_hours syntax, in the service's time zone."
    return _optional(_text(about, pattern=PLAIN_HOURS.pattern))


def _address(description: str) -> Schema:
    return _optional(_text(description, format="iri", pattern=r"^https://\S+$"))


def _age(description: str) -> Schema:
    return {"description": description, "type": ["integer", "null"], "minimum": 0, "maximum": 99}


def _day(description: str) -> Schema:
    return _text(description, format="date", pattern=r"^\d{4}-\d{2}-\d{2}$")


LANGUAGE = {"type": "string", "minLength": 1}
LANGUAGE_CODES = "Language codes (BCP 47)."

CONTACT_EVIDENCE = {
    str(value): str(label)
    for value, label in Contact.Evidence.choices
    if value != Contact.Evidence.UNSOURCED
} | {
    CONFIRMED: "The service itself confirmed it; no public page was seen",
    LAW: "112 in the European Union, by Directive (EU) 2018/1972",
}
NUMBER_EVIDENCE = CONTACT_EVIDENCE | {
    str(Contact.Evidence.UNSOURCED): str(Contact.Evidence.UNSOURCED.label)
}
STATUSES = {
    str(Status.UNCONFIRMED): "Known from public sources only; nobody asked the service yet",
    str(Status.CONFIRMED): "The service confirmed it on the day in checked_on",
    str(Status.OVERDUE): "The service confirmed it once, but that is long ago",
}

CONTACT: dict[str, Schema] = {
    "id": _text("Its lasting name. It stays when the facts change.", pattern="^[-a-zA-Z0-9_]+$"),
    "country": _text("The code of one of `countries`.", pattern="^[A-Z]{2}$"),
    "kind": _of("What it is.", Contact.Kind),
    "organisation": _text("The service's own name, not translated."),
    "phone": _number("The number to call inside the country."),
    "phone_international": _number("The number to call from abroad."),
    "phone_hours": _hours("somebody answers the phone"),
    "sms": _number("The number for text messages."),
    "sms_hours": _hours("somebody answers text messages"),
    "whatsapp": _number("The number on WhatsApp."),
    "whatsapp_hours": _hours("somebody answers on WhatsApp"),
    "chat_url": _address("Where one can chat with it."),
    "chat_hours": _hours("the chat is open"),
    "report_url": _address("Where one can report to it online."),
    "report_hours": _hours("reports are taken"),
    "email": _optional(_text("Its e-mail address.", format="idn-email")),
    "website": _address("Its website."),
    "hours_text": _optional(_text("Hours in words, in English, that the syntax cannot say.")),
    "time_zone": _optional(_text("The time zone of its hours (IANA name).")),
    "languages": _list(f"In which it answers. {LANGUAGE_CODES}", LANGUAGE),
    "audience": _list("Whom it is for.", _of("One group.", Contact.Audience)),
    "ages": _optional(_text("Ages, as the service says it.")),
    "age_min": _age("The lowest age that it is for, in years."),
    "age_max": _age("The highest age that it is for, in years."),
    "cost": _of("What a call costs.", Contact.Cost),
    "anonymity": _of("Can one use it without giving a name?", Contact.Answer),
    "on_bill": _of("Does a call show on the phone bill?", Contact.Answer),
    "tells_others": _of("Will they tell parents or the police?", Contact.TellsOthers),
    "answered_by": _of("Who answers.", Contact.AnsweredBy),
    "sources": _list(
        "Addresses where it was seen.",
        {"type": "string", "format": "iri", "pattern": r"^https?://\S+$"},
    ),
    "source_date": _optional(_text("When the newest source was written: year, month or day.")),
    "evidence": _choice("How well it is sourced.", CONTACT_EVIDENCE),
    "checked_on": _optional(_day("The day on which the service confirmed it; null: never.")),
    "status": _choice("How far to trust it today.", STATUSES),
    "released_on": _day("The day on which the country's facts were last approved."),
    "valid_until": _day("The last day on which to use this copy without fetching it again."),
    "url": _text("Where people can read about it.", format="iri", pattern=r"^https?://\S+$"),
}
"""Every field of a service, in the order of the files."""

EMERGENCY_NUMBER: dict[str, Schema] = {
    "number": _text("As dialled.", pattern=PHONE),
    "for": {"description": "Whom it reaches.", "enum": list(EMERGENCY_SERVICES)},
    "evidence": _choice("How well it is sourced.", NUMBER_EVIDENCE),
}
COUNTRY: dict[str, Schema] = {
    "code": _text("ISO 3166-1 alpha-2; EU: all of it; WW: every country.", pattern="^[A-Z]{2}$"),
    "scope": _of("What the code stands for.", Country.Scope),
    "emergency_numbers": {
        "description": "The most important one first.",
        "type": "array",
        "items": {"$ref": "#/$defs/emergency_number"},
    },
    "time_zones": _list("IANA names.", {"type": "string", "minLength": 1}),
    "languages": _list(f"Spoken there, the main one first. {LANGUAGE_CODES}", LANGUAGE),
}


def schema(address: str) -> Schema:
    """Return the JSON Schema (draft 2020-12) of the data, whose own address is `address`."""
    contact = _object("A service that helps.", CONTACT)
    # What no page says, the service has said itself.
    contact["if"] = {"properties": {"checked_on": {"type": "null"}}}
    contact["then"] = {"properties": {"sources": {"minItems": 1}}}
    file = {
        "title": _text("What this is, in a few words."),
        "description": _text("What this is, and how to use it."),
        "licence": _object(
            "What one may do with it.",
            {"name": _text("Its name."), "url": _text("Its text.", format="iri")},
        ),
        "attribution": _text("How to name the source."),
        "schema": _text("The address of this schema.", format="iri"),
        "generated": _optional(
            _text("When the newest of these facts was approved (UTC).", format="date-time")
        ),
        "countries": {
            "description": "Countries and regions, by code.",
            "type": "array",
            "items": {"$ref": "#/$defs/country"},
        },
        "contacts": {
            "description": "Services by country, in the order of the site.",
            "type": "array",
            "items": {"$ref": "#/$defs/contact"},
        },
    }
    return {
        "$schema": DRAFT,
        "$id": address,
        "title": "Say No: directory of services",
        **_object("Services that help against online sexual coercion of children.", file),
        "$defs": {
            "country": _object("A country, or a region of many.", COUNTRY),
            "emergency_number": _object("A number for emergencies.", EMERGENCY_NUMBER),
            "contact": contact,
        },
    }


def _object(description: str, properties: Mapping[str, Schema]) -> Schema:
    return {
        "description": description,
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": dict(properties),
    }
