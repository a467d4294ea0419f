"""The staff area's site: its name, its front page, and its own content policy."""

import logging
from functools import wraps
from http import HTTPStatus
from typing import Any

from csp.decorators import csp
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from campaign.staff import sessions, unsaved

logger = logging.getLogger("content.admin")
with_staff_policy = csp(settings.STAFF_CONTENT_SECURITY_POLICY["DIRECTIVES"])

LOOKUPS = {"exact", "isnull", "gt", "gte", "lt", "lte"}
"""How the filters of the lists compare."""
LONGEST_SEARCH = 300
"""Letters; every word is compared with every field, and databases take only so many terms."""


def _guarded(view: Any) -> Any:
    """Return the view, which refuses what no list or form of ours sends, and so would break it.

    Django would take any lookup of any column: patterns that databases choke on, years that no
    calendar has, numbers that no column holds, parts of JSON that one database cannot search.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        for name in request.GET:
            _, is_lookup, comparison = name.rpartition("__")
            if is_lookup and comparison not in LOOKUPS:
                return HttpResponseBadRequest("No list can be filtered like this.")
        if len(request.GET.get("q", "")) > LONGEST_SEARCH:
            return HttpResponseBadRequest("Search for fewer words.")
        if "" in {request.GET.get("_to_field"), request.POST.get("_to_field")}:
            return HttpResponseBadRequest("No item is found by nothing.")
        if any(unsaved.typed(request)) and not admin.site.has_permission(request):
            is_out = not request.user.is_authenticated
            return unsaved.page(request, unsaved.SIGNED_OUT if is_out else unsaved.REFUSED)
        try:
            response: HttpResponse = view(request, *args, **kwargs)
        except IntegrityError:
            # Forms check what they can; the database has the last word, as between two people.
            logger.warning("The database refused what a form had accepted.", exc_info=True)
            return unsaved.page(request, unsaved.CONTRADICTED, HTTPStatus.CONFLICT)
        except PermissionDenied:
            if not any(unsaved.typed(request)):
                raise
            return unsaved.page(request, unsaved.REFUSED)
        return response

    return guarded


class StaffSite(admin.AdminSite):
    """Django's admin under the staff policy, which allows the editor's scripts by a nonce."""

    site_header = "Say No: staff"
    site_title = "Say No: staff"
    index_title = "What would you like to do?"
    index_template = "admin/staff_index.html"
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the person has a role, and came by a second factor where one is needed."""
        return self.has_role(request) and not sessions.lacks_second_factor(request)

    def has_role(self, request: HttpRequest) -> bool:
        """Whether the person is active staff and has a role."""
        from content.publishing import access  # the models are not there when this module loads

        return super().has_permission(request) and access.has_role(request.user)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Return the view with the staff policy in place of the public one."""
        return with_staff_policy(_guarded(super().admin_view(view, cacheable)))

    def get_urls(self) -> list[Any]:
        """Add the handbook, and the address that forms ask before they are sent."""
        from content.admin.handbook import handbook  # the site is not there yet

        here = self.admin_view(require_safe(self.still_here))
        own = [
            path("handbook/", self.admin_view(handbook), name="handbook"),
            path("still-here/", here, name="still_here"),
        ]
        return [*own, *super().get_urls()]

    def still_here(self, request: HttpRequest) -> HttpResponse:
        """Return who is signed in, and the token that a form needs; asked before it is sent.

        Whoever is signed out is led to the sign-in instead, as everywhere. A new sign-in changes
        the token, so that forms opened before it would be refused (static/admin_extra/keep.js).
        """
        answer = {"person": request.user.get_username(), "token": get_token(request)}
        return JsonResponse(answer, headers={"Cache-Control": "no-store"})

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the sign-in, or say what is missing to somebody who is signed in."""
        if not request.user.is_authenticated:
            target = request.GET.get("next") or reverse("admin:index")
            return redirect_to_login(target)
        if self.has_role(request) and sessions.lacks_second_factor(request):
            messages.warning(request, "Add a second factor first: without one this area is closed.")
            return redirect("mfa_index")
        if self.has_permission(request):
            return redirect("admin:index")
        context = {**self.each_context(request), "title": "Your account has no role yet"}
        page = TemplateResponse(request, "staff/no_role.html", context, status=403)
        return page

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Sign out."""
        from campaign.staff import views  # allauth's views need the models

        return views.leave(request)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show what waits for approval and the person's own drafts above the list of models."""
        from content.admin import waiting  # the models are not there yet when this module loads

        queues = {
            "waiting": waiting.for_approval(request.user),
            "drafts": waiting.own_drafts(request.user),
        }
        return super().index(request, {**queues, **(extra_context or {})})
