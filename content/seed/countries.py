"""Load the shipped directory, country by country and field by field.

Each country and contact remembers the row that it last shipped with. A release changes the fields
that staff have left alone. Where staff have a revision of their own, the merged facts become a
draft that waits for approval; otherwise they go live.
"""

from datetime import date
from typing import Any

from django.forms.models import model_to_dict

from campaign import languages
from content.models import Contact, Country, Revision
from content.publishing import workflow
from content.publishing.workflow import Refused
from content.seed.errors import SeedError
from content.seed.report import Report

NOT_SHIPPED = {"id", "checked_on", "checked_by", "shipped"}
ROWS = "rows"
"""Where a country remembers the keys of the contacts that shipped with it."""


def load(
    shipped: Country, contacts: list[Contact], newest: Revision | None, report: Report
) -> None:
    """Bring one country up to date. Raises SeedError when what ships may not go live."""
    name = f"country:{shipped.code}"
    if newest and newest.withdrawn_at:
        report.keep(name, "staff have withdrawn it")
        return
    country = Country.objects.filter(code=shipped.code).first() or Country(code=shipped.code)
    keys = [contact.key for contact in contacts]
    before = set(country.shipped.get(ROWS, []))
    changed = _merge(country, shipped, {ROWS: keys})
    present = {contact.key: contact for contact in Contact.objects.filter(country=country)}
    for contact in contacts:
        current = present.get(contact.key)
        if current is None and contact.key in before:
            report.keep(f"contact:{contact.key}", "staff have deleted it")
        else:
            changed |= _merge(current or Contact(key=contact.key), contact)
    for key in before - set(keys):
        changed |= _remove(present.get(key), report)
    if not changed:
        report.counts["unchanged"] += 1
        return
    is_staffs = newest is not None and newest.origin == Revision.Origin.STAFF
    revision = workflow.save_draft(
        country,
        languages.NEUTRAL,
        None,
        comment="Shipped corrections" if is_staffs else "Shipped with the site",
        origin=Revision.Origin.STAFF if is_staffs else Revision.Origin.SHIPPED,
    )
    if revision is None:  # only what readers do not see has changed
        report.counts["updated"] += 1
        return
    try:
        if is_staffs:
            workflow.submit(revision)
            report.keep(name, "shipped corrections wait for approval beside staff's own changes")
        else:
            workflow.release_shipped(revision)
            report.counts["updated" if newest else "added"] += 1
    except Refused as refused:
        problem = refused.problems[0]
        raise SeedError("contacts.json", name, problem.field, problem.message) from refused


def _remove(contact: Contact | None, report: Report) -> bool:
    """Delete a contact that no longer ships, unless staff have changed it; whether it is gone."""
    if contact is None:
        return False
    if _facts(contact) != contact.shipped or contact.checked_on:
        report.keep(f"contact:{contact.key}", "it no longer ships, but staff have changed it")
        return False
    contact.delete()
    return True


def _merge(current: Any, shipped: Any, more: dict[str, Any] | None = None) -> bool:
    """Bring what ships into a country or contact, field by field; whether anything was written.

    A field that staff have changed since it last shipped keeps their value.
    """
    values = {**_facts(shipped), **(more or {})}
    before, now = current.shipped, _facts(current)
    # What older releases did not know of yet, they left empty.
    if {**dict.fromkeys(values), **before} == values:
        return False
    for name in now:
        if not before or now[name] == before.get(name):
            attribute = type(current)._meta.get_field(name).attname
            setattr(current, attribute, getattr(shipped, attribute))
    current.shipped = values
    current.save()
    return True


def _facts(item: Country | Contact) -> dict[str, Any]:
    """Return what ships of a country or contact, as JSON can hold it."""
    fields = [f.name for f in item._meta.concrete_fields if f.name not in NOT_SHIPPED]
    values = {name: value for name, value in model_to_dict(item).items() if name in fields}
    return {n: v.isoformat() if isinstance(v, date) else v for n, v in values.items()}
