"""Two people at once: whatever they do, every accepted save is a revision and exactly one is live.

Races with real transactions of two connections: 50 of each of the four that happen most, and some
of every other form and decision. On SQLite one writes after the other; only
PostgreSQL lets both begin.
"""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, connections
from django.test import Client

from content.admin import seen
from content.models import Contact, Page, Revision, Role
from content.publishing import workflow
from tests import factories
from tests.admin_support import Desk, address, form_path

ROUNDS = 50
"""Of each of the four races between people who write and approve the same text."""
FEW = 8
"""Of each other kind: enough for one that has no lock to be lost."""

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("campaign_afterwards"),
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
    return save_in(desk, form_path(item), title_en=title)


def save_in(desk: Desk, path: str, **values: str) -> Callable[[], int]:
    """Open any form now and write into it; returns the pressing of its button."""
    form = desk.open(path)
    for name, value in values.items():
        form[name] = value
    data = {name: value for name, value in form.data.items() if value is not False}
    return lambda: desk.client.post(path, {**data, "_save": "1"}).status_code


def waits(item: Page, title: str) -> Revision:
    Page.objects.filter(pk=item.pk).update(title_en=title)
    item.refresh_from_db()
    return factories.waiting(item)


def press(client: Client, path: str, **data: Any) -> Callable[[], int]:
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


# --- Every other form ----------------------------------------------------------------------------


@pytest.fixture
def two() -> tuple[Desk, Desk]:
    return Desk(factories.editor()), Desk(factories.editor("Emil"))


def test_of_two_who_correct_the_same_service_one_is_told(two):
    contact = factories.childline(factories.japan(), key="jp-lamp")
    for n in range(FEW):
        jobs = [save_in(desk, form_path(contact), phone=f"0800 {n} {desk.user.pk}") for desk in two]
        assert sorted(map(str, at_once(*jobs))) == ["200", "302"]


def test_two_who_correct_two_services_of_a_country_both_save(two):
    country = factories.japan()
    contacts = [factories.childline(country, key=f"jp-{name}") for name in ("lamp", "sea")]
    for n in range(FEW):
        pairs = zip(two, contacts, strict=True)
        jobs = [save_in(desk, form_path(one), phone=f"0800 {n} {one.pk}") for desk, one in pairs]
        assert at_once(*jobs) == [302, 302]
        newest = Revision.objects.of("country", "JP", "zxx").first()
        phones = {contact["phone"] for contact in newest.content["contacts"]}
        assert phones == {f"0800 {n} {one.pk}" for one in contacts}


def test_of_two_who_change_the_numbers_of_a_country_one_is_told(two):
    country = factories.japan()
    for n in range(FEW):
        jobs = [
            save_in(desk, form_path(country), emergency_numbers=f"11{n} all\n{desk.user.pk}9 fire")
            for desk in two
        ]
        assert sorted(map(str, at_once(*jobs))) == ["200", "302"]


def test_of_two_administrators_of_an_account_one_is_told():
    desks = [Desk(factories.staff(name, Role.ADMINISTRATOR)) for name in ("Ada", "Otto")]
    path = f"/admin/auth/user/{factories.editor().pk}/change/"
    for n in range(FEW):
        jobs = [save_in(desk, path, first_name=f"{desk.user} {n}") for desk in desks]
        assert sorted(map(str, at_once(*jobs))) == ["200", "302"]


def test_of_two_who_enter_a_check_of_the_same_service_one_is_told(two):
    contact = factories.childline(factories.japan(), key="jp-lamp")
    path = "/admin/content/contact/"
    for n in range(FEW):
        Contact.objects.filter(pk=contact.pk).update(checked_on=None, checked_by=None, note=f"{n}")
        shown = {f"seen-{contact.pk}": seen.of(Contact.objects.get(pk=contact.pk))}
        chosen = {"action": "checked_today", "_selected_action": str(contact.pk)}
        data = {**chosen, **shown, "how_asked": "1", "how": "called"}
        told = at_once(*(press(desk.client, path, **data) for desk in two))
        assert sorted(map(str, told)) == ["200", "302"]
        assert Contact.objects.get(pk=contact.pk).checked_by == two[told.index(302)].user


