"""Deciding on what waits: approve, send back, release alone, and approve several at once."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from content.admin import addresses, comparing, telling
from content.admin.waiting import language_name, waiting
from content.models import Revision
from content.publishing import access, numbers, workflow
from content.publishing.snapshots import source_of
from content.publishing.workflow import Refused

MOST_TOGETHER = 20
"""Texts on one page: more nobody reads."""


class Deciding(admin.ModelAdmin):
    """The part of the revisions' admin in which approvers decide."""

    def decide_page(
        self,
        request: HttpRequest,
        revision: Revision,
        *,
        deciding: bool = False,
        refused: list[str] | None = None,
    ) -> TemplateResponse:
        """Show a revision, and why a decision was refused."""
        raise NotImplementedError

    # --- One ----------------------------------------------------------------------------------

    @method_decorator([csrf_protect, require_http_methods(["GET", "HEAD", "POST"])])
    def approve_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what waits beside what is live; a POST makes it live."""
        revision = get_object_or_404(Revision, pk=pk)
        if not access.is_approver(request.user, revision):
            raise PermissionDenied
        if request.method != "POST":
            return self.decide_page(request, revision, deciding=True)
        # Only who approves their own text has to say why.
        is_own = access.is_own(request.user, revision)
        reason = request.POST.get("reason", "").strip()[:250] if is_own else ""
        try:
            self._approve(request, revision, reason)
        except Refused as refused:
            revision = Revision.objects.get(pk=pk)
            problems = [str(problem) for problem in refused.problems]
            return self.decide_page(request, revision, deciding=True, refused=problems)
        self._say_live(request, revision)
        return HttpResponseRedirect(addresses.review(revision))

    def _approve(self, request: HttpRequest, revision: Revision, reason: str = "") -> None:
        user: Any = request.user
        start = f"digits-{revision.pk}-"
        typed = {
            name.removeprefix(start): str(value)
            for name, value in request.POST.items()
            if name.startswith(start)
        }
        with transaction.atomic():
            workflow.approve(revision, user, reason, typed)
            self.log_change(request, revision, f"Approved. {reason}".strip())

    def _say_live(self, request: HttpRequest, revision: Revision) -> None:
        address = addresses.public(revision.kind, revision.key, revision.language)
        text = f"Number {revision.number} is live. {telling.published(revision)}"
        if address:
            link = format_html('<a href="{}">See it live</a>', address)
            messages.success(request, format_html("{} {}", text, link))
        else:
            messages.success(request, text)

    @method_decorator([csrf_protect, require_POST])
    def send_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make what waits a draft again; its author reads what to change."""
        revision = get_object_or_404(Revision, pk=pk)
        if not access.is_approver(request.user, revision):
            raise PermissionDenied
        because = request.POST.get("because", "").strip()[:500]
        try:
            with transaction.atomic():
                workflow.send_back(revision, request.user, because)  # type: ignore[arg-type]
                self.log_change(request, revision, f"Sent back. {because}")
        except Refused as refused:
            revision = Revision.objects.get(pk=pk)
            problems = [problem.message for problem in refused.problems]
            return self.decide_page(request, revision, deciding=True, refused=problems)
        text = f"Number {revision.number} is a draft again. {telling.author(revision)} reads why."
        messages.success(request, text)
        return HttpResponseRedirect(addresses.review(revision))

    def numbers(
        self, request: HttpRequest, revision: Revision, live: Revision | None
    ) -> list[dict[str, Any]]:
        """Return the numbers that would change, each with its field and what was typed there."""
        found = []
        for change in numbers.changes(revision, live):
            field = f"digits-{revision.pk}-{change.id}"
            found.append({"change": change, "field": field, "typed": request.POST.get(field, "")})
        return found

    # --- Several ------------------------------------------------------------------------------

    def has_approve_permission(self, request: HttpRequest) -> bool:
        """Whether the person is an approver at all."""
        return request.user.has_perm("content.approve_revision")

    @admin.action(description="Look at them together, and approve …", permissions=["approve"])
    def approve_together(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        """Lead to the page that shows all of them."""
        keys = queryset.order_by("pk").values_list("pk", flat=True)[: MOST_TOGETHER + 1]
        query = urlencode([("pk", key) for key in keys])
        return HttpResponseRedirect(f"{reverse('admin:content_revision_together')}?{query}")

    @method_decorator([csrf_protect, require_http_methods(["GET", "HEAD", "POST"])])
    def together_view(self, request: HttpRequest) -> HttpResponse:
        """Show all differences of several texts; a POST approves each that it may, or says why not.

        Each is approved whole or not at all, whatever becomes of the others.
        """
        if not self.has_approve_permission(request):
            raise PermissionDenied
        refused: dict[int, list[str]] = {}
        if request.method == "POST":
            for revision in self._chosen(request, request.POST.getlist("pk")):
                name = f"{revision.title}, {language_name(revision.language)}"
                try:
                    self._approve(request, revision)
                except Refused as error:
                    refused[revision.pk] = [problem.message for problem in error.problems]
                    messages.error(request, f"{name}: not approved. {refused[revision.pk][0]}")
                except PermissionDenied:
                    refused[revision.pk] = ["This is for another approver."]
                    messages.error(request, f"{name}: not approved. {refused[revision.pk][0]}")
                else:
                    text = f"{name}: number {revision.number} is live."
                    messages.success(request, f"{text} {telling.published(revision)}")
            if not refused:
                return HttpResponseRedirect(reverse("admin:index"))
        keys = [*map(str, refused)] or request.GET.getlist("pk")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Approve several",
            "entries": self._entries(request, self._chosen(request, keys), refused),
            "is_cut": len(keys) > MOST_TOGETHER,
            "most": MOST_TOGETHER,
        }
        return TemplateResponse(request, "admin/content/revision/together.html", context)

    def _chosen(self, request: HttpRequest, keys: list[str]) -> list[Revision]:
        wanted = [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 19]
        found = Revision.objects.filter(pk__in=wanted).select_related("created_by")
        return list(found.order_by("kind", "key", "language")[:MOST_TOGETHER])

    def _entries(
        self, request: HttpRequest, revisions: list[Revision], refused: dict[int, list[str]]
    ) -> list[dict[str, Any]]:
        """Return what the page shows of each text, in a fixed number of queries."""
        places = {(r.kind, r.key) for r in revisions}
        live = {
            (r.kind, r.key, r.language): r
            for r in Revision.objects.live().filter(
                kind__in=[kind for kind, _ in places], key__in=[key for _, key in places]
            )
        }
        waits = set(waiting().filter(pk__in=[r.pk for r in revisions]).values_list("pk", flat=True))
        own = access.own(request.user, revisions)
        entries = []
        for revision in revisions:
            kind, key, language = revision.kind, revision.key, revision.language
            now = live.get((kind, key, language))
            source = live.get((kind, key, source_of(kind, language) or ""))
            reason = ""
            if revision.pk not in waits:
                reason = "It does not wait for approval."
            elif not access.is_approver(request.user, revision):
                reason = "This is for another approver."
            elif revision.pk in own:
                reason = "You wrote this, or a part of it: somebody else has to approve it."
            rows = comparing.rows(revision, now, source)
            entries.append(
                {
                    "revision": revision,
                    "author": telling.author(revision),
                    "language_name": language_name(language),
                    "address": addresses.review(revision),
                    "changed": [row for row in rows if row.is_changed],
                    "before": now,
                    "source": source,
                    "numbers": [] if reason else self.numbers(request, revision, now),
                    "warnings": telling.warnings(revision, source),
                    "not_for_you": reason,
                    "refused": refused.get(revision.pk, []),
                }
            )
        return entries
