"""What was found at the links of contacts. For staff only: readers see nothing of it."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from content.models.directory import Contact

PATIENCE = timedelta(days=2)
"""Sites have bad days: one that does not answer is to be looked at only after this time."""


class LinkCheckQuerySet(models.QuerySet["LinkCheck"]):
    """Questions one asks of link checks."""

    def to_do(self) -> "LinkCheckQuerySet":
        """Links that somebody has to look at: dead, moved, or in trouble for days."""
        long_ago = timezone.now() - PATIENCE
        trouble = Q(outcome=LinkCheck.Outcome.TROUBLE, failing_since__lte=long_ago)
        return self.filter(trouble | Q(outcome__in=LinkCheck.ALWAYS_TO_DO))


class LinkCheck(models.Model):
    """The last look at one link of one contact."""

    class Outcome(models.TextChoices):
        GOOD = "good", "Good"
        MOVED = "moved", "Has moved"
        GUARDED = "guarded", "Refuses programs; open it by hand"
        TROUBLE = "trouble", "Did not answer well"
        DEAD = "dead", "Dead"

    ALWAYS_TO_DO = (Outcome.MOVED, Outcome.DEAD)

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="link_checks")
    field = models.CharField(max_length=20, help_text="The contact's field that has the link.")
    url = models.CharField("address", max_length=2000)
    outcome = models.CharField(max_length=8, choices=Outcome)
    status = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="HTTP status of the last answer; none when none came."
    )
    detail = models.CharField(max_length=250, blank=True)
    redirected_to = models.CharField(max_length=2000, blank=True)
    checked_at = models.DateTimeField()
    failing_since = models.DateTimeField(
        null=True, blank=True, help_text="The first of the looks in a row that found it not good."
    )

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        ordering = ("contact", "field", "url")
        constraints = [
            models.UniqueConstraint(name="link_checked_once", fields=["contact", "field", "url"])
        ]

    def __str__(self) -> str:
        return f"{self.url}: {self.get_outcome_display()}"
