"""Many requests, slow ones and senseless ones; approvals while the site is exported."""

import asyncio
import contextlib
import hashlib
import json
import random
import socket
import string
import threading

import pytest

from tests.faults.processes import wait_until
from tests.faults.site import PUBLIC, manage
from tests.faults.test_killed import beside

pytestmark = pytest.mark.faults

AT_ONCE = 10_000
REQUEST = f"GET {{}} HTTP/1.1\r\nHost: {PUBLIC}\r\nAccept-Encoding: br\r\nConnection: close\r\n\r\n"


def test_100_approvals_during_exports(stand, note):
    node = stand.nodes[0]
    exports, going = [], [True]

    def export():
        while going:
            folder = stand.folder / f"export-{len(exports)}"
            manage(node.environment, "export", str(folder))
            exports.append(folder)

    with stand.readers(2) as readers:
        thread, _ = beside(export)
        for _ in range(100):
            stand.approvals.must()
        wait_until(lambda: len(exports) >= 3, "no third export", 900)
        going.clear()
        thread.join()
        assert not stand.lost()
        export_after = stand.folder / "after"
        manage(node.environment, "export", str(export_after))
        readers.at_least(500)
    for folder in [*exports, export_after]:
        listed = json.loads((folder / "export.json").read_text())
        files = {name: one["sha256"] for name, one in listed["files"].items()}
        found = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files}
        assert found == files, f"{folder.name} is not what it says"
    for text in stand.approvals.done:
        assert text.word in (export_after / text.path[1:] / "index.html").read_text()
    staff = f"100 of 100 approved; {len(exports)} exports meanwhile, each whole"
    note("100 approvals during exports", stand, readers.verdict(), staff)


async def ask_at_once(port, paths):
    """Open one connection for each address, all at once, then ask; returns the answers."""
    opened = asyncio.Semaphore(4000)  # as many as this machine's own limits allow

    async def one(path):
        async with opened:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
                writer.write(REQUEST.format(path).encode())
                answer = await asyncio.wait_for(reader.read(-1), 120)
                writer.close()
                return path, answer
            except (OSError, TimeoutError) as error:
                return path, type(error).__name__.encode()

    return await asyncio.gather(*(one(path) for path in paths))


def test_10_000_requests_at_once(stand, note):
    paths = [random.choice(stand.paths) for _ in range(AT_ONCE)]
    with stand.readers(2) as readers:
        answers = asyncio.run(ask_at_once(stand.port, paths))
        readers.at_least(200)
        stand.approvals.must()
    right = readers.releases.right()
    wrong = []
    for path, answer in answers:
        head, _, body = answer.partition(b"\r\n\r\n")
        digest = hashlib.sha256(body).hexdigest()
        if not any(
            digest == one.digests.get("br", one.digests[""])
            and head.startswith(f"HTTP/1.1 {one.status}".encode())
            for one in right[path]
        ):
            wrong.append((path, head[:60]))
    assert not wrong, f"{len(wrong)}: {wrong[:5]}"
    verdict = readers.verdict()
    verdict.total += len(answers)
    note("10,000 requests at once (4,000 connections open)", stand, verdict, "approving goes on")


def test_slow_clients(stand, note):
    wires = [socket.create_connection(("127.0.0.1", stand.port)) for _ in range(200)]
    end = threading.Event()

    def drip():
        while not end.wait(0.5):
            for wire in wires:
                with contextlib.suppress(OSError):  # nginx has had enough of it
                    wire.send(b"X")

    try:
        for number, wire in enumerate(wires):
            start_of = b"GET /en/ HTTP/1.1\r\nHost: public.localhost\r\nX-Slow: "
            if number % 2:
                start_of = b"POST /admin/ HTTP/1.1\r\nHost: staff.localhost\r\n"
                start_of += b"Content-Length: 100000\r\n\r\n"
            wire.sendall(start_of)
        thread = threading.Thread(target=drip)
        thread.start()
        with stand.readers() as readers:
            readers.at_least(4000)
            stand.approvals.must()
            assert stand.staff_works()
        end.set()
        thread.join()
    finally:
        end.set()
        for wire in wires:
            wire.close()
    staff = "the staff area answers as ever"
    note("200 clients that send a letter every half second", stand, readers.verdict(), staff)


def test_queries_and_random_addresses_reach_no_database(stand, note):
    def letters():
        return "".join(random.choices(string.ascii_lowercase, k=12))

    names = [f"server-{node.name}" for node in stand.nodes]
    with stand.readers(1) as readers:
        readers.at_least(100)
        before = [stand.cluster.statements_of(name) for name in names]
        pages = random.sample(stand.paths, 700)
        queries = [f"{path}?{letters()}={letters()}" for path in pages]
        below_language = [f"/{random.choice(['en', 'ar', 'de'])}/{letters()}/" for _ in range(700)]
        elsewhere = [f"/{letters()}.php" for _ in range(300)]
        elsewhere += [f"/{letters()}/{letters()}/?{letters()}" for _ in range(300)]
        asked = [*queries, *below_language, *elsewhere]
        answers = asyncio.run(ask_at_once(stand.port, asked))
        after = [stand.cluster.statements_of(name) for name in names]
        stand.approvals.must()
        reached = sum(stand.cluster.statements_of(name) for name in names) - sum(after)
    assert len(answers) == 2000
    statuses = [int(answer.split(b" ", 2)[1]) for _, answer in answers]
    assert set(statuses[700:]) == {404}
    assert set(statuses[:700]) <= {200, 404}
    assert after == before, "a reader's senseless request was asked of the database"
    assert reached > 0, "the count sees nothing"
    verdict = readers.verdict()
    verdict.total += len(answers)
    note(
        "2,000 addresses with random queries, or that do not exist",
        *(stand, verdict, "0 statements reached the database; approving goes on"),
    )
