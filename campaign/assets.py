"""The style and the scripts of the public pages, read once when the process starts."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"
STYLES = (
    "tokens",
    "base",
    "layout",
    "components",
    "room",
    "sections",
    "pieces",
    "utilities",
    "print",
)
"""The parts of the style in the order of their cascade layers (static/css/<name>.css)."""

OWN_STYLES = (
    "layouts",
    "country",
    "home",
    "drawing",
    "words",
    "guide",
    "class",
    "facts",
    "okay",
    "paper",
    "teachers",
    "code",
)
"""Styles that one page or two carry: every other page would pay for them with its first visit."""

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SPACE = re.compile(r"\s+")
AROUND = re.compile(r";? ?(\}) ?| ?([{;,]) ?|(?<=:) ")
LAYERS = "@layer reset, tokens, base, layout, components, utilities;"


@cache
def style(*names: str) -> str:
    """Return the style of public pages, or the named ones, without comments and needless space."""
    files = [STATIC / "css" / f"{name}.css" for name in names or STYLES]
    source = "".join(file.read_text("utf-8") for file in files)
    return LAYERS + AROUND.sub(r"\1\2", SPACE.sub(" ", COMMENT.sub("", source))).strip()


@cache
def style_hash(*names: str) -> str:
    """Return a style's hash as a Content-Security-Policy source (CSP level 3, hash-source)."""
    return _digest(style(*names).encode())


@cache
def script_integrity(path: str) -> str:
    """Return a script's hash for its `integrity` attribute (Subresource Integrity)."""
    return _digest((STATIC / path).read_bytes())


def _digest(data: bytes) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(data).digest()).decode()
