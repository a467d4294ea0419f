"""From working copy to public text: draft, submit, approve, withdraw, restore.

Every change of what is public goes through a function of this module, in one transaction.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import connection, models, transaction
from django.utils import timezone

from campaign import languages
from content.models import Country, Revision, SentBack
from content.publishing import access, numbers, rules, working_copy
from content.publishing.snapshots import (
    MODELS,
    Content,
    find,
    key_of,
    kind_of,
    languages_of,
    snapshot,
    source_of,
    title,
    upgraded,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class State(StrEnum):
    """Where an item stands in a language. Always derived from its revisions, never stored."""

    MISSING = "missing"
    DRAFT = "draft"
    WAITING = "waiting for approval"
    LIVE = "live"
    CHANGED = "changed since live"
    OUTDATED = "source changed since this was approved"


class Refused(Exception):
    """A revision cannot go live; `problems` says why, field by field."""

    def __init__(self, *problems: rules.Problem) -> None:
        self.problems = problems
        super().__init__("; ".join(str(problem) for problem in problems))


def latest(kind: str, key: str, language: str) -> Revision | None:
    """Return the newest revision of an item in a language, None when there is none."""
    return Revision.objects.of(kind, key, language).first()


def live(kind: str, key: str, language: str | None) -> Revision | None:
    """Return the revision that the public sees, None when there is none."""
    if language is None:
        return None
    return Revision.objects.of(kind, key, language).live().first()


def lock(kind: str, key: str) -> None:
    """Let people who change the same item go one after the other, until the transaction ends.

    Every function below takes this first, before it reads anything that it decides on. SQLite lets
    only one transaction write at a time, and has no other lock.
    """
    if connection.features.has_select_for_update:
        model = MODELS[kind]
        rows = model._default_manager.select_for_update().order_by()
        rows.filter(**{"code" if model is Country else "key": key}).values_list("pk").first()


def _take(revision: Revision) -> None:
    """Lock the item of a revision, and read what became of the revision until then."""
    lock(revision.kind, revision.key)
    revision.refresh_from_db(fields=("submitted_at", "approved_at", "withdrawn_at", "is_live"))


def says(item: models.Model, language: str) -> tuple[Content, int, Revision | None]:
    """Return what a draft of the working copy would say, its place, and the live source text."""
    kind = kind_of(item)
    content = snapshot(item, language)
    position = getattr(item, "position", 0)
    source = live(kind, key_of(item), source_of(kind, language))
    if source is not None and kind != Revision.Kind.COUNTRY:
        # What all languages share comes from what is live: a verdict or a section that nobody has
        # approved yet in the source must not go public through a translation.
        content, position = rules.with_facts_of(source.content, content), source.position
    return content, position, source


@transaction.atomic
def save_draft(
    item: models.Model,
    language: str,
    author: "User | None",
    *,
    comment: str = "",
    origin: str = Revision.Origin.STAFF,
    reviewed_by: str = "",
    based_on: Revision | None = None,
    unsure: Iterable[str] = (),
) -> Revision | None:
    """Keep what the working copy says now as a new draft. Returns None when nothing changed.

    A translation counts as one of the live source text, even when no word of it has changed:
    somebody saw that it still holds. `based_on` names an older one while parts of it are outdated.
    `unsure` are the paths of texts that the author wants somebody to look at again. Without an
    author it is the site's own data. Raises PermissionDenied.
    """
    if author is not None and not access.may_draft(author, item, language):
        raise PermissionDenied("You may not write this.")
    kind, key = kind_of(item), key_of(item)
    lock(kind, key)
    content, position, source = says(item, language)
    newest = latest(kind, key, language)
    based_on, marks = based_on or source, frozenset(unsure)
    if newest is not None and not newest.withdrawn_at:
        old = upgraded(newest.content)
        before = (old, newest.position, newest.reviewed_by, newest.based_on_id)
        now = (content, position, reviewed_by, based_on.pk if based_on else None)
        if (*before, newest.marks) == (*now, marks):
            return None
    return Revision.objects.create(
        kind=kind,
        key=key,
        language=language,
        number=newest.number + 1 if newest else 1,
        title=title(kind, key, content),
        position=position,
        content=content,
        based_on=based_on,
        origin=origin,
        comment=comment,
        reviewed_by=reviewed_by,
        unsure=sorted(marks),
        created_at=timezone.now(),
        created_by=author,
    )


def problems(revision: Revision) -> list[rules.Problem]:
    """Return what keeps this revision from going live."""
    source_language = source_of(revision.kind, revision.language)
    source = live(revision.kind, revision.key, source_language)
    if source_language and source is None and revision.kind != Revision.Kind.COUNTRY:
        return [rules.Problem("", "The source text is not live yet. Approve it first.")]
    return rules.problems(
        revision.kind, revision.language, revision.content, source.content if source else None
    )


@transaction.atomic
def submit(revision: Revision, user: "User | None" = None) -> None:
    """Ask for approval; `user` is who asks, when it is a person.

    Raises PermissionDenied, or Refused when the revision could not go live or is not the newest.
    """
    if user is not None and not access.may_submit(user, revision):
        raise PermissionDenied("You may not ask for approval of this.")
    _take(revision)
    _refuse_unless_newest(revision)
    if revision.approved_at:
        raise Refused(rules.Problem("", "This text has been approved already."))
    _refuse_problems(revision)
    revision.submitted_at = timezone.now()
    revision.save(update_fields=["submitted_at"])


@transaction.atomic
def approve(
    revision: Revision,
    approver: "User",
    reason: str = "",
    digits: Mapping[str, str] | None = None,
) -> None:
    """Make a submitted revision live, in place of the one before it.

    A person other than the author approves; alone, in an emergency, an approver gives a reason,
    which is kept. `digits` are the last three of every number that readers did not see before, as
    the approver typed them, by the number's id (numbers.py). Raises PermissionDenied, or Refused
    with what stands in the way.
    """
    if not access.is_approver(approver, revision):
        raise PermissionDenied("You may not approve.")
    _take(revision)
    if revision.submitted_at is None:
        raise Refused(rules.Problem("", "Nobody has asked for approval of this text yet."))
    if revision.approved_at:
        raise Refused(rules.Problem("", "This text has been approved already."))
    if not reason.strip() and access.is_own(approver, revision):
        raise Refused(rules.Problem("reason", "You wrote this: somebody else has to approve it."))
    _refuse_unless_newest(revision)
    _refuse_problems(revision)
    before = live(revision.kind, revision.key, revision.language)
    if unread := numbers.unconfirmed(numbers.changes(revision, before), digits or {}):
        raise Refused(*unread)
    _make_live(revision, approver, reason.strip())


@transaction.atomic
def send_back(revision: Revision, user: "User", because: str) -> None:
    """Make what waits a draft again, and keep for its author what to change.

    Raises PermissionDenied, or Refused when it does not wait or nothing is said.
    """
    if not access.is_approver(user, revision):
        raise PermissionDenied("You may not decide on this.")
    _take(revision)
    if revision.approved_at or revision.submitted_at is None:
        raise Refused(rules.Problem("", "This text does not wait for approval any more."))
    _refuse_unless_newest(revision)
    if not because.strip():
        raise Refused(rules.Problem("because", "Write what to change: the author reads it."))
    revision.submitted_at = None
    revision.save(update_fields=["submitted_at"])
    SentBack.objects.create(revision=revision, at=timezone.now(), by=user, because=because.strip())


@transaction.atomic
def release_shipped(revision: Revision) -> None:
    """Make a revision live that ships with the site; its review happened in the code's history.

    Raises Refused when the rules are broken.
    """
    lock(revision.kind, revision.key)
    _refuse_problems(revision)
    revision.submitted_at = revision.created_at
    _make_live(revision, None, "")


def _make_live(revision: Revision, approver: "User | None", reason: str) -> None:
    Revision.objects.of(revision.kind, revision.key, revision.language).live().update(is_live=False)
    revision.approved_at = timezone.now()
    revision.approved_by = approver
    revision.reason = reason
    revision.is_live = True
    revision.save(update_fields=["submitted_at", "approved_at", "approved_by", "reason", "is_live"])
    if revision.language == languages.SOURCE:
        # Pieces stand in the same order in all languages.
        same = Revision.objects.live().filter(kind=revision.kind, key=revision.key)
        same.update(position=revision.position)


@transaction.atomic
def withdraw(
    revision: Revision, user: "User", comment: str, *, everywhere: bool = False
) -> list[Revision]:
    """Take an item out of one language; readers see the source text, or nothing, instead.

    Without its source no language shows an item. `everywhere` takes the translations of a source
    text away as well: otherwise they stay approved, and come back with the next source text.
    Returns all that was withdrawn. Raises PermissionDenied, before anything is changed.
    """
    if not access.may_withdraw(user, revision):
        raise PermissionDenied("You may not withdraw.")
    _take(revision)
    taken = [revision, *(translations(revision) if everywhere else ())]
    if not all(access.may_withdraw(user, one) for one in taken):
        raise PermissionDenied("You may not withdraw every translation.")
    now = timezone.now()
    for one in taken:
        one.is_live = False
        one.withdrawn_at = now
        one.withdrawn_by = user
        one.withdrawn_because = comment.strip()
        one.save(update_fields=["is_live", "withdrawn_at", "withdrawn_by", "withdrawn_because"])
    return taken


def translations(revision: Revision) -> list[Revision]:
    """Return the live translations of a source text, without their contents; of others none."""
    if revision.language != languages.SOURCE:
        return []
    same = Revision.objects.live().filter(kind=revision.kind, key=revision.key)
    others = same.exclude(language__in=[languages.SOURCE, languages.NEUTRAL])
    return list(others.defer("content").order_by("language"))


@transaction.atomic
def restore(revision: Revision, author: "User") -> Revision | None:
    """Write an old revision back into the working copy and keep it as a new draft.

    Returns the draft, or None when the newest revision says the same already. Raises
    PermissionDenied.
    """
    if not access.may_restore(author, revision):
        raise PermissionDenied("You may not write this.")
    lock(revision.kind, revision.key)
    item = find(revision.kind, revision.key)
    working_copy.write(item, revision.language, revision.content)
    return save_draft(
        find(revision.kind, revision.key),
        revision.language,
        author,
        comment=f"Restored from number {revision.number}",
        reviewed_by=revision.reviewed_by,
    )


def _refuse_unless_newest(revision: Revision) -> None:
    newest = latest(revision.kind, revision.key, revision.language)
    if newest is None or newest.pk != revision.pk:
        raise Refused(rules.Problem("", "Somebody saved a newer text. Look at that one."))
    if revision.withdrawn_at:
        raise Refused(rules.Problem("", "This text was withdrawn. Save it again first."))


def _refuse_problems(revision: Revision) -> None:
    found = problems(revision)
    if found:
        raise Refused(*found)


def state(revisions: list[Revision], source_live: Revision | None = None) -> State:
    """Return the state of one item in one language from its revisions, newest first.

    `source_live` is the live revision of the source language, for a translation.
    """
    if not revisions:
        return State.MISSING
    newest = revisions[0]
    is_public = next((revision for revision in revisions if revision.is_live), None)
    if newest.withdrawn_at:
        return State.MISSING
    if newest is not is_public:
        if newest.submitted_at and not newest.approved_at:
            return State.WAITING
        return State.CHANGED if is_public else State.DRAFT
    return State.OUTDATED if _is_outdated(newest, source_live) else State.LIVE


def _is_outdated(revision: Revision, source_live: Revision | None) -> bool:
    """Whether a live translation is of a text that is live no more: changed, or withdrawn."""
    if source_of(revision.kind, revision.language) is None:
        return False
    if source_live is None:  # remarks of a country need no source
        return revision.kind != Revision.Kind.COUNTRY
    return revision.based_on_id != source_live.pk


def states(kind: str, key: str) -> dict[str, State]:
    """Return the state of an item in every language it can have, in two queries."""
    by_language: dict[str, list[Revision]] = {}
    for revision in Revision.objects.filter(kind=kind, key=key).order_by("language", "-number"):
        by_language.setdefault(revision.language, []).append(revision)
    source = next((r for r in by_language.get(languages.SOURCE, []) if r.is_live), None)
    return {
        language: state(
            by_language.get(language, []), source if source_of(kind, language) else None
        )
        for language in languages_of(kind)
    }
