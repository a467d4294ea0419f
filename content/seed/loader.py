"""Load the shipped campaign: idempotent, all or nothing, and never over an editor's change."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import models, transaction

from campaign import languages
from content.models import Platform, PlatformLink, Revision
from content.publishing import workflow, working_copy
from content.publishing.snapshots import MODELS, Content, upgraded
from content.publishing.workflow import Refused
from content.seed import countries, directory, texts, translations
from content.seed.errors import SeedError
from content.seed.report import Report

Kind = Revision.Kind
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class _Version:
    """What ships of an item in one language, and where it stands."""

    language: str
    content: Content
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
        self.total = len(self.items) * (1 + len(self.catalogues)) + len(self.countries)
        self.done = 0
        self.report = Report()
        self.written: list[tuple[models.Model, _Version]] = []
        revisions = list(Revision.objects.order_by("number"))
        self.newest = {(r.kind, r.key, r.language): r for r in revisions}
        self.live = {(r.kind, r.key, r.language): r for r in revisions if r.is_live}
        self.known = {(kind, key) for kind, key, _ in self.newest}

    def run(self) -> Report:
        for item in self.items:
            self._load_item(item, [self._source(item)])
        self._release()
        for item in self.items:
            self._load_item(item, list(self._translations(item)))
        self._release()
        for country in self.countries:
            contacts = [c for c in self.contacts if c.country_id == country.code]
            newest = self.newest.get((Kind.COUNTRY, country.code, languages.NEUTRAL))
            countries.load(country, contacts, newest, self.report)
            self._tick()
        self.progress(self.total, self.total)
        return self.report

    def _tick(self) -> None:
        self.done += 1
        self.progress(min(self.done, self.total), self.total)

    def _source(self, item: texts.SourceItem) -> _Version:
        row = min(text.row for text in item.texts.values())
        return _Version(languages.SOURCE, item.source_content(), "", item.file, row)

    def _translations(self, item: texts.SourceItem) -> Iterator[_Version]:
        source = self.live.get((item.kind, item.key, languages.SOURCE))
        is_current = source is not None and source.content == item.source_content()
        for catalogue in self.catalogues:
            content = catalogue.content(item)
            if content is None:
                self._tick()
            elif not is_current:
                # Staff have changed or withdrawn the English that this translates.
                name = f"{item.kind}:{item.key} {catalogue.language}"
                self.report.keep(name, "the live English is not the one that was translated")
                self._tick()
            else:
                row = f"{catalogue.row_of(item)} ({item.kind}:{item.key})"
                yield _Version(
                    catalogue.language, content, catalogue.reviewed_by, catalogue.file, row
                )

    def _load_item(self, item: texts.SourceItem, versions: list[_Version]) -> None:
        working = self._working_copy(item)
        for version in versions:
            if self._may_write(item, version):
                if working is None:
                    self.report.keep(f"{item.kind}:{item.key}", "staff have deleted it")
                else:
                    working_copy.write(working, version.language, version.content)
                    if isinstance(working, Platform) and version.language == languages.SOURCE:
                        _write_links(working, item)
                    self.written.append((working, version))
            self._tick()

    def _working_copy(self, item: texts.SourceItem) -> models.Model | None:
        """Return the item to write to, in its shipped place; None when staff have deleted it."""
        model = MODELS[item.kind]
        working = model._default_manager.filter(key=item.key).first()
        if working is None:
            is_new = (item.kind, item.key) not in self.known
            return model(key=item.key, position=item.position) if is_new else None
        newest = self.newest.get((item.kind, item.key, languages.SOURCE))
        is_ours = newest is None or newest.origin == Revision.Origin.SHIPPED
        if is_ours and working.position != item.position:  # type: ignore[attr-defined]
            working.position = item.position  # type: ignore[attr-defined]
            working.save(update_fields=["position"])
            Revision.objects.live().filter(kind=item.kind, key=item.key).update(
                position=item.position
            )
        return working

    def _may_write(self, item: texts.SourceItem, version: _Version) -> bool:
        name = f"{item.kind}:{item.key} {version.language}"
        newest = self.newest.get((item.kind, item.key, version.language))
        if newest is None:
            self.report.counts["added"] += 1
            return True
        if (
            upgraded(newest.content) == version.content
            and newest.reviewed_by == version.reviewed_by
        ):
            self.report.counts["unchanged"] += 1
            return False
        if newest.origin == Revision.Origin.STAFF:
            self.report.keep(name, "staff have changed it")
            return False
        if newest.withdrawn_at:
            self.report.keep(name, "staff have withdrawn it")
            return False
        self.report.counts["updated"] += 1
        return True

    def _release(self) -> None:
        """Make what was written live: all drafts first, because texts may link to each other."""
        drafts = []
        for working, version in self.written:
            revision = workflow.save_draft(
                working,
                version.language,
                None,
                comment="Shipped with the site",
                origin=Revision.Origin.SHIPPED,
                reviewed_by=version.reviewed_by,
            )
            if revision is not None:
                drafts.append((revision, version))
        self.written.clear()
        for revision, version in drafts:
            try:
                workflow.release_shipped(revision)
            except Refused as refused:
                problem = refused.problems[0]
                raise SeedError(
                    version.file, version.row, problem.field, problem.message
                ) from refused
            self.live[revision.kind, revision.key, revision.language] = revision


@transaction.atomic
def load(progress: Progress = lambda done, total: None) -> Report:
    """Write what ships and what nobody has changed since; report what was done.

    Raises SeedError, and then nothing has been written.
    """
    return _Loader(progress).run()


def _write_links(platform: Platform, item: texts.SourceItem) -> None:
    for position, (purpose, evidence, url) in enumerate(item.links):
        PlatformLink.objects.update_or_create(
            platform=platform,
            url=url,
            defaults={"purpose": purpose, "evidence": evidence, "position": position},
        )
