"""Write what translators sent: drafts by a named person, all of them or none."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models, transaction

from content import po
from content.interchange.planning import Conflicts, Plan, Row, plan
from content.interchange.reading import File
from content.interchange.texts import Item, Text
from content.models import Contact, Revision, Section
from content.publishing import workflow
from content.publishing.snapshots import MODELS, column, find

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class NotWritten(Exception):
    """Nothing was written; `plan` says what stands in the way, or what has changed meanwhile."""

    def __init__(self, message: str, plan: Plan) -> None:
        self.plan = plan
        super().__init__(message)


@dataclass(frozen=True)
class Done:
    """What was written."""

    plan: Plan
    drafts: list[Revision]


@transaction.atomic
def write(
    file: File,
    user: "User",
    conflicts: Conflicts = Conflicts.REFUSE,
    *,
    may_miss: bool = False,
    shown: str = "",
    comment: str = "Imported from translators",
) -> Done:
    """Write a file's texts into the working copies and keep them as drafts. Approves nothing.

    `shown` is the fingerprint of the plan that the person has seen. Raises NotWritten, or
    PermissionDenied for somebody who may not write these texts; then nothing has been written.
    """
    first = plan(file, conflicts, may_miss=may_miss)
    _lock({row.text.item for row in first.written if row.text})
    # Only now nobody else can change these items: what is true now counts.
    found = plan(file, conflicts, may_miss=may_miss)
    if not found.may_be_written:
        raise NotWritten("The file cannot be taken as it is.", found)
    if shown and shown != found.fingerprint:
        raise NotWritten("Somebody has changed these texts since you looked.", found)
    by_item: dict[Item, list[Row]] = {}
    for row in found.written:
        if row.text:
            by_item.setdefault(row.text.item, []).append(row)
    drafts = []
    for item, rows in by_item.items():
        _write_columns(item, rows, file.language)
        newest = workflow.latest(*item, file.language)
        draft = workflow.save_draft(
            find(*item),
            file.language,
            user,
            comment=comment[:250],
            based_on=newest.based_on if newest and item in found.behind else None,
            unsure=newest.marks - {row.text.path for row in rows if row.text} if newest else (),
        )
        if draft is not None:
            drafts.append(draft)
    return Done(found, drafts)


def _lock(items: Iterable[Item]) -> None:
    """Let nobody else save these items until the end of the transaction."""
    by_kind: dict[str, list[str]] = {}
    for kind, key in sorted(items):
        by_kind.setdefault(kind, []).append(key)
    for kind, keys in by_kind.items():
        model = MODELS[kind]
        name = "code" if kind == Revision.Kind.COUNTRY else "key"
        rows = model._default_manager.filter(**{f"{name}__in": keys}).order_by("pk")
        list(rows.select_for_update().values_list("pk"))


def _write_columns(item: Item, rows: Iterable[Row], language: str) -> None:
    """Write the texts of an item, each into its own column and no other."""
    by_place: dict[tuple[type[models.Model], str], dict[str, str]] = {}
    for row in rows:
        text: Text | None = row.text
        if text is None:
            continue
        where, _, rest = text.path.partition("/")
        if where == "remarks":
            place: tuple[type[models.Model], str] = (Contact, rest)
            name = "remark"
        elif where == "sections":
            place, name = (Section, rest.partition("/")[0]), po.field_of(rest)
        else:
            place, name = (MODELS[text.kind], text.key), where
        by_place.setdefault(place, {})[column(name, language)] = row.value
    for (model, key), values in by_place.items():
        found = model._default_manager.filter(key=key)
        if model is Section:
            found = found.filter(page__key=item[1])
        elif model is Contact:
            found = found.filter(country_id=item[1])
        found.update(**values)
