"""The services of a country in groups, by what a reader wants to do."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_noop

from content.directory import trust
from content.directory.cards import Card, FirstWords, Reader, card, is_for, speaks

TALK, REPORT, REMOVE, EMERGENCY = "talk", "report", "remove", "emergency"
GROUPS = {
    "helpline": TALK,
    "internet_helpline": TALK,
    "police": REPORT,
    "hotline": REPORT,
    "removal": REMOVE,
    "emergency": EMERGENCY,
}
"""Kinds of contact by what a reader wants to do, in the order in which readers need it."""
TITLES = {
    TALK: (
        gettext_noop("Talk to someone"),
        gettext_noop("They listen. You decide what you tell them."),
    ),
    REPORT: (
        gettext_noop("Report it"),
        gettext_noop("Reporting is not telling on somebody. It helps to stop this."),
    ),
    REMOVE: (
        gettext_noop("Get a picture taken down or blocked"),
        gettext_noop("You can ask even when it has only been threatened."),
    ),
    EMERGENCY: (
        gettext_noop("In danger right now"),
        gettext_noop("Call if you or somebody else could be hurt now."),
    ),
}
"""The heading of each group and the line below it, in the order of a page."""


@dataclass(frozen=True)
class Group:
    """Services that do the same for a reader."""

    key: str
    anchor: str
    """Its place in the page's address; a page may show two groups of the same key."""
    title: str
    intro: str
    cards: tuple[Card, ...]


def groups(
    places: Mapping[str, Mapping[str, Any]],
    reader: Reader,
    first_words: FirstWords,
    prefix: str = "",
    only: Container[str] = TITLES,
) -> list[Group]:
    """Return the contacts of places in groups: talk, report, remove, emergency; no empty ones.

    `places` are contents of live countries by code. Within a group stand first the services for
    this reader (young, or an adult who asked), and among them those that speak the reader's
    language. `prefix` sets the anchors of these groups apart from others on the same page; `only`
    names the groups that are wanted.
    """
    found: dict[str, list[tuple[tuple[bool, bool], Card]]] = {key: [] for key in TITLES}
    for code, content in places.items():
        remarks = content.get("remarks", {})
        for contact in trust.shown(content["contacts"], reader.today):
            if GROUPS[contact["kind"]] not in only:
                continue
            place = (not is_for(contact, reader), not speaks(contact, reader))
            made = card(contact, code, reader, remarks.get(contact["key"], ""), first_words)
            found[GROUPS[contact["kind"]]].append((place, made))
    return [
        Group(key, prefix + key, gettext(title), gettext(intro), _in_order(found[key]))
        for key, (title, intro) in TITLES.items()
        if found[key]
    ]


def _in_order(cards: list[tuple[tuple[bool, bool], Card]]) -> tuple[Card, ...]:
    return tuple(card for _, card in sorted(cards, key=lambda entry: entry[0]))
