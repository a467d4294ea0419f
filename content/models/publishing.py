"""Revisions: immutable snapshots of one item in one language. All that the public site reads."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from campaign import languages


class RevisionQuerySet(models.QuerySet["Revision"]):
    """Questions one asks of revisions."""

    def of(self, kind: str, key: str, language: str) -> "RevisionQuerySet":
        """All revisions of one item in one language, newest first."""
        return self.filter(kind=kind, key=key, language=language).order_by("-number")

    def live(self) -> "RevisionQuerySet":
        """The revisions that the public sees."""
        return self.filter(is_live=True)

    def waiting(self) -> "RevisionQuerySet":
        """Revisions that an approver has to look at."""
        return self.filter(
            submitted_at__isnull=False, approved_at__isnull=True, withdrawn_at__isnull=True
        )


class Revision(models.Model):
    """One item in one language at one moment. Its content never changes once it is written.

    The database refuses changes of what was written (a trigger, migration 0002) and a second
    live revision of the same item and language (a constraint).
    """

    class Kind(models.TextChoices):
        PAGE = "page", "Page"
        SITUATION = "situation", "Situation"
        GUIDE_STEP = "guide-step", "Step of the guide"
        SCENARIO = "scenario", "Is this okay?"
        TERM = "term", "Term"
        FIGURE = "figure", "Figure"
        PLATFORM = "platform", "Platform"
        PHRASE = "phrase", "Phrase"
        COUNTRY = "country", "Country and its contacts"

    class Origin(models.TextChoices):
        STAFF = "staff", "Written by staff"
        SHIPPED = "shipped", "Shipped with the site"

    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=60)
    language = models.CharField(max_length=5)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=250, help_text="For menus and lists.")
    position = models.PositiveSmallIntegerField(default=0)
    content = models.JSONField()
    based_on = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="translations",
        help_text="The revision in the source language that this one translates.",
    )
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.STAFF)
    comment = models.CharField(max_length=250, blank=True)
    reviewed_by = models.CharField(
        max_length=120, blank=True, help_text="Role of the native reader; empty: nobody yet."
    )
    """What ships with the text. Who checks it later is a `Review`."""
    unsure = models.JSONField(
        default=list,
        blank=True,
        help_text="Paths of the texts that the author wants somebody to look at again.",
    )
    reviews = models.JSONField(
        default=list,
        blank=True,
        help_text="What readers are told of its reviews: role, name and day of each.",
    )
    """Follows from `Review`: public pages read this table alone. Written by publishing.reviews."""
    reviewed_at = models.DateTimeField(
        null=True, blank=True, help_text="When what readers are told of its reviews last changed."
    )

    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(
        max_length=250, blank=True, help_text="Why it was released without a second person."
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_because = models.CharField(max_length=250, blank=True)
    is_live = models.BooleanField(default=False)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ("kind", "key", "language", "-number")
        permissions = [("approve_revision", "Can approve what others wrote")]
        constraints = [
            models.UniqueConstraint(
                name="revision_number_once", fields=["kind", "key", "language", "number"]
            ),
            models.UniqueConstraint(
                name="one_live_revision",
                fields=["kind", "key", "language"],
                condition=Q(is_live=True),
            ),
            models.CheckConstraint(
                name="live_is_approved_and_not_withdrawn",
                condition=Q(is_live=False)
                | Q(approved_at__isnull=False, withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="nobody_approves_their_own_without_reason",
                condition=Q(approved_by__isnull=True)
                | Q(created_by__isnull=True)
                | ~Q(approved_by=F("created_by"))
                | ~Q(reason=""),
                violation_error_message="Somebody else has to approve this.",
            ),
            models.CheckConstraint(
                name="revision_language_is_ours",
                condition=Q(language__in=[*languages.BY_CODE, languages.NEUTRAL]),
            ),
        ]
        indexes = [
            models.Index(
                name="live_revisions", fields=["kind", "language"], condition=Q(is_live=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key} {self.language} #{self.number}"

    @property
    def marks(self) -> frozenset[str]:
        """Paths of the texts to look at again; none once a second person has approved them."""
        return frozenset(() if self.approved_at else self.unsure)


class SentBack(models.Model):
    """An approver's answer to a text that waited: what to change before it is asked about again.

    The revision is a draft again then. Every answer stays, for the history.
    """

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="sent_back")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    because = models.CharField(max_length=500)

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name_plural = "sent back"

    def __str__(self) -> str:
        return f"{self.revision}: {self.because}"


class Review(models.Model):
    """That somebody outside checked a text as it stands in a revision; or that this was an error.

    Never changed: of two for the same role and name, the later one holds. Roles only, no persons.
    """

    class Role(models.TextChoices):
        NATIVE = "native", "A native speaker"
        HELPLINE = "helpline", "A helpline"
        YOUTH = "youth", "A youth panel"
        OTHER = "other", "Somebody else: write the role"

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="reviewed")
    role = models.CharField(max_length=8, choices=Role)
    name = models.CharField(
        "name of the role",
        max_length=80,
        blank=True,
        help_text="Readers see it as it stands here, in place of the general word. For example the"
        " name of a helpline, written in the language of the page. Never the name of a person.",
    )
    on = models.DateField("day of the check", help_text="Readers see it.")
    holds = models.BooleanField(default=True)
    """False takes back what was entered wrongly."""
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("at", "pk")
        constraints = [
            models.CheckConstraint(
                name="review_names_a_role",
                condition=~Q(role="other") | ~Q(name=""),
                violation_error_message="Write the role.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.revision}: {self.name or self.get_role_display()}, {self.on}"
