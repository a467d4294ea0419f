"""For the machines that watch this one."""

from django.db import Error as DatabaseFailure
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from content.publishing import live


@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Say whether readers can be sent here: the database answers and the source text is live."""
    try:
        has_home = "home" in live.index().pages
    except DatabaseFailure:
        return HttpResponse("no database\n", status=503, content_type="text/plain")
    if not has_home:
        return HttpResponse("not seeded\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")
