"""One service as a card: what it is, how to reach it, what to know before one gets in touch."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from django.utils.translation import get_language, gettext, gettext_noop

from campaign import languages
from content import countries
from content.directory import trust
from content.directory.actions import Action, actions
from content.directory.trust import Contact, Source
from content.directory.words import Words

FirstWords = Mapping[str, Words]
"""Something to say first, by who hears it: live phrases."""

LISTENERS = {
    "helpline": "helpline",
    "internet_helpline": "helpline",
    "police": "police",
    "hotline": "police",
    "removal": "helpline",
}

UNKNOWN = gettext_noop("We do not know. Ask them first.")
ABOUT = {
    "emergency": gettext_noop("Police, ambulance and fire service."),
    "helpline": gettext_noop("A helpline. You can talk about anything that worries you."),
    "internet_helpline": gettext_noop(
        "A helpline for trouble online, such as threats and pictures."
    ),
    "police": gettext_noop("The police. They can look for the person who does this."),
    "hotline": gettext_noop(
        "A place to report sexual pictures of anyone under 18 that are online."
    ),
    "removal": gettext_noop("Helps to get pictures taken down, or blocked before they spread."),
}
COST = {
    "free": gettext_noop("Free"),
    "paid": gettext_noop("This call costs money"),
    "unknown": gettext_noop("We do not know the cost"),
}
ANSWERS = {
    "answered_by": {
        "counsellors": gettext_noop("Trained counsellors."),
        "volunteers": gettext_noop("Trained volunteers."),
        "police": gettext_noop("Police officers."),
        "operators": gettext_noop("Emergency operators."),
        "unknown": UNKNOWN,
    },
    "cost": {
        "free": gettext_noop("No, it is free."),
        "paid": gettext_noop("Yes, it costs money."),
        "unknown": UNKNOWN,
    },
    "on_bill": {
        "yes": gettext_noop("Yes, the number shows on the bill."),
        "no": gettext_noop("No, the number does not show on the bill."),
        "unknown": UNKNOWN,
    },
    "anonymity": {
        "yes": gettext_noop("No. You can stay anonymous."),
        "no": gettext_noop("Yes, they ask for your name."),
        "unknown": UNKNOWN,
    },
    "tells_others": {
        "never": gettext_noop("No, not without your wish."),
        "danger": gettext_noop("Only when somebody is in serious danger."),
        "yes": gettext_noop("Yes, they have to pass it on."),
        "unknown": UNKNOWN,
    },
}
"""What is said of a service before one gets in touch, by its field and value."""

ADULT = 18
"""From this age on, in years, nobody gets in touch as a child."""


@dataclass(frozen=True)
class Question:
    """What a reader wants to know before, and the answer, which may be in another language."""

    question: str
    answer: str
    words: Words | None = None
    """Words to say, in their own language, after the answer."""


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
    cost: str
    spoken: str
    """The languages in which it answers, as a list to read."""
    spoken_codes: tuple[str, ...]
    speaks_yours: bool
    """Whether it is known to answer in the reader's language."""
    audience: str
    before: tuple[Question, ...]
    remark: str
    trust: str
    is_confirmed: bool
    is_overdue: bool
    sources: tuple[Source, ...]
    ends_on: date | None
    """The first day on which it is not there any more; None when it goes on."""

    @property
    def is_always_open(self) -> bool:
        """Whether somebody answers day and night."""
        return any(a.is_live and a.hours and a.hours.is_always_open for a in self.actions)


@dataclass(frozen=True)
class Reader:
    """For whom cards are made: nobody is known, all of it stands in the address."""

    language: str
    """The language of the address; the frame may be drawn in another one."""
    today: date
    is_adult: bool = False
    """Whether a parent or teacher asked for the services for adults first."""


def card(
    contact: Contact, country: str, reader: Reader, remark: str, first_words: FirstWords
) -> Card:
    """Return one service ready to be shown in the active language."""
    language = get_language() or languages.SOURCE
    known = _known(json.dumps(contact), country, reader.language, reader.today, remark, language)
    return replace(known, before=(*known.before, *_say_first(contact, reader, first_words)))


