"""What the staff area says of a revision: its state, its people, its past."""

from content.admin.waiting import language_name
from content.models import Revision
from content.publishing import endings, workflow
from content.publishing.snapshots import source_of

MOST_SHOWN = 200
"""Revisions in one history; older ones are found in the list of all revisions."""


def state(revision: Revision) -> str:
    """Return what became of a revision, in words."""
    if revision.withdrawn_at:
        return "withdrawn"
    if revision.is_live:
        return "live"
    if revision.approved_at:
        return "was live"
    return "waiting for approval" if revision.submitted_at else "draft"


def author(revision: Revision) -> str:
    """Return who wrote a revision."""
    return str(revision.created_by) if revision.created_by else revision.get_origin_display()


def history(revision: Revision) -> list[Revision]:
    """Return the revisions of the same item and language, newest first, with what was sent back."""
    people = ("created_by", "approved_by", "withdrawn_by")
    revisions = Revision.objects.of(revision.kind, revision.key, revision.language)
    revisions = revisions.prefetch_related("sent_back__by")
    return list(revisions.defer("content").select_related(*people)[:MOST_SHOWN])


def before(revision: Revision, live: Revision | None) -> Revision | None:
    """Return what to compare with: what is live, or for that itself, what was live before."""
    if live is None or live.pk != revision.pk:
        return live
    earlier = Revision.objects.of(revision.kind, revision.key, revision.language).filter(
        number__lt=revision.number, approved_at__isnull=False
    )
    return earlier.first()


def warnings(revision: Revision, source: Revision | None) -> list[str]:
    """Return what an approver should know, and what does not forbid approval."""
    found = list(endings.losses(revision.content))
    if source and revision.based_on_id != source.pk:
        found.append("The source text has changed since this translation was saved.")
    if revision.origin == Revision.Origin.STAFF and source and not revision.reviewed_by:
        found.append("No native reader has reviewed this translation.")
    return found


def instead(revision: Revision) -> str:
    """Return what readers see now that a text is withdrawn."""
    source = source_of(revision.kind, revision.language)
    if source and workflow.live(revision.kind, revision.key, source):
        return f"Readers of {language_name(revision.language)} see the source text instead."
    return "Readers do not see it any more."
