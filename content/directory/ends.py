"""Services whose last day has passed: nobody approves anything on that day, yet readers see it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any, NamedTuple

from content.directory import trust
from content.directory.trust import Contact
from content.publishing.live import Change, Release

Content = Mapping[str, Any]


@dataclass(frozen=True)
class End:
    """The first day on which a service of a country was not there any more."""

    key: str
    on: date
    contact: Contact


class Span(NamedTuple):
    """What was live of a country, from the day of its approval to that of what followed it."""

    key: str
    first: date
    end: date
    content: Content


def day_of(change: Change) -> date:
    """Return the day of a change, in UTC."""
    return change.at.astimezone(UTC).date()


def ended(
    changes: Iterable[Change], releases: Iterable[Release], first: date, today: date
) -> list[End]:
    """Return the services that ended from the first day to today, as what was live then says.

    `changes` are those of that time, newest first, and `releases` what is live. An end on the day
    of a change is told with that change, so it is not among them.
    """
    return [
        End(span.key, on, contact)
        for span in _spans(changes, releases)
        for contact in span.content["contacts"]
        if (on := trust.ends_on(contact)) and first <= on <= today and span.first < on < span.end
    ]


def _spans(changes: Iterable[Change], releases: Iterable[Release]) -> Iterator[Span]:
    oldest: dict[str, Change] = {}
    for change in changes:
        newer = oldest.get(change.key)
        if change.after is not None:
            end = day_of(newer) if newer else date.max
            yield Span(change.key, day_of(change), end, change.after)
        oldest[change.key] = change
    for key, change in oldest.items():
        if change.before is not None and not change.is_back:
            yield Span(key, date.min, day_of(change), change.before)
    for release in releases:
        if release.key not in oldest:
            yield Span(release.key, date.min, date.max, release.content)
