"""The directory as readers see it: contacts composed from structured values by whole sentences.

A contact needs no translation of its own: each fact below is one sentence of the catalogues.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from babel.dates import format_date
from django.conf import settings
from django.utils.translation import get_language, gettext

from campaign import languages
from content import countries, hours

Contact = Mapping[str, Any]

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


@dataclass(frozen=True)
class Hours:
    """When one channel is open, in lines to read."""

    lines: tuple[tuple[str, str], ...] = ()
    """Days and times."""
    is_always_open: bool = False
    is_closed_on_holidays: bool = False


@dataclass(frozen=True)
class Action:
    """One way to reach a service. Without `href` the value is shown to be typed in."""

    kind: str
    label: str
    value: str = ""
    href: str = ""
    hours: Hours | None = None


@dataclass(frozen=True)
class Card:
    """One service, ready to be shown."""

    key: str
    kind: str
    organisation: str
    organisation_language: str
    about: str
    actions: tuple[Action, ...]
    hours_text: str
    time_zone: str
    cost: str
    spoken: str
    audience: str
    before: tuple[tuple[str, str], ...]
    """Questions and answers before one calls."""
    remark: str
    trust: str
    is_overdue: bool
    sources: tuple[str, ...]


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
    contacts: Iterable[Contact], remarks: Mapping[str, str], today: date, place: str = ""
) -> list[Group]:
    """Return a country's contacts in groups: talk, report, remove, emergency; empty ones left out.

    Within a group, services for children come first. `place` sets the anchors of these groups
    apart from those of other groups on the same page.
    """
    shown = _unexpired(list(contacts), today)
    shown.sort(key=lambda contact: "child" not in contact["audience"])
    titles = {
        TALK: (
            gettext("Talk to someone"),
            gettext("They listen. You decide what you tell them."),
        ),
        REPORT: (
            gettext("Report it"),
            gettext("Reporting is not telling on somebody. It helps to stop this."),
        ),
        REMOVE: (
            gettext("Get a picture taken down or blocked"),
            gettext("You can ask even when it has only been threatened."),
        ),
        EMERGENCY: (
            gettext("In danger right now"),
            gettext("Call if you or somebody else could be hurt now."),
        ),
    }
    return [
        Group(key, place + key, title, intro, cards)
        for key, (title, intro) in titles.items()
        if (cards := tuple(_card(c, remarks, today) for c in shown if GROUPS[c["kind"]] == key))
    ]


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


def _call(number: str, opened: Hours | None = None) -> Action:
    return Action("phone", gettext("Call"), number, tel(number), opened)


def _unexpired(contacts: list[Contact], today: date) -> list[Contact]:
    """Leave out what was checked too long ago, but never the last of its kind (DESIGN 4.8)."""
    limit = today - timedelta(days=settings.CHECK_EXPIRES_DAYS)
    fresh = [c for c in contacts if _checked(c) is None or _checked(c) >= limit]  # type: ignore[operator]
    kinds = {contact["kind"] for contact in fresh}
    return [c for c in contacts if c in fresh or c["kind"] not in kinds]


def _checked(contact: Contact) -> date | None:
    return date.fromisoformat(contact["checked_on"]) if contact["checked_on"] else None


def _card(contact: Contact, remarks: Mapping[str, str], today: date) -> Card:
    language = get_language() or languages.SOURCE
    trust, is_overdue = _trust(contact, today, language)
    return Card(
        key=contact["key"],
        kind=contact["kind"],
        organisation=contact["organisation"],
        organisation_language=(contact["languages"] or [""])[0],
        about=_about(contact),
        actions=tuple(_actions(contact)),
        hours_text=contact["hours_text"],
        time_zone=contact["time_zone"],
        cost=_cost(contact),
        spoken=_spoken(contact, language),
        audience=_audience(contact),
        before=tuple(_before(contact)),
        remark=remarks.get(contact["key"], ""),
        trust=trust,
        is_overdue=is_overdue,
        sources=tuple(_sources(contact)),
    )


def _about(contact: Contact) -> str:
    if contact["kind"] in {"helpline", "internet_helpline"} and "child" not in contact["audience"]:
        return gettext("For adults: how to help a child or a pupil now.")
    return {
        "emergency": gettext("Police, ambulance and fire service."),
        "helpline": gettext("A helpline. You can talk about anything that worries you."),
        "internet_helpline": gettext(
            "A helpline for trouble online, such as threats and pictures."
        ),
        "police": gettext("The police. They can look for the person who does this."),
        "hotline": gettext("A place to report sexual pictures of anyone under 18 that are online."),
        "removal": gettext("Helps to get pictures taken down, or blocked before they spread."),
    }[contact["kind"]]


def _actions(contact: Contact) -> Iterable[Action]:
    if contact["phone"]:
        yield _call(contact["phone"], _hours(contact["phone_hours"]))
    if contact["phone_international"]:
        number = contact["phone_international"]
        yield Action("phone", gettext("From abroad, call"), number, tel(number))
    if number := contact["sms"]:
        href = "sms:" + tel(number).removeprefix("tel:")
        yield Action("sms", gettext("Text"), number, href, _hours(contact["sms_hours"]))
    if number := contact["whatsapp"]:
        opened = _hours(contact["whatsapp_hours"])
        yield Action("whatsapp", gettext("On WhatsApp, write to"), number, hours=opened)
    if url := contact["chat_url"]:
        yield Action("chat", gettext("Chat"), "", url, _hours(contact["chat_hours"]))
    if url := contact["report_url"]:
        yield Action("report", gettext("Report online"), "", url, _hours(contact["report_hours"]))
    if address := contact["email"]:
        yield Action(
            "email", gettext("Send an e-mail"), address, "mailto:" + quote(address, safe="@")
        )
    if url := contact["website"]:
        yield Action("website", gettext("Website"), _host(url), url)


def _hours(expression: str) -> Hours | None:
    if not expression:
        return None
    week = hours.week(expression)
    language = get_language() or languages.SOURCE
    return Hours(
        tuple((days.label(language), days.times(language)) for days in week.days),
        week.is_always_open,
        week.is_closed_on_holidays,
    )


def _cost(contact: Contact) -> str:
    return {
        "free": gettext("Free"),
        "paid": gettext("This call costs money"),
        "unknown": gettext("We do not know the cost"),
    }[contact["cost"]]


def _spoken(contact: Contact, language: str) -> str:
    names = [countries.language_name(code, language) for code in contact["languages"]]
    return countries.joined(names, language)


def _audience(contact: Contact) -> str:
    low, high = contact["age_min"], contact["age_max"]
    if low is not None and high is not None:
        return gettext("For ages %(low)s to %(high)s") % {"low": low, "high": high}
    if high is not None:
        return gettext("Up to age %(high)s") % {"high": high}
    if low is not None:
        return gettext("From age %(low)s") % {"low": low}
    audience = set(contact["audience"])
    if audience == {"child"}:
        return gettext("For children and young people")
    if "child" in audience:
        return gettext("For young people and adults")
    return gettext("For parents, carers and professionals")


def _before(contact: Contact) -> Iterable[tuple[str, str]]:
    yield (
        gettext("Who answers?"),
        {
            "counsellors": gettext("Trained counsellors."),
            "volunteers": gettext("Trained volunteers."),
            "police": gettext("Police officers."),
            "operators": gettext("Emergency operators."),
            "unknown": gettext("We do not know who answers. You can ask them first."),
        }[contact["answered_by"]],
    )
    yield (
        gettext("Do I have to say my name?"),
        {
            "yes": gettext("No. You can stay anonymous."),
            "no": gettext("Yes, they ask for your name."),
            "unknown": gettext("We do not know. You can ask them first."),
        }[contact["anonymity"]],
    )
    yield (
        gettext("Will they tell anyone?"),
        {
            "never": gettext("No, not without your wish."),
            "danger": gettext("Only when somebody is in serious danger."),
            "yes": gettext("Yes, they have to pass it on."),
            "unknown": gettext("We do not know if they tell anyone. Ask them first."),
        }[contact["tells_others"]],
    )
    if not (contact["phone"] or contact["sms"] or contact["whatsapp"]):
        return
    yield (
        gettext("Is it on the phone bill?"),
        {
            "yes": gettext("Yes, the number shows on the bill."),
            "no": gettext("No, the number does not show on the bill."),
            "unknown": gettext("We do not know. The call also stays in the phone's own list."),
        }[contact["on_bill"]],
    )


def _trust(contact: Contact, today: date, language: str) -> tuple[str, bool]:
    checked = _checked(contact)
    if checked is None:
        return gettext("Not yet confirmed with the service."), False
    day = {"date": format_date(checked, "long", locale=language)}
    if checked < today - timedelta(days=settings.CHECK_DUE_DAYS):
        return gettext("Not checked since %(date)s.") % day, True
    return gettext("Confirmed with the service on %(date)s.") % day, False


def _sources(contact: Contact) -> Iterable[str]:
    seen = set()
    for source in contact["sources"]:
        host = _host(source)
        if host and host not in seen:
            seen.add(host)
            yield host


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:  # an address in brackets that is none
        return ""
