"""An export of the site, and a host that knows nothing but files."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.browser import Served
from tests.production import production


class Files(SimpleHTTPRequestHandler):
    """A plain host of files."""

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def files(folder: Path) -> Iterator[str]:
    """Serve a folder on another port, which is another site."""
    handler = partial(Files, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as host:
        threading.Thread(target=host.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{host.server_address[1]}"
        host.shutdown()


@pytest.fixture(scope="module")
def exported(server: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An export of a few pages on such a host."""
    folder = tmp_path_factory.mktemp("exported")
    with production(server, folder, baked=True) as running:
        running.run(
            "import django; django.setup()\n"
            "from django.core.management import call_command\n"
            f"call_command('export', {str(folder / 'public')!r})"
        )
    with files(folder / "public") as site:
        yield site
