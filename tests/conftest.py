"""What all tests share: one seeded database, and readers whose templates may not hide a fault.

The seed is loaded once a session; each test works on it in a transaction that is rolled back.
"""

import functools
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.template import engines
from django.test import Client

from content.publishing import live
from tests import seeded
from tests.browser import server
from tests.html import Page
from tests.staff_site import shipped_site

__all__ = ["server", "shipped_site"]

# Times are noisy: a test never fails because it was slow once.
hypothesis.settings.register_profile("site", deadline=None)
hypothesis.settings.load_profile("site")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks the database itself: all else is the same on every database."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(fixtures):
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Load the whole campaign as shipped into the test database."""
    name = str(connection.settings_dict["NAME"])
    if "memory" not in name and not name.startswith("test_"):
        # Without any test that is marked django_db, pytest-django makes no database of its own.
        raise pytest.UsageError(f"{name} is no test database. Mark a test with django_db.")
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            seeded.copy_to(connection.connection, tmp_path_factory)
        else:
            call_command("seed", stdout=StringIO())


@pytest.fixture(scope="module")
def campaign_afterwards(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Put the campaign back after a file whose tests commit.

    Such a test ends with an empty database, and the files that come after it in the same process
    find neither roles nor pages.
    """
    yield
    with django_db_blocker.unblock():
        database: Any = connection
        database.creation.deserialize_db_from_string(database._test_serialized_contents)
        call_command("seed", stdout=StringIO())


@pytest.fixture(scope="session", autouse=True)
def _static_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Collect the static files as in production; WhiteNoise serves them from there."""
    settings.STATIC_ROOT = str(tmp_path_factory.mktemp("static"))
    settings.WHITENOISE_USE_FINDERS = False
    call_command("collectstatic", interactive=False, verbosity=0)


class Undefined(str):
    """Stands in for an undefined template variable and refuses to be shown."""

    def __contains__(self, part: object) -> bool:
        return True

    def __mod__(self, variable: object) -> str:
        raise AssertionError(f"A template uses {variable}, which its view does not give.")


@pytest.fixture
def _undefined_variables_raise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", Undefined("%s"))


class Reader(Client):
    """A reader's browser; takes a file to its end, as browsers do, into `response.body`."""

    def request(self, **request: Any) -> Any:
        response: Any = super().request(**request)
        if response.streaming:
            response.body = b"".join(response.streaming_content)
        return response


@pytest.fixture
def reader(_undefined_variables_raise: None) -> Reader:
    """A reader's browser; an undefined variable in a template fails the test."""
    return Reader()


@pytest.fixture
def read(reader: Reader, db: None) -> Callable[..., Page]:
    """Open an address that must answer 200 and return its page, as the database is now."""

    def open_page(path: str, **headers: str) -> Page:
        response = reader.get(path, headers=headers)
        assert response.status_code == 200, f"{path} answers {response.status_code}"
        return Page(path, response.content.decode())

    return open_page


class Site:
    """The pages of the seed as shipped, each rendered once a session."""

    def __init__(self, blocker: Any) -> None:
        self._blocker = blocker
        self._client = Reader()

    @functools.cache  # noqa: B019  one site lives as long as the session
    def answer(self, path: str) -> Any:
        """Return the answer to GET, whatever it is."""
        engine = engines["django"].engine
        before, engine.string_if_invalid = engine.string_if_invalid, Undefined("%s")
        try:
            with self._blocker.unblock():
                return self._client.get(path)
        finally:
            engine.string_if_invalid = before

    @property
    def index(self) -> live.Index:
        """What is live."""
        with self._blocker.unblock():
            return live.index()

    def paths(self, language: str) -> list[str]:
        """The addresses of every page and every country in one language."""
        keys = [key for key in self.index.pages if key != "home"]
        codes = sorted(self.index.countries - {"EU", "WW"})
        return [
            f"/{language}/",
            *(f"/{language}/{key}/" for key in keys),
            *(f"/{language}/report/{code.lower()}/" for code in codes),
        ]

    @functools.cache  # noqa: B019
    def page(self, path: str) -> Page:
        """Return a page that must be there."""
        answer = self.answer(path)
        assert answer.status_code == 200, f"{path} answers {answer.status_code}"
        return Page(path, answer.content.decode())


@pytest.fixture(scope="session")
def site(django_db_setup: None, django_db_blocker: Any) -> Site:
    """The shipped site, for tests that change nothing."""
    return Site(django_db_blocker)


@pytest.fixture
def no_database(db: None) -> Iterator[None]:
    """Every query fails, as when the database is down."""

    def refuse(*args: Any) -> None:
        raise OperationalError("the database is down")

    with connection.execute_wrapper(refuse):
        yield
