"""What somebody had before them when they began to write, so that nobody's change is written over.

A form carries the fingerprint of what it was opened on. When that is not what is there by now,
somebody else has saved meanwhile: the form comes back with both, and the person chooses.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import models


def fingerprint(values: Mapping[str, Any]) -> str:
    """Return a short text that differs when one of the values does."""
    dump = json.dumps(values, default=str, sort_keys=True)
    return hashlib.sha256(dump.encode()).hexdigest()


def of(item: models.Model) -> str:
    """Return the fingerprint of all columns of a row, as it was read."""
    fields = item._meta.concrete_fields
    return fingerprint({field.attname: getattr(item, field.attname) for field in fields})


def take_as_read(form: forms.BaseForm, name: str, value: str) -> None:
    """Let the form come back based on what others saved: the person reads it there."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]
    data[form.add_prefix(name)] = value
    form.data = data
