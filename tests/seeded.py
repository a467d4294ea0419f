"""The shipped site as a database file: made once a run, by the process that asks first."""

import fcntl
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def environment(url: str) -> dict[str, str]:
    """The variables of a developer's copy of the site with this database."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {"DEBUG": "1", "DATABASE_URL": url}


def manage(url: str, *words: str) -> str:
    """Run manage.py with this database; return what it prints."""
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(url), capture_output=True, text=True, check=True
    )
    return done.stdout


def fill(url: str) -> None:
    """Load the whole campaign as shipped into an empty database."""
    manage(url, "migrate", "-v0")
    manage(url, "seed")


def copy_to(target: sqlite3.Connection, folders: pytest.TempPathFactory) -> None:
    """Copy the shipped site over all that an SQLite database holds."""
    with closing(sqlite3.connect(_shipped(folders))) as source:
        source.backup(target)


def _shipped(folders: pytest.TempPathFactory) -> Path:
    # Processes of one run have folders beside each other; the one above them is common to all.
    own = folders.getbasetemp()
    common = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    database, whole = common / "shipped.sqlite3", common / "shipped"
    with (common / "shipped.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            database.unlink(missing_ok=True)
            fill(f"sqlite:///{database}")
            whole.touch()
    return database
