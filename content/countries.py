"""Names of countries and languages in every language, from CLDR through Babel."""

import json
import re
import unicodedata
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages
from babel.lists import format_list

ORDER = Path(__file__).parent / "country_order.json"

EVERYDAY = {
    "BA": ("Bosnia and Herzegovina",),
    "CZ": ("Czech Republic",),
    "GB": ("UK", "Great Britain", "England", "Scotland", "Wales", "Northern Ireland"),
    "NL": ("Holland",),
    "TR": ("Turkey",),
    "US": ("USA", "America"),
}
"""English names that people type and CLDR does not use: a sign for "and", names before a change,
abbreviations, and the parts of a country that children are told they live in."""

FORMER_ZONES = {"CA": ("Coral_Harbour",), "UA": ("Kiev",)}
"""What Chromium still calls America/Atikokan and Europe/Kyiv."""

UNSURE_ZONES = {"Belgrade", "Famagusta", "Simferopol"}
"""Zones of places where people disagree about the country (Kosovo has Belgrade's): no guess."""


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


def name(code: str, language: str) -> str:
    """Return a country's name in a language; its code when CLDR has none."""
    return _locale(language).territories.get(code.upper(), code.upper())


@cache
def other_names(code: str, language: str) -> str:
    """Return what else people type for a country, with "|" between, for the search by script.

    These are its names in its own official languages (CLDR) and in English. A name is left out when
    the search, which looks at the beginnings of words and past accents, finds it anyway.
    """
    official = get_official_languages(code, de_facto=True)
    own = [territories.get(code) for territories in map(_territories, official)]
    found: list[str] = []
    searched = _words(name(code, language))
    for other in (*own, name(code, "en"), *EVERYDAY.get(code, ())):
        if other and _words(other) not in searched:
            found.append(other)
            searched += _words(other)
    return "|".join(found)


def _territories(language: str) -> dict[str, str]:
    try:
        return dict(_locale(language).territories)
    except UnknownLocaleError:
        return {}  # CLDR has no texts in this language


def _words(text: str) -> str:
    """The words without case and accents, each with a space before it."""
    letters = unicodedata.normalize("NFD", text.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return "".join(f" {word}" for word in re.findall(r"\w+", plain))


@cache
def zones(code: str) -> str:
    """Return the time zones of a country, with spaces between, to guess it from the device's zone.

    Only the last part of each IANA name: "Berlin" for Europe/Berlin. No two zones share it, apart
    from aliases of one zone (America/Louisville and America/Kentucky/Louisville).
    """
    ends = [zone.rpartition("/")[2] for zone in get_global("territory_zones").get(code, ())]
    known = (*ends, *FORMER_ZONES.get(code, ()))
    return " ".join(sorted(zone for zone in known if zone not in UNSURE_ZONES))


def language_name(code: str, language: str) -> str:
    """Return a language's name in a language; its code when CLDR has none."""
    return _locale(language).languages.get(code, code)


def joined(names: list[str], language: str) -> str:
    """Return names as a list in a language's own punctuation (CLDR)."""
    return format_list(names, locale=_locale(language)) if names else ""


@cache
def _ranks(language: str) -> dict[str, int]:
    order = json.loads(ORDER.read_text("utf-8"))
    return {code: rank for rank, code in enumerate(order[language])}


def in_order(codes: frozenset[str] | set[str], language: str) -> list[str]:
    """Return country codes in the alphabetical order of their names in a language.

    The order is ICU's, from a generated file (tools/order_countries.py); a country that the file
    does not hold comes last, by its name, until the file is made again.
    """
    ranks = _ranks(language)
    return sorted(codes, key=lambda code: (ranks.get(code, len(ranks)), name(code, language)))


def has_order(language: str) -> bool:
    """Whether the generated file orders the countries in this language."""
    return language in json.loads(ORDER.read_text("utf-8"))
