"""The addresses of public pages, all below a language."""

from django.urls import path, register_converter

from campaign import languages
from content import views


class PageKey:
    """Matches the key of a page; which pages there are is known to the database only."""

    regex = r"[a-z][a-z0-9-]*"

    def to_python(self, value: str) -> str:
        """Return the key."""
        return value

    def to_url(self, value: str) -> str:
        """Return the key. Raises ValueError for home, whose address is the language's own."""
        if value == "home":
            raise ValueError("home has no address of its own")
        return value


class CountryCode:
    """Matches two small letters and gives the country's code in capitals."""

    regex = r"[a-z]{2}"

    def to_python(self, value: str) -> str:
        """Return the code in capitals, as ISO 3166-1 writes it."""
        return value.upper()

    def to_url(self, value: str) -> str:
        """Return the code in small letters, as addresses write it."""
        return value.lower()


class LanguageCode:
    """Matches exactly the codes of the campaign's languages."""

    regex = "|".join(languages.BY_CODE)

    def to_python(self, value: str) -> str:
        """Return the code."""
        return value

    def to_url(self, value: str) -> str:
        """Return the code."""
        return value


register_converter(PageKey, "page")
register_converter(CountryCode, "country")
register_converter(LanguageCode, "language")

urlpatterns = [
    path("", views.choose_language, name="choose-language"),
    path("exit/", views.leave, name="exit"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("sitemap-<language:language>.xml", views.sitemap_of_language, name="sitemap-language"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security, name="security"),
    path("<language:language>/", views.home, name="home"),
    path("<language:language>/report/<country:code>/", views.country, name="country"),
    path("<language:language>/<page:key>/", views.page, name="page"),
    path("<str:tag>/", views.other_language, name="other-language"),
    path("<str:tag>/<path:rest>", views.other_language, name="other-language-page"),
]
