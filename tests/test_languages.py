"""The one list of languages, and how the one is chosen that a browser asks for."""

import timeit

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from campaign import catalogues, languages

EU = "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv".split()
OTHERS = "nb is lb uk ru tr sq sr bs mk ar ka".split()
ALL = tuple(languages.BY_CODE)


def test_there_are_36_languages_with_every_official_one_of_the_eu():
    assert set(ALL) == {*EU, *OTHERS}
    assert len(languages.ALL) == 36


def test_only_arabic_is_written_from_right_to_left():
    assert [code for code in ALL if languages.direction(code) == "rtl"] == ["ar"]
    assert languages.direction("xx") == "ltr"


@pytest.mark.parametrize("code", ALL)
def test_every_language_can_be_activated(code):
    """Maltese is in no release of Django and has to be made known."""
    with translation.override(code):
        assert translation.get_language() == code
        assert translation.get_language_bidi() == (languages.direction(code) == "rtl")


@pytest.mark.parametrize("code", ALL)
def test_every_language_has_its_catalogue_compiled_from_the_newest_text(code):
    source, compiled = catalogues.po_path(code), catalogues.mo_path(code)
    assert compiled.exists(), "Run: make catalogues"
    assert compiled.stat().st_mtime >= source.stat().st_mtime, "Run: make catalogues"


def test_every_language_is_called_by_its_own_name():
    names = [language.name for language in languages.ALL]
    assert len(set(names)) == 36
    assert languages.get("ga").name == "Gaeilge"


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "en"),
        ("EN", "en"),
        ("pt-BR", "pt"),
        ("pt_BR", "pt"),
        ("de-AT-1996", "de"),
        ("no", "nb"),
        ("nn-NO", "nb"),
        ("sr-Latn-RS", "sr"),
        ("sh", "sr"),
        ("cnr", "sr"),
        ("mo", "ro"),
        ("mt", "mt"),
        ("zh-TW", None),
        ("english", None),
        ("", None),
        ("-", None),
        ("*", None),
    ],
)
def test_a_tag_finds_the_nearest_language(tag, code):
    assert languages.nearest(tag) == code


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("fr", "fr"),
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr"),
        ("de;q=0.5, ar;q=0.9", "ar"),
        ("de;q=0.5, ar;q=0.5", "de"),
        ("ja, zh;q=0.9, ar;q=0.1", "ar"),
        ("ar;q=0, fr;q=0.1", "fr"),
        ("no", "nb"),
        ("", "en"),
        ("*", "en"),
        ("ja", "en"),
        ("ar;q=2", "en"),
        ("ar;q=-1", "en"),
        ("ar;q=nan", "en"),
        ("ar;q=inf", "en"),
        ("ar;q=", "en"),
        ("ar;level=1", "en"),
        (";;;,,,", "en"),
        ("fr\0", "en"),
        ("x" * 100_000, "en"),
        ("ja," * 60 + "ar", "en"),
    ],
)
def test_a_header_gives_the_language_that_the_browser_prefers(header, code):
    assert languages.preferred(header, ALL) == code


def test_a_language_that_is_not_offered_is_not_chosen():
    assert languages.preferred("ar, fr;q=0.5", ("en", "fr")) == "fr"
    assert languages.preferred("ar", ("en", "fr")) == "en"


TAGS = st.sampled_from([*ALL, "pt-BR", "no", "zh", "*", "", "x" * 50])
QUALITIES = st.one_of(
    st.just(""),
    st.floats().map(lambda q: f";q={q}"),
    st.text(max_size=8).map(lambda q: f";q={q}"),
    st.text(max_size=8).map(lambda q: f";{q}"),
)
HEADERS = st.lists(st.tuples(TAGS, QUALITIES).map("".join), max_size=60).map(",".join)


@given(header=st.one_of(st.text(), HEADERS), offered=st.lists(st.sampled_from(ALL), unique=True))
def test_whatever_the_header_says_the_answer_is_a_language_of_ours(header, offered):
    assert languages.preferred(header, tuple(offered)) in {*offered, "en"}


@given(tag=st.text())
def test_whatever_the_tag_says_the_answer_is_ours_or_none(tag):
    assert languages.nearest(tag) in {*ALL, None}


def test_languages_are_grouped_by_the_script_that_they_are_written_in():
    groups = languages.by_script(languages.BY_CODE)
    scripts = [{language.script for language in group} for group in groups]
    assert scripts[0] == {"LATIN"}
    assert sorted(name for script in scripts for name in script) == [
        *("ARABIC", "CYRILLIC", "GEORGIAN", "GREEK", "LATIN")
    ]
    assert all(len(script) == 1 for script in scripts)
    assert sorted(language.code for group in groups for language in group) == sorted(
        languages.BY_CODE
    )


def test_a_language_stands_where_its_name_looks_like_it_belongs():
    latin = [language.code for language in languages.by_script(["sv", "cs", "is", "da", "et"])[0]]
    assert latin == ["cs", "da", "et", "is", "sv"]


def test_a_reader_of_one_script_alone_gets_one_group():
    assert languages.by_script(["ar"]) == [[languages.get("ar")]]


@pytest.mark.parametrize("letters", ["-", "_", "a-", "en-", "a"])
def test_a_long_tag_costs_no_more_than_a_short_one(letters):
    """Whoever asks chooses the address: ten times its length may not take ten times as long."""

    def seconds(tag):
        return min(timeit.repeat(lambda: languages.nearest(tag), number=200, repeat=7))

    assert seconds(letters * 4000) < 5 * seconds(letters * 40)
