"""What static hosts read beside the pages: headers, redirects, and snippets for nginx and Caddy."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings

from campaign import languages
from campaign.releases import Release

OF_THE_HOST = {"Vary"}
"""Headers that the host makes itself for the encoding that it sends."""
EXIT = {"Cache-Control": "no-store"}
OWN_FILES = ("_headers", "_redirects", "nginx.conf", "Caddyfile", "export.json")
"""What is for the host, and not for readers."""
LANGUAGE, COUNTRY = ":language", ":country"
CODES = "|".join(languages.BY_CODE)
WITHOUT_SLASH = f"^/({CODES})((?:/[a-z0-9-]+)*)$"
VARIANT = f"^/({CODES})[-_][A-Za-z0-9_-]+/(.*)$"
MISSING = r"^(/[a-z]+)?/404\.html$"
ERROR_PAGE = "error_page 404 /$1/404.html;"
PRIVATE = f"^/({'|'.join(name.replace('.', '[.]') for name in OWN_FILES)})$"

Headers = Mapping[str, str]


@dataclass(frozen=True)
class Rule:
    """The headers of all addresses of one pattern, such as /:language/embed/:country/."""

    pattern: str
    headers: Headers


def files(release: Release) -> dict[str, str]:
    """Return the texts of the files by name."""
    usual, rules = _rules(release)
    chooser = dict(release.headers[release.chooser])
    leading = {name: chooser[name] for name in usual if name in chooser and name != "Content-Type"}
    return {
        "_headers": _headers(usual, rules),
        "_redirects": _redirects(),
        "nginx.conf": _nginx(usual, leading, rules),
        "Caddyfile": _caddy(usual, leading, rules),
    }


def served(release: Release) -> Callable[[str], dict[str, str]]:
    """Return how to find the type, and how long a copy may be kept, of an exported file."""
    usual, _ = _rules(release)
    of_pages = {page.file: release.headers[page.headers] for page in release.pages.values()}

    def of(name: str) -> dict[str, str]:
        headers = dict(of_pages.get(name, usual.items()))
        return {"type": headers["Content-Type"], "cache": headers.get("Cache-Control", "")}

    return of


def _rules(release: Release) -> tuple[Headers, list[Rule]]:
    """Return the headers of what has no rule, and a rule for each pattern with other ones.

    The first are those of the page for addresses that do not exist: hosts send it with them.
    """
    sets = [
        {name: value for name, value in one if name not in OF_THE_HOST} for one in release.headers
    ]
    usual = sets[release.missing[languages.SOURCE].headers]
    patterns: dict[str, list[str]] = defaultdict(list)
    for path in release.pages:
        patterns[_pattern(path)].append(path)
    rules = []
    for pattern, paths in patterns.items():
        found = [sets[release.pages[path].headers] for path in paths]
        if all(one == found[0] for one in found):
            rules.append(Rule(pattern, found[0]))
        else:
            rules += [Rule(path, one) for path, one in zip(paths, found, strict=True)]
    return usual, [rule for rule in rules if rule.headers != usual]


def _pattern(path: str) -> str:
    """Return an address with its language and its country as placeholders."""
    parts = path.split("/")
    if len(parts) > 1 and parts[1] in languages.BY_CODE:
        parts[1] = LANGUAGE
        parts[3:4] = [COUNTRY if len(part) == len("ie") else part for part in parts[3:4]]
    return "/".join(parts)


def _untyped(headers: Headers) -> dict[str, str]:
    """Return the headers without the type, which hosts know from the file's name."""
    return {name: value for name, value in headers.items() if name != "Content-Type"}


# --- Cloudflare Pages, Netlify ------------------------------------------------------------------


def _headers(usual: Headers, rules: list[Rule]) -> str:
    """Return the file as Cloudflare Pages reads it: later rules add to earlier ones, "!" removes.

    https://developers.cloudflare.com/pages/configuration/headers/
    """
    everywhere = _untyped(usual)
    blocks = [("/*", everywhere)]
    blocks += [(rule.pattern, dict(rule.headers)) for rule in rules]
    blocks += [("/exit/", {**everywhere, **EXIT})]
    lines = []
    for number, (pattern, headers) in enumerate(blocks):
        lines.append(pattern)
        before = everywhere if number else {}
        lines += [f"  ! {name}" for name, value in before.items() if headers.get(name) != value]
        lines += [
            f"  {name}: {value}" for name, value in headers.items() if before.get(name) != value
        ]
    return "\n".join(lines) + "\n"


def _redirects() -> str:
    return "".join(
        f"/{other}/* /{code}/:splat 302\n" for other, code in languages.RELATIVES.items()
    )


# --- nginx --------------------------------------------------------------------------------------


