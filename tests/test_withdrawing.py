"""Withdrawing: of a translation the source stays; without its source nothing is left anywhere."""

import pytest

from content.models import Revision, Role
from content.publishing import workflow
from content.publishing.workflow import State
from tests import factories
from tests.admin_support import Desk, address

pytestmark = pytest.mark.django_db


@pytest.fixture
def lighthouse():
    """A page that is live in English, French and German."""
    item = factories.page()
    factories.publish(item)
    for language in ("fr", "de"):
        factories.translate(item, language, f"({language}) The lighthouse")
        factories.publish(item, language)
    return item


@pytest.fixture
def anna() -> Desk:
    return Desk(factories.approver())


def live(language="en"):
    revision = workflow.live("page", "lighthouse", language)
    assert revision is not None
    return revision


def test_a_page_without_its_source_is_a_helpful_404_in_every_language(lighthouse, anna, reader):
    workflow.withdraw(live(), anna.user, "It is closed.")
    for language in ("en", "fr", "de", "ga"):
        answer = reader.get(f"/{language}/lighthouse/")
        assert answer.status_code == 404
        assert "112" in answer.content.decode()
        assert 'rel="canonical"' not in answer.content.decode()


def test_its_translations_come_back_with_the_next_source_text(lighthouse, anna, read):
    workflow.withdraw(live(), anna.user, "It is closed.")
    assert workflow.states("page", "lighthouse")["fr"] == State.OUTDATED
    factories.publish(lighthouse)
    assert read("/fr/lighthouse/").title == "(fr) The lighthouse"


def test_withdrawing_the_source_offers_to_take_all_translations(lighthouse, anna, reader):
    page = anna.see(address("change", live()))
    assert "Withdraw it in every language: Deutsch, Français" in page.text
    assert "checked" in page.one("input", name="everywhere").attributes
    sources = live(), live("fr"), live("de")
    told = anna.post(address("withdraw", live()), reason="It is closed.", everywhere="1")
    assert "Withdrawn as well: Deutsch, Français." in told.content.decode()
    for revision in sources:
        revision.refresh_from_db()
        assert (revision.is_live, revision.withdrawn_by) == (False, anna.user)
        assert revision.withdrawn_because == "It is closed."
    assert workflow.states("page", "lighthouse")["fr"] == State.MISSING
    factories.publish(lighthouse)
    assert "The lighthouse" in reader.get("/fr/lighthouse/").content.decode()


def test_without_the_tick_translations_stay_approved_and_that_is_said(lighthouse, anna):
    told = anna.post(address("withdraw", live()), reason="It is closed.").content.decode()
    assert "Nor its translations, which stay approved: Deutsch, Français." in told
    assert Revision.objects.of("page", "lighthouse", "fr").live().exists()


def test_a_translation_offers_no_other_language_and_takes_none(lighthouse, anna, read):
    assert "everywhere" not in anna.see(address("change", live("fr"))).source
    anna.post(address("withdraw", live("fr")), reason="It is wrong.", everywhere="1")
    assert read("/de/lighthouse/").title == "(de) The lighthouse"
    assert read("/fr/lighthouse/").title == "The lighthouse"


def test_who_approves_english_only_takes_no_translation(lighthouse):
    eric = Desk(factories.staff("Eric", Role.APPROVER, languages=["en"]))
    page = eric.see(address("change", live()))
    assert page.all("input", name="everywhere") == []
    assert "come back with it: Deutsch, Français." in page.text
    path = address("withdraw", live())
    assert eric.client.post(path, {"reason": "x", "everywhere": "1"}).status_code == 403
    assert live().is_live


def test_words_to_say_that_are_withdrawn_in_the_source_are_said_in_no_language(anna, read):
    phrases = Revision.objects.live().filter(kind="phrase", language="en").order_by("position")
    phrase = next(one for one in phrases if one.content["listener"] == "parent")
    german = workflow.live("phrase", phrase.key, "de")
    assert german.content["words"] in read("/de/report/de/").main.text
    workflow.withdraw(phrase, anna.user, "Nobody says it like this.")
    assert german.content["words"] not in read("/de/report/de/").main.text
