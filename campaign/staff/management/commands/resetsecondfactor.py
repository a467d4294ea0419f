"""Take the second factor from an account whose owner has lost it."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    """Removes all passkeys, the app and the recovery codes of one account."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the name of the account."""
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        """Remove. Raises CommandError when there is no such account."""
        user = get_user_model()._default_manager.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account {username}.")
        count, _ = Authenticator.objects.filter(user=user).delete()
        self.stdout.write(f"{username}: {count} removed. The next sign-in asks for a new one.")
