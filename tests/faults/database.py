"""A PostgreSQL of our own, made to be broken."""

import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import psycopg2

from tests.browser import free_port
from tests.faults.processes import below, kill_group, signal_all, start, wait_until

NAME = "say_no"
USER = "postgres" if os.geteuid() == 0 else None
"""PostgreSQL refuses to run as root."""
CONFIGURATION = """
listen_addresses = '127.0.0.1'
max_connections = 60
shared_buffers = 32MB
log_line_prefix = '%a '
log_statement = 'all'
max_wal_size = 64MB
min_wal_size = 32MB
"""


def program(name: str) -> Path:
    """Return a program of PostgreSQL, as Debian lays them. The newest when there are several."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: int(p.parts[4]))
    path = found[-1] if found else shutil.which(name)
    assert path, "PostgreSQL is missing: `make test-faults` says how to get it."
    return Path(path)


class Cluster:
    """A PostgreSQL server with its files in one folder, at a free port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder / "log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> str:
        """The address of the site's database."""
        return f"postgres://{NAME}@127.0.0.1:{self.port}/{NAME}"

    def create(self) -> None:
        """Make an empty one and start it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if USER:
            shutil.chown(self.folder, USER, USER)
        subprocess.run(
            [program("initdb"), "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8"],
            check=True,
            stdout=subprocess.DEVNULL,
            user=USER,
            cwd="/",
        )
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(CONFIGURATION)
        self.start()
        self.run(f"CREATE ROLE {NAME} LOGIN", database="postgres")
        self.run(f"CREATE DATABASE {NAME} OWNER {NAME}", database="postgres")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        assert self.process is None or self.process.poll() is not None
        # A lock file that names a process which has ended by force would only be in the way.
        sockets = f"unix_socket_directories={self.folder}"
        self.process = start(
            [program("postgres"), "-D", self.data, "-p", str(self.port), "-c", sockets],
            self.log,
            folder=Path("/"),
            user=USER,
        )
        wait_until(self.answers, "PostgreSQL does not start")

    def answers(self) -> bool:
        """Whether it takes connections."""
        try:
            self.connect("postgres", "postgres").close()
        except psycopg2.Error:
            return False
        return True

    def stop(self) -> None:
        """End it in order, whoever is connected."""
        if self.process and self.process.poll() is None:
            self.thaw()
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=60)

    def kill(self) -> None:
        """End all its processes at once."""
        assert self.process
        signal_all([self.process.pid, *below(self.process.pid)], signal.SIGKILL)
        kill_group(self.process)

    def freeze(self) -> None:
        """Let all its processes stand still; connections stay open."""
        assert self.process
        signal_all([self.process.pid, *below(self.process.pid)], signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on."""
        assert self.process
        signal_all([*below(self.process.pid), self.process.pid], signal.SIGCONT)

    def connect(self, database: str = NAME, user: str = "postgres") -> Any:
        """Return a connection that commits each statement."""
        connection = psycopg2.connect(
            host="127.0.0.1",
            port=self.port,
            user=user,
            dbname=database,
            connect_timeout=5,
            application_name="test",
        )
        connection.autocommit = True
        return connection

    def run(self, statement: str, *values: Any, database: str = NAME) -> list[tuple[Any, ...]]:
        """Run a statement as the administrator; returns its rows."""
        connection = self.connect(database)
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, values or None)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def statements_of(self, application: str) -> int:
        """Count what was asked by processes of this name until now."""
        with self.log.open("rb") as file:
            return sum(line.startswith(application.encode()) for line in file)

    def waiting_for_locks(self) -> set[str]:
        """Return the names of those that wait for a lock."""
        found = self.run(
            "SELECT application_name FROM pg_stat_activity WHERE wait_event_type='Lock'"
        )
        return {name for (name,) in found}
