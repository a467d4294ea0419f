"""`manage.py bake --follow`: what is approved is baked, whatever happens to the database."""

import logging
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, count

import pytest
from django.db import OperationalError, connection

from campaign import languages, releases
from content.baking import addresses, bake, folder, rendering
from content.baking.bake import Wish
from content.baking.follow import EVERY, LONGEST, Follower
from content.models import Country, Page
from content.publishing import frozen, reviews, workflow
from tests.baking import FEW, baked, files, only
from tests.factories import approver, publish

pytestmark = pytest.mark.django_db


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


# --- More than can be baked at once -------------------------------------------------------------


@pytest.fixture
def small(monkeypatch):
    """Two pages are baked at first, and three at a time after that."""
    monkeypatch.setattr(bake, "SOON", 2)
    monkeypatch.setattr(bake, "CHUNK", 3)


@pytest.mark.usefixtures("small")
def test_what_is_read_first_is_baked_first_and_the_rest_follows(follower, monkeypatch):
    approve("Take your time.")
    follower.look()
    assert (follower.done.rendered, follower.pause) == (2, 0)
    assert follower.done.left > 0
    assert "Take your time." in page(follower)
    looks = 0
    while follower.done.left:
        follower.look()
        looks += 1
        assert looks < len(FEW)
    assert follower.pause == EVERY
    by_parts = files(follower.root)
    bake.bake(follower.root, Wish(workers=1, full=True))
    assert by_parts == files(follower.root)


@pytest.mark.usefixtures("small")
def test_what_is_approved_while_more_is_left_goes_first(follower):
    item = Page.objects.get(key="stop")
    item.title_en = "Another title"
    item.save()
    publish(item)  # every page shows it in a menu
    follower.look()
    assert follower.done.left > 5
    section = Page.objects.get(key="words").sections.create(key="new", position=99)
    section.heading_en, section.body_en = "New", "<p>Another word.</p>"
    section.save()
    publish(section.page)
    follower.look()
    assert "Another word." in files(follower.root)["ar/words/index.html"].decode()


def test_the_pages_of_a_country_come_before_those_that_show_all(follower, monkeypatch):
    monkeypatch.setattr(bake, "SOON", 3)
    country = Country.objects.get(code="IE")
    contact = country.contacts.filter(kind="helpline").exclude(phone="").first()
    contact.phone = "1800 555 777"
    contact.save()
    publish(country, languages.NEUTRAL)
    follower.look()
    assert follower.done.left > 1
    found = files(follower.root)
    for code in ("en", "ar"):
        assert "1800555777" in found[f"{code}/report/ie/index.html"].decode()
    assert "1800555777" not in found["en/now/index.html"].decode()


@pytest.fixture
def left(follower, monkeypatch):
    """Two pages of an approval are baked, and all others are left, to be baked one by one."""
    monkeypatch.setattr(bake, "SOON", 2)
    monkeypatch.setattr("content.baking.workers.FEW", 0)
    monkeypatch.setattr("content.baking.workers.CHUNK", 1)
    item = Page.objects.get(key="stop")
    item.title_en = "Another title"
    item.save()
    publish(item)  # every page shows it in a menu
    follower.look()
    assert follower.done.rendered == 2  # pages, and not those that say that there is none
    return follower.done.left


def overtake(monkeypatch, after=1):
    """Let something else be approved all the time after so many questions; `look` asks first."""
    stamps = chain([frozen.stamp()] * after, count())
    monkeypatch.setattr("content.baking.follow.EVERY", 0)  # it asks after each page
    monkeypatch.setattr(frozen, "stamp", lambda: next(stamps))


def finish(follower, monkeypatch):
    """Bake all that is left without trouble, and see that it is what a whole bake gives."""
    monkeypatch.undo()
    only(monkeypatch)
    while follower.done.left:
        follower.look()
        assert follower.troubles == set()
    by_parts = files(follower.root)
    bake.bake(follower.root, Wish(workers=1, full=True))
    assert by_parts == files(follower.root)


def inodes(place):
    """The very files of a folder, but for what a release says of itself."""
    own = {releases.MANIFEST, releases.DIFFERENCE, folder.DEPENDENCIES}
    return {
        str(path.relative_to(place)): path.stat().st_ino
        for path in place.rglob("*")
        if path.is_file() and path.name not in own
    }


@pytest.mark.parametrize("after", [1, 4])
@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_approved_while_the_rest_is_baked_does_not_wait_for_it(
    follower, left, monkeypatch, workers, after
):
    """What is left is given up; the folder for the next release is as ready as it was."""
    if workers > 1 and connection.vendor == "postgresql":
        pytest.skip("Connections are closed before workers start, and with them the test's own")
    before = files(follower.root)
    follower.wish = replace(follower.wish, workers=workers)
    overtake(monkeypatch, after)
    follower.look()
    assert (follower.done.rendered, follower.done.left, follower.pause) == (0, left, 0)
    assert files(follower.root) == before
    assert [path.name for path in ready(follower)] == [f"{folder.READY}{follower.done.number}"]
    assert inodes(ready(follower)[0]) == inodes((follower.root / "current").resolve())
    finish(follower, monkeypatch)


