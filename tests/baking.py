"""Bakes of a few pages for tests, and a reader who asks the server for them."""

import io
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from campaign import releases
from campaign.baked import Baked
from content.baking import addresses, bake, folder
from content.baking.bake import Wish

FEW = [
    *("/en/", "/en/stop/", "/en/now/", "/en/changes/", "/en/report/ie/", "/en/embed/ie/"),
    *("/ar/", "/ar/stop/", "/ar/report/ie/", "/ar/report/de/", "/ar/words/"),
    *("/robots.txt", "/sitemap.xml", "/sitemap-ar.xml", "/data/contacts.json"),
]


def only(monkeypatch, paths=FEW):
    """Let there be no other addresses than these."""
    monkeypatch.setattr(addresses, "paths", lambda index: list(paths))
    monkeypatch.setattr(addresses, "nowhere", lambda: {"en": "/en/-/", "ar": "/ar/-/"})


def baked(root, known=None, **wish):
    """Bake in this process, as the database is now."""
    return bake.bake(Path(root), Wish(workers=1, **wish), known)


def files(root):
    """The bytes of the current release by file, without what it says of itself."""
    current = (Path(root) / "current").resolve()
    own = {releases.MANIFEST, releases.DIFFERENCE, folder.DEPENDENCIES}
    found = {
        str(path.relative_to(current)): path.read_bytes()
        for path in sorted(current.rglob("*"))
        if path.is_file()
    }
    return {name: data for name, data in found.items() if name not in own}


@dataclass
class Answered:
    """What the server has answered; `headers` by small letters."""

    status: int
    headers: dict[str, str]
    body: bytes


class Asking:
    """A reader of a server with this release folder; `behind` answers what is not baked."""

    def __init__(self, root, behind=None, cache=10_000_000):
        self.passed_on = []
        self.app = Baked(
            behind or self._behind, Path(root), settings.SITE_URL, ["127.0.0.1"], cache
        )

    def _behind(self, environ, start_response):
        self.passed_on.append(environ["PATH_INFO"])
        start_response("299 Django", [])
        return [b"Django"]

    def __call__(self, path, method="GET", **headers):
        """Ask for an address; a new release is noticed at once."""
        self.app._next_look = 0.0
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "HTTP_HOST": "127.0.0.1:8000",
            "wsgi.input": io.BytesIO(),
            "wsgi.url_scheme": "http",
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        }
        said = {}

        def start_response(status, answered):
            names = [name.lower() for name, _ in answered]
            assert len(names) == len(set(names)), "a header is sent twice"
            said["status"] = int(status.split()[0])
            said["headers"] = {name.lower(): value for name, value in answered}

        body = b"".join(self.app(environ, start_response))
        return Answered(said["status"], said["headers"], body)
