"""A country in a few lines: the emergency number and the first services to talk to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import get_language

from campaign import languages
from content import countries
from content.directory.actions import Action, emergency_numbers
from content.directory.cards import Card, Reader
from content.directory.groups import TALK, groups
from content.directory.place import talk
from content.directory.trust import host

MOST = 2


@dataclass(frozen=True)
class Line:
    """One service with the most direct way to reach it."""

    card: Card
    action: Action

    @property
    def written(self) -> str:
        """What one types in on another device: the number, or else the host of the address."""
        return self.action.value or host(self.action.href)


@dataclass(frozen=True)
class Short:
    """Who helps in a country, for a page that shows all countries."""

    code: str
    name: str
    emergency: tuple[Action, ...]
    lines: tuple[Line, ...]

    @property
    def has_unconfirmed(self) -> bool:
        """Whether a service shown has not yet confirmed what we say of it."""
        return any(not line.card.is_confirmed for line in self.lines)

    def last_day(self, day: date) -> date:
        """Return the last day on which a copy may be used: `day`, or before a service ends."""
        ends = [line.card.ends_on for line in self.lines if line.card.ends_on]
        return min([day, *(end - timedelta(days=1) for end in ends)])


def in_short(code: str, content: Mapping[str, Any], reader: Reader) -> Short:
    """Return a country's emergency numbers and its first services to talk to."""
    lines = []
    for card in talk(groups({code: content}, reader, {}, only={TALK})):
        usable = [action for action in card.actions if action.href]
        if usable:
            lines.append(Line(card, usable[0]))
    name = countries.name(code, get_language() or languages.SOURCE)
    return Short(code, name, tuple(emergency_numbers(content)), tuple(lines[:MOST]))
