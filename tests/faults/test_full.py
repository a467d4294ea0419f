"""No room: on the disk of the pages, on the disk of the database, in memory."""

import os
import resource
import shutil
import signal
from pathlib import Path

import pytest

from tests.faults.processes import below, fill, small_disk, start, wait_until
from tests.faults.site import copy_tree
from tests.faults.stand import FOLLOW

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(os.geteuid() != 0, reason="a disk of its own needs root"),
]

BAKE = (*FOLLOW[:3], "--full", "--workers", "2")
MEGABYTE = 1024 * 1024


def test_disk_of_the_pages_full(still, note):
    stand, node = still, still.nodes[0]
    with small_disk(stand.folder / "disk", 3000) as disk:
        copy_tree(node.baked, disk / "baked")
        node.environment["BAKED_ROOT"] = str(disk / "baked")
        stand.start()
        try:
            release = node.release
            with stand.readers() as readers:
                log = stand.folder / "full.log"
                bake = start(BAKE, log, node.environment, node.code)
                wait_until(lambda: len(below(bake.pid)) >= 2, "no bake begins")
                filled = fill(disk)  # in the middle of it
                assert bake.wait(timeout=120) == 1
                in_the_middle = log.read_text()
                filled.unlink()
                filled = fill(disk, leave=5 * MEGABYTE)
                text = stand.approvals.must()
                wait_until(lambda: "Not enough space" in node.said(), "the operator is not told")
                wait_until(lambda: text.word in stand.nodes[1].get(text.path)[1], "not on node 2")
                readers.at_least(2000)
                assert node.release == release
                assert text.word not in node.get(text.path)[1]
                filled.unlink()
                wait_until(lambda: stand.is_visible(text), "it is not seen", 120)
                readers.at_least(500)
            assert "disk is full" in in_the_middle, in_the_middle
            verdict = readers.verdict()
            staff = "approving works; the log says what to do, and is quiet again by itself"
            note("Disk full in the middle of a bake, and before one", stand, verdict, staff)
        finally:
            stand.stop()


def test_disk_of_the_database_full(still, note):
    stand, cluster = still, still.cluster
    with small_disk(stand.folder / "disk", 700) as disk:
        copy_tree(cluster.folder, disk / "database")
        shutil.rmtree(cluster.folder)
        cluster.folder = disk / "database"
        cluster.log = stand.folder / "database.log"
        cluster.log.touch()
        stand.start()
        try:
            with stand.readers() as readers:
                stand.approvals.must()
                filled = fill(disk)
                told = []
                for _ in range(60):  # what is free inside the files of the database comes first
                    told.append(stand.approvals.one())
                    if told[-1].status != 302:
                        break
                told += [stand.approvals.one() for _ in range(3)]
                readers.at_least(2000)
                filled.unlink()
                if cluster.process.poll() is not None:
                    cluster.start()
                wait_until(stand.staff_works, "staff cannot work again")
                stand.approvals.must()
            refused = [one.status for one in told if one.status != 302]
            assert refused
            assert set(refused) == {503}
            staff = f"{len(refused)} of {len(told)} approvals: 503 and what to do, no false success"
            note("Disk of the database full while saving", stand, readers.verdict(), staff)
        finally:
            stand.stop()


def test_memory_limit(stand, note):
    node = stand.nodes[0]
    release = node.release
    with stand.readers() as readers:
        log = stand.folder / "memory.log"
        most = 200 * MEGABYTE
        command = ("prlimit", f"--as={most}", *BAKE)
        bake = start(command, log, node.environment, node.code)
        assert bake.wait(timeout=300) != 0, "the limit is too high to be one"
        assert node.release == release
        for worker in node.workers:  # no room for anything new, such as the list of a new release
            pages = Path(f"/proc/{worker}/statm").read_text().split()[0]
            used = int(pages) * resource.getpagesize()
            resource.prlimit(worker, resource.RLIMIT_AS, (used + 2 * MEGABYTE, -1))
        text = stand.approvals.must()
        wait_until(lambda: text.word in stand.nodes[1].get(text.path)[1], "not on node 2")
        readers.at_least(3000)
        for worker in node.workers:
            resource.prlimit(worker, resource.RLIMIT_AS, (-1, -1))
        wait_until(lambda: stand.is_visible(text), "it is not seen")
        readers.at_least(500)
        node.server.send_signal(signal.SIGHUP)
        stand.approvals.must()
    staff = "approving works; a bake without room ends with a message and changes nothing"
    note("No memory left, for a bake and for workers", stand, readers.verdict(), staff)
