"""What translators send back: drafts, all or nothing, and never over what staff wrote since."""

import pytest

from campaign import languages
from content.interchange.exporting import export
from content.interchange.planning import Conflicts, Outcome
from content.interchange.reading import Unreadable, read
from content.interchange.writing import NotWritten, write
from content.models import Contact, Page, Revision, Section
from content.publishing import workflow
from content.publishing.workflow import State
from tests import factories
from tests.interchange import (
    BODY,
    HEADING,
    SUMMARY,
    TITLE,
    Translator,
    lighthouse,
    staff_write,
    translated,
)

__all__ = ["lighthouse", "translated"]

pytestmark = pytest.mark.django_db


def source_changes(item, **texts):
    for name, text in texts.items():
        setattr(item, name, text)
    item.save()
    return factories.publish(item)


# --- What is taken ------------------------------------------------------------------------------


def test_a_translation_becomes_a_draft_of_whoever_imports_it(lighthouse, tmp_path):
    file = Translator(tmp_path)
    file[TITLE], file[HEADING], file[BODY] = "Le phare", "La lumière", "Allumée **la nuit**."
    file[SUMMARY] = "Une lumière de 36 mètres."
    (draft,) = file.written().drafts
    assert (draft.kind, draft.key, draft.language) == ("page", "lighthouse", "fr")
    assert (draft.created_by, draft.origin) == (factories.editor(), Revision.Origin.STAFF)
    assert (draft.submitted_at, draft.approved_at, draft.is_live) == (None, None, False)
    assert draft.content["title"] == "Le phare"
    assert draft.content["sections"][0]["body"] == "<p>Allumée <strong>la nuit</strong>.</p>"
    assert Page.objects.get(key="lighthouse").title_fr == "Le phare"
    assert Section.objects.get(page=lighthouse).body_fr == draft.content["sections"][0]["body"]
    workflow.submit(draft)
    workflow.approve(draft, factories.approver())
    assert workflow.states("page", "lighthouse")["fr"] == State.LIVE


def test_an_unchanged_file_changes_nothing(tmp_path):
    before = Revision.objects.count()
    done = Translator(tmp_path).written()
    assert done.drafts == []
    assert set(done.plan.counts) == {Outcome.SAME, Outcome.EMPTY}
    assert Revision.objects.count() == before


def test_the_plan_says_what_is_new_and_what_changes(translated, tmp_path):
    file = Translator(tmp_path)
    file[TITLE] = "Un phare"
    assert file.outcome(TITLE) == Outcome.CHANGED
    assert file.outcome(BODY) == Outcome.SAME
    (row,) = file.planned().written
    assert (row.before, row.after) == ("Le phare", "Un phare")
    assert row.line == file.line(TITLE)


def test_a_fuzzy_text_is_not_taken(lighthouse, tmp_path):
    file = Translator(tmp_path)
    file[TITLE] = "Le phare"
    file[TITLE].flags = ["fuzzy"]
    assert file.outcome(TITLE) == Outcome.FUZZY
    assert file.written().drafts == []


def test_a_text_left_empty_takes_nothing_away(translated, tmp_path):
    file = Translator(tmp_path)
    file[TITLE] = ""
    assert file.outcome(TITLE) == Outcome.EMPTY
    file.written()
    assert Page.objects.get(key="lighthouse").title_fr == "Le phare"


def test_a_remark_on_a_service_is_written(tmp_path):
    country = factories.japan()
    factories.childline(country, remark_en="They have a garden.")
    factories.publish(country, languages.NEUTRAL)
    factories.publish(country, "en")
    file = Translator(tmp_path)
    file["country:JP/remarks/jp-childline"] = "Il y a un jardin."
    (draft,) = file.written().drafts
    assert draft.content["remarks"] == {"jp-childline": "Il y a un jardin."}
    assert Contact.objects.get(key="jp-childline").remark_fr == "Il y a un jardin."


# --- The source has changed ---------------------------------------------------------------------


def test_a_text_of_an_older_source_is_not_taken(lighthouse, tmp_path):
    file = Translator(tmp_path)
    file[TITLE] = "Le phare"
    source_changes(lighthouse, title_en="The tower")
    assert file.outcome(TITLE) == Outcome.OUTDATED
    assert file.written().drafts == []


