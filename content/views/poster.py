"""What schools print: posters, pocket cards and the card for the staff room."""

from datetime import date
from typing import Any

from babel.dates import format_date
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from campaign import languages
from content import countries, pages
from content.directory import actions, paper
from content.directory.cards import Reader
from content.directory.groups import groups
from content.directory.short import in_short
from content.frame import STEPS, TEXT_OF, Frame
from content.publishing import live
from content.publishing.live import Kind, Text, Wanted
from content.views.common import country_links, refuse_unknown, render_page, today

CARDS = range(8)
"""How many pocket cards of 105 by 74 millimetres (A7) an A4 sheet holds."""
STAFF_PAGE, STAFF_SECTIONS = TEXT_OF["staff-card"], ("ten-minutes", "crisis")


@require_safe
def poster(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show a country's poster and pocket cards as they are printed."""
    index = live.index()
    refuse_unknown(index, code)
    wanted = [(Kind.PAGE, key) for key in ("home", *STEPS)]
    found = live.texts(language, Wanted([*wanted, (Kind.COUNTRY, code)]))
    frame = Frame(language, index, country=code, route="poster")
    with translation.override(frame.language.code):
        content = found[Kind.COUNTRY][code].content
        texts = found[Kind.PAGE]
        context = _of_country(frame, "country") | {
            "place": in_short(code, content, Reader(language, today())),
            "home": texts["home"],
            "steps": [texts[key] for key in STEPS if key in texts],
            "cards": CARDS,
        }
        styles = ["drawing", "paper"]
        return render_page(request, "pages/poster.html", context, styles=styles)


@require_safe
def staff_card(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show what to do in the first ten minutes, with a country's numbers for adults."""
    index = live.index()
    refuse_unknown(index, code)
    wanted = Wanted([(Kind.PAGE, STAFF_PAGE), (Kind.COUNTRY, code)])
    found = live.texts(language, wanted)
    text = found.get(Kind.PAGE, {}).get(STAFF_PAGE)
    is_foreign = text is not None and text.language != language
    frame = Frame(language, index, country=code, route="staff-card", is_partial=is_foreign)
    with translation.override(frame.language.code):
        content = found[Kind.COUNTRY][code].content
        reader = Reader(language, today(), is_adult=True)
        context = _of_country(frame, "country-adults") | {
            "text": text,
            "sections": _sections(text),
            "emergency": actions.emergency_numbers(content),
            "groups": paper.on_paper(groups({code: content}, reader, {}), most=2),
        }
        return render_page(request, "pages/staff_card.html", context, styles=["paper"])


@require_safe
def countries_of_posters(request: HttpRequest, language: str) -> HttpResponse:
    """Show what can be printed, and the countries."""
    frame = Frame(language, live.index(), route="poster-countries")
    with translation.override(frame.language.code):
        context = {"frame": frame, "links": country_links(frame, "poster")}
        return render_page(request, "pages/posters.html", context, styles=["countries"])


def _of_country(frame: Frame, route: str) -> dict[str, Any]:
    """Return what both kinds of sheet say of the country, and the way to the current numbers."""
    address = frame.full_address(route)
    released = live.released_on(Kind.COUNTRY, frame.country, languages.NEUTRAL)
    return {
        "frame": frame,
        "name": countries.name(frame.country, frame.language.code),
        "address": address,
        "written_address": address.partition("://")[2],
        "qr_code": paper.qr_code(address),
        "released": _written(released or today(), frame),
    }


def _sections(text: Text | None) -> list[pages.SectionView]:
    """Return the sections of the teachers' page that the card shows, the steps first."""
    if text is None:
        return []
    by_key = {part["key"]: part for part in text.content["sections"]}
    return [pages.section(STAFF_PAGE, by_key[key]) for key in STAFF_SECTIONS if key in by_key]


def _written(day: date, frame: Frame) -> str:
    return format_date(day, "long", locale=frame.language.code)
