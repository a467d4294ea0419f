"""Which public addresses there are: the routes, with every value that their arguments can have."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from campaign import languages
from content.publishing.live import Index

NOT_BAKED = {
    "healthz": "says how this machine is now",
    "readyz": "says how this machine is now",
    "choose-language": "answers by the browser's language; the server knows how without Django",
    "preview": "shows what is not public to whoever has a link, and keeps nothing",
    "exit": "leads away and keeps nothing",
    "other-language": "leads to an address that is baked",
    "other-language-page": "leads to an address that is baked",
}
"""Names of public routes that stay dynamic, with the reason."""

NO_PAGE = {"EU", "WW"}
"""Entries of the directory that are no countries and have no page."""


class NoRule(Exception):
    """A route has an argument of which baking does not know the values."""


def paths(index: Index) -> list[str]:
    """Return every public address that is baked, each once, a language's addresses together."""
    countries = tuple(sorted(index.countries - NO_PAGE))
    keys = tuple(key for key in index.pages if key != "home")
    return list(_paths(_Values(keys, countries, index.offered, settings.SECURITY_CONTACT)))


class _Values(NamedTuple):
    """All that addresses are made of."""

    keys: tuple[str, ...]
    countries: tuple[str, ...]
    offered: tuple[str, ...]
    security: str


@lru_cache(1)
def _paths(values: _Values) -> tuple[str, ...]:
    """Return the addresses; again at once for the same values: who follows asks all the time."""
    found: dict[str, None] = {}
    for code in languages.BY_CODE:
        for pattern in routes():
            found.update(dict.fromkeys(_of_route(pattern, values, code)))
    return tuple(found)


def samples(index: Index) -> list[str]:
    """Return one address of each route in each offered language."""
    shapes: dict[str, str] = {}
    for path in paths(index):
        _, language, *rest = path.split("/")
        if language in index.offered:
            shape = [part for part in rest if part.upper() not in index.countries]
            shapes.setdefault("/".join([language, *shape]), path)
    return list(shapes.values())


def nowhere() -> dict[str, str]:
    """Return by language an address that no page can have, for what such addresses answer."""
    return {code: f"/{code}/-/" for code in languages.BY_CODE}


def routes() -> Iterator[URLPattern]:
    """Yield all public routes that are baked. Raises NoRule for one without a name."""
    for pattern in _below(get_resolver().url_patterns):
        if not pattern.name:
            raise NoRule(f"The route {pattern.pattern} has no name.")
        if pattern.name not in NOT_BAKED:
            yield pattern


def _below(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    """Yield the routes; what is below the staff area's path, or has a namespace, is not public."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        elif not pattern.namespace and not str(pattern.pattern).startswith(settings.ADMIN_PATH):
            yield from _below(pattern.url_patterns)


def _of_route(pattern: URLPattern, known: _Values, language: str) -> Iterator[str]:
    """Yield a route's addresses in one language; one without a language with the first."""
    converters = pattern.pattern.converters
    if pattern.name == "security" and not known.security:
        return
    if pattern.name == "sitemap-language" and language not in known.offered:
        return
    choices = [_values(pattern, type(one).__name__, known, language) for one in converters.values()]
    for values in product(*choices):
        yield reverse(str(pattern.name), kwargs=dict(zip(converters, values, strict=True)))


def _values(pattern: URLPattern, converter: str, known: _Values, language: str) -> Iterable[str]:
    """Return what an argument can be. Raises NoRule for one of another kind."""
    match converter:
        case "LanguageCode":
            return [language]
        case "CountryCode":
            return known.countries
        case "PageKey":
            return known.keys
    raise NoRule(
        f"The route {pattern.name} has an argument ({converter}) without a rule:"
        " say in content/baking/addresses.py which values it has, or why it is not baked."
    )
