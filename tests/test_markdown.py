"""Rich text as Markdown for translators, and back: nothing a reader sees is lost."""

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content import markdown, richtext
from content.models import Revision
from content.publishing import rules
from content.publishing.snapshots import RICH

LETTERS = st.one_of(
    st.sampled_from("aBé1 .-+*_[]()\\&;#<>!`~|=:\"'\u00a0\u202f\u2028\u0301\u0639\u05d0🙂"),
    st.characters(exclude_categories=("Cs", "Cc", "Cn")),
)
TEXT = st.text(LETTERS, max_size=12).map(html.escape)
TARGET = st.sampled_from(
    [
        "page:stop",
        "page:report#countries",
        "https://a.example/ä?b=1&amp;c=(2)_*",
        "https://x.example/&amp;amp;",
    ]
)


def joined(parts):
    return st.lists(parts, max_size=4).map("".join)


BOLD = TEXT.map("<strong>{}</strong>".format)
LINK = st.builds('<a href="{}">{}</a>'.format, TARGET, joined(TEXT | BOLD))
INLINE = joined(
    TEXT | BOLD | LINK | st.just("<br>") | joined(TEXT | LINK).map("<strong>{}</strong>".format)
)
PARAGRAPH = INLINE.map("<p>{}</p>".format)


def lists(inside):
    item = st.one_of(inside, INLINE, st.builds("{}{}".format, INLINE, inside)).map(
        "<li>{}</li>".format
    )
    return st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["ul", "ol"]), joined(item))


BLOCKS = joined(st.recursive(PARAGRAPH, lambda inside: inside | lists(inside), max_leaves=6))


@given(BLOCKS)
@settings(max_examples=300)
def test_html_becomes_markdown_and_the_same_html_again(text):
    written = markdown.to_markdown(text)
    assert markdown.tree(richtext.from_markdown(written)) == markdown.tree(text), written


@given(st.text(LETTERS, max_size=40))
def test_whatever_a_translator_types_stays_once_it_was_read(text):
    read = richtext.from_markdown(text)
    assert markdown.tree(richtext.from_markdown(markdown.to_markdown(read))) == markdown.tree(read)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<ul><li>a</li><li><p>b</p></li></ul>", "- a\n- b"),
        ("<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>", "1. a\n   - b\n2. c"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b"),
        ("<p><strong>Call </strong>now</p>", "**Call** now"),
        ('<p>See <a href="page:stop">this</a>.</p>', "See [this](page:stop)."),
        ("<p>a<br>b</p>", "a\\\nb"),
        ("<p>1986. A year</p>", "1986\\. A year"),
        ("<p>5 * 3 &lt; 20 &amp; more</p>", "5 \\* 3 < 20 & more"),
        ("<p>&amp;copy; is written</p>", "\\&copy; is written"),
    ],
)
def test_markdown_reads_as_people_write_it(text, expected):
    assert markdown.to_markdown(text) == expected


@pytest.mark.django_db
def test_every_shipped_text_comes_back_letter_for_letter():
    count = 0
    for revision in Revision.objects.live():
        for path, text in rules.fields(revision.content):
            if path.rpartition(".")[2] in RICH:
                assert richtext.from_markdown(markdown.to_markdown(text)) == text
                count += 1
    assert count > 500
