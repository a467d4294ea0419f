"""The card for other sites: whom to call in one country, in one language, inside a frame."""

from datetime import date, timedelta
from urllib.parse import urlsplit

from babel.dates import format_date
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from campaign import assets, languages
from content import countries
from content.directory.cards import Reader
from content.directory.short import in_short
from content.frame import Frame
from content.publishing import live
from content.publishing.live import Kind, Wanted
from content.views.common import (
    country_links,
    refuse_unknown,
    render_inline,
    render_page,
    today,
)

SANDBOX = (
    "allow-popups",
    "allow-popups-to-escape-sandbox",
    "allow-top-navigation-by-user-activation",
    "allow-top-navigation-to-custom-protocols",
)
"""What the frame may do: open our pages in a new tab, leave the page, and dial. No script."""
HEIGHT = 740
"""Pixels: enough for each card on a phone. In a narrower column a long one scrolls."""

STYLES = ("tokens", "embed")


@require_safe
@xframe_options_exempt
def card(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show the card. It needs nothing else, and says until when it may be used."""
    index = live.index()
    refuse_unknown(index, code)
    found = live.texts(language, Wanted([(Kind.COUNTRY, code)]))
    released = live.released_on(Kind.COUNTRY, code, languages.NEUTRAL) or today()
    frame = Frame(language, index, country=code, route="embed")
    with translation.override(frame.language.code):
        content = found[Kind.COUNTRY][code].content
        place = in_short(code, content, Reader(language, today()))
        last_day = place.last_day(released + timedelta(days=settings.CHECK_DUE_DAYS))
        context = {
            "frame": frame,
            "place": place,
            "released": _written(released, frame),
            "last_day": _written(last_day, frame),
            "is_old": today() > last_day,
            "url": frame.full_address("country"),
            "home_url": settings.SITE_URL + frame.home.url,
            "exit_url": settings.SITE_URL + reverse("exit"),
            "host": urlsplit(settings.SITE_URL).netloc,
        }
        inline = assets.inline(STYLES, ())
        framed = {"frame-ancestors": ["*"]}
        response = render_inline(request, "embed/card.html", context, inline, directives=framed)
    # Sites that isolate themselves (COEP) may show it as well.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
def countries_of_cards(request: HttpRequest, language: str) -> HttpResponse:
    """Show what the card is, and the countries that have one."""
    frame = Frame(language, live.index(), route="embed-countries")
    with translation.override(frame.language.code):
        links = country_links(frame, "embed-code")
        context = {"frame": frame, "links": links}
        return render_page(request, "pages/embed.html", context, styles=["countries"])


@require_safe
def code_of_card(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show a country's card, and the code that shows it on another site."""
    index = live.index()
    refuse_unknown(index, code)
    frame = Frame(language, index, country=code, route="embed-code")
    with translation.override(frame.language.code):
        path = reverse("embed", kwargs={"language": language, "code": code})
        context = {
            "frame": frame,
            "name": countries.name(code, frame.language.code),
            "path": path,
            "url": settings.SITE_URL + path,
            "sandbox": " ".join(SANDBOX),
            "height": HEIGHT,
        }
        own = {"frame-src": ["'self'"]}
        return render_page(
            request, "pages/embed_code.html", context, styles=["code"], directives=own
        )


def _written(day: date, frame: Frame) -> str:
    return format_date(day, "long", locale=frame.language.code)
