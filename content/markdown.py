"""Clean rich text as Markdown, for translators; reading it again gives the same text.

The Markdown is the subset that richtext.from_markdown reads: paragraphs, lists, bold, links, line
breaks. `tree` says what a reader sees of an HTML text; two texts with the same tree look the same,
though one may write the paragraph inside a list item out and the other not.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from itertools import groupby

from content import richtext

SPECIAL = re.compile(r"([\\*_\[\]])")
LOOKS_LIKE_ENTITY = re.compile(r"&(?=#?[0-9A-Za-z]+;)")
LOOKS_LIKE_LIST = re.compile(r"^(?:([-+])|(\d{1,9})([.)]))(?=\s|$)")
IN_TARGET = re.compile(r"([\\<>()]|&(?=#?[0-9A-Za-z]+;))")

BREAK = "\n"
"""Stands for <br> among the letters of a paragraph: clean HTML has no other line end."""


@dataclass(frozen=True)
class Letter:
    """One letter as it is seen: bold or not, inside which link."""

    text: str
    strong: bool = False
    link: tuple[int, str] | None = None
    """The link's number in its paragraph, and its target."""


Paragraph = tuple[Letter, ...]


@dataclass
class List:
    """A list with its items, each of them blocks."""

    ordered: bool
    items: list[list["Block"]] = field(default_factory=list)


Block = Paragraph | List


@lru_cache(1024)
def to_markdown(text: str) -> str:
    """Return Markdown that reads as this HTML text does, cleaned as it is for readers.

    A plan of a translator's file asks several times for all texts of a language: 1 ms for each.
    """
    return "\n".join(_blocks(tree(text)))


def tree(text: str) -> list[Block]:
    """Return the blocks that a reader sees of an HTML text."""
    reader = _Reader()
    reader.feed(richtext.clean(text))
    reader.close()
    reader.end_paragraph()
    return _without_empty(reader.blocks)


def _without_empty(blocks: list[Block]) -> list[Block]:
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, List):
            items = [kept for item in block.items if (kept := _without_empty(item))]
            if items:
                found.append(List(block.ordered, items))
        elif block:
            found.append(block)
    return found


