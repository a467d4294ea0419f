"""Guidance: the pages and the pieces they are made of, as editors work on them.

These are working copies. The public site never reads these tables: it reads live revisions.
Text fields are translated (see content/translation.py): at most 8 of them to a model, because
PostgreSQL refuses a row once about 12 long fields in 36 languages are filled.
"""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from content.models.fields import HttpsURLField

validate_key = RegexValidator(
    r"^[a-z][a-z0-9-]*$", "Small letters, digits and hyphens only, a letter first."
)
validate_year = RegexValidator(
    r"^\d{4}(-H[12]|-\d{4})?$", "Write a year (2025), a half-year (2025-H1) or a span (2021-2023)."
)


def validate_keys(value: object) -> None:
    """Refuse anything but a list of different keys."""
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise ValidationError('Write a list of keys, such as ["block", "save-proof"].')
    for entry in value:
        validate_key(entry)
        if value.count(entry) > 1:
            raise ValidationError(f"{entry} stands here more than once.")


class Item(models.Model):
    """A piece that is approved on its own: it has a stable key and a place among its kind."""

    key = models.SlugField(
        max_length=60,
        unique=True,
        validators=[validate_key],
        help_text="Its lasting name in addresses and files.",
    )
    position = models.PositiveSmallIntegerField(
        default=0, help_text="Pieces of a kind are shown in this order."
    )

    class Meta:
        abstract = True
        ordering = ("position", "key")


class Page(Item):
    """A page of guidance with its sections; approved as a whole, one language at a time."""

    class Audience(models.TextChoices):
        YOUNG = "young", "Young people"
        PARENTS = "parents", "Parents and carers"
        TEACHERS = "teachers", "Teachers and youth workers"
        EVERYONE = "everyone", "Everyone"

    step = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="1, 2 or 3 for the three steps; empty for other pages."
    )
    audience = models.CharField(
        max_length=10,
        choices=Audience,
        default=Audience.EVERYONE,
        help_text="Pages for young people are checked for words that blame or frighten.",
    )
    title = models.CharField(
        max_length=120, help_text="Shown in the menu, the browser tab and at the top of the page."
    )
    summary = models.TextField(
        blank=True,
        help_text="One or two sentences under the title. Others may see them: keep them neutral.",
    )

    class Meta(Item.Meta):
        constraints = [
            models.CheckConstraint(
                name="page_step_is_1_to_3",
                condition=Q(step__isnull=True) | Q(step__range=(1, 3)),
                violation_error_message="A step is 1, 2 or 3.",
            ),
            models.UniqueConstraint(
                name="page_step_once",
                fields=["step"],
                violation_error_message="Another page has this step already.",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.key


class Section(models.Model):
    """A part of a page with a heading, reached by its key as an anchor."""

    class Layout(models.TextChoices):
        TEXT = "text", "Text"
        DO = "do", "What to do"
        DONT = "dont", "What not to do"
        CALLOUT = "callout", "Set apart (no blame, crisis, hope)"
        STEPS = "steps", "Numbered steps"
        QUESTION = "question", "Question that opens to its answer"

    page = models.ForeignKey(Page, models.CASCADE, related_name="sections")
    key = models.SlugField(max_length=60, help_text="The anchor in the address: page/#key.")
    position = models.PositiveSmallIntegerField(default=0)
    layout = models.CharField(max_length=10, choices=Layout, default=Layout.TEXT)
    heading = models.CharField(max_length=160)
    body = models.TextField(blank=True)

    class Meta:
        ordering = ("position", "key")
        constraints = [
            models.UniqueConstraint(
                name="section_key_once_on_a_page",
                fields=["page", "key"],
                violation_error_message="Another section of this page has this key.",
            )
        ]

    def __str__(self) -> str:
        return self.heading or self.key


class GuideStep(Item):
    """One thing to do. Situations name their steps; the guide puts those of several together."""

    title = models.CharField(max_length=160, help_text="What to do, as one short sentence.")
    note = models.TextField(blank=True, help_text="How, or why, in one to three short sentences.")
    replaces = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_keys],
        help_text="Keys of steps that this one stands in for when both would be shown.",
    )
    contradicts = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_keys],
        help_text="Keys of steps that must never stand in one list with this one.",
    )

    def __str__(self) -> str:
        return self.title or self.key


class Situation(Item):
    """What may have happened ("I paid"), with what to do then: a branch of the guide."""

    class Place(models.TextChoices):
        BOTH = "both", "In the guide and on the page Stop"
        GUIDE = "guide", "In the guide only"
        STOP = "stop", "On the page Stop only"

    place = models.CharField(max_length=5, choices=Place, default=Place.STOP)
    steps = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_keys],
        help_text="Keys of the steps for the guide. It shows them in the order of all steps.",
    )
    title = models.CharField(max_length=120, help_text="In the reader's own words.")
    lead = models.CharField(max_length=250, help_text="One sentence that takes fear away.")
    body = models.TextField(
        blank=True, help_text="What to do now, on the page Stop. The guide shows the steps instead."
    )

    def __str__(self) -> str:
        return self.title or self.key


