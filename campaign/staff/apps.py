"""The app that holds the way in."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Connects what is kept of a session, and what is logged, to Django's and allauth's signals."""

    name = "campaign.staff"
    label = "staff"

    def ready(self) -> None:
        """Connect the receivers."""
        from campaign.staff import events, sessions

        events.connect()
        sessions.connect()
