"""What may go live: problems refuse a revision, warnings only tell the editor."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q

from campaign import languages
from content import richtext
from content.models import Contact, Country, Page, Revision, Situation
from content.models.directory import CONFIRMED
from content.models.fields import HttpsURLField
from content.publishing import qa, steps
from content.publishing.snapshots import CONTACT_DAYS, OPTIONAL, Content

BANNED_EVERYWHERE = {
    "child pornography": "child sexual abuse material",
    "child porn": "child sexual abuse material",
    "kiddie porn": "child sexual abuse material",
    "revenge porn": "shared without consent",
    "sexting gone wrong": "online blackmail",
    "webcam scandal": "online blackmail",
    "just say no": "you may say no now",
    "committed suicide": "died by suicide",
    "juvenile sex offender": "child who displayed harmful sexual behaviour",
}
BANNED_FOR_YOUNG = {
    "should have": "(leave it out: nobody could know)",
    "mistake": "(leave it out: it is not the child's fault)",
    "confess": "tell",
    "admit": "say",
    "compromising": "private",
    "leak": "shared without consent",
    "predator": "the person blackmailing you",
    "monster": "the person blackmailing you",
    "paedophile": "offender",
}
"""Words of the campaign's vocabulary that are never used, with what to write instead."""

YOUNG_KINDS = {
    Revision.Kind.SITUATION,
    Revision.Kind.GUIDE_STEP,
    Revision.Kind.SCENARIO,
    Revision.Kind.PHRASE,
}


@dataclass(frozen=True)
class Problem:
    """Why something cannot go live: the field (a path such as `sections.1.body`) and a sentence."""

    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


def problems(
    kind: str, language: str, content: Content, source: Content | None = None
) -> list[Problem]:
    """Return everything that keeps this content from going live; empty when it may.

    `source` is the content in the source language that a translation is compared with.
    """
    if kind == Revision.Kind.COUNTRY:
        return list(_country(content)) if language == languages.NEUTRAL else []
    found = list(_empty(content))
    found += _links(content)
    found += _addresses(content)
    if language == languages.SOURCE:
        found += _banned(kind, content)
    if language == languages.SOURCE and kind == Revision.Kind.SITUATION:
        found += _steps(content)
    if source is not None:
        found += _differs(content, source)
    return found


