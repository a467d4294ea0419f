"""What changed in the directory, in whole sentences: the public log of changes.

It never shows a number: an old one might still be called.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext

from campaign import languages
from content import countries, richtext
from content.directory import trust
from content.directory.ends import End, day_of
from content.directory.trust import Contact
from content.publishing.live import Change, Index

REGION, WORLD = "EU", "WW"
Content = Mapping[str, Any]

NUMBERS = ("phone", "phone_international", "sms", "whatsapp")
ADDRESSES = ("chat_url", "report_url", "email", "website")
CHANNEL_HOURS = ("phone_hours", "sms_hours", "whatsapp_hours", "chat_hours", "report_hours")
HOURS = (*CHANNEL_HOURS, "hours_text", "time_zone")
BEFORE_YOU_CALL = ("answered_by", "cost", "on_bill", "anonymity", "tells_others")


@dataclass
class Service:
    """What changed about one service."""

    name: str
    """Its own name, or what it is where the name holds a number."""
    language: str
    """The language of its own name, empty when that is not known or not shown."""
    sentences: list[str] = field(default_factory=list)


@dataclass
class Entry:
    """What changed in one country on one day."""

    code: str
    name: str
    url: str
    """Its page, empty when it is no longer there."""
    sentences: list[str] = field(default_factory=list)
    services: dict[str, Service] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether readers would see no difference."""
        return not self.sentences and not self.services


@dataclass(frozen=True)
class Day:
    """One day with what changed, country by country."""

    label: str
    entries: tuple[Entry, ...]


def days(
    changes: Iterable[Change], ends: Iterable[End], words: str, language: str, index: Index
) -> list[Day]:
    """Return changes and ends as days, newest first, with countries in alphabetical order.

    `words` is the language of the frame and must be the active one, `language` that of addresses.
    """
    by_day: dict[date, dict[str, Entry]] = {}

    def entry(day: date, key: str) -> Entry:
        new = Entry(key, _name(key, words), _url(key, language, index))
        return by_day.setdefault(day, {}).setdefault(key, new)

    for change in changes:
        _tell(entry(day_of(change), change.key), change)
    for end in ends:
        _say(entry(end.on, end.key), end.contact, _gone())
    found = []
    for day, entries in sorted(by_day.items(), reverse=True):
        ordered = countries.in_order(set(entries), words)
        shown = tuple(entries[code] for code in ordered if not entries[code].is_empty)
        if shown:
            found.append(Day(format_date(day, "long", locale=words), shown))
    return found


def _name(code: str, language: str) -> str:
    return gettext("In every country") if code == WORLD else countries.name(code, language)


def _url(code: str, language: str, index: Index) -> str:
    if code in {REGION, WORLD}:
        return richtext.page_url("report", language)
    if code not in index.countries:
        return ""
    return reverse("country", kwargs={"language": language, "code": code})


def _tell(entry: Entry, change: Change) -> None:
    """Add what a change did to what is said of its country on that day."""
    if change.after is None:
        _add(entry.sentences, gettext("Taken out of the directory."))
        return
    day = day_of(change)
    count = sum(not trust.has_ended(contact, day) for contact in change.after["contacts"])
    if change.before is None:
        sentence = ngettext(
            "Added to the directory with %(count)d service.",
            "Added to the directory with %(count)d services.",
            count,
        )
        _add(entry.sentences, sentence % {"count": count})
        return
    if change.is_back:
        _add(entry.sentences, gettext("Back in the directory."))
    for sentence in _of_country(change.before, change.after):
        _add(entry.sentences, sentence)
    _tell_services(entry, change.before, change.after, day)


def _of_country(before: Content, after: Content) -> Iterable[str]:
    if _numbers(before) != _numbers(after):
        yield gettext("The emergency numbers have changed.")
    elif before["emergency_numbers"] != after["emergency_numbers"]:
        yield gettext("The sources of the emergency numbers have changed.")
    if any(before[name] != after[name] for name in ("scope", "time_zones", "languages")):
        yield gettext("Facts about the country itself have changed.")


