"""Tags of the public pages. None of them asks the database anything."""

from collections.abc import Hashable, Mapping
from functools import lru_cache

from django import template
from django.template import Context, Engine, Template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from campaign import assets, languages
from content import richtext, wording
from content.publishing.live import Text

register = template.Library()


@register.simple_tag
def inline_style(inline: assets.Inline) -> SafeString:
    """Return the style element of a page."""
    return format_html("<style>{}</style>", SafeString(inline.style))


@register.simple_tag
def inline_script(inline: assets.Inline) -> SafeString:
    """Return the script element of a page."""
    return format_html("<script>{}</script>", SafeString(inline.script))


@register.simple_tag
def part(template_name: str, **inputs: Hashable) -> SafeString:
    """Return a part of a page as `include ... only` does, made once for the same inputs.

    For what many pages have in common, such as a service's card. The part may depend on its inputs
    and on the active language alone. Raises TypeError for an input that can be changed afterwards.
    """
    made_from = Engine.get_default().get_template(template_name)
    # Letters that are marked as safe equal those that are not.
    kinds = tuple(type(value) for value in inputs.values())
    return _made(made_from, get_language() or languages.SOURCE, tuple(inputs.items()), kinds)


@lru_cache(512)
def _made(
    part: Template,
    language: str,
    inputs: tuple[tuple[str, Hashable], ...],
    kinds: tuple[type, ...],
) -> SafeString:
    return part.render(Context(dict(inputs)))


@register.simple_tag
def rich(text: str, language: str) -> SafeString:
    """Return an item's rich text with its links made for a language's addresses."""
    return richtext.render(text, language)


@register.simple_tag
def page_url(key: str, language: str) -> str:
    """Return the address of a page in a language."""
    return richtext.page_url(key, language)


@register.simple_tag
def lang_inside(language: str, outer: str) -> SafeString:
    """Return the attributes of a text inside one of another language; nothing when it is the same.

    For long lists: the outer element carries its own, and a direction is named where it turns.
    """
    if language == outer:
        return SafeString("")
    turn = languages.direction(language)
    if turn == languages.direction(outer):
        return format_html(' lang="{}"', language)
    return format_html(' lang="{}" dir="{}"', language, turn)


@register.filter
def direction(code: str) -> str:
    """Return ltr or rtl for a language code."""
    return languages.direction(code)


@register.filter
def item(mapping: Mapping[str, Text], key: str) -> Text:
    """Return the text with this key."""
    return mapping[key]


@register.filter
def figure_number(content: Mapping[str, str]) -> str:
    """Return a figure's number with its qualifier and unit, written as the language does."""
    return wording.figure_number(content)


@register.filter
def figure_period(content: Mapping[str, str]) -> str:
    """Return the year or the years of a figure, written as the language does."""
    return wording.period(content["year"])


@register.filter
def listener_name(code: str) -> str:
    """Return the heading above words for this listener."""
    return wording.LISTENERS[code]()


@register.filter
def review_sentence(facts: Mapping[str, str]) -> str:
    """Return who checked a text and when."""
    return wording.review(facts)


@register.filter
def status_name(code: str) -> str:
    """Return the heading above terms of this status."""
    return wording.STATUSES[code]()


@register.filter
def register_name(code: str) -> str:
    """Return whether a term is an everyday or a legal one, in words."""
    return wording.REGISTERS[code]()


@register.filter
def purpose_name(code: str) -> str:
    """Return what a platform's link is for."""
    return wording.PURPOSES[code]()
