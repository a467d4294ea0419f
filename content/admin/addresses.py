"""Where things are: an item's form, a revision's page, and what readers see."""

from django.core.exceptions import ObjectDoesNotExist
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from campaign import languages
from content import pages, richtext
from content.models import Revision
from content.publishing.snapshots import find

REGIONS = {"EU", "WW"}
"""Countries that are none: their services stand on the page `report`."""


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


def public(kind: str, key: str, language: str) -> str | None:
    """Return the address where readers find this item in a language; None when nowhere."""
    code = languages.SOURCE if language == languages.NEUTRAL else language
    if kind == Revision.Kind.PAGE:
        return _page(key, code)
    if kind == Revision.Kind.COUNTRY and key not in REGIONS:
        return reverse("country", kwargs={"language": code, "code": key})
    if kind == Revision.Kind.COUNTRY:
        return f"{_page('report', code)}#countries"
    for (page, anchor), insert in pages.INSERTS.items():
        if kind in insert.kinds:
            address = _page(page, code)
            return f"{address}#{anchor}" if address else None
    return None


def _page(key: str, language: str) -> str | None:
    try:
        return richtext.page_url(key, language)
    except NoReverseMatch:
        return None


def review(revision: Revision) -> str:
    """Return the address of a revision's page."""
    return reverse("admin:content_revision_change", args=[revision.pk])


def approval(revision: Revision) -> str:
    """Return the address of the page where an approver decides."""
    return reverse("admin:content_revision_approve", args=[revision.pk])
