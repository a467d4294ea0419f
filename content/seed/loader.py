"""Load the shipped campaign: idempotent, all or nothing, and never over an editor's change."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.forms.models import model_to_dict

from campaign import languages
from content.models import Contact, Country, Platform, PlatformLink, Revision
from content.publishing import workflow, working_copy
from content.publishing.snapshots import MODELS, Content
from content.publishing.workflow import Refused
from content.seed import directory, texts, translations
from content.seed.errors import SeedError

Kind = Revision.Kind
Progress = Callable[[int, int], None]


@dataclass
class Report:
    """What loading did: counts of added, updated, unchanged and kept items."""

    counts: Counter[str] = field(default_factory=Counter)
    kept: list[str] = field(default_factory=list)
    """Items that staff have changed or withdrawn: what ships differs, and theirs stays."""

    def __str__(self) -> str:
        names = ("added", "updated", "unchanged", "kept")
        return ", ".join(f"{self.counts[name]} {name}" for name in names)


@dataclass(frozen=True)
class _Pending:
    """An item in a language that is written and now has to be released."""

    item: models.Model
    language: str
    reviewed_by: str
    file: str
    row: int | str


class _Loader:
    def __init__(self, progress: Progress) -> None:
        # Everything is read and checked before anything is written.
        self.items = texts.read_all()
        self.catalogues = translations.read_all()
        self.countries = directory.read_countries()
        self.contacts = directory.read_contacts(self.countries)
        self.progress = progress
        self.total = 2 * len(self.items) * (1 + len(self.catalogues)) + len(self.countries)
        self.done = 0
        self.report = Report()
        self.pending: list[_Pending] = []
        self.newest = {
            (revision.kind, revision.key, revision.language): revision
            for revision in Revision.objects.order_by("number")
        }
        self.known = {(kind, key) for kind, key, _ in self.newest}

    def run(self) -> Report:
        for item in self.items:
            self._write_item(item)
        # Only now, when every page is there, can links between them be checked.
        for pending in self.pending:
            self._release(pending)
        for country in self.countries:
            self._load_country(country)
            self._tick()
        self.progress(self.total, self.total)
        return self.report

    def _tick(self) -> None:
        self.done += 1
        self.progress(min(self.done, self.total), self.total)

    def _write_item(self, item: texts.SourceItem) -> None:
        working = self._working_copy(item)
        versions: list[tuple[str, Content | None, str, str, int | str]] = [
            (languages.SOURCE, item.source_content(), "", item.file, _row(item))
        ]
        for catalogue in self.catalogues:
            place = f"{catalogue.row_of(item)} ({item.kind}:{item.key})"
            content = catalogue.content(item)
            versions.append(
                (catalogue.language, content, catalogue.reviewed_by, catalogue.file, place)
            )
        for language, content, reviewed_by, file, row in versions:
            if content is not None and self._may_write(item, language, content, reviewed_by):
                if working is None:
                    continue
                working_copy.write(working, language, content)
                if isinstance(working, Platform) and language == languages.SOURCE:
                    _write_links(working, item)
                self.pending.append(_Pending(working, language, reviewed_by, file, row))
            self._tick()

    def _working_copy(self, item: texts.SourceItem) -> models.Model | None:
        """Return the item to write to; None when staff have deleted it."""
        manager = MODELS[item.kind]._default_manager
        working = manager.filter(key=item.key).first()
        if working is None and (item.kind, item.key) not in self.known:
            working = MODELS[item.kind](key=item.key)
        if working is not None:
            working.position = item.position  # type: ignore[attr-defined]
        return working

    def _may_write(
        self, item: texts.SourceItem, language: str, content: Content, reviewed_by: str
    ) -> bool:
        newest = self.newest.get((item.kind, item.key, language))
        if newest is None:
            self.report.counts["added"] += 1
            return True
        if newest.content == content and newest.reviewed_by == reviewed_by:
            self.report.counts["unchanged"] += 1
            return False
        if newest.origin == Revision.Origin.STAFF or newest.withdrawn_at:
            self.report.counts["kept"] += 1
            self.report.kept.append(f"{item.kind}:{item.key} {language}")
            return False
        self.report.counts["updated"] += 1
        return True

    def _release(self, pending: _Pending) -> None:
        revision = workflow.save_draft(
            pending.item,
            pending.language,
            None,
            comment="Shipped with the site",
            origin=Revision.Origin.SHIPPED,
            reviewed_by=pending.reviewed_by,
        )
        self._tick()
        if revision is None:
            return
        try:
            workflow.release_shipped(revision)
        except Refused as refused:
            problem = refused.problems[0]
            raise SeedError(pending.file, pending.row, problem.field, problem.message) from refused

    def _load_country(self, shipped: Country) -> None:
        newest = self.newest.get((Kind.COUNTRY, shipped.code, languages.NEUTRAL))
        name = f"country:{shipped.code}"
        if newest and (newest.origin == Revision.Origin.STAFF or newest.withdrawn_at):
            self.report.counts["kept"] += 1
            self.report.kept.append(name)
            return
        contacts = [c for c in self.contacts if c.country_id == shipped.code]
        country = Country.objects.filter(code=shipped.code).first() or Country(code=shipped.code)
        changed = _merge(country, shipped)
        keys = [contact.key for contact in contacts]
        present = {contact.key: contact for contact in Contact.objects.filter(key__in=keys)}
        for contact in contacts:
            changed |= _merge(present.get(contact.key) or Contact(key=contact.key), contact)
        if not changed:
            self.report.counts["unchanged"] += 1
            return
        self.report.counts["updated" if newest else "added"] += 1
        self._release(_Pending(country, languages.NEUTRAL, "", "contacts.json", name))


@transaction.atomic
def load(progress: Progress = lambda done, total: None) -> Report:
    """Write what ships and what nobody has changed since; report what was done.

    Raises SeedError, and then nothing has been written.
    """
    return _Loader(progress).run()


def _row(item: texts.SourceItem) -> int:
    return min(text.row for text in item.texts.values())


def _write_links(platform: Platform, item: texts.SourceItem) -> None:
    for position, (purpose, evidence, url) in enumerate(item.links):
        PlatformLink.objects.update_or_create(
            platform=platform,
            url=url,
            defaults={"purpose": purpose, "evidence": evidence, "position": position},
        )


def _merge(current: Any, shipped: Any) -> bool:
    """Bring what ships into a country or contact, field by field; whether anything was written.

    A field that staff have changed since it last shipped keeps their value.
    """
    values = _facts(shipped)
    before = current.shipped
    if before == values:
        return False
    for name, value in values.items():
        field_name = type(current)._meta.get_field(name).attname
        if not before or getattr(current, field_name) == before.get(name):
            setattr(current, field_name, value)
    current.shipped = values
    current.save()
    return True


def _facts(item: Country | Contact) -> dict[str, Any]:
    fields = [f.name for f in item._meta.concrete_fields if f.name not in NOT_SHIPPED]
    return {name: value for name, value in model_to_dict(item).items() if name in fields}


NOT_SHIPPED = {"id", "checked_on", "checked_by", "shipped"}
