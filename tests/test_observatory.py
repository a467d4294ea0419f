"""tools/observatory.py counts as Mozilla's Observatory does (algorithm 6, charts.js)."""

import pytest

from tools import observatory

BEST = {
    "content-security-policy": "default-src 'none'; style-src 'sha256-x'; frame-ancestors 'none'",
    "strict-transport-security": "max-age=63072000",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
}
PAGE = '<script src="/a.js" integrity="sha384-x" defer></script>'
CSP = "content-security-policy"


def test_a_page_like_ours_gets_all_but_the_points_for_preloaded_hosts():
    assert observatory.score(BEST, "<script>a()</script>") == observatory.MOST - 5 == 150


@pytest.mark.parametrize(
    ("name", "value", "points"),
    [
        (CSP, None, 75),  # below 90 nothing is added
        (CSP, "default-src 'self'; frame-ancestors 'none'", 150),
        (CSP, "default-src 'none'; script-src 'unsafe-inline'", 80),
        (CSP, "default-src 'none'; script-src https:", 80),
        (CSP, "default-src 'none'; script-src 'self' 'unsafe-eval'", 145 - 10),
        (CSP, "default-src 'none'; style-src 'unsafe-inline'", 145),
        (CSP, "default-src 'none'; style-src 'unsafe-inline' 'sha256-x'", 155),
        (CSP, "default-src 'none'; img-src http://a.example", 145 - 10),
        (CSP, "script-src 'self'", 80),
        ("strict-transport-security", None, 80),
        ("strict-transport-security", "max-age=1000", 145),
        ("referrer-policy", None, 150),
        ("referrer-policy", "unsafe-url", 145),
        ("referrer-policy", "unsafe-url, no-referrer", 155),
        ("x-content-type-options", None, 150),
        ("x-frame-options", None, 155),  # the policy says it
        ("cross-origin-resource-policy", "cross-origin", 145),
        ("cross-origin-opener-policy", None, 145),
        ("cross-origin-embedder-policy", "nonsense", 140),
        ("set-cookie", "a=1", 80),
        ("access-control-allow-credentials", "true", 50),
    ],
)
def test_each_header_has_its_points(name, value, points):
    headers = {n: v for n, v in {**BEST, name: value}.items() if v is not None}
    assert observatory.score(headers, PAGE) == points


@pytest.mark.parametrize(
    ("page", "points"),
    [
        ("", 150),
        ('<script src="/a.js"></script>', 150),
        ('<script src="https://cdn.example/a.js"></script>', 50),
    ],
)
def test_scripts_have_theirs(page, points):
    assert observatory.score(BEST, page) == points


def test_without_any_header_it_is_an_f():
    assert observatory.score({}) == 100 - 25 - 20 - 5 - 20
    assert observatory.grade(observatory.score({})) == "D"


@pytest.mark.parametrize(
    ("points", "grade"), [(155, "A+"), (100, "A+"), (95, "A"), (89, "A-"), (0, "F")]
)
def test_points_have_a_grade(points, grade):
    assert observatory.grade(points) == grade
