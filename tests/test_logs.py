"""Logs never hold an address, a user agent, a referrer, a query string or what was typed."""

import io
import json
import logging
import runpy
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client
from gunicorn.config import Config

from campaign.logs import LineFormatter
from content.views import guidance

pytestmark = pytest.mark.django_db

VISITOR = {
    "REMOTE_ADDR": "203.0.113.7",
    "HTTP_X_FORWARDED_FOR": "203.0.113.8",
    "HTTP_USER_AGENT": "Mozilla/5.0 (Visitor)",
    "HTTP_REFERER": "https://search.example/?q=blackmail",
    "HTTP_COOKIE": "session=secret-cookie",
}
SECRETS = (
    "203.0.113",
    "Mozilla",
    "Visitor",
    "search.example",
    "blackmail",
    "secret-cookie",
    "secret-word",
    "evil.example",
)


@pytest.fixture
def log():
    """What is written in production, from the lowest level on."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


def lines(log):
    """The written lines as objects; each must be one line of JSON without a secret."""
    written = log.getvalue()
    for secret in SECRETS:
        assert secret not in written, written
    return [json.loads(line) for line in written.splitlines()]


def visit(path, **extra):
    return Client(raise_request_exception=False).get(path, **(VISITOR | extra))


def test_a_visit_leaves_nothing_of_the_visitor(log):
    assert visit("/en/stop/?q=secret-word").status_code == 200
    lines(log)


def test_an_unknown_address_is_logged_without_its_query(log):
    visit("/en/nothing/?q=secret-word")
    (line,) = [line for line in lines(log) if line["logger"] == "django.request"]
    assert line["message"] == "Not Found: /en/nothing/"
    assert set(line) == {"time", "level", "logger", "message"}


def test_an_error_is_logged_with_its_place_and_without_its_text(log, monkeypatch):
    def fail(*args, **kwargs):
        raise ValueError("the visitor typed secret-word")

    monkeypatch.setattr(guidance, "_show", fail)
    assert visit("/en/stop/?q=secret-word").status_code == 500
    (line,) = [line for line in lines(log) if line["level"] == "ERROR"]
    assert line["message"] == "Internal Server Error: /en/stop/"
    assert line["error"] == "ValueError"
    assert line["at"][-1].endswith(" fail")
    assert "test_logs.py" in line["at"][-1]


def test_a_host_that_is_not_ours_is_logged_without_its_name(log):
    visit("/en/", HTTP_HOST="evil.example")
    messages = {line["message"] for line in lines(log)}
    assert "A request was refused (DisallowedHost)." in messages


def test_a_refused_form_is_logged_without_the_visitor(log):
    client = Client(enforce_csrf_checks=True)
    path = f"/{settings.ADMIN_PATH}login/?next=secret-word"
    assert client.post(path, {"username": "secret-word"}, **VISITOR).status_code == 403
    assert lines(log) != []


def test_a_refused_method_and_a_null_byte_are_logged_without_the_query(log):
    Client().post("/en/?q=secret-word", **VISITOR)
    visit("/en/?q=secret-word%00")
    assert len(lines(log)) >= 2


def test_a_line_break_in_an_address_forges_no_line(log):
    visit("/en/x%0A%7B%22level%22:%22CRITICAL%22%7D/")
    assert {line["level"] for line in lines(log)} <= {"WARNING", "DEBUG", "INFO"}


def test_this_check_sees_a_secret(log):
    logging.getLogger("content").warning("from %s", VISITOR["REMOTE_ADDR"])
    with pytest.raises(AssertionError):
        lines(log)


def test_our_own_handlers_write_this_form_only():
    config = settings.LOGGING
    assert {handler["formatter"] for handler in config["handlers"].values()} == {"line"}
    assert config["formatters"]["line"]["()"] == "campaign.logs.LineFormatter"
    assert config["loggers"]["django"]["handlers"] == []
    assert not settings.ADMINS
    assert not logging.getLogger("django").handlers


# --- The server -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def gunicorn():
    path = Path(settings.BASE_DIR) / "campaign" / "gunicorn.conf.py"
    return SimpleNamespace(**runpy.run_path(str(path)))


@pytest.fixture
def server_logger(gunicorn):
    return gunicorn.logger_class(Config())


def access_line(gunicorn, logger, form, path="/en/stop/"):
    environ = {"PATH_INFO": path, "QUERY_STRING": "q=secret-word", "REQUEST_METHOD": "GET"}
    environ |= {"SERVER_PROTOCOL": "HTTP/1.1", "RAW_URI": f"{path}?q=secret-word", **VISITOR}
    headers = [("USER-AGENT", VISITOR["HTTP_USER_AGENT"]), ("REFERER", VISITOR["HTTP_REFERER"])]
    answer = SimpleNamespace(status="200 OK", sent=1234, headers=[])
    request = SimpleNamespace(headers=headers)
    atoms = logger.atoms(answer, request, environ, timedelta(milliseconds=5))
    return form % logger.atoms_wrapper_class(atoms)


def test_an_access_line_has_time_method_path_status_bytes_and_duration(gunicorn, server_logger):
    line = access_line(gunicorn, server_logger, gunicorn.access_log_format)
    assert line.endswith("GET /en/stop/ 200 1234 5000")
    assert not [secret for secret in SECRETS if secret in line]


def test_whatever_the_format_an_access_line_holds_no_visitor(gunicorn, server_logger):
    """An operator may set another format by GUNICORN_CMD_ARGS."""
    form = "%(h)s %(l)s %(u)s %(r)s %(q)s %(f)s %(a)s %({x-forwarded-for}i)s %({raw_uri}e)s"
    line = access_line(gunicorn, server_logger, form)
    assert set(line) <= {"-", " "}


def test_a_line_break_in_a_path_forges_no_access_line(gunicorn, server_logger):
    line = access_line(gunicorn, server_logger, gunicorn.access_log_format, "/en/\nfalse/")
    assert "\n" not in line


@pytest.mark.parametrize(
    "message",
    [
        "Invalid request from ip=203.0.113.7: bad header secret-word",
        "Error handling request /en/?q=secret-word",
    ],
)
def test_messages_of_the_server_lose_the_visitor(gunicorn, server_logger, message):
    record = logging.LogRecord("gunicorn.error", logging.WARNING, "", 1, message, (), None)
    assert server_logger.error_log.filter(record)
    line = LineFormatter().format(record)
    assert not [secret for secret in SECRETS if secret in line]
