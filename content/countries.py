"""Names of countries and languages in every language, from CLDR through Babel."""

import json
from functools import cache
from pathlib import Path

from babel import Locale
from babel.lists import format_list

ORDER = Path(__file__).parent / "country_order.json"


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


def name(code: str, language: str) -> str:
    """Return a country's name in a language; its code when CLDR has none."""
    return _locale(language).territories.get(code.upper(), code.upper())


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
