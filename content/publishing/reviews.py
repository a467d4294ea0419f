"""Reviews: that a native speaker, a helpline, a youth panel has checked a page in a language.

A review is a fact of one revision, and ends with it: the next text that is approved has none until
somebody checks that one. Readers see it at once: an approver enters it who did not write the text.
"""

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from content.models import Review, Revision
from content.publishing import access, workflow
from content.publishing.rules import Problem
from content.publishing.workflow import Refused

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def can_have(revision: Revision) -> bool:
    """Whether reviews of this revision reach readers: of a page that is live, or may still be."""
    is_over = revision.approved_at and not revision.is_live
    return revision.kind == Revision.Kind.PAGE and not is_over and not revision.withdrawn_at


def of(revision: Revision) -> list[Review]:
    """Return the reviews of a revision that hold, the oldest first; one for each role and name."""
    found = {(r.role, r.name): r for r in revision.reviewed.select_related("by")}
    return [review for review in found.values() if review.holds]


@transaction.atomic
def enter(revision: Revision, user: "User", role: str, name: str, on: date) -> Review:
    """Keep that somebody in this role has checked the text. Raises PermissionDenied or Refused."""
    return _add(revision, user, role, " ".join(name.split()), on, holds=True)


@transaction.atomic
def take_back(revision: Revision, user: "User", review: Review) -> Review:
    """Keep that a review was entered wrongly. Raises PermissionDenied or Refused."""
    return _add(revision, user, review.role, review.name, review.on, holds=False)


def _add(
    revision: Revision, user: "User", role: str, name: str, on: date, *, holds: bool
) -> Review:
    if not access.may_approve(user, revision):
        raise PermissionDenied("Only an approver who did not write a text enters who checked it.")
    workflow.lock(revision.kind, revision.key)
    revision.refresh_from_db(fields=("approved_at", "withdrawn_at", "is_live"))
    if not can_have(revision):
        raise Refused(Problem("", "Readers do not see this text, and will not."))
    if on > timezone.now().date():
        raise Refused(Problem("on", "This day has not come yet."))
    if holds and role == Review.Role.OTHER and not name:
        raise Refused(Problem("name", "Write the role."))
    review = Review.objects.create(
        revision=revision, role=role, name=name, on=on, holds=holds, at=timezone.now(), by=user
    )
    revision.reviews = [
        {"role": one.role, "name": one.name, "on": one.on.isoformat()} for one in of(revision)
    ]
    revision.reviewed_at = review.at
    revision.save(update_fields=["reviews", "reviewed_at"])
    return review
