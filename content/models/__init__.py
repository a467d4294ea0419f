"""What editors author (guidance, directory) and what the public reads (revisions)."""

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
from content.models.publishing import Revision

__all__ = [
    "Contact",
    "Country",
    "Figure",
    "GuideStep",
    "Page",
    "Phrase",
    "Platform",
    "PlatformLink",
    "Revision",
    "Scenario",
    "Section",
    "Situation",
    "Term",
]
