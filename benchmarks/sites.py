"""A seeded site for measurements, in a folder of its own, and the servers in front of it."""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANAGE = [sys.executable, "manage.py"]
GUNICORN = [sys.executable, "-m", "gunicorn", "--config", "campaign/gunicorn.conf.py"]


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a site whose database, files and releases lie in a folder."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return kept | {
        "SECRET_KEY": "measured-and-thrown-away-" * 3,
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": "http://127.0.0.1:8000",
        "HTTPS": "0",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "STATIC_ROOT": str(folder / "static"),
        "BAKED_ROOT": str(folder / "baked"),
        "PYTHONPATH": str(ROOT),
    }


def manage(env: dict[str, str], *command: str) -> str:
    """Run a management command and return what it says."""
    return subprocess.run(
        [*MANAGE, *command], cwd=ROOT, env=env, check=True, capture_output=True, text=True
    ).stdout


def build(folder: Path) -> dict[str, str]:
    """Make a seeded site and return its environment; nothing is baked yet."""
    env = environment(folder)
    manage(env, "migrate", "--verbosity", "0")
    manage(env, "seed")
    manage(env, "collectstatic", "--noinput", "--verbosity", "0")
    return env


def copy(env: dict[str, str], folder: Path) -> dict[str, str]:
    """Return the environment of the same site with a database of its own; nothing is baked."""
    folder.mkdir()
    shutil.copy(env["DATABASE_URL"].removeprefix("sqlite:///"), folder / "db.sqlite3")
    return environment(folder) | {"STATIC_ROOT": env["STATIC_ROOT"]}


def bake(env: dict[str, str], *options: str) -> tuple[int, float]:
    """Bake; returns how many pages were rendered and in how many seconds."""
    said = manage(env, "bake", *options)
    found = re.search(r"(\d+) of \d+ pages baked in ([\d.]+) s", said)
    if not found:
        raise SystemExit(f"bake says: {said}")
    return int(found[1]), float(found[2])


@contextmanager
def server(env: dict[str, str], port: int, *command: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a server (gunicorn unless another command is given) until the block ends."""
    process = subprocess.Popen(
        command or GUNICORN,
        cwd=ROOT,
        env=env | {"HOST": "127.0.0.1", "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(150):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/en/stop/", timeout=5).read()
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise SystemExit(f"Nothing answers at port {port}: {command}")
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


def processor(process: "subprocess.Popen[bytes]") -> float:
    """Return the milliseconds of a processor that the children of a process have taken."""
    said = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True, check=True
    ).stdout
    ticks = 0
    for pid in said.split():
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(after_name[11]) + int(after_name[12])
    return 1000 * ticks / os.sysconf("SC_CLK_TCK")


def memory(process: "subprocess.Popen[bytes]") -> float:
    """Return the megabytes (resident) of the largest worker."""
    said = subprocess.run(
        ["ps", "-o", "rss=", "--ppid", str(process.pid)], capture_output=True, text=True, check=True
    ).stdout
    return max(int(line) for line in said.split()) / 1024
