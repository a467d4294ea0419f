"""Numbers that people dial: whoever approves one that is new has to have read it.

A wrong digit sends a child to nobody. So `workflow.approve` asks for the last digits of every
number that readers did not see before, whatever page, list or program the approval comes from.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from content.models import Contact, Revision
from content.publishing.rules import Problem

LAST = 3
"""How many digits are asked for; of a shorter number all."""

FIELDS = {
    "phone": "phone",
    "phone_international": "phone from abroad",
    "sms": "text message",
    "whatsapp": "WhatsApp",
}
"""The fields of a contact that hold numbers, with their names."""

Content = Mapping[str, Any]


@dataclass(frozen=True)
class NumberChange:
    """A number that readers see now, and the one that they would see."""

    id: str
    """Its lasting name among the numbers of a country: `de-childline.phone`."""
    place: str
    """The service, or that it is an emergency number."""
    label: str
    old: str
    """Empty when there was none."""
    new: str
    """Empty when it goes away: then nothing is asked."""

    @property
    def answer(self) -> str:
        """What has to be typed."""
        return digits(self.new)[-LAST:]


def digits(number: str) -> str:
    """Return only the digits of a number, in whatever way it is written."""
    return "".join(str(int(sign)) for sign in number if sign.isdecimal())


def dialled(number: str) -> str:
    """Return what a telephone dials; spaces, hyphens and brackets are for the eye."""
    return re.sub(r"[^0-9+]", "", number)


def changes(revision: Revision, live: Revision | None) -> list[NumberChange]:
    """Return the numbers that would change for readers; written differently is no change."""
    if revision.kind != Revision.Kind.COUNTRY or "contacts" not in revision.content:
        return []
    before = live.content if live else {"contacts": [], "emergency_numbers": []}
    return [*_emergency(revision.content, before), *_contacts(revision.content, before)]


def _emergency(new: Content, old: Content) -> Iterator[NumberChange]:
    """Pair the numbers that came with those that went, of the same service first."""

    def entries(content: Content, known: Content) -> list[tuple[str, str]]:
        others = {(dialled(e["number"]), e["for"]) for e in known["emergency_numbers"]}
        return [
            (e["for"], e["number"])
            for e in content["emergency_numbers"]
            if (dialled(e["number"]), e["for"]) not in others
        ]

    came, gone = entries(new, old), entries(old, new)
    place = "Emergency number"
    for service, number in came:
        replaced = next((entry for entry in gone if entry[0] == service), None)
        if replaced:
            gone.remove(replaced)
        name = f"emergency.{service}.{dialled(number)}"
        yield NumberChange(name, place, service, replaced[1] if replaced else "", number)
    for service, number in gone:
        yield NumberChange(f"emergency.{service}.{dialled(number)}", place, service, number, "")


def _contacts(new: Content, old: Content) -> Iterator[NumberChange]:
    now = {contact["key"]: contact for contact in new["contacts"]}
    before = {contact["key"]: contact for contact in old["contacts"]}
    for key in dict.fromkeys([*now, *before]):
        after, earlier = now.get(key, {}), before.get(key, {})
        shown = after or earlier
        place = f"{shown['organisation']} ({Contact.Kind(shown['kind']).label})"
        for field, label in FIELDS.items():
            was, becomes = earlier.get(field, ""), after.get(field, "")
            if dialled(was) != dialled(becomes):
                yield NumberChange(f"{key}.{field}", place, label, was, becomes)


def unconfirmed(found: list[NumberChange], typed: Mapping[str, str]) -> list[Problem]:
    """Return a problem for every new number whose last digits were not typed."""
    problems = []
    for change in found:
        given = digits(typed.get(change.id, ""))
        if not change.new or given == change.answer:
            continue
        message = f"{change.place}, {change.label}: "
        message += (
            f"{given} is not how the new number ends. Read it again, digit by digit."
            if given
            else "type the last three digits of the new number."
        )
        problems.append(Problem("", message))
    return problems
