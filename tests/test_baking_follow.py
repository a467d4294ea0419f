"""`manage.py bake --follow`: what is approved is baked, whatever happens to the database."""

import logging
from datetime import date, timedelta

import pytest
from django.db import OperationalError, connection

from campaign import releases
from content.baking import bake
from content.baking.bake import Wish
from content.baking.follow import EVERY, LONGEST, Follower
from content.models import Page
from content.publishing import workflow
from tests.baking import FEW, files, only
from tests.factories import approver, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def follower(monkeypatch, tmp_path):
    """A follower that has looked once; looking again bakes in this process."""
    only(monkeypatch)
    found = Follower(tmp_path, Wish(workers=1))
    found.look()
    return found


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


def test_it_bakes_at_once(follower):
    assert releases.current_number(follower.root) == 1


def test_nothing_is_baked_while_nothing_happens(follower, django_assert_num_queries):
    with django_assert_num_queries(1):
        follower.look()
    assert releases.current_number(follower.root) == 1


def test_what_is_approved_is_baked_and_what_is_withdrawn_is_gone(follower):
    revision = approve("Take your time.")
    follower.look()
    assert "Take your time." in page(follower)
    assert follower.done.rendered < len(FEW)
    workflow.withdraw(revision, approver(), "a mistake")
    follower.wish = Wish(workers=1, allow_fewer=True)
    with pytest.MonkeyPatch.context() as patch:
        only(patch, [path for path in FEW if "stop" not in path and "sitemap" not in path])
        follower.look()
    assert "en/stop/index.html" not in files(follower.root)


def test_a_draft_changes_nothing(follower, django_assert_num_queries):
    workflow.save_draft(Page.objects.get(key="stop"), "en", None)
    with django_assert_num_queries(1):
        follower.look()


def test_a_new_day_is_baked(follower, monkeypatch):
    tomorrow = date.fromisoformat(follower.done.day) + timedelta(days=1)
    monkeypatch.setattr(bake, "today", lambda: tomorrow)
    follower.look()
    assert releases.current(follower.root).day == tomorrow.isoformat()


def test_a_database_that_is_down_is_told_once_and_asked_less_often(follower, down, caplog):
    before = files(follower.root)
    with caplog.at_level(logging.INFO, "campaign.bake"), down():
        for _ in range(10):
            follower.look()
    told = [record.getMessage() for record in caplog.records if record.name == "campaign.bake"]
    assert told == ["The database does not answer (OperationalError). What is baked is served on."]
    assert follower.pause == LONGEST
    assert files(follower.root) == before


def test_what_was_approved_meanwhile_is_baked_once_the_database_is_back(follower, down, caplog):
    with down():
        follower.look()
    approve("We are back.")
    with caplog.at_level(logging.INFO, "campaign.bake"):
        follower.look()
    assert "We are back." in page(follower)
    assert follower.pause == EVERY
    assert "All is well again" in caplog.text


def test_a_new_day_comes_without_a_database_too(follower, down, monkeypatch):
    tomorrow = date.fromisoformat(follower.done.day) + timedelta(days=1)
    monkeypatch.setattr(bake, "today", lambda: tomorrow)
    with down():
        follower.look()
    assert releases.current(follower.root).day == tomorrow.isoformat()
    assert follower.done.rendered == len(FEW)


def test_a_bake_that_fails_is_told_once_and_tried_again(follower, caplog, monkeypatch):
    approve("Take your time.")
    with monkeypatch.context() as patch:
        only(patch, FEW[:3])
        follower.look()
        follower.look()
    told = [record for record in caplog.records if "pages would disappear" in record.getMessage()]
    assert len(told) == 1
    assert releases.current_number(follower.root) == 1
    follower.look()
    assert "Take your time." in page(follower)
