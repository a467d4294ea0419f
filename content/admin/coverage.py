"""Coverage as a picture: which languages have what, and which countries have which services."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from campaign import languages
from content import countries
from content.admin import states
from content.admin.dashboard import current
from content.models import Contact, Country, Revision
from content.publishing.snapshots import MODELS, languages_of
from content.publishing.workflow import State

GUIDANCE = [kind for kind in Revision.Kind.values if kind != Revision.Kind.COUNTRY]


@dataclass(frozen=True)
class Cell:
    """A field of the table: what it says, its colour, and where it leads, in few letters.

    A table has hundreds: the colour is the first letter of its state, the address a relative one.
    """

    text: str
    colour: str
    address: str = ""


COLUMNS = 18
"""Items in one table: with all languages it stays below 60 KB, and fits a screen."""


def of_kind(kind: str, part: int = 1) -> dict[str, Any]:
    """Return a part of the table of languages by items of a kind, in two queries."""
    model = MODELS[kind]
    every = list(model._default_manager.order_by("position", "key").values_list("pk", "key"))
    parts = range(1, (len(every) - 1) // COLUMNS + 2)
    items = every[(part - 1) * COLUMNS : part * COLUMNS]
    found: dict[str, dict[str, list[Revision]]] = {key: {} for _, key in items}
    for revision in current().filter(kind=kind, key__in=found).order_by("language", "-number"):
        found[revision.key].setdefault(revision.language, []).append(revision)
    by_key = {key: states.from_revisions(kind, rows) for key, rows in found.items()}
    name = model._meta.model_name
    rows = []
    for code in languages_of(kind):
        cells = [
            Cell(
                states.LETTERS[by_key[key][code]],
                by_key[key][code].name[0].lower(),
                f"../../{name}/{pk}/change/?language={code}",
            )
            for pk, key in items
        ]
        rows.append((code, languages.get(code).name, cells, _live(by_key, code)))
    heads = [key for _, key in items]
    legend = [(letter, state.value) for state, letter in states.LETTERS.items()]
    return {"heads": heads, "rows": rows, "legend": legend, "parts": parts, "part": part}


def _live(by_key: dict[str, dict[str, State]], code: str) -> int:
    return sum(by[code] in {State.LIVE, State.CHANGED, State.OUTDATED} for by in by_key.values())


CHECKS = {"C": "confirmed", "O": "check overdue", "N": "never confirmed", "–": "no service"}
COLOURS = {"C": "l", "O": "c", "N": "d", "–": "m"}


def of_contacts() -> dict[str, Any]:
    """Return the table of countries by kinds of contact, in two queries.

    A field has the number of services that readers may see, and the best of their checks.
    """
    today = timezone.now().date()
    limit = today - timedelta(days=settings.CHECK_DUE_DAYS)
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    contacts = Contact.objects.publishable().going_on(today).order_by()
    for code, kind, day in contacts.values_list("country", "kind", "checked_on"):
        letter = "N" if day is None else "O" if day < limit else "C"
        found[code][kind].append(letter)
    rows = []
    for code in Country.objects.order_by("code").values_list("pk", flat=True):
        cells = []
        for kind in Contact.Kind.values:
            letters = found[code][kind]
            letter = next((one for one in CHECKS if one in letters), "–")
            cells.append(Cell(f"{len(letters)} {letter}" if letters else "–", COLOURS[letter]))
        name = "Worldwide" if code == "WW" else countries.name(code, languages.SOURCE)
        rows.append((reverse("admin:content_country_change", args=[code]), name, cells))
    return {"heads": Contact.Kind.labels, "rows": rows, "legend": CHECKS.items()}


def summary() -> list[tuple[str, int, int]]:
    """Return for each language with a live page how many pages it has, and how many there are."""
    live = Revision.objects.live().filter(kind=Revision.Kind.PAGE)
    count = Counter(live.values_list("language", flat=True))
    most = count[languages.SOURCE]
    return [(one.name, count[code], most) for code, one in languages.BY_CODE.items() if count[code]]
