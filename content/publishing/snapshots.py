"""Snapshots: what an item says in one language at this moment, as plain JSON.

A snapshot holds everything that the public page of the item needs, so that showing it touches no
other table. SCHEMA counts up when its form changes, so that readers of old revisions can tell:
2 has the day on which a service ends.
"""

from collections.abc import Iterable
from decimal import Decimal
from functools import singledispatch
from typing import Any

from django.db import models
from modeltranslation.translator import translator
from modeltranslation.utils import build_localized_fieldname

from campaign import languages
from content import richtext
from content.models import (
    Contact,
    Country,
    Figure,
    GuideStep,
    Page,
    Phrase,
    Platform,
    Revision,
    Scenario,
    Situation,
    Term,
)

SCHEMA = 2
Kind = Revision.Kind
Content = dict[str, Any]

MODELS: dict[str, type[models.Model]] = {
    Kind.PAGE: Page,
    Kind.SITUATION: Situation,
    Kind.GUIDE_STEP: GuideStep,
    Kind.SCENARIO: Scenario,
    Kind.TERM: Term,
    Kind.FIGURE: Figure,
    Kind.PLATFORM: Platform,
    Kind.PHRASE: Phrase,
    Kind.COUNTRY: Country,
}
KINDS = {model: kind for kind, model in MODELS.items()}

RICH = {"body", "reason", "caution", "note", "hint"}
"""Fields that hold rich text; all others are plain."""

OPTIONAL = {"summary", "instead", "caution", "in_app", "note", "hint", "place", "remark"}
"""Translated fields that may be empty in the source."""

CONTACT_FIELDS = [
    "key",
    "kind",
    "organisation",
    "phone",
    "phone_international",
    "phone_hours",
    "sms",
    "sms_hours",
    "whatsapp",
    "whatsapp_hours",
    "chat_url",
    "chat_hours",
    "report_url",
    "report_hours",
    "email",
    "website",
    "hours_text",
    "time_zone",
    "languages",
    "audience",
    "ages",
    "age_min",
    "age_max",
    "answered_by",
    "cost",
    "on_bill",
    "anonymity",
    "tells_others",
    "sources",
    "source_date",
    "evidence",
]
CONTACT_DAYS = ("checked_on", "ends_on")
"""Days of a contact, in ISO 8601 or None."""


def kind_of(item: models.Model) -> str:
    """Return the revision kind of a working copy. Raises KeyError for what is not an item."""
    return KINDS[type(item)]


def key_of(item: models.Model) -> str:
    """Return the lasting name of a working copy: a country's code, otherwise its key."""
    return item.code if isinstance(item, Country) else item.key  # type: ignore[attr-defined]


def find(kind: str, key: str) -> models.Model:
    """Return the working copy of an item. Raises the model's DoesNotExist."""
    model = MODELS[kind]
    return model._default_manager.get(**{"code" if model is Country else "key": key})


def column(field: str, language: str) -> str:
    """Return the name of the column that holds a translated field in a language."""
    return build_localized_fieldname(field, language)


def translated_fields(model: type[models.Model]) -> tuple[str, ...]:
    """Return the names of a model's translated fields, in the model's order."""
    names = translator.get_options_for_model(model).get_field_names()
    return tuple(field.name for field in model._meta.fields if field.name in names)


def languages_of(kind: str) -> tuple[str, ...]:
    """Return the languages in which an item of this kind has revisions.

    A country has one for its numbers, in no language, and one for the remarks in each language.
    """
    codes = tuple(languages.BY_CODE)
    return (languages.NEUTRAL, *codes) if kind == Kind.COUNTRY else codes


def source_of(kind: str, language: str) -> str | None:
    """Return the language that this one is translated from; None for a source itself."""
    return None if language in {languages.SOURCE, languages.NEUTRAL} else languages.SOURCE


def texts(item: models.Model, language: str) -> Content:
    """Return an item's translated fields in one language, rich text cleaned."""
    values = {}
    for field in translated_fields(type(item)):
        value = getattr(item, column(field, language)) or ""
        values[field] = richtext.clean(value) if field in RICH else " ".join(value.split())
    return values


@singledispatch
def snapshot(item: models.Model, language: str) -> Content:
    """Return what this item says in this language, ready to be kept as a revision's content."""
    raise TypeError(f"{type(item).__name__} is not published on its own")


@snapshot.register
def _page(item: Page, language: str) -> Content:
    sections = [
        {"key": section.key, "layout": section.layout, **texts(section, language)}
        for section in item.sections.all()
    ]
    return _content(item, language, ["step", "audience"], sections=sections)


@snapshot.register
def _situation(item: Situation, language: str) -> Content:
    return _content(item, language, ["place", "steps"])


@snapshot.register
def _guide_step(item: GuideStep, language: str) -> Content:
    return _content(item, language, ["replaces", "contradicts"])


@snapshot.register
def _scenario(item: Scenario, language: str) -> Content:
    return _content(item, language, ["verdict"])


@snapshot.register
def _term(item: Term, language: str) -> Content:
    return _content(item, language, ["status", "register"])


@snapshot.register
def _figure(item: Figure, language: str) -> Content:
    number = f"{Decimal(item.number).normalize():f}"
    fields = ["unit", "qualifier", "year", "source", "url", "grade", "group"]
    return _content(item, language, fields, number=number)


@snapshot.register
def _platform(item: Platform, language: str) -> Content:
    links = [
        {"purpose": link.purpose, "url": link.url} for link in item.links.all() if link.is_public
    ]
    return _content(item, language, ["name"], links=links)


@snapshot.register
def _phrase(item: Phrase, language: str) -> Content:
    return _content(item, language, ["listener"])


@snapshot.register
def _country(item: Country, language: str) -> Content:
    contacts = list(Contact.objects.filter(country=item).publishable())
    if language != languages.NEUTRAL:
        remarks = {contact.key: texts(contact, language)["remark"] for contact in contacts}
        return {"schema": SCHEMA, "remarks": {key: text for key, text in remarks.items() if text}}
    return {
        "schema": SCHEMA,
        "scope": item.scope,
        "emergency_numbers": item.emergency_numbers,
        "time_zones": item.time_zones,
        "languages": item.languages,
        "contacts": [_contact(contact) for contact in contacts],
    }


def _contact(contact: Contact) -> Content:
    content = _values(contact, CONTACT_FIELDS)
    for name in CONTACT_DAYS:
        day = getattr(contact, name)
        content[name] = day.isoformat() if day else None
    return content


def upgraded(content: Content) -> Content:
    """Return the content of an older revision as it would be written today."""
    if content.get("schema") == SCHEMA:
        return content
    found = {**content, "schema": SCHEMA}
    if "contacts" in content:
        found["contacts"] = [dict.fromkeys(CONTACT_DAYS) | one for one in content["contacts"]]
    return found


def _content(item: models.Model, language: str, fields: list[str], **more: Any) -> Content:
    return {"schema": SCHEMA, **_values(item, fields), **texts(item, language), **more}


def _values(item: models.Model, fields: Iterable[str]) -> Content:
    return {field: getattr(item, field) for field in fields}


def title(kind: str, key: str, content: Content) -> str:
    """Return what a revision is called in menus and lists."""
    names = ("title", "term", "name", "words", "situation", "statement")
    return next((str(content[name])[:250] for name in names if content.get(name)), key)
