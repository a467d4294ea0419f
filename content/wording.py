"""Words for structured values of pieces, in the active language.

Each value is a function, so that it is translated when it is shown and not when the process starts.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from babel.dates import format_date, format_interval
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

REVIEWS: Words = {
    "native": lambda: gettext("This text was checked by a native speaker on %(date)s."),
    "helpline": lambda: gettext("This text was checked by a helpline on %(date)s."),
    "youth": lambda: gettext("This text was checked by a youth panel on %(date)s."),
    # Translators: %(name)s is a role or a service, such as "Childline".
    "other": lambda: gettext("This text was checked by %(name)s on %(date)s."),
}
ISOLATED = "\N{FIRST STRONG ISOLATE}%s\N{POP DIRECTIONAL ISOLATE}"
"""A name keeps its own direction inside a sentence of another one."""

HALVES = {"H1": (1, 6), "H2": (7, 12)}
"""The first and the last month of a half-year."""


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


def review(facts: Mapping[str, str]) -> str:
    """Return who checked a text and when, as a sentence; a name comes before the general word."""
    day = date.fromisoformat(facts["on"])
    words = REVIEWS["other" if facts["name"] else facts["role"]]()
    return words % {
        "name": ISOLATED % facts["name"],
        "date": format_date(day, "long", locale=get_language() or languages.SOURCE),
    }


def period(year: str) -> str:
    """Return a figure's year as the active language writes it (CLDR): "January – June 2024".

    `year` is as `Figure.year` has it: a year, a half-year (2024-H1) or a span (2021-2023).
    """
    locale = get_language() or languages.SOURCE
    first, _, rest = year.partition("-")
    if not rest:
        return year
    if rest in HALVES:
        start, end = (date(int(first), month, 1) for month in HALVES[rest])
        return format_interval(start, end, skeleton="yMMMM", locale=locale)
    return format_interval(date(int(first), 1, 1), date(int(rest), 1, 1), "y", locale=locale)
