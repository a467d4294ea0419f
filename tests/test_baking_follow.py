"""`manage.py bake --follow`: what is approved is baked, whatever happens to the database."""

import logging
from datetime import date, timedelta

import pytest

from campaign import releases
from content.baking import bake, folder, rendering
from content.baking.bake import Wish
from content.baking.follow import EVERY, LONGEST
from content.models import Page
from content.publishing import reviews, workflow
from tests.baking import FEW, baked, files, only
from tests.factories import approver
from tests.following import approve, down, fail, follower, page, ready, unfinished

__all__ = ["down", "follower"]

pytestmark = pytest.mark.django_db


def test_it_bakes_at_once(follower):
    assert releases.current_number(follower.root) == 1


def test_nothing_is_baked_while_nothing_happens(follower, django_assert_num_queries):
    with django_assert_num_queries(1):
        follower.look()
    assert releases.current_number(follower.root) == 1


def test_while_nothing_happens_a_page_of_each_kind_is_rendered_once(follower, monkeypatch):
    """The workers of the next bake begin with what these pages have read."""
    asked, answer = [], rendering.answer
    monkeypatch.setattr(rendering, "answer", lambda path: asked.append(path) or answer(path))
    for _ in range(2 * len(FEW)):
        follower.look()
    both = {path for path in FEW if path.startswith(("/en/", "/ar/"))}
    assert sorted(asked) == sorted(both - {"/ar/report/de/"})  # one country is enough
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


def test_a_review_is_baked_and_that_it_was_taken_back(follower, tmp_path_factory):
    revision = approve("Take your time.")
    follower.look()
    review = reviews.enter(revision, approver(), "youth", "", date(2026, 3, 5))
    follower.look()
    assert "checked by a youth panel on March 5, 2026." in page(follower)
    assert follower.done.rendered < len(FEW)
    whole = tmp_path_factory.mktemp("whole")
    baked(whole)
    assert files(follower.root) == files(whole)
    reviews.take_back(revision, approver(), review)
    follower.look()
    assert "youth panel" not in page(follower)


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
        rendered = follower.done.rendered
        while follower.done.left:
            follower.look()
            rendered += follower.done.rendered
    assert releases.current(follower.root).day == tomorrow.isoformat()
    assert rendered == len(FEW)


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


# --- What is done before it is needed -----------------------------------------------------------


@pytest.mark.parametrize("is_full", [False, True])
def test_it_is_made_ready_once_for_each_release_whoever_has_baked_it(
    follower, monkeypatch, is_full
):
    follower.look()
    bake.bake(follower.root, Wish(workers=1, full=True))
    links, link = [], folder.link

    def counted(before, after, pages):
        links.append(after)
        fail() if is_full else link(before, after, pages)

    monkeypatch.setattr(folder, "link", counted)
    for _ in range(3):
        follower.look()
    assert len(links) == 1
    assert [path.name for path in ready(follower)] == ([] if is_full else [f"{folder.READY}2"])
    assert unfinished(follower) == []


def test_the_next_release_has_its_folder_before_it_is_needed(follower, monkeypatch):
    follower.look()
    assert len(ready(follower)) == 1
    approve("Take your time.")
    linked = [0]
    link = folder.link

    def counted(before, after, pages):
        linked.append(len(pages))
        link(before, after, pages)

    with monkeypatch.context() as context:
        context.setattr(folder, "link", counted)
        follower.look()
    assert ready(follower) == []
    assert max(linked) <= 1  # a page that was rendered, and is the same
    by_parts = files(follower.root)
    bake.bake(follower.root, Wish(workers=1, full=True))
    assert by_parts == files(follower.root)


def test_a_page_that_is_gone_is_not_in_the_folder_made_ready(follower, monkeypatch):
    follower.look()
    only(monkeypatch, [path for path in FEW if path != "/ar/words/"])
    follower.wish = Wish(workers=1, in_parts=True, allow_fewer=True)
    approve("Take your time.")
    follower.look()
    assert "ar/words/index.html" not in files(follower.root)
    assert "ar/stop/index.html" in files(follower.root)


def test_a_full_disk_does_not_hinder_what_is_only_made_ready(follower, monkeypatch):
    with monkeypatch.context() as context:
        context.setattr(folder, "link", fail)
        follower.look()
    assert ready(follower) == []
    assert follower.troubles == set()
    approve("Take your time.")
    follower.look()
    assert "Take your time." in page(follower)


def test_a_folder_made_ready_for_another_release_is_not_taken(follower):
    follower.look()
    approve("Take your time.")
    bake.bake(follower.root, Wish(workers=1))
    bake.bake(follower.root, Wish(workers=1, full=True))
    follower.stamp = None
    approve("Breathe.")
    follower.look()
    assert "Breathe." in page(follower)
    follower.look()
    assert [path.name for path in ready(follower)] == [f"{folder.READY}{follower.done.number}"]
