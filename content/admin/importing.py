"""What a sheet of contacts would change, and doing it: by the forms' own rules, all or nothing."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from campaign import languages
from content.admin import notices
from content.models import Contact
from content.publishing import access, duplicates, endings
from content.sheets import cells
from content.sheets.reading import Line, Problem, Sheet, Unreadable

if TYPE_CHECKING:
    from content.admin.contacts import ContactAdmin, ContactForm

LOOKED_AT = (*cells.COLUMNS, "checked_by")
"""What is read of contacts: a whole row has a remark in 36 languages."""


MOST_CHANGING = 500
"""Rows that change something: each fills in a form, and a request must end before it is ended."""


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True)
class Change:
    """What a field says, and what it would say."""

    label: str
    old: str
    new: str


@dataclass
class Row:
    """A row of the sheet, and what becomes of it."""

    line: Line
    contact: Contact
    """As it would be."""
    outcome: Outcome = Outcome.SAME
    changes: list[Change] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    same: list[notices.Notice] = field(default_factory=list)
    """Other contacts that have the same number or address."""
    form: "ContactForm | None" = None

    @property
    def written(self) -> list[str]:
        """The columns that the sheet changes; of a new contact all that it has."""
        return list(self.line.cells) if self.outcome == Outcome.NEW else self._columns

    _columns: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """All that a sheet would do."""

    rows: list[Row]
    losses: list[str]
    """What readers would lose, country by country."""

    @property
    def counts(self) -> list[tuple[Outcome, int]]:
        """How many rows have which outcome; no outcome without rows."""
        found = Counter(row.outcome for row in self.rows)
        return [(outcome, found[outcome]) for outcome in Outcome if found[outcome]]

    @property
    def refused(self) -> list[Row]:
        """The rows because of which nothing is taken."""
        return [row for row in self.rows if row.outcome == Outcome.REFUSED]

    @property
    def written(self) -> list[Row]:
        """The rows that change something."""
        return [row for row in self.rows if row.outcome in {Outcome.NEW, Outcome.CHANGED}]

    @property
    def fingerprint(self) -> str:
        """Differs as soon as the plan would do anything else: what was shown is what is done."""
        digest = hashlib.sha256()
        for row in self.written:
            changes = [(change.label, change.old, change.new) for change in row.changes]
            digest.update(repr((row.line.key, row.outcome, changes)).encode())
        return digest.hexdigest()

    def kept(self) -> list[tuple[int, dict[str, str]]]:
        """Return what has to be known of the sheet to do it later: rows with what they change."""
        return [
            (row.line.row, {n: row.line.cells[n] for n in dict.fromkeys(["key", *row.written])})
            for row in self.written
        ]


def sheet_of(kept: Iterable[tuple[int, dict[str, str]]]) -> Sheet:
    """Return the sheet that `Plan.kept` was made of, with its changes only."""
    return Sheet((), tuple(Line(row, values) for row, values in kept))


class Planner:
    """Works out what a sheet would change, with the forms that this person would be given."""

    def __init__(self, request: HttpRequest, admin: "ContactAdmin") -> None:
        self.request = request
        self.admin = admin
        self._forms: dict[tuple[bool, bool], Any] = {}

    def plan(self, sheet: Sheet) -> Plan:
        """Return what the sheet would change now. Raises Unreadable when that is too much."""
        known = self._known(sheet)
        changing = sum(1 for line in sheet.lines if _differing(line, known.get(line.key)))
        if changing > MOST_CHANGING:
            message = f"It changes {changing} contacts; {MOST_CHANGING} at once are the most."
            raise Unreadable(Problem(0, f"{message} Make several files of it."))
        rows = [self._row(line, known.get(line.key)) for line in sheet.lines]
        after = known | {row.contact.key: row.contact for row in rows if row.form}
        by_country: dict[str, list[Contact]] = {}
        for contact in after.values():
            by_country.setdefault(contact.country_id, []).append(contact)
        touched = set()
        for row in rows:
            if row.outcome in {Outcome.NEW, Outcome.CHANGED}:
                others = by_country[row.contact.country_id]
                found = duplicates.same(row.contact, others)
                row.same = [notices.notice(s) for s in found if s.field in row.written]
                touched.add(row.contact.country_id)
        return Plan(rows, list(_losses({code: by_country[code] for code in sorted(touched)})))

    @staticmethod
    def _known(sheet: Sheet) -> dict[str, Contact]:
        """Return the contacts of all countries that the sheet is about, by their keys."""
        keys = [line.key for line in sheet.lines]
        codes = set(Contact.objects.filter(key__in=keys).values_list("country", flat=True))
        codes |= {line.cells.get("country", "") for line in sheet.lines}
        contacts = Contact.objects.filter(country__in=codes).only(*LOOKED_AT)
        return {contact.key: contact for contact in contacts.order_by("key")}

    def _row(self, line: Line, contact: Contact | None) -> Row:
        if contact is None:
            return self._new(line)
        columns = _differing(line, contact)
        before = {name: cells.text(contact, name).strip() for name in columns}
        row = Row(line, contact, _columns=columns)
        if not columns:
            return row
        row.doubts = [f"{_label(n)}: {line.doubts[n]}" for n in columns if n in line.doubts]
        row.problems = list(self._forbidden(contact, columns))
        if not row.problems:
            self._fill_in(row, columns)
            row.changes = [
                Change(_label(name), before[name], cells.text(contact, name))
                for name in columns
                if before[name] != cells.text(contact, name)
            ]
        if row.problems:
            row.outcome = Outcome.REFUSED
        elif row.changes:
            row.outcome = Outcome.CHANGED
        return row

    def _forbidden(self, contact: Contact, columns: list[str]) -> Iterator[str]:
        user = self.request.user
        if not access.may_write(user, contact, languages.NEUTRAL):
            yield f"You do not keep the contacts of {contact.country_id}."
        if "country" in columns:
            yield f"Country: it stays in {contact.country_id}. Give the new one a key."
        if cells.REMARK in columns and not access.may_write(user, contact, languages.SOURCE):
            yield "Remark: you may not write texts for readers."

    def _new(self, line: Line) -> Row:
        row = Row(line, Contact(key=line.key), Outcome.NEW)
        row.doubts = [f"{_label(name)}: {doubt}" for name, doubt in line.doubts.items()]
        country, own = line.cells.get("country", ""), access.countries_of(self.request.user)
        if not self.admin.has_add_permission(self.request) or (
            country and own is not None and country not in own
        ):
            row.problems = [f"You do not keep the contacts of {country or 'any country'}."]
        else:
            self._fill_in(row, [name for name in line.cells if name != "key"])
        if row.problems:
            row.outcome = Outcome.REFUSED
        row.changes = [Change(_label(n), "", t) for n, t in line.cells.items() if t and n != "key"]
        return row

    def _fill_in(self, row: Row, columns: list[str]) -> None:
        """Fill the person's own form in as the row says, and read what it complains of."""
        is_new = row.outcome == Outcome.NEW
        may_remark = access.may_write(self.request.user, row.contact, languages.SOURCE)
        form_class = self._form_class(None if is_new else row.contact, may_remark)
        empty = form_class(instance=row.contact)
        data = {name: empty[name].value() for name in empty.fields}
        written = {n: cells.data(n, row.line.cells[n]) for n in columns if n in empty.fields}
        for name in columns:
            if name not in empty.fields and name != "key" and row.line.cells[name]:
                row.problems.append(f"{_label(name)}: you may not write this.")
        data |= {"key": row.line.key, **written, "seen": empty.fingerprint, "comment": ""}
        form = form_class(data, instance=row.contact)
        for name, texts in form.errors.items():
            label = f"{_label(name)}: " if name in cells.COLUMNS else ""
            row.problems += [f"{label}{text}" for text in texts]
        row.form = form

    def _form_class(self, contact: Contact | None, may_remark: bool) -> Any:
        """Return the form that the person would be given; one that serves all such contacts."""
        name = (contact is None, may_remark)
        if name not in self._forms:
            change = contact is not None
            self._forms[name] = self.admin.get_form(self.request, contact, change=change)
        return self._forms[name]


def _differing(line: Line, contact: Contact | None) -> list[str]:
    """Return the columns in which a row differs from a contact; all, when there is none."""
    return [
        name
        for name, text in line.cells.items()
        if contact is None or text != cells.text(contact, name).strip()
    ]


def _losses(by_country: dict[str, list[Contact]]) -> Iterator[str]:
    for code, contacts in by_country.items():
        facts = [{"kind": c.kind, "ends_on": cells.text(c, "ends_on")} for c in contacts]
        yield from (f"{code}: {sentence}" for sentence in endings.losses({"contacts": facts}))


def _label(column: str) -> str:
    return "Remark" if column == cells.REMARK else notices.label(column)
