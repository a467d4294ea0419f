"""The staff area's site: its name, its front page, and its own content policy."""

import logging
from functools import wraps
from http import HTTPStatus
from typing import Any

from csp.decorators import csp
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from campaign.staff import sessions

logger = logging.getLogger("content.admin")
with_staff_policy = csp(settings.STAFF_CONTENT_SECURITY_POLICY["DIRECTIVES"])

LOOKUPS = {"exact", "isnull", "gt", "gte", "lt", "lte"}
"""How the filters of the lists compare."""
PLAIN = "text/plain; charset=utf-8"
REFUSED = (
    "Nothing was saved: it contradicts what is there by now. Go back, copy your text, load the page"
    " again, and write it there."
)
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
        try:
            response: HttpResponse = view(request, *args, **kwargs)
        except IntegrityError:
            # Forms check what they can; the database has the last word, as between two people.
            logger.warning("The database refused what a form had accepted.", exc_info=True)
            return HttpResponse(REFUSED, status=HTTPStatus.CONFLICT, content_type=PLAIN)
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
        """Add the handbook, above the pages of the models."""
        from content.admin.handbook import handbook  # the site is not there yet

        own = [path("handbook/", self.admin_view(handbook), name="handbook")]
        return [*own, *super().get_urls()]

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
