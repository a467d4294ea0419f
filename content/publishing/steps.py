"""Steps of the guide: how those of several situations are joined, and that they never contradict.

Each situation names its steps. For several situations the steps are joined, each once, in the order
of all steps; a step leaves those out that it replaces. Which steps may never stand in one list is
written in the steps themselves; `contradictions` looks at every pair of situations. That is enough:
another situation adds steps or leaves some out, it cannot bring a pair back that was not there.

The page's own script (static/js/guide.js) joins steps in the same way, in the reader's browser.
"""

from collections.abc import Iterable, Mapping
from itertools import combinations_with_replacement
from typing import Any

Content = Mapping[str, Any]
GUIDE_PLACES = {"both", "guide"}
"""Values of a situation's `place` with which it is a branch of the guide."""


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
