"""The handbook for staff: it is there, and speaks of what is there."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tests import factories
from tests.admin_support import Desk

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs" / "handbook.md").read_text("utf-8")
OF_THE_FORMS = TEXT[: TEXT.index("## When it is urgent")]
PICTURE = re.compile(r"!\[[^\]]+\]\(\.\./static/(handbook/[a-z-]+\.png)\)")
SAID, SHOWN = '"([A-Z][^"]{3,60})"', r"[ \n]+"
NOT_OURS = {"Say no", "Excel", "Words we use"}
"""What is quoted and no word of the staff area."""


def words_of_the_staff_area():
    rooms = ("templates/admin", "templates/staff", "content/admin", "content/models")
    files = [file for room in rooms for file in (ROOT / room).rglob("*") if file.is_file()]
    texts = [file.read_text("utf-8") for file in files if file.suffix in {".html", ".py"}]
    return " ".join(texts).replace("_", " ").lower()


def test_staff_read_the_handbook_in_the_staff_area():
    page = Desk(factories.editor()).see("/admin/handbook/")
    (article,) = [e for e in page.all("article") if "handbook" in e.classes]
    titles = [e.text for e in article.all("h2")]
    assert titles[0] == "Your first hour"
    assert len(titles) == TEXT.count("\n## ")
    front = Desk(factories.editor()).see("/admin/")
    assert "Handbook" in [a.text for a in front.all("a") if a["href"] == "/admin/handbook/"]


def test_its_contents_lead_to_its_parts():
    page = Desk(factories.editor()).see("/admin/handbook/")
    targets = [a["href"].removeprefix("#") for a in page.all("a") if a["href"].startswith("#")]
    parts = [e["id"] for e in page.all("h2") if e.get("id")]
    assert [target for target in targets if target != "content-start"] == parts


def test_every_picture_is_there_and_none_is_left_over():
    named = PICTURE.findall(TEXT)
    assert len(named) == TEXT.count("![")
    assert [name for name in named if not finders.find(name)] == []
    there = {f"handbook/{file.name}" for file in (ROOT / "static" / "handbook").iterdir()}
    assert there == set(named)


def test_what_it_quotes_is_written_on_the_forms():
    there = words_of_the_staff_area()
    quoted = {" ".join(said.split()) for said in re.findall(SAID, OF_THE_FORMS, re.DOTALL)}
    wrong = {said for said in quoted - NOT_OURS if said.lower() not in there}
    assert wrong == set()
    assert len(quoted) > 15
