"""How fast a baked page is served, beside other ways to send the very same bytes.

All servers run at once and are asked in turns; medians and spread over the rounds. `wrk` asks;
every request goes to 127.0.0.1.
"""

import json
import os
import random
import re
import shutil
import statistics
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

from benchmarks import sites

PAGE = "/en/stop/"
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "15"))
SECONDS = min(10, int(os.environ.get("BENCH_SECONDS", "1")))
"""Many short rounds: whatever else the machine does for a while meets all of them."""
CONNECTIONS = (16, 256)
FIRST_PORT = 18_100
NGINX = """
daemon off; pid {folder}/pid; error_log {folder}/errors; worker_processes 2;
events {{ worker_connections 1024; }}
http {{
    access_log off; include /etc/nginx/mime.types; sendfile on; tcp_nopush on;
    client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
    uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
    server {{ listen 127.0.0.1:{port}; root {export}; include {export}/nginx.conf; }}
}}
"""


@dataclass
class Server:
    """One of those that are compared, and what was measured."""

    name: str
    port: int
    seconds: int = SECONDS
    """How long each round asks; longer than the longest wait for an answer."""
    worker: float = 0
    rates: dict[int, list[float]] = field(default_factory=lambda: {c: [] for c in CONNECTIONS})
    """Requests a second by connections."""
    middles: dict[int, list[float]] = field(default_factory=lambda: {c: [] for c in CONNECTIONS})
    """Milliseconds of half of all answers, at most."""
    slowest: dict[int, list[float]] = field(default_factory=lambda: {c: [] for c in CONNECTIONS})
    """Milliseconds of 99 of 100 answers, at most."""
    costs: dict[int, list[float]] = field(default_factory=lambda: {c: [] for c in CONNECTIONS})
    """Milliseconds of a processor that the server's own processes take for an answer."""

    def rate(self, connections: int) -> float:
        """Return the median of the requests a second."""
        return statistics.median(self.rates[connections])

    def cost(self, connections: int) -> float:
        """Return the median of the milliseconds of a processor for an answer."""
        return statistics.median(self.costs[connections])

    def share_of(self, other: "Server", connections: int) -> float:
        """Return what this is of the other: the median of the shares of each round."""
        pairs = zip(self.rates[connections], other.rates[connections], strict=True)
        return statistics.median(own / others for own, others in pairs)


def measure(folder: Path, env: dict[str, str]) -> list[Server]:
    """Measure the baked site `env` in turns with the others. Returns all, ours first."""
    ports = iter(range(FIRST_PORT, FIRST_PORT + 20))
    found: list[Server] = []
    processes = []
    with ExitStack() as running:

        def start(name: str, env: dict[str, str], *command: str) -> Server:
            one = Server(name, next(ports))
            processes.append(running.enter_context(sites.server(env, one.port, *command)))
            found.append(one)
            return one

        ours = start("baked page", env)
        keep(ours.port, folder / "answer")
        others = {**env, "ANSWER": str(folder / "answer")}
        bare = [*sites.GUNICORN, "benchmarks.answers:"]
        for name, app in {
            "bare gunicorn, same bytes and headers": "all_headers",
            "bare gunicorn, same bytes, three headers": "few_headers",
            "gunicorn and WhiteNoise, one file": "from_whitenoise()",
            "a Django view with these bytes, no middleware": "from_django()",
        }.items():
            start(name, others, *bare[:-1], bare[-1] + app)
        live = start("our page rendered live", env | {"BAKED_ROOT": str(folder / "nothing")})
        live.seconds = max(4, SECONDS)
        start("nginx with the export (gzip)", env, *nginx(folder, env, FIRST_PORT + len(found)))
        for one in found:
            ask(one.port, 16, 1)
        in_turn = list(zip(found, processes, strict=True))
        for _ in range(ROUNDS):
            for connections in CONNECTIONS:
                for one, process in random.sample(in_turn, len(in_turn)):
                    before = sites.processor(process)
                    count, rate, middle, slow = ask(one.port, connections, one.seconds)
                    one.costs[connections].append((sites.processor(process) - before) / count)
                    one.rates[connections].append(rate)
                    one.middles[connections].append(middle)
                    one.slowest[connections].append(slow)
        for one, process in zip(found, processes, strict=True):
            one.worker = sites.memory(process)
    return found


def keep(port: int, folder: Path) -> None:
    """Keep the page's headers and bytes for the others."""
    site = folder / "site" / PAGE.strip("/")
    site.mkdir(parents=True)
    for encoding, suffix in (("br", ".br"), ("gzip", ".gz"), ("identity", "")):
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", PAGE, headers={"Accept-Encoding": encoding})
        response = connection.getresponse()
        body = response.read()
        (site / f"index.html{suffix}").write_bytes(body)
        if encoding == "br":
            (folder / "body.br").write_bytes(body)
            own = {"server", "date", "connection"}
            headers = [pair for pair in response.getheaders() if pair[0].lower() not in own]
            (folder / "headers.json").write_text(json.dumps(headers))
        connection.close()


def nginx(folder: Path, env: dict[str, str], port: int) -> list[str]:
    """Export the site and return the command that serves it."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin") or "nginx"
    own = folder / "nginx"
    own.mkdir()
    for part in (folder, own):
        part.chmod(0o755)  # its workers run under another account
    sites.manage(env, "export", str(folder / "export"))
    (own / "config").write_text(NGINX.format(folder=own, port=port, export=folder / "export"))
    return [program, "-c", str(own / "config")]


def ask(port: int, connections: int, seconds: int) -> tuple[int, float, float, float]:
    """Return answers, answers a second, and the milliseconds of 50 and of 99 of 100 of them."""
    said = subprocess.run(
        [
            *("wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--latency"),
            *("-H", "Accept-Encoding: br, gzip", f"http://127.0.0.1:{port}{PAGE}"),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    count = re.search(r"(\d+) requests in", said)
    if (
        not rate
        or not count
        or "Non-2xx" in said
        or "connect 0, read 0, write 0"
        not in (said if "Socket errors" in said else "connect 0, read 0, write 0")
    ):
        raise SystemExit(said)
    unit = {"us": 0.001, "ms": 1.0, "s": 1000.0}
    shares = {
        share: float(value) * unit[name]
        for share, value, name in re.findall(r"(50|99)%\s+([\d.]+)(us|ms|s)\b", said)
    }
    return int(count[1]), float(rate[1]), shares["50"], shares["99"]
