"""Where things are: an item's form, a revision's page, and what readers see."""

from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse
from django.utils.http import urlencode

from campaign import languages
from content.models import Revision
from content.places import public
from content.publishing.snapshots import find

__all__ = ["approval", "form_of", "public", "review"]


def form_of(kind: str, key: str, language: str) -> str | None:
    """Return the address of an item's form in a language; None when the item was deleted."""
    try:
        item = find(kind, key)
    except ObjectDoesNotExist:
        return None
    address = reverse(f"admin:content_{item._meta.model_name}_change", args=[item.pk])
    if kind == Revision.Kind.COUNTRY or language == languages.SOURCE:
        return address
    return f"{address}?{urlencode({'language': language})}"


def review(revision: Revision) -> str:
    """Return the address of a revision's page."""
    return reverse("admin:content_revision_change", args=[revision.pk])


def approval(revision: Revision) -> str:
    """Return the address of the page where an approver decides."""
    return reverse("admin:content_revision_approve", args=[revision.pk])
