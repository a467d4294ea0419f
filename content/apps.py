"""The one app: what editors author and how it becomes public."""

from django.apps import AppConfig


class ContentConfig(AppConfig):
    """Registers the system checks and the staff area when Django is ready."""

    name = "content"
    verbose_name = "Campaign"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the checks and the forms of the staff area, which register themselves."""
        from content import checks  # noqa: F401
        from content.admin import directory, items, revisions  # noqa: F401
