"""A preview for somebody without an account, by a signed link."""

from http import HTTPStatus

from django.contrib.auth.models import User
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from content import places, previews
from content.models import Revision
from content.publishing import access, overlay


@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """Show the page with the one revision that the link names, or that the link has ended.

    It also ends when whoever made it may not write or approve the text any more.
    """
    try:
        pk, maker_pk, is_over = previews.read(request.GET.get("link", ""))
    except BadSignature as error:
        raise Http404 from error
    revision = get_object_or_404(Revision, pk=pk)
    maker = get_object_or_404(User, pk=maker_pk)
    if is_over or not access.may_show(maker, revision):
        days = previews.LASTS.days
        context = {"name": maker.get_full_name(), "days": days}
        ended = render(request, "preview/ended.html", context, status=HTTPStatus.GONE)
        return previews.closed(ended)
    path = places.public(revision.kind, revision.key, revision.language)
    if path is None:
        raise Http404
    note = f"Number {revision.number} of {revision.title}"
    return previews.page(path, [overlay.of(revision)], note)
