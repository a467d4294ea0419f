"""In which order changed pages are baked, without baking any."""

import pytest

from content.baking import order
from content.baking.order import LATER, NEXT, Order, Stage
from content.publishing.frozen import INDEX

OWN = {"de": {"de"}, "be": {"nl", "fr", "de"}, "ie": {"en", "ga"}}
OFFERED = ("en", "fr", "ar")
LANGUAGES = ("ar", "de", "en", "fr", "ga", "nl")
OF_A_COUNTRY = ("report/{}/", "report/{}/adults/", "embed/{}/", "poster/{}/", "poster/{}/staff/")


def site():
    """The pages of three countries and some others in six languages, with what each has read."""
    marks = {}
    for language in LANGUAGES:
        for code in OWN:
            read = {INDEX, f"country:{code.upper()}@zxx", f"country:{code.upper()}@{language}"}
            for path in OF_A_COUNTRY:
                marks[f"/{language}/{path.format(code)}"] = {*read, "country:WW@zxx"}
        marks[f"/{language}/now/"] = {INDEX, "country:*@zxx"}
        marks[f"/{language}/stop/"] = {INDEX, f"page:stop@{language}"}
    return marks


def the_order(*different, marks=None, before=None):
    marks = site() if marks is None else marks
    return Order(different, marks, marks if before is None else before, OFFERED, OWN)


def first(*different, marks=None):
    found = the_order(*different, marks=marks)
    changed = [
        path for path, read in found.marks.items() if not read.isdisjoint({*different, LATER})
    ]
    return found.first(changed)


def pages(code, *languages):
    return {f"/{language}/{path.format(code)}" for language in languages for path in OF_A_COUNTRY}


GERMANY = ("country:DE@zxx", "country:*@zxx")
BELGIUM = ("country:BE@zxx", "country:*@zxx")


@pytest.mark.parametrize(
    ("different", "expected"),
    [
        (GERMANY, pages("de", "en", "de")),
        (BELGIUM, pages("be", "en", "nl", "fr", "de")),
        (GERMANY + BELGIUM, pages("de", "en", "de") | pages("be", "en", "nl", "fr", "de")),
        (("country:IE@zxx", "country:*@zxx"), pages("ie", "en", "ga")),
        (("country:DE@fr", "country:*@fr"), pages("de", "fr")),
    ],
    ids=["Germany", "Belgium", "both", "Ireland", "a remark in French"],
)
def test_a_country_is_first_baked_in_its_own_languages_and_english_and_nothing_else(
    different, expected
):
    assert set(first(*different)) == expected


def test_what_was_left_before_and_a_new_menu_wait_for_it():
    marks = {path: {*read, LATER} for path, read in site().items()}
    assert set(first(*GERMANY, LATER, INDEX, marks=marks)) == pages("de", "en", "de")


def test_its_other_languages_are_next_and_those_that_are_offered_first():
    marks = site()
    left = pages("de", *LANGUAGES) - pages("de", "en", "de")
    for path in left:
        marks[path] |= {LATER, NEXT}
    for language in LANGUAGES:
        marks[f"/{language}/now/"].add(LATER)
    found = first(LATER, marks=marks)
    assert set(found) == left
    of_pages = [path.split("/")[1] for path in found if path.endswith("/report/de/")]
    assert set(of_pages[:2]) == {"fr", "ar"}


def test_services_of_the_whole_world_begin_with_each_countrys_own_languages():
    expected = set().union(*(pages(code, "en", *own) for code, own in OWN.items()))
    assert set(first("country:WW@zxx")) == expected


def test_pages_that_are_not_there_yet_are_baked_with_the_first():
    marks = site()
    before = set(marks) - pages("ie", *LANGUAGES)
    found = the_order(*GERMANY, before=before).first(list(marks))
    assert set(found) == pages("ie", *LANGUAGES) | pages("de", "en", "de")


def test_other_approvals_begin_with_a_few_and_go_on_with_many(monkeypatch):
    monkeypatch.setattr(order, "SOON", 2)
    monkeypatch.setattr(order, "CHUNK", 5)
    stop = [f"/{language}/stop/" for language in LANGUAGES]
    found = the_order("page:stop@ar", "page:stop@en", "page:*@en", INDEX).first(list(site()))
    assert set(found) == {"/ar/stop/", "/en/stop/"}
    marks = {path: {*read, LATER} for path, read in site().items()}
    assert len(the_order(LATER, marks=marks).first(stop)) == 5
    assert the_order(LATER, marks=marks).stage("/en/stop/") == Stage.LEFT
