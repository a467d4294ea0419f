"""The database is gone, frozen, read-only, full of connections, or locked."""

import contextlib
import threading
import time

import psycopg2
import pytest

from tests.faults.database import NAME
from tests.faults.processes import wait_until
from tests.faults.site import TIMEOUT

pytestmark = pytest.mark.faults

PROMPT = TIMEOUT + 10
"""Seconds within which staff are told, on a machine with other work too."""


def refused(stand, requests=6):
    """What staff are told who ask and approve at once; each within a bearable time."""
    told = []

    def ask(number):
        started = time.monotonic()
        approvals = stand.approvals
        answer = approvals.person.ask("/admin/") if number % 2 else approvals.one()
        told.append((answer, time.monotonic() - started))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(requests)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(took for _, took in told) < PROMPT
    return [answer for answer, _ in told]


def all_say_why(told):
    """Whether every answer is a 503 that says what is the matter, and none is "approved"."""
    assert {answer.status for answer in told} == {503}, [a.status for a in told]
    assert all("database" in answer.text for answer in told)
    return f"{len(told)} of {len(told)} requests: 503 and what to do, no false success"


def recovered(stand):
    """Wait until staff work again, with nobody's help, and approve something."""
    wait_until(stand.staff_works, "staff cannot work again")
    stand.approvals.must()
    wait_until(lambda: stand.is_visible(stand.approvals.done[-1]), "the approval is not seen")


def test_database_stopped(stand, note):
    with stand.readers() as readers:
        stand.approvals.must()
        stand.cluster.stop()
        readers.at_least(2000)
        staff = all_say_why(refused(stand))
        stand.cluster.start()
        recovered(stand)
        readers.at_least(500)
    note("Database stopped, and started again", stand, readers.verdict(), staff)


def test_database_frozen(stand, note):
    with stand.readers() as readers:
        stand.approvals.must()
        stand.cluster.freeze()
        staff = all_say_why(refused(stand, requests=24))
        readers.at_least(2000)
        stand.cluster.thaw()
        recovered(stand)
    note("All processes of the database frozen (SIGSTOP)", stand, readers.verdict(), staff)


def test_database_read_only(stand, note):
    with stand.readers() as readers:
        stand.approvals.must()
        stand.cluster.run("ALTER SYSTEM SET default_transaction_read_only = on")
        stand.cluster.run("SELECT pg_reload_conf()")
        wait_until(
            lambda: stand.cluster.run("SHOW transaction_read_only") == [("on",)], "not read-only"
        )
        time.sleep(1)
        looking = stand.approvals.person.ask("/admin/").status
        staff = all_say_why([stand.approvals.one() for _ in range(4)])
        readers.at_least(2000)
        stand.cluster.run("SET transaction_read_only = off; SELECT 1")
        connection = stand.cluster.connect()
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = off")
            cursor.execute("ALTER SYSTEM RESET default_transaction_read_only")
            cursor.execute("SELECT pg_reload_conf()")
        connection.close()
        recovered(stand)
    assert looking == 200
    note("Database read-only", stand, readers.verdict(), f"reading goes on; approving: {staff}")


def test_database_out_of_connections(stand, note):
    held = []
    with stand.readers() as readers, contextlib.ExitStack() as closing:
        stand.approvals.must()
        for _ in range(5):  # those of the site end, and ours take their places
            stand.cluster.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE usename = %s AND application_name <> 'test'",
                NAME,
            )
            with contextlib.suppress(psycopg2.OperationalError):
                while True:
                    held.append(stand.cluster.connect(user=NAME))
                    closing.callback(held[-1].close)
        staff = all_say_why(refused(stand))
        readers.at_least(2000)
        closing.close()
        recovered(stand)
    assert len(held) > 40
    note("No connection to the database left", stand, readers.verdict(), staff)


def test_tables_locked(stand, note):
    with stand.readers() as readers:
        stand.approvals.must()
        connection = stand.cluster.connect()
        connection.autocommit = False
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE content_revision, auth_user IN ACCESS EXCLUSIVE MODE")
            staff = all_say_why(refused(stand))
            readers.at_least(2000)
            connection.rollback()
        recovered(stand)
    note("Tables locked", stand, readers.verdict(), staff)
