"""For the machines that watch this one."""

from pathlib import Path

from django.conf import settings
from django.db import Error as DatabaseFailure
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaign import releases
from campaign.database import patience
from content.publishing import live

LONGEST = 2
"""Seconds that the database gets to say that it is there."""


@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Say whether readers can be sent here: the source text is live, or was and is baked."""
    try:
        with patience(LONGEST):
            has_home = "home" in live.index().pages
    except DatabaseFailure:
        if releases.current_number(Path(settings.BAKED_ROOT)) is not None:
            return HttpResponse(
                "ready, without a database\n", content_type="text/plain; charset=utf-8"
            )
        return HttpResponse("no database\n", status=503, content_type="text/plain; charset=utf-8")
    if not has_home:
        return HttpResponse("not seeded\n", status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse("ready\n", content_type="text/plain; charset=utf-8")
