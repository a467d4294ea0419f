"""What a browser found on the pages when it last looked, for the page about privacy.

`make proof` writes content/proof.json; `make test` fails when what it says no longer holds.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import ceil
from pathlib import Path

from babel.dates import format_date
from babel.numbers import format_decimal
from babel.units import format_unit
from django.utils.translation import get_language

from campaign import languages

FILE = Path(__file__).with_name("proof.json")
KILOBYTE = 1000


@dataclass(frozen=True)
class Proof:
    """What was counted on one day, over all pages that were opened."""

    day: date
    pages: int
    cookies: int
    foreign_requests: int
    """Requests to any other host, whatever for."""
    stored_bytes: int
    """In any storage that a page can write to."""
    score: int
    """Points by tools/observatory.py, of the page that has fewest."""
    most: int
    """Points that a site without cookies can reach."""
    grade: str
    typical_bytes: int
    """What a first visit takes, compressed, with scripts and pictures: the median page."""
    largest_bytes: int


@dataclass(frozen=True)
class Written:
    """The same as the active language writes it."""

    day: str
    pages: str
    cookies: str
    foreign_requests: str
    stored_bytes: str
    score: str
    most: str
    grade: str
    typical: str
    largest: str


@cache
def last() -> Proof:
    """Return the last proof. Raises TypeError when the file has other fields."""
    data = json.loads(FILE.read_text("utf-8"))
    return Proof(**{**data, "day": date.fromisoformat(data["day"])})


def kilobytes(size: int) -> int:
    """Return bytes as whole kilobytes, rounded up: never less than it takes."""
    return ceil(size / KILOBYTE)


def written() -> Written:
    """Return the last proof in words and digits of the active language (CLDR)."""
    proof, locale = last(), get_language() or languages.SOURCE

    def number(value: int) -> str:
        return format_decimal(value, locale=locale)

    def size(value: int) -> str:
        return format_unit(kilobytes(value), "digital-kilobyte", "short", locale=locale)

    return Written(
        day=format_date(proof.day, "long", locale=locale),
        pages=number(proof.pages),
        cookies=number(proof.cookies),
        foreign_requests=number(proof.foreign_requests),
        stored_bytes=number(proof.stored_bytes),
        score=number(proof.score),
        most=number(proof.most),
        grade=proof.grade,
        typical=size(proof.typical_bytes),
        largest=size(proof.largest_bytes),
    )
