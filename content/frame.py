"""The frame that every public page carries: menu, steps, languages, exit, emergency line."""

import json
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from campaign import catalogues, languages
from content import countries, richtext
from content.directory import actions
from content.publishing.live import Index

STEPS = ("understand", "stop", "report")


class Place(NamedTuple):
    """A page without its language: the key of a page of guidance, or the name of an address."""

    key: str = ""
    route: str = ""
    is_of_country: bool = False


REPEATED = {
    "class": Place(key="is-this-okay"),
    "country-adults": Place(route="country", is_of_country=True),
    "embed": Place(route="country", is_of_country=True),
    "embed-code": Place(route="embed-countries"),
}
"""By name of address: which page it shows in another order or size. Search engines are told to list
that page instead (RFC 6596)."""
TEXT_OF = {"staff-card": "teachers"}
"""By name of address: the page of guidance whose text it shows."""
FOR_ADULTS = {
    *("country-adults", "poster-countries", "poster", "staff-card", "class"),
    *("embed-countries", "embed-code", "changes"),
}
"""Names of addresses that adults use."""
ADULTS = {"parents", "teachers"}
"""Audiences of pages of guidance that are for adults alone."""
PARENTS = {
    "country": Place(key="report"),
    "country-adults": Place(route="country", is_of_country=True),
    "poster": Place(route="poster-countries"),
    "staff-card": Place(route="poster", is_of_country=True),
    "poster-countries": Place(key="teachers"),
    "class": Place(key="is-this-okay"),
    "embed-code": Place(route="embed-countries"),
    "embed-countries": Place(key="about"),
    "changes": Place(key="open-data"),
}
"""By name of address: the page that one comes from. Pages of guidance lie below the start page."""
MENU = (
    ("young", ("now", "friend", "is-this-okay", "safety")),
    ("adults", ("parents", "teachers", "platforms", "facts", "words")),
    ("site", ("about", "open-data", "privacy", "accessibility")),
)


@dataclass(frozen=True)
class Link:
    """A link with the language and direction of its text."""

    url: str
    text: str
    language: str
    key: str = ""
    number: int = 0
    is_current: bool = False

    @property
    def direction(self) -> str:
        """The writing direction of the link's text."""
        return languages.direction(self.language)


@dataclass(frozen=True)
class CountryLink:
    """A link to a country's page, named in the frame's language."""

    url: str
    text: str
    other_names: str
    """What else people type for it, with "|" between."""
    is_current: bool


