"""The groups behind the roles, with Django's permissions: what is in a role is part of the code.

A permission opens a form at all; `access` decides on languages, countries and people.
"""

from typing import Any

from django.apps import apps as installed
from django.db import DEFAULT_DB_ALIAS, router

from content.models import Role

ITEMS = ("page", "situation", "guidestep", "scenario", "term", "figure", "platform", "phrase")
PARTS = ("section", "platformlink")
"""Their forms are inside those of their items, and ask for the items' permissions."""
DIRECTORY = ("country", "contact")


def _content(actions: str, *models: str) -> set[str]:
    return {f"content.{action}_{model}" for action in actions.split() for model in models}


SEES = _content("view", *ITEMS, *PARTS, *DIRECTORY, "revision")
WRITES = _content("add change", *ITEMS, *DIRECTORY)

PERMISSIONS: dict[Role, set[str]] = {
    Role.EDITOR: SEES | WRITES,
    Role.TRANSLATOR: SEES | _content("change", *ITEMS),
    Role.PARTNER: SEES | _content("add change", "contact"),
    Role.APPROVER: SEES | WRITES | _content("delete", "contact") | {"content.approve_revision"},
    Role.ADMINISTRATOR: (
        SEES
        | _content("view add change", "staffprofile")
        | {"auth.view_user", "auth.add_user", "auth.change_user"}
    ),
}
"""Nobody may delete anything but contacts: texts and accounts stay in the history."""


def make(apps: Any = installed, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Make the groups as they stand here, whatever they were before. Runs after each `migrate`.

    Not in a migration itself: on a new database Django makes the permissions after all of them.
    """
    try:
        group_model = apps.get_model("auth", "Group")
        permission_model = apps.get_model("auth", "Permission")
    except LookupError:
        return  # migrated back to where there are no groups
    if not router.allow_migrate_model(using, group_model):
        return
    rows = permission_model.objects.using(using).select_related("content_type")
    # Migrated back, some permissions are not there: what is there is given.
    found = {f"{row.content_type.app_label}.{row.codename}": row for row in rows}
    for role, wanted in PERMISSIONS.items():
        group, _ = group_model.objects.using(using).get_or_create(name=role.value)
        group.permissions.set([found[name] for name in wanted if name in found])
