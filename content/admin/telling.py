"""What the staff area says of a revision: its state, its people, its past."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from campaign import languages
from content import countries
from content.admin import measuring
from content.admin.waiting import language_name
from content.models import Country, Review, Revision
from content.publishing import access, endings, rules, workflow
from content.publishing.snapshots import Content, source_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

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
    if revision.origin == Revision.Origin.STAFF and source:
        is_read = any(review["role"] == Review.Role.NATIVE for review in revision.reviews)
        if not is_read and not revision.reviewed_by:
            found.append("No native reader has reviewed this translation.")
        if revision.kind != Revision.Kind.COUNTRY:
            doubts = rules.doubts(revision.content, source.content)
            found += [placed(doubt, revision.content) for doubt in doubts]
    for path in sorted(revision.marks):
        place = path.removeprefix("sections/").replace("/", ", ")
        found.append(f"Its author wants somebody to look again at: {place}.")
    if revision.language in languages.BY_CODE:
        kind, language = revision.kind, revision.language
        found += measuring.of_content(kind, language, revision.content).reading.warnings
    return found


def placed(problem: rules.Problem, content: Content) -> str:
    """Return a problem with the place where it is, as people call it: section and field."""
    where, _, rest = problem.field.partition(".")
    if where != "sections" or not rest:
        return f"{where.replace('_', ' ').capitalize()}: {problem.message}"
    number, _, name = rest.partition(".")
    heading = content["sections"][int(number)]["heading"] or f"number {int(number) + 1}"
    return f"Section “{heading}”, {name}: {problem.message}"


def instead(revision: Revision, taken: Sequence[Revision]) -> str:
    """Return what readers see now that these texts are withdrawn, the one asked about first."""
    source = source_of(revision.kind, revision.language)
    if source and workflow.live(revision.kind, revision.key, source):
        return f"Readers of {language_name(revision.language)} see the source text instead."
    said = "Readers do not see it any more."
    if others := taken[1:]:
        return f"{said} Withdrawn as well: {_names(others)}."
    if kept := workflow.translations(revision):
        return f"{said} Nor its translations, which stay approved: {_names(kept)}."
    return said


@dataclass(frozen=True)
class ToWithdraw:
    """What withdrawing a source text does to its translations."""

    names: str
    """The languages, by their own names."""
    may_take_all: bool
    """Whether the person may withdraw each of them, too."""


def to_withdraw(user: "User | AnonymousUser", revision: Revision) -> ToWithdraw | None:
    """Return what happens to the live translations of a source text, None when there are none."""
    found = workflow.translations(revision) if revision.is_live else []
    if not found:
        return None
    return ToWithdraw(_names(found), all(access.may_withdraw(user, one) for one in found))


def _names(revisions: Iterable[Revision]) -> str:
    return ", ".join(language_name(revision.language) for revision in revisions)


def published(revision: Revision) -> str:
    """Return where readers see an approved revision first, and what follows.

    In the order of content/baking/order.py.
    """
    if revision.kind != Revision.Kind.COUNTRY:
        return (
            "Its page shows it first, usually within two seconds; other pages that show it follow,"
            " within minutes when there are many."
        )
    country = Country.objects.only("scope", "languages").filter(code=revision.key).first()
    if country is None or country.scope != Country.Scope.COUNTRY:
        return "All pages that show these services follow within minutes."
    codes = [revision.language]
    if revision.language in {languages.NEUTRAL, languages.SOURCE}:
        codes = [languages.SOURCE, *country.languages]
    names = [countries.language_name(code, languages.SOURCE) for code in dict.fromkeys(codes)]
    return (
        f"Pages, cards and posters of {countries.name(revision.key, languages.SOURCE)} in"
        f" {countries.joined(names, languages.SOURCE)} show it first, usually within two seconds;"
        " other languages follow, then lists of all countries and the open data, within minutes."
    )
