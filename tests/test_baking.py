"""`manage.py bake`: every public page as bytes, whole or not at all."""

import errno
import fcntl
import gzip
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import brotli
import pytest
from django.core.management import CommandError, call_command
from django.urls import path as route

from campaign import releases
from content.baking import addresses, folder, rendering
from content.baking.rendering import BakeError
from content.models import Page, Phrase, Revision
from content.publishing import frozen, live, workflow
from content.views import guidance
from tests.baking import FEW, baked, files, only
from tests.factories import approver, ireland, page, publish, translate

pytestmark = pytest.mark.django_db


@pytest.fixture
def few(monkeypatch):
    """A site of a few addresses."""
    only(monkeypatch)


def manifest(root):
    return json.loads((root / "current" / releases.MANIFEST).read_text())


def changed(item, **texts):
    """Write something new into a live item and release it."""
    for name, value in texts.items():
        setattr(item, name, value)
    item.save()
    return publish(item)


# --- Which addresses ----------------------------------------------------------------------------


def test_every_public_route_is_baked_in_every_language_or_says_why_not(settings):
    settings.SECURITY_CONTACT = "mailto:security@sayno.example"
    listed = addresses.paths(live.index())
    for pattern in addresses.routes():
        prefix = str(pattern.pattern).partition("<")[0]
        assert any(path.startswith(f"/{prefix}") for path in listed), pattern.name
    for path in ("/en/", "/ga/stop/", "/mt/report/ie/", "/lb/report/lu/adults/", "/robots.txt"):
        assert path in listed
    assert len(listed) == len(set(listed))


def test_what_has_no_page_is_not_listed():
    listed = addresses.paths(live.index())
    assert not {"/", "/exit/", "/en/home/", "/en/report/eu/", "/en/report/ww/"} & set(listed)
    assert "/sitemap-de.xml" not in listed  # not offered: there is nothing to list
    assert not [path for path in listed if path.startswith("/admin")]


def test_a_page_that_goes_live_is_listed():
    publish(page("lighthouse"))
    assert "/fr/lighthouse/" in addresses.paths(live.index())


def test_a_new_route_whose_arguments_are_unknown_is_refused(monkeypatch):
    strange = route("<slug:animal>/", guidance.home, name="animals")
    monkeypatch.setattr(addresses, "_below", lambda patterns: [strange])
    addresses._paths.cache_clear()
    with pytest.raises(addresses.NoRule, match="animals has an argument"):
        addresses.paths(live.index())


def test_every_link_of_a_page_leads_to_what_is_baked(site):
    listed = set(addresses.paths(site.index)) | {"/", "/exit/"}
    for path in site.paths("ar")[:25]:
        targets = {link.partition("#")[0] for link in site.page(path).links if link[0] == "/"}
        assert targets <= listed, path


# --- From a frozen moment -----------------------------------------------------------------------


def frozen_is_live(reader, paths):
    snapshot = frozen.freeze(date.today())
    for path in paths:
        with snapshot.recorded() as marks:
            answer = rendering.answer(path)
        assert marks or path == "/robots.txt" or path.endswith("schema.json"), path
        assert answer.body == reader.get(path).content, path


def test_a_page_from_the_snapshot_is_the_page_from_the_database(reader):
    translate(Page.objects.get(key="stop"), "de", "Stopp")
    frozen_is_live(reader, FEW)


@pytest.mark.slow
def test_every_page_from_the_snapshot_is_the_page_from_the_database(reader):
    frozen_is_live(reader, addresses.paths(live.index()))


def test_a_page_tells_what_it_has_read_also_what_is_not_there():
    snapshot = frozen.freeze(date.today())
    with snapshot.recorded() as marks:
        rendering.answer("/de/report/ie/")
    assert {"index", "country:IE@zxx", "country:IE@de", "phrase:*@de", "phrase:*@en"} <= marks
    assert not [mark for mark in marks if mark.startswith(("page:", "country:DE"))]


def test_a_page_that_asks_the_database_is_not_baked(monkeypatch):
    def asking(*args):
        Revision.objects.count()

    monkeypatch.setattr(guidance, "_show", asking)
    with (
        frozen.freeze(date.today()).recorded(),
        pytest.raises(BakeError, match="/en/stop/ asks the database"),
    ):
        rendering.answer("/en/stop/")


# --- A release ----------------------------------------------------------------------------------


def test_a_release_holds_each_page_plain_and_compressed(few, tmp_path, reader):
    baked(tmp_path)
    found = files(tmp_path)
    body = reader.get("/ar/stop/").content
    assert found["ar/stop/index.html"] == body
    assert brotli.decompress(found["ar/stop/index.html.br"]) == body
    assert gzip.decompress(found["ar/stop/index.html.gz"]) == body
    assert found["robots.txt"] == reader.get("/robots.txt").content


