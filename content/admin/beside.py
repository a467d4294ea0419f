"""What stands beside each field of a form: the source, what changed, problems, others' texts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db import models
from django.utils.safestring import SafeString

from campaign import languages
from content import richtext
from content.admin import differing
from content.admin.fields import tidy
from content.models import PlatformLink, Revision, Section
from content.publishing import qa, workflow
from content.publishing.rules import Problem
from content.publishing.snapshots import RICH, Content, column, source_of, translated_fields


@dataclass(frozen=True)
class Quote:
    """A text to read beside a field, with the language that it is in."""

    text: str | SafeString
    language: str

    @property
    def direction(self) -> str:
        """The writing direction of the text."""
        return languages.direction(self.language)


@dataclass(frozen=True)
class Beside:
    """All that helps to write one item in one language, found by field."""

    language: str
    source: Content | None = None
    source_before: Content | None = None
    """The source text that the translation was made from, when the source has changed."""
    live: Content | None = None
    """What readers see now in this language."""
    newer: Revision | None = None
    """What somebody else saved while this form was open."""
    problems: Iterable[Problem] = ()
    content: Content = field(default_factory=dict)
    """The content that the problems speak of."""
    with_doubts: bool = False
    """Whether somebody has begun to write: then what is missing is said."""
    unsure: frozenset[str] = frozenset()
    """Paths of the texts that are marked for another look."""

    def annotate(self, form: forms.ModelForm) -> None:
        """Give every field of the form what its template shows beside it."""
        item = form.instance
        section = item.key if isinstance(item, Section) else None
        others = self.newer.content if self.newer else None
        by_column = {column(f, self.language): f for f in _texts(item)}
        for name, form_field in form.fields.items():
            original = by_column.get(name)
            extra: Any = form_field
            extra.problems = self._problems(original or name, section)
            if original is None:
                continue
            extra.language = self.language
            extra.direction = languages.direction(self.language)
            extra.source = _quote(self.source, original, section, languages.SOURCE)
            before = _quote(self.source_before, original, section, languages.SOURCE)
            extra.source_before = None
            if before and extra.source and before != extra.source:
                extra.source_before, extra.source = _marked(before, extra.source)
            now = _quote(self.live, original, section, self.language)
            mine = Quote(_shown(form, name, original, self.language), self.language)
            # What stands in a form that came back is not saved: it has its own words there.
            extra.changes = _marked(now, mine) if now and _differs(mine, now) else None
            theirs = _quote(others, original, section, self.language)
            collides = theirs is not None and _differs(mine, theirs)
            extra.newer = _marked(mine, theirs)[1] if theirs and collides else None
            if self.source is not None:
                extra.path = f"sections/{section}/{original}" if section else original
                extra.is_unsure = extra.path in self.unsure
                extra.doubts = self._doubts(original, section, form[name].value() or "")
                extra.doubts = [text for text in extra.doubts if text not in extra.problems]

    def _doubts(self, name: str, section: str | None, written: str) -> list[str]:
        """Return in what the text in the form differs from its source, as far as it should not."""
        if not self.with_doubts or self.source is None:
            return []
        source = _value(self.source, name, section)
        value = richtext.clean(written) if name in RICH else written
        return [
            *(qa.problems(name, source, value) if value else ()),
            *qa.doubts(name, source, value),
        ]

    def _problems(self, name: str, section: str | None) -> list[str]:
        return [p.message for p in self.problems if self._place(p) == (section, name)]

    def elsewhere(self, forms_shown: Iterable[forms.ModelForm]) -> list[str]:
        """Return the problems that belong to no field of the forms that are shown."""
        shown = {
            (form.instance.key if isinstance(form.instance, Section) else None, name)
            for form in forms_shown
            for name in (*_texts(form.instance), *form.fields)
        }
        return [str(p) for p in self.problems if self._place(p) not in shown]

    def _place(self, problem: Problem) -> tuple[str | None, str]:
        parts = problem.field.split(".")
        sections = self.content.get("sections", [])
        if len(parts) == 3 and parts[0] == "sections" and int(parts[1]) < len(sections):
            return sections[int(parts[1])]["key"], parts[2]
        return None, problem.field


def gather(
    kind: str,
    key: str,
    language: str,
    *,
    newer: Revision | None = None,
    with_problems: bool = False,
    with_doubts: bool = False,
    unsure: frozenset[str] = frozenset(),
) -> Beside:
    """Return what helps to write this item in this language."""
    source_language = source_of(kind, language)
    live = workflow.live(kind, key, language)
    newest = workflow.latest(kind, key, language) if with_problems or not live else None
    source = before = None
    if source_language:
        source = workflow.live(kind, key, source_language) or workflow.latest(
            kind, key, source_language
        )
        # Until the translation is approved anew, whoever works on it sees what is to be done.
        translated = live or newest
        if translated and source and translated.based_on_id != source.pk:
            before = translated.based_on
    return Beside(
        language,
        source=source.content if source else None,
        source_before=before.content if before else None,
        live=live.content if live else None,
        newer=newer,
        problems=workflow.problems(newest) if newest and with_problems else (),
        content=newest.content if newest and with_problems else {},
        with_doubts=with_doubts,
        unsure=unsure,
    )


def _texts(item: models.Model) -> tuple[str, ...]:
    # Links of a platform have no words.
    return () if isinstance(item, PlatformLink) else translated_fields(type(item))


def _quote(content: Content | None, name: str, section: str | None, language: str) -> Quote | None:
    if content is None:
        return None
    text = _value(content, name, section)
    return Quote(richtext.render(text, language) if name in RICH else text, language)


def _value(content: Content, name: str, section: str | None) -> str:
    if section is not None:
        content = next((s for s in content.get("sections", []) if s["key"] == section), {})
    return str(content.get(name, ""))


def _shown(form: forms.ModelForm, name: str, original: str, language: str) -> str | SafeString:
    """Return what stands in a field, as a quote would show it."""
    text = str(form[name].value() or "")
    return richtext.render(tidy(text), language) if original in RICH else text


def _differs(one: Quote, other: Quote) -> bool:
    return str(one.text).split() != str(other.text).split()


def _marked(old: Quote, new: Quote) -> tuple[Quote, Quote]:
    """Return both with the words that go and the words that come marked."""
    before, after = differing.marked(old.text, new.text)
    return Quote(before, old.language), Quote(after, new.language)
