"""Fields that more than one model has."""

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.db import models


class HttpsURLField(models.URLField):
    """An address that begins with https, because readers are sent there."""

    default_validators = [URLValidator(schemes=["https"])]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 500)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        """Return a form field that takes an address without a scheme as https."""
        return super().formfield(**{"assume_scheme": "https", **kwargs})
