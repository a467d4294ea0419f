"""The guide: what may have happened, each with its steps, ready to be shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from content.publishing.live import Text
from content.publishing.steps import GUIDE_PLACES


@dataclass(frozen=True)
class Step:
    """A step in its place among all steps."""

    order: int
    text: Text


@dataclass(frozen=True)
class Branch:
    """What may have happened, with its steps in order."""

    text: Text
    steps: tuple[Step, ...]


def branches(situations: Iterable[Text], steps: Iterable[Text]) -> list[Branch]:
    """Return the branches of the guide, in the order of situations; those without steps left out.

    A step that is not live is not there: the other steps still help.
    """
    in_order = [Step(order, text) for order, text in enumerate(steps)]
    found = []
    for text in situations:
        keys = text.content.get("steps", [])
        own = tuple(step for step in in_order if step.text.key in keys)
        if own and text.content.get("place") in GUIDE_PLACES:
            found.append(Branch(text, own))
    return found
