"""A file from translators between its plan and its confirmation.

It lies in the cache that all workers share, one for each person, for an hour: another upload takes
its place, and confirming or dropping it removes it, so that nothing is left over.
"""

import hashlib
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.cache import cache

if TYPE_CHECKING:
    from django.contrib.auth.models import User

AN_HOUR = 60 * 60


@dataclass(frozen=True)
class Upload:
    """A file as it was sent."""

    language: str
    name: str
    data: bytes

    @property
    def digest(self) -> str:
        """Differs from that of any other file: what was shown is what is confirmed."""
        return hashlib.sha256(self.data).hexdigest()


def keep(user: "User", upload: Upload) -> None:
    """Keep a file for this person, in place of another one."""
    kept = (upload.language, upload.name, zlib.compress(upload.data))
    cache.set(_place(user), kept, timeout=AN_HOUR)


def find(user: "User", language: str) -> Upload | None:
    """Return the person's file in this language; None when there is none, or its hour is over."""
    kept = cache.get(_place(user))
    if kept is None or kept[0] != language:
        return None
    return Upload(kept[0], kept[1], zlib.decompress(kept[2]))


def drop(user: "User") -> None:
    """Forget the person's file."""
    cache.delete(_place(user))


def _place(user: "User") -> str:
    return f"content.admin.uploads.{user.pk}"