def _nginx(usual: Headers, leading: Headers, rules: list[Rule]) -> str:
    """Return what belongs into a `server` block whose `root` is the export.

    `leading` are the headers of what leads to another address.
    """
    html = _untyped(usual)
    page = ["try_files $uri/index.html $uri =404;"]
    lines = [
        "# The headers, languages and ways of the site. Inside a server block, with `root` set to",
        "# this folder: include /path/to/export/nginx.conf; With nginx's module for Brotli also:",
        "# brotli_static on;",
        "charset utf-8;",
        "gzip_static on;",
        "gzip_vary on;",
        "server_tokens off;",
        "absolute_redirect off;",
        "error_page 404 /404.html;",
        *_location(f"~ {PRIVATE}", html, ["return 404;"]),
        *_location("= /exit/", {**leading, **EXIT}, [f"return 302 {settings.EXIT_URL};"]),
        *_location(f"~ {MISSING}", html, ["internal;"]),
        *_location(f"~ {WITHOUT_SLASH}", leading, ["return 302 /$1$2/;"]),
        *_location(f"~ {VARIANT}", leading, ["return 302 /$1/$2;"]),
    ]
    for other, code in languages.RELATIVES.items():
        lines += _location(f"~ ^/{other}/(.*)$", leading, [f"return 302 /{code}/$1;"])
    for rule in rules:
        kind = rule.headers["Content-Type"]
        typed = ["types { }", f'default_type "{kind}";', "charset off;"]
        own = [] if kind == usual["Content-Type"] else typed
        missing = [ERROR_PAGE] if LANGUAGE in rule.pattern else []
        lines += _location(_match(rule.pattern), _untyped(rule.headers), [*own, *missing, *page])
    lines += [
        *_location(f"~ ^/({CODES})/", html, [ERROR_PAGE, *page]),
        *_location("/", html, page),
    ]
    return "\n".join(lines) + "\n"


def _regex(pattern: str) -> str:
    """Return the expression for the addresses of a pattern."""
    escaped = pattern.replace(".", "[.]")
    return f"^{escaped.replace(LANGUAGE, f'({CODES})').replace(COUNTRY, '[a-z][a-z]')}$"


def _match(pattern: str) -> str:
    """Return a pattern as nginx matches it."""
    return f"~ {_regex(pattern)}" if LANGUAGE in pattern else f"= {pattern}"


def _location(match: str, headers: Headers, lines: list[str]) -> list[str]:
    """Return one location; nginx inherits no header into a place that adds its own."""
    added = [f"    add_header {name} {_quoted(value)} always;" for name, value in headers.items()]
    return [f"location {match} {{", *added, *(f"    {line}" for line in lines), "}"]


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


# --- Caddy --------------------------------------------------------------------------------------


def _caddy(usual: Headers, leading: Headers, rules: list[Rule]) -> str:
    """Return what belongs into a site's block of a Caddyfile, whose `root` is the export."""
    html = {**_untyped(usual), "Content-Type": usual["Content-Type"]}
    other_policy = {name: value for name, value in leading.items() if html[name] != value}
    lines = [
        "# The headers, languages and ways of the site. Inside a site's block of the Caddyfile:",
        "#   root * /path/to/export",
        "#   import /path/to/export/Caddyfile",
        "route {",
        *_caddy_headers("", html),
        "header -Server",
        f"@private path_regexp {PRIVATE}",
        "error @private 404",
        "handle /exit/ {",
        *_caddy_headers("", {**other_policy, **EXIT}),
        f"redir {settings.EXIT_URL} 302",
        "}",
        f"@open path_regexp open {WITHOUT_SLASH}",
        *_caddy_headers("@open ", other_policy),
        "redir @open /{re.open.1}{re.open.2}/ 302",
        f"@variant path_regexp variant {VARIANT}",
        *_caddy_headers("@variant ", other_policy),
        "redir @variant /{re.variant.1}/{re.variant.2} 302",
    ]
    for other, code in languages.RELATIVES.items():
        lines += [
            f"@relative_{other} path_regexp relative_{other} ^/{other}/(.*)$",
            *_caddy_headers(f"@relative_{other} ", other_policy),
            f"redir @relative_{other} /{code}/{{re.relative_{other}.1}} 302",
        ]
    for number, rule in enumerate(rules):
        differing = {name: v for name, v in rule.headers.items() if html.get(name) != v}
        lines += [f"@rule{number} path_regexp {_regex(rule.pattern)}"]
        lines += _caddy_headers(f"@rule{number} ", differing)
        lines += [f"header @rule{number} -{name}" for name in html if name not in rule.headers]
    lines += [
        "file_server {",
        "precompressed br gzip",
        "}",
        "}",
        "handle_errors {",
        *_caddy_headers("", html),
        "header -Server",
        f"@language path_regexp language ^/({CODES})/",
        "rewrite @language /{re.language.1}/404.html",
        f"@none not path_regexp ^/({CODES})/",
        "rewrite @none /404.html",
        "file_server {",
        "precompressed br gzip",
        "status 404",
        "}",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _caddy_headers(matcher: str, headers: Headers) -> list[str]:
    """Return lines that set the headers; the type as one that a file server leaves alone."""
    return [f"header {matcher}{name} {_quoted(value)}" for name, value in headers.items()]
