"""The directory: countries and the services that help there, as editors work on them."""

import re
import zoneinfo
from datetime import date, timedelta
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]

from content.models.fields import HttpsURLField

PHONE = r"^\+?[0-9][0-9 ()./-]*$"
"""A number as people dial it. Short codes such as 116 111 are right, so E.164 is not asked for."""

validate_phone = RegexValidator(PHONE, "Write the number as people dial it: digits and spaces.")
validate_country_code = RegexValidator(r"^[A-Z]{2}$", "Two capital letters (ISO 3166-1 alpha-2).")


_DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_DAYS = f"{_DAY}(?:-{_DAY})?(?:, ?(?:{_DAY}(?:-{_DAY})?|PH))*"
_TIMES = r"\d\d:\d\d-\d\d:\d\d(?:, ?\d\d:\d\d-\d\d:\d\d)*"
_RULE = f"(?:(?:{_DAYS} )?{_TIMES}|(?:{_DAYS}|PH) (?:off|closed))"
PLAIN_HOURS = re.compile(f"^(?:24/7|{_RULE}(?:; ?{_RULE})*)$")
"""The part of the syntax that hours.week() can say in full."""


def validate_hours(value: str) -> None:
    """Refuse what is not OpenStreetMap's `opening_hours` syntax, or more than a week can show.

    Of the syntax (wiki.openstreetmap.org/wiki/Key:opening_hours/specification) we take days of the
    week, times and public holidays. Seasons, comments and open ends would be shown wrongly.
    """
    if not PLAIN_HOURS.match(value):
        raise ValidationError(
            "Write 24/7, or days and times like Mo-Fr 09:00-17:00; Sa 10:00-12:00; PH off."
            " What does not fit, such as seasons or appointments, goes into the hours in words."
        )
    try:
        OpeningHours(value)
    except ParserError as error:
        raise ValidationError(
            f"Cannot read these hours: {error}. Write them like 24/7 or Mo-Fr 09:00-17:00; PH off."
        ) from error


def validate_words(value: object) -> None:
    """Refuse anything but a list of texts."""
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise ValidationError('Write a list of texts, such as ["de", "fr"].')


def validate_time_zones(value: object) -> None:
    """Refuse anything but a list of names of the IANA time zone database."""
    _validate_list(value, _time_zones(), "time zone", "Europe/Dublin")


@cache
def _time_zones() -> set[str]:
    return zoneinfo.available_timezones()  # walks through hundreds of files


def validate_audience(value: object) -> None:
    """Refuse anything but a list of Contact.Audience values."""
    _validate_list(value, set(Contact.Audience.values), "audience", "child")


def _validate_list(value: object, known: set[str], what: str, example: str) -> None:
    if not isinstance(value, list):
        raise ValidationError(f'Write a list, such as ["{example}"].')
    for entry in value:
        if entry not in known:
            raise ValidationError(f"{entry!r} is no {what} that we know. An example: {example}.")


def validate_end(value: date) -> None:
    """Refuse a day that can only be a slip of the fingers: the campaign began in 2017."""
    if not 2017 <= value.year <= timezone.now().year + FARTHEST_END:
        raise ValidationError(f"Is the year {value.year} right? Write the day as 2027-03-31.")


def validate_emergency_numbers(value: object) -> None:
    """Refuse anything but a list of ``{"number": "112", "for": "all", "evidence": "..."}``."""
    if not isinstance(value, list):
        raise ValidationError('Write a list, such as [{"number": "112", "for": "all"}].')
    for entry in value:
        if not isinstance(entry, dict) or set(entry) - {"evidence"} != {"number", "for"}:
            raise ValidationError('Each entry is like {"number": "112", "for": "all"}.')
        if not isinstance(entry["number"], str):
            raise ValidationError(f"Write the number {entry['number']} in quotation marks.")
        validate_phone(entry["number"])
        if entry["for"] not in EMERGENCY_SERVICES:
            raise ValidationError(f"{entry['for']!r} is none of {', '.join(EMERGENCY_SERVICES)}.")


CONFIRMED = "confirmed"
"""Evidence of an emergency number that staff entered and vouch for."""

EMERGENCY_SERVICES = ("all", "police", "ambulance", "fire")
DUE_SOON = timedelta(days=30)
FARTHEST_END = 10
"""In how many years a service may end. Nobody plans longer, and fingers slip."""
CHANNELS = ("phone", "sms", "whatsapp", "chat_url", "report_url", "email", "website")
"""The ways to reach a service, most direct first."""


