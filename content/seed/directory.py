"""The shipped directory: countries and services, checked row by row before anything is written."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from content.models import Contact, Country
from content.seed.errors import SeedError
from content.seed.texts import ROOT

DIRECTORY = ROOT / "directory"
Row = dict[str, Any]
RENAMED = {"id": "key", "country": "country_id"}


def read_countries(root: Path = DIRECTORY) -> list[Country]:
    """Return the shipped countries, unsaved. Raises SeedError naming file, row and field."""
    found = []
    for number, row in enumerate(_rows(root / "countries.json"), start=1):
        country = _make(Country, "countries.json", number, row)
        _check(country, "countries.json", number)
        found.append(country)
    _refuse_repeated([c.code for c in found], "countries.json", "code")
    return found


def read_contacts(countries: list[Country], root: Path = DIRECTORY) -> list[Contact]:
    """Return the shipped contacts, unsaved, numbered within country and kind in the file's order.

    Raises SeedError naming file, row and field.
    """
    codes = {country.code for country in countries}
    found: list[Contact] = []
    positions: dict[tuple[str, str], int] = {}
    for number, row in enumerate(_rows(root / "contacts.json"), start=1):
        named = {RENAMED.get(name, name): value for name, value in row.items()}
        if named.get("country_id") not in codes:
            message = f"{named.get('country_id')!r} is not in countries.json."
            raise SeedError("contacts.json", number, "country", message)
        contact = _make(Contact, "contacts.json", number, named)
        place = (contact.country_id, contact.kind)
        contact.position = positions.get(place, 0)
        positions[place] = contact.position + 1
        _check(contact, "contacts.json", number, exclude={"country"})
        if (contact.age_min or 0) > (99 if contact.age_max is None else contact.age_max):
            message = "The highest age is below the lowest."
            raise SeedError("contacts.json", number, "age_max", message)
        found.append(contact)
    _refuse_repeated([c.key for c in found], "contacts.json", "id")
    return found


def _rows(path: Path) -> list[Row]:
    try:
        rows = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SeedError(path.name, 1, "file", "This file is missing.") from error
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        raise SeedError(
            path.name, f"(line {line})", "file", f"This is not JSON: {error}"
        ) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SeedError(path.name, 1, "file", "Expected a list of objects.")
    return rows


def _make(model: type, file: str, number: int, row: Row) -> Any:
    known = {field.attname for field in model._meta.concrete_fields}  # type: ignore[attr-defined]
    for name in row:
        if name not in known:
            raise SeedError(file, number, name, "There is no such field.")
    return model(**row)


def _check(
    item: Country | Contact, file: str, number: int, exclude: set[str] | None = None
) -> None:
    try:
        item.clean_fields(exclude=exclude)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise SeedError(file, number, field, " ".join(messages)) from error


def _refuse_repeated(keys: list[str], file: str, field: str) -> None:
    for number, key in enumerate(keys, start=1):
        first = keys.index(key) + 1
        if first != number:
            raise SeedError(file, number, field, f"{key} is in row {first} already.")
