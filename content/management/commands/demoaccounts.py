"""Make the two accounts of the demonstration."""

import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management.base import BaseCommand

ACCOUNTS = {
    "editor": ("add", "change", "view"),
    "approver": ("add", "change", "view", "approve_revision", "delete_contact"),
}


class Command(BaseCommand):
    """Creates `editor` and `approver` with generated passwords and prints them this one time."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Create what is missing; an account that exists stays as it is."""
        users = get_user_model()._default_manager
        for name, actions in ACCOUNTS.items():
            if users.filter(username=name).exists():
                continue
            password = secrets.token_urlsafe(15)
            user = users.create_user(name, password=password, is_staff=True)
            permissions = Permission.objects.filter(content_type__app_label="content")
            wanted = [p for p in permissions if p.codename.startswith(actions)]
            user.user_permissions.set(wanted)
            self.stdout.write(f"Demo account  {name:10} password  {password}")
