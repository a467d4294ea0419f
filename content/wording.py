"""Words for structured values of pieces, in the active language.

Each value is a function, so that it is translated when it is shown and not when the process starts.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

from babel.numbers import format_decimal, format_percent
from django.utils.translation import get_language, gettext, pgettext

from campaign import languages

Words = Mapping[str, Callable[[], str]]

LISTENERS: Words = {
    "parent": lambda: gettext("To a parent or carer"),
    "teacher": lambda: gettext("To a teacher"),
    "helpline": lambda: gettext("To a helpline"),
    "police": lambda: gettext("To the police"),
    "friend": lambda: gettext("To a friend"),
}
STATUSES: Words = {
    "use": lambda: gettext("Words to use"),
    "with-care": lambda: gettext("Words to use with care"),
    "avoid": lambda: gettext("Words to avoid"),
}
REGISTERS: Words = {
    "everyday": lambda: pgettext("kind of word", "everyday word"),
    "legal": lambda: pgettext("kind of word", "legal and professional word"),
}
PURPOSES: Words = {
    "report": lambda: gettext("How to report"),
    "block": lambda: gettext("How to block"),
    "form": lambda: gettext("Report form"),
    "removal": lambda: gettext("Have a picture removed"),
    "parents": lambda: gettext("For parents"),
    "help": lambda: gettext("Help page"),
}


def figure_number(content: Mapping[str, str]) -> str:
    """Return a figure's number as the active language writes it: "more than 13,000 reports"."""
    locale = get_language() or languages.SOURCE
    value = Decimal(content["number"])
    if content["unit"] == "percent":
        number = format_percent(value / 100, locale=locale, decimal_quantization=False)
    else:
        number = format_decimal(value, locale=locale)
    counted = {
        "percent": "%(number)s",
        "people": pgettext("figure", "%(number)s people"),
        "reports": pgettext("figure", "%(number)s reports"),
        "contacts": pgettext("figure", "%(number)s contacts with a helpline"),
        "requests": pgettext("figure", "%(number)s requests for help"),
        "times": pgettext("figure", "%(number)s times as many"),
    }[content["unit"]] % {"number": number}
    return {
        "exactly": "%(count)s",
        "about": pgettext("figure", "about %(count)s"),
        "more-than": pgettext("figure", "more than %(count)s"),
        "at-least": pgettext("figure", "at least %(count)s"),
    }[content["qualifier"]] % {"count": counted}
