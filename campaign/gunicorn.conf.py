"""How gunicorn serves the site: the same for `make serve` and for the Dockerfile."""

import logging
import os
import sys
from pathlib import Path
from typing import Any

from gunicorn import util
from gunicorn.glogging import Logger
from gunicorn.http import wsgi

from campaign import environment, worker
from campaign.logs import LineFormatter

_host = os.environ.get("HOST", "127.0.0.1")
_port = os.environ.get("PORT", "8000")

bind = f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"
chdir = str(Path(__file__).resolve().parent.parent)
wsgi_app = "campaign.wsgi:application"

workers = environment.number("WEB_CONCURRENCY", 2, least=1)
threads = 8  # half of them are for readers alone: FOR_DJANGO in baked.py
worker_connections = 800  # fewer than the files that a process may usually open (1,024)
timeout = 30
graceful_timeout = 10
# The heartbeat file lies in memory: a slow disk cannot stop a worker, and the root file system
# may be read-only.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
# Gunicorn 27 opens a socket for its remote control unless told not to.
control_socket_disable = True
# Nobody in front of us sets these two by a header, so nobody may: from this machine itself,
# gunicorn would believe them, and answer 500 to a SCRIPT_NAME that does not fit.
forwarder_headers = ""

# Time, method, path without query string, status, bytes, microseconds: nothing of the visitor.
accesslog = "-"
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(D)s"


class PrivateLogger(Logger):
    """Writes the logs without anything that a visitor sent, but for the path of the page.

    Whatever format is set, an access line can hold the six values above and no others.
    """

    def setup(self, cfg: Any) -> None:
        """Make the error log one JSON object a line, as the application's own."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(LineFormatter())
        if _without_visitor not in self.error_log.filters:
            self.error_log.addFilter(_without_visitor)

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        """Return what an access line may hold."""
        return worker.access_line(self.now(), resp, environ, request_time)


QUOTING = (
    "Invalid request from ip=",
    "Error handling request",
    "Ignored premature client disconnection",
)
"""How gunicorn's messages begin that go on with what a visitor sent."""


def _without_visitor(record: logging.LogRecord) -> bool:
    """Cut the address, the request line and the query string out of gunicorn's own messages."""
    message = record.getMessage()
    for start in QUOTING:
        if message.startswith(start):
            record.msg, record.args = start.removesuffix(" from ip=") + ".", ()
    return True


logger_class = PrivateLogger


worker_class = worker.Worker
wsgi.Response = worker.Response
util.write_error = worker.refuse
sendfile = False  # would be a second piece; what Django sends from files is small

# Django leaves it to the server to drop the body of an answer to HEAD: no reason to warn each time.
logging.getLogger("gunicorn.http.wsgi").setLevel(logging.ERROR)

# A worker that starts after an update imports all of the new code, and nothing that the master,
# which goes on, has read before it.
for _name in [_name for _name in sys.modules if _name.partition(".")[0] == "campaign"]:
    del sys.modules[_name]
