"""The handbook for staff: docs/handbook.md as a page of the staff area."""

from functools import cache

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from content import richtext

FILE = settings.BASE_DIR / "docs" / "handbook.md"


@cache
def text() -> SafeString:
    """Return the handbook as HTML; it changes with the code alone."""
    return richtext.document(FILE.read_text("utf-8"), pictures="../static/")


@require_safe
def handbook(request: HttpRequest) -> TemplateResponse:
    """Show the handbook."""
    context = {**admin.site.each_context(request), "title": "Handbook", "handbook": text()}
    return TemplateResponse(request, "admin/content/handbook.html", context)