@dataclass(frozen=True)
class Frame:
    """Everything around the text of one page in one language."""

    code: str
    """The language of the address."""
    index: Index
    key: str = ""
    country: str = ""
    route: str = ""
    """The name of the address, for what is no page of guidance."""
    audience: str = ""
    """Whom a page of guidance is for."""
    text_language: str = ""
    """The language of the page's own text when it is not the one asked for."""
    is_partial: bool = False
    """Whether pieces of the page are in another language than its text."""
    is_error: bool = False

    @property
    def language(self) -> languages.Language:
        """The language that the frame is drawn in."""
        return languages.get(catalogues.frame_language(self.code))

    @property
    def asked(self) -> languages.Language:
        """The language that the reader asked for."""
        return languages.get(self.code)

    @property
    def is_fallback(self) -> bool:
        """Whether the reader gets another language than the one asked for."""
        return self.shown_language.code != self.code

    @property
    def is_indexed(self) -> bool:
        """Whether search engines may list this page."""
        return not self.is_error and not self.is_partial and self.has_text

    @cached_property
    def repeated(self) -> "Frame | None":
        """The page that this one shows in another order or size; None for all others."""
        if self.route not in REPEATED:
            return None
        place = REPEATED[self.route]
        country = self.country if place.is_of_country else ""
        return replace(self, key=place.key, route=place.route, country=country)

    @property
    def is_for_adults(self) -> bool:
        """Whether this page is for adults alone. There, Back may show our pages again."""
        return self.route in FOR_ADULTS or self.audience in ADULTS

    @property
    def has_text(self) -> bool:
        """Whether the page's own text is there in the language asked for."""
        return self.code in self._available

    @property
    def shown_language(self) -> languages.Language:
        """The language of the page's text."""
        return languages.get(self.text_language or self.language.code)

    @property
    def _available(self) -> tuple[str, ...]:
        if self.repeated:
            return self.repeated._available
        key = TEXT_OF.get(self.route, "" if self.route else self.key)
        return self.index.languages_of_page(key) if key else self.index.offered

    def url(self, language: str) -> str:
        """Return this page's address in another language; home's when the page is an error."""
        return self._url.replace(f"/{self.code}/", f"/{language}/", 1)

    @cached_property
    def _url(self) -> str:
        if self.route:
            place = {"code": self.country} if self.country else {}
            return reverse(self.route, kwargs={"language": self.code, **place})
        return richtext.page_url(self.key or "home", self.code)

    def full_address(self, route: str) -> str:
        """Return the full address of another view of the same country in this language."""
        path = reverse(route, kwargs={"language": self.code, "code": self.country})
        return settings.SITE_URL + path

    @property
    def canonical(self) -> str:
        """The full address that search engines list for it, in the language that it has text in."""
        if self.repeated:
            return self.repeated.canonical
        code = self.code if self.has_text else languages.SOURCE
        return settings.SITE_URL + self.url(code)

    @property
    def address(self) -> str:
        """The full address of this page in this language, for paper."""
        return settings.SITE_URL + self.url(self.code)

    @property
    def alternates(self) -> list[tuple[str, str]]:
        """Language codes and full addresses for `hreflang`, x-default last."""
        if self.repeated or not self.is_indexed:
            return []
        found = [(code, settings.SITE_URL + self.url(code)) for code in self._available]
        return [*found, ("x-default", settings.SITE_URL + self.url(languages.SOURCE))]

    @property
    def chooser(self) -> list[list[Link]]:
        """This page in every offered language, by its own name, a group for each script."""
        return [
            [
                Link(
                    self.url(one.code),
                    one.name,
                    one.code,
                    one.code,
                    is_current=one.code == self.code,
                )
                for one in group
            ]
            for group in languages.by_script(self.index.offered)
        ]

    @property
    def home(self) -> Link:
        """The link to the start page."""
        return self._page("home")

    @property
    def parent(self) -> Link | None:
        """The page above this one, which leads on; none above the start page and above errors.

        Where a visit is one entry of the tab's history, the browser's Back button leaves the site.
        """
        if self.is_error or (self.key == "home" and not self.route):
            return None
        place = PARENTS.get(self.route, Place(key="home"))
        if place.key == "home" or (place.key and place.key not in self.index.pages):
            return replace(self._page("home"), text=gettext("Start"), language=self.language.code)
        if place.key:
            return self._page(place.key)
        country = self.country if place.is_of_country else ""
        url = replace(self, key="", country=country, route=place.route).url(self.code)
        return Link(url, self._name_of_route(place.route), self.language.code)

    def _name_of_route(self, route: str) -> str:
        names = {
            "poster-countries": gettext("Posters and cards to print"),
            "embed-countries": gettext("A card with help for your own site"),
        }
        return names.get(route) or countries.name(self.country, self.language.code)

    @property
    def steps(self) -> tuple[Link, ...]:
        """The three steps, numbered; the one that the reader is at is current."""
        found = [key for key in STEPS if key in self.index.pages]
        return tuple(self._page(key, number) for number, key in enumerate(found, start=1))

    @property
    def is_of_country(self) -> bool:
        """Whether this is a page about one country, below the page of its step."""
        return bool(self.country)

    @property
    def guide(self) -> Link | None:
        """The link to the guide, the first thing to do; None where there is none."""
        return self._page("now") if "now" in self.index.pages else None

    @property
    def next_step(self) -> Link | None:
        """The step after this page, None on the last step and on other pages."""
        steps = self.steps
        for step, following in pairwise(steps):
            if step.is_current:
                return following
        return None

    @property
    def menu(self) -> tuple[tuple[str, tuple[Link, ...]], ...]:
        """The other pages in named groups."""
        names = {
            "young": gettext("For young people"),
            "adults": gettext("For adults"),
            "site": gettext("This site"),
        }
        return tuple(
            (names[group], tuple(self._page(key) for key in keys if key in self.index.pages))
            for group, keys in MENU
        )

    @property
    def countries(self) -> list[CountryLink]:
        """All countries with a page, in the alphabetical order of the frame's language."""
        language = self.language.code
        codes = self.index.countries - {"EU", "WW"}
        return [
            CountryLink(
                reverse("country", kwargs={"language": self.code, "code": code}),
                countries.name(code, language),
                countries.other_names(code, language),
                is_current=code == self.country,
            )
            for code in countries.in_order(codes, language)
        ]

    @property
    def exit_url(self) -> str:
        """The neutral page that the exit leads to."""
        return settings.EXIT_URL

    @property
    def exit_urls(self) -> str:
        """Neutral pages by language as JSON, "" for the usual one; empty when there are no others.

        With every tag that we know, so that the first of the browser's languages decides in the
        browser as it does on the server.
        """
        if not settings.EXIT_URLS:
            return ""
        tags = {code: code for code in languages.BY_CODE} | languages.RELATIVES
        found = {tag: settings.EXIT_URLS.get(code, "") for tag, code in tags.items()}
        return json.dumps(found, separators=(",", ":"))

    @property
    def emergency(self) -> actions.Action:
        """The emergency number for pages that know no country."""
        return actions.general_emergency()

    def _page(self, key: str, number: int = 0) -> Link:
        url = richtext.page_url(key, self.code)
        if key not in self.index.pages:
            return Link(url, gettext("Start"), self.language.code, key, number)
        title, language = self.index.title(key, self._title_language)
        is_current = key == self.key and not self.is_error
        return Link(url, title, language, key, number, is_current)

    @property
    def _title_language(self) -> str:
        return self.code if self.language.code == self.code else languages.SOURCE
