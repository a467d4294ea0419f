"""Which addresses Django has a route for, apart from the pages below a language."""

from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver


def known() -> Callable[[str], bool]:
    """Return whether Django may have something at an address below no language.

    Routes that begin with a variable are left out: they catch what nobody has asked for.
    """
    found = {settings.STATIC_URL: True} | dict(_literal(get_resolver().url_patterns))
    exact = frozenset(address for address, has_more in found.items() if not has_more)
    starts = tuple(address for address, has_more in found.items() if has_more)
    # The last slash may be missing: Django adds it.
    return lambda path: path in exact or f"{path}/" in exact or f"{path}/".startswith(starts)


def _literal(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[tuple[str, bool]]:
    """Yield the fixed beginning of each route, and whether anything can follow."""
    for pattern in patterns:
        literal, variable, _ = str(pattern.pattern).partition("<")
        if isinstance(pattern, URLResolver) and not literal:
            yield from _literal(pattern.url_patterns)
        elif literal:
            yield f"/{literal}", bool(variable) or isinstance(pattern, URLResolver)