def fields(content: Content) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of every text field of a snapshot that editors write."""
    for name, value in content.items():
        if name == "sections":
            for index, section in enumerate(value):
                yield f"sections.{index}.heading", section["heading"]
                yield f"sections.{index}.body", section["body"]
        elif name in TEXTS:
            yield name, value


def plain_fields(content: Content) -> Iterator[tuple[str, str]]:
    """Yield the path and the words of every text field, rich text as plain lines."""
    for path, text in fields(content):
        yield path, richtext.plain(text) if qa.is_rich(path) else text


TEXTS = {
    *("title", "summary", "lead", "body", "situation", "answer", "reason", "term", "instead"),
    *("statement", "caution", "place", "in_app", "note", "words", "hint"),
}


def with_facts_of(source: Content, translation: Content) -> Content:
    """Return a translation's texts with the source's facts, sections and their layouts."""
    facts = {name: value for name, value in source.items() if name not in TEXTS}
    merged = {**translation, **facts}
    if "sections" in source:
        written = {section["key"]: section for section in translation["sections"]}
        merged["sections"] = [
            section | {name: written.get(section["key"], {}).get(name, "") for name in SECTION}
            for section in source["sections"]
        ]
    return merged


SECTION = ("heading", "body")
"""The texts of a section."""


def _empty(content: Content) -> Iterator[Problem]:
    may_have_no_body = "sections" in content or content.get("place") == Situation.Place.GUIDE
    for path, text in fields(content):
        name = path.rpartition(".")[2]
        optional = name in OPTIONAL or (may_have_no_body and name == "body")
        if not optional and not richtext.plain(text):
            yield Problem(path, "Write this text: readers need it.")


def _inner_targets() -> set[str]:
    """Return every page and every anchor that a `page:` link may name: what readers can open.

    Pages that ship together may link to each other before the last of them is live.
    """
    found = set()
    for key, page in _live_or_shipping(Revision.Kind.PAGE).items():
        found.add(key)
        found |= {f"{key}#{section['key']}" for section in page["sections"]}
    return found


def _links(content: Content) -> Iterator[Problem]:
    rich = [(path, text) for path, text in fields(content) if qa.is_rich(path)]
    links = [(path, target) for path, text in rich for target in richtext.links(text)]
    inner = [(path, target) for path, target in links if target.startswith("page:")]
    known = _inner_targets() if inner else set()
    for path, target in inner:
        if target.removeprefix("page:") not in known:
            yield Problem(path, f"The link {target} leads nowhere on this site.")


def _addresses(content: Content) -> Iterator[Problem]:
    """Figures and platforms: whatever wrote them, readers are sent to sound addresses."""
    found = [("url", content["url"])] if "url" in content else []
    found += [("links", link["url"]) for link in content.get("links", ())]
    for field, address in found:
        try:
            HttpsURLField().run_validators(address)
        except ValidationError as error:
            yield Problem(field, f"{address!r}: {' '.join(error.messages)}")


def _steps(content: Content) -> Iterator[Problem]:
    """The guide shows only steps that readers can see, and never two that contradict each other."""
    if content.get("place") not in steps.GUIDE_PLACES:
        return
    if not content["steps"]:
        yield Problem("steps", "The guide shows the steps: name at least one.")
    known = _live_or_shipping(Revision.Kind.GUIDE_STEP)
    unknown = [key for key in content["steps"] if key not in known]
    for key in unknown:
        yield Problem("steps", f"There is no live step {key}.")
    others = {
        key: other
        for key, other in _live_or_shipping(Revision.Kind.SITUATION).items()
        if other.get("place") in steps.GUIDE_PLACES and set(other["steps"]) <= set(known)
    }
    for key, other in others.items() if not unknown else ():
        pair = {"this": content, key: other}
        for _, _, one, against in steps.contradictions(pair, known):
            message = f"With “{other['title']}” chosen as well, {one} contradicts {against}."
            yield Problem("steps", message)
            break


def _live_or_shipping(kind: str) -> dict[str, Content]:
    """Return contents in the source language by key: live ones, and what ships at this moment."""
    is_shipping = Q(origin=Revision.Origin.SHIPPED, approved_at=None, withdrawn_at=None)
    found = Revision.objects.filter(
        Q(is_live=True) | is_shipping, kind=kind, language=languages.SOURCE
    )
    # Of a live one and one that is about to follow it, the later one counts.
    return {r.key: r.content for r in found.order_by("position", "key", "number")}


def _banned(kind: str, content: Content) -> Iterator[Problem]:
    for path, text in plain_fields(content):
        for message in banned(kind, content.get("audience", ""), text):
            yield Problem(path, message)


def banned(kind: str, audience: str, text: str) -> Iterator[str]:
    """Yield what to write instead of each word that the campaign never uses.

    `text` is plain, in the source language; `audience` is that of the page, empty for what is none.
    The vocabulary may name these words: it says what not to say.
    """
    if kind == Revision.Kind.TERM:
        return
    words = dict(BANNED_EVERYWHERE)
    if kind in YOUNG_KINDS or audience == Page.Audience.YOUNG:
        words |= BANNED_FOR_YOUNG
    for word, instead in words.items():
        if re.search(rf"\b{re.escape(word)}(s|ed|ted|ting|ing|es)?\b", text, re.IGNORECASE):
            yield f"Do not write “{word}”. Instead: {instead}."


def _differs(content: Content, source: Content) -> Iterator[Problem]:
    """A translation has the source's sections, placeholders and links, in its own words."""
    if [s["key"] for s in content.get("sections", [])] != [
        s["key"] for s in source.get("sections", [])
    ]:
        yield Problem("sections", "The sections are not those of the source text.")
        return
    originals = dict(fields(source))
    for path, text in fields(content):
        original = originals.get(path, "")
        if bool(richtext.plain(original)) != bool(richtext.plain(text)):
            message = "Translate this text." if original else "The source has no text here."
            yield Problem(path, message)
        else:
            yield from (Problem(path, message) for message in qa.problems(path, original, text))


def doubts(content: Content, source: Content) -> list[Problem]:
    """Return what to look at in a translation before it goes live; it forbids nothing."""
    originals = dict(fields(source))
    return [
        Problem(path, message)
        for path, text in fields(content)
        for message in qa.doubts(path, originals.get(path, ""), text)
    ]


def _country(content: Content) -> Iterator[Problem]:
    """Whatever wrote the working copy (form, import, code): only sound values go live."""
    shared = {name: content[name] for name in ("scope", "emergency_numbers", "time_zones")}
    country = Country(code="XX", languages=content["languages"], **shared)
    yield from _field_problems("", country)
    for entry in content["emergency_numbers"]:
        if entry.get("number") != "112" and entry.get("evidence") not in EVIDENCE:
            message = f"{entry.get('number')} needs a source, or somebody who has confirmed it."
            yield Problem("emergency_numbers", message)
    for values in content["contacts"]:
        facts = {name: value for name, value in values.items() if name not in CONTACT_DAYS}
        yield from _field_problems(f"contacts.{values['key']}.", Contact(**facts))
        for source in values["sources"]:
            if not isinstance(source, str):
                continue  # the field has complained already
            if source.startswith("https:") and not richtext.is_target(source):
                message = f"{source!r} is no sound address."
                yield Problem(f"contacts.{values['key']}.sources", message)


EVIDENCE = {Contact.Evidence.TWO_SOURCES, Contact.Evidence.ONE_SOURCE, CONFIRMED}


def _field_problems(prefix: str, item: Country | Contact) -> Iterator[Problem]:
    try:
        item.clean_fields(exclude={"country"})
    except ValidationError as error:
        for field, messages in error.message_dict.items():
            yield Problem(f"{prefix}{field}", " ".join(messages))
