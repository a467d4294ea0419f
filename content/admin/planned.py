"""The page that says what a file from translators would change, before it does."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest

from content import po
from content.admin import differing
from content.interchange.planning import STOPS, WRITTEN, Conflicts, Outcome, Plan, Row

ROWS = 50
"""Changes on one page."""
MOST = 100
"""Refused texts, and texts that are not taken, on one page."""
QUIET = {Outcome.SAME, Outcome.EMPTY}


@dataclass(frozen=True)
class Asked:
    """What the person has decided about the file as a whole."""

    conflicts: Conflicts
    is_partial: bool

    def address(self, **other: str) -> str:
        """Return the query of the page with something else decided."""
        query = {"conflicts": self.conflicts.value, "partial": "1" if self.is_partial else "0"}
        return f"?{urlencode(query | other)}"


@dataclass(frozen=True)
class Change:
    """A text that would be written."""

    row: Row
    source: str
    before: str
    after: str


def asked(request: HttpRequest) -> Asked:
    """Return what the address says. Raises Http404 for what cannot be asked."""
    conflicts = request.GET.get("conflicts", Conflicts.REFUSE)
    if conflicts not in list(Conflicts):
        raise Http404("This cannot be done with conflicts.")
    return Asked(Conflicts(conflicts), request.GET.get("partial") == "1")


def context(request: HttpRequest, plan: Plan) -> dict[str, Any]:
    """Return what the page of a plan shows; a part of its changes, as the address says."""
    wanted = asked(request)
    written = plan.written
    part = request.GET.get("part", "1")
    if part not in {str(number) for number in range(1, 1000)}:
        raise Http404("There is no such part.")
    start = (int(part) - 1) * ROWS
    conflicts = sum(row.outcome == Outcome.CONFLICT for row in plan.rows)
    left = [row for row in plan.rows if row.outcome not in WRITTEN | STOPS | QUIET]
    return {
        "plan": plan,
        "counts": [(count, outcome.value) for outcome, count in plan.counts.most_common()],
        "changes": list(_changes(written[start : start + ROWS])),
        "parts": [
            (n, n == int(part), wanted.address(part=str(n)))
            for n in range(1, (len(written) - 1) // ROWS + 2)
        ],
        "stopped": plan.stopped[:MOST],
        "more_stopped": max(0, len(plan.stopped) - MOST),
        "left": left[:MOST],
        "more_left": max(0, len(left) - MOST),
        "conflicts": conflicts,
        "keep_address": wanted.address(conflicts=Conflicts.KEEP.value),
        "overwrite_address": wanted.address(conflicts=Conflicts.OVERWRITE.value),
        "partial_address": wanted.address(partial="1"),
        "has_decided": wanted != Asked(Conflicts.REFUSE, is_partial=False),
    }


def _changes(rows: list[Row]) -> Iterator[Change]:
    for row in rows:
        source = po.text(row.text.path, row.text.source) if row.text else ""
        texts: tuple[str, str] = (row.before, row.after)
        if row.before and row.outcome == Outcome.CHANGED:
            texts = differing.marked(*texts)
        yield Change(row, source, *texts)