class Country(models.Model):
    """A country, or a region or the whole world for services that are valid in many countries.

    Names come from CLDR in every language; a country holds numbers and facts, not words.
    """

    class Scope(models.TextChoices):
        COUNTRY = "country", "Country"
        REGION = "region", "Region of many countries"
        WORLD = "world", "Worldwide"

    code = models.CharField(
        primary_key=True,
        max_length=2,
        validators=[validate_country_code],
        help_text="ISO 3166-1 alpha-2; EU and WW for services of the whole EU and of the world.",
    )
    scope = models.CharField(max_length=8, choices=Scope, default=Scope.COUNTRY)
    emergency_numbers = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_emergency_numbers],
        help_text="Shown on every page of this country, the first one largest.",
    )
    time_zones = models.JSONField(default=list, blank=True, validators=[validate_time_zones])
    languages = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_words],
        help_text="Codes of the languages spoken there, main one first.",
    )
    shipped = models.JSONField(
        default=dict, editable=False, help_text="As it last came with the site's own data."
    )

    class Meta:
        ordering = ("code",)
        verbose_name_plural = "countries"
        constraints = [
            models.CheckConstraint(
                name="country_code_is_two_capitals",
                condition=Q(code__regex=r"^[A-Z]{2}$"),
                violation_error_message="A country code is two capital letters.",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ContactQuerySet(models.QuerySet["Contact"]):
    """Questions one asks of contacts."""

    def publishable(self) -> "ContactQuerySet":
        """Contacts that readers may see: sourced, or confirmed by staff, or 112; and reachable."""
        unconfirmed = Q(evidence=Contact.Evidence.UNSOURCED, checked_on__isnull=True)
        is_112 = Q(kind=Contact.Kind.EMERGENCY, phone="112")
        return self.exclude(unconfirmed & ~is_112).exclude(**dict.fromkeys(CHANNELS, ""))

    def unreachable(self) -> "ContactQuerySet":
        """Contacts without a number or address; staff have to find one or remove them."""
        return self.filter(**dict.fromkeys(CHANNELS, ""))

    def going_on(self, today: date) -> "ContactQuerySet":
        """Contacts that have not ended: readers see no others, and nobody has to check others."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today))

    def never_checked(self, today: date) -> "ContactQuerySet":
        """Contacts that nobody has confirmed with the service."""
        return self.going_on(today).filter(checked_on__isnull=True)

    def overdue(self, today: date) -> "ContactQuerySet":
        """Contacts that were confirmed too long ago, as their readers are told (DESIGN 4.8)."""
        return self.going_on(today).filter(
            checked_on__lt=today - timedelta(days=settings.CHECK_DUE_DAYS)
        )

    def due_soon(self, today: date) -> "ContactQuerySet":
        """Contacts that will be overdue within a month."""
        limit = today - timedelta(days=settings.CHECK_DUE_DAYS)
        return self.going_on(today).filter(checked_on__range=(limit, limit + DUE_SOON))


class Contact(models.Model):
    """A service that helps: a helpline, the police, a hotline, a removal service."""

    class Kind(models.TextChoices):
        EMERGENCY = "emergency", "Emergency number"
        HELPLINE = "helpline", "Helpline"
        INTERNET_HELPLINE = "internet_helpline", "Helpline for online safety"
        POLICE = "police", "Police"
        HOTLINE = "hotline", "Hotline for illegal pictures"
        REMOVAL = "removal", "Removal of pictures"

    class Audience(models.TextChoices):
        CHILD = "child", "Children and young people"
        PARENT = "parent", "Parents and carers"
        PROFESSIONAL = "professional", "Teachers and professionals"

    class Cost(models.TextChoices):
        UNKNOWN = "unknown", "We do not know"
        FREE = "free", "Free"
        PAID = "paid", "Costs something"

    class Answer(models.TextChoices):
        UNKNOWN = "unknown", "We do not know"
        YES = "yes", "Yes"
        NO = "no", "No"

    class AnsweredBy(models.TextChoices):
        UNKNOWN = "unknown", "We do not know"
        COUNSELLORS = "counsellors", "Trained counsellors"
        VOLUNTEERS = "volunteers", "Trained volunteers"
        POLICE = "police", "Police officers"
        OPERATORS = "operators", "Emergency operators"

    class TellsOthers(models.TextChoices):
        UNKNOWN = "unknown", "We do not know"
        NEVER = "never", "Never without the caller's wish"
        DANGER = "danger", "Only when somebody is in serious danger"
        YES = "yes", "Must pass it on"

    class Evidence(models.TextChoices):
        TWO_SOURCES = "two-sources", "Two sources agree"
        ONE_SOURCE = "one-source", "One source"
        UNSOURCED = "unsourced", "No source seen"

    key = models.SlugField(
        max_length=80, unique=True, help_text="Its lasting name in open data and imports."
    )
    country = models.ForeignKey(Country, models.PROTECT, related_name="contacts")
    kind = models.CharField(max_length=20, choices=Kind)
    position = models.PositiveSmallIntegerField(
        default=0, help_text="Order among contacts of the same kind; 0 comes first."
    )
    organisation = models.CharField(max_length=200, help_text="Its own name, not translated.")
    organisation_en = models.CharField(
        "name in English", max_length=200, blank=True, help_text="For staff and for search."
    )

    phone = models.CharField(max_length=40, blank=True, validators=[validate_phone])
    phone_international = models.CharField(max_length=40, blank=True, validators=[validate_phone])
    phone_hours = models.CharField(max_length=200, blank=True, validators=[validate_hours])
    sms = models.CharField(max_length=40, blank=True, validators=[validate_phone])
    sms_hours = models.CharField(max_length=200, blank=True, validators=[validate_hours])
    whatsapp = models.CharField(max_length=40, blank=True, validators=[validate_phone])
    whatsapp_hours = models.CharField(max_length=200, blank=True, validators=[validate_hours])
    chat_url = HttpsURLField(blank=True)
    chat_hours = models.CharField(max_length=200, blank=True, validators=[validate_hours])
    report_url = HttpsURLField(blank=True)
    report_hours = models.CharField(max_length=200, blank=True, validators=[validate_hours])
    email = models.EmailField(blank=True)
    website = HttpsURLField(blank=True)
    hours_text = models.CharField(
        max_length=250,
        blank=True,
        help_text="Hours in words, for what OpenStreetMap's syntax cannot say. Shown in English.",
    )
    time_zone = models.CharField(max_length=40, blank=True)

    languages = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_words],
        help_text="Codes of the languages in which it answers.",
    )
    audience = models.JSONField(default=list, blank=True, validators=[validate_audience])
    ages = models.CharField(max_length=120, blank=True, help_text="As the service says it.")
    age_min = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(99)]
    )
    age_max = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(99)]
    )

    answered_by = models.CharField(
        max_length=12, choices=AnsweredBy, default=AnsweredBy.UNKNOWN, help_text="Who answers?"
    )
    cost = models.CharField(max_length=8, choices=Cost, default=Cost.UNKNOWN)
    on_bill = models.CharField(
        "on the phone bill",
        max_length=8,
        choices=Answer,
        default=Answer.UNKNOWN,
        help_text="Does a call show on the phone bill?",
    )
    anonymity = models.CharField(
        "anonymous",
        max_length=8,
        choices=Answer,
        default=Answer.UNKNOWN,
        help_text="Can one use it without giving a name?",
    )
    tells_others = models.CharField(
        max_length=8,
        choices=TellsOthers,
        default=TellsOthers.UNKNOWN,
        help_text="Will they tell parents or the police?",
    )
    remark = models.TextField(
        blank=True,
        help_text="One optional sentence for readers, translated. Most contacts need none.",
    )

    sources = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_words],
        help_text="Addresses where it was seen.",
    )
    source_date = models.CharField(max_length=10, blank=True)
    evidence = models.CharField(max_length=12, choices=Evidence, default=Evidence.UNSOURCED)
    note = models.TextField(blank=True, help_text="Doubts and history, for staff only.")
    checked_on = models.DateField(
        null=True, blank=True, help_text="The day the service itself confirmed these facts."
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ends_on = models.DateField(
        null=True,
        blank=True,
        validators=[validate_end],
        help_text="From this day on readers do not see it. To hide it at once, write today.",
    )
    shipped = models.JSONField(
        default=dict, editable=False, help_text="As it last came with the site's own data."
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ("country", "kind", "position", "key")
        constraints = [
            models.CheckConstraint(
                name="contact_ages_in_order",
                condition=Q(age_min__isnull=True)
                | Q(age_max__isnull=True)
                | Q(age_max__gte=F("age_min")),
                violation_error_message="The highest age is below the lowest.",
            ),
            models.CheckConstraint(
                name="contact_confirmed_by_and_on_together",
                condition=Q(checked_by__isnull=True) | Q(checked_on__isnull=False),
                violation_error_message="Say on which day it was checked.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country_id}: {self.organisation}"
