"""Serve the whole site on this machine, from nothing: `make serve` runs this.

Prepares what is missing or has changed (catalogues, database, seed, static files, the demo staff
accounts), then becomes gunicorn; pages are baked meanwhile, and again when something is approved.
All that it writes lies under var/. HOST and PORT choose the address; DATABASE_URL another database.
"""

import argparse
import contextlib
import errno
import hashlib
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
DATABASE = VAR / "db.sqlite3"
DONE = VAR / "serve.json"
"""A note of which command was last run for which state of its files."""


@dataclass(frozen=True)
class Step:
    """A management command, the files it depends on, and whether to run it all the same."""

    command: str
    inputs: list[Path]
    always: bool


def main() -> int:
    """Check the port, prepare, and become gunicorn. Returns only when something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check-port", action="store_true", help="only say whether it is free")
    arguments = parser.parse_args()

    host = os.environ.get("HOST") or "127.0.0.1"
    port = os.environ.get("PORT") or "8000"
    if problem := port_problem(host, port):
        print(problem, file=sys.stderr)
        return 1
    if arguments.check_port:
        return 0

    VAR.mkdir(exist_ok=True)
    os.chdir(ROOT)
    os.environ.update(environment(host, port))
    for step in steps():
        if not run_if_needed(step):
            return 1
    address = f"http://{in_url(host)}:{port}"
    staff = f"{address}/{os.environ.get('ADMIN_PATH', 'admin').strip('/')}/"
    print(f"\nSay No: {address}/   staff: {staff}   Ctrl-C stops it.\n", flush=True)
    # Until a page is baked it is rendered when it is asked for.
    subprocess.Popen([sys.executable, "manage.py", "bake", "--follow", "--with-parent"])
    command = [sys.executable, "-m", "gunicorn", "--config", "campaign/gunicorn.conf.py"]
    os.execv(sys.executable, command)  # noqa: S606  our own command, no shell


def port_problem(host: str, port: str) -> str | None:
    """Return why we cannot listen there, with what to do about it; None when we can."""
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        return f"PORT is {port!r}: write a number from 1 to 65535."
    try:
        listen(host, int(port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = next(free_ports(host, int(port) + 1), None)
            return f"Port {port} is in use." + (f" Run: make serve PORT={other}" if other else "")
        if error.errno == errno.EACCES:
            return f"Port {port} is reserved for the administrator. Run: make serve PORT=8000"
        return f"HOST={host} is no address of this machine: {error.strerror}."
    return None


def free_ports(host: str, first: int) -> Iterator[int]:
    """Yield the ports from `first` on that can be listened on."""
    for port in range(first, min(first + 100, 65536)):
        with contextlib.suppress(OSError):
            listen(host, port)
            yield port


def listen(host: str, port: int) -> None:
    """Open the port and close it again. Raises OSError when that is impossible."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does
        probe.bind(address)
        probe.listen(1)


def environment(host: str, port: str) -> dict[str, str]:
    """Return the settings of a demo on this machine. What the caller has set is kept, but for the
    mode and the key, which belong to the demo.
    """
    hosts = ["127.0.0.1", "localhost", "[::1]"]
    if in_url(host) not in hosts:
        hosts.append(in_url(host))
    defaults = {
        "ALLOWED_HOSTS": ",".join(hosts),
        "SITE_URL": f"http://{in_url(host)}:{port}",
        "HTTPS": "0",
        "DATABASE_URL": f"sqlite:///{quote(str(DATABASE))}",
        "STATIC_ROOT": str(VAR / "static"),
        "BAKED_ROOT": str(VAR / "baked"),
    }
    kept = {name: os.environ.get(name) or value for name, value in defaults.items()}
    return kept | {
        "DEBUG": "0",
        "DEMO": "1",
        "SECRET_KEY": secret_key(),
        "HOST": host,
        "PORT": port,
    }


def in_url(host: str) -> str:
    """Return the host as an address of a page writes it: IPv6 in brackets (RFC 3986, 3.2.2)."""
    return f"[{host}]" if ":" in host else host


def secret_key() -> str:
    """Return this machine's own key, made on the first start and readable by its owner only."""
    path = VAR / "secret_key"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text()


def steps() -> list[Step]:
    """Return the management commands in their order."""
    code = [*files("campaign"), *files("content"), ROOT / "requirements.txt"]
    ours = os.environ["DATABASE_URL"] == f"sqlite:///{quote(str(DATABASE))}"
    # Another database than our own file can be emptied behind our back.
    no_data = not (ours and DATABASE.exists())
    catalogues = files("locale", ".po")
    static = [*files("static"), *files("content/static"), ROOT / "requirements.txt"]
    collected = Path(os.environ["STATIC_ROOT"]) / "staticfiles.json"
    return [
        Step("compilecatalogues", catalogues, not all(map(is_compiled, catalogues))),
        Step("migrate --verbosity 0", code, no_data),
        Step("seed", code, no_data),
        Step("collectstatic --noinput --verbosity 0", static, not collected.exists()),
        Step("demoaccounts", code, no_data),
    ]


def is_compiled(po: Path) -> bool:
    """Whether a catalogue has its compiled form beside it."""
    return po.with_suffix(".mo").exists()


def files(folder: str, ending: str = "") -> list[Path]:
    """Return the files below a folder of the project whose names end so."""
    return [
        path
        for path in (ROOT / folder).rglob(f"*{ending}")
        if path.is_file() and path.suffix != ".pyc"
    ]


def state(paths: Iterable[Path]) -> str:
    """Return a digest that changes when one of the files does."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def run_if_needed(step: Step) -> bool:
    """Run a management command unless it was done for these very files; False when it failed."""
    now = state(step.inputs)
    done = read_done()
    if not step.always and done.get(step.command) == now:
        return True
    name = step.command.split()[0]
    print(f"{name} ...", flush=True)
    started = time.monotonic()
    if subprocess.run([sys.executable, "manage.py", *step.command.split()], check=False).returncode:
        print(f"`manage.py {name}` failed: what it said stands above.", file=sys.stderr)
        return False
    print(f"{name}: {time.monotonic() - started:.1f} s", flush=True)
    DONE.write_text(json.dumps(done | {step.command: now}, indent=1))
    return True


def read_done() -> dict[str, str]:
    """Return what earlier starts did; nothing when the note is missing or cut off."""
    try:
        return dict(json.loads(DONE.read_text()))
    except (OSError, ValueError):
        return {}


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
