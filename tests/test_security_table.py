"""docs/security.md names tests that are there, and requirements as the standard numbers them."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = (ROOT / "docs" / "security.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TABLE.splitlines()
    if re.match(r"\| \d", line)
]
NAMED = re.findall(r"`(test_\w+\.py)(?:::(test_\w+))?`", TABLE)


def test_every_test_that_is_named_is_there():
    gone = [
        f"{file}::{name}"
        for file, name in NAMED
        if not (ROOT / "tests" / file).exists()
        or (name and f"def {name}(" not in (ROOT / "tests" / file).read_text("utf-8"))
    ]
    assert gone == []


def test_more_than_50_requirements_have_a_test():
    proven = [row for row in ROWS if "test_" in row[3]]
    assert len(proven) > 50
    assert len(ROWS) > 90
    assert all(len(row) == 4 for row in ROWS)


def test_no_requirement_stands_there_twice_and_each_has_a_level():
    numbers = [number for row in ROWS for number in re.findall(r"\d+\.\d+\.\d+", row[0])]
    assert len(set(numbers)) == len(numbers) > 110
    assert {level for row in ROWS for level in row[1].split(", ")} <= {"1", "2", "3"}
    assert all(row[3] for row in ROWS)
