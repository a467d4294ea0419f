"""What belongs to the site as a whole: the way in, the way out, and what machines read."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import resolve, reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from campaign import languages
from content.frame import Frame
from content.publishing import live
from content.views.common import REGION, WORLD, today

LISTED = ("changes", "embed-countries", "poster-countries")
LISTED_OF_COUNTRY = ("country", "poster", "staff-card")
"""Names of addresses in the sitemap beside the pages of guidance."""


@require_safe
def choose_language(request: HttpRequest) -> HttpResponse:
    """Send the reader to the language that their browser prefers among those offered."""
    wished = request.headers.get("Accept-Language", "")
    code = languages.preferred(wished, live.index().offered)
    response = HttpResponseRedirect(reverse("home", kwargs={"language": code}))
    patch_vary_headers(response, ["Accept-Language"])
    return response


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
def leave(request: HttpRequest) -> HttpResponse:
    """Leave the site, for those without our script.

    By the browser's own language, not the page's: that is what the device would show anyway.
    Clear-Site-Data is not asked for: browsers keep nothing of our pages, and some would first look
    through all that they keep of every site, which takes up to minutes.
    """
    wished = request.headers.get("Accept-Language", "")
    code = languages.preferred(wished, tuple(languages.BY_CODE))
    response = HttpResponseRedirect(settings.EXIT_URLS.get(code, settings.EXIT_URL))
    response["Cache-Control"] = "no-store"
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
    frames += [Frame(language, index, route=route) for route in LISTED]
    frames += [
        Frame(language, index, country=code, route=route)
        for route in LISTED_OF_COUNTRY
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
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Say whom to tell about a weakness (RFC 9116); 404 until the operator sets a contact."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    # RFC 9116, 2.5.5: less than a year ahead. The day alone, so that a cache may keep it.
    expires = today() + timedelta(days=180)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires.isoformat()}T00:00:00Z",
        f"Canonical: {settings.SITE_URL}{reverse('security')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
