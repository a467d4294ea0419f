"""The pages of guidance."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from content import countries, guide, lesson, pages
from content.directory.cards import Reader
from content.directory.short import Short, in_short
from content.frame import Frame
from content.publishing import live
from content.publishing.live import Kind, Wanted
from content.views.common import REGION, WORLD, render_page, today


@require_safe
def home(request: HttpRequest, language: str) -> HttpResponse:
    """Show the start page."""
    return _show(request, language, "home", "pages/home.html")


@require_safe
def page(request: HttpRequest, language: str, key: str) -> HttpResponse:
    """Show a page of guidance."""
    if key == "home":
        raise Http404
    return _show(request, language, key, "pages/page.html")


@require_safe
def now(request: HttpRequest, language: str) -> HttpResponse:
    """Show the guide: what happened, what to do, and whom to talk to in every country."""
    return _show(request, language, "now", "pages/page.html")


@require_safe
def for_class(request: HttpRequest, language: str) -> HttpResponse:
    """Show the situations for a class: one fills the screen, four make a sheet of cards."""
    key = "is-this-okay"
    index = live.index()
    texts = live.texts(language, Wanted([(Kind.PAGE, key)], [Kind.SCENARIO]))
    if key not in texts.get(Kind.PAGE, {}) or Kind.SCENARIO not in texts:
        raise Http404
    view = pages.view(key, texts)
    frame = Frame(
        language,
        index,
        route="class",
        text_language=view.text.language,
        is_partial=view.has_foreign_pieces,
    )
    cards = lesson.cards(view.pieces)
    with translation.override(frame.language.code):
        context = {
            "frame": frame,
            "page": view,
            "cards": cards,
            "sheets": lesson.sheets(cards),
        }
        return render_page(request, "pages/class.html", context, styles=["jumps", "class"])


def _show(request: HttpRequest, language: str, key: str, template: str) -> HttpResponse:
    index = live.index()
    items = [(Kind.PAGE, key)]
    if key == "home":
        items += [(Kind.PAGE, step) for step in ("understand", "stop", "report")]
    kinds = pages.kinds_on(key) + ([Kind.COUNTRY] if key == "now" else [])
    texts = live.texts(language, Wanted(items, kinds))
    if key not in texts.get(Kind.PAGE, {}):
        raise Http404
    view = pages.view(key, texts)
    frame = Frame(
        language,
        index,
        key,
        audience=view.text.content["audience"],
        text_language=view.text.language,
        is_partial=view.has_foreign_pieces,
    )
    with translation.override(frame.language.code):
        context = {
            "frame": frame,
            "page": view,
            "steps": texts[Kind.PAGE],
            "guide": _guide(texts, frame) if key == "now" else None,
        }
        return render_page(request, template, context, styles=view.styles, scripts=view.scripts)


@dataclass(frozen=True)
class Guide:
    """What the page `now` is made of beside its text."""

    branches: list[guide.Branch]
    people: list[Short]


def _guide(texts: pages.Texts, frame: Frame) -> Guide:
    situations = texts.get(Kind.SITUATION, {}).values()
    steps = texts.get(Kind.GUIDE_STEP, {}).values()
    places = texts.get(Kind.COUNTRY, {})
    reader = Reader(frame.code, today())
    codes = countries.in_order(set(places) - {WORLD, REGION}, frame.language.code)
    return Guide(
        guide.branches(situations, steps),
        [in_short(code, places[code].content, reader) for code in codes],
    )
