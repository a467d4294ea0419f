"""What a file from translators would change: every text, before anything is written."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from campaign import languages
from content import po
from content.interchange import faults, texts
from content.interchange.reading import Entry, File, Problem
from content.interchange.texts import Item, Text
from content.models import Revision
from content.publishing import qa


class Outcome(StrEnum):
    """What becomes of one text of a file."""

    NEW = "new"
    CHANGED = "changed"
    CONFIRMED = "confirmed"
    """The translation stays; it was outdated or marked as unsure, and now counts as done."""
    SAME = "same"
    EMPTY = "not translated"
    FUZZY = "fuzzy, not taken"
    OUTDATED = "source has changed since the export, not taken"
    KEPT = "changed here since the export, kept"
    CONFLICT = "changed here since the export"
    REFUSED = "refused"


WRITTEN = {Outcome.NEW, Outcome.CHANGED, Outcome.CONFIRMED}
STOPS = {Outcome.REFUSED, Outcome.CONFLICT}
"""One of these, and nothing of the file is taken."""


class Conflicts(StrEnum):
    """What to do with a text that staff and the translator have both changed."""

    REFUSE = "refuse"
    KEEP = "keep"
    OVERWRITE = "overwrite"


@dataclass(frozen=True)
class Row:
    """One text of the file, and what becomes of it."""

    line: int
    name: str
    outcome: Outcome
    reasons: tuple[str, ...] = ()
    """Why it is refused or not taken; for one that is taken, what to look at."""
    before: str = ""
    after: str = ""
    """As the file writes them."""
    text: Text | None = None
    value: str = ""
    """What the field would hold."""


@dataclass(frozen=True)
class Plan:
    """All that a file would do."""

    language: str
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()
    """What is wrong with the file as a whole."""
    behind: frozenset[Item] = frozenset()
    """Items that keep a text of an older source: they go on counting as outdated, as a whole."""

    @property
    def counts(self) -> Counter[Outcome]:
        """How many texts have which outcome."""
        return Counter(row.outcome for row in self.rows)

    @property
    def written(self) -> list[Row]:
        """The texts that would be written."""
        return [row for row in self.rows if row.outcome in WRITTEN]

    @property
    def stopped(self) -> list[Row]:
        """The texts because of which nothing may be written."""
        return [row for row in self.rows if row.outcome in STOPS]

    @property
    def may_be_written(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.problems and not self.stopped

    @property
    def fingerprint(self) -> str:
        """Differs as soon as the plan would do anything else: what was shown is what is done."""
        digest = hashlib.sha256(self.language.encode())
        for row in self.rows:
            current = row.text.current if row.text else ""
            digest.update(repr((row.name, row.outcome, row.value, current)).encode())
        return digest.hexdigest()


def plan(file: File, conflicts: Conflicts = Conflicts.REFUSE, *, may_miss: bool = False) -> Plan:
    """Return what a file would change now.

    `may_miss` takes a file that has fewer texts than were exported.
    """
    known = texts.gather(file.language)
    exported = _exported(file, known)
    past = _past({entry.name for entry in file.entries} - known.keys())
    rows = [_row(entry, known, past, exported, conflicts) for entry in file.entries]
    done = {row.name for row in rows if row.outcome in WRITTEN}
    behind = frozenset(t.item for t in known.values() if t.is_outdated and t.name not in done)
    rows = [_confirmed_with_its_item(row, behind) for row in rows]
    return Plan(file.language, tuple(rows), tuple(_missing(file, may_miss)), behind)


def _missing(file: File, may_miss: bool) -> Iterable[Problem]:
    if file.missing and not may_miss:
        message = (
            f"{file.missing} of the texts that were exported are not in the file: it may be cut"
            " off. If that is meant, say so (--partial)."
        )
        yield Problem(0, message)


def _confirmed_with_its_item(row: Row, behind: frozenset[Item]) -> Row:
    """An item counts as translated from the new source once all its texts are."""
    if row.outcome != Outcome.CONFIRMED or row.text is None or row.text.item not in behind:
        return row
    if not row.text.is_outdated:
        return row  # a mark is taken away from each text by itself
    reason = "Other texts of this item are still to be brought up to date."
    return replace(row, outcome=Outcome.SAME, reasons=(reason,))


def _row(
    entry: Entry,
    known: Mapping[str, Text],
    past: set[str],
    exported: Mapping[tuple[str, int | None], str],
    conflicts: Conflicts,
) -> Row:
    text = known.get(entry.name)

    def row(outcome: Outcome, *reasons: str, value: str = "") -> Row:
        before = po.text(text.path, text.current) if text else ""
        return Row(entry.line, entry.name, outcome, reasons, before, entry.translation, text, value)

    if not entry.translation.strip():
        return row(Outcome.EMPTY)
    if text is None:
        if entry.name in past:
            return row(Outcome.OUTDATED, "This text is not on the site any more.")
        return row(Outcome.REFUSED, "We have no text of this name.")
    if entry.is_fuzzy:
        return row(Outcome.FUZZY)
    if not po.same_texts(text.path, entry.source, po.text(text.path, text.source)):
        return row(Outcome.OUTDATED)
    value = po.value(text.path, entry.translation)
    if po.same(text.path, value, text.current):
        is_done = not text.is_outdated and not text.is_unsure
        return row(Outcome.SAME if is_done else Outcome.CONFIRMED, value=text.current)
    base = exported.get((entry.name, entry.number))
    if base is not None and po.same(text.path, value, base):
        return row(Outcome.KEPT, "The translator has not changed it, staff have.")
    if reasons := list(faults.faults(text, entry.translation, value)):
        return row(Outcome.REFUSED, *reasons)
    if text.current and (base is None or not po.same(text.path, base, text.current)):
        reason = "Somebody has changed this text since it was exported."
        if base is None:
            reason = "The file does not say which text it was made from."
        if conflicts == Conflicts.REFUSE:
            return row(Outcome.CONFLICT, reason)
        if conflicts == Conflicts.KEEP:
            return row(Outcome.KEPT, reason)
    outcome = Outcome.CHANGED if text.current else Outcome.NEW
    return row(outcome, *qa.doubts(text.path, text.source, value), value=value)


def _exported(file: File, known: Mapping[str, Text]) -> dict[tuple[str, int | None], str]:
    """Return what each text said when it was exported, by its name and the revision's number."""
    wanted = {
        (*text.item, entry.number)
        for entry in file.entries
        if entry.number is not None and (text := known.get(entry.name))
    }
    numbers = {number for _, _, number in wanted}
    revisions = Revision.objects.filter(language=file.language, number__in=numbers)
    contents = {(r.kind, r.key, r.number): r.content for r in revisions}
    found: dict[tuple[str, int | None], str] = {}
    for entry in file.entries:
        text = known.get(entry.name)
        if text is None or entry.number is None:
            continue
        if entry.number == 0:
            found[entry.name, 0] = ""
        elif (content := contents.get((*text.item, entry.number))) is not None:
            found[entry.name, entry.number] = texts.value_at(content, text.path)
    return found


def _past(names: set[str]) -> set[str]:
    """Return which of these names have ever been those of live texts."""
    if not names:
        return set()
    keys = {name.partition("/")[0].partition(":")[2] for name in names}
    approved = Revision.objects.filter(language=languages.SOURCE, approved_at__isnull=False)
    found = {
        po.context(revision.kind, revision.key, path)
        for revision in approved.filter(key__in=keys)
        for path, text in texts.texts_of(revision.kind, revision.content)
        if text
    }
    return found & names
