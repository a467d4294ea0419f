"""A follower of what is live, for tests, and what stands in its folder."""

import pytest
from django.db import OperationalError, connection

from campaign import releases
from content.baking import folder
from content.baking.bake import Wish
from content.baking.follow import Follower
from content.models import Page
from tests.baking import files, only
from tests.factories import publish


@pytest.fixture
def follower(monkeypatch, tmp_path):
    """A follower that has looked once; looking again bakes in this process."""
    only(monkeypatch)
    found = Follower(tmp_path, Wish(workers=1))
    found.look()
    yield found
    if found.removing:
        found.removing.wait()


@pytest.fixture
def down(monkeypatch):
    """The database stops answering; the connection of the test stays."""
    monkeypatch.setattr(connection, "close", lambda: None)

    def refuse(*args):
        raise OperationalError("the database is down")

    return lambda: connection.execute_wrapper(refuse)


def approve(text):
    section = Page.objects.get(key="stop").sections.first()
    section.body_en = f"<p>{text}</p>"
    section.save()
    return publish(section.page)


def page(follower):
    return files(follower.root)["en/stop/index.html"].decode()


def ready(follower):
    return list((follower.root / "releases").glob(f"{folder.READY}*"))


def unfinished(follower):
    return list((follower.root / "releases").glob(f"{folder.UNFINISHED}*"))


def inodes(place):
    """The very files of a folder, but for what a release says of itself."""
    own = {releases.MANIFEST, releases.DIFFERENCE, folder.DEPENDENCIES}
    return {
        str(path.relative_to(place)): path.stat().st_ino
        for path in place.rglob("*")
        if path.is_file() and path.name not in own
    }


def fail(*arguments):
    raise OSError(28, "No space left on device")
