"""The situations of "Is this okay?" for a class: screens in order, and cards by the sheet."""

from collections.abc import Sequence
from dataclasses import dataclass

from content.publishing.live import Text

CARDS_ON_A_SHEET = 4
"""Four cards of the size A6 make a sheet of the size A4."""


@dataclass(frozen=True)
class Card:
    """One situation with its number and its neighbours."""

    text: Text
    number: int
    before: str
    """The key of the situation before this one, empty for the first."""
    after: str
    """The key of the situation after this one, empty for the last."""


def cards(pieces: Sequence[Text]) -> list[Card]:
    """Return the situations in their order, each with its neighbours."""
    keys = ["", *(piece.key for piece in pieces), ""]
    return [
        Card(piece, number, keys[number - 1], keys[number + 1])
        for number, piece in enumerate(pieces, start=1)
    ]


def sheets(all_cards: Sequence[Card]) -> list[Sequence[Card]]:
    """Return the cards as they are printed; the last sheet may have fewer of them."""
    starts = range(0, len(all_cards), CARDS_ON_A_SHEET)
    return [all_cards[start : start + CARDS_ON_A_SHEET] for start in starts]