def test_a_text_that_is_gone_is_not_taken(lighthouse, tmp_path):
    factories.section(lighthouse, "gone")
    factories.publish(lighthouse)
    file = Translator(tmp_path)
    file["page:lighthouse/sections/gone/heading"] = "Disparu"
    lighthouse.sections.get(key="gone").delete()
    factories.publish(lighthouse)
    assert file.outcome("page:lighthouse/sections/gone/heading") == Outcome.OUTDATED


def test_whoever_takes_the_fuzzy_mark_away_says_that_the_translation_holds(translated, tmp_path):
    source_changes(translated, title_en="A lighthouse")
    assert workflow.states("page", "lighthouse")["fr"] == State.OUTDATED
    file = Translator(tmp_path)
    assert file[TITLE].fuzzy
    file[TITLE].flags = []
    assert file.outcome(TITLE) == Outcome.CONFIRMED
    (draft,) = file.written().drafts
    workflow.submit(draft)
    workflow.approve(draft, factories.approver())
    assert workflow.states("page", "lighthouse")["fr"] == State.LIVE
    assert not Translator(tmp_path)[TITLE].fuzzy


def test_a_page_stays_outdated_while_one_of_its_texts_is(translated, tmp_path):
    source_changes(translated, title_en="A lighthouse", summary_en="A light of 37 metres.")
    file = Translator(tmp_path)
    file[TITLE] = "Un phare"
    (draft,) = file.written().drafts
    workflow.submit(draft)
    workflow.approve(draft, factories.approver())
    assert workflow.states("page", "lighthouse")["fr"] == State.OUTDATED
    assert Translator(tmp_path)[SUMMARY].fuzzy


def test_a_translation_that_still_holds_can_be_saved_as_it_is(translated):
    source_changes(translated, title_en="A lighthouse")
    draft = workflow.save_draft(translated, "fr", factories.editor())
    assert draft is not None
    assert workflow.save_draft(translated, "fr", factories.editor()) is None


# --- Staff have changed it meanwhile ------------------------------------------------------------


def test_a_text_that_staff_changed_since_is_a_conflict(translated, tmp_path):
    file = Translator(tmp_path)
    file[TITLE] = "Le grand phare"
    staff_write(translated, "Le petit phare")
    assert file.outcome(TITLE) == Outcome.CONFLICT
    with pytest.raises(NotWritten):
        file.written()
    assert Page.objects.get(key="lighthouse").title_fr == "Le petit phare"


def test_a_conflict_can_be_decided_for_either_side(translated, tmp_path):
    file = Translator(tmp_path)
    file[TITLE] = "Le grand phare"
    staff_write(translated, "Le petit phare")
    assert file.written(Conflicts.KEEP).drafts == []
    assert Page.objects.get(key="lighthouse").title_fr == "Le petit phare"
    file.written(Conflicts.OVERWRITE)
    assert Page.objects.get(key="lighthouse").title_fr == "Le grand phare"


def test_what_the_translator_left_alone_does_not_undo_what_staff_wrote(translated, tmp_path):
    file = Translator(tmp_path)
    file[BODY] = "Elle brille la nuit."
    staff_write(translated, "Le petit phare")
    assert file.outcome(TITLE) == Outcome.KEPT
    file.written()
    page = Page.objects.get(key="lighthouse")
    assert page.title_fr == "Le petit phare"
    assert page.sections.get().body_fr == "<p>Elle brille la nuit.</p>"


def test_the_same_change_on_both_sides_is_no_conflict(translated, tmp_path):
    file = Translator(tmp_path)
    file[TITLE] = "Un phare"
    staff_write(translated, "Un phare")
    assert file.outcome(TITLE) == Outcome.SAME


def test_a_file_that_has_lost_its_places_overwrites_nothing(translated, tmp_path):
    file = Translator(tmp_path)
    for entry in file.po:
        entry.occurrences = []
    file[TITLE] = "Un phare"
    assert file.outcome(TITLE) == Outcome.CONFLICT
    assert file.outcome(TITLE, Conflicts.OVERWRITE) == Outcome.CHANGED


def test_only_what_somebody_has_seen_is_written(translated, tmp_path):
    file = Translator(tmp_path)
    file[BODY] = "Elle brille la nuit."
    seen = file.planned().fingerprint
    staff_write(translated, "Le petit phare")
    with pytest.raises(NotWritten, match="since you looked"):
        file.written(shown=seen)
    assert file.written(shown=file.planned().fingerprint).drafts


