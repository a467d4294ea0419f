"""The guide: what happened, and the steps for it, put together without contradiction.

Each situation names its steps. For several situations the steps are joined, each once, in the order
of all steps; a step leaves those out that it replaces. Which steps may never stand in one list is
written in the steps themselves; `contradictions` looks at every pair of situations. That is enough:
another situation adds steps or leaves some out, it cannot bring a pair back that was not there.

The page's own script (static/js/guide.js) joins steps in the same way, in the reader's browser.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any

from content.publishing.live import Text

Content = Mapping[str, Any]
PLACES = {"both", "guide"}


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
        if own and text.content.get("place") in PLACES:
            found.append(Branch(text, own))
    return found


def joined(chosen: Iterable[Iterable[str]], steps: Mapping[str, Content]) -> list[str]:
    """Return the keys of the steps for several situations, in order, each once.

    `chosen` are the keys of each situation's steps; `steps` are all steps in their order.
    """
    wanted = {key for keys in chosen for key in keys}
    replaced = {key for step in wanted for key in steps[step]["replaces"]}
    return [key for key in steps if key in wanted - replaced]


def contradictions(
    situations: Mapping[str, Content], steps: Mapping[str, Content]
) -> list[tuple[str, str, str, str]]:
    """Return every two situations whose joined steps contradict each other, with the two steps."""
    found = []
    for one, other in combinations_with_replacement(situations, 2):
        keys = joined((situations[one]["steps"], situations[other]["steps"]), steps)
        found += [
            (one, other, key, against)
            for key in keys
            for against in steps[key]["contradicts"]
            if against in keys
        ]
    return found
