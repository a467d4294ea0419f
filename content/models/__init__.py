"""What editors author (guidance, directory) and what the public reads (revisions)."""

from content.models.checks import LinkCheck
from content.models.directory import Contact, Country
from content.models.guidance import (
    Figure,
    GuideStep,
    Page,
    Phrase,
    Platform,
    PlatformLink,
    Scenario,
    Section,
    Situation,
    Term,
)
from content.models.publishing import Review, Revision, SentBack
from content.models.staff import Role, StaffProfile

__all__ = [
    "Contact",
    "Country",
    "Figure",
    "GuideStep",
    "LinkCheck",
    "Page",
    "Phrase",
    "Platform",
    "PlatformLink",
    "Review",
    "Revision",
    "Role",
    "Scenario",
    "Section",
    "SentBack",
    "Situation",
    "StaffProfile",
    "Term",
]
