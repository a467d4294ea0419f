"""Ways to reach a service: what one presses or copies, with the hours of each channel."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext

from content.directory.opening import Hours, opening
from content.directory.trust import Contact, host

LIVE = ("phone", "sms", "whatsapp", "chat")
"""Channels on which somebody answers at once, while they are open."""


@dataclass(frozen=True)
class Action:
    """One way to reach a service. Without `href` the value is shown to be typed in."""

    kind: str
    label: str
    value: str = ""
    href: str = ""
    hours: Hours | None = None

    @property
    def is_live(self) -> bool:
        """Whether somebody answers at once."""
        return self.kind in LIVE


def emergency_numbers(content: Mapping[str, Any]) -> list[Action]:
    """Return a country's emergency numbers as calls, the most important one first.

    Each says whom it reaches, unless it reaches all services.
    """
    names = {
        "all": gettext("Call"),
        "police": gettext("Police: call"),
        "ambulance": gettext("Ambulance: call"),
        "fire": gettext("Fire service: call"),
    }
    return [
        Action("phone", names[entry["for"]], entry["number"], tel(entry["number"]))
        for entry in content["emergency_numbers"]
    ]


def general_emergency() -> Action:
    """Return 112: the number of the EU and most of our other countries (Directive (EU) 2018/1972,
    article 109), for pages that know no country.
    """
    return _call("112")


def tel(number: str) -> str:
    """Return the `tel:` address that dials a number exactly as people dial it (RFC 3966).

    Short codes keep their digits: no country code is put before 116 111.
    """
    return "tel:" + re.sub(r"[^+0-9]", "", number)


def actions(contact: Contact, country: str, today: date) -> Iterable[Action]:
    """Yield the ways to reach a service, the most direct one first."""

    def opened(channel: str) -> Hours | None:
        return opening(contact, channel, country, today)

    if contact["phone"]:
        yield _call(contact["phone"], opened("phone"))
    if number := contact["phone_international"]:
        yield Action("phone", gettext("From abroad, call"), number, tel(number))
    if number := contact["sms"]:
        href = "sms:" + tel(number).removeprefix("tel:")
        yield Action("sms", gettext("Text"), number, href, opened("sms"))
    if number := contact["whatsapp"]:
        label = gettext("On WhatsApp, write to")
        yield Action("whatsapp", label, number, hours=opened("whatsapp"))
    if url := contact["chat_url"]:
        yield Action("chat", gettext("Chat"), "", url, opened("chat"))
    if url := contact["report_url"]:
        yield Action("report", gettext("Report online"), "", url, opened("report"))
    if address := contact["email"]:
        yield Action(
            "email", gettext("Send an e-mail"), address, "mailto:" + quote(address, safe="@")
        )
    if url := contact["website"]:
        yield Action("website", gettext("Website"), host(url), url)


def _call(number: str, opened: Hours | None = None) -> Action:
    return Action("phone", gettext("Call"), number, tel(number), opened)