class _Reader(HTMLParser):
    """Puts the letters of a clean HTML text into blocks, wherever its tags stand."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._open: list[List | list[Block]] = [self.blocks]
        self._letters: list[Letter] = []
        self._strong = 0
        self._link: tuple[int, str] | None = None
        self._links = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "strong":
            self._strong += 1
        elif tag == "a":
            href = dict(attrs).get("href")
            self._links += 1
            self._link = (self._links, href) if href else None
            if self._link:
                self._letters.append(Letter("", link=self._link))  # it may have no letters
        elif tag == "br":
            self._letters.append(Letter(BREAK, False, self._link))
        elif tag == "p":
            self.end_paragraph()
        elif tag in {"ul", "ol"}:
            new = List(tag == "ol")
            self._place().append(new)
            self._open.append(new)
        elif tag == "li":
            self.end_paragraph()
            if isinstance(self._open[-1], List):
                self._open[-1].items.append([])
                self._open.append(self._open[-1].items[-1])

    def handle_endtag(self, tag: str) -> None:
        if tag == "strong":
            self._strong -= 1
        elif tag == "a":
            self._link = None
        elif tag == "p":
            self.end_paragraph()
        elif tag in {"ul", "ol", "li"}:
            self.end_paragraph()
            if len(self._open) > 1 and isinstance(self._open[-1], List) == (tag != "li"):
                self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._letters or data.strip(" \n"):
            bold = self._strong > 0
            self._letters += [Letter(c, bold, self._link) for c in data.replace("\n", " ")]

    def end_paragraph(self) -> None:
        """Put the letters so far where they belong."""
        letters, self._letters = self._letters, []
        if seen := _as_seen(letters):
            self._place(seen)

    def _place(self, paragraph: Paragraph | None = None) -> list[Block]:
        if paragraph is None:
            self.end_paragraph()
        inside = self._open[-1]
        if isinstance(inside, List):  # no item is open: this is one
            inside.items.append([])
            inside = inside.items[-1]
        if paragraph is not None:
            inside.append(paragraph)
        return inside


def _as_seen(letters: list[Letter]) -> Paragraph:
    """Return the letters without the white space that browsers leave out.

    A space at the edge of bold words or of a link stands outside of them.
    """
    once = _without_space(letters)
    # The same from the other end: what a line or a paragraph ends with is not seen either.
    kept = _without_space(once[::-1])[::-1]
    return tuple(_edge(kept, at) for at in range(len(kept)))


def _without_space(letters: list[Letter]) -> list[Letter]:
    """Return the letters without spaces that follow white space, or begin the paragraph."""
    kept: list[Letter] = []
    last: str | None = None
    for letter in letters:
        is_hidden = last is None or last in {" ", BREAK}
        if (letter.text == " " and is_hidden) or (letter.text == BREAK and last is None):
            continue
        kept.append(letter)
        last = letter.text or last
    return kept


def _edge(letters: list[Letter], at: int) -> Letter:
    """Return the letter; a space or a break is bold or linked only amid letters that are."""
    letter = letters[at]
    if letter.text not in {" ", BREAK}:
        return letter
    before, after = letters[at - 1], letters[at + 1] if at + 1 < len(letters) else Letter("")
    is_inside = before.link == after.link and before.link in {letter.link, None}
    link = letter.link if is_inside and before.link else None
    is_bold = letter.strong and before.strong and after.strong
    strong = letter.text == " " and is_inside and is_bold
    return Letter(letter.text, strong, link)


# --- Writing ----------------------------------------------------------------------------------


def _blocks(blocks: list[Block]) -> list[str]:
    """Return the lines of blocks, with an empty line between two."""
    lines: list[str] = []
    kinds: list[str] = []
    for block in blocks:
        if isinstance(block, List):
            # Two lists beside each other are one, unless their signs differ.
            is_next = bool(kinds) and kinds[-1] == _signs(block)[0]
            kinds.append(_signs(block)[is_next])
            part = _list(block, kinds[-1])
        else:
            kinds.append("")
            part = _paragraph(block)
        lines += [*([""] if lines else []), *part]
    return lines


def _signs(block: List) -> tuple[str, str]:
    return (".", ")") if block.ordered else ("-", "*")


def _list(block: List, sign: str) -> list[str]:
    is_tight = _is_tight(block)
    lines: list[str] = []
    for number, item in enumerate(block.items, start=1):
        marker = f"{number}{sign} " if block.ordered else f"{sign} "
        part = _blocks(item)
        if is_tight:
            part = [line for line in part if line]
        elif lines:
            lines.append("")
        indent = " " * len(marker)
        lines.append(marker + part[0])
        lines += [indent + line if line else "" for line in part[1:]]
    return lines


def _is_tight(block: List) -> bool:
    """Whether no item needs an empty line: a text at most, then lists of the same sort."""
    return all(
        isinstance(part, List) and _is_tight(part) if at or isinstance(part, List) else True
        for item in block.items
        for at, part in enumerate(item)
    )


def _paragraph(letters: Paragraph) -> list[str]:
    parts: list[str] = []
    for link, group in groupby(enumerate(letters), key=lambda pair: pair[1].link):
        places = [at for at, _ in group]
        text = _words(letters, places)
        parts.append(f"[{text}]({_target(link[1])})" if link else text)
    lines = "".join(parts).split("\n")
    return [LOOKS_LIKE_LIST.sub(_no_list, line) for line in lines]


def _no_list(match: re.Match[str]) -> str:
    return f"\\{match[1]}" if match[1] else f"{match[2]}\\{match[3]}"


def _words(letters: Paragraph, places: list[int]) -> str:
    parts = []
    for strong, group in groupby(places, key=lambda at: letters[at].strong):
        text = "".join(_letter(letters, at) for at in group)
        parts.append(f"**{text}**" if strong else text)
    return "".join(parts)


def _letter(letters: Paragraph, at: int) -> str:
    letter = letters[at].text
    if letter == BREAK:
        return "\\\n"
    if letter == "&":
        ahead = "".join(one.text for one in letters[at : at + 40])
        return "\\&" if LOOKS_LIKE_ENTITY.match(ahead) else "&"
    if _must_be_spelled(letters, at):
        return f"&#{ord(letter)};"
    return SPECIAL.sub(r"\\\1", letter)


def _must_be_spelled(letters: Paragraph, at: int) -> bool:
    """Whether a letter has to be written by its number.

    White space at an end of a paragraph, which Markdown would drop, and letters beside the
    edge of bold words, where Markdown would not take ** for a sign (CommonMark 0.31, 6.2).
    """
    letter = letters[at]
    if not letter.text or letter.text == " ":
        return False
    neighbours = [letters[to] for to in (at - 1, at + 1) if 0 <= to < len(letters)]
    is_space = letter.text.isspace()
    if is_space and (len(neighbours) < 2 or any(one.text == BREAK for one in neighbours)):
        return True
    if letter.strong:
        ends = [not (one.strong and one.link == letter.link) for one in neighbours]
        return is_space and (len(ends) < 2 or any(ends))
    return any(
        one.strong and one.link == letter.link and not one.text.isalnum() for one in neighbours
    )


def _target(url: str) -> str:
    escaped = IN_TARGET.sub(r"\\\1", url)
    return f"<{escaped}>" if re.search(r"[\s\x00-\x1f]", escaped) or not escaped else escaped
