"""Parts of pages that are made once for the same inputs, and shown on many pages."""

from dataclasses import replace
from datetime import date

import pytest
from django.template import engines
from django.utils import translation

from content.directory.cards import Reader
from content.directory.groups import groups
from content.publishing import live
from content.publishing.live import Kind, Wanted

pytestmark = pytest.mark.django_db


def made(template, **context):
    return engines["django"].from_string("{% load public %}" + template).render(context)


def cards(language="en", **reader):
    content = live.texts(language, Wanted([(Kind.COUNTRY, "IE")]))[Kind.COUNTRY]["IE"].content
    found = groups({"IE": content}, Reader(language, date(2026, 11, 28), **reader), {})
    return [card for group in found for card in group.cards]


PART = '{% part "parts/contact.html" card=card tag="h3" %}'
INCLUDE = '{% include "parts/contact.html" with card=card tag="h3" only %}'


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_is_what_an_include_makes_of_it_the_second_time_too(language):
    with translation.override(language):
        for card in cards(language):
            included = made(INCLUDE, card=card)
            assert card.organisation in included or "&" in included
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


def test_an_input_that_may_change_afterwards_is_refused():
    with pytest.raises(TypeError, match="unhashable type: 'list'"):
        made('{% part "parts/footer.html" menu=menu %}', menu=[("For adults", [])])
