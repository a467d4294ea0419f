"""The staff area's site: its name, and its own content policy."""

from collections.abc import Callable
from typing import Any

from csp.decorators import csp
from django.conf import settings
from django.contrib import admin


class StaffSite(admin.AdminSite):
    """Django's admin under the staff policy, which allows the editor's scripts by a nonce."""

    site_header = "Say No: staff"
    site_title = "Say No: staff"
    index_title = "What would you like to do?"
    site_url = "/"

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """Return the view with the staff policy in place of the public one."""
        return csp(settings.STAFF_CONTENT_SECURITY_POLICY)(super().admin_view(view, cacheable))