def test_the_manifest_has_the_digest_of_every_file(few, tmp_path):
    baked(tmp_path)
    said = manifest(tmp_path)
    listed = {
        page["file"] + releases.SUFFIXES.get(encoding, ""): digest
        for page in [*said["pages"].values(), *said["missing"].values()]
        for encoding, digest in page["digests"].items()
    }
    found = {name: hashlib.sha256(data).hexdigest() for name, data in files(tmp_path).items()}
    assert listed == found
    assert list(said["pages"]) == FEW


def test_nothing_is_baked_when_nothing_has_changed(few, tmp_path):
    first = baked(tmp_path)
    again = baked(tmp_path)
    assert (again.number, again.rendered) == (first.number, 0)
    assert baked(tmp_path, full=True).rendered == len(FEW)


def test_an_approval_bakes_only_what_it_touches(few, tmp_path):
    baked(tmp_path)
    before = {name: os.stat(tmp_path / "current" / name).st_ino for name in files(tmp_path)}
    translate(Page.objects.get(key="stop"), "ar", Page.objects.get(key="stop").title_ar)
    publish(Page.objects.get(key="stop"), "ar")
    done = baked(tmp_path)
    assert done.rendered == 2  # the page, and the start page that tells of it
    moved = {
        name
        for name, inode in before.items()
        if os.stat(tmp_path / "current" / name).st_ino != inode
    }
    assert {name.partition("index")[0] for name in moved} <= {"ar/stop/", "ar/"}
    assert moved >= {"ar/stop/index.html"}


def test_a_new_title_bakes_every_page_because_menus_show_it(few, tmp_path):
    baked(tmp_path)
    changed(Page.objects.get(key="stop"), title_en="Stop it now")
    assert baked(tmp_path).rendered == len(FEW)
    assert b"Stop it now" in files(tmp_path)["en/report/ie/index.html"]


def act_at_random(chance):
    """Approve or withdraw something, as staff do."""
    what = chance.choice(["words", "number", "page", "translation", "withdraw", "withdraw-country"])
    if what == "words":
        item, language = chance.choice(list(Phrase.objects.all())), chance.choice(["en", "ar"])
        setattr(item, f"words_{language}", f"I need help with this. {chance.random()}")
        item.save()
        publish(item, language)
    elif what == "number":
        helpline = ireland().contacts.first()
        helpline.organisation = f"Childline {chance.random()}"
        helpline.save()
        publish(ireland(), "zxx")
    elif what == "page":
        section = Page.objects.get(key=chance.choice(["stop", "now", "home"])).sections.first()
        section.body_en = f"<p>Take your time: {chance.random()}</p>"
        section.save()
        publish(section.page)
    elif what == "translation":
        item = Page.objects.get(key="stop")
        item.summary_ar = f"(ar) {chance.random()}"
        item.save()
        publish(item, "ar")
    else:
        kind, language = ("phrase", "ar") if what == "withdraw" else ("country", "zxx")
        found = Revision.objects.live().filter(kind=kind, language=language)
        if what == "withdraw-country":
            found = found.filter(key="WW")
        if revision := found.first():
            workflow.withdraw(revision, approver(), "not needed")


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_baked_step_by_step_is_what_a_full_bake_gives(few, tmp_path, seed):
    chance = random.Random(seed)
    done = baked(tmp_path / "steps")
    rendered = []
    for _ in range(5):
        for _ in range(chance.choice([1, 1, 3])):
            act_at_random(chance)
        done = baked(tmp_path / "steps", done.snapshot)
        rendered.append(done.rendered)
        baked(tmp_path / f"whole-{done.number}")
        assert files(tmp_path / "steps") == files(tmp_path / f"whole-{done.number}")
    assert any(0 < count < len(FEW) for count in rendered), rendered


# --- What can go wrong ---------------------------------------------------------------------------


def test_a_page_that_fails_leaves_the_release_as_it_was(few, tmp_path, monkeypatch):
    baked(tmp_path)
    before = files(tmp_path)

    def broken(*args):
        raise RuntimeError("planted")

    monkeypatch.setattr(guidance, "_show", broken)
    with pytest.raises(BakeError, match="answers 500 instead of 200"):
        baked(tmp_path, full=True)
    assert files(tmp_path) == before
    assert os.listdir(tmp_path / "releases") == ["1"]


