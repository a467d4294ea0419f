"""Previews in the staff area: what stands in a form, or a revision, as readers would see it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe

from campaign import languages
from content import places, previews
from content.admin import telling
from content.admin.waiting import language_name
from content.models import Revision
from content.publishing import access, overlay, rules, workflow
from content.publishing.live import Row
from content.publishing.overlay import Piece
from content.publishing.snapshots import key_of, kind_of, title

if TYPE_CHECKING:
    from content.admin.drafts import Target

SALT = "content.admin.preview"
AN_HOUR = 60 * 60
NOWHERE = "Readers would find nothing at this address: the page or its source text is not live yet."


def of_form(request: HttpRequest, site: admin.AdminSite, targets: "Iterable[Target]") -> Any:
    """Return the page with two frames that show what the form says; takes back what it saved.

    What it says travels signed inside the page: nothing is kept on the server.
    """
    targets = list(targets)
    pieces, doubts = [], []
    for target in targets:
        kind, key = kind_of(target.item), key_of(target.item)
        content, position, source = workflow.says(target.item, target.language)
        if source is not None and kind != Revision.Kind.COUNTRY:
            doubts += [
                telling.placed(doubt, content) for doubt in rules.doubts(content, source.content)
            ]
        row = Row(kind, key, target.language, content, "", ())
        pieces.append(Piece(row, title(kind, key, content), position))
    transaction.set_rollback(True)
    first = pieces[0]
    kept = {
        "user": request.user.pk,
        "path": places.public(*first.row[:3]),
        "pieces": [[list(piece.row), piece.title, piece.position] for piece in pieces],
    }
    context = {
        "title": f"Preview: {first.title}",
        "note": "What stands in the form, not saved",
        "doubts": doubts,
        "unsaved": signing.dumps(kept, salt=SALT, compress=True),
        "frame_address": reverse("admin:content_revision_preview_unsaved"),
    }
    return _shown(request, site, first.row.language, context)


def refused(request: HttpRequest, site: admin.AdminSite, context: dict[str, Any]) -> Any:
    """Return the page that says why a form cannot be shown; the form is in its own tab still."""
    forms = [context["adminform"].form]
    forms += [form for inline in context["inline_admin_formsets"] for form in inline.formset.forms]
    problems = [
        f"{form.fields[name].label or name if name in form.fields else ''}: {text}".lstrip(": ")
        for form in forms
        for name, texts in form.errors.items()
        for text in texts
    ]
    more = {"title": "There is no preview of this yet", "problems": problems}
    own = {**site.each_context(request), **more}
    return TemplateResponse(request, "admin/content/preview_refused.html", own)


def _shown(
    request: HttpRequest, site: admin.AdminSite, language: str, more: dict[str, Any]
) -> HttpResponse:
    facts = {
        "language_name": language_name(language),
        "direction": languages.direction(language),
        "opts": Revision._meta,
        "is_nav_sidebar_enabled": False,  # the frames need the room
    }
    context = {**site.each_context(request), **facts, **more}
    response = TemplateResponse(request, "admin/content/preview.html", context)
    response._csp_update = {"frame-src": ["'self'"]}  # type: ignore[attr-defined]
    response["Cache-Control"] = "no-store"
    return response


class Previewing(admin.ModelAdmin):
    """The part of the revisions' admin that shows previews."""

    @method_decorator(require_safe)
    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a revision's page at the width of a phone and of a desk."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self._preview(request, get_object_or_404(Revision, pk=pk))

    @method_decorator([csrf_protect, require_POST])
    def preview_link_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a link for a reviewer without an account, and show it."""
        revision = get_object_or_404(Revision, pk=pk)
        if not access.may_show(request.user, revision):
            raise PermissionDenied
        return self._preview(request, revision, link=previews.link(revision, request.user))

    def _preview(self, request: HttpRequest, revision: Revision, link: str = "") -> HttpResponse:
        context = {
            "title": f"Preview: {revision.title}",
            "note": f"Number {revision.number}",
            "revision": revision,
            "link": link,
            "days": previews.LASTS.days,
            "may_show": access.may_show(request.user, revision),
            "frame_address": reverse("admin:content_revision_preview_page", args=[revision.pk]),
        }
        return _shown(request, self.admin_site, revision.language, context)

    @method_decorator(require_safe)
    def preview_page_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the public page itself with this revision, for a frame of ours."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        revision = get_object_or_404(Revision, pk=pk)
        path = places.public(revision.kind, revision.key, revision.language)
        return _framed(path, [overlay.of(revision)], f"Number {revision.number}")

    @method_decorator([csrf_protect, require_POST])
    def preview_unsaved_view(self, request: HttpRequest) -> HttpResponse:
        """Show the public page itself with what a form says, for a frame of ours."""
        try:
            kept = signing.loads(request.POST.get("unsaved", ""), salt=SALT, max_age=AN_HOUR)
        except signing.BadSignature:
            return HttpResponseBadRequest("This preview has ended. Press Preview in the form.")
        if kept["user"] != request.user.pk:
            raise PermissionDenied
        pieces = [Piece(Row(*row), *more) for row, *more in kept["pieces"]]
        return _framed(kept["path"], pieces, "What stands in the form, not saved")


def _framed(path: str | None, pieces: list[Piece], note: str) -> HttpResponse:
    try:
        if path is None:
            raise Http404
        return previews.page(path, pieces, note, in_frame=True)
    except Http404:
        response = HttpResponse(NOWHERE, content_type="text/plain; charset=utf-8")
        return previews.closed(response, in_frame=True)
