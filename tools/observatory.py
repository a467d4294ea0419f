"""What Mozilla's HTTP Observatory gives for the headers of a page: points and a grade.

Its rules, algorithm 6, as they apply to a site without cookies whose scripts are its own
(https://github.com/mdn/mdn-http-observatory, src/analyzer and src/grader/charts.js). Everybody
starts with 100; points are added only where at most 10 are taken off. Left out: what depends on
the operator (certificates, HTTP that leads to HTTPS) and the list of preloaded hosts (5 points).
"""

import re
from collections.abc import Mapping

START = 100
MOST = 155
"""What a site without cookies can reach whose script stands inside its pages: 5 points are for the
list of preloaded hosts, and 5 more would be for digests of scripts in files of their own."""
NEEDED_FOR_MORE = 90
SIX_MONTHS = 15_768_000
"""Seconds."""
GRADES = (
    *((100, "A+"), (90, "A"), (85, "A-"), (80, "B+"), (70, "B"), (65, "B-")),
    *((60, "C+"), (50, "C"), (45, "C-"), (40, "D+"), (30, "D"), (25, "D-"), (0, "F")),
)
BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
INLINE = {"'unsafe-inline'", "data:"}
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
UNSAFE = {"origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade"}
SCRIPT = re.compile(r"<script\b[^>]*>", re.IGNORECASE)

Headers = Mapping[str, str]
Policy = dict[str, set[str]]


def score(headers: Headers, html: str = "") -> int:
    """Return the points of a page by its headers, named in small letters, and its scripts."""
    policy = _policy(headers.get("content-security-policy", ""))
    changes = (
        _of_policy(policy),
        _of_cookies(headers),
        _of_sharing(headers),
        _of_referrer(headers),
        _of_https(headers),
        _of_scripts(html),
        0 if headers.get("x-content-type-options", "").strip().lower() == "nosniff" else -5,
        _of_frames(headers, policy),
        _one_of(headers, "cross-origin-resource-policy", {"same-origin", "same-site"}),
        _one_of(headers, "cross-origin-embedder-policy", {"require-corp", "credentialless"}),
        _one_of(
            headers,
            "cross-origin-opener-policy",
            {"same-origin", "same-origin-allow-popups", "noopener-allow-popups"},
        ),
    )
    lost = START + sum(change for change in changes if change < 0)
    return max(0, START + sum(changes) if lost >= NEEDED_FOR_MORE else lost)


def grade(points: int) -> str:
    """Return the grade for these points, "A+" to "F"."""
    return next(name for least, name in GRADES if points >= least)


def _policy(header: str) -> Policy:
    """Return the sources by directive; of a directive that stands there twice the first counts."""
    found: Policy = {}
    for part in header.split(";"):
        name, *sources = part.split() or [""]
        if name:
            found.setdefault(name.lower(), {source.lower() for source in sources})
    return found


def _of_policy(policy: Policy) -> int:
    if not policy:
        return -25
    default = policy.get("default-src", {"*"})
    script, style, object_ = (
        _without_covered(policy.get(f"{kind}-src", default))
        for kind in ("script", "style", "object")
    )
    passive = policy.get("img-src", default) | policy.get("media-src", default)
    active = script.union(*(s for n, s in policy.items() if n not in {"img-src", "media-src"}))
    if script & (BROAD | INLINE) or object_ & BROAD:
        return -20
    if any(source.startswith(("http:", "ftp:")) for source in active):
        return -20
    if "'unsafe-eval'" in script | style:
        return -10
    if any(source.startswith(("http:", "ftp:")) for source in passive):
        return -10
    if style & (BROAD | INLINE):
        return 0
    return 10 if default == {"'none'"} else 5


def _without_covered(sources: set[str]) -> set[str]:
    """Return the sources without 'unsafe-inline' where a hash or a nonce makes browsers skip it."""
    has_hash = any(source.startswith(("'sha", "'nonce-")) for source in sources)
    return sources - {"'unsafe-inline'"} if has_hash else sources


def _of_cookies(headers: Headers) -> int:
    """Return nothing for none; any cookie at all is more than these pages may have."""
    return -20 if "set-cookie" in headers else 0


def _of_sharing(headers: Headers) -> int:
    return -50 if "access-control-allow-credentials" in headers else 0


def _of_referrer(headers: Headers) -> int:
    if "referrer-policy" not in headers:
        return 0
    said = [part.strip().lower() for part in headers["referrer-policy"].split(",")]
    known = [part for part in said if part in PRIVATE | UNSAFE]
    return 5 if known and known[-1] in PRIVATE else -5


def _of_https(headers: Headers) -> int:
    found = re.search(r"max-age=(\d+)", headers.get("strict-transport-security", ""))
    if not found:
        return -20
    return 0 if int(found[1]) >= SIX_MONTHS else -10


def _of_scripts(html: str) -> int:
    """Return 5 for digests; a script of another host is more than these pages may have."""
    tags = [tag for tag in SCRIPT.findall(html) if " src=" in tag]
    if any(re.search(r"""\ssrc=["']?(https?:)?//""", tag) for tag in tags):
        return -50
    return 5 if any(" integrity=" in tag for tag in tags) else 0


def _of_frames(headers: Headers, policy: Policy) -> int:
    if policy.get("frame-ancestors"):
        return 5
    said = headers.get("x-frame-options", "").strip().lower()
    if said.startswith("allow-from"):
        return 0
    return 5 if said in {"deny", "sameorigin"} else -20


def _one_of(headers: Headers, name: str, good: set[str]) -> int:
    said = headers.get(name, "").strip().lower()
    if not said or said in {"cross-origin", "unsafe-none"}:
        return 0
    return 10 if said in good else -5
