"""How long baking takes, when an approval is seen on two nodes, and how both grow."""

import json
import os
import re
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import sites
from campaign import releases
from content.baking.folder import is_ready

FIRST_PORT = 18_200
LANGUAGES = (1, 6, 36, 72)
COUNTRIES = (46, 200)
APPROVALS = int(os.environ.get("BENCH_APPROVALS", "10"))
CORRECTED = (
    *("/de/report/de/", "/en/report/de/", "/de/embed/de/", "/de/poster/de/"),
    *("/ar/report/de/", "/tr/report/de/", "/tr/embed/de/", "/en/now/"),
)
"""Where a number of Germany is read: in its own language and in English, then elsewhere."""
WAIT = 120
"""Seconds after which an approval that nobody sees ends the measurement."""
SETTLE = 600
"""Seconds after which a follower that is not done ends it."""


@dataclass(frozen=True)
class Times:
    """Seconds of the same thing done several times."""

    all: list[float]

    def __str__(self) -> str:
        middle = statistics.median(self.all)
        return f"{middle:.1f} s ({min(self.all):.1f} to {max(self.all):.1f})"


@dataclass(frozen=True)
class Grown:
    """A site of another size: queries, milliseconds and bytes of pages by address."""

    languages: int
    countries: int
    revisions: int
    pages: dict[str, list[float]]


def job(env: dict[str, str], name: str, *arguments: object) -> Any:
    """Run a job of benchmarks/growing.py in the site's environment."""
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks.growing", name, *map(str, arguments)],
        cwd=sites.ROOT,
        env=env,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    return json.loads(said.splitlines()[-1])


def full(env: dict[str, str], times: int = 3) -> tuple[int, Times]:
    """Bake everything some times. Returns the number of pages, and the seconds."""
    found = [sites.bake(env, "--full") for _ in range(times)]
    return found[0][0], Times([seconds for _, seconds in found])


def after_approval(env: dict[str, str], what: str, times: int = 5) -> tuple[int, Times]:
    """Bake after an approval. Returns how many pages it touched, and the seconds of the bake."""
    found = []
    for _ in range(times):
        job(env, "approve", what)
        found.append(sites.bake(env))
    return found[0][0], Times([seconds for _, seconds in found])


def by_languages(env: dict[str, str], folder: Path) -> dict[int, float]:
    """Return the seconds of a full bake by the number of languages."""
    found = {}
    for count in LANGUAGES:
        if count <= 36:
            found[count] = job(sites.copy(env, folder / f"bake-{count}"), "bake_languages", count)
    return found


def by_countries(env: dict[str, str], folder: Path) -> dict[int, tuple[int, float]]:
    """Return pages and seconds of a full bake by the number of countries."""
    found = {}
    for count in COUNTRIES:
        own = sites.copy(env, folder / f"countries-{count}")
        there = job(own, "fill_countries", count)
        found[there] = sites.bake(own)
    return found


def grown(env: dict[str, str], folder: Path) -> list[Grown]:
    """Render pages of sites with more languages and more countries."""
    found = []
    for count in LANGUAGES:
        own = sites.copy(env, folder / f"languages-{count}")
        revisions = job(own, "only_language") if count == 1 else job(own, "fill_languages", count)
        found.append(Grown(count, 46, revisions, job(own, "render")))
    own = sites.copy(env, folder / "languages-36-countries-200")
    revisions = job(own, "fill_languages", 36)
    countries = job(own, "fill_countries", 200)
    found.append(Grown(36, countries, revisions + countries - 46, job(own, "render")))
    return found