@lru_cache(512)
def _known(
    contact_as_json: str, country: str, asked: str, today: date, remark: str, language: str
) -> Card:
    """Return a card but for its first words.

    A service stands on six pages of its country, and some on those of all countries. JSON, because
    the facts of a service are nothing that a cache can tell apart.
    """
    contact = json.loads(contact_as_json)
    return Card(
        key=contact["key"],
        kind=contact["kind"],
        organisation=contact["organisation"],
        organisation_language=_language_of_name(contact),
        about=_about(contact),
        actions=tuple(actions(contact, country, today)),
        hours_text=contact["hours_text"],
        cost=gettext(COST[contact["cost"]]),
        spoken=_spoken(contact, language),
        spoken_codes=tuple(contact["languages"]),
        speaks_yours=asked in contact["languages"],
        audience=_audience(contact),
        before=tuple(_before(contact)),
        remark=remark,
        trust=trust.sentence(contact, today),
        is_confirmed=trust.status(contact, today) != trust.Status.UNCONFIRMED,
        is_overdue=trust.status(contact, today) == trust.Status.OVERDUE,
        sources=tuple(trust.sources(contact)),
        ends_on=trust.ends_on(contact),
    )


def _language_of_name(contact: Contact) -> str:
    """Return the first language that it speaks and that is written like its name.

    Without one the letters alone are told (BCP 47: und-Latn): a voice for Ukrainian would spell out
    a name in Latin letters. Serbian is written in both. Returns "" when nothing is known.
    """
    spoken = contact["languages"]
    written = languages.script_of(contact["organisation"])
    for code in spoken:
        if code not in languages.BY_CODE or languages.get(code).script == written:
            return code
    if written != "LATIN":
        return ""
    return "sr-Latn" if "sr" in spoken else "und-Latn"


def speaks(contact: Contact, reader: Reader) -> bool:
    """Whether a service is known to answer in the reader's language."""
    return reader.language in contact["languages"]


def is_for(contact: Contact, reader: Reader) -> bool:
    """Whether a service is there for this reader: the young one, or the adult who asked."""
    audience = set(contact["audience"])
    return bool(audience & {"parent", "professional"}) if reader.is_adult else "child" in audience


def _about(contact: Contact) -> str:
    if contact["kind"] in {"helpline", "internet_helpline"} and "child" not in contact["audience"]:
        return gettext("For adults: how to help a child or a pupil now.")
    return gettext(ABOUT[contact["kind"]])


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


def _before(contact: Contact) -> Iterable[Question]:
    def known(about: str) -> str:
        return gettext(ANSWERS[about][contact[about]])

    yield Question(gettext("Who answers?"), known("answered_by"))
    yield Question(gettext("Does it cost anything?"), known("cost"))
    if contact["phone"] or contact["sms"] or contact["whatsapp"]:
        # The phone's own list is the trace that others find first, whatever the bill says.
        own_list = gettext("The phone keeps its own list of calls and messages.")
        yield Question(gettext("Is it on the phone bill?"), f"{known('on_bill')} {own_list}")
    yield Question(gettext("Do I have to say my name?"), known("anonymity"))
    yield Question(gettext("Will they tell my parents or the police?"), known("tells_others"))


def _say_first(contact: Contact, reader: Reader, first_words: FirstWords) -> Iterable[Question]:
    question = gettext("What can I say first?")
    if contact["kind"] == "emergency":
        yield Question(question, gettext("Say where you are, and that you need help now."))
    elif (contact["age_min"] or 0) >= ADULT:
        return  # whoever gets in touch is of age, and the words below are those of or for a child
    elif reader.is_adult or "child" not in contact["audience"]:
        yield Question(
            question,
            gettext("A child is being blackmailed online with a picture. What can we do now?"),
        )
    elif words := first_words.get(LISTENERS[contact["kind"]]):
        yield Question(question, "", words)
