"""`manage.py bake --follow` where more is approved than can be baked at once: what differs now goes
first, what is left steps aside, and all is baked in the end."""

from dataclasses import replace
from itertools import chain, count

import pytest
from django.db import connection

from campaign import languages
from content.baking import addresses, bake, folder, order
from content.baking.bake import Wish
from content.baking.follow import EVERY
from content.models import Country, Page
from content.publishing import frozen
from tests.baking import FEW, files, only
from tests.factories import publish
from tests.following import approve, down, fail, follower, inodes, page, ready, unfinished

__all__ = ["down", "follower"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(monkeypatch):
    """Two pages are baked at first, and three at a time after that."""
    monkeypatch.setattr(order, "SOON", 2)
    monkeypatch.setattr(order, "CHUNK", 3)


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


def test_a_correction_is_out_in_the_countrys_languages_then_in_others_then_in_lists(
    follower, monkeypatch
):
    item = Page.objects.get(key="stop")
    item.title_en = "Another title"
    item.save()
    monkeypatch.setattr(order, "SOON", 1)
    publish(item)  # every page shows it in a menu: more is left than is baked at once
    follower.look()
    assert follower.done.left > 5
    country = Country.objects.get(code="IE")
    contact = country.contacts.filter(kind="helpline").exclude(phone="").first()
    contact.phone = "1800 555 777"
    contact.save()
    publish(country, languages.NEUTRAL)
    out = []
    while follower.done.left:
        follower.look()
        found = files(follower.root)
        out.append({name for name, data in found.items() if b"1800555777" in data})
    in_english = {"en/report/ie/index.html", "en/embed/ie/index.html"}
    assert out[0] == in_english
    assert out[1] == in_english | {"ar/report/ie/index.html"}
    assert "en/now/index.html" in out[-1]


@pytest.fixture
def left(follower, monkeypatch):
    """Two pages of an approval are baked, and all others are left, to be baked one by one."""
    monkeypatch.setattr(order, "SOON", 2)
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
    overtake(monkeypatch, after=4)
    with monkeypatch.context() as context:
        context.setattr(folder, "put_back", fail)
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
    monkeypatch.setattr(order, "SOON", 1)
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
    monkeypatch.setattr(order, "SOON", 2)
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
