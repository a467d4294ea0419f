"""Log lines that never hold an address, a user agent, a referrer or a query string."""

import json
import logging
from datetime import UTC, datetime


class LineFormatter(logging.Formatter):
    """Writes one JSON object a line: time, level, logger, message, and where an error arose.

    The request that Django attaches to its records is left out on purpose, and so is the text of an
    exception, which may quote what the visitor sent; its type and the lines of code are enough.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _without_query(record),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["at"] = _frames(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def _without_query(record: logging.LogRecord) -> str:
    if record.name.startswith("django.security"):
        # These quote the host, the referrer or the cookie that was refused.
        return f"A request was refused ({record.name.rpartition('.')[2]})."
    return (
        record.getMessage().partition("?")[0]
        if record.name.startswith("django")
        else (record.getMessage())
    )


def _frames(traceback: object) -> list[str]:
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code  # type: ignore[attr-defined]
        frames.append(f"{code.co_filename}:{traceback.tb_lineno} {code.co_name}")  # type: ignore[attr-defined]
        traceback = traceback.tb_next  # type: ignore[attr-defined]
    return frames[-8:]
