"""Backups: all of it, as of one moment, back into an empty database, and never a damaged one."""

import json
import os
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from content import backups
from content.models import Page, Revision
from content.publishing import workflow
from tests.factories import editor, page, publish

ROOT = Path(settings.BASE_DIR)
PATHS = ("/en/", "/ar/stop/", "/en/facts/", "/fr/report/be/", "/en/changes/", "/data/contacts.json")

# Runs in a process of its own, with a database of its own.
SHOW = """
import django, json, sys
django.setup()
from django.test import Client
reader = Client(SERVER_NAME="localhost")
print(json.dumps({path: reader.get(path).content.decode() for path in sys.argv[1:]}))
"""


@pytest.fixture
def backup(tmp_path, db):
    """A backup of the seeded site with something of staff's in it."""
    item = page()
    publish(item)
    item.title_en = "A draft that nobody has approved"
    item.save()
    workflow.save_draft(item, "en", editor())
    path = tmp_path / "backup.zip"
    backups.write(path)
    return path


@pytest.fixture
def other_database(tmp_path, db):
    """The address of an empty database of the kind that the tests run on."""
    if connection.vendor != "postgresql":
        yield f"sqlite:///{tmp_path / 'elsewhere.sqlite3'}"
        return
    known = connection.settings_dict
    name = f"{known['NAME']}_elsewhere"
    where = f"{known['HOST']}:{known['PORT'] or 5432}"
    server = connection.Database.connect(
        **connection.get_connection_params() | {"dbname": "postgres"}
    )
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
        yield f"postgres://{known['USER']}:{known['PASSWORD']}@{where}/{name}"
        cursor.execute(f'DROP DATABASE "{name}"')
    server.close()


@pytest.fixture
def elsewhere(other_database):
    """Run manage.py, or a piece of Python, on another, empty database."""
    database = other_database
    environment = {**os.environ, "DATABASE_URL": database, "DEBUG": "1"}
    environment["DJANGO_SETTINGS_MODULE"] = "campaign.settings"

    def run(*arguments):
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    done = run("manage.py", "migrate", "-v", "0")
    assert done.returncode == 0, done.stderr
    return run


def test_everything_comes_back_and_the_pages_are_the_same(backup, elsewhere, tmp_path, reader):
    done = elsewhere("manage.py", "restore", str(backup))
    assert done.returncode == 0, done.stderr
    shown = elsewhere("-c", SHOW, *PATHS, "/en/lighthouse/")
    assert shown.returncode == 0, shown.stderr
    pages = json.loads(shown.stdout)
    for path, restored in pages.items():
        answer = reader.get(path)
        assert answer.status_code == 200, path
        assert answer.content.decode() == restored, path
    again = tmp_path / "again.zip"
    assert elsewhere("manage.py", "backup", str(again)).returncode == 0
    assert backups.check(again).parts == backups.check(backup).parts


def test_a_restored_site_goes_on_counting(backup, elsewhere):
    assert elsewhere("manage.py", "restore", str(backup)).returncode == 0
    made = elsewhere(
        "-c",
        "import django; django.setup()\n"
        "from content.models import Page\n"
        "before = set(Page.objects.values_list('pk', flat=True))\n"
        "one = Page.objects.create(key='new', audience='young', position=99, title_en='New')\n"
        "assert one.pk not in before and one.pk > max(before)",
    )
    assert made.returncode == 0, made.stderr


def test_a_backup_has_drafts_and_staff_but_no_session(backup):
    labels = {part.model: part.rows for part in backups.check(backup).parts}
    assert labels["content.revision"] == Revision.objects.count()
    assert labels["auth.user"] == 2
    assert "sessions.session" not in labels
    with zipfile.ZipFile(backup) as archive:
        assert "A draft that nobody has approved" in archive.read("content.revision.jsonl").decode()


def test_moments_are_kept_to_the_microsecond(backup):
    revision = Revision.objects.filter(approved_at__isnull=False).latest("pk")
    assert revision.approved_at.microsecond % 1000, "take another revision"
    with zipfile.ZipFile(backup) as archive:
        assert revision.approved_at.isoformat() in archive.read("content.revision.jsonl").decode()


def test_only_its_owner_may_read_it(backup):
    assert backup.stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db
def test_a_database_in_use_is_left_alone(backup):
    before = Revision.objects.count()
    with pytest.raises(CommandError, match="The database is not empty"):
        call_command("restore", str(backup))
    assert Revision.objects.count() == before


def test_no_backup_is_replaced(backup):
    before = backup.read_bytes()
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", str(backup))
    assert backup.read_bytes() == before


def changed(path, name, change):
    """Write the archive again with one of its files changed."""
    with zipfile.ZipFile(path) as archive:
        files = {entry: archive.read(entry) for entry in archive.namelist()}
    files[name] = change(files[name])
    with zipfile.ZipFile(path, "w") as archive:
        for entry, content in files.items():
            if content is not None:
                archive.writestr(entry, content)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-100]), "damaged or no backup"),
        (lambda path: path.write_bytes(b""), "damaged or no backup"),
        (lambda path: path.write_text("not a backup"), "damaged or no backup"),
        (
            lambda path: changed(
                path, "content.country.jsonl", lambda t: t.replace(b'"112"', b'"113"')
            ),
            "content.country is not as it was written",
        ),
        (lambda path: changed(path, "content.page.jsonl", lambda _: None), "damaged or no backup"),
        (
            lambda path: changed(
                path, "manifest.json", lambda t: t.replace(b'"format": 1', b'"format": 9')
            ),
            "has format 9",
        ),
        (
            lambda path: changed(
                path, "manifest.json", lambda t: t.replace(b'"content": "0', b'"content": "9')
            ),
            "another version of the site",
        ),
        (lambda path: path.unlink(), "is not there"),
    ],
    ids=["cut", "empty", "text", "number", "missing", "format", "version", "gone"],
)
def test_what_is_damaged_is_refused(backup, damage, says):
    damage(backup)
    with pytest.raises(CommandError, match=says):
        call_command("restore", str(backup), check=True)


def test_a_flipped_bit_is_refused_or_changes_nothing(backup):
    """In the names and times that ZIP keeps twice a bit may go unseen, but never in the rows."""
    whole, manifest, refused = bytearray(backup.read_bytes()), backups.check(backup), 0
    for place in range(60, len(whole), len(whole) // 60):
        damaged = bytearray(whole)
        damaged[place] ^= 0x10
        backup.write_bytes(damaged)
        try:
            assert backups.check(backup) == manifest
        except backups.BackupError:
            refused += 1
    assert refused > 50


def test_a_full_disk_leaves_nothing_behind(tmp_path, db, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CommandError, match="No space left on device"):
        call_command("backup", str(tmp_path / "backup.zip"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.usefixtures("campaign_afterwards")
@pytest.mark.slow
def test_it_is_of_one_moment_while_people_publish(tmp_path):
    """Two items are always changed together; a backup never has the one without the other."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer, which waits")
    first, second = page("first"), page("second")
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            with transaction.atomic():
                for item in (first, second):
                    Page.objects.filter(pk=item.pk).update(summary_en=f"round {number}")
        connections.close_all()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(20):
            path = tmp_path / f"{number}.zip"
            backups.write(path)
            with zipfile.ZipFile(path) as archive:
                rows = [json.loads(x) for x in archive.read("content.page.jsonl").splitlines()]
            found = {
                row["fields"]["summary_en"] for row in rows if row["pk"] in {first.pk, second.pk}
            }
            assert len(found) == 1, found
    finally:
        stop.set()
        thread.join()
