"""Fields that more than one model has."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator, URLValidator
from django.db import models

UNSEEN = r"\x00-\x20\x7f-\xa0\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\\"
"""What no address may hold, for a set in a pattern: spaces, control characters, marks that turn
the direction of what follows, and the backslash. Browsers leave some of them out and read others
differently, so that an address would lead elsewhere than it says (WHATWG URL, 4.4)."""

validate_seen = RegexValidator(
    rf"[{UNSEEN}]|^\w+://[^/?#]*@",
    "There is a space, a hidden character or a name before an @ in this address.",
    inverse_match=True,
)


class HttpsURLField(models.URLField):
    """An address that begins with https, because readers are sent there."""

    default_validators = [URLValidator(schemes=["https"]), validate_seen]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 500)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        """Return a form field that takes an address without a scheme as https."""
        return super().formfield(**{"assume_scheme": "https", **kwargs})
