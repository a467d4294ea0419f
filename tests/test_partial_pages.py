"""A page with pieces in another language says so; a preview of a young page tells nothing."""

import pytest

from content.publishing import workflow
from tests.factories import approver

pytestmark = pytest.mark.django_db
NOTICE = "Certaines parties de cette page ne sont pas encore dans cette langue."


def test_pieces_in_english_are_announced_and_the_page_is_not_listed(read):
    whole = read("/fr/stop/")
    assert NOTICE not in whole.text
    assert not [meta for meta in whole.all("meta") if meta.get("name") == "robots"]
    workflow.withdraw(workflow.live("situation", "i-paid", "fr"), approver(), "to be rewritten")
    partial = read("/fr/stop/")
    assert NOTICE in partial.text
    robots = [meta["content"] for meta in partial.all("meta") if meta.get("name") == "robots"]
    assert robots == ["noindex"]


@pytest.mark.parametrize("path", ["/en/", "/en/understand/", "/en/stop/", "/en/friend/"])
def test_the_preview_of_a_page_for_young_people_is_neutral(read, path):
    metas = [meta for meta in read(path).all("meta") if meta.get("name") == "description"]
    assert [m["content"] for m in metas] == [
        "Information and help, step by step, in many languages."
    ]
