"""The languages of the campaign: the one list that everything else reads.

A leaf module: it imports Django's own translation tables and nothing of ours.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf.locale import LANG_INFO

SOURCE = "en"
"""The language that texts are written in first, and that missing translations fall back to."""

NEUTRAL = "zxx"
"""ISO 639-2 "no linguistic content": the language of revisions that hold numbers, not words."""


@dataclass(frozen=True)
class Language:
    """One language: its BCP 47 code, its own name and its writing direction (ltr or rtl)."""

    code: str
    name: str
    direction: str = "ltr"

    @property
    def script(self) -> str:
        """The script of its own name."""
        return script_of(self.name)


ALL = (
    Language("bg", "Български"),
    Language("cs", "Čeština"),
    Language("da", "Dansk"),
    Language("de", "Deutsch"),
    Language("el", "Ελληνικά"),
    Language("en", "English"),
    Language("es", "Español"),
    Language("et", "Eesti"),
    Language("fi", "Suomi"),
    Language("fr", "Français"),
    Language("ga", "Gaeilge"),
    Language("hr", "Hrvatski"),
    Language("hu", "Magyar"),
    Language("it", "Italiano"),
    Language("lt", "Lietuvių"),
    Language("lv", "Latviešu"),
    Language("mt", "Malti"),
    Language("nl", "Nederlands"),
    Language("pl", "Polski"),
    Language("pt", "Português"),
    Language("ro", "Română"),
    Language("sk", "Slovenčina"),
    Language("sl", "Slovenščina"),
    Language("sv", "Svenska"),
    Language("nb", "Norsk bokmål"),
    Language("is", "Íslenska"),
    Language("lb", "Lëtzebuergesch"),
    Language("uk", "Українська"),
    Language("ru", "Русский"),
    Language("tr", "Türkçe"),
    Language("sq", "Shqip"),
    Language("sr", "Српски"),
    Language("bs", "Bosanski"),
    Language("mk", "Македонски"),
    Language("ar", "العربية", "rtl"),
    Language("ka", "ქართული"),
)

BY_CODE = {language.code: language for language in ALL}

CHOICES = tuple((language.code, language.name) for language in ALL)
"""For Django's LANGUAGES setting."""

LONGEST_TAG = 35
"""Letters that software must at least take in a tag (RFC 5646, section 4.4.1)."""
RELATIVES = {"no": "nb", "nn": "nb", "sh": "sr", "cnr": "sr", "mo": "ro"}
"""Tags that browsers send for a language that we hold under another code."""


def register_missing() -> None:
    """Tell Django of languages that no release of it knows (Maltese).

    Settings call this before anything reads LANG_INFO; without it ``/mt/`` cannot be activated.
    """
    LANG_INFO.setdefault(
        "mt",
        {"bidi": False, "code": "mt", "name": "Maltese", "name_local": "Malti"},
    )


def get(code: str) -> Language:
    """Return the language with this code. Raises KeyError when we do not have it."""
    return BY_CODE[code]


def by_script(codes: Iterable[str]) -> list[list[Language]]:
    """Return the languages in groups of one script, each in the order of their own names.

    Scripts come in the order in which they first appear, but Latin, the most common one, first.
    Letters with marks stand with the plain letter: the reader looks for where it looks alike.
    """
    groups: dict[str, list[Language]] = {"LATIN": []}
    for language in map(get, codes):
        groups.setdefault(language.script, []).append(language)
    return [
        sorted(group, key=lambda one: unicodedata.normalize("NFD", one.name.casefold()))
        for group in groups.values()
        if group
    ]


def script_of(text: str) -> str:
    """Return the script of a text's first letter as Unicode calls it: LATIN, GREEK, ARABIC, ..."""
    letter = next((letter for letter in text if letter.isalpha()), "a")
    return unicodedata.name(letter).partition(" ")[0]


def direction(code: str) -> str:
    """Return "ltr" or "rtl" for any text we show; unknown codes are left-to-right."""
    language = BY_CODE.get(code)
    return language.direction if language else "ltr"


def nearest(tag: str) -> str | None:
    """Return our code for a BCP 47 tag such as ``pt-BR``, ``no`` or ``EN``; None when none is near.

    Follows the lookup of RFC 4647 section 3.4: subtags are dropped from the end until one matches.
    Of a longer tag than any that is registered only the beginning counts (RFC 5646, section 4.4.1).
    """
    parts = tag[:LONGEST_TAG].replace("_", "-").lower().split("-")
    while parts:
        candidate = "-".join(parts)
        candidate = RELATIVES.get(candidate, candidate)
        if candidate in BY_CODE:
            return candidate
        parts.pop()
    return None


def preferred(accept_language: str, offered: tuple[str, ...]) -> str:
    """Return the offered code that an ``Accept-Language`` header prefers most (RFC 9110, 12.5.4).

    A missing, malformed or oversized header, or one without a language of ours, gives SOURCE.
    """
    wishes: list[tuple[float, int, str]] = []
    for position, part in enumerate(accept_language[:1000].split(",")[:50]):
        tag, _, parameters = part.strip().partition(";")
        weight = _weight(parameters)
        code = nearest(tag.strip())
        if code in offered and weight > 0:
            wishes.append((-weight, position, code))
    return min(wishes)[2] if wishes else SOURCE


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if not name:
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if name.strip() == "q" and 0 <= weight <= 1 else 0.0
