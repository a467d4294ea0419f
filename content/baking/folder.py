"""Releases on disk: written beside, made whole, then switched by one rename."""

import ctypes
import errno
import fcntl
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from campaign import releases
from campaign.releases import Page, Release
from content.baking.rendering import BakeError

KEEP = 3
"""Releases that are kept, with the current one."""
UNFINISHED = ".baking-"
READY = ".ready-"
DEPENDENCIES = "dependencies.json"


@contextmanager
def locked(root: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Let one bake at a time write here; calls `waiting` when another one is at work.

    The lock is the process's own (POSIX): it ends with it, and its children do not hold it.
    """
    (root / "releases").mkdir(parents=True, exist_ok=True)
    with (root / "lock").open("w") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in {errno.EAGAIN, errno.EACCES}:
                raise
            waiting()
            fcntl.lockf(file, fcntl.LOCK_EX)
        yield


def begin(root: Path) -> tuple[int, Path]:
    """Remove what a bake that was killed has left, and return the next number and its folder.

    Numbers order the releases, not times: a clock may be set back. No two bakes have the same
    folder: workers of one that was killed go on writing for a moment.
    """
    for left in (root / "releases").glob(f"{UNFINISHED}*"):
        shutil.rmtree(left, ignore_errors=True)
    number = max([0, releases.current_number(root) or 0, *releases.numbers(root)]) + 1
    folder = _unfinished(root, number)
    folder.mkdir()
    return number, folder


def _unfinished(root: Path, number: int) -> Path:
    return root / "releases" / f"{UNFINISHED}{number}-{secrets.token_hex(4)}"


def make_ready(root: Path, release: Release) -> None:
    """Take over every page of a release into a folder for the next one, before it is needed.

    Most of the time that an approval takes to be seen would be spent on these links.
    """
    for other in (root / "releases").glob(f"{READY}*"):
        shutil.rmtree(other, ignore_errors=True)
    folder = _unfinished(root, release.number)
    try:
        link(release.folder, folder, [*release.pages.values(), *release.missing.values()])
        folder.rename(_ready(root, release.number))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def put_back(root: Path, release: Release, folder: Path, pages: Iterable[Page]) -> None:
    """Make a folder ready that was begun for the release after this one, but for these pages."""
    given_up = list(pages)
    for page in given_up:
        for suffix in ("", *releases.SUFFIXES.values()):
            (folder / f"{page.file}{suffix}").unlink(missing_ok=True)
    link(release.folder, folder, given_up)
    folder.rename(_ready(root, release.number))


def is_ready(root: Path, number: int) -> bool:
    """Whether the release after this one has its folder."""
    return _ready(root, number).exists()


def take_ready(root: Path, before: Release, folder: Path, changed: Iterable[Page]) -> bool:
    """Let a new release's folder begin with the pages of the one before, without those that change.

    Returns False when nothing was made ready for it.
    """
    ready = _ready(root, before.number)
    try:
        folder.rmdir()
        ready.rename(folder)
    except FileNotFoundError:
        folder.mkdir()
        return False
    for page in changed:
        for encoding in page.digests:
            (folder / f"{page.file}{releases.SUFFIXES.get(encoding, '')}").unlink()
    return True


def _ready(root: Path, number: int) -> Path:
    return root / "releases" / f"{READY}{number}"


def refuse_without_space(root: Path, needed: int) -> None:
    """Raise BakeError when the disk has not as many bytes left."""
    free = shutil.disk_usage(root).free
    if free < needed:
        raise BakeError(
            f"Not enough space in {root}: about {_megabytes(needed)} are needed and"
            f" {_megabytes(free)} are free. Make room, or set BAKED_ROOT to another disk."
        )


def _megabytes(number: int) -> str:
    return f"{number / 1_000_000:,.0f} MB"


def explain(error: OSError, root: Path) -> BakeError:
    """Return what to tell the operator when the disk refuses."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        advice = "The disk is full. Make room, or set BAKED_ROOT to another disk."
    elif error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        advice = f"This user must be allowed to write in {root} (BAKED_ROOT)."
    else:
        advice = f"Look at the disk of {root} (BAKED_ROOT)."
    return BakeError(f"{error.strerror}: {error.filename or root}. {advice}")


def write(folder: Path, file: str, bodies: dict[str, bytes]) -> None:
    """Write a page's file and its compressed forms."""
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    for encoding, body in bodies.items():
        with open(f"{path}{releases.SUFFIXES.get(encoding, '')}", "xb") as new:
            new.write(body)


def link(before: Path, folder: Path, pages: Iterable[Page]) -> None:
    """Take the files of pages from another release; they are the same files on disk.

    Ten thousand pages in half a second: no paths are joined and no folder is made twice.
    """
    source, target = str(before), str(folder)
    made: set[str] = set()
    for page in pages:
        place = page.file.rpartition("/")[0]
        if place not in made:
            os.makedirs(f"{target}/{place}", exist_ok=True)
            made.add(place)
        for encoding in page.digests:
            name = page.file + releases.SUFFIXES.get(encoding, "")
            os.link(f"{source}/{name}", f"{target}/{name}")


def write_manifest(release: Release, before: Release | None, baked_at: str) -> None:
    """Write what servers read of the release, and what differs from the one before."""
    about = {
        "format": releases.FORMAT,
        "number": release.number,
        "key": release.key,
        "site": release.site,
        "code": release.code,
        "day": release.day,
        "baked_at": baked_at,
        "size": release.size,
        "languages": {"offered": release.offered, "all": list(release.missing)},
        "headers": release.headers,
        "chooser": release.chooser,
    }
    missing = _listed(release.missing)
    _write_pages(release.folder / releases.MANIFEST, about, _listed(release.pages), missing)
    if before is None or not before.key:
        return
    about |= {"after": before.key, "gone": sorted(before.pages.keys() - release.pages.keys())}
    new = {path: page for path, page in release.pages.items() if page != before.pages.get(path)}
    _write_pages(release.folder / releases.DIFFERENCE, about, _listed(new), missing)


def _write_pages(path: Path, about: dict[str, Any], pages: str, missing: str) -> None:
    """Write a manifest: what it says of the whole, and its pages, in JSON already."""
    path.write_text(f'{_json(about)[:-1]},"pages":{pages},"missing":{missing}}}')


def _listed(pages: Mapping[str, Page]) -> str:
    return "{" + ",".join(f"{_json(path)}:{_said(page)}" for path, page in pages.items()) + "}"


@lru_cache(2**16)
def _said(page: Page) -> str:
    """Return a page as the manifest has it; whoever follows writes ten thousand again and again."""
    said = {name: getattr(page, name) for name in ("file", "status", "headers")}
    return _json({**said, "digests": dict(page.digests)})


def write_dependencies(folder: Path, states: dict[str, str], marks: dict[str, set[str]]) -> None:
    """Write what was live, and which marks each address has read."""
    lists: dict[tuple[str, ...], int] = {}
    pages = {
        path: lists.setdefault(tuple(sorted(read)), len(lists)) for path, read in marks.items()
    }
    data = {"states": states, "marks": list(lists), "pages": pages}
    (folder / DEPENDENCIES).write_text(_json(data))


def read_dependencies(folder: Path) -> tuple[dict[str, str], dict[str, set[str]]]:
    """Return what was live and the marks by address; nothing when they cannot be read."""
    try:
        data = json.loads((folder / DEPENDENCIES).read_bytes())
        lists = [set(marks) for marks in data["marks"]]
        return data["states"], {path: lists[place] for path, place in data["pages"].items()}
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return {}, {}


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def switch(root: Path, folder: Path, number: int) -> Path:
    """Make a whole folder the current release, or leave all as it was. Returns its new place."""
    _sync_disk(folder)
    place = releases.folder_of(root, number)
    folder.rename(place)
    _sync(place.parent)
    new = root / "current.new"
    new.unlink(missing_ok=True)
    new.symlink_to(Path("releases") / str(number))
    new.rename(root / "current")
    _sync(root)
    return place


def _sync_disk(folder: Path) -> None:
    """Write all that waits for the disk of this folder, and hear of what could not be written.

    Thousands of files: one call for all takes a tenth of the time of one each. os.sync() would
    wait for all other disks too, and says nothing of errors.
    """
    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        os.sync()
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if syncfs(descriptor):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(folder))
    finally:
        os.close(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_old(root: Path) -> None:
    """Remove all but the last releases. A server keeps what it holds in memory."""
    for folder in _old(root):
        shutil.rmtree(folder, ignore_errors=True)


def remove_old_behind(root: Path) -> "subprocess.Popen[bytes] | None":
    """Remove them in another process, which is returned: thirty thousand files take seconds."""
    old = _old(root)
    if not old:
        return None
    remove = "import shutil, sys; [shutil.rmtree(one, ignore_errors=True) for one in sys.argv[1:]]"
    command = [sys.executable, "-I", "-S", "-c", remove, *map(str, old)]
    return subprocess.Popen(command)  # noqa: S603  our own program and our own folders


def _old(root: Path) -> list[Path]:
    current = releases.current_number(root)
    numbers = releases.numbers(root)[:-KEEP]
    return [releases.folder_of(root, number) for number in numbers if number != current]