# --- What is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        (BODY, "Voir [ici](https://evil.example/).", "links differ"),
        (BODY, "Voir [ici](javascript:alert(1)).", "A link in it cannot be read"),
        (BODY, "<b>Allumée</b> la nuit.", "no HTML"),
        (TITLE, "Le <script>alert(1)</script> phare", "no HTML"),
        (TITLE, "Le phare " * 20, "and 120 fit"),
        (TITLE, "Le %(name)s phare", "placeholders differ"),
        (TITLE, "La lumiÃ¨re", "letters are damaged"),
        (TITLE, "Le\fphare\b", "U+0008"),
        (BODY, "La &#8238; nuit", "U+202E"),
    ],
)
def test_a_fault_refuses_the_text_and_with_it_the_file(lighthouse, tmp_path, name, text, reason):
    file = Translator(tmp_path)
    file[HEADING] = "La lumière"
    file[name] = text
    assert reason in file.reasons(name)
    with pytest.raises(NotWritten):
        file.written()
    assert not Revision.objects.of("page", "lighthouse", "fr").exists()
    assert Section.objects.get(page=lighthouse).heading_fr in {None, ""}


def test_signs_without_words_are_no_translation(translated, tmp_path):
    file = Translator(tmp_path)
    file[BODY] = "- **&nbsp;**"
    assert "no words" in file.reasons(BODY)


def test_a_link_to_another_target_is_refused(tmp_path):
    name = "page:home/sections/happening/body"
    file = Translator(tmp_path)
    file[name] = file[name].msgstr.replace("(page:stop)", "(page:understand)")
    assert "Expected: page:now, page:report#countries, page:stop." in file.reasons(name)


def test_a_name_that_we_do_not_have_is_refused(tmp_path):
    file = Translator(tmp_path)
    file[TITLE.replace("lighthouse", "home")].msgctxt = "page:nowhere/title"
    assert file.outcome("page:nowhere/title") == Outcome.REFUSED


@pytest.mark.parametrize(
    ("name", "text", "doubt"),
    [
        (
            SUMMARY,
            "Une lumière de 63 mètres de haut.",
            "Numbers that the source does not have: 63.",
        ),
        (BODY, "Allumée.\n\nLa nuit.", "Other paragraphs"),
        (SUMMARY, "36", "Much shorter"),
        (SUMMARY, "Une lumière de 36 mètres, " * 8, "Much longer"),
        (BODY, "It is on at night.", "The same words"),
    ],
)
def test_what_looks_wrong_is_said_and_taken(lighthouse, tmp_path, name, text, doubt):
    file = Translator(tmp_path)
    file[name] = text
    assert doubt in file.reasons(name)
    assert file.outcome(name) == Outcome.NEW


def test_numbers_in_other_digits_are_the_same_numbers(lighthouse, tmp_path):
    file = Translator(tmp_path, "ar")
    file[SUMMARY] = "ضوء يبلغ ارتفاعه ٣٦ مترًا ويُرى من بعيد جدًا في الليل"
    assert file.reasons(SUMMARY) == ""


# --- All or nothing -----------------------------------------------------------------------------


def test_a_cut_off_file_is_refused_unless_it_is_meant(lighthouse, tmp_path):
    file = Translator(tmp_path)
    file[TITLE] = "Le phare"
    del file.po[-3:]
    assert "3 of the texts" in str(file.planned().problems[0])
    with pytest.raises(NotWritten):
        file.written()
    assert file.written(may_miss=True).drafts


def test_an_import_that_fails_in_the_middle_leaves_nothing(lighthouse, tmp_path, monkeypatch):
    file = Translator(tmp_path)
    file[TITLE] = "Le phare"
    file["page:friend/title"] = "Aider quelqu’un"
    data = read(file.send())
    save, calls = workflow.save_draft, []

    def fail_once_one_is_saved(*args, **kwargs):
        calls.append(args)
        if len(calls) == 2:
            raise OSError("the disk is full")
        return save(*args, **kwargs)

    monkeypatch.setattr(workflow, "save_draft", fail_once_one_is_saved)
    with pytest.raises(OSError, match="disk is full"):
        write(data, factories.editor())
    assert not Page.objects.filter(title_fr="Le phare").exists()


@pytest.mark.parametrize("language", ["fr", "ar", "ga"])
def test_what_ships_can_be_read_as_an_import(language):
    from content.seed.translations import TRANSLATIONS

    assert read((TRANSLATIONS / f"{language}.po").read_bytes()).language == language
    with pytest.raises(Unreadable):
        read(export(language)[:-40])
