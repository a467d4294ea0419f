"""The difference of two texts, word by word; and what is easily overlooked in it, called out."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from content import richtext

NUMBER = re.compile(r"\+?\d+(?:[.,\u00a0\u202f /-]?\d+)*")


@dataclass(frozen=True)
class Call:
    """Links or numbers that a text loses and gains."""

    what: str
    gone: tuple[str, ...]
    come: tuple[str, ...]


def marked(old: str, new: str) -> tuple[SafeString, SafeString]:
    """Return both texts, the old with `del` around what goes, the new with `ins` around what comes.

    Tags are compared too: where only a link's address changes, its words count as changed.
    """
    before, after = richtext.pieces(old), richtext.pieces(new)
    matcher = SequenceMatcher(str.isspace, _with_links(before), _with_links(after), autojunk=False)
    gone: set[int] = set()
    come: set[int] = set()
    for name, *places in matcher.get_opcodes():
        if name != "equal":
            gone |= set(range(*places[:2]))
            come |= set(range(*places[2:]))
    return (
        richtext.marked(old, _joined(before, gone), "del"),
        richtext.marked(new, _joined(after, come), "ins"),
    )


def _with_links(pieces: Iterable[str]) -> list[str]:
    """Return the pieces to compare: those inside a link differ from the same words outside."""
    found, link = [], ""
    for piece in pieces:
        if piece.startswith("<a"):
            link = piece
        elif piece == "</a>":
            link = ""
        found.append(f"{piece}{link}" if link and not piece.startswith("<") else piece)
    return found


def _joined(pieces: list[str], changed: set[int]) -> set[int]:
    """Return the changed places with the spaces between two of them, and no other spaces."""
    return {
        place
        for place, piece in enumerate(pieces)
        if (place in changed and not piece.isspace())
        or (piece.isspace() and {place - 1, place + 1} <= changed)
    }


def called_out(old: str, new: str) -> list[Call]:
    """Return the links and the numbers that only one of two texts has, as often as it has them."""
    pairs = {"Links": (_links(old), _links(new)), "Numbers": (_numbers(old), _numbers(new))}
    found = []
    for what, (before, after) in pairs.items():
        gone = tuple((Counter(before) - Counter(after)).elements())
        come = tuple((Counter(after) - Counter(before)).elements())
        if gone or come:
            found.append(Call(what, gone, come))
    return found


def _links(text: str) -> list[str]:
    return richtext.links(text) if isinstance(text, SafeString) else []


def _numbers(text: str) -> list[str]:
    return NUMBER.findall(richtext.plain(conditional_escape(text)))
