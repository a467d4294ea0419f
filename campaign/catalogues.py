"""The translated frame (menus, buttons, sentences): which languages have all of it."""

import gettext
from functools import cache
from pathlib import Path

import polib
from django.conf import settings

from campaign import languages

DOMAIN = "django"


def po_path(code: str) -> Path:
    """Return where a language's catalogue is kept as text."""
    return Path(settings.LOCALE_PATHS[0]) / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def mo_path(code: str) -> Path:
    """Return where a language's compiled catalogue lies."""
    return po_path(code).with_suffix(".mo")


@cache
def message_keys() -> frozenset[str]:
    """Return the keys of all messages, from the source language's catalogue."""
    path = po_path(languages.SOURCE)
    return frozenset(_key(entry) for entry in polib.pofile(str(path)) if not entry.obsolete)


@cache
def is_complete(code: str) -> bool:
    """Whether every message of the frame is translated and compiled in this language."""
    if code == languages.SOURCE:
        return True
    try:
        with mo_path(code).open("rb") as file:
            translated = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    except OSError:
        return False
    return message_keys() <= {key[0] if isinstance(key, tuple) else key for key in translated}


def frame_language(code: str) -> str:
    """Return the language to draw the frame in: a half-translated frame is worse than English."""
    return code if is_complete(code) else languages.SOURCE


def _key(entry: polib.POEntry) -> str:
    return f"{entry.msgctxt}\x04{entry.msgid}" if entry.msgctxt else entry.msgid
