"""Where readers find an item."""

from django.urls import NoReverseMatch, reverse

from campaign import languages
from content import pages, richtext
from content.models import Revision

REGIONS = {"EU", "WW"}
"""Countries that are none: their services stand on the page `report`."""


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
