"""Backups: everything that cannot be made again, in one file that proves itself.

A backup is a ZIP archive: `manifest.json`, and one file of JSON lines for each model, written by
Django's serializers. The manifest has the SHA-256 of each of them. What the code brings along
(permissions, content types) and what passes (sessions) is left out.
"""

import hashlib
import io
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from django.apps import AppConfig, apps
from django.contrib.auth.models import User
from django.core import serializers
from django.core.management.color import no_style
from django.core.serializers.base import DeserializationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import translation

from campaign import languages
from content.models import Country, Page, Revision

FORMAT = 1
MANIFEST = "manifest.json"
LEFT_OUT = {"contenttypes.contenttype", "auth.permission", "sessions.session"}
"""Made by `migrate`, or worth nothing on another day."""

IN_USE = (Revision, Page, Country, User)
"""A database that has any of these is in use."""

MOMENT = (2000, 1, 1, 0, 0, 0)
"""The time of every file in the archive: the same data give the same bytes."""

Model = type[models.Model]


class Exact(DjangoJSONEncoder):
    """Writes moments to the microsecond; Django's encoder cuts them to milliseconds."""

    def default(self, o: Any) -> Any:
        """Return a moment in ISO 8601, everything else as Django does."""
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


class BackupError(Exception):
    """A backup that cannot be made or used. The message says what to do."""


@dataclass(frozen=True)
class Part:
    """One model's rows in the archive."""

    model: str
    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds, and of which state of the code."""

    format: int
    created: str
    """When the backup was made, ISO 8601 in UTC."""
    migrations: dict[str, str]
    """The last migration of each app: a backup goes back into the same structure only."""
    parts: list[Part]

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(part.rows for part in self.parts)


def write(path: Path) -> Manifest:
    """Write a backup and return what it holds.

    Consistent while people publish: all is read in one transaction, as of one moment. The file
    appears under its name only once it is whole, readable for its owner alone. Raises BackupError
    when the file is there already or cannot be written.
    """
    if path.exists():
        raise BackupError(f"{path} is there already. Choose another name: no backup is replaced.")
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as f:
            manifest = _write_archive(f)
            f.flush()
            os.fsync(f.fileno())
        unfinished.rename(path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise BackupError(f"{path} could not be written: {error.strerror}.") from error
    return manifest


def check(path: Path) -> Manifest:
    """Return what a backup holds, after reading all of it.

    Raises BackupError when it is no backup, is damaged, or is of another structure of the data.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive)
            for part in manifest.parts:
                digest = hashlib.sha256()
                with archive.open(_name(part.model)) as file:
                    while block := file.read(1 << 20):
                        digest.update(block)
                if digest.hexdigest() != part.sha256:
                    raise BackupError(f"{path} is damaged: {part.model} is not as it was written.")
    except FileNotFoundError:
        raise BackupError(f"{path} is not there.") from None
    except (OSError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError) as error:
        raise BackupError(f"{path} is damaged or no backup: {error}. Take another one.") from error
    if manifest.format != FORMAT:
        raise BackupError(f"{path} has format {manifest.format}; this code reads {FORMAT}.")
    if manifest.migrations != _migrations():
        raise BackupError(
            f"{path} is of another version of the site. Install the version that made it, migrate "
            "an empty database, restore, and update then."
        )
    return manifest


def restore(path: Path) -> Manifest:
    """Put a backup into the empty, migrated database and return what it held.

    All or nothing, and proven: what is in the database afterwards is read again and must be, byte
    for byte, what the backup holds. Raises BackupError when the backup cannot be used, when the
    database is not empty, or when a row does not fit.
    """
    manifest = check(path)
    if taken := [model for model in _models() if model in IN_USE and model.objects.exists()]:
        name = taken[0]._meta.verbose_name_plural
        raise BackupError(
            f"The database is not empty, it has {name}. A backup replaces nothing: make a new "
            "database, run migrate, and restore into that."
        )
    try:
        with translation.override(languages.SOURCE), transaction.atomic():
            with zipfile.ZipFile(path) as archive, connection.constraint_checks_disabled():
                for model in _models():
                    model._base_manager.all().delete()  # what migrations made
                for part in manifest.parts:
                    _load(archive, part)
            connection.check_constraints()
            _reset_sequences()
            for part in manifest.parts:
                _compare(part)
    except (DatabaseError, DeserializationError) as error:
        raise BackupError(f"{path} does not fit into this database: {error}") from error
    return manifest


def _write_archive(file: IO[bytes]) -> Manifest:
    parts = []
    with (
        translation.override(languages.SOURCE),
        _one_moment(),
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for model in _models():
            digest, rows = hashlib.sha256(), 0
            label = model._meta.label_lower
            with archive.open(_entry(_name(label)), "w") as part:
                for line in _lines(model):
                    part.write(line)
                    digest.update(line)
                    rows += 1
            parts.append(Part(label, rows, digest.hexdigest()))
        now = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = Manifest(FORMAT, now, _migrations(), parts)
        archive.writestr(_entry(MANIFEST), json.dumps(asdict(manifest), indent=1))
    return manifest


@contextmanager
def _one_moment() -> Iterator[None]:
    """All that is read inside is of one moment. Inside a transaction, of that transaction's."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _models() -> list[Model]:
    """Return the models whose rows are kept; those that others point to come first."""
    kept = [
        model
        for model in apps.get_models(include_auto_created=False)
        if model._meta.managed and model._meta.label_lower not in LEFT_OUT
    ]
    by_app = [(config, [m for m in kept if m._meta.app_config is config]) for config in _apps(kept)]
    return serializers.sort_dependencies(by_app)


def _apps(kept: list[Model]) -> list[AppConfig]:
    return list(dict.fromkeys(apps.get_app_config(model._meta.app_label) for model in kept))


def _lines(model: Model) -> Iterator[bytes]:
    rows = model._base_manager.order_by("pk").iterator(chunk_size=500)
    for row in rows:
        text: str = serializers.serialize(
            "jsonl", [row], use_natural_foreign_keys=True, cls=Exact, sort_keys=True
        )
        yield text.encode()


def _load(archive: zipfile.ZipFile, part: Part) -> None:
    with archive.open(_name(part.model)) as file:
        for row in serializers.deserialize("jsonl", io.TextIOWrapper(file, "utf-8")):
            row.save()


def _compare(part: Part) -> None:
    digest = hashlib.sha256()
    for line in _lines(apps.get_model(part.model)):
        digest.update(line)
    if digest.hexdigest() != part.sha256:
        raise BackupError(
            f"{part.model} in the database is not what the backup holds. Nothing was written."
        )


def _reset_sequences() -> None:
    """New rows are numbered after the restored ones."""
    fields = [field for model in _models() for field in model._meta.many_to_many]
    between = [table for field in fields if (table := field.remote_field.through)]
    statements = connection.ops.sequence_reset_sql(no_style(), [*_models(), *between])
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _migrations() -> dict[str, str]:
    applied = MigrationRecorder(connection).applied_migrations()
    last: dict[str, str] = {}
    for app, name in sorted(applied):
        last[app] = name
    return last


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    values = json.loads(archive.read(MANIFEST))
    return Manifest(**{**values, "parts": [Part(**part) for part in values["parts"]]})


def _name(label: str) -> str:
    return f"{label}.jsonl"


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, MOMENT)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
