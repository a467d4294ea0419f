"""Readers who walk over all addresses and keep what they get, and what they should have got."""

import hashlib
import http.client
import itertools
import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Self

from tests.faults.site import PUBLIC

ENCODINGS = ("br", "gzip", "")
LONGEST = 30.0
"""Seconds after which a reader gives up; more than any proxy waits."""


class Answer(NamedTuple):
    """What a reader got, as far as it is looked at; status 0 is no answer."""

    path: str
    encoding: str
    status: int
    digest: str
    headers: tuple[tuple[str, str], ...]
    """But for those of the connection and the moment."""


PASSING = {"date", "server", "connection", "keep-alive", "content-length"}


class Releases:
    """All releases that were there to be served while somebody watched."""

    def __init__(self, roots: Iterable[Path], folder: Path) -> None:
        self.roots = list(roots)
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self._kept: set[tuple[Path, int]] = set()

    def look(self) -> None:
        """Keep the manifests of releases not seen before: they are removed after a while."""
        for root in self.roots:
            with suppress(OSError):
                for name in os.listdir(root / "releases"):
                    if name.isdigit() and (root, int(name)) not in self._kept:
                        self._keep(root, int(name))

    def _keep(self, root: Path, number: int) -> None:
        with suppress(OSError):
            data = (root / "releases" / str(number) / "manifest.json").read_bytes()
            (self.folder / f"{len(self._kept)}.json").write_bytes(data)
            self._kept.add((root, number))

    def right(self) -> dict[str, list["Right"]]:
        """Return by address all answers that were right at some time."""
        found: dict[str, list[Right]] = {}
        for path in self.folder.glob("*.json"):
            manifest = json.loads(path.read_bytes())
            pages = manifest["pages"] | {
                nowhere(code): page for code, page in manifest["missing"].items()
            }
            for address, page in pages.items():
                headers = {
                    name.lower(): value for name, value in manifest["headers"][page["headers"]]
                }
                one = Right(page["status"], page["digests"], headers)
                if one not in found.setdefault(address, []):
                    found[address].append(one)
        return found


def nowhere(code: str) -> str:
    """An address below a language that no page has."""
    return f"/{code}/nobody-has-this/"


@dataclass
class Right:
    """An answer as a manifest promises it."""

    status: int
    digests: Mapping[str, str]
    headers: Mapping[str, str]

    def is_met_by(self, answer: Answer) -> bool:
        """Whether an answer has this status, these bytes and all these headers, and its ETag."""
        encoding = answer.encoding if answer.encoding in self.digests else ""
        digest = self.digests[encoding]
        headers = dict(answer.headers)
        return (
            (answer.status, answer.digest) == (self.status, digest)
            and headers.get("content-encoding", "") == encoding
            and headers.get("etag") == f'"{digest[:32]}"'
            and self.headers.items() <= headers.items()
        )


@dataclass
class Verdict:
    """What readers got in all."""

    total: int = 0
    addresses: int = 0
    longest: float = 0.0
    wrong: Counter[str] = field(default_factory=Counter)

    @property
    def failed(self) -> int:
        return sum(self.wrong.values())

    def __str__(self) -> str:
        return f"{self.total - self.failed:,} of {self.total:,} answers right"


class Readers:
    """Some threads, each a browser that goes from address to address; a `with` block long."""

    def __init__(
        self,
        port: int,
        paths: list[str],
        releases: Releases,
        threads: int = 4,
        pause: float = 0,
    ) -> None:
        self.port = port
        self.pause = pause
        """Seconds that each rests after an answer; without, they take all that the machine has."""
        self.releases = releases
        self.answers: Counter[Answer] = Counter()
        self.longest = 0.0
        self._lock = threading.Lock()
        self._end = threading.Event()
        shuffled = random.sample(paths, len(paths))
        self._threads = [
            threading.Thread(target=self._read, args=(shuffled[start::threads],))
            for start in range(threads)
        ]
        self._threads.append(threading.Thread(target=self._watch))

    def __enter__(self) -> Self:
        self.releases.look()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join()
        self.releases.look()

    @property
    def total(self) -> int:
        """How many answers there were until now."""
        with self._lock:
            return sum(self.answers.values())

    def at_least(self, more: int, seconds: float = 120) -> None:
        """Wait until so many more were answered."""
        goal, end = self.total + more, time.monotonic() + seconds
        while self.total < goal:
            assert time.monotonic() < end, f"readers got fewer than {more} answers"
            time.sleep(0.05)

    def _watch(self) -> None:
        while not self._end.wait(0.05):
            self.releases.look()

    def _read(self, paths: list[str]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
        encodings = itertools.cycle(ENCODINGS)
        for path in itertools.cycle(paths):
            if self._end.is_set():
                break
            started = time.monotonic()
            answer = ask(connection, path, next(encodings))
            took = time.monotonic() - started
            with self._lock:
                self.answers[answer] += 1
                self.longest = max(self.longest, took)
            time.sleep(self.pause if answer.status else 0.05)
        connection.close()

    def verdict(self) -> Verdict:
        """Compare what readers got with all that was right at some time."""
        right = self.releases.right()
        verdict = Verdict(longest=self.longest)
        verdict.total = sum(self.answers.values())
        verdict.addresses = len({answer.path for answer in self.answers})
        for answer, times in self.answers.items():
            if not any(one.is_met_by(answer) for one in right.get(answer.path, [])):
                verdict.wrong[f"{answer.status or answer.digest} {answer.path}"] += times
        return verdict


def ask(connection: http.client.HTTPConnection, path: str, encoding: str = "") -> Answer:
    """Return what comes back; a kept connection that was closed meanwhile is opened again once."""
    headers = {"Host": PUBLIC, "Accept-Encoding": encoding or "identity"}
    was_open = connection.sock is not None
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
    except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError) as error:
        connection.close()
        # As browsers do, RFC 9110, 9.2.2: an idle connection may end at any time.
        return ask(connection, path, encoding) if was_open else _none(path, encoding, error)
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        return _none(path, encoding, error)
    kept = sorted(
        (name.lower(), value) for name, value in answer.getheaders() if name.lower() not in PASSING
    )
    return Answer(path, encoding, answer.status, hashlib.sha256(body).hexdigest(), tuple(kept))


def _none(path: str, encoding: str, error: Any) -> Answer:
    return Answer(path, encoding, 0, type(error).__name__, ())