def visible(env: dict[str, str], folder: Path) -> dict[str, list[Times]]:
    """Return how long after an approval each of two nodes shows it, by what was approved.

    Both nodes have a follower and a server of their own, on this machine; the first stands for the
    one where it was approved. Each node is asked every 10 ms.
    """
    nodes = []
    with ExitStack() as running:
        for number in range(2):
            node = Node(folder / f"node{number}", FIRST_PORT + number)
            own = env | {"BAKED_ROOT": str(node.root)}
            sites.bake(own)
            said = running.enter_context(node.log.open("wb"))
            follower = subprocess.Popen(
                [*sites.MANAGE, "bake", "--follow"], cwd=sites.ROOT, env=own,
                stdout=said, stderr=said,
            )  # fmt: skip
            running.callback(_end, follower)
            running.enter_context(sites.server(own, node.port))
            nodes.append(node)
        found: dict[str, list[list[float]]] = {}
        for _ in range(APPROVALS):
            for what, path in {"text": "/en/stop/", "number": "/fr/report/ie/"}.items():
                for node in nodes:
                    node.settle()
                looks = [(node, path) for node in nodes]
                found.setdefault(f"a {what}", []).append(_seen(env, [what], looks))
            for node in nodes:
                node.settle()
            job(env, "approve", "text")
            name = "a number, while the rest of a text is baked"
            looks = [(node, "/fr/report/ie/") for node in nodes]
            found.setdefault(name, []).append(_seen(env, ["number"], looks))
    return {
        what: [Times(list(of_node)) for of_node in zip(*seconds, strict=True)]
        for what, seconds in found.items()
    }


def corrected(env: dict[str, str], folder: Path) -> dict[str, dict[str, Times]]:
    """Return how long after its approval a number of Germany is right where it is read.

    By whether the rest of a text is baked meanwhile, and by address. One node with its server and
    its follower has the machine for itself; it is asked every 10 ms.
    """
    found: dict[str, dict[str, list[float]]] = {}
    node = Node(folder / "corrected", FIRST_PORT + 9)
    own = env | {"BAKED_ROOT": str(node.root)}
    sites.bake(own)
    with ExitStack() as running:
        said = running.enter_context(node.log.open("wb"))
        follower = subprocess.Popen(
            [*sites.MANAGE, "bake", "--follow"], cwd=sites.ROOT, env=own, stdout=said, stderr=said
        )
        running.callback(_end, follower)
        running.enter_context(sites.server(own, node.port))
        for _ in range(APPROVALS):
            for name in ("nothing else to do", "the rest of a text is baked meanwhile"):
                node.settle()
                if name != "nothing else to do":
                    job(env, "approve", "text")
                    time.sleep(3)  # its first pages are out, and the rest is at work
                looks = [(node, path) for path in CORRECTED]
                for path, took in zip(CORRECTED, _seen(env, ["number", "DE"], looks), strict=True):
                    found.setdefault(name, {}).setdefault(path, []).append(took)
    return {name: {p: Times(all_) for p, all_ in by.items()} for name, by in found.items()}


@dataclass(frozen=True)
class Node:
    """One of the machines: its folder of releases, and the port of its server."""

    root: Path
    port: int

    @property
    def log(self) -> Path:
        """What its follower says."""
        return self.root.with_suffix(".log")

    def settle(self) -> None:
        """Wait until its follower has baked all that is live, and made ready for what comes."""
        for _ in range(10 * SETTLE):
            if is_ready(self.root, releases.current_number(self.root) or 0):
                return
            time.sleep(0.1)
        raise SystemExit(f"Not baked after {SETTLE} s: {self.log.read_text()[-2000:]}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait(timeout=20)


def _seen(env: dict[str, str], what: list[str], looks: list[tuple[Node, str]]) -> list[float]:
    """Approve something and return the seconds until each address of a node shows it."""
    command = [sys.executable, "-m", "benchmarks.growing", "approve", *what]
    with subprocess.Popen(command, cwd=sites.ROOT, env=env, stdout=subprocess.PIPE) as approving:
        said = approving.stdout.readline() if approving.stdout else b""
    mark, approved = json.loads(said)
    ends: dict[tuple[Node, str], float] = {}

    def look(node: Node, path: str) -> None:
        address = f"http://127.0.0.1:{node.port}{path}"
        while time.time() < approved + WAIT:
            body = urllib.request.urlopen(address, timeout=WAIT).read()
            if mark in re.sub(r"[^\w<>]", "", body.decode()):
                ends[node, path] = time.time()
                return
            time.sleep(0.01)

    looking = [threading.Thread(target=look, args=one) for one in looks]
    for thread in looking:
        thread.start()
    for thread in looking:
        thread.join()
    if len(ends) < len(looks):
        missing = [path for node, path in looks if (node, path) not in ends]
        said = "".join(node.log.read_text()[-1000:] for node, _ in looks[:1])
        raise SystemExit(f"{what}: {missing} have not shown {mark} within {WAIT} s. {said}")
    return [ends[look] - approved for look in looks]
