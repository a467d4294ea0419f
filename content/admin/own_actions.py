"""Lists that offer the actions which they name themselves, and none of the whole site."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class OwnActions(admin.ModelAdmin):
    """The site's own action deletes many at once; here nothing is deleted, or one by one."""

    def get_actions(self, request: HttpRequest, action_location: Any = None) -> dict[str, Any]:
        """Return the actions of this list, to whom they are for.

        Django 6.1 says for which place it asks; the one before knows one place only.
        """
        where = {} if action_location is None else {"action_location": action_location}
        found: dict[str, Any] = super().get_actions(request, **where)
        return {name: action for name, action in found.items() if name in (self.actions or ())}
