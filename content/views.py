"""The public pages: render approved revisions and nothing else."""

from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.db import Error as DatabaseFailure
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseForbidden,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import resolve, reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaign import catalogues, languages
from content import countries, directory, pages
from content.frame import Frame
from content.publishing import live
from content.publishing.live import Kind, Wanted

WORLD = "WW"
REGION = "EU"


@require_safe
def choose_language(request: HttpRequest) -> HttpResponse:
    """Send the reader to the language that their browser prefers among those offered."""
    wished = request.headers.get("Accept-Language", "")
    code = languages.preferred(wished, live.index().offered)
    response = HttpResponseRedirect(reverse("home", kwargs={"language": code}))
    patch_vary_headers(response, ["Accept-Language"])
    return response


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


def _show(request: HttpRequest, language: str, key: str, template: str) -> HttpResponse:
    index = live.index()
    items = [(Kind.PAGE, key)]
    if key == "home":
        items += [(Kind.PAGE, step) for step in ("understand", "stop", "report")]
    if key == "report":
        items += [(Kind.COUNTRY, WORLD), (Kind.COUNTRY, REGION)]
    texts = live.texts(language, Wanted(items, pages.kinds_on(key)))
    if key not in texts.get(Kind.PAGE, {}):
        raise Http404
    view = pages.view(key, texts)
    frame = Frame(
        language,
        index,
        key,
        text_language=view.text.language,
        is_partial=view.has_foreign_pieces,
    )
    with translation.override(frame.language.code):
        worldwide = _groups(texts, WORLD, REGION, place="world-") if key == "report" else []
        context = {"frame": frame, "page": view, "steps": texts[Kind.PAGE], "worldwide": worldwide}
        return _cacheable(render(request, template, context))


@require_safe
def country(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show the services of one country."""
    index = live.index()
    if code not in index.countries - {WORLD, REGION}:
        raise Http404
    wanted = Wanted([(Kind.COUNTRY, code), (Kind.COUNTRY, WORLD), (Kind.PAGE, "report")])
    texts = live.texts(language, wanted)
    text = texts[Kind.COUNTRY][code]
    frame = Frame(language, index, "report", country=code)
    with translation.override(frame.language.code):
        context = {
            "frame": frame,
            "name": countries.name(code, frame.language.code),
            "emergency": directory.emergency_numbers(text.content),
            "groups": _groups(texts, code),
            "worldwide": _groups(texts, WORLD, place="world-"),
        }
        return _cacheable(render(request, "pages/country.html", context))


def _groups(texts: pages.Texts, *codes: str, place: str = "") -> list[directory.Group]:
    found = [texts[Kind.COUNTRY][code].content for code in codes if code in texts[Kind.COUNTRY]]
    contacts = [contact for content in found for contact in content["contacts"]]
    remarks = {key: text for content in found for key, text in content.get("remarks", {}).items()}
    return directory.groups(contacts, remarks, _today(), place)


def _today() -> date:
    return datetime.now(UTC).date()


@require_safe
def other_language(request: HttpRequest, tag: str, rest: str = "") -> HttpResponse:
    """Send /pt-BR/, /EN/stop or /no/ to the nearest address that we have."""
    code = languages.nearest(tag)
    if code is None:
        raise Http404
    # Typed from a poster: without the last slash, or in capitals.
    path = reverse("home", kwargs={"language": code}) + rest.lower().rstrip("/")
    path = path if path.endswith("/") else f"{path}/"
    if resolve(path).url_name in {"other-language", "other-language-page"}:
        raise Http404
    return HttpResponseRedirect(path)


@require_safe
@never_cache
def leave(request: HttpRequest) -> HttpResponse:
    """Leave the site at once, and ask the browser to forget what it kept of it."""
    response = HttpResponseRedirect(settings.EXIT_URL)
    response["Cache-Control"] = "no-store"
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """List the sitemaps of all offered languages (sitemaps.org protocol 0.9)."""
    urls = [
        settings.SITE_URL + reverse("sitemap-language", kwargs={"language": code})
        for code in live.index().offered
    ]
    return render(request, "sitemap_index.xml", {"urls": urls}, content_type="application/xml")


@require_safe
def sitemap_of_language(request: HttpRequest, language: str) -> HttpResponse:
    """List every page that search engines may list in one language."""
    index = live.index()
    frames = [Frame(language, index, key) for key in index.pages]
    frames += [
        Frame(language, index, "report", country=code)
        for code in sorted(index.countries - {WORLD, REGION})
    ]
    urls = [frame.canonical for frame in frames if frame.is_indexed]
    if not urls:
        raise Http404
    return render(request, "sitemap.xml", {"urls": urls}, content_type="application/xml")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers what to leave alone (RFC 9309). The staff area is not named here on purpose."""
    lines = ["User-agent: *", f"Disallow: {reverse('exit')}"]
    lines.append(f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Say whom to tell about a weakness (RFC 9116); 404 until the operator sets a contact."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    # RFC 9116, 2.5.5: less than a year ahead. The day alone, so that a cache may keep it.
    expires = _today() + timedelta(days=180)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires.isoformat()}T00:00:00Z",
        f"Canonical: {settings.SITE_URL}{reverse('security')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that was not sent from our own page; the public site takes no forms at all."""
    if not request.path.startswith(f"/{settings.ADMIN_PATH}"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    message = "This form has expired. Go back, copy your text, load the page again and send it."
    return HttpResponseForbidden(message, content_type="text/plain")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Help a reader on who came to an address that does not exist."""
    return _error(request, "404.html", HTTPStatus.NOT_FOUND)


def failed(request: HttpRequest) -> HttpResponse:
    """Help a reader on when the site itself is broken; asks nothing of the database."""
    return _error(request, "500.html", HTTPStatus.INTERNAL_SERVER_ERROR)


def _error(request: HttpRequest, template: str, status: HTTPStatus) -> HttpResponse:
    index = live.Index()
    if status == HTTPStatus.NOT_FOUND:
        try:
            index = live.index()
        except DatabaseFailure:
            index = live.Index()
    frame = Frame(_language_of(request), index, is_error=True)
    with translation.override(frame.language.code):
        response = render(request, template, {"frame": frame}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _language_of(request: HttpRequest) -> str:
    """The language of the address, else the one that the browser prefers."""
    code = languages.nearest(request.path.split("/")[1])
    complete = tuple(code for code in languages.BY_CODE if catalogues.is_complete(code))
    return code or languages.preferred(request.headers.get("Accept-Language", ""), complete)


def _cacheable(response: HttpResponse) -> HttpResponse:
    """Let the browser keep the page only if it asks again before it shows it."""
    response["Cache-Control"] = "no-cache"
    return response
