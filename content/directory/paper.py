"""A country on paper: numbers that one types in, and the code that leads to the current ones."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import segno

from content.directory.groups import EMERGENCY, Group
from content.directory.short import Line

QUIET_ZONE = 4
"""Modules of white around the code (ISO/IEC 18004: at least four)."""


@dataclass(frozen=True)
class PaperGroup:
    """What one may want to do, with the first services for it."""

    title: str
    lines: tuple[Line, ...]


def on_paper(groups: Iterable[Group], most: int) -> list[PaperGroup]:
    """Return the first services of each group, but the emergency numbers, which stand apart."""
    found = []
    for group in groups:
        lines = [
            Line(card, usable[0])
            for card in group.cards
            if (usable := [action for action in card.actions if action.href])
        ]
        if lines and group.key != EMERGENCY:
            found.append(PaperGroup(group.title, tuple(lines[:most])))
    return found


@dataclass(frozen=True)
class QrCode:
    """An address as a QR code, to be drawn as one SVG path (templates/parts/paper_code.html)."""

    size: int
    """Modules on each side, with the quiet zone."""
    path: str
    """The dark modules: a stroke of one module's width for each run of them in a row."""


@lru_cache(256)  # a poster has the code of its staff room's card; segno takes 2 ms for each
def qr_code(address: str) -> QrCode:
    """Return an address as a QR code.

    Error correction M (15 %, ISO/IEC 18004): a creased or stained sheet still works.
    """
    code = segno.make_qr(address, error="m", boost_error=False)
    strokes = []
    for y, row in enumerate(code.matrix):
        x = 0
        for is_dark, modules in groupby(row):
            length = len(list(modules))
            if is_dark:
                strokes.append(f"M{x + QUIET_ZONE} {y + QUIET_ZONE}.5h{length}")
            x += length
    return QrCode(len(code.matrix) + 2 * QUIET_ZONE, "".join(strokes))
