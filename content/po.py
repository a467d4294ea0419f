"""The form of translation files (gettext PO), of the shipped texts and of what staff exchange.

A message's context (`msgctxt`) names the item and the field by their lasting keys, its text is the
source text, and its comments carry notes for the translator. Rich text is written as Markdown.
"""

from collections.abc import Iterable

import polib
from babel.messages.plurals import get_plural

from content import markdown, richtext
from content.publishing.qa import is_rich

NOBODY = "nobody yet"
"""Stands in the header while no native reader has checked a file."""

WIDTH = 98


def context(kind: str, key: str, path: str) -> str:
    """Return the name of a text; a path is a field, or `sections/<key>/<field>`."""
    return f"{kind}:{key}/{path}"


def field_of(path: str) -> str:
    """Return the name of the field that a path or a context leads to."""
    return path.rpartition("/")[2]


def value(path: str, text: str) -> str:
    """Return what a field holds for a text of a file: clean HTML, or plain words."""
    return richtext.from_markdown(text) if is_rich(path) else " ".join(text.split())


def text(path: str, value: str) -> str:
    """Return how a file says what a field holds."""
    return markdown.to_markdown(value) if is_rich(path) else " ".join(value.split())


def same(path: str, one: str, other: str) -> bool:
    """Whether readers see the same of two values of a field."""
    if one == other:
        return True
    return is_rich(path) and markdown.tree(one) == markdown.tree(other)


def same_texts(path: str, one: str, other: str) -> bool:
    """Whether two texts of a file say the same, wherever their lines end."""
    return one == other or same(path, value(path, one), value(path, other))


def empty(language: str) -> polib.POFile:
    """Return a file for translations into a language, without messages."""
    po = polib.POFile(wrapwidth=WIDTH)
    po.metadata = {
        "Project-Id-Version": "Say No",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": get_plural(language).plural_forms,
        "X-Reviewed-By": NOBODY,
    }
    return po


def message(
    name: str,
    source: str,
    translation: str = "",
    *,
    note: str = "",
    place: tuple[str, str] = ("", ""),
    before: str = "",
    is_unsure: bool = False,
) -> polib.POEntry:
    """Return the message of one text, fuzzy when it is not done.

    `before` is another source, which the translation was made from; `is_unsure` when its author
    wants somebody to look at it again.
    """
    return polib.POEntry(
        msgctxt=name,
        msgid=source,
        msgstr=translation,
        comment=note,
        occurrences=[place],
        flags=["fuzzy"] if before or is_unsure else [],
        previous_msgid=before or None,
    )


def by_context(entries: Iterable[polib.POEntry]) -> dict[str, polib.POEntry]:
    """Return the messages that are in use, by context."""
    return {entry.msgctxt or "": entry for entry in entries if not entry.obsolete}
