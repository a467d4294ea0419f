"""Who may do what: the roles, and the languages and countries that an account is limited to."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from campaign import languages
from content.models.directory import validate_country_code


class Role(models.TextChoices):
    """What an account may do. Each is a group of the same name, made by `migrate`."""

    EDITOR = "editor", "Writes all texts in every language, and all countries and contacts"
    TRANSLATOR = "translator", "Writes in the languages below, and in no other"
    PARTNER = "country partner", "Adds and corrects contacts of the countries below"
    APPROVER = (
        "approver",
        "Writes as an editor does, and approves what others wrote; only in the languages and"
        " countries below, when there are any",
    )
    ADMINISTRATOR = "administrator", "Keeps the accounts and their roles; writes nothing"


def validate_our_languages(value: object) -> None:
    """Refuse anything but a list of codes of the site's languages."""
    if not isinstance(value, list) or any(code not in languages.BY_CODE for code in value):
        raise ValidationError('Write a list of languages of the site, such as ["fr", "ar"].')


def validate_country_codes(value: object) -> None:
    """Refuse anything but a list of ISO 3166-1 alpha-2 codes."""
    if not isinstance(value, list):
        raise ValidationError('Write a list of countries, such as ["DE", "IE"].')
    for code in value:
        validate_country_code(code)


class StaffProfile(models.Model):
    """The languages and countries of an account. Staff only: no public page reads it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="staff_profile"
    )
    languages = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_our_languages],
        help_text="A translator writes in these only. An approver writes and approves texts in"
        " these only; in all, when none is chosen.",
    )
    countries = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_country_codes],
        help_text="A country partner keeps the contacts of these only. An approver approves the"
        " numbers and services of these only; of all, when none is chosen.",
    )

    def __str__(self) -> str:
        return ", ".join([*self.languages, *self.countries]) or "no language, no country"
