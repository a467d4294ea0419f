"""Figures as charts: what belongs together on one scale, with its source once."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from content.publishing.live import Text

WHOLE = Decimal(100)
FACTS_OF_SOURCE = ("year", "place", "source", "url", "grade")


@dataclass(frozen=True)
class Bar:
    """One figure and how long its bar is, in hundredths of the longest possible one."""

    text: Text
    length: str
    """A number for SVG with a point, empty when the figure stands alone and needs no bar."""


@dataclass(frozen=True)
class Chart:
    """Figures of one group, in their order."""

    bars: tuple[Bar, ...]

    @property
    def shared(self) -> Text | None:
        """A figure whose year, place and source are those of all; None when they differ."""
        first = self.bars[0].text
        facts = [[bar.text.content[name] for name in FACTS_OF_SOURCE] for bar in self.bars]
        return first if all(fact == facts[0] for fact in facts) else None

    @property
    def cautions(self) -> tuple[Text, ...]:
        """The figures that come with a word on what they do not tell."""
        return tuple(bar.text for bar in self.bars if bar.text.content["caution"])


def charts(figures: Iterable[Text]) -> list[Chart]:
    """Return the figures by group, in order; one without a group is a chart of its own.

    Shares of a whole are drawn on a scale of 100, other numbers on the scale of the largest in
    their group. Bars are for comparing: a figure alone has none, and neither have different units.
    """
    return [
        _chart(list(items))
        for _, items in groupby(figures, key=lambda text: text.content["group"] or text.key)
    ]


def _chart(items: list[Text]) -> Chart:
    numbers = [Decimal(item.content["number"]) for item in items]
    units = {item.content["unit"] for item in items}
    if len(items) < 2 or len(units) > 1:
        return Chart(tuple(Bar(item, "") for item in items))
    whole = max(numbers)
    if units == {"percent"} and whole <= WHOLE:
        whole = WHOLE
    lengths = [f"{number / whole * WHOLE:.1f}" for number in numbers]
    return Chart(tuple(Bar(item, length) for item, length in zip(items, lengths, strict=True)))
