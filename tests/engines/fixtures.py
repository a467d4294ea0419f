"""One browser of each engine for a process of tests, or for a test that loses it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.chromium import chromium_of_readers
from tests.engines.driver import Keeping
from tests.engines.firefox import Firefox, firefox_of

KEEPING = {"chromium": chromium_of_readers, "firefox": firefox_of}
"""Those that tell what they keep of a tab."""


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """Debian's Firefox, the same one for all tests of a process."""
    with firefox_of(tmp_path_factory.mktemp("firefox")) as browser:
        yield browser


@pytest.fixture(scope="module", params=KEEPING)
def keeping(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Keeping:
    """Chromium and Firefox in turn, as readers have them."""
    if request.param == "firefox":
        return request.getfixturevalue("firefox")
    return request.getfixturevalue("readers_chromium")


@pytest.fixture(scope="module")
def readers_chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keeping]:
    """Chromium with its back/forward cache and its list of closed tabs."""
    with chromium_of_readers(tmp_path_factory.mktemp("chromium") / "profile") as browser:
        yield browser


@pytest.fixture
def tab(keeping: Keeping) -> Keeping:
    """A new tab of each in turn, the only one."""
    keeping.afresh()
    return keeping


@pytest.fixture(params=KEEPING)
def lost(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Keeping]:
    """Each in turn, to be ended by force."""
    with KEEPING[request.param](tmp_path / "profile") as browser:
        yield browser
