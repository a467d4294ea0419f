"""The states of items in all languages, as editors see them: letters, colours, counts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from campaign import languages
from content.admin.waiting import language_name
from content.models import Revision
from content.publishing import workflow
from content.publishing.snapshots import languages_of, source_of
from content.publishing.workflow import State

LETTERS = {
    State.LIVE: "L",
    State.WAITING: "W",
    State.DRAFT: "D",
    State.CHANGED: "C",
    State.OUTDATED: "O",
    State.MISSING: "–",
}
"""One letter a state, so that colour is never the only sign."""

States = dict[str, State]


@dataclass(frozen=True)
class Chip:
    """One language of the row above a form: its state, and the link to its form."""

    code: str
    name: str
    direction: str
    state: State
    address: str
    is_current: bool

    @property
    def letter(self) -> str:
        """The state in one letter."""
        return LETTERS[self.state]

    @property
    def colour(self) -> str:
        """The name that the stylesheet has for the state."""
        return self.state.name.lower()


def of(kind: str, keys: Iterable[str]) -> dict[str, States]:
    """Return the state of many items in every language, in one query without the texts."""
    found: dict[str, dict[str, list[Revision]]] = {key: {} for key in keys}
    revisions = Revision.objects.filter(kind=kind, key__in=found).defer("content")
    for revision in revisions.order_by("language", "-number"):
        found[revision.key].setdefault(revision.language, []).append(revision)
    return {key: from_revisions(kind, by_language) for key, by_language in found.items()}


def from_revisions(kind: str, by_language: dict[str, list[Revision]]) -> States:
    """Return the state in every language from the revisions of an item, newest first."""
    source = next((r for r in by_language.get(languages.SOURCE, []) if r.is_live), None)
    return {
        language: workflow.state(
            by_language.get(language, []), source if source_of(kind, language) else None
        )
        for language in languages_of(kind)
    }


def row(states: States, current: str, form_address: str) -> list[Chip]:
    """Return the chips of all languages, each leading to the form in that language."""
    return [
        Chip(
            code,
            language_name(code),
            languages.direction(code),
            state,
            f"{form_address}?language={code}",
            code == current,
        )
        for code, state in states.items()
    ]


def summary(states: States) -> SafeString:
    """Return how many languages are in each state, in few letters; missing ones are not counted."""
    counts = Counter(states.values())
    shown = [(state, counts[state]) for state in LETTERS if counts[state]]
    shown = [pair for pair in shown if pair[0] != State.MISSING] or shown
    chips = format_html_join(
        " ",
        '<span class="state state--{}" title="{}"><b>{}</b> {}</span>',
        ((s.name.lower(), f"{count} {s}", LETTERS[s], count) for s, count in shown),
    )
    return format_html('<span class="states">{}</span>', chips)
