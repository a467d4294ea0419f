"""A site for each test; what it saw becomes a line of the table."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import results, site
from tests.faults.readers import Verdict
from tests.faults.stand import Stand, build


@pytest.fixture(scope="session")
def whole() -> Iterator[tuple[Path, Path]]:
    """The site that all tests start from, and a folder for their copies."""
    with site.made() as folder:
        yield site.KEPT / "site", folder


@pytest.fixture
def still(whole: tuple[Path, Path], request: pytest.FixtureRequest) -> Iterator[Stand]:
    """A copy of the site; nothing runs yet, and nothing does at the end."""
    stand = build(whole[0], whole[1] / request.node.name)
    try:
        yield stand
    finally:
        stand.stop()
        site.remove(stand.folder)


@pytest.fixture
def stand(still: Stand) -> Stand:
    """The site at work."""
    still.start()
    return still


class Note:
    """Keeps the line of a test, once it is known that no reader and no write was wronged."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, done: str, stand: Stand, verdict: Verdict, staff: str) -> None:
        """Fail when readers got anything wrong or something is lost; else keep the line."""
        readers = f"{verdict}, the longest after {verdict.longest:.1f} s"
        assert verdict.total > 0
        assert not verdict.wrong, f"{readers}: {verdict.wrong.most_common(10)}"
        lost = stand.lost()
        approved = len(stand.approvals.done)
        results.note(self.name, done, readers, staff, f"{len(lost)} of {approved} approvals")
        assert approved
        assert lost == []


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    """What keeps this test's line."""
    return Note(request.node.name)
