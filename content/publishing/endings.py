"""What readers lose when a service ends: an editor should know before it happens."""

from collections.abc import Iterator
from datetime import date

from content.models import Contact
from content.publishing.snapshots import Content

NEEDED = (Contact.Kind.EMERGENCY, Contact.Kind.HELPLINE)
"""Kinds of which every country should have one."""


def losses(content: Content) -> Iterator[str]:
    """Yield a sentence for each needed kind of service of which a country's last one ends."""
    for kind in NEEDED:
        days = [c.get("ends_on") for c in content.get("contacts", ()) if c["kind"] == kind]
        if days and all(days):
            last = max(date.fromisoformat(day) for day in days)
            yield (
                f"From {last.isoformat()} on readers will find no {kind.label.lower()} in this"
                " country: the last one ends then."
            )
