"""What translators get: every text, where it stands, and what of it is out of date."""

import polib
import pytest
from django.core.management import CommandError, call_command

from campaign import languages
from content.interchange.exporting import export
from content.models import Contact
from tests import factories
from tests.interchange import BODY, TITLE

pytestmark = pytest.mark.django_db


def exported(language="fr"):
    return {entry.msgctxt: entry for entry in polib.pofile(export(language).decode())}


@pytest.fixture
def lighthouse():
    item = factories.page()
    factories.publish(item)
    factories.translate(item, "fr")
    factories.publish(item, "fr")
    return item


def test_every_live_text_is_there_with_its_translation(lighthouse):
    found = exported()
    assert (found[TITLE].msgid, found[TITLE].msgstr) == ("The lighthouse", "Le phare")
    assert found[BODY].msgid == "It is on at night."
    assert found["page:home/title"].msgstr == "Tu peux dire non maintenant"
    kinds = {name.partition(":")[0] for name in found}
    assert kinds == set("page situation guide-step scenario term figure platform phrase".split())


def test_what_nobody_has_approved_in_the_source_is_not_sent(lighthouse):
    lighthouse.title_en = "Not approved"
    lighthouse.save()
    factories.draft(lighthouse)
    factories.draft(factories.page("draft"))
    assert exported()[TITLE].msgid == "The lighthouse"
    assert not any(name.startswith("page:draft/") for name in exported())


def test_a_draft_of_the_translation_goes_out(lighthouse):
    lighthouse.title_fr = "Un phare"
    lighthouse.save()
    factories.draft(lighthouse, "fr")
    assert exported()[TITLE].msgstr == "Un phare"


def test_only_the_text_whose_source_has_changed_is_fuzzy(lighthouse):
    lighthouse.title_en = "The old lighthouse"
    lighthouse.save()
    factories.publish(lighthouse)
    found = exported()
    assert found[TITLE].fuzzy
    assert found[TITLE].previous_msgid == "The lighthouse"
    assert found[TITLE].msgid == "The old lighthouse"
    assert not found[BODY].fuzzy


def test_the_note_says_where_a_text_stands_and_how_long_it_may_be(lighthouse):
    note = exported()[BODY.replace("body", "heading")].comment
    assert "Page: The lighthouse" in note
    assert "Section, text: heading" in note
    assert "At most 160 letters" in note
    assert "/en/lighthouse/#light" in note


def test_the_note_of_the_shipped_file_goes_out_too(monkeypatch):
    from content.seed import texts

    items = texts.read_all()
    items[0].texts["title"] = texts.SourceText("x", 1, "Keep it short.")
    monkeypatch.setattr(texts, "read_all", lambda: items)
    assert "Note: Keep it short." in exported()[items[0].context("title")].comment


def test_a_remark_on_a_service_is_a_text():
    country = factories.japan()
    factories.childline(country, remark_en="They have a garden.", remark_fr="Un jardin.")
    factories.publish(country, languages.NEUTRAL)
    factories.publish(country, "en")
    entry = exported()["country:JP/remarks/jp-childline"]
    assert (entry.msgid, entry.msgstr) == ("They have a garden.", "Un jardin.")
    assert Contact.objects.get(key="jp-childline").remark_fr == "Un jardin."


@pytest.mark.parametrize(("language", "forms"), [("fr", "2"), ("ar", "6"), ("mt", "4")])
def test_the_head_names_language_and_plural_forms(language, forms):
    po = polib.pofile(export(language).decode())
    assert po.metadata["Language"] == language
    assert po.metadata["Plural-Forms"].startswith(f"nplurals={forms};")
    assert po.metadata["X-Texts"] == str(len(po))


def test_the_number_of_queries_does_not_grow_with_the_texts(django_assert_num_queries, lighthouse):
    for number in range(20):
        item = factories.page(f"page-{number}")
        factories.publish(item)
    with django_assert_num_queries(14):  # two of them the savepoint's
        export("fr")


@pytest.mark.parametrize("language", ["en", "xx", "zxx"])
def test_nobody_translates_into_that(language):
    with pytest.raises(CommandError, match="none of our languages"):
        call_command("exporttranslations", language)


def test_the_command_writes_a_file_once(tmp_path, capsys):
    path = tmp_path / "fr.po"
    call_command("exporttranslations", "fr", output=path)
    assert len(polib.pofile(str(path))) > 800
    with pytest.raises(CommandError, match="is there already"):
        call_command("exporttranslations", "fr", output=path)
    with pytest.raises(CommandError, match="could not be written"):
        call_command("exporttranslations", "fr", output=tmp_path / "no" / "fr.po")


def test_the_command_writes_to_the_screen(capsys):
    call_command("exporttranslations", "ga")
    assert 'msgctxt "page:home/title"' in capsys.readouterr().out


def test_an_export_can_ship(lighthouse, tmp_path):
    from content.seed.texts import read_all
    from content.seed.translations import Catalogue

    path = tmp_path / "fr.po"
    path.write_bytes(export("fr"))
    catalogue = Catalogue(path)
    shipped = next(item for item in read_all() if item.key == "home")
    assert catalogue.content(shipped)["title"] == "Tu peux dire non maintenant"
