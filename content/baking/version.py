"""What baked pages depend on beside texts: the code, the translated frame and the settings."""

import hashlib
import platform
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings

from content.baking.rendering import COMPRESSION

FOLDERS = ("campaign", "content", "templates", "static", "locale")
NOT_SHOWN = {"admin", "seed", "management", "migrations", "__pycache__"}
"""Folders of what no public page shows."""
SETTINGS = (
    *("SITE_URL", "EXIT_URL", "EXIT_URLS", "ADMIN_PATH", "HTTPS", "HSTS_PRELOAD"),
    *("SECURITY_CONTACT", "OPERATOR_CONTACT", "CHECK_DUE_DAYS", "CHECK_EXPIRES_DAYS"),
    *("STATIC_URL", "CONTENT_SECURITY_POLICY"),
)


@cache
def code() -> str:
    """Return a digest of all that pages are made with, as it was when first asked.

    A process goes on with the code that it was started with, whatever happens to the files.
    """
    digest = hashlib.sha256()
    digest.update(f"{platform.python_version()} {COMPRESSION}".encode())
    for name in SETTINGS:
        digest.update(f"{name}={getattr(settings, name)!r}\n".encode())
    for path in sorted(_files()):
        digest.update(f"{path.name}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    base = Path(settings.BASE_DIR)
    yield base / "requirements.txt"
    collected = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if collected.exists():
        yield collected
    for folder in FOLDERS:
        for path in (base / folder).rglob("*"):
            if path.is_file() and NOT_SHOWN.isdisjoint(path.relative_to(base).parts):
                yield path
