"""Parts of pages that are made once for the same inputs, and shown on many pages."""

from dataclasses import fields, is_dataclass, replace
from datetime import date

import pytest
from django.template import engines
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString

from content.directory.cards import Reader
from content.directory.groups import groups
from content.publishing import live
from content.publishing.live import Kind, Wanted
from content.templatetags import public

pytestmark = pytest.mark.django_db


def made(template, **context):
    return engines["django"].from_string("{% load public %}" + template).render(context)


def cards(language="en"):
    content = live.texts(language, Wanted([(Kind.COUNTRY, "IE")]))[Kind.COUNTRY]["IE"].content
    found = groups({"IE": content}, Reader(language, date(2026, 11, 28)), {})
    return [card for group in found for card in group.cards]


PART = '{% part "parts/service.html" card=card tag="h3" %}'
INCLUDE = '{% include "parts/service.html" with card=card tag="h3" only %}'


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_is_what_an_include_makes_of_it_the_second_time_too(language):
    with translation.override(language):
        for card in cards(language):
            included = made(INCLUDE, card=card)
            assert escape(card.organisation) in included
            assert [made(PART, card=card), made(PART, card=card)] == [included, included]


def test_another_number_is_another_card():
    first = next(card for card in cards() if card.actions[0].href.startswith("tel:"))
    assert first.actions[0].value in made(PART, card=first)
    changed = replace(first.actions[0], value="0 555 555", href="tel:0555555")
    card = replace(first, actions=(changed, *first.actions[1:]))
    assert made(PART, card=card) == made(INCLUDE, card=card)
    assert "tel:0555555" in made(PART, card=card)


def test_the_same_inputs_in_another_language_are_another_part():
    said = {}
    for language in ("en", "fr", "en"):
        with translation.override(language):
            said.setdefault(language, []).append(made('{% part "parts/skip.html" %}'))
    assert "Skip to the text" in said["en"][0]
    assert said["en"][0] == said["en"][1] != said["fr"][0]


def strings_in(value):
    """Every text inside an input, however deep."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for one in fields(value):
            yield from strings_in(getattr(value, one.name))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from strings_in(one)


def test_letters_that_are_marked_as_safe_never_take_the_place_of_others(read, monkeypatch):
    card = next(iter(cards()))
    tags = [SafeString("<b>"), "<b>", SafeString("<b>")]
    shown = [
        made('{% part "parts/service.html" card=card tag=tag %}', card=card, tag=t) for t in tags
    ]
    assert ["&lt;b&gt;" in one for one in shown] == [False, True, False]
    given, make = [], public._made

    def seen(part, language, inputs, kinds):
        given.append([value for _, value in inputs if is_dataclass(value) or type(value) is tuple])
        return make(part, language, inputs, kinds)

    monkeypatch.setattr(public, "_made", seen)
    for path in ("/en/", "/ar/stop/", "/en/report/ie/", "/ar/report/de/adults/", "/en/poster/ie/"):
        read(path)
    texts = [text for inputs in given for text in strings_in(inputs)]
    assert len(texts) > 1000
    assert [text for text in texts if isinstance(text, SafeString)] == []


def test_an_input_that_may_change_afterwards_is_refused():
    with pytest.raises(TypeError, match="unhashable type: 'list'"):
        made('{% part "parts/footer.html" menu=menu %}', menu=[("For adults", [])])
