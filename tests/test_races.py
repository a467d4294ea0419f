"""Two people at once: whatever they do, every accepted save is a revision and exactly one is live.

200 races with real transactions of two connections. On SQLite one writes after the other; only
PostgreSQL lets both begin.
"""

import threading
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, connections
from django.test import Client

from content.models import Page, Revision
from content.publishing import workflow
from tests import factories
from tests.admin_support import Desk, address, form_path

ROUNDS = 50
"""Of each kind of race; there are four."""

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite lets only one transaction write at a time"
    ),
]


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Run jobs in threads that start together; returns what each returned or raised."""
    start = threading.Barrier(len(jobs))
    results: list[object] = [None] * len(jobs)

    def run(place: int) -> None:
        start.wait()
        try:
            results[place] = jobs[place]()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def history(key: str) -> list[Revision]:
    return list(Revision.objects.of("page", key, "en"))


def assert_sound(key: str) -> None:
    found = history(key)
    assert [r.number for r in found] == list(range(len(found), 0, -1))
    assert sum(r.is_live for r in found) == 1


@pytest.fixture
def lighthouse() -> Page:
    item = factories.page()
    factories.publish(item)
    return item


def save(desk: Desk, item: Page, title: str) -> Callable[[], int]:
    """Open the form now; returns the pressing of its button, which tells the status."""
    form = desk.edit(item)
    form["title_en"] = title
    data = {name: value for name, value in form.data.items() if value is not False}
    client, path = form.desk.client, form_path(item)
    return lambda: client.post(path, {**data, "_save": "1"}).status_code


def waits(item: Page, title: str) -> Revision:
    Page.objects.filter(pk=item.pk).update(title_en=title)
    item.refresh_from_db()
    return factories.waiting(item)


def press(client: Client, path: str, **data: str) -> Callable[[], int]:
    return lambda: client.post(path, data).status_code


def test_of_two_editors_one_saves_and_the_other_is_told(lighthouse):
    edith, emil = Desk(factories.editor()), Desk(factories.editor("Emil"))
    for n in range(ROUNDS):
        before = len(history("lighthouse"))
        jobs = [save(edith, lighthouse, f"Edith {n}"), save(emil, lighthouse, f"Emil {n}")]
        assert sorted(map(str, at_once(*jobs))) == ["200", "302"]
        assert len(history("lighthouse")) == before + 1
        lighthouse.refresh_from_db()
        assert history("lighthouse")[0].title == lighthouse.title_en
    assert_sound("lighthouse")


def test_of_two_approvers_one_approves(lighthouse):
    anna, otto = (Desk(factories.approver(name)) for name in ("Anna", "Otto"))
    for n in range(ROUNDS):
        revision = waits(lighthouse, f"Title {n}")
        path = address("approve", revision)
        told = at_once(press(anna.client, path), press(otto.client, path))
        assert sorted(map(str, told)) == ["200", "302"]
        revision.refresh_from_db()
        assert revision.is_live
        assert revision.approved_by == (anna, otto)[told.index(302)].user
    assert_sound("lighthouse")


def test_what_is_approved_is_what_was_read_while_another_is_saved(lighthouse):
    anna, emil = Desk(factories.approver()), Desk(factories.editor("Emil"))
    for n in range(ROUNDS):
        revision = waits(lighthouse, f"Read {n}")
        before = len(history("lighthouse"))
        jobs = press(anna.client, address("approve", revision)), save(emil, lighthouse, f"New {n}")
        approved, saved = at_once(*jobs)
        assert saved == 302
        assert len(history("lighthouse")) == before + 1
        assert history("lighthouse")[0].title == f"New {n}"
        revision.refresh_from_db()
        assert revision.is_live == (approved == 302)
        assert not history("lighthouse")[0].is_live
    assert_sound("lighthouse")


def test_restoring_while_approving_loses_neither(lighthouse):
    anna, edith = factories.approver(), factories.editor()
    first = history("lighthouse")[-1]
    for n in range(ROUNDS):
        revision = waits(lighthouse, f"Title {n}")
        before = len(history("lighthouse"))
        told = at_once(
            lambda revision=revision: workflow.approve(revision, anna),
            lambda: workflow.restore(first, edith),
        )
        assert not [t for t in told if isinstance(t, IntegrityError | PermissionDenied)]
        assert told[0] is None or isinstance(told[0], workflow.Refused)
        assert isinstance(told[1], Revision), told
        assert len(history("lighthouse")) == before + 1
        assert history("lighthouse")[0].title == first.title
    assert_sound("lighthouse")
