"""Clocks that jump, a machine without a network, logs that nobody can write."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.processes import stop, wait_until
from tests.faults.stand import FOLLOW, GUNICORN

pytestmark = pytest.mark.faults

DAY = 24 * 60 * 60
CLOCK = Path(__file__).with_name("clock.c")


def test_clock_jumps(still, note):
    stand, node = still, still.nodes[0]
    clock, library = stand.folder / "clock", stand.folder / "clock.so"
    # Not Debian's faketime: with it, sleeping fails or the time since the start jumps too.
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, CLOCK], check=True)
    node.environment |= {"LD_PRELOAD": str(library), "CLOCK": str(clock)}
    clock.write_text("+0")
    stand.start()
    releases = [node.release]
    approver, editor = stand.approvals.person, stand.editor
    approver.port = stand.nodes[1].port  # where the clock is right
    with stand.readers() as readers:
        for seconds in (+2 * DAY, -3 * DAY):
            clock.write_text(f"{seconds:+d}")
            if seconds > 0:
                editor.port = node.port
                assert editor.ask("/admin/").is_sign_in, "a session of two days ago goes on"
            wait_until(lambda: node.release > releases[-1], "the day is not baked", 600)
            text = stand.approvals.must()
            wait_until(lambda text=text: stand.is_visible(text), "it is not seen", 300)
            releases.append(node.release)
        clock.write_text("+0")
        for person in (approver, editor):
            person.port = stand.port
        editor.sign_in()
        assert editor.ask("/admin/").status == 200
        text = stand.approvals.must()
        wait_until(lambda: stand.is_visible(text), "it is not seen", 300)
        readers.at_least(1000)
    staff = "signed out by the node whose clock is ahead, and signed in again; approvals go live"
    note("A node's clock 2 days ahead, then 3 days back", stand, readers.verdict(), staff)


ALONE = """
import hashlib, json, os, subprocess, sys, time, urllib.request
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
port, paths = os.environ["PORT"], json.loads(sys.stdin.read())
manage = subprocess.run([sys.executable, "manage.py", "bake"], check=True, capture_output=True)
server = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
def ask(path):
    address = f"http://127.0.0.1:{port}{path}"
    request = urllib.request.Request(address, headers={"Host": "public.localhost"})
    return urllib.request.urlopen(request, timeout=20)
for _ in range(200):
    try:
        ask("/healthz").read()
        break
    except OSError:
        time.sleep(0.1)
right = 0
for path in paths:
    with ask(path) as answer:
        body = answer.read()
        digest = hashlib.sha256(body).hexdigest()
        right += answer.status == 200 and answer.headers["ETag"] == f'"{digest[:32]}"'
server.terminate()
server.wait()
print(right, manage.stdout.decode())
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="a network of its own needs root")
def test_no_network(stand, note):
    node = stand.nodes[0]
    stop(node.server)
    stop(node.follower)
    pages = [path for path in stand.paths if not path.endswith("nobody-has-this/")][:2000]
    # PostgreSQL is asked through a file; nothing else has a way to the outside.
    env = node.environment | {
        "DATABASE_URL": "postgres://say_no@/say_no",
        "PGHOST": str(stand.cluster.folder),
        "PGPORT": str(stand.cluster.port),
    }
    with stand.readers() as readers:
        stand.approvals.must()
        done = subprocess.run(
            ["unshare", "--net", sys.executable, "-c", ALONE, *GUNICORN],
            cwd=node.code,
            env=env | {"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"},
            input=json.dumps(pages).encode(),
            capture_output=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr.decode()[-2000:]
        right, _, said = done.stdout.decode().partition(" ")
        node.start()
        readers.at_least(1000)
    assert int(right) == len(pages)
    assert "pages baked" in said
    staff = f"a node without a network bakes what was approved and serves {right} of {right} pages"
    note("No network but the machine's own", stand, readers.verdict(), staff)


def test_logs_not_writable(still, note):
    stand = still
    full = [["sh", "-c", 'exec "$@" >/dev/full 2>/dev/full', "sh", *c] for c in (GUNICORN, FOLLOW)]
    piped = [["sh", "-c", '"$@" 2>&1 | head -c 1', "sh", *c] for c in (GUNICORN, FOLLOW)]
    first, second = stand.nodes
    first.server_command, first.follower_command = map(tuple, full)
    second.server_command, second.follower_command = map(tuple, piped)
    stand.start()
    with stand.readers() as readers:
        readers.at_least(2000)
        for _ in range(5):
            text = stand.approvals.must()
            wait_until(lambda text=text: stand.is_visible(text), "it is not seen")
        stand.cluster.stop()  # something to complain about
        readers.at_least(1000)
        assert stand.approvals.one().status == 503
        stand.cluster.start()
        wait_until(stand.staff_works, "staff cannot work again")
        text = stand.approvals.must()
        wait_until(lambda: stand.is_visible(text), "it is not seen")
    staff = "approving goes on; what would have been logged is lost"
    done = "Logs on a full disk (node 1), and nobody who reads them (node 2)"
    note(done, stand, readers.verdict(), staff)
