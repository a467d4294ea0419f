"""The texts of cells: what a contact's fields say in a sheet, and what keeps them as they are.

A program that opens CSV guesses: it takes 0800111 for a number and drops the zero, +49 for a sum,
24/7 for a day in July, and runs what starts with an equals sign (OWASP, CSV injection). What it
would take for something else gets an apostrophe in front, which is taken off again on the way in.
Cells of XLSX say that they are text, and need none.
"""

import re
from datetime import date
from typing import Any

from modeltranslation.utils import build_localized_fieldname

from campaign import languages
from content.models import Contact

REMARK = build_localized_fieldname("remark", languages.SOURCE)
COLUMNS = (
    *("key", "country", "kind", "position", "organisation", "organisation_en", "ends_on"),
    *("phone", "phone_international", "sms", "whatsapp"),
    *("chat_url", "report_url", "email", "website"),
    *("phone_hours", "sms_hours", "whatsapp_hours", "chat_hours", "report_hours", "hours_text"),
    *("time_zone", "languages", "audience", "ages", "age_min", "age_max"),
    *("answered_by", "cost", "on_bill", "anonymity", "tells_others", REMARK),
    *("sources", "source_date", "note", "checked_on", "evidence"),
)
"""The columns of a sheet, in their order: what the form of a contact has. A contact's stable id is
its key. Who checked it follows from the day, as in the form. The last one is never empty, so that a
row that was cut off can be told from one that ends with empty cells."""
KEY = "key"

DAYS = {"checked_on", "ends_on"}
LISTS = {"languages": " ", "audience": " ", "sources": "\n"}
"""Fields that hold lists, and what stands between their entries in a cell. Both have no spaces of
their own; a source may be somebody's words."""

HARMLESS = re.compile(r"^(?:0|[1-9]\d{0,8})$")
GUESSED = re.compile(r"^(?:[=@+\-\t\r\n]|[\d ()./:,;-]+$)")
"""What starts like a formula, or is made of digits and signs alone: a number, a day or an hour."""
GUARD = "'"


def text(contact: Contact, column: str) -> str:
    """Return what a field of a contact says in a cell; empty for nothing."""
    value = getattr(contact, "country_id" if column == "country" else column)
    if column in LISTS:
        return LISTS[column].join(map(str, value))
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def guarded(value: str) -> str:
    """Return a text that programs which open CSV leave as it is."""
    bare = value.lstrip(GUARD)
    is_guessed = bool(GUESSED.match(bare)) and not HARMLESS.match(value)
    return GUARD + value if is_guessed else value


def unguarded(value: str) -> str:
    """Return what `guarded` was given. Other apostrophes, as in 't Huis, stay."""
    if not value.startswith(GUARD):
        return value
    return value[1:] if guarded(value[1:]) == value else value


def data(column: str, value: str) -> Any:
    """Return what a form is sent for the text of a cell; an empty one means the field's default."""
    if not value:
        field: Any = Contact._meta.get_field(column)
        default = field.get_default()
        value = "" if default is None or isinstance(default, list) else str(default)
    return value.split() if column == "audience" else value
