"""Make the accounts of the demonstration: one for each role."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand
from django.db import transaction

from content.models import Role, StaffProfile


@dataclass(frozen=True)
class Account:
    """A demo account: its role, and what it is limited to."""

    name: str
    role: Role
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


ACCOUNTS = (
    Account("editor", Role.EDITOR),
    Account("translator", Role.TRANSLATOR, languages=("fr", "ga")),
    Account("partner", Role.PARTNER, countries=("IE",)),
    Account("approver", Role.APPROVER),
    Account("administrator", Role.ADMINISTRATOR),
)


class Command(BaseCommand):
    """Creates one account for each role with a generated password and prints it this one time."""

    help = __doc__ or ""

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Create what is missing; an account that exists keeps its password, and its role."""
        for account in ACCOUNTS:
            user = User.objects.filter(username=account.name).first()
            if user is None:
                password = secrets.token_urlsafe(15)
                user = User.objects.create_user(account.name, password=password, is_staff=True)
                self.stdout.write(f"Demo account  {account.name:14} password  {password}")
            if not user.groups.exists():
                user.groups.add(Group.objects.get(name=account.role.value))
                user.user_permissions.clear()  # from before there were roles
                limits = {"languages": [*account.languages], "countries": [*account.countries]}
                StaffProfile.objects.update_or_create(user=user, defaults=limits)
