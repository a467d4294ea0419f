"""A small reader of HTML for tests: elements with attributes, text and parents."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "img", "input", "source", "wbr", "col", "area", "base"}
NOT_SHOWN = {"style", "script", "title", "head"}


@dataclass(eq=False, repr=False)
class Element:
    """One element; `parts` are its texts and child elements in order."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    parts: list["Element | str"] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"<{self.tag} {self.attributes}>"

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    @property
    def classes(self) -> set[str]:
        return set(self.get("class").split())

    @property
    def text(self) -> str:
        """What a reader sees, with single spaces."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for part in self.parts:
            if isinstance(part, str):
                yield part
            elif part.tag not in NOT_SHOWN:
                yield from part._texts()
                if part.tag not in {"a", "bdi", "del", "ins", "span", "strong"}:
                    yield " "

    def all(self, *tags: str, **attributes: str) -> list["Element"]:
        """Elements below this one in document order; `data_exit` stands for data-exit."""
        wanted = {name.rstrip("_").replace("_", "-"): v for name, v in attributes.items()}
        return [
            element
            for element in self._below()
            if (not tags or element.tag in tags)
            and all(element.attributes.get(name) == value for name, value in wanted.items())
        ]

    def one(self, *tags: str, **attributes: str) -> "Element":
        """The only element that fits."""
        found = self.all(*tags, **attributes)
        assert len(found) == 1, f"{len(found)} elements are {tags} {attributes}"
        return found[0]

    def _below(self) -> Iterator["Element"]:
        for part in self.parts:
            if isinstance(part, Element):
                yield part
                yield from part._below()

    @property
    def links(self) -> list[str]:
        """The targets of all links in the element."""
        return [link["href"] for link in self.all("a") if "href" in link.attributes]

    @property
    def ancestors(self) -> list["Element"]:
        found, element = [], self.parent
        while element is not None:
            found.append(element)
            element = element.parent
        return found

    @property
    def language(self) -> str:
        """The language that the nearest `lang` declares."""
        for element in [self, *self.ancestors]:
            if "lang" in element.attributes:
                return element["lang"]
        return ""


class Page(Element):
    """A parsed page. Wrongly nested or unclosed elements fail the test."""

    def __init__(self, path: str, source: str) -> None:
        super().__init__("#document", {})
        self.path = path
        self.source = source
        parser = _Parser(self)
        parser.feed(source)
        parser.close()
        assert parser.open == [self], f"{path}: {parser.open[-1].tag} is not closed"

    def __repr__(self) -> str:
        return self.path

    @property
    def html(self) -> Element:
        return self.one("html")

    @property
    def main(self) -> Element:
        return self.one("main")

    @property
    def title(self) -> str:
        return "".join(str(part) for part in self.one("title").parts).strip()

    def by_id(self, identity: str) -> Element:
        return self.one(id=identity)

    def meta(self, name: str) -> str | None:
        """The content of a meta element, None without one."""
        found = self.all("meta", name=name)
        return found[0]["content"] if found else None


class _Parser(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.open: list[Element] = [page]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"{self.page.path}: <{tag}> repeats an attribute"
        values = {name: value or "" for name, value in attrs}
        element = Element(tag, values, self.open[-1])
        self.open[-1].parts.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:  # the slash of <meta /> says nothing (HTML, 13.1.2.1)
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        inner = self.open[-1].tag
        assert inner == tag, f"{self.page.path}: </{tag}> closes <{inner}> ({self.getpos()})"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)
