"""The same number or address twice in a country: a service entered twice, or a slip; or right."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from content.models import Contact
from content.publishing.numbers import dialled

NUMBERS = ("phone", "phone_international", "sms", "whatsapp")
ADDRESSES = ("chat_url", "report_url", "website")
FIELDS = (*NUMBERS, *ADDRESSES, "email")
COLUMNS = ("key", "country", "kind", "organisation", *FIELDS)
"""What has to be known of contacts to compare them."""


@dataclass(frozen=True)
class Same:
    """A field of a contact that says the same as a field of another contact of its country."""

    field: str
    other: Contact
    other_field: str


def mark(field: str, value: str) -> tuple[str, str] | None:
    """Return what two values have in common that lead to the same place, None for an empty one.

    Numbers are compared as dialled, whatever they are for; addresses without scheme, `www.` and the
    last slash. 0800 and +49 800 are not known to be the same.
    """
    if not value:
        return None
    if field in NUMBERS:
        return "number", dialled(value)
    if field in ADDRESSES:
        parts = urlsplit(value)
        host = (parts.hostname or "").removeprefix("www.")
        return "address", f"{host}{parts.path.rstrip('/')}?{parts.query}#{parts.fragment}"
    return field, value.casefold()


def same(contact: Contact, others: Iterable[Contact]) -> list[Same]:
    """Return where a contact says the same as others, which may have it among them.

    Each field names each other contact once.
    """
    others = [o for o in others if o.country_id == contact.country_id and o.key != contact.key]
    places: dict[tuple[str, str], dict[str, tuple[Contact, str]]] = {}
    for other in others:
        for name, found in _marks(other).items():
            places.setdefault(found, {}).setdefault(other.key, (other, name))
    return [
        Same(name, other, other_name)
        for name, found in _marks(contact).items()
        for other, other_name in places.get(found, {}).values()
    ]


def _marks(contact: Contact) -> Mapping[str, tuple[str, str]]:
    marks = ((name, mark(name, getattr(contact, name))) for name in FIELDS)
    return {name: found for name, found in marks if found}
