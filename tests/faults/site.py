"""The site that is broken: seeded and baked once, copied for each test in seconds.

The copy that tests start from is kept in var/faults/ until code or day are others.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.browser import ROOT
from tests.faults.database import USER, Cluster

CODE = ("campaign", "content", "templates", "static", "locale")
"""Folders that a node runs from: a copy, so that nobody's editing meanwhile is a new version."""
FILES = ("manage.py", "requirements.txt")
PUBLIC, STAFF = "public.localhost", "staff.localhost"
PASSWORD = "a quiet lighthouse by the sea"
KEPT = ROOT / "var" / "faults"
TIMEOUT = 3
"""DATABASE_TIMEOUT of the nodes, in seconds."""


def environment(code: Path, folder: Path, url: str) -> dict[str, str]:
    """Return the environment of a site's commands, with its files in a folder."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(code),
        "DJANGO_SETTINGS_MODULE": "campaign.settings",
        "SECRET_KEY": "broken-on-purpose-" * 4,
        "ALLOWED_HOSTS": f"{PUBLIC},{STAFF}",
        "SITE_URL": f"http://{PUBLIC}",
        "HTTPS": "0",
        "PROXIES": "1",
        "DATABASE_URL": url,
        "DATABASE_TIMEOUT": str(TIMEOUT),
        "STATIC_ROOT": str(code / "collected"),
        "BAKED_ROOT": str(folder / "baked"),
    }


def manage(env: dict[str, str], *command: str) -> str:
    """Run a management command in the code of an environment; returns what it prints."""
    return python(env, "manage.py", *command)


def python(env: dict[str, str], *arguments: str) -> str:
    """Run Python in the code of an environment; returns what it prints."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=env["PYTHONPATH"],
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def copy_tree(source: Path, target: Path, *options: str) -> None:
    """Copy a folder with its owners; with `--link` its files are the same on disk."""
    subprocess.run(["cp", "--archive", *options, source, target], check=True)


@contextmanager
def made() -> Iterator[Path]:
    """Yield a folder with a seeded, baked site in it: code/, database/, baked/, people.json."""
    KEPT.mkdir(parents=True, exist_ok=True)
    stamp = _stamp()
    whole = KEPT / "site"
    if not (whole / "stamp").exists() or (whole / "stamp").read_text() != stamp:
        shutil.rmtree(whole, ignore_errors=True)
        _make(whole)
        (whole / "stamp").write_text(stamp)
    with tempfile.TemporaryDirectory(prefix="faults-", dir=_place()) as name:
        os.chmod(name, 0o755)  # the user of PostgreSQL comes through
        yield Path(name)


def _place() -> Path:
    """Return where sites are made: where links to what is kept are possible, and short."""
    place = ROOT / "var"
    if USER and not _may_enter(place):
        place = Path(tempfile.gettempdir())
    return place


def _may_enter(place: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in (place, *place.parents))


def _stamp() -> str:
    digest = hashlib.sha256(datetime.now(UTC).date().isoformat().encode())
    files = [ROOT / name for name in FILES]
    files += [Path(__file__), Path(__file__).with_name("people.py")]
    for folder in CODE:
        files += [path for path in sorted((ROOT / folder).rglob("*")) if path.is_file()]
    for path in files:
        if path.suffix not in {".pyc", ".mo"}:
            digest.update(f"{path}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _make(whole: Path) -> None:
    code = whole / "code"
    code.mkdir(parents=True)
    for folder in CODE:
        shutil.copytree(ROOT / folder, code / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, code)
    (code / "tests").mkdir()
    shutil.copy(Path(__file__).with_name("people.py"), code / "tests" / "people.py")
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        os.chmod(name, 0o755)
        cluster = Cluster(Path(name) / "database")
        cluster.create()
        try:
            env = environment(code, whole, cluster.url) | {"DATABASE_TIMEOUT": "60"}
            manage(env, "compilecatalogues")
            manage(env, "migrate", "--verbosity", "0")
            manage(env, "seed")
            manage(env, "collectstatic", "--noinput", "--verbosity", "0")
            manage(env, "bake")
            (whole / "people.json").write_text(python(env, "tests/people.py", PASSWORD))
        finally:
            cluster.stop()
        copy_tree(cluster.folder, whole / "database")


def people(whole: Path) -> dict[str, object]:
    """Return who works there, and what waits for approval."""
    return dict(json.loads((whole / "people.json").read_text()))


def remove(folder: Path) -> None:
    """Remove a site that does not run any more."""
    shutil.rmtree(folder, ignore_errors=True)
