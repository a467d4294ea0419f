"""The staff area's site: its name, its front page, and its own content policy."""

from typing import Any

from csp.decorators import csp
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

with_staff_policy = csp(settings.STAFF_CONTENT_SECURITY_POLICY["DIRECTIVES"])


class StaffSite(admin.AdminSite):
    """Django's admin under the staff policy, which allows the editor's scripts by a nonce."""

    site_header = "Say No: staff"
    site_title = "Say No: staff"
    index_title = "What would you like to do?"
    index_template = "admin/staff_index.html"
    site_url = "/"

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Return the view with the staff policy in place of the public one."""
        return with_staff_policy(super().admin_view(view, cacheable))

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the sign-in form, which `admin_view` leaves out, under the staff policy too."""
        login: Any = with_staff_policy(super().login)
        response: HttpResponse = login(request, extra_context)
        return response

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
