"""The history of every text, and the page on which an approver decides."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign import languages
from content.admin import addresses, comparing
from content.admin.waiting import language_name, newest, waiting
from content.models import Revision
from content.publishing import access, rules, workflow
from content.publishing.snapshots import source_of
from content.publishing.workflow import Refused


class StateFilter(admin.SimpleListFilter):
    """Waiting, live, or a draft that nobody has asked about."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [
            ("waiting", "Waiting for approval"),
            ("live", "Live"),
            ("draft", "Newest, still a draft"),
            ("alone", "Released by one person alone"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the revisions in the chosen state."""
        if self.value() == "waiting":
            return queryset.filter(pk__in=waiting().values("pk"))
        if self.value() == "live":
            return queryset.filter(is_live=True)
        if self.value() == "draft":
            drafts = newest().filter(submitted_at=None, approved_at=None, withdrawn_at=None)
            return queryset.filter(pk__in=drafts.values("pk"))
        if self.value() == "alone":
            return queryset.exclude(reason="")
        return queryset


@admin.register(Revision)
class RevisionAdmin(admin.ModelAdmin):
    """Read-only: revisions are written by saving, and become public by approval."""

    list_display = ("title", "kind", "key", "language", "number", "state", "author", "created_at")
    list_filter = (StateFilter, "kind", "language")
    list_per_page = 50
    search_fields = ("key", "title", "comment")
    ordering = ("-created_at", "-pk")
    actions = None
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return revisions without their texts, which a list does not show; with their people."""
        people = ("created_by", "approved_by", "withdrawn_by")
        return super().get_queryset(request).defer("content").select_related(*people)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: saving a form writes revisions."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: what was written stays as it is."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: the history is complete."""
        return False

    @admin.display(description="state")
    def state(self, obj: Revision) -> str:
        """Return what became of the revision."""
        return state(obj)

    @admin.display(description="written by")
    def author(self, obj: Revision) -> str:
        """Return who wrote it."""
        return author(obj)

    # --- Pages of one revision ----------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        """Return Django's addresses and ours: approve, withdraw, restore."""
        view = self.admin_site.admin_view
        names = {
            "approve": self.approve_view,
            "withdraw": self.withdraw_view,
            "restore": self.restore_view,
        }
        own = [
            path(f"<int:pk>/{name}/", view(function), name=f"content_revision_{name}")
            for name, function in names.items()
        ]
        return own + super().get_urls()

    @method_decorator(require_safe)
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a revision beside what is live, and the history of its item."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not (object_id.isascii() and object_id.isdigit()):
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        return self._page(request, get_object_or_404(Revision, pk=object_id))

    @method_decorator([csrf_protect, require_http_methods(["GET", "HEAD", "POST"])])
    def approve_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what waits beside what is live; a POST makes it live."""
        revision = get_object_or_404(Revision, pk=pk)
        if not access.is_approver(request.user, revision):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, revision, deciding=True)
        # Only who approves their own text has to say why.
        is_own = access.is_own(request.user, revision)
        reason = request.POST.get("reason", "").strip()[:250] if is_own else ""
        try:
            with transaction.atomic():
                revision = Revision.objects.select_for_update().get(pk=pk)
                if revision.approved_at:
                    raise Refused(rules.Problem("", "This text was approved already."))
                workflow.approve(revision, request.user, reason)  # type: ignore[arg-type]
        except Refused as refused:
            problems = [str(problem) for problem in refused.problems]
            return self._page(request, revision, deciding=True, refused=problems)
        self.log_change(request, revision, f"Approved. {reason}".strip())
        self._say_live(request, revision)
        return HttpResponseRedirect(addresses.review(revision))

    def _say_live(self, request: HttpRequest, revision: Revision) -> None:
        address = addresses.public(revision.kind, revision.key, revision.language)
        text = f"Number {revision.number} is live: readers see it now."
        if address:
            link = format_html('<a href="{}">See it live</a>', address)
            messages.success(request, format_html("{} {}", text, link))
        else:
            messages.success(request, text)

    @method_decorator([csrf_protect, require_POST])
    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a text out of its language."""
        reason = request.POST.get("reason", "").strip()[:250]
        with transaction.atomic():
            revision = get_object_or_404(Revision.objects.select_for_update(), pk=pk)
            if not access.may_withdraw(request.user, revision):
                raise PermissionDenied
            if not revision.is_live:
                messages.error(request, "Only what readers see can be withdrawn.")
            elif not reason:
                messages.error(request, "Write why it is withdrawn: the reason is kept.")
            else:
                workflow.withdraw(revision, request.user, reason)  # type: ignore[arg-type]
                self.log_change(request, revision, f"Withdrawn. {reason}")
                messages.success(request, "Withdrawn. " + _instead(revision))
        return HttpResponseRedirect(addresses.review(revision))

    @method_decorator([csrf_protect, require_POST])
    def restore_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write an old text back into the form, as a new draft."""
        revision = get_object_or_404(Revision, pk=pk)
        if not access.may_restore(request.user, revision):
            raise PermissionDenied
        try:
            with transaction.atomic():
                draft = workflow.restore(revision, request.user)  # type: ignore[arg-type]
        except ObjectDoesNotExist:
            messages.error(request, "This item was deleted: its texts cannot be restored.")
            return HttpResponseRedirect(addresses.review(revision))
        if draft is None:
            messages.info(request, "The newest text says the same already.")
            return HttpResponseRedirect(addresses.review(revision))
        text = f"Number {revision.number} is back as draft number {draft.number}."
        messages.success(request, f"{text} Readers see no change until somebody approves it.")
        form = addresses.form_of(draft.kind, draft.key, draft.language)
        return HttpResponseRedirect(form or addresses.review(draft))

    def _page(
        self,
        request: HttpRequest,
        revision: Revision,
        *,
        deciding: bool = False,
        refused: list[str] | None = None,
    ) -> TemplateResponse:
        kind, key, language = revision.kind, revision.key, revision.language
        live = workflow.live(kind, key, language)
        source = workflow.live(kind, key, source_of(kind, language))
        waits = waiting().filter(pk=revision.pk).exists()
        is_own = access.is_own(request.user, revision)
        may_approve = access.is_approver(request.user, revision)
        before = _before(revision, live)
        rows = comparing.rows(revision, before, source)
        changed = [row for row in rows if row.is_changed]
        found = workflow.problems(revision) if waits and not refused else []
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": ("Approve? " if deciding else "") + (revision.title or key),
            "revision": revision,
            "author": author(revision),
            "state": state(revision),
            "live": live,
            "changed": changed,
            "rest": rows if len(changed) < len(rows) else [],
            "before": before,
            "source": source,
            "language_name": language_name(language),
            "direction": languages.direction(language),
            "history": [(r, state(r), author(r)) for r in _history(revision)],
            "problems": refused or [str(problem) for problem in found],
            "warnings": _warnings(revision, source),
            "waits": waits,
            "is_own": is_own,
            "deciding": deciding and may_approve and waits,
            "may_approve": may_approve,
            "may_write": access.may_restore(request.user, revision),
            "is_newest": newest().filter(pk=revision.pk).exists(),
            "form_address": addresses.form_of(kind, key, language),
            "public_address": addresses.public(kind, key, language) if live else None,
        }
        return TemplateResponse(request, "admin/content/revision/review.html", context)


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


def _history(revision: Revision) -> QuerySet[Revision]:
    people = ("created_by", "approved_by", "withdrawn_by")
    revisions = Revision.objects.of(revision.kind, revision.key, revision.language)
    return revisions.defer("content").select_related(*people)


def _before(revision: Revision, live: Revision | None) -> Revision | None:
    """Return what to compare with: what is live, or for that itself, what was live before."""
    if live is None or live.pk != revision.pk:
        return live
    earlier = Revision.objects.of(revision.kind, revision.key, revision.language).filter(
        number__lt=revision.number, approved_at__isnull=False
    )
    return earlier.first()


def _warnings(revision: Revision, source: Revision | None) -> list[str]:
    """Return what an approver should know, and what does not forbid approval."""
    found = []
    if source and revision.based_on_id != source.pk:
        found.append("The source text has changed since this translation was saved.")
    if revision.origin == Revision.Origin.STAFF and source and not revision.reviewed_by:
        found.append("No native reader has reviewed this translation.")
    return found


def _instead(revision: Revision) -> str:
    source = source_of(revision.kind, revision.language)
    if source and workflow.live(revision.kind, revision.key, source):
        return f"Readers of {language_name(revision.language)} see the source text instead."
    return "Readers do not see it any more."
