"""Names of countries and languages in every language, from CLDR through Babel."""

import json
import re
import unicodedata
from functools import cache
from pathlib import Path

from babel import Locale
from babel.languages import get_official_languages
from babel.lists import format_list
from babel.localedata import exists

ORDER = Path(__file__).parent / "country_order.json"
OWN_NAMES = Path(__file__).parent / "country_names.json"

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

NOT_TYPED = {"gsw"}
"""Swiss German: spoken by all there, with no spelling that a search could expect."""


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


def name(code: str, language: str) -> str:
    """Return a country's name in a language; its code when CLDR has none."""
    return _locale(language).territories.get(code.upper(), code.upper())


@cache
def other_names(code: str, language: str) -> str:
    """Return what else people type for a country, with "|" between, for the search by script.

    These are its names in its own official languages and in English (CLDR), and everyday English
    ones. A name is left out when the search, which looks at the beginnings of words without
    accents, finds it anyway.
    """
    found: list[str] = []
    searched = _words(name(code, language))
    for other in (*own_names(code), name(code, "en"), *EVERYDAY.get(code, ())):
        if _words(other) not in searched:
            found.append(other)
            searched += _words(other)
    return "|".join(found)


def own_names(code: str) -> list[str]:
    """Return the country's names in its official languages, as far as CLDR has them.

    They come from a generated file (tools/order_countries.py): to look them up, Babel would hold
    all that it knows of 36 languages in the memory of each worker, 35 MB. For a country that the
    file does not hold it does.
    """
    known = _known_own_names().get(code)
    return own_names_of_cldr(code) if known is None else known


@cache
def _known_own_names() -> dict[str, list[str]]:
    return dict(json.loads(OWN_NAMES.read_text("utf-8")))


def own_names_of_cldr(code: str) -> list[str]:
    """Return the same as Babel has them now."""
    official = get_official_languages(code, de_facto=True)
    known = [tag for tag in official if tag not in NOT_TYPED and exists(tag)]
    names = [_locale(tag).territories.get(code) for tag in known]
    return [own for own in names if own]


def _words(text: str) -> str:
    """Return the words without case and accents, each with a space before it."""
    letters = unicodedata.normalize("NFD", text.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return "".join(f" {word}" for word in re.findall(r"\w+", plain))


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
