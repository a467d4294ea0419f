"""What is wrong with a translation in a file. What it must share with its source: publishing.qa."""

import re
from collections.abc import Iterator

from content import richtext
from content.interchange.reading import FORBIDDEN
from content.interchange.texts import Text
from content.publishing import qa

HTML = re.compile(r"</?[A-Za-z][^<>]*>|<!--")
LOOKS_LIKE_LINK = re.compile(r"\]\s?\(\s*<?\s*(?:[a-z][a-z0-9+.-]*:|[/#])", re.IGNORECASE)


def faults(text: Text, written: str, value: str) -> Iterator[str]:
    """Yield why a translation may not be taken. `written` is the file's text, `value` the field."""
    if not richtext.plain(value):
        yield "It has no words."
    if tag := HTML.search(written):
        yield f"There is no HTML in our texts: {tag[0][:40]}"
    if sign := FORBIDDEN.search(value):
        yield f"The character U+{ord(sign[0]):04X} may not stand in it."
    if is_damaged(written):
        yield "Its letters are damaged: the file was saved in a wrong encoding."
    if text.limit and len(value) > text.limit:
        yield f"It has {len(value)} letters, and {text.limit} fit."
    differences = list(qa.problems(text.path, text.source, value))
    yield from differences
    if qa.is_rich(text.path) and not differences and LOOKS_LIKE_LINK.search(richtext.plain(value)):
        yield "A link in it cannot be read. Write it like [words](page:stop)."


def is_damaged(text: str) -> bool:
    """Whether this is UTF-8 that somebody has read as Windows-1252: é has become Ã©."""
    if text.isascii():
        return False
    try:
        text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return False
    return True