def test_a_full_disk_leaves_the_release_as_it_was_and_says_what_to_do(
    few, tmp_path, monkeypatch, settings
):
    settings.BAKED_ROOT = str(tmp_path)
    baked(tmp_path)
    before, write = files(tmp_path), folder.write

    def full(target, file, bodies):
        if "report" in file:
            raise OSError(errno.ENOSPC, "No space left on device", file)
        write(target, file, bodies)

    monkeypatch.setattr(folder, "write", full)
    with pytest.raises(CommandError, match=r"The disk is full\. Make room, or set BAKED_ROOT"):
        call_command("bake", full=True, workers=1)
    assert files(tmp_path) == before
    assert os.listdir(tmp_path / "releases") == ["1"]


def test_too_little_space_is_told_before_anything_is_written(few, tmp_path, monkeypatch):
    little = type("Usage", (), {"free": 1_000_000})
    monkeypatch.setattr(shutil, "disk_usage", lambda path: little)
    with pytest.raises(BakeError, match=r"Not enough space in .* 1 MB are free"):
        baked(tmp_path)
    assert not (tmp_path / "current").exists()


def test_what_a_killed_bake_has_left_is_removed_by_the_next(few, tmp_path):
    baked(tmp_path)
    left = tmp_path / "releases" / f"{folder.UNFINISHED}2"
    (left / "en").mkdir(parents=True)
    (left / "en" / "index.html").write_text("half a page")
    baked(tmp_path, full=True)
    assert sorted(os.listdir(tmp_path / "releases")) == ["1", "2"]
    assert b"half a page" not in files(tmp_path)["en/index.html"]


def test_numbers_and_not_times_order_the_releases_and_three_are_kept(few, tmp_path):
    for _ in range(4):
        baked(tmp_path, full=True)
        os.utime(tmp_path / "releases" / str(releases.current_number(tmp_path)), (0, 0))
    assert releases.numbers(tmp_path) == [2, 3, 4]
    assert releases.current_number(tmp_path) == 4


def test_many_pages_fewer_are_refused_unless_they_are_meant(few, tmp_path, monkeypatch):
    baked(tmp_path)
    only(monkeypatch, FEW[:-2])
    with pytest.raises(BakeError, match=r"2 of 15 pages would disappear, such as .*--allow-fewer"):
        baked(tmp_path)
    assert releases.current_number(tmp_path) == 1
    baked(tmp_path, allow_fewer=True)
    assert "data/contacts.json" not in files(tmp_path)
    assert releases.current_number(tmp_path) == 2


def test_a_damaged_release_is_replaced(few, tmp_path):
    baked(tmp_path)
    (tmp_path / "current" / releases.MANIFEST).write_text("{")
    assert baked(tmp_path).rendered == len(FEW)
    assert releases.read(tmp_path / "current").number == 2


def test_of_two_bakes_one_waits(few, tmp_path):
    (tmp_path / "releases").mkdir()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "lock")], stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout.readline() == b"held\n"
        waited = []
        baked(tmp_path, waiting=lambda: waited.append(True))
        assert waited == [True]
        assert holder.wait(timeout=10) == 0
    finally:
        holder.kill()
        holder.stdout.close()
        holder.wait()


HOLD = """
import fcntl, sys, time
file = open(sys.argv[1], "w")
fcntl.lockf(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(1)
"""


def test_the_command_says_what_it_has_done(few, tmp_path, settings, capsys):
    settings.BAKED_ROOT = str(tmp_path)
    call_command("bake", workers=1)
    assert "Release 1: 15 of 15 pages baked in" in capsys.readouterr().out
    call_command("bake", workers=1)
    assert "Release 1 is up to date (15 pages)." in capsys.readouterr().out


def test_the_command_says_when_the_database_does_not_answer(few, tmp_path, settings, no_database):
    settings.BAKED_ROOT = str(tmp_path)
    with pytest.raises(CommandError, match="What is baked is served as before"):
        call_command("bake")


@pytest.mark.slow
def test_a_bake_that_is_killed_leaves_what_was_there_and_no_worker(tmp_path):
    root = Path(__file__).resolve().parent.parent
    environment = {
        **os.environ,
        "DEBUG": "1",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "BAKED_ROOT": str(tmp_path / "baked"),
    }
    manage = [sys.executable, "manage.py"]
    for command in ("migrate -v 0", "seed"):
        subprocess.run(
            [*manage, *command.split()], cwd=root, env=environment, check=True, capture_output=True
        )
    process = subprocess.Popen([*manage, "bake", "--workers", "2"], cwd=root, env=environment)
    begun = tmp_path / "baked" / "releases"
    while not list(begun.glob(f"{folder.UNFINISHED}1-*/bg")):
        assert process.poll() is None
    process.kill()
    process.wait()
    assert not (tmp_path / "baked" / "current").exists()
    lock = (tmp_path / "baked" / "lock").open("w")
    with lock:
        fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # nobody holds it any more
