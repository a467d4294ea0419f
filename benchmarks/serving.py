"""How fast a baked page is served, beside bare gunicorn with the very same bytes.

Serves the current release (BAKED_ROOT) by the site's own gunicorn configuration, and by the same
configuration an application that knows nothing but one answer: once with all headers of the page,
once with its type and length alone. Measured in turns, medians and spread printed. Needs `wrk`
(Debian) and the site's environment; every request goes to 127.0.0.1.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = os.environ.get("BENCH_PAGE", "/en/stop/")
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = min(10, int(os.environ.get("BENCH_SECONDS", "4")))
CONNECTIONS = int(os.environ.get("BENCH_CONNECTIONS", "16"))
FIRST_PORT = 18_100

_answer: tuple[list[tuple[str, str]], bytes] | None = None


def bare(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer everything with the bytes that were taken from the site (BENCH_FROM)."""
    global _answer
    if _answer is None:
        _answer = taken(int(os.environ["BENCH_FROM"]), os.environ["BENCH_HEADERS"])
    start_response("200 OK", _answer[0])
    return [_answer[1]]


def taken(port: int, which: str) -> tuple[list[tuple[str, str]], bytes]:
    """Return the page's headers, all or those of the body, and its bytes."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", PAGE, headers={"Accept-Encoding": "br"})
    response = connection.getresponse()
    gunicorns = {"server", "date", "connection"}
    needed = {"content-type", "content-length", "content-encoding"}
    headers = [
        (name, value)
        for name, value in response.getheaders()
        if name.lower() not in gunicorns and (which == "all" or name.lower() in needed)
    ]
    return headers, response.read()


def start(port: int, **environment: str) -> "subprocess.Popen[bytes]":
    """Start gunicorn as the site does, and return once it answers."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "campaign/gunicorn.conf.py"]
        + (["benchmarks.serving:bare"] if environment else []),
        cwd=ROOT,
        env={**os.environ, **environment, "HOST": "127.0.0.1", "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{PAGE}", timeout=5).read()
        except OSError:
            time.sleep(0.1)
        else:
            return process
    process.kill()
    raise SystemExit(f"Nothing answers at port {port}.")


def measure(port: int) -> float:
    """Return requests a second."""
    said = subprocess.run(
        [
            *("wrk", "-t2", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", "Accept-Encoding: br"),
            f"http://127.0.0.1:{port}{PAGE}",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if not found or "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(said)
    return float(found[1])


def memory(process: "subprocess.Popen[bytes]") -> list[float]:
    """Return the megabytes of each worker (resident)."""
    said = subprocess.run(
        ["ps", "-o", "rss=", "--ppid", str(process.pid)], capture_output=True, text=True, check=True
    ).stdout
    return [int(line) / 1024 for line in said.split()]


def main() -> None:
    """Measure in turns and print a table."""
    if not shutil.which("wrk"):
        raise SystemExit("This needs wrk. On Debian: sudo apt-get install wrk")
    ours = start(FIRST_PORT)
    source = {"BENCH_FROM": str(FIRST_PORT)}
    servers = {
        "baked page": (FIRST_PORT, ours),
        "bare gunicorn, same bytes and headers": (
            FIRST_PORT + 1,
            start(FIRST_PORT + 1, **source, BENCH_HEADERS="all"),
        ),
        "bare gunicorn, same bytes": (
            FIRST_PORT + 2,
            start(FIRST_PORT + 2, **source, BENCH_HEADERS="few"),
        ),
    }
    found: dict[str, list[float]] = {name: [] for name in servers}
    try:
        for _ in range(ROUNDS):
            for name, (port, _process) in servers.items():
                found[name].append(measure(port))
        base = statistics.median(found["baked page"])
        for name, rates in found.items():
            middle = statistics.median(rates)
            print(
                f"{name:40} {middle:8.0f} requests/s  ({min(rates):.0f} to {max(rates):.0f})"
                f"  baked is {base / middle:.0%} of it"
            )
        print(f"workers: {', '.join(f'{size:.0f} MB' for size in memory(ours))}")
    finally:
        for _port, process in servers.values():
            process.terminate()
            process.wait(timeout=15)


if __name__ == "__main__":
    main()
