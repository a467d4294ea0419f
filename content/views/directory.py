"""The directory of countries: who helps there."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from content import countries
from content.directory import actions, place, words
from content.directory.cards import FirstWords, Reader
from content.directory.groups import TALK, Group, groups
from content.frame import Frame
from content.publishing import live
from content.publishing.live import Kind, Wanted
from content.views.common import WORLD, refuse_unknown, render_page, today


@require_safe
def country(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show the services of one country, those for young people first."""
    return _country(request, language, code, "country")


@require_safe
def country_adults(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show the services of one country, those for parents and teachers first."""
    return _country(request, language, code, "country-adults")


def _country(request: HttpRequest, language: str, code: str, route: str) -> HttpResponse:
    index = live.index()
    refuse_unknown(index, code)
    found = live.texts(language, Wanted([(Kind.COUNTRY, code), (Kind.COUNTRY, WORLD)]))
    content = found[Kind.COUNTRY][code].content
    phrases = live.versions(Kind.PHRASE, {language, *content["languages"]})
    reader = Reader(language, today(), is_adult=route == "country-adults")
    frame = Frame(language, index, "report", country=code, route=route)
    with translation.override(frame.language.code):
        first_words = words.first_words(phrases, language)
        own = groups({code: content}, reader, first_words)
        worldwide = _worldwide(found[Kind.COUNTRY], reader, first_words)
        emergency = actions.emergency_numbers(content)
        context = {
            "frame": frame,
            "name": countries.name(code, frame.language.code),
            "is_for_adults": reader.is_adult,
            "emergency": emergency,
            "groups": own,
            "to_talk": [group for group in own if group.key == TALK],
            "others": [group for group in own if group.key != TALK],
            "worldwide": worldwide,
            "spoken": place.spoken(place.talk(own), reader),
            "until": place.until(own, worldwide, emergency),
            "listeners": words.words_to_say(phrases, language, content["languages"]),
        }
        return render_page(
            request,
            "pages/country.html",
            context,
            styles=["jumps", "pieces", "country"],
            scripts=["hours", "open"],
        )


def _worldwide(
    texts: Mapping[str, live.Text], reader: Reader, first_words: FirstWords
) -> list[Group]:
    """Return the services for readers in any country; none when staff have withdrawn them."""
    places = {WORLD: texts[WORLD].content} if WORLD in texts else {}
    return groups(places, reader, first_words, prefix="world-")
