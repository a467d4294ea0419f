"""What `make test` asks of a few of many that are alike; `make test-all` asks it of all."""

from collections.abc import Iterable
from typing import Any

import pytest


def a_few(values: Iterable[Any], *often: Any) -> list[Any]:
    """Return the parameters of a test, of which only those that are named are no slow tests."""
    all_of_them = list(values)
    if missing := set(often).difference(all_of_them):
        raise ValueError(f"These are not among them: {sorted(missing)}")
    return [
        value if value in often else pytest.param(value, marks=pytest.mark.slow)
        for value in all_of_them
    ]
