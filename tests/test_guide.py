"""The guide: what happened, the steps joined without contradiction, and people to talk to."""

import re
from itertools import combinations

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import CaptureQueriesContext

from content.checks import check_directory, check_guide
from content.models import GuideStep, Situation
from content.publishing import live, steps, workflow
from content.publishing.live import Kind, Wanted
from tests.factories import approver, publish, waiting

pytestmark = pytest.mark.django_db

BRANCHES = [
    "hurting-myself",
    "they-ask-for-pictures",
    "they-ask-for-money",
    "i-sent-more",
    "i-paid",
    "they-came-back",
    "already-posted",
    "it-is-fake",
    "i-know-them",
    "someone-else",
    "over-18",
]


@pytest.fixture
def table():
    """The branches with their steps, and all steps in order, as they are live."""
    found = live.texts("en", Wanted(kinds=[Kind.SITUATION, Kind.GUIDE_STEP]))
    known = {key: text.content for key, text in found[Kind.GUIDE_STEP].items()}
    chosen = {
        key: text.content
        for key, text in found[Kind.SITUATION].items()
        if text.content["place"] in steps.GUIDE_PLACES
    }
    return chosen, known


def joined(table, *keys):
    situations, known = table
    return steps.joined([situations[key]["steps"] for key in keys], known)


# --- The page ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_all_branches_are_readable_under_headings_without_a_script(site, language):
    page = site.page(f"/{language}/now/")
    sections = [s for s in page.main.all("section") if "branch" in s.classes]
    assert [section["id"] for section in sections] == BRANCHES
    for section in sections:
        assert section.one("h3").text
        assert section.one("ol").all("li")
    assert "hidden" in page.main.one("fieldset").attributes, "only the script can use it"


def test_the_clock_is_slowed_before_anything_is_asked(site):
    text = site.page("/en/now/").main.text
    assert text.index("Nothing must be decided") < text.index("What is happening?")


def test_thoughts_of_hurting_oneself_stand_first(site):
    boxes = site.page("/en/now/").main.one("fieldset").all("input")
    assert [box["value"] for box in boxes] == BRANCHES
    assert not [box for box in boxes if "name" in box.attributes], "nothing can be sent"


def test_it_ends_with_people_to_talk_to_in_every_country(site):
    page = site.page("/en/now/")
    places = [item for item in page.main.all("li") if item.get("data-country")]
    assert len(places) == 45
    for place in places:
        code = place["data-country"]
        assert f"/en/report/{code.lower()}/" in place.links, code
        ways = [link for link in place.links if link.startswith(("tel:", "sms:", "https://"))]
        assert ways, f"{code} has nobody to talk to"


def test_a_situation_for_the_guide_alone_is_not_on_the_page_stop(site):
    page = site.page("/en/stop/")
    shown = {e["id"] for e in page.all("details") if "situation" in e.classes}
    assert "i-paid" in shown
    assert not shown & {"hurting-myself", "they-ask-for-money", "someone-else"}


def test_a_step_of_staff_is_shown_once_it_is_approved(read):
    step = GuideStep.objects.get(key="breathe")
    step.title_en = "Drink a glass of water."
    step.save()
    assert "glass of water" not in read("/en/now/").main.text
    publish(step)
    assert "Drink a glass of water." in read("/en/now/").main.text


# --- The rule table ---------------------------------------------------------------------------


def test_no_two_branches_contradict_each_other(table):
    situations, known = table
    assert sorted(situations) == sorted(BRANCHES)
    assert steps.contradictions(situations, known) == []


def test_no_choice_at_all_contradicts_itself(table):
    """All 2,047 of them, though pairs are enough (publishing/steps.py says why)."""
    _, known = table
    for size in range(1, len(BRANCHES) + 1):
        for keys in combinations(BRANCHES, size):
            shown = joined(table, *keys)
            assert shown, keys
            for key in shown:
                assert not set(known[key]["contradicts"]) & set(shown), (keys, key)


def test_the_rule_table_names_steps_that_exist(table):
    _, known = table
    pairs = [(key, other) for key, step in known.items() for other in step["contradicts"]]
    assert len(pairs) > 15
    named = {key for step in known.values() for key in (*step["replaces"], *step["contradicts"])}
    assert named <= set(known)


def test_a_planted_contradiction_is_found(table):
    situations, known = table
    planted = known | {"plan-first": known["plan-first"] | {"replaces": []}}
    found = steps.contradictions(situations, planted)
    assert ("i-paid", "i-know-them", "plan-first", "block") in found


def test_any_two_branches_give_a_short_list(table):
    for pair in combinations(BRANCHES, 2):
        assert 4 <= len(joined(table, *pair)) <= 14, pair


def test_hurting_oneself_comes_first_whatever_else_is_chosen(table):
    for other in BRANCHES[1:]:
        assert joined(table, "hurting-myself", other)[0] == "talk-first"


def test_who_knows_the_person_makes_a_plan_before_blocking(table):
    shown = joined(table, "they-came-back", "i-know-them")
    assert "plan-first" in shown
    assert not {"block", "block-again"} & set(shown)


def test_an_adult_is_not_told_to_say_that_they_are_under_18(table):
    shown = joined(table, "already-posted", "it-is-fake", "over-18")
    assert "report-adult" in shown
    assert not {"report-app", "report-posted", "report-fake", "take-it-down"} & set(shown)


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ([], "name at least one"),
        (["no-such-step"], "no live step no-such-step"),
        (["block", "plan-b"], "no live step plan-b"),
    ],
)
def test_a_situation_with_steps_that_nobody_can_see_is_refused(named, message):
    item = Situation.objects.get(key="i-paid")
    item.steps = named
    item.save()
    with pytest.raises(workflow.Refused, match=message):
        workflow.approve(waiting(item), approver())


def test_a_situation_that_would_contradict_another_is_refused():
    step = GuideStep.objects.get(key="plan-first")
    step.replaces = []
    step.save()
    publish(step)
    assert [w.id for w in check_guide(databases=["default"])].count("content.W004") >= 1
    item = Situation.objects.get(key="i-know-them")
    item.lead_en = "It is wrong, and you can get help."
    item.save()
    with pytest.raises(workflow.Refused, match=r"plan-first contradicts block"):
        workflow.approve(waiting(item), approver())


def test_the_shipped_guide_passes_the_check():
    assert check_guide(databases=["default"]) == []


@pytest.mark.parametrize("check", [check_guide, check_directory])
def test_a_check_of_data_waits_until_every_column_is_there(check):
    """`migrate` runs all checks first: one that reads a column of tomorrow would stop it."""
    MigrationRecorder.Migration.objects.filter(app="content").latest("pk").delete()
    with CaptureQueriesContext(connection) as queries:
        assert check(databases=["default"]) == []
    assert not [query["sql"] for query in queries if "content_" in query["sql"]]


def test_steps_have_no_script_of_an_offender_and_no_promise(table):
    _, known = table
    words = " ".join(f"{step['title']} {step['note']}" for step in known.values())
    assert not re.search(r"\b(will be deleted|never post|guarantee|suicide|should have)\b", words)