def test_pages_that_were_gone_are_put_back_too(follower, left, monkeypatch):
    monkeypatch.setattr(addresses, "paths", lambda index: [p for p in FEW if p != "/ar/report/de/"])
    follower.wish = replace(follower.wish, allow_fewer=True)
    overtake(monkeypatch, after=4)
    follower.look()
    assert follower.done.is_given_up
    assert inodes(ready(follower)[0]) == inodes((follower.root / "current").resolve())


def test_where_nothing_can_be_put_back_the_next_bake_does_without(follower, left, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    overtake(monkeypatch, after=4)
    with monkeypatch.context() as context:
        context.setattr(folder, "put_back", full)
        follower.look()
    assert follower.done.is_given_up
    assert (ready(follower), unfinished(follower), follower.troubles) == ([], [], set())
    finish(follower, monkeypatch)


def say(word):
    """Have something approved on one page of those that are left: "words", which Arabic shows."""
    section = Page.objects.get(key="words").sections.first()
    section.body_en = f"<p>{word}</p>"
    section.save()
    publish(section.page)


def test_a_correction_of_a_page_that_was_left_does_not_step_aside(follower, left, monkeypatch):
    say("Another word.")
    overtake(monkeypatch)
    follower.look()
    assert "Another word." in files(follower.root)["ar/words/index.html"].decode()
    finish(follower, monkeypatch)


def test_what_is_left_is_done_though_something_is_approved_all_the_time(
    follower, left, monkeypatch
):
    monkeypatch.setattr(bake, "SOON", 1)
    overtake(monkeypatch, after=0)
    for number in range(2 * left):
        say(f"Word {number}.")
        follower.look()
        follower.look()  # of what is left: overtaken after its first page
        if follower.done.left <= 1:
            break
    else:
        pytest.fail(f"{follower.done.left} of {left} pages are still left.")


def test_what_is_left_is_not_given_up_twice_but_cut_short(follower, left, monkeypatch):
    overtake(monkeypatch)
    follower.look()
    assert follower.done.is_given_up
    follower.look()
    assert 1 <= follower.done.rendered < left
    assert 0 < follower.done.left < left
    finish(follower, monkeypatch)


def test_what_is_approved_after_the_rest_was_given_up_is_baked_at_once(follower, left, monkeypatch):
    overtake(monkeypatch, after=4)
    follower.look()
    assert follower.done.is_given_up
    monkeypatch.undo()
    only(monkeypatch)
    monkeypatch.setattr(bake, "SOON", 2)
    linked, link = [0], folder.link

    def counted(before, after, pages):
        linked.append(len(pages))
        link(before, after, pages)

    monkeypatch.setattr(folder, "link", counted)
    approve("Take your time.")
    follower.look()
    assert "Take your time." in page(follower)
    assert max(linked) <= 1  # a page that was rendered, and is the same
    finish(follower, monkeypatch)


@pytest.mark.usefixtures("small")
def test_a_new_page_is_never_left_for_later(follower, monkeypatch):
    only(monkeypatch, [*FEW, "/en/friend/", "/ar/friend/", "/en/parents/", "/ar/parents/"])
    item = Page.objects.get(key="stop")
    item.title_en = "Another title"
    item.save()
    publish(item)
    follower.look()
    assert {"en/friend/index.html", "ar/parents/index.html"} <= files(follower.root).keys()
    assert follower.done.left > 0


@pytest.mark.usefixtures("small")
def test_no_new_page_is_left_in_languages_that_are_not_offered(follower, monkeypatch):
    """Each language has a page for what is not there; these do not count as new."""
    codes = ("en", "de", "ga")
    monkeypatch.setattr(addresses, "nowhere", lambda: {code: f"/{code}/-/" for code in codes})
    bake.bake(follower.root, Wish(workers=1, full=True))
    new = [f"/{code}/friend/" for code in codes]
    monkeypatch.setattr(addresses, "paths", lambda index: [*FEW, *new])
    approve("Take your time.")
    follower.look()
    assert follower.troubles == set()
    assert {f"{path[1:]}index.html" for path in new} <= files(follower.root).keys()


def fail(*arguments):
    raise OSError(28, "No space left on device")


def test_while_something_is_left_no_failure_is_tried_again_without_a_pause(
    follower, left, down, monkeypatch
):
    pauses = []
    with monkeypatch.context() as context:
        context.setattr(folder, "begin", fail)
        for _ in range(3):
            follower.look()
            pauses.append(follower.pause)
    assert follower.done.left == left
    with down():
        follower.look()
    assert [*pauses, follower.pause] == [2 * EVERY, 4 * EVERY, 8 * EVERY, 16 * EVERY]
    finish(follower, monkeypatch)


@pytest.mark.usefixtures("small")
def test_a_bake_by_hand_does_all_that_is_left(follower):
    approve("Take your time.")
    follower.look()
    assert follower.done.left
    done = bake.bake(follower.root, Wish(workers=1))
    assert (done.rendered, done.left) == (follower.done.left, 0)


@pytest.mark.usefixtures("small")
def test_what_is_left_is_baked_without_a_database_too(follower, down):
    approve("Take your time.")
    follower.look()
    assert follower.done.left
    with down():
        for _ in FEW:
            follower.look()
    assert follower.done.left == 0


# --- What is done before it is needed -----------------------------------------------------------


def ready(follower):
    return list((follower.root / "releases").glob(f"{folder.READY}*"))


def unfinished(follower):
    return list((follower.root / "releases").glob(f"{folder.UNFINISHED}*"))


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
    def full(*arguments):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as context:
        context.setattr(folder, "link", full)
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
