"""Read settings from environment variables; a wrong value stops the start and is named."""

import os
import re
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import django
from django.core.exceptions import ImproperlyConfigured

from campaign import languages
from campaign.database import limit_waiting

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}
OF_LANGUAGE = re.compile(r"(?:([A-Za-z-]+)=)?(.*)")
MAIL_PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}


def text(name: str, default: str | None = None) -> str:
    """Return the variable's text. Raises ImproperlyConfigured when it is needed and missing."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(
            f"Set the environment variable {name}. See the table of variables in README.md."
        )
    return default


def flag(name: str, default: bool) -> bool:
    """Return a yes/no variable. Raises ImproperlyConfigured on any other word."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in TRUE:
        return True
    if value.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}: write 1 or 0.")


def number(name: str, default: int, least: int = 0) -> int:
    """Return a whole number of at least `least`. Raises ImproperlyConfigured otherwise."""
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit()) or int(value) < least:
        raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number from {least} up.")
    return int(value)


def words(name: str, default: str | None = None) -> list[str]:
    """Return a comma-separated list without empty entries, of one word at least."""
    found = [word.strip() for word in text(name, default).split(",") if word.strip()]
    if not found:
        raise ImproperlyConfigured(f"{name} is empty: write one word or more, with commas between.")
    return found


def listed(name: str) -> list[str]:
    """Return a comma-separated list, which may be empty."""
    return words(name) if text(name, "") else []


def address(name: str, default: str | None = None) -> str:
    """Return an http(s) address without a slash at its end."""
    return _address(name, text(name, default))


def _address(name: str, value: str) -> str:
    value = value.rstrip("/")
    parts = _split(value)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ImproperlyConfigured(
            f"{name} is {value!r}: write an address such as https://a.example."
        )
    return value


def contact(name: str) -> str:
    """Return a `mailto:` or `https:` address that people may write to; empty when there is none."""
    value = text(name, "")
    parts = _split(value)
    is_mail = parts and parts.scheme == "mailto" and re.fullmatch(r"[^@\s]+@[^@\s]+", parts.path)
    is_page = parts and parts.scheme == "https" and parts.hostname
    if value and not (is_mail or is_page):
        raise ImproperlyConfigured(
            f"{name} is {value!r}: write mailto:us@a.example or https://a.example/contact."
        )
    return value


def addresses(name: str, default: str) -> tuple[str, dict[str, str]]:
    """Return an address for everybody, and others by language, from
    ``https://a.example, ar=https://b.example``: exactly one stands without a language.
    """
    by_language: dict[str, str] = {}
    for entry in words(name, default):
        code, value = OF_LANGUAGE.findall(entry)[0]
        if code in by_language or (code and code not in languages.BY_CODE):
            raise ImproperlyConfigured(
                f"{name} has {entry!r}: write each language once, by its code (ar=https://...)."
            )
        by_language[code] = _address(name, value)
    if "" not in by_language:
        raise ImproperlyConfigured(f"{name} needs one address without a language, for all others.")
    return by_language.pop(""), by_language


def database(name: str, default: str | None = None, timeout: int = 10) -> dict[str, Any]:
    """Return Django's DATABASES entry for ``postgres://user:password@host:port/name``
    or ``sqlite:////absolute/path``. An answer may take `timeout` seconds.
    """
    parts = _split(text(name, default))
    if parts and parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,  # the database may come and go without a restart
            "OPTIONS": limit_waiting(timeout),
        }
    if parts and parts.scheme == "sqlite" and parts.path.startswith("/"):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]) or ":memory:",
            "OPTIONS": {
                # Readers go on while an editor writes; a writer waits instead of failing.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
                "transaction_mode": "IMMEDIATE",
                "timeout": timeout,
            },
        }
    raise ImproperlyConfigured(
        f"{name} cannot be read: write postgres://user:password@host:5432/name"
        " or sqlite:////absolute/path/to/file."
    )


def mail(name: str) -> dict[str, Any]:
    """Return Django's settings for ``smtps://user:password@host:465``, ``smtp://`` with STARTTLS
    or, for a relay on the same machine, ``smtp+plain://``. Without it no mail leaves.
    """
    value = text(name, "")
    if not value:
        return _mailer("dummy")
    parts = _split(value)
    if parts is None or parts.scheme not in MAIL_PORTS or not parts.hostname:
        raise ImproperlyConfigured(
            f"{name} cannot be read: write smtps://user:password@host:465 or smtp://host:587."
        )
    return _mailer(
        "smtp",
        host=parts.hostname,
        port=parts.port or MAIL_PORTS[parts.scheme],
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=parts.scheme == "smtps",
        use_tls=parts.scheme == "smtp",
        timeout=20,
    )


def _mailer(backend: str, **options: Any) -> dict[str, Any]:
    """Return the settings for a backend: Django 6.1 calls them MAILERS and warns of the others."""
    name = f"django.core.mail.backends.{backend}.EmailBackend"
    if django.VERSION >= (6, 1):
        return {"MAILERS": {"default": {"BACKEND": name, "OPTIONS": options}}}
    renamed = {"username": "HOST_USER", "password": "HOST_PASSWORD"}
    old = {f"EMAIL_{renamed.get(key, key.upper())}": value for key, value in options.items()}
    return {"EMAIL_BACKEND": name, **old}


def _split(value: str) -> SplitResult | None:
    """Return the parts of an address, None when it has a port or a host that cannot be."""
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises for what is no port
    except ValueError:
        return None
    return parts
