"""What all languages share goes live with the source, never through a translation."""

import pytest

from content.models import Scenario, Section
from content.publishing import workflow
from tests.factories import draft, page, publish, section, translate

pytestmark = pytest.mark.django_db


def test_a_verdict_that_nobody_approved_does_not_go_live_in_a_translation():
    item = Scenario.objects.create(
        key="lamp",
        verdict="not-okay",
        situation_en="Somebody wants the lamp.",
        answer_en="No.",
        reason_en="<p>It is yours.</p>",
        situation_fr="On veut la lampe.",
        answer_fr="Non.",
        reason_fr="<p>Elle est à toi.</p>",
    )
    publish(item)
    item.verdict = "okay"
    item.save()
    draft(item)
    assert publish(item, "fr").content["verdict"] == "not-okay"


def test_a_section_that_nobody_approved_is_not_asked_of_a_translation():
    item = page()
    publish(item)
    section(item, key="new", heading_en="Not approved yet")
    Section.objects.filter(page=item, key="light").update(layout="callout")
    draft(item)
    translate(item, "fr")
    sections = publish(item, "fr").content["sections"]
    assert [(part["key"], part["layout"]) for part in sections] == [("light", "text")]
    assert workflow.live("page", item.key, "fr")
