"""What a translation must have in common with its source: what translators' tools call QA checks.

Forms, approval and files from translators all ask here. A name is the name of a field, or a path
that ends in it; a value is what the field holds: clean HTML where the field is rich, else words.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from content import markdown, richtext
from content.publishing.snapshots import RICH

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]\b|\{\w*\}")
NUMBER = re.compile(r"\d+(?:[ .,\u00a0\u202f٬٫]\d+)*")
NAME = re.compile(r"[./]")

LONG, SHORT = 3.0, 0.3
"""A translation that is so many times as long as its source has too much or too little in it."""
WORTH_MEASURING = 40
"""Letters. Short words may become long ones."""


def is_rich(name: str) -> bool:
    """Whether the field at the end of a name or path holds rich text."""
    return NAME.split(name)[-1] in RICH


def problems(name: str, source: str, value: str) -> Iterator[str]:
    """Yield why a translation may not go live: other placeholders or links than its source."""
    if _placeholders(value) != _placeholders(source):
        expected = ", ".join(_placeholders(source)) or "none"
        yield f"The placeholders differ from the source. Expected: {expected}."
    if is_rich(name) and sorted(richtext.links(value)) != sorted(richtext.links(source)):
        expected = ", ".join(sorted(richtext.links(source))) or "none"
        yield f"The links differ from the source. Expected: {expected}."


def doubts(name: str, source: str, value: str) -> Iterator[str]:
    """Yield what somebody should look at in a translation, and what forbids nothing."""
    original, written = _plain(name, source), _plain(name, value)
    if not original:
        return
    if not written:
        yield "Translate this text."
        return
    yield from _other_numbers(original, written)
    if is_rich(name) and _shape(value) != _shape(source):
        yield "Other paragraphs or lists than the source."
    if len(original) >= WORTH_MEASURING:
        measured = f"{len(written)} letters for {len(original)}"
        if len(written) > LONG * len(original):
            yield f"Much longer than the source: {measured}."
        elif len(written) < SHORT * len(original):
            yield f"Much shorter than the source: {measured}."
    if written == original and len(original.split()) > 3:
        yield "The same words as the source."


def _other_numbers(original: str, written: str) -> Iterator[str]:
    expected, found = Counter(_numbers(original)), Counter(_numbers(written))
    if missing := sorted((expected - found).elements()):
        yield f"Numbers of the source that are missing: {', '.join(missing)}."
    if added := sorted((found - expected).elements()):
        yield f"Numbers that the source does not have: {', '.join(added)}."


def _placeholders(value: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(value))


def _plain(name: str, value: str) -> str:
    return richtext.plain(value) if is_rich(name) else value.strip()


def _numbers(plain: str) -> list[str]:
    """Return the numbers of a text in digits of ASCII, without what groups them."""
    found = NUMBER.findall(plain)
    return ["".join(str(unicodedata.digit(c)) for c in n if c.isdigit()) for n in found]


def _shape(value: str) -> list[object]:
    def shape(blocks: list[markdown.Block]) -> list[object]:
        return [
            [shape(item) for item in block.items] if isinstance(block, markdown.List) else "text"
            for block in blocks
        ]

    return shape(markdown.tree(value))
