"""Rules of STYLE.md and DESIGN.md that a machine can hold."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from content import pages

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(
    path for path in (ROOT / "templates").rglob("*.html") if "admin" not in path.parts
)
PARTS = [path for path in TEMPLATES if path.parent.name == "parts"]
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
GUARD = ROOT / "static" / "css" / "guard.css"
"""What browsers without layers get: the only rules outside layers, and in words that they know."""
PUBLIC_CODE = [
    path
    for folder in ("campaign", "content")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]

NEWER_THAN_2019 = (
    r"\?\.[a-zA-Z_(\[]|\?\?|(?:\|\||&&)=|catch \{|/[^/]*\\p\{[^/]*/[a-z]*u"
    r"|\.(?:replaceChildren|replaceAll|at|flat|flatMap|fromEntries|matchAll|allSettled)\("
)
FORBIDDEN_IN_TEMPLATES = {
    "marks text as safe": r"\|\s*safe\b|\{%\s*autoescape\s+off",
    "has a style attribute": r"\sstyle\s*=",
    "has an event handler": r"\son[a-z]+\s*=",
    "has a script of its own": r"<script\b(?![^>]*\bsrc=)",
    "writes an address instead of asking for it": r"""(?:href|src|action)="(?:/|https?:)""",
    "compares with a language": r"""(?:code|language|LANGUAGE_CODE)\s*[!=]=\s*["']""",
    "asks the database": r"\.objects\b|_set\.all",
    "has a blocktranslate that is not trimmed": (
        r"\{%\s*blocktrans(?:late)?\s(?![^%]*\btrimmed\b)[^%]*%\}"
    ),
}
FORBIDDEN_IN_STYLES = {
    "a physical margin, padding or border": (
        r"\b(?:margin|padding|border)-(?:left|right|top|bottom)\b|\bborder-(?:top|bottom)-(?:left|right)"
    ),
    "a physical place": r"(?<![\w-])(?:left|right|top|bottom)\s*:",
    "a physical size": r"(?<![\w-])(?:min-|max-)?(?:width|height)\s*:",
    "text towards a side": r"text-align\s*:\s*(?:left|right)|(?:float|clear)\s*:\s*(?:left|right)",
    "something to load": r"url\(|@import|@font-face",
}


def name(path):
    return str(path.relative_to(ROOT))


def code_of(path):
    """A style without its comments."""
    return re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)


def test_there_are_templates_parts_and_styles_to_look_at():
    assert len(TEMPLATES) > 20
    assert len(PARTS) > 15
    assert len(STYLES) > 4


@pytest.mark.parametrize("rule", FORBIDDEN_IN_TEMPLATES)
@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_a_template_keeps_the_rules(template, rule):
    found = re.search(FORBIDDEN_IN_TEMPLATES[rule], template.read_text("utf-8"))
    assert not found, f"{name(template)} {rule}: {found[0]}"


@pytest.mark.parametrize(
    ("rule", "sample"),
    [
        ("marks text as safe", "{{ text|safe }}"),
        ("has a style attribute", '<p style="color:red">'),
        ("has an event handler", '<a onclick="x()">'),
        ("has a script of its own", "<script>x()</script>"),
        ("writes an address instead of asking for it", '<a href="/en/stop/">'),
        ("compares with a language", '{% if frame.code == "ar" %}'),
        ("asks the database", "{{ page.section_set.all }}"),
        ("has a blocktranslate that is not trimmed", "{% blocktranslate with a=b %}"),
    ],
)
def test_the_rule_sees_what_it_forbids(rule, sample):
    assert re.search(FORBIDDEN_IN_TEMPLATES[rule], sample)


@pytest.mark.parametrize("part", PARTS, ids=name)
def test_a_part_names_its_inputs_in_its_first_line(part):
    first = part.read_text("utf-8").splitlines()[0]
    assert re.match(r"\{% comment %\}(?:Inputs: |No inputs)", first), first
    assert first.endswith("{% endcomment %}")


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_a_part_is_included_with_only_what_it_names(template):
    source = template.read_text("utf-8")
    for tag in re.findall(r"\{% include ([^%]+)%\}", source):
        takes_nothing = re.fullmatch(r'"parts/\w+\.html"\s*', tag)
        assert takes_nothing or tag.rstrip().endswith(" only"), tag


def test_the_base_has_8_blocks_at_most():
    base = (ROOT / "templates" / "base.html").read_text("utf-8")
    assert 0 < len(re.findall(r"\{% block ", base)) <= 8


def test_text_is_marked_as_safe_in_two_places_only():
    allowed = {"content/richtext.py", "content/templatetags/public.py"}
    found = {
        name(path)
        for path in PUBLIC_CODE
        if re.search(r"(?:mark_safe|SafeString)\(|\b__html__\b", path.read_text("utf-8"))
    }
    assert found == allowed


@pytest.mark.parametrize("rule", FORBIDDEN_IN_STYLES)
@pytest.mark.parametrize("style", STYLES, ids=name)
def test_a_style_works_in_both_directions_and_loads_nothing(style, rule):
    if style == GUARD and rule != "something to load":
        return
    found = re.findall(FORBIDDEN_IN_STYLES[rule], code_of(style))
    assert found == [], f"{name(style)} has {rule}"


