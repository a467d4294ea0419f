"""Baked releases: where they lie and what each says of itself. Baking writes them, servers read.

`<root>/current` is a link to `<root>/releases/7`, switched by one rename. A release holds its
manifest and one file an address with its compressed forms: en/stop/index.html, .br and .gz.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FORMAT = 1
"""What this code writes and reads; a release of another format is as good as none."""

MANIFEST = "manifest.json"
DIFFERENCE = "difference.json"
"""What a manifest says otherwise than that of the release before, for servers that hold that."""
DIGEST = hashlib.sha256().digest_size
SUFFIXES = {"br": ".br", "gzip": ".gz"}
"""Encodings of HTTP and the ends of their files, as nginx and Caddy look for them."""

Headers = list[tuple[str, str]]


class Unreadable(Exception):
    """A release that cannot be used, with the reason."""


class Digests(Mapping[str, str]):
    """SHA-256 by encoding, in a third of the memory: each worker holds thirty thousand of them,
    and twice as many while it takes another release.
    """

    __slots__ = ("_bytes", "_encodings")

    def __init__(self, digests: Mapping[str, str]) -> None:
        """Keep digests in hexadecimal. Raises ValueError for what is none."""
        self._encodings = _shared(tuple(digests))
        found = [bytes.fromhex(digest) for digest in digests.values()]
        if any(len(digest) != DIGEST for digest in found):
            raise ValueError("A digest of SHA-256 has another length.")
        self._bytes = b"".join(found)

    def __getitem__(self, encoding: str) -> str:
        if encoding not in self._encodings:
            raise KeyError(encoding)
        start = DIGEST * self._encodings.index(encoding)
        return self._bytes[start : start + DIGEST].hex()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Digests):
            return (self._encodings, self._bytes) == (other._encodings, other._bytes)
        return Mapping.__eq__(self, other)

    def __hash__(self) -> int:
        return hash((self._encodings, self._bytes))

    def __contains__(self, encoding: object) -> bool:
        return encoding in self._encodings

    def __iter__(self) -> Iterator[str]:
        return iter(self._encodings)

    def __len__(self) -> int:
        return len(self._encodings)


@cache
def _shared(encodings: tuple[str, ...]) -> tuple[str, ...]:
    """Return the one object for these encodings."""
    return encodings


@dataclass(frozen=True, slots=True)
class Page:
    """One baked answer: its file, its headers but those of the body, and what it is compressed to.

    `digests` holds the SHA-256 of each file by encoding; "" is the plain one.
    """

    file: str
    status: int
    headers: int
    digests: Digests


@dataclass(frozen=True)
class Release:
    """One release as its manifest describes it."""

    folder: Path
    number: int
    key: str
    """Another one for each release, on whichever disk it was baked."""
    site: str
    """The public address that its pages were made for."""
    code: str
    day: str
    """The day that its pages tell of, as in ISO 8601."""
    size: int
    """Bytes of all its files."""
    offered: tuple[str, ...]
    headers: list[Headers]
    chooser: int
    """Which headers the answer to `/` has, but for where it leads."""
    pages: Mapping[str, Page]
    missing: Mapping[str, Page]
    """What a language answers to addresses that it does not have."""


def file_of(path: str) -> str:
    """Return the file of an address inside a release, as static servers look for it."""
    return path[1:] + "index.html" if path.endswith("/") else path[1:]


def folder_of(root: Path, number: int) -> Path:
    """Return the folder of a release."""
    return root / "releases" / str(number)


def numbers(root: Path) -> list[int]:
    """Return the numbers of the releases that are there, the newest last."""
    try:
        names = os.listdir(root / "releases")
    except OSError:
        return []
    return sorted(int(name) for name in names if name.isascii() and name.isdigit())


def current_number(root: Path) -> int | None:
    """Return the number of the release to serve, None when none was ever baked."""
    try:
        name = os.path.basename(os.readlink(root / "current"))
    except OSError:
        return None
    return int(name) if name.isascii() and name.isdigit() else None


def current(root: Path) -> Release | None:
    """Return the release to serve, None when there is none. Raises Unreadable."""
    number = current_number(root)
    return None if number is None else read(folder_of(root, number))


def read(folder: Path, held: Release | None = None) -> Release:
    """Return a release. Raises Unreadable when it is gone, damaged or of another format.

    Where it was baked after the one that is `held`, only what differs is read.
    """
    try:
        if held and (found := _after(held, folder)):
            return found
        return _release(folder, _load(folder / MANIFEST))
    except (OSError, *_DAMAGED) as error:
        raise Unreadable(f"{folder} cannot be read: {error}") from error


_DAMAGED = (ValueError, KeyError, TypeError, AttributeError, MemoryError)


def _after(held: Release, folder: Path) -> Release | None:
    """Return a release by what differs from the one held; None where that does not tell."""
    try:
        data = _load(folder / DIFFERENCE)
        if not held.key or data["after"] != held.key:
            return None
        gone = set(data["gone"])
        kept = {path: page for path, page in held.pages.items() if path not in gone}
        return _release(folder, data, kept)
    except (OSError, *_DAMAGED):
        return None


def _load(path: Path) -> Any:
    return json.loads(path.read_bytes(), object_hook=_as_page)


def _release(folder: Path, data: dict[str, Any], kept: Mapping[str, Page] | None = None) -> Release:
    """Return a release of what was read, with the pages that are kept of another one."""
    if data["format"] != FORMAT:
        raise Unreadable(f"{folder} was baked by another version of the site.")
    return Release(
        folder=folder,
        number=data["number"],
        key=data.get("key", ""),
        site=data["site"],
        code=data["code"],
        day=data["day"],
        size=data["size"],
        offered=tuple(data["languages"]["offered"]),
        headers=[[(name, value) for name, value in one] for one in data["headers"]],
        chooser=data["chooser"],
        pages={**(kept or {}), **_pages(data["pages"])},
        missing=_pages(data["missing"]),
    )


def _as_page(found: dict[str, Any]) -> Any:
    """Make a page of its description at once, before the next is read: it is much smaller."""
    if "digests" not in found:
        return found
    return Page(**found | {"digests": Digests(found["digests"])})


def _pages(found: dict[str, Any]) -> dict[str, Page]:
    if not all(isinstance(page, Page) for page in found.values()):
        raise ValueError("What a page is has no digests.")
    return found
