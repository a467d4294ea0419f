"""What waits: for an approver, and for its own author."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, QuerySet

from campaign import languages
from content.admin import addresses
from content.models import Revision, SentBack
from content.publishing import access

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

MOST_SHOWN = 30


@dataclass(frozen=True)
class Entry:
    """A line of a queue: the revision and where its link leads."""

    revision: Revision
    address: str
    language: str
    sent_back: tuple[SentBack, ...] = ()
    """Why approvers sent it back, the last time first."""


def newest() -> QuerySet[Revision]:
    """Return the newest revision of every item in every language, without the texts."""
    newer = Revision.objects.filter(
        kind=OuterRef("kind"),
        key=OuterRef("key"),
        language=OuterRef("language"),
        number__gt=OuterRef("number"),
    )
    return Revision.objects.filter(~Exists(newer)).defer("content").select_related("created_by")


def waiting() -> QuerySet[Revision]:
    """Return what an approver has to look at, oldest first.

    A text that was saved again since it was submitted does not wait any more.
    """
    return (
        newest()
        .filter(submitted_at__isnull=False, approved_at=None, withdrawn_at=None)
        .order_by(F("submitted_at").asc())
    )


def for_approval(user: "User | AnonymousUser") -> list[Entry]:
    """Return the queue of approval; its links lead approvers to the page where they decide."""

    def address(revision: Revision) -> str:
        is_theirs = access.is_approver(user, revision)
        return addresses.approval(revision) if is_theirs else addresses.review(revision)

    return [Entry(r, address(r), language_name(r.language)) for r in waiting()[:MOST_SHOWN]]


def own_drafts(user: "User | AnonymousUser") -> list[Entry]:
    """Return the person's drafts that they have not asked approval for, newest first."""
    drafts = newest().filter(
        created_by=user.pk, submitted_at=None, approved_at=None, withdrawn_at=None
    )
    return [
        Entry(r, _form_or_review(r), language_name(r.language), tuple(r.sent_back.all()))
        for r in drafts.prefetch_related("sent_back__by").order_by("-created_at")[:MOST_SHOWN]
    ]


def _form_or_review(revision: Revision) -> str:
    form = addresses.form_of(revision.kind, revision.key, revision.language)
    return form or addresses.review(revision)


def language_name(code: str) -> str:
    """Return a language's own name; revisions of numbers are valid in all languages."""
    language = languages.BY_CODE.get(code)
    return language.name if language else "all languages"
