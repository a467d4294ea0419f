"""Rich text: paragraphs, lists, bold and links; nothing else, whoever wrote it.

Editors write it in the admin, seed files hold it as Markdown, revisions hold it as clean HTML, and
`render` is the one place of the project that marks text as safe.
"""

import html
import re
from collections.abc import Set
from functools import cache, lru_cache
from typing import Literal

import nh3
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.text import slugify
from markdown_it import MarkdownIt

from content.models.fields import UNSEEN

TAGS = {"p", "ul", "ol", "li", "strong", "a", "br"}
SCHEMES = {"https", "page"}
DOCUMENT = {*TAGS, "h1", "h2", "h3", "img", "code", "em"}
IN_DOCUMENT = {"a": {"href"}, "h2": {"id"}, "h3": {"id"}, "img": {"src", "alt", "loading"}}

TARGET = re.compile(
    rf"https://[^{UNSEEN}@/?#]+(?:[/?#][^{UNSEEN}]*)?|page:[a-z][a-z0-9-]*(?:#[a-z0-9-]+)?"
)
LINK = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"')
PAGE_LINK = re.compile(r'href="page:([a-z][a-z0-9-]*)(#[a-z0-9-]+)?"')
OUTSIDE_LINK = re.compile(r'href="https:')
TAG = re.compile(r"<[^>]+>")
NUMBER_GAP = re.compile(r"(?<=\d) (?=\d)")
BLOCK_END = re.compile(r"</(?:p|li)>|<br>")
PIECE = re.compile(
    r"<[^>]+>|&(?:\w+|#\d+);|\s+"
    # Letters with the marks that belong to them, as in Arabic; an apostrophe or hyphen inside.
    r"|\w[\w\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670]*(?:['\u2019-]\w[\w\u064b-\u065f]*)*|.",
    re.DOTALL,
)


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("zero").enable(["list", "emphasis", "link", "escape", "entity"])
    parser.validateLink = is_target  # type: ignore[method-assign,assignment]
    # An address is what its author wrote, letter for letter; `clean` refuses what is none.
    parser.normalizeLink = str  # type: ignore[method-assign,assignment]
    return parser


def is_target(address: str) -> bool:
    """Whether a link may lead there: https or a page of ours, and nothing in it is hidden."""
    return TARGET.fullmatch(address) is not None


def _attribute(tag: str, name: str, value: str) -> str | None:
    return value if is_target(value) else None


def from_markdown(text: str) -> str:
    """Return clean HTML for the Markdown subset of the seed files (CommonMark's rules)."""
    return clean(_markdown().render(text))


def clean(text: str) -> str:
    """Return only the allowed tags and links of an HTML text, without needless white space."""
    cleaned = nh3.clean(
        text,
        tags=TAGS,
        attributes={"a": {"href"}},
        attribute_filter=_attribute,
        url_schemes=SCHEMES,
        link_rel=None,
    )
    # Line breaks of a file mean nothing, and the editor does not keep them.
    joined = re.sub(r" ?<br> ?", "<br>", re.sub(r"[ \t\r\n]+", " ", cleaned))
    return re.sub(r"> <(?!a|strong)", "><", joined).replace("<p></p>", "").strip()


def links(text: str) -> list[str]:
    """Return the targets of all links of a clean HTML text, in order."""
    return [html.unescape(target) for target in LINK.findall(text)]


def plain(text: str) -> str:
    """Return a clean HTML text as plain lines, one for each paragraph and list item."""
    lines = BLOCK_END.sub("\n", text)
    return html.unescape(TAG.sub("", lines)).strip()


def render(text: str, language: str) -> SafeString:
    """Return clean HTML for a page: inner links in `language`, links out without referrer.

    A number stays in one piece. In Arabic a plain space would turn "116 000" into "000 116"; the
    space that does not break belongs to the number (Unicode Bidirectional Algorithm, rule W4).
    """

    def resolve(match: re.Match[str]) -> str:
        return f'href="{page_url(match[1], language)}{match[2] or ""}"'

    resolved = PAGE_LINK.sub(resolve, NUMBER_GAP.sub("\N{NO-BREAK SPACE}", clean(text)))
    return SafeString(OUTSIDE_LINK.sub('rel="noreferrer" href="https:', resolved))


def document(text: str, pictures: str) -> SafeString:
    """Return a document of ours (CommonMark) as HTML, whose headings have addresses.

    `pictures` is how the document names the folder of static files, from where it lies.
    """
    parser = MarkdownIt("commonmark", {"html": False})
    tokens = parser.parse(text)
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and following:
            token.attrSet("id", slugify(following.content))
        for inner in token.children or ():
            if inner.type == "image":
                source = str(inner.attrs["src"]).removeprefix(pictures)
                inner.attrs = {"src": static(source), "alt": "", "loading": "lazy"}
    rendered = parser.renderer.render(tokens, parser.options, {})
    return SafeString(nh3.clean(rendered, tags=DOCUMENT, attributes=IN_DOCUMENT, link_rel=None))


def pieces(text: str) -> list[str]:
    """Return a text as tags, words, spaces and signs, one after the other; plain text is escaped.

    Joined they are the text again.
    """
    return PIECE.findall(conditional_escape(text))


def marked(text: str, changed: Set[int], tag: Literal["ins", "del"]) -> SafeString:
    """Return a text with some of its pieces, by their place, inside `ins` or `del`.

    Only what is no tag is put inside, so that the elements of the text stay whole.
    """
    parts = []
    is_open = False
    for place, piece in enumerate(pieces(text)):
        wanted = place in changed and not piece.startswith("<")
        if wanted != is_open:
            parts.append(f"<{tag}>" if wanted else f"</{tag}>")
            is_open = wanted
        parts.append(piece)
    return SafeString("".join(parts) + (f"</{tag}>" if is_open else ""))


@lru_cache(2048)
def page_url(key: str, language: str) -> str:
    """Return the address of a page by its key; home's is the language's own."""
    if key == "home":
        return reverse("home", kwargs={"language": language})
    return reverse("page", kwargs={"language": language, "key": key})
