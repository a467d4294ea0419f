"""What is wrong with a translation: faults refuse it, doubts are shown to whoever imports it."""

import re
import unicodedata
from collections.abc import Iterator

from content import markdown, po, richtext
from content.interchange.reading import FORBIDDEN
from content.interchange.texts import Text

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]\b|\{\w*\}")
HTML = re.compile(r"</?[A-Za-z][^<>]*>|<!--")
LOOKS_LIKE_LINK = re.compile(r"\]\s?\(\s*<?\s*(?:[a-z][a-z0-9+.-]*:|[/#])", re.IGNORECASE)
NUMBER = re.compile(r"\d+(?:[ .,\u00a0\u202f٬٫]\d+)*")

LONG, SHORT = 3.0, 0.3
"""A translation that is so many times as long as its source has too much or too little in it."""
WORTH_MEASURING = 40
"""Letters. Short words may become long ones."""


def faults(text: Text, written: str, value: str) -> Iterator[str]:
    """Yield why a translation may not be taken. `written` is the file's text, `value` the field."""
    if not richtext.plain(value):
        yield "It has no words."
    if tag := HTML.search(written):
        yield f"There is no HTML in our texts: {tag[0][:40]}"
    if sign := FORBIDDEN.search(value):
        yield f"The character U+{ord(sign[0]):04X} may not stand in it."
    if _is_damaged(written):
        yield "Its letters are damaged: the file was saved in a wrong encoding."
    if text.limit and len(value) > text.limit:
        yield f"It has {len(value)} letters, and {text.limit} fit."
    if _placeholders(value) != _placeholders(text.source):
        expected = ", ".join(_placeholders(text.source)) or "none"
        yield f"The placeholders differ from the source. Expected: {expected}."
    if not po.is_rich(text.path):
        return
    expected_links = sorted(richtext.links(text.source))
    if sorted(richtext.links(value)) != expected_links:
        yield f"The links differ from the source. Expected: {', '.join(expected_links) or 'none'}."
    elif LOOKS_LIKE_LINK.search(richtext.plain(value)):
        yield "A link in it cannot be read. Write it like [words](page:stop)."


def doubts(text: Text, value: str) -> Iterator[str]:
    """Yield what somebody should look at in a translation that may be taken."""
    source, plain = _plain(text.path, text.source), _plain(text.path, value)
    if _numbers(source) != _numbers(plain):
        yield f"Other numbers than the source: {', '.join(_numbers(plain)) or 'none'}"
    if po.is_rich(text.path) and _shape(value) != _shape(text.source):
        yield "Other paragraphs or lists than the source"
    if len(source) >= WORTH_MEASURING:
        if len(plain) > LONG * len(source):
            yield "Much longer than the source"
        elif len(plain) < SHORT * len(source):
            yield "Much shorter than the source"
    if plain == source and len(source.split()) > 3:
        yield "The same words as the source"


def _is_damaged(text: str) -> bool:
    """Whether this is UTF-8 that somebody has read as Windows-1252: é has become Ã©."""
    if text.isascii():
        return False
    try:
        text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return False
    return True


def _placeholders(value: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(value))


def _plain(path: str, value: str) -> str:
    return richtext.plain(value) if po.is_rich(path) else value


def _numbers(plain: str) -> list[str]:
    """Return the numbers of a text in digits of ASCII, without what groups them."""
    found = NUMBER.findall(plain)
    return sorted("".join(str(unicodedata.digit(c)) for c in n if c.isdigit()) for n in found)


def _shape(value: str) -> list[object]:
    def shape(blocks: list[markdown.Block]) -> list[object]:
        return [
            [shape(item) for item in block.items] if isinstance(block, markdown.List) else "text"
            for block in blocks
        ]

    return shape(markdown.tree(value))
