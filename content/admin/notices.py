"""What may be wrong with a contact, beside the field: warnings, which refuse nothing."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from content.models import Contact
from content.publishing import duplicates


@dataclass(frozen=True)
class Notice:
    """A warning about a field, with the other contact that it is about."""

    field: str
    name: str
    """The field's name for people."""
    text: str
    address: str
    other: str

    @property
    def in_full(self) -> SafeString:
        """The warning as it stands above the form, where no field is beside it."""
        link = format_html('<a href="{}">{}</a>', self.address, self.other)
        return format_html("{}: {} {}.", self.name, self.text, link)


def of(contact: Contact) -> list[Notice]:
    """Return the warnings about a contact, in one query."""
    others = Contact.objects.filter(country=contact.country_id).only(*duplicates.COLUMNS)
    return [notice(same) for same in duplicates.same(contact, others.order_by("key"))]


def notice(same: duplicates.Same) -> Notice:
    """Return what two contacts have in common as a warning."""
    name = label(same.field)
    kind = same.other.get_kind_display().lower()
    where = "" if same.field == same.other_field else f" as {label(same.other_field).lower()}"
    text = f"The same stands{where} in"
    pk = same.other.pk  # one of the same import has none yet
    address = reverse("admin:content_contact_change", args=[pk]) if pk else ""
    return Notice(same.field, name, text, address, f"{same.other.organisation} ({kind})")


def label(field: str) -> str:
    """Return the name of a contact's field as the form has it."""
    found: Any = Contact._meta.get_field(field)
    return str(found.verbose_name).capitalize()
