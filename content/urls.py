"""The addresses of public pages, all below a language."""

from django.urls import path, register_converter

from campaign import languages
from content.views import data, directory, embed, guidance, poster, preview, site


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
    path("", site.choose_language, name="choose-language"),
    path("exit/", site.leave, name="exit"),
    path("preview/", preview.preview, name="preview"),
    path("sitemap.xml", site.sitemap, name="sitemap"),
    path("sitemap-<language:language>.xml", site.sitemap_of_language, name="sitemap-language"),
    path("robots.txt", site.robots, name="robots"),
    path(".well-known/security.txt", site.security, name="security"),
    path("data/contacts.json", data.contacts_json, name="data-json"),
    path("data/contacts.csv", data.contacts_csv, name="data-csv"),
    path("data/contacts.schema.json", data.contacts_schema, name="data-schema"),
    path("<language:language>/", guidance.home, name="home"),
    path("<language:language>/changes/", data.changes, name="changes"),
    path("<language:language>/report/<country:code>/", directory.country, name="country"),
    path(
        "<language:language>/report/<country:code>/adults/",
        directory.country_adults,
        name="country-adults",
    ),
    path("<language:language>/embed/", embed.countries_of_cards, name="embed-countries"),
    path("<language:language>/embed/<country:code>/", embed.card, name="embed"),
    path("<language:language>/embed/<country:code>/code/", embed.code_of_card, name="embed-code"),
    path("<language:language>/poster/", poster.countries_of_posters, name="poster-countries"),
    path("<language:language>/poster/<country:code>/", poster.poster, name="poster"),
    path("<language:language>/poster/<country:code>/staff/", poster.staff_card, name="staff-card"),
    path("<language:language>/now/", guidance.now, name="now"),
    path("<language:language>/is-this-okay/class/", guidance.for_class, name="class"),
    path("<language:language>/<page:key>/", guidance.page, name="page"),
    path("<str:tag>/", site.other_language, name="other-language"),
    path("<str:tag>/<path:rest>", site.other_language, name="other-language-page"),
]
