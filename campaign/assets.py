"""The style and the script that stand inside the public pages, read when first asked for."""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
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
    "utilities",
    "print",
    "guard",
)
"""The parts of the style in the order of their cascade layers (static/css/<name>.css)."""

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
COMMENT_LINE = re.compile(r"\s*//")
SPACE = re.compile(r"\s+")
AROUND = re.compile(r";? ?(\}) ?| ?([{;,]) ?|(?<=:) ")
LAYERS = "@layer reset, tokens, base, layout, components, utilities;"


EARLY = ("exit", "visit")
"""The scripts that work while the page is still loading: they look for nothing in it at first."""


@dataclass(frozen=True)
class Inline:
    """The style and the script that stand inside a page, with the hash of each.

    A hash is a source of a Content-Security-Policy (CSP level 3, hash-source).
    """

    style: str
    script: str
    style_hash: str
    script_hash: str


@cache
def inline(styles: tuple[str, ...], scripts: tuple[str, ...]) -> Inline:
    """Return the named styles as one and the named scripts as one."""
    style, script = _style(styles), _script(scripts)
    return Inline(style, script, _hash(style), _hash(script))


def of_page(
    styles: Iterable[str] = (), scripts: Iterable[str] = (), *, for_adults: bool = False
) -> Inline:
    """Return the style and the script of a page that has these beside those of every page.

    A page that is not for adults alone keeps a visit one entry of the tab's history.
    """
    visit = () if for_adults else ("visit",)
    return inline((*STYLES, *styles), ("exit", *visit, "page", *scripts))


def _style(names: tuple[str, ...]) -> str:
    """Return the styles without comments and needless space."""
    source = "".join((STATIC / "css" / f"{name}.css").read_text("utf-8") for name in names)
    return LAYERS + AROUND.sub(r"\1\2", SPACE.sub(" ", COMMENT.sub("", source))).strip()


def _script(names: tuple[str, ...]) -> str:
    """Return the scripts without comments and indentation, each in a block of its own.

    What fails in one is reported to the console and stops no other: the exit works in any case.
    All but the early ones wait until the page is whole.
    """
    early = "".join(map(_block, filter(EARLY.__contains__, names)))
    late = "".join(_block(name) for name in names if name not in EARLY)
    return early + (f'addEventListener("DOMContentLoaded",()=>{{{late}}})' if late else "")


def _block(name: str) -> str:
    return f"try{{{_code(name)}}}catch(error){{console.error(error)}}"


def _code(name: str) -> str:
    """Return a script without its comments, which stand on lines of their own."""
    lines = (STATIC / "js" / f"{name}.js").read_text("utf-8").split("\n")
    return "\n".join(line.strip() for line in lines if line and not COMMENT_LINE.match(line))


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