def test_of_two_who_add_a_section_of_the_same_name_one_is_told(two, lighthouse):
    for n in range(FEW):
        jobs = []
        for desk in two:
            form = desk.edit(lighthouse)
            count = int(form.data["sections-TOTAL_FORMS"])
            new = {"key": f"s{n}", "position": n, "layout": "text", "heading_en": "New"}
            form.data |= {f"sections-{count}-{name}": value for name, value in new.items()}
            form.data["sections-TOTAL_FORMS"] = count + 1
            data = {name: value for name, value in form.data.items() if value is not False}
            jobs.append(press(desk.client, form_path(lighthouse), **data, _save="1"))
        assert sorted(map(str, at_once(*jobs))) == ["200", "302"]
        assert lighthouse.sections.filter(key=f"s{n}").count() == 1


# --- Every other decision ------------------------------------------------------------------------


def test_sending_back_while_approving_does_one_of_the_two(lighthouse):
    anna, otto = (Desk(factories.approver(name)) for name in ("Anna", "Otto"))
    for n in range(FEW):
        revision = waits(lighthouse, f"Title {n}")
        told = at_once(
            press(anna.client, address("approve", revision)),
            press(otto.client, address("send_back", revision), because="Shorter."),
        )
        assert sorted(map(str, told)) == ["200", "302"]
        revision.refresh_from_db()
        assert revision.is_live == (told[0] == 302)
        assert revision.sent_back.exists() == (told[1] == 302)
        if not revision.is_live:
            workflow.submit(revision)
            workflow.approve(revision, anna.user)


def test_withdrawing_while_approving_ends_in_one_order_or_the_other(lighthouse):
    anna, otto = (Desk(factories.approver(name)) for name in ("Anna", "Otto"))
    for n in range(FEW):
        live = workflow.live("page", "lighthouse", "en")
        revision = waits(lighthouse, f"Title {n}")
        told = at_once(
            press(anna.client, address("approve", revision)),
            press(otto.client, address("withdraw", live), reason="It is wrong."),
        )
        # Replaced before, it is not withdrawn any more; withdrawn before, the next may go live.
        assert told == [302, 302]
        live.refresh_from_db()
        revision.refresh_from_db()
        assert (revision.is_live, live.is_live) == (True, False)
    assert_sound("lighthouse")


def test_withdrawing_a_source_everywhere_while_a_translation_is_approved_leaves_none(lighthouse):
    anna, otto = factories.approver(), factories.approver("Otto")
    for n in range(FEW):
        source = workflow.live("page", "lighthouse", "en") or factories.publish(
            Page.objects.get(pk=lighthouse.pk)
        )
        lighthouse.refresh_from_db()
        factories.translate(lighthouse, "fr", f"Le phare {n}")
        french = factories.waiting(lighthouse, "fr")
        at_once(
            lambda french=french: workflow.approve(french, anna),
            lambda source=source: workflow.withdraw(source, otto, "Closed.", everywhere=True),
        )
        assert not Revision.objects.live().filter(kind="page", key="lighthouse").exists()


def test_two_who_restore_the_same_text_make_one_draft(lighthouse):
    desks = Desk(factories.editor()), Desk(factories.editor("Emil"))
    first = history("lighthouse")[-1]
    for n in range(FEW):
        waits(lighthouse, f"Title {n}")
        before = len(history("lighthouse"))
        told = at_once(*(press(desk.client, address("restore", first)) for desk in desks))
        assert told == [302, 302]
        assert len(history("lighthouse")) == before + 1
        assert history("lighthouse")[0].title == first.title
        lighthouse.refresh_from_db()
    assert_sound("lighthouse")
