"""How long baking takes, when an approval is seen on two nodes, and how both grow."""

import json
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

FIRST_PORT = 18_200
LANGUAGES = (1, 6, 36, 72)
COUNTRIES = (46, 200)
APPROVALS = 10
WAIT = 30
"""Seconds after which an approval that nobody sees ends the measurement."""


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
    """Return how long after an approval each of two nodes shows it: text, and a number.

    Both nodes have a follower and a server of their own, on this machine; the first stands for the
    one where it was approved. Each node is asked every 10 ms.
    """
    nodes = []
    with ExitStack() as running:
        for number in range(2):
            own = env | {"BAKED_ROOT": str(folder / f"node{number}")}
            sites.bake(own)
            follower = subprocess.Popen(
                [*sites.MANAGE, "bake", "--follow"], cwd=sites.ROOT, env=own,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            running.callback(_end, follower)
            running.enter_context(sites.server(own, FIRST_PORT + number))
            nodes.append(FIRST_PORT + number)
        time.sleep(8)  # both followers have looked once
        found = {}
        for what, path in {"text": "/en/stop/", "number": "/fr/report/ie/"}.items():
            seconds: list[list[float]] = [[], []]
            for _ in range(APPROVALS):
                for node, waited in enumerate(_seen(env, what, path, nodes)):
                    seconds[node].append(waited)
            found[what] = [Times(one) for one in seconds]
    return found


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait(timeout=20)


def _seen(env: dict[str, str], what: str, path: str, nodes: list[int]) -> list[float]:
    """Approve something and return the seconds until each node shows it."""
    command = [sys.executable, "-m", "benchmarks.growing", "approve", what]
    with subprocess.Popen(command, cwd=sites.ROOT, env=env, stdout=subprocess.PIPE) as approving:
        said = approving.stdout.readline() if approving.stdout else b""
    mark, approved = json.loads(said)
    ends: dict[int, float] = {}

    def look(port: int) -> None:
        while time.time() < approved + WAIT:
            body = urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).read()
            if mark in re.sub(r"[^\w<>]", "", body.decode()):
                ends[port] = time.time()
                return
            time.sleep(0.01)

    looking = [threading.Thread(target=look, args=(port,)) for port in nodes]
    for thread in looking:
        thread.start()
    for thread in looking:
        thread.join()
    if len(ends) < len(nodes):
        raise SystemExit(f"{what}: not every node has shown {mark} within {WAIT} s.")
    return [ends[port] - approved for port in nodes]
