"""The one app: what editors author and how it becomes public."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ContentConfig(AppConfig):
    """Registers the system checks and the staff area when Django is ready."""

    name = "content"
    verbose_name = "Campaign"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the checks and the forms of the staff area, which register themselves."""
        from content import checks  # noqa: F401
        from content.admin import accounts, checking, directory, items, revisions  # noqa: F401
        from content.publishing import roles

        # Behind Django's own receiver, which makes the permissions.
        post_migrate.connect(roles.make, sender=self, dispatch_uid="content.roles")
