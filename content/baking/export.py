"""The whole public site as files for any static host: the bytes of the current release."""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from campaign import assets, languages, releases
from campaign.releases import Page, Release, Unreadable
from content.baking import folder, hosts
from content.baking.rendering import BakeError, compressed
from content.frame import Frame
from content.publishing import live

MARKER = "export.json"
"""What an export says of itself; a folder without it is not ours to replace."""
PRECOMPRESSED = tuple(releases.SUFFIXES.values())


class ExportError(BakeError):
    """Why nothing was exported; the message says what to do."""


@dataclass(frozen=True)
class Exported:
    """What an export holds."""

    release: int
    files: int
    size: int
    """Bytes."""


def export(root: Path, target: Path, waiting: Callable[[], None]) -> Exported:
    """Write the current release, and what a static host needs beside it, into a folder.

    The folder is made beside and put in the place of the one before when it is whole. `waiting` is
    called when a bake is at work. Raises ExportError; the export before stays as it was.
    """
    target = target.absolute()
    _refuse_foreign(target)
    beside = target.with_name(f".{target.name}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir()
        try:
            # A bake would remove old releases meanwhile.
            with folder.locked(root, waiting):
                release = _current(root)
                _write_pages(release, beside)
            _write_for_hosts(release, beside)
            done = _write_marker(release, beside)
            _replace(beside, target)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise ExportError(
            f"{error.strerror}: {error.filename or target}. Nothing was replaced; make room, or"
            " choose another folder."
        ) from error
    return done


def _refuse_foreign(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise ExportError(f"{target} is a file: name a folder.")
    if target.is_dir() and any(target.iterdir()) and not (target / MARKER).is_file():
        raise ExportError(
            f"{target} holds files that no export has written: name a new or empty folder."
        )


def _current(root: Path) -> Release:
    try:
        release = releases.current(root)
    except Unreadable as error:
        raise ExportError(f"{error} Run: ./manage.py bake --full") from error
    if release is None:
        raise ExportError("Nothing is baked yet. Run: ./manage.py bake")
    if release.site != settings.SITE_URL:
        raise ExportError(
            f"What is baked was made for {release.site}, not for {settings.SITE_URL} (SITE_URL)."
            " Run: ./manage.py bake"
        )
    return release


def _write_pages(release: Release, beside: Path) -> None:
    for page in [*release.pages.values(), *release.missing.values()]:
        folder.write(beside, page.file, _bodies(release, page))
    nowhere = release.missing.get(languages.SOURCE)
    if nowhere:
        folder.write(beside, "404.html", _bodies(release, nowhere))


def _bodies(release: Release, page: Page) -> dict[str, bytes]:
    """Return a page's bytes by encoding. Raises ExportError when they are not what was baked."""
    bodies = {}
    for encoding, digest in page.digests.items():
        file = Path(f"{release.folder / page.file}{releases.SUFFIXES.get(encoding, '')}")
        body = file.read_bytes()
        if hashlib.sha256(body).hexdigest() != digest:
            raise ExportError(f"{file} is damaged. Run: ./manage.py bake --full")
        bodies[encoding] = body
    return bodies


def _write_for_hosts(release: Release, beside: Path) -> None:
    """Write the way in, the way out, and the headers as hosts read them."""
    with translation.override(languages.SOURCE):
        frame = Frame(languages.SOURCE, live.index(), is_error=True)
        # As the page for what does not exist (content/views/errors.py), whose headers it gets.
        context = {"frame": frame, "inline": assets.of_page(scripts=["countries"])}
        way_in = render_to_string("export/languages.html", context)
    url = settings.EXIT_URL
    way_out = render_to_string("export/leave.html", {"url": url, "host": urlsplit(url).netloc})
    folder.write(beside, "index.html", compressed(way_in.encode()))
    folder.write(beside, "exit/index.html", compressed(way_out.encode()))
    for name, text in hosts.files(release).items():
        (beside / name).write_text(text, encoding="utf-8")


def _write_marker(release: Release, beside: Path) -> Exported:
    """Write what each file is, and return what there is."""
    found = sorted(path for path in beside.rglob("*") if path.is_file())
    served = hosts.served(release)
    files = {}
    for path in found:
        name = str(path.relative_to(beside))
        files[name] = {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        if name not in hosts.OWN_FILES and not name.endswith(PRECOMPRESSED):
            files[name] |= served(name)
    data = {"release": release.number, "site": release.site, "day": release.day, "files": files}
    (beside / MARKER).write_text(json.dumps(data, indent=1))
    return Exported(release.number, len(found), sum(path.stat().st_size for path in found))


def _replace(beside: Path, target: Path) -> None:
    """Put the new folder in the place of the old one; the old one comes back if that fails."""
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    try:
        beside.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
