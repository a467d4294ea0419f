"""Write a snapshot's content back into the working copy: for seeding, importing and restoring."""

from datetime import date
from functools import singledispatch
from typing import Any

from django.db import models

from campaign import languages
from content import richtext
from content.models import Contact, Country, Page, Platform, PlatformLink, Section
from content.publishing.snapshots import (
    CONTACT_DAYS,
    CONTACT_FIELDS,
    RICH,
    Content,
    column,
    translated_fields,
    upgraded,
)


@singledispatch
def write(item: models.Model, language: str, content: Content) -> None:
    """Make the working copy say in this language what the content says.

    Facts that all languages share (a verdict, a number, the order of sections) are taken from
    content in the source language only.
    """
    _write_fields(item, language, content)


@write.register
def _page(item: Page, language: str, content: Content) -> None:
    _write_fields(item, language, content)
    existing = {section.key: section for section in item.sections.all()}
    is_source = language == languages.SOURCE
    for position, part in enumerate(content["sections"]):
        section = existing.pop(part["key"], None)
        if section is None and is_source:
            section = Section(page=item, key=part["key"])
        if section is None:
            continue
        if is_source:
            section.position = position
        _write_fields(section, language, part)
    if is_source:
        for section in existing.values():
            section.delete()


@write.register
def _platform(item: Platform, language: str, content: Content) -> None:
    _write_fields(item, language, content)
    if language != languages.SOURCE:
        return
    for position, link in enumerate(content["links"]):
        PlatformLink.objects.update_or_create(
            platform=item,
            url=link["url"],
            defaults={"purpose": link["purpose"], "position": position},
            create_defaults={
                "purpose": link["purpose"],
                "position": position,
                "evidence": PlatformLink.Evidence.SEEN,
            },
        )


@write.register
def _country(item: Country, language: str, content: Content) -> None:
    contacts = {contact.key: contact for contact in item.contacts.all()}
    if language != languages.NEUTRAL:
        for key, contact in contacts.items():
            setattr(contact, column("remark", language), content["remarks"].get(key, ""))
            contact.save()
        return
    for field in ("scope", "emergency_numbers", "time_zones", "languages"):
        setattr(item, field, content[field])
    item.save()
    # Contacts that were added since stay: they may hold notes that no revision has.
    for values in upgraded(content)["contacts"]:
        contact = contacts.get(values["key"]) or Contact(country=item)
        for field in CONTACT_FIELDS:
            setattr(contact, field, values[field])
        for name in CONTACT_DAYS:
            day = values[name]
            setattr(contact, name, date.fromisoformat(day) if day else None)
        contact.save()


def _write_fields(item: models.Model, language: str, content: Content) -> None:
    for field in translated_fields(type(item)):
        text = content.get(field, "")
        # An old revision may be older than a rule of what rich text holds.
        setattr(item, column(field, language), richtext.clean(text) if field in RICH else text)
    if language == languages.SOURCE:
        for name, value in _shared(item, content).items():
            setattr(item, name, value)
    item.save()


def _shared(item: models.Model, content: Content) -> dict[str, Any]:
    translated = translated_fields(type(item))
    own = {field.name for field in item._meta.concrete_fields} - {"id", "position", *translated}
    return {name: value for name, value in content.items() if name in own and name != "key"}
