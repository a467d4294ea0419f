"""Settings come from the environment: what is missing or wrong stops the start and is named."""

import os
import re
import subprocess
import sys
from pathlib import Path

import django
import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends import dummy
from django.test import override_settings

from campaign import environment

ROOT = Path(__file__).resolve().parent.parent
NEEDED = {
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "sayno.example",
    "SITE_URL": "https://sayno.example",
    "DATABASE_URL": "sqlite:////tmp/never-opened.sqlite3",
}
WRONG = {
    "DEBUG": "perhaps",
    "HTTPS": "2",
    "SITE_URL": "sayno.example",
    "EXIT_URL": "javascript:alert(1)",
    "DATABASE_URL": "mysql://a/b",
    "CHECK_DUE_DAYS": "soon",
    "CHECK_EXPIRES_DAYS": "0",
    "ALLOWED_HOSTS": ", ,",
    "EMAIL_URL": "mail.example",
    "OPERATOR_CONTACT": "us@sayno.example",
    "SECURITY_CONTACT": "javascript:alert(1)",
}
NAME = re.compile(r"""(?:environment\.\w+|os\.environ(?:\.get)?)[(\[]\s*["']([A-Z_]+)["']""")


def start(**variables):
    """Start Django in production with these variables; return what happened."""
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup(); print('started')"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "campaign.settings",
            "PYTHONDONTWRITEBYTECODE": "1",
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_starts_with_the_variables_that_are_needed():
    assert start(**NEEDED).stdout == "started\n"


@pytest.mark.parametrize("name", NEEDED)
def test_a_missing_variable_stops_the_start_and_is_named(name):
    result = start(**{key: value for key, value in NEEDED.items() if key != name})
    assert result.returncode != 0
    assert f"Set the environment variable {name}." in result.stderr


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_stops_the_start_and_is_named(name):
    result = start(**{**NEEDED, name: WRONG[name]})
    assert result.returncode != 0
    assert f"ImproperlyConfigured: {name} " in result.stderr


def read(monkeypatch, value, reader, *arguments, **options):
    if value is None:
        monkeypatch.delenv("A_NAME", raising=False)
    else:
        monkeypatch.setenv("A_NAME", value)
    return reader("A_NAME", *arguments, **options)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", True), ("true", True), ("ON", True), ("0", False), ("no", False), ("", False)],
)
def test_a_flag_is_yes_or_no(monkeypatch, value, expected):
    assert read(monkeypatch, value, environment.flag, not expected) is expected


def test_a_flag_that_is_not_set_is_its_default(monkeypatch):
    assert read(monkeypatch, None, environment.flag, True) is True


@pytest.mark.parametrize("value", ["-1", "1.5", "²", "ten", "0"])
def test_a_number_is_whole_and_not_below_its_least(monkeypatch, value):
    with pytest.raises(ImproperlyConfigured, match="A_NAME is"):
        read(monkeypatch, value, environment.number, 5, least=1)


def test_words_lose_their_spaces(monkeypatch):
    assert read(monkeypatch, " a.example , b.example,", environment.words) == [
        "a.example",
        "b.example",
    ]


def test_an_address_loses_its_last_slash(monkeypatch):
    assert read(monkeypatch, "https://a.example/", environment.address) == "https://a.example"


def test_addresses_may_differ_by_language(monkeypatch):
    value = "https://a.example/?l=1, ar=https://b.example/x=y/,nb=http://c.example"
    assert read(monkeypatch, value, environment.addresses, "") == (
        "https://a.example/?l=1",
        {"ar": "https://b.example/x=y", "nb": "http://c.example"},
    )


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("ar=https://a.example", "needs one address without a language"),
        ("https://a.example, https://b.example", "write each language once"),
        ("https://a.example, ar=https://b.example, ar=https://c.example", "each language once"),
        ("https://a.example, xx=https://b.example", "by its code"),
        ("https://a.example, ar=ftp://b.example", "write an address"),
        ("javascript:alert(1)", "write an address"),
    ],
)
def test_addresses_that_cannot_be_are_refused(monkeypatch, value, says):
    with pytest.raises(ImproperlyConfigured, match=f"A_NAME .*{says}"):
        read(monkeypatch, value, environment.addresses, "")


@pytest.mark.parametrize("value", ["https://", "ftp://a.example", "https://[::1", "https://a:b/"])
def test_an_address_that_cannot_be_is_refused(monkeypatch, value):
    with pytest.raises(ImproperlyConfigured, match="A_NAME is"):
        read(monkeypatch, value, environment.address)


def test_a_database_address_is_taken_apart(monkeypatch):
    found = read(monkeypatch, "postgres://u%40x:p%3Aw@db:5433/say_no", environment.database)
    assert {key: found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "NAME": "say_no",
        "USER": "u@x",
        "PASSWORD": "p:w",
        "HOST": "db",
        "PORT": "5433",
    }
    assert found["CONN_HEALTH_CHECKS"] is True


@pytest.mark.parametrize("value", ["sqlite://relative", "db.sqlite3", "postgres://a:b@c:d/e"])
def test_a_database_address_that_cannot_be_read_is_refused(monkeypatch, value):
    with pytest.raises(ImproperlyConfigured, match="A_NAME cannot be read"):
        read(monkeypatch, value, environment.database)


def test_the_table_of_the_readme_is_the_variables_that_are_read():
    files = ["campaign/settings.py", "campaign/gunicorn.conf.py", "tools/serve.py"]
    read_names = {name for file in files for name in NAME.findall((ROOT / file).read_text("utf-8"))}
    assert {"SECRET_KEY", "EXIT_URL", "PORT", "WEB_CONCURRENCY"} <= read_names
    readme = (ROOT / "README.md").read_text("utf-8")
    table = set(re.findall(r"^\| `([A-Z_]+)` \|", readme, re.MULTILINE))
    assert table == read_names


def mailer():
    """What Django sends mail with under these settings, whatever they are called in its version."""
    with override_settings(**environment.mail("EMAIL_URL")):
        if django.VERSION >= (6, 1):
            return mail.mailers["default"]
        return mail.get_connection()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtps://me:p%40ss@mail.example", ("mail.example", 465, "me", "p@ss", True, False)),
        ("smtp://mail.example:2525", ("mail.example", 2525, "", "", False, True)),
        ("smtp+plain://localhost", ("localhost", 25, "", "", False, False)),
    ],
)
def test_mail_leaves_as_the_address_says(monkeypatch, url, expected):
    monkeypatch.setenv("EMAIL_URL", url)
    backend = mailer()
    names = "host port username password use_ssl use_tls".split()
    assert tuple(getattr(backend, name) for name in names) == expected
    assert backend.timeout


def test_without_an_address_no_mail_leaves(monkeypatch):
    monkeypatch.delenv("EMAIL_URL", raising=False)
    assert isinstance(mailer(), dummy.EmailBackend)
