"""What loading the shipped campaign did."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Report:
    """Counts of items by what was done, and what was left to staff, with the reason."""

    counts: Counter[str] = field(default_factory=Counter)
    kept: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        names = ("added", "updated", "unchanged", "kept")
        return ", ".join(f"{self.counts[name]} {name}" for name in names)

    def keep(self, name: str, reason: str) -> None:
        """Note an item that differs from what ships and stays as it is."""
        self.counts["kept"] += 1
        self.kept.append(f"{name}: {reason}")