@pytest.mark.parametrize(
    ("rule", "sample"),
    [
        ("a physical margin, padding or border", "margin-left: 1px"),
        ("a physical place", "{ left: 0 }"),
        ("a physical size", "; max-width: 3em"),
        ("text towards a side", "text-align: right"),
        ("something to load", "background: url(x.png)"),
    ],
)
def test_the_rule_for_styles_sees_what_it_forbids(rule, sample):
    assert re.search(FORBIDDEN_IN_STYLES[rule], sample)


@pytest.mark.parametrize("file", SCRIPTS, ids=name)
def test_a_script_is_read_by_browsers_of_2019(file):
    """One word that a browser does not know, and none of the page's script runs."""
    found = re.search(NEWER_THAN_2019, file.read_text("utf-8"))
    assert not found, found[0]


@pytest.mark.parametrize(
    "sample",
    ["a?.b", "a ?? b", "a ||= b", "x.replaceChildren(", "a.at(-1)", "catch {", "/\\p{L}/u"],
)
def test_the_rule_for_scripts_sees_what_is_newer(sample):
    assert re.search(NEWER_THAN_2019, sample)


def test_what_stands_inside_a_page_cannot_end_its_element():
    for style in STYLES:
        assert "</" not in code_of(style)
    for script in SCRIPTS:
        assert "</" not in script.read_text("utf-8")


@pytest.mark.parametrize("file", SCRIPTS, ids=name)
def test_a_comment_of_a_script_stands_on_a_line_of_its_own(file):
    """Such lines are left out of pages; within a template of several lines that would be wrong."""
    source = file.read_text("utf-8")
    code = [line for line in source.splitlines() if not line.lstrip().startswith("//")]
    assert not [line for line in code if re.search(r"(?<!:)//|/\*", line)]
    assert all(line.count("`") % 2 == 0 for line in code)


@pytest.mark.parametrize("file", SCRIPTS, ids=name)
def test_a_script_stores_nothing_and_sends_nothing(file):
    script = file.read_text("utf-8")
    for word in ("Storage", "cookie", "indexedDB", "caches", "fetch(", "XMLHttp", "sendBeacon"):
        assert word not in script
    for word in ("eval(", "innerHTML", "document.write", "import("):
        assert word not in script


@pytest.mark.parametrize("file", PUBLIC_CODE + sorted((ROOT / "tests").glob("*.py")), ids=name)
def test_a_file_has_400_lines_at_most(file):
    assert len(file.read_text("utf-8").splitlines()) <= 400


@pytest.mark.parametrize(
    "name", sorted({*pages.PAGE_ICONS.values(), *pages.SECTION_ICONS.values()})
)
def test_every_sign_is_drawn_and_hidden_from_who_cannot_see_it(name):
    drawn = render_to_string("parts/icon.html", {"name": name})
    assert "<path d=" in drawn
    assert 'aria-hidden="true"' in drawn


@pytest.mark.parametrize("file", STYLES, ids=name)
def test_the_brackets_of_a_style_are_closed(file):
    style = file.read_text("utf-8")
    assert style.count("{") == style.count("}")


def outermost(style):
    """What stands before each outermost bracket of a style."""
    depth, start, found = 0, 0, []
    for at, letter in enumerate(style):
        if letter == "{":
            if depth == 0:
                found.append(" ".join(style[start:at].split()))
            depth += 1
        elif letter == "}":
            depth -= 1
            start = at + 1
    return found


# Layers lose against what stands outside of them, and browsers without layers read nothing else.
@pytest.mark.parametrize("file", STYLES, ids=name)
def test_all_rules_are_in_a_layer_but_those_for_browsers_without_layers(file):
    rules = outermost(code_of(file))
    if file == GUARD:
        assert rules == ["@supports not ((accent-color: auto) and (text-emphasis: none))"]
    else:
        assert [rule for rule in rules if not re.match(r"@layer \w+$|@page$", rule)] == []


def test_what_browsers_without_layers_get_is_small():
    assert len(re.sub(r"\s+", "", code_of(GUARD))) < 1024


@pytest.mark.parametrize(
    "style", ["h1 { color: red }", "@layer a { h1 { color: red } } @media print { h1 { top: 0 } }"]
)
def test_the_rule_for_layers_sees_what_stands_outside(style):
    assert [rule for rule in outermost(style) if not rule.startswith("@layer")]


# Safari takes the role of a list without a sign away.
@pytest.mark.parametrize("file", STYLES, ids=name)
def test_a_list_without_signs_stays_a_list(file):
    rules = re.findall(r"([^{};]*)\{[^{}]*list-style(?:-type)?:\s*none", code_of(file))
    assert [rule for rule in rules if rule.strip() != ".languages__open"] == []


# Without style a drawing is as wide as the window, and black.
@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_a_drawing_has_a_size_and_a_colour_without_style_too(template):
    for drawing in re.findall(r"<svg[^>]*>", template.read_text("utf-8")):
        assert re.search(r' width="\d+" height="\d+"', drawing), drawing
        assert 'class="qr"' in drawing or '="currentColor"' in drawing, drawing


# HTML: the attribute is for what is typed or chosen from a list.
@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_a_box_to_tick_has_no_word_about_completing_it(template):
    for field in re.findall(r"<input[^>]*>", template.read_text("utf-8")):
        assert not ('"checkbox"' in field and "autocomplete" in field), field
