"""The history of every text, and the page on which an approver decides."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe

from campaign import languages
from content.admin import addresses, comparing, coverage, dashboard, reviewing, telling
from content.admin.deciding import Deciding
from content.admin.desk import Desk
from content.admin.measuring import Measuring
from content.admin.own_actions import OwnActions
from content.admin.previewing import Previewing
from content.admin.reviewing import Reviewing
from content.admin.waiting import language_name, newest, waiting
from content.models import Revision
from content.publishing import access, workflow
from content.publishing.snapshots import source_of


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
            ("outdated", "Source changed since"),
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
        if self.value() == "outdated":
            found = dashboard.outdated(tuple(languages.BY_CODE))
            return queryset.filter(pk__in=found.values("pk"))
        if self.value() == "alone":
            return queryset.exclude(reason="")
        return queryset


@admin.register(Revision)
class RevisionAdmin(Deciding, Desk, Measuring, Previewing, Reviewing, OwnActions):
    """Read-only: revisions are written by saving, and become public by approval."""

    list_display = ("title", "kind", "key", "language", "number", "state", "author", "created_at")
    list_filter = (StateFilter, "kind", "language")
    list_per_page = 50
    search_fields = ("key", "title", "comment")
    ordering = ("-created_at", "-pk")
    actions = ("approve_together",)
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
        return telling.state(obj)

    @admin.display(description="written by")
    def author(self, obj: Revision) -> str:
        """Return who wrote it."""
        return telling.author(obj)

    # --- Pages of one revision ----------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        """Return Django's addresses and ours."""
        view = self.admin_site.admin_view
        of_one = {
            "approve": self.approve_view,
            "send_back": self.send_back_view,
            "withdraw": self.withdraw_view,
            "restore": self.restore_view,
            "preview": self.preview_view,
            "preview_page": self.preview_page_view,
            "preview_link": self.preview_link_view,
            "review": self.review_view,
        }
        of_several = {"together": self.together_view, "compare": self.compare_view}
        of_several |= {"coverage": self.coverage_view, "measure": self.measure_view}
        of_several["preview_unsaved"] = self.preview_unsaved_view
        routes = {f"<int:pk>/{name.replace('_', '-')}/": name for name in of_one}
        routes |= {f"{name.replace('_', '-')}/": name for name in of_several}
        functions = of_one | of_several
        own = [
            path(route, view(functions[name]), name=f"content_revision_{name}")
            for route, name in routes.items()
        ]
        return own + self.desk_urls() + super().get_urls()

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
        return self.decide_page(request, get_object_or_404(Revision, pk=object_id))

    @method_decorator([csrf_protect, require_POST])
    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a text out of its language, and a source text out of all languages when asked."""
        reason = request.POST.get("reason", "").strip()[:250]
        with transaction.atomic():
            revision = get_object_or_404(Revision, pk=pk)
            workflow.lock(revision.kind, revision.key)
            revision.refresh_from_db(fields=["is_live"])
            if not access.may_withdraw(request.user, revision):
                raise PermissionDenied
            if not revision.is_live:
                messages.error(request, "Only what readers see can be withdrawn.")
            elif not reason:
                messages.error(request, "Write why it is withdrawn: the reason is kept.")
            else:
                everywhere = "everywhere" in request.POST
                user: Any = request.user
                taken = workflow.withdraw(revision, user, reason, everywhere=everywhere)
                for one in taken:
                    self.log_change(request, one, f"Withdrawn. {reason}")
                messages.success(request, "Withdrawn. " + telling.instead(revision, taken))
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

    @method_decorator(require_safe)
    def coverage_view(self, request: HttpRequest) -> HttpResponse:
        """Show languages by items of a kind, or countries by kinds of service."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        kind = request.GET.get("kind", Revision.Kind.PAGE)
        if kind not in Revision.Kind.values:
            raise Http404("There is no such kind.")
        part = request.GET.get("part", "1")
        if part not in {str(number) for number in range(1, 100)}:
            raise Http404("There is no such part.")
        is_contacts = kind == Revision.Kind.COUNTRY
        table = coverage.of_contacts() if is_contacts else coverage.of_kind(kind, int(part))
        context = {
            **self.admin_site.each_context(request),
            **table,
            "title": f"Coverage: {Revision.Kind(kind).label}",
            "kinds": Revision.Kind.choices,
            "kind": kind,
            "is_contacts": is_contacts,
        }
        return TemplateResponse(request, "admin/content/coverage.html", context)

    @method_decorator(require_safe)
    def compare_view(self, request: HttpRequest) -> HttpResponse:
        """Show any two revisions of one item and language beside each other."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        keys = [request.GET.get(name, "") for name in ("old", "new")]
        if not all(key.isascii() and key.isdigit() and len(key) < 19 for key in keys):
            raise Http404("Two numbers are compared.")
        people = ("created_by", "approved_by", "withdrawn_by")
        found = Revision.objects.select_related(*people).in_bulk([int(key) for key in keys])
        pair = sorted(found.values(), key=lambda revision: revision.number)
        if len({(r.kind, r.key, r.language) for r in pair}) != 1 or len(found) != len({*keys}):
            raise Http404("These are not two revisions of one text.")
        old, new = pair[0], pair[-1]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{new.title or new.key}: number {old.number} and number {new.number}",
            "both": [(r, telling.state(r), telling.author(r)) for r in (old, new)],
            "old": old,
            "new": new,
            "changed": [row for row in comparing.rows(new, old) if row.is_changed],
            "language_name": language_name(new.language),
        }
        return TemplateResponse(request, "admin/content/revision/compare.html", context)

    def decide_page(
        self,
        request: HttpRequest,
        revision: Revision,
        *,
        deciding: bool = False,
        refused: list[str] | None = None,
        review_form: Any = None,
    ) -> TemplateResponse:
        """Show a revision beside what readers see, its history, and what one may do with it."""
        kind, key, language = revision.kind, revision.key, revision.language
        live = workflow.live(kind, key, language)
        source = workflow.live(kind, key, source_of(kind, language))
        waits = waiting().filter(pk=revision.pk).exists()
        may_approve = access.is_approver(request.user, revision)
        before = telling.before(revision, live)
        rows = comparing.rows(revision, before, source)
        changed = [row for row in rows if row.is_changed]
        found = workflow.problems(revision) if waits and not refused else []
        history = telling.history(revision)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": ("Approve? " if deciding else "") + (revision.title or key),
            "is_nav_sidebar_enabled": False,  # three texts side by side need the room
            "revision": revision,
            "author": telling.author(revision),
            "state": telling.state(revision),
            "changed": changed,
            "rest": rows if len(changed) < len(rows) else [],
            "before": before,
            "heading": "Before" if revision.is_live else "Readers see now",
            "refused": refused,
            "source": source,
            "language_name": language_name(language),
            "history": [(r, telling.state(r), telling.author(r)) for r in history],
            "problems": refused or [str(problem) for problem in found],
            "warnings": telling.warnings(revision, source),
            "waits": waits,
            "is_own": access.is_own(request.user, revision),
            "deciding": deciding and may_approve and waits,
            "may_approve": may_approve,
            "to_withdraw": telling.to_withdraw(request.user, revision) if may_approve else None,
            "may_write": access.may_restore(request.user, revision),
            "is_newest": newest().filter(pk=revision.pk).exists(),
            "numbers": self.numbers(request, revision, live) if waits else [],
            "sent_back": [] if revision.submitted_at else list(revision.sent_back.all()),
            "because": request.POST.get("because", ""),
            "form_address": addresses.form_of(kind, key, language),
            "public_address": addresses.public(kind, key, language) if live else None,
            **reviewing.context(request, revision, review_form),
        }
        return TemplateResponse(request, "admin/content/revision/review.html", context)
