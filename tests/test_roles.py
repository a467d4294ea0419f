"""Roles: the whole of the staff area, address by address, role by role, method by method."""

import copy
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from content.models import Role
from tests.rarely import a_few
from tests.role_revisions import ROOMS, TABLE
from tests.role_table import OWN_ACCOUNT, Case, routes
from tests.roles import ALL, OUTSIDE, World

pytestmark = [pytest.mark.django_db, pytest.mark.roles]

OFTEN = ("accounts", "contacts", "page")
"""The rooms that `make test` goes through."""
GRASP = {
    "is_superuser": "on",
    "is_staff": "on",
    "is_active": "on",
    "staff_profile-TOTAL_FORMS": "1",
    "staff_profile-INITIAL_FORMS": "0",
    "staff_profile-0-languages": "ar",
    "staff_profile-0-countries": "IE",
    "languages_of_user": "ar",
}
"""What an account's own form never has, and what others' forms never have, sent with every POST."""


@pytest.fixture
def world() -> World:
    return World()


def cases(room: str) -> list[tuple[str, Case]]:
    return [(route, case) for route, found in ROOMS[room].items() for case in found]


def test_every_address_of_the_staff_area_has_an_expectation():
    assert sorted(routes()) == sorted([*TABLE, *OWN_ACCOUNT])


@pytest.mark.parametrize("method", ["get", pytest.param("head", marks=pytest.mark.slow)])
@pytest.mark.parametrize("room", a_few(ROOMS, *OFTEN))
def test_each_role_sees_what_it_may_see(world, room, method):
    wrong = []
    for _, case in cases(room):
        path = case.path(world)
        for person in ALL:
            expected = case.seen if person in case.get else case.hidden
            status = getattr(world.clients[person], method)(path).status_code
            if status != expected:
                wrong.append(f"{person} {method} {path}: {status}, not {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("room", a_few(ROOMS, *OFTEN))
def test_each_role_changes_what_it_may_change_and_nothing_else(world, room):
    groups = {"groups": [group.pk for group in Group.objects.all()]}
    single = {"user_permissions": list(Permission.objects.values_list("pk", flat=True)[:5])}
    wrong = []
    for _, case in cases(room):
        path = case.path(world)
        keeps_rights = "/auth/user/" not in path
        for person in ALL:
            with transaction.atomic():
                client = world.clients[person]
                cookies = copy.deepcopy(client.cookies)
                data = case.data(world, client)
                grasp = GRASP | groups if keeps_rights or person not in case.post else {}
                before, rights = world.state(), world.rights()
                answer = client.post(path, {**data, **grasp, **single})
                has_changed = world.state() != before
                if has_changed != (person in case.post):
                    did = "changed something" if has_changed else f"no ({answer.status_code})"
                    wrong.append(f"{person} {path}: {did} {_errors(answer)}")
                if person not in case.post and answer.status_code not in case.refused:
                    wrong.append(f"{person} {path}: {answer.status_code}")
                if keeps_rights and world.rights() != rights:
                    wrong.append(f"{person} {path}: changed rights")
                transaction.set_rollback(True)
                client.cookies = cookies  # of the session that is there again
    assert not wrong, "\n".join(wrong)


def _errors(answer) -> str:
    form = answer.context and answer.context.get("adminform")
    return str(dict(form.form.errors)) if form else ""


@pytest.mark.parametrize("room", ROOMS)
def test_who_has_no_role_is_sent_away_from_every_address(world, room):
    wrong = []
    before = world.state()
    for _, case in cases(room):
        path = case.path(world)
        for person in OUTSIDE:
            for method in ("get", "post"):
                answer = getattr(world.clients[person], method)(path, {"post": "yes"})
                if method == "post" and answer.status_code == 403:
                    continue  # signed out while writing: the words are given back
                if answer.status_code != 302 or urlsplit(answer["Location"]).path == path:
                    wrong.append(f"{person} {method} {path}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert world.state() == before


@pytest.mark.parametrize("room", ROOMS)
def test_other_methods_do_nothing_for_anybody(world, room):
    wrong = []
    before = world.state()
    for _, case in cases(room):
        path = case.path(world)
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "APPROVE"):
            status = world.clients["superuser"].generic(method, path, b"post=yes").status_code
            if status != 405:
                wrong.append(f"{method} {path}: {status}")
    assert not wrong, "\n".join(wrong)
    assert world.state() == before


def test_the_table_has_all_roles_and_somebody_who_may_at_each_kind_of_work():
    writers = {person for _, found in TABLE.items() for case in found for person in case.post}
    assert writers == ALL
    assert set(Role.values) == {
        *("editor", "translator", "country partner", "approver", "administrator")
    }
