"""How long to wait for the database.

PostgreSQL keeps its own limits (`statement_timeout`), and cannot when its processes are frozen or
its machine is gone: the connection stays open and no answer comes. Here the client counts too.
"""

import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from psycopg2 import OperationalError, extensions

GRACE = 1
"""Seconds that the client waits longer than the server, whose message says more."""

_limit: ContextVar[float | None] = ContextVar("limit", default=None)
_usual = 10.0


def limit_waiting(seconds: int) -> dict[str, Any]:
    """Let nothing in this process wait longer for PostgreSQL. Returns Django's OPTIONS for it."""
    global _usual
    _usual = seconds + GRACE
    extensions.set_wait_callback(_wait)
    milliseconds = 1000 * seconds
    return {"options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}"}


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Wait only so long for each answer inside; then django.db.OperationalError is raised."""
    token = _limit.set(seconds)
    try:
        yield
    finally:
        _limit.reset(token)


def _wait(connection: Any) -> None:
    """Wait for an answer as psycopg2 asks. It closes the connection when this raises."""
    limit = _limit.get() or _usual
    deadline = time.monotonic() + limit
    while (state := connection.poll()) != extensions.POLL_OK:
        poller = select.poll()  # select() takes no descriptor above 1,023
        poller.register(
            connection.fileno(), select.POLLIN if state == extensions.POLL_READ else select.POLLOUT
        )
        if not poller.poll(1000 * max(0, deadline - time.monotonic())):
            raise OperationalError(f"The database gave no answer within {limit:g} seconds.")
