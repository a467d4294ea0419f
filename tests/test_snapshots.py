"""What the browser tells a screen reader: roles, names, states and order of each template.

The files in tests/spoken/ are meant to be read aloud. After a change that is wanted, write them
anew with `SPOKEN=write .venv/bin/python -m pytest tests/test_snapshots.py` and read what changed.
"""

import os
import re

import pytest

from tests.access import PATHS, window
from tests.browser import ROOT, chromium, served

__all__ = ["chromium", "served", "window"]

pytestmark = pytest.mark.browser

FOLDER = ROOT / "tests" / "spoken"
FRAME = ("header.header", ".path", ".emergency", "footer.footer")
FRAMED = ("home", "stop", "facts", "teachers", "changes")
"""Pages by which the frame is compared: it is the same for all."""
DATED = ("changes",)
"""Pages that are another each day: they have no file."""
SCRIPTED = ("now", "report", "not-found")
"""Pages that are kept as the script makes them; of all others everybody gets the same."""
IN_ARABIC = ("report", "country", "now")
"""Pages on which names, numbers and sentences of two directions meet."""
ADDRESSES = {f"en-{name}": f"/en{path}" for name, path in PATHS.items() if name not in DATED}
ADDRESSES |= {f"ar-{name}": f"/ar{PATHS[name]}" for name in IN_ARABIC}


def spoken(page, *parts):
    """The accessibility tree of some parts of a page, without what changes from day to day."""
    tree = "\n".join(page.locator(part).aria_snapshot() for part in parts)
    tree = re.sub(r"http://127\.0\.0\.1:\d+", "https://example.org", tree)
    tree = re.sub(r"127\.0\.0\.1:\d+", "example.org", tree)
    tree = re.sub(r"Numbers of [^.]*\.", "Numbers of DAY.", tree)
    return re.sub(r"Good until [^.]*\.", "Good until DAY.", tree) + "\n"


def compare(name, tree):
    """Compare with what was read and approved, or write it anew."""
    file = FOLDER / f"{name}.yaml"
    if os.environ.get("SPOKEN") == "write":
        file.write_text(tree, "utf-8")
    assert tree == file.read_text("utf-8")


@pytest.fixture(scope="module")
def unscripted(chromium, served):
    """A window without script: the order of reading is that of the page as it was sent."""
    context = chromium.new_context(base_url=served.url, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_is_spoken_as_it_was_read_and_approved(window, unscripted, name):
    if name.partition("-")[2] in SCRIPTED:
        page = window(ADDRESSES[name]).page
    else:
        page = unscripted
        page.goto(ADDRESSES[name])
    # What is folded is read too: an answer, what to know before a call.
    page.eval_on_selector_all("main details", "all => all.forEach(one => (one.open = true))")
    compare(name, spoken(page, *(["header", "main"] if name == "en-card" else ["main"])))


@pytest.mark.parametrize("name", FRAMED)
def test_the_frame_is_the_same_on_every_page(unscripted, name):
    unscripted.goto(f"/en{PATHS[name]}")
    compare("en-frame", spoken(unscripted, *FRAME))


def test_every_file_belongs_to_a_page():
    assert {file.stem for file in FOLDER.iterdir()} == {*ADDRESSES, "en-frame"}
