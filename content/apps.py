"""The one app: what editors author and how it becomes public."""

from django.apps import AppConfig


class ContentConfig(AppConfig):
    """Registers the system checks when Django is ready."""

    name = "content"
    verbose_name = "Campaign"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the checks, which register themselves."""
        from content import checks  # noqa: F401
