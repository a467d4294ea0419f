"""Processes end without a word: a worker, a baker, everything."""

import contextlib
import os
import signal
import threading
import time

import pytest

from tests.faults.processes import below, kill_group, signal_all, start, wait_until
from tests.faults.stand import FOLLOW

pytestmark = pytest.mark.faults


@contextlib.contextmanager
def locked(stand, mode):
    """Nobody gets through the table of revisions (or only readers do), until the block ends."""
    connection = stand.cluster.connect()
    connection.autocommit = False
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE content_revision IN {mode} MODE")
        yield
        connection.rollback()


def beside(function, *arguments):
    """Call a function in a thread; returns the thread and the list that gets its answer."""
    got = []
    thread = threading.Thread(target=lambda: got.append(function(*arguments)))
    thread.start()
    return thread, got


def held(stand):
    """The nodes whose server waits for a lock."""
    names = stand.cluster.waiting_for_locks()
    return [node for node in stand.nodes if f"server-{node.name}" in names]


def kill_workers(nodes):
    """Kill all workers of these nodes; returns when others have taken their places."""
    before = {node.name: set(node.workers) for node in nodes}
    for node in nodes:
        signal_all(node.workers, signal.SIGKILL)
    for node in nodes:
        wait_until(
            lambda node=node: len(set(node.workers) - before[node.name]) >= 2 and node.answers(),
            f"{node.name} has no new workers",
        )
    return sum(map(len, before.values()))


def test_worker_killed_in_requests(stand, note):
    killed = 0
    with stand.readers() as readers:
        for node in [*stand.nodes, *stand.nodes]:
            with locked(stand, "ACCESS EXCLUSIVE"):
                asked = [beside(stand.approvals.one) for _ in range(2)]
                wait_until(lambda: held(stand), "no request waits")
                readers.at_least(200)
                killed += kill_workers([node])
            for thread, _ in asked:
                thread.join()
        readers.at_least(1000)
        stand.approvals.must()
    refused = [told.status for told in stand.approvals.refused]
    assert set(refused) <= {502, 503, 504}
    assert killed == 8
    staff = f"{len(refused)} of 8 approvals in flight refused (502, 503), none approved in vain"
    note("8 workers killed (SIGKILL) in requests", stand, readers.verdict(), staff)


def test_worker_killed_in_a_save(stand, note):
    term = stand.forms[0]
    path = f"/admin/content/term/{term}/change/?language=hu"
    what = "SELECT (SELECT count(*) FROM content_revision WHERE language = 'hu'),"
    what += f" (SELECT coalesce(term_hu, '') FROM content_term WHERE id = {term})"
    with stand.readers() as readers:
        data = stand.editor.form(path) | {"term_hu": "Szó", "reason_hu": "Mert.", "_save": "1"}
        data = {name: value for name, value in data.items() if not name.startswith("instead")}
        before = stand.cluster.run(what)
        with locked(stand, "SHARE"):  # the working copy is written, its draft is not yet
            thread, got = beside(stand.editor.ask, path, data)
            wait_until(lambda: held(stand), "the save does not wait")
            kill_workers(held(stand))
            thread.join()
        wait_until(lambda: not held(stand), "the save goes on")
        assert stand.cluster.run(what) == before, "half of the form was saved"
        again = stand.editor.ask(path, data)
        readers.at_least(1000)
        stand.approvals.must()
    assert got[0].status == 502
    assert (again.status, stand.cluster.run(what)) == (302, [(before[0][0] + 1, "Szó")])
    staff = "502; nothing of the form was saved, and all of it when sent again"
    note("Worker killed in the middle of a save", stand, readers.verdict(), staff)


def test_baking_processes_killed(stand, note):
    node = stand.nodes[0]
    release = node.release
    command = [*FOLLOW[:3], "--full"]
    with stand.readers() as readers:
        log = stand.folder / "killed.log"
        bake = start(command, log, node.environment, node.code)
        wait_until(lambda: len(below(bake.pid)) >= 2 and unfinished(node), "no bake begins")
        time.sleep(1)
        os.kill(below(bake.pid)[0], signal.SIGKILL)
        assert bake.wait(timeout=60) == 1
        assert "A worker was killed" in log.read_text()
        assert not unfinished(node)
        bake = start(command, log, node.environment, node.code)
        wait_until(lambda: len(below(bake.pid)) >= 2 and unfinished(node), "no bake begins")
        time.sleep(1)
        kill_group(bake)
        left = unfinished(node)
        assert left
        assert node.release == release
        kill_group(node.follower)
        stand.approvals.must()
        readers.at_least(1000)
        node.start_follower()
        wait_until(lambda: stand.is_visible(stand.approvals.done[-1]), "it is not seen")
        readers.at_least(500)
    assert not any(folder.exists() for folder in left), "what the killed bake has left is there"
    note(
        "A baking process, a whole bake and a follower killed",
        *(stand, readers.verdict()),
        "the killed worker is named, with what to do; approving goes on",
    )


def unfinished(node):
    """The folders of the next release, whose bake is at work, or was."""
    return list((node.baked / "releases").glob(f".baking-{node.release + 1}-*"))


def test_all_killed_while_publishing(stand, note):
    approving = True

    def approve():
        while approving:
            stand.approvals.one()

    with stand.readers() as readers:
        readers.at_least(500)
        for _ in range(3):
            approving = True
            thread, _ = beside(approve)
            goal = len(stand.approvals.done) + 3
            wait_until(lambda goal=goal: len(stand.approvals.done) >= goal, "nothing is approved")
            everything = [stand.nginx.pid, stand.cluster.process.pid]
            everything += [p.pid for node in stand.nodes for p in (node.server, node.follower)]
            signal_all([n for pid in everything for n in (pid, *below(pid))], signal.SIGKILL)
            approving = False
            thread.join()
            stand.cluster.kill()
            kill_group(stand.nginx)
            for node in stand.nodes:
                node.kill()
            stand.start()
            readers.at_least(500)
    verdict = readers.verdict()
    away = {one for one in verdict.wrong if is_no_answer(one)}
    nobody = sum(verdict.wrong.pop(one) for one in away)
    verdict.total -= nobody
    assert all(told.status in {0, 502, 503, 504} for told in stand.approvals.refused)
    note(
        f"Everything killed at once while publishing, three times (no answer {nobody:,} times)",
        *(stand, verdict),
        f"{len(stand.approvals.done)} approvals answered, all there; the others refused",
    )


def is_no_answer(name):
    """Whether there was nobody to answer: the site itself was not there."""
    first = name.split()[0]
    return not first.isdigit() or first in {"502", "504"}
