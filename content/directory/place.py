"""What a country's page says beside its services: languages, what to do when nobody is there."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from campaign import languages
from content import countries
from content.directory.actions import Action
from content.directory.cards import Card, Reader
from content.directory.groups import TALK, Group


@dataclass(frozen=True)
class Spoken:
    """Which services answer in which language, for readers whose language is not theirs."""

    sentence: str
    by_language: tuple[tuple[str, tuple[Card, ...]], ...]
    """Names of languages, the reader's first, with their services; empty when there is but one."""


@dataclass(frozen=True)
class Until:
    """Who is there when a service is closed."""

    always_open: tuple[Card, ...]
    emergency: tuple[Action, ...]
    finders: tuple[Card, ...]


def talk(groups: Iterable[Group]) -> tuple[Card, ...]:
    """Return the services that one can talk to."""
    return tuple(card for group in groups if group.key == TALK for card in group.cards)


def spoken(cards: tuple[Card, ...], reader: Reader) -> Spoken | None:
    """Return who speaks what, None when all these services speak the reader's language."""
    codes = dict.fromkeys(code for card in cards for code in card.spoken_codes)
    if not codes or all(card.speaks_yours for card in cards):
        return None
    if reader.language in codes:
        sentence = gettext(
            "Not all of these services answer in this language: %(language)s."
            " Those that do come first."
        ) % {"language": _name(reader.language)}
    else:
        sentence = gettext(
            "These services say that they answer in: %(languages)s. You can still try."
            " Someone you trust can talk for you."
        ) % {"languages": countries.joined([_name(code) for code in codes], _frame())}
    in_order = sorted(codes, key=lambda code: code != reader.language)
    by_language = [
        (_name(code), tuple(card for card in cards if code in card.spoken_codes))
        for code in in_order
    ]
    return Spoken(sentence, tuple(by_language) if len(codes) > 1 else ())


def until(groups: list[Group], worldwide: list[Group], emergency: list[Action]) -> Until:
    """Return who is there at any hour: lines open day and night, the emergency number, finders."""
    always_open = tuple(card for card in talk(groups) if card.is_always_open)
    return Until(always_open, tuple(emergency), talk(worldwide))


def _name(code: str) -> str:
    return countries.language_name(code, _frame())


def _frame() -> str:
    return get_language() or languages.SOURCE