class Scenario(Item):
    """A short story for "Is this okay?", with the answer and its reason."""

    class Verdict(models.TextChoices):
        OKAY = "okay", "Okay"
        NOT_OKAY = "not-okay", "Not okay"
        DEPENDS = "it-depends", "It depends"

    verdict = models.CharField(max_length=10, choices=Verdict)
    situation = models.TextField(help_text="One to three short sentences, nobody's real story.")
    answer = models.CharField(max_length=160, help_text="The verdict in one short sentence.")
    reason = models.TextField(help_text="Why, and what one can do.")

    def __str__(self) -> str:
        return self.situation[:80] or self.key


class Term(Item):
    """A word of the vocabulary: use it, use it with care, or avoid it, and why."""

    class Status(models.TextChoices):
        USE = "use", "Use"
        WITH_CARE = "with-care", "With care"
        AVOID = "avoid", "Avoid"

    class Register(models.TextChoices):
        EVERYDAY = "everyday", "Everyday"
        LEGAL = "legal", "Legal and professional"

    status = models.CharField(max_length=10, choices=Status)
    register = models.CharField(max_length=10, choices=Register)
    term = models.CharField(max_length=120)
    instead = models.CharField(max_length=160, blank=True, help_text="What to say instead.")
    reason = models.TextField()

    def __str__(self) -> str:
        return self.term or self.key


class Figure(Item):
    """A number with its year and source. For adult pages only."""

    class Unit(models.TextChoices):
        PERCENT = "percent", "Percent"
        PEOPLE = "people", "People"
        REPORTS = "reports", "Reports"
        CONTACTS = "contacts", "Contacts with a helpline"
        REQUESTS = "requests", "Requests"
        TIMES = "times", "Times as many"

    class Qualifier(models.TextChoices):
        EXACTLY = "exactly", "Exactly"
        ABOUT = "about", "About"
        MORE_THAN = "more-than", "More than"
        AT_LEAST = "at-least", "At least"

    class Grade(models.TextChoices):
        ORIGINAL = "O", "Original seen"
        THIRD_PARTY = "T", "Reported by a third party"

    number = models.DecimalField(max_digits=14, decimal_places=2)
    unit = models.CharField(max_length=10, choices=Unit)
    qualifier = models.CharField(max_length=10, choices=Qualifier, default=Qualifier.EXACTLY)
    year = models.CharField(max_length=9, validators=[validate_year])
    place = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=160)
    url = HttpsURLField()
    grade = models.CharField(max_length=1, choices=Grade)
    group = models.SlugField(
        max_length=40, blank=True, help_text="Figures of one group are drawn beside each other."
    )
    statement = models.CharField(max_length=250, help_text="What the number counts.")
    caution = models.TextField(blank=True, help_text="What this number cannot say.")

    class Meta(Item.Meta):
        constraints = [
            models.CheckConstraint(
                name="figure_percent_up_to_100_or_growth",
                condition=Q(number__gte=0),
                violation_error_message="A figure cannot be negative.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number:f} {self.unit} {self.statement}"[:80]


class Platform(Item):
    """An app or platform where abuse can be reported and people blocked."""

    name = models.CharField(max_length=60, help_text="As the platform writes it; not translated.")
    in_app = models.CharField(
        max_length=250, blank=True, help_text="How to reach its report form inside the app."
    )
    note = models.TextField(blank=True, help_text="What is special here.")

    def __str__(self) -> str:
        return self.name


class PlatformLink(models.Model):
    """An address on a platform. Shown once it was seen on the page itself or checked by staff."""

    class Purpose(models.TextChoices):
        REPORT = "report", "Report"
        BLOCK = "block", "Block"
        FORM = "form", "Report form"
        REMOVAL = "removal", "Have a picture removed"
        PARENTS = "parents", "For parents"
        HELP = "help", "Help"

    class Evidence(models.TextChoices):
        SEEN = "seen", "Seen on the page itself"
        REPOSITORIES = "repositories", "Found in public repositories only"
        THIRD_PARTY = "third-party", "Reported by a third party"

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="links")
    position = models.PositiveSmallIntegerField(default=0)
    purpose = models.CharField(max_length=10, choices=Purpose)
    url = HttpsURLField()
    evidence = models.CharField(max_length=12, choices=Evidence)
    checked_on = models.DateField(
        null=True, blank=True, help_text="The day somebody opened it and saw that it is right."
    )

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(
                name="platform_link_once",
                fields=["platform", "url"],
                violation_error_message="This platform has this address already.",
            )
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def is_public(self) -> bool:
        """Whether readers may be sent there: seen on the page itself, or checked by staff."""
        return self.evidence == self.Evidence.SEEN or self.checked_on is not None


class Phrase(Item):
    """Words to say to somebody, for a reader who does not know how to begin."""

    class Listener(models.TextChoices):
        PARENT = "parent", "A parent or carer"
        TEACHER = "teacher", "A teacher"
        HELPLINE = "helpline", "A helpline"
        POLICE = "police", "The police"
        FRIEND = "friend", "A friend"

    listener = models.CharField(max_length=10, choices=Listener)
    words = models.CharField(max_length=250, help_text="In the first person, short enough to say.")
    hint = models.TextField(blank=True, help_text="When to use these words.")

    def __str__(self) -> str:
        return self.words[:80] or self.key