def _numbers(content: Content) -> list[tuple[str, str]]:
    return [(entry["number"], entry["for"]) for entry in content["emergency_numbers"]]


def _tell_services(entry: Entry, before: Content, after: Content, day: date) -> None:
    # What had ended before that day was gone already, and its end has been told.
    earlier = day - timedelta(days=1)
    old = {c["key"]: c for c in before["contacts"] if not trust.has_ended(c, earlier)}
    new = {contact["key"]: contact for contact in after["contacts"]}
    for key, contact in new.items():
        if trust.has_ended(contact, day):
            if key in old:
                _say(entry, contact, _gone())
        elif key not in old:
            _say(entry, contact, gettext("New in the directory."))
        else:
            for sentence in _of_service(old[key], contact):
                _say(entry, contact, sentence)
    for key, contact in old.items():
        if key not in new:
            _say(entry, contact, gettext("No longer in the directory."))


def _of_service(before: Contact, after: Contact) -> Iterable[str]:
    """The sentences on what differs between two versions of a service."""
    sentences = (
        (gettext("Its name has changed."), ("organisation",)),
        (gettext("What kind of help it gives has changed."), ("kind",)),
        (gettext("A number has changed."), NUMBERS),
        (gettext("A web or e-mail address has changed."), ADDRESSES),
        (gettext("The hours have changed."), HOURS),
        (gettext("The languages that they speak have changed."), ("languages",)),
        (gettext("Who it is for has changed."), ("audience", "ages", "age_min", "age_max")),
        (gettext("The answers to read before you call have changed."), BEFORE_YOU_CALL),
        (gettext("Our sources have changed."), ("sources", "source_date", "evidence")),
    )
    for sentence, names in sentences:
        if any(before.get(name) != after.get(name) for name in names):
            yield sentence
    if before["checked_on"] != after["checked_on"]:
        yield _checked(after)
    if before.get("ends_on") != after.get("ends_on"):
        yield _end(after)


def _gone() -> str:
    # Translators: of a helpline or another service that is not there any more.
    return gettext("It has ended.")


def _end(contact: Contact) -> str:
    end = trust.ends_on(contact)
    if end is None:
        # Translators: of a helpline that was going to end, and now stays.
        return gettext("It goes on.")
    day = format_date(end, "long", locale=get_language() or languages.SOURCE)
    return gettext("It ends on %(date)s.") % {"date": day}


def _checked(contact: Contact) -> str:
    checked = trust.checked_on(contact)
    if checked is None:
        return gettext("Not yet confirmed with the service.")
    day = format_date(checked, "long", locale=get_language() or languages.SOURCE)
    return gettext("Confirmed with the service on %(date)s.") % {"date": day}


def _say(entry: Entry, contact: Contact, sentence: str) -> None:
    _add(entry.services.setdefault(contact["key"], _service(contact)).sentences, sentence)


def _service(contact: Contact) -> Service:
    """A service by its name, or by what it is: "Emergency 129" may be wrong by now."""
    if not any(letter.isdigit() for letter in contact["organisation"]):
        return Service(contact["organisation"], (contact["languages"] or [""])[0])
    names = {
        # Translators: before a colon and what has changed about it.
        "emergency": gettext("An emergency number"),
        # Translators: before a colon and what has changed about it.
        "helpline": gettext("A helpline"),
        # Translators: before a colon and what has changed about it.
        "internet_helpline": gettext("A helpline for trouble online"),
        # Translators: before a colon and what has changed about it.
        "police": gettext("The police"),
        # Translators: before a colon and what has changed about it.
        "hotline": gettext("A place to report pictures"),
        # Translators: before a colon and what has changed about it.
        "removal": gettext("A service that gets pictures taken down"),
    }
    return Service(names[contact["kind"]], "")


def _add(sentences: list[str], sentence: str) -> None:
    if sentence not in sentences:
        sentences.append(sentence)
