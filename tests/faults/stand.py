"""A whole site at work: PostgreSQL, two nodes with a follower each, nginx in front."""

import http.client
import re
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from campaign import releases
from tests.browser import ROOT, free_port
from tests.faults import site
from tests.faults.database import Cluster
from tests.faults.processes import below, kill_group, start, stop, wait_until
from tests.faults.readers import Readers, Releases, nowhere
from tests.faults.site import PUBLIC, STAFF, copy_tree, environment
from tests.faults.staff import Approvals, Person, Text

GUNICORN = (sys.executable, "-m", "gunicorn", "--config", "campaign/gunicorn.conf.py")
FOLLOW = (sys.executable, "manage.py", "bake", "--follow")
NGINX = """
daemon off;
worker_processes 2;
worker_rlimit_nofile 40000;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log emerg;
events {{ worker_connections 16384; }}
http {{
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass
class Node:
    """One machine of the site: gunicorn, and a follower that bakes for it."""

    name: str
    folder: Path
    environment: dict[str, str]
    server_command: tuple[str, ...] = GUNICORN
    follower_command: tuple[str, ...] = FOLLOW
    server: "subprocess.Popen[bytes] | None" = None
    follower: "subprocess.Popen[bytes] | None" = None

    @property
    def code(self) -> Path:
        return Path(self.environment["PYTHONPATH"])

    @property
    def baked(self) -> Path:
        return Path(self.environment["BAKED_ROOT"])

    @property
    def port(self) -> int:
        return int(self.environment["PORT"])

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def start(self) -> None:
        """Start both, and wait for the server."""
        self.start_server()
        self.start_follower()

    def start_server(self) -> None:
        """Start gunicorn, and wait until it answers."""
        env = self.environment | {"PGAPPNAME": f"server-{self.name}"}
        self.server = start(self.server_command, self.log, env, self.code)
        wait_until(self.answers, f"node {self.name} does not answer")

    def start_follower(self) -> None:
        """Start the follower; it looks, and bakes when something is to be baked."""
        env = self.environment | {"PGAPPNAME": f"follower-{self.name}"}
        self.follower = start(self.follower_command, self.log, env, self.code)

    def answers(self) -> bool:
        """Whether the server says that it is alive."""
        try:
            return self.get("/healthz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def get(self, path: str) -> tuple[int, str]:
        """Return what this node answers to a reader."""
        return _get(self.port, path)

    @property
    def workers(self) -> list[int]:
        """The processes of gunicorn's workers."""
        return below(self.server.pid) if self.server else []

    @property
    def release(self) -> int | None:
        """The number of the release that is current here."""
        return releases.current_number(self.baked)

    def said(self) -> str:
        """Return all that both have logged."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def stop(self) -> None:
        """End both in order."""
        for process in (self.follower, self.server):
            stop(process)
        self.follower = self.server = None

    def kill(self) -> None:
        """End both at once, with all their children."""
        for process in (self.follower, self.server):
            if process:
                kill_group(process)
        self.follower = self.server = None


@dataclass
class Stand:
    """The site, with its staff and readers."""

    folder: Path
    cluster: Cluster
    nodes: list[Node]
    port: int
    approvals: Approvals
    editor: Person
    forms: list[int]
    paths: list[str] = field(default_factory=list)
    nginx: "subprocess.Popen[bytes] | None" = None
    watched: int = 0

    def start(self) -> None:
        """Start everything."""
        self.cluster.start()
        for node in self.nodes:
            node.start()
        self.start_nginx()
        for person in (self.editor, self.approvals.person):
            if not person.session:
                person.sign_in()

    def start_nginx(self) -> None:
        """Start nginx with the configuration of deploy/."""
        template = (ROOT / "deploy" / "nginx.conf.template").read_text()
        values = {
            "PUBLIC_HOST": PUBLIC,
            "ADMIN_HOST": STAFF,
            "ADMIN_PATH": "admin",
            "SITE_URL": f"http://{PUBLIC}",
            "SCHEME": "http",
        }
        text = re.sub(r"\$\{(\w+)\}", lambda found: values[found[1]], template)
        for node in self.nodes:
            text = text.replace(f"{node.name}:8000", f"127.0.0.1:{node.port}")
        text = text.replace("listen 8080", f"listen 127.0.0.1:{self.port}")
        text = text.replace("/dev/stdout", str(self.folder / "nginx.log"))
        text = text.replace("error_log /dev/stderr emerg;", "")
        (self.folder / "site.conf").write_text(text)
        (self.folder / "nginx.conf").write_text(NGINX.format(folder=self.folder))
        command = ["/usr/sbin/nginx", "-c", self.folder / "nginx.conf", "-p", self.folder]
        self.nginx = start(command, self.folder / "nginx-error.log")
        wait_until(lambda: _alive(self.port), "nginx does not answer")

    def stop(self) -> None:
        """End everything that still runs."""
        stop(self.nginx)
        for node in self.nodes:
            node.stop()
        self.cluster.stop()

    def readers(self, threads: int = 4, pause: float = 0) -> Readers:
        """Readers who ask nginx; use them in a `with` block."""
        self.watched += 1
        seen = Releases([node.baked for node in self.nodes], self.folder / f"seen-{self.watched}")
        return Readers(self.port, self.paths, seen, threads, pause)

    def staff_works(self) -> bool:
        """Whether the start page of the staff area is there."""
        return self.approvals.person.ask("/admin/").status == 200

    def is_visible(self, text: Text) -> bool:
        """Whether readers of every node see a text."""
        return all(text.word in node.get(text.path)[1] for node in self.nodes)

    def lost(self) -> list[Text]:
        """Wait for what staff were told is live; return what is not, for readers or in the data."""
        done = self.approvals.done
        for text in done:
            wait_until(lambda text=text: self.is_visible(text), f"{text} is not seen", 90)
        rows = self.cluster.run("SELECT id FROM content_revision WHERE is_live")
        live = {pk for (pk,) in rows}
        return [text for text in done if text.revision not in live]


def build(whole: Path, folder: Path) -> Stand:
    """Copy the site that was made once; nothing runs yet."""
    folder.mkdir(exist_ok=True)
    copy_tree(whole / "database", folder / "database")
    cluster = Cluster(folder / "database")
    nodes = []
    for number in (1, 2):
        place = folder / str(number)
        place.mkdir()
        # Releases are never changed in place: each node may have the same files.
        copy_tree(whole / "baked", place / "baked", *_links(whole, place))
        (place / "baked" / "lock").unlink()  # a lock that is the same file would be one lock
        env = environment(whole / "code", place, cluster.url)
        env |= {"HOST": "127.0.0.1", "PORT": str(free_port())}
        nodes.append(Node(f"node{number}", place, env))
    known: dict[str, Any] = site.people(whole)
    port = free_port()
    editor, approver = (Person(port, name, known["codes"][name]) for name in ("editor", "approver"))
    waiting = [Text(*one) for one in known["waiting"]]
    approvals = Approvals(approver, waiting)
    stand = Stand(folder, cluster, nodes, port, approvals, editor, known["forms"])
    release = releases.current(nodes[0].baked)
    assert release
    stand.paths = [*release.pages, *map(nowhere, release.missing)]
    return stand


def _links(whole: Path, place: Path) -> list[str]:
    """Return how to copy files without copying their bytes, where that is possible."""
    return ["--link"] if whole.stat().st_dev == place.stat().st_dev else []


def new_code(stand: Stand, name: str) -> Path:
    """Return a copy of the site's code that may be changed."""
    target = stand.folder / name
    copy_tree(stand.nodes[0].code, target)
    return target


def _get(port: int, path: str) -> tuple[int, str]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": PUBLIC})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode("utf-8", "replace")


def _alive(port: int) -> bool:
    try:
        return _get(port, "/healthz")[0] == 200
    except (OSError, http.client.HTTPException):
        return False
