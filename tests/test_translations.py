"""French and Arabic: how translations come in, and when a language is offered."""

import re
from io import StringIO

import polib
import pytest
from django.core.management import CommandError, call_command

from campaign import catalogues, languages
from content import richtext
from content.models import Revision
from content.publishing import live, workflow
from content.seed import texts, translations
from tests.factories import approver

pytestmark = pytest.mark.django_db

FIRST = ("fr", "ar")
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|\{[a-z]+\}")


def catalogue(language):
    return polib.pofile(str(catalogues.po_path(language)))


def shipped(language):
    return polib.pofile(str(translations.TRANSLATIONS / f"{language}.po"))


# --- The frame ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", FIRST)
def test_the_frame_is_complete(language):
    missing = [entry.msgid for entry in catalogue(language).untranslated_entries()]
    fuzzy = [entry.msgid for entry in catalogue(language).fuzzy_entries()]
    assert (missing, fuzzy) == ([], [])
    assert catalogues.is_complete(language)


@pytest.mark.parametrize("language", languages.BY_CODE)
def test_every_catalogue_has_the_messages_of_the_source(language):
    """A message that is not in a file cannot be translated: run `make messages`."""
    keys = {(entry.msgctxt, entry.msgid) for entry in catalogue(language) if not entry.obsolete}
    source = {(entry.msgctxt, entry.msgid) for entry in catalogue("en") if not entry.obsolete}
    assert keys == source


@pytest.mark.parametrize("language", languages.BY_CODE)
def test_a_translated_message_keeps_its_placeholders(language):
    for entry in catalogue(language).translated_entries():
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text:
                assert sorted(PLACEHOLDER.findall(text)) == sorted(
                    PLACEHOLDER.findall(entry.msgid)
                ), entry.msgid


def test_a_catalogue_with_one_message_missing_is_not_complete(tmp_path, settings):
    settings.LOCALE_PATHS = [tmp_path]
    for language, translated in (("en", ""), ("fr", "Aide"), ("de", "")):
        path = catalogues.po_path(language)
        path.parent.mkdir(parents=True)
        po = polib.POFile()
        po.append(polib.POEntry(msgid="Help", msgstr=translated))
        po.save(str(path))
        po.save_as_mofile(str(catalogues.mo_path(language)))
    catalogues.is_complete.cache_clear()
    catalogues.message_keys.cache_clear()
    try:
        complete = [code for code in ("en", "fr", "de", "ka") if catalogues.is_complete(code)]
    finally:
        catalogues.is_complete.cache_clear()
        catalogues.message_keys.cache_clear()
    assert complete == ["en", "fr"]


@pytest.mark.parametrize("language", FIRST)
def test_the_language_is_offered(site, language):
    assert language in site.index.offered
    for key in live.CORE_PAGES:
        assert language in site.index.pages[key], key
    assert site.page(f"/{language}/").meta("robots") is None


def test_a_language_that_lacks_a_step_is_not_offered(reader):
    workflow.withdraw(workflow.live("page", "stop", "fr"), approver(), "")
    assert "fr" not in live.index().offered
    assert reader.get("/", headers={"accept-language": "fr"})["Location"] == "/en/"
    assert reader.get("/sitemap-fr.xml").status_code == 404


# --- The texts ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", FIRST)
def test_the_texts_are_those_of_today(language):
    """After a change of the English: run `./manage.py seedmessages`."""
    expected = translations.template(texts.read_all(), language)
    assert [(e.msgctxt, e.msgid) for e in shipped(language)] == [
        (e.msgctxt, e.msgid) for e in expected
    ]


@pytest.mark.parametrize("language", FIRST)
def test_a_translated_text_has_the_links_of_its_source(language):
    done = shipped(language).translated_entries()
    assert len(done) > 50
    for entry in done:
        links = [
            sorted(richtext.links(richtext.from_markdown(text)))
            for text in (entry.msgid, entry.msgstr)
        ]
        assert links[0] == links[1], entry.msgctxt


@pytest.mark.parametrize("language", FIRST)
def test_what_is_translated_is_live_and_the_rest_falls_back(site, language):
    read = translations.Catalogue(translations.TRANSLATIONS / f"{language}.po")
    for item in texts.read_all():
        expected = read.content(item)
        revision = workflow.live(item.kind, item.key, language)
        assert (revision and revision.content) == expected, f"{item.kind}:{item.key}"


@pytest.mark.parametrize("language", FIRST)
def test_a_page_says_that_nobody_has_checked_its_translation(site, language):
    reviewed = workflow.live("page", "stop", language).reviewed_by
    text = site.page(f"/{language}/stop/").main.text
    message = "This translation has not been checked by a native speaker yet."
    entry = catalogue(language).find(message)
    assert (entry.msgstr in text) == (not reviewed)


# --- The command that collects texts for translators -------------------------------------------


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(translations, "TRANSLATIONS", tmp_path)
    return tmp_path


def collect(*codes):
    out = StringIO()
    call_command("seedmessages", *codes, stdout=out)
    return out.getvalue()


def test_a_new_language_gets_a_file_with_every_text(folder):
    said = collect("de")
    po = polib.pofile(str(folder / "de.po"))
    count = sum(bool(t.text) for item in texts.read_all() for t in item.texts.values())
    assert len(po) == count
    assert f"de: 0 of {count} texts translated" in said


def test_a_changed_english_text_is_marked_for_its_translator(folder):
    collect("de")
    path = folder / "de.po"
    po = polib.pofile(str(path))
    changed, same = po[0], po[1]
    changed.msgstr, same.msgstr = "Alt", "Gleich"
    english = changed.msgid
    changed.msgid = "What it said before"
    po.save(str(path))
    collect()
    po = polib.pofile(str(path))
    assert po[0].msgid == english
    assert (po[0].msgstr, po[0].fuzzy) == ("Alt", True)
    assert po[0].previous_msgid == "What it said before"
    assert (po[1].msgstr, po[1].fuzzy) == ("Gleich", False)


def test_a_text_marked_fuzzy_is_not_published(folder):
    collect("de")
    path = folder / "de.po"
    po = polib.pofile(str(path))
    for entry in po:
        entry.msgstr = entry.msgid
    title = next(entry for entry in po if entry.msgctxt == "page:friend/title")
    title.flags.append("fuzzy")
    po.save(str(path))
    read = translations.Catalogue(path)
    items = {(item.kind, item.key): item for item in texts.read_all()}
    assert read.content(items["page", "friend"]) is None
    assert read.content(items["page", "stop"]) is not None


def test_a_text_without_its_translation_keeps_the_item_back(folder):
    collect("de")
    path = folder / "de.po"
    po = polib.pofile(str(path))
    for entry in po:
        entry.msgstr = entry.msgid
    last = [entry for entry in po if entry.msgctxt.startswith("page:friend/")][-1]
    last.msgstr = ""
    po.save(str(path))
    friend = next(item for item in texts.read_all() if item.key == "friend")
    assert translations.Catalogue(path).content(friend) is None


def test_notes_for_translators_are_in_the_file(folder):
    collect("de")
    po = polib.pofile(str(folder / "de.po"))
    assert [entry for entry in po if "trains a sports team" in entry.comment]


@pytest.mark.parametrize("code", ["en", "xx", "../fr"])
def test_a_language_that_is_not_ours_to_translate_is_refused(folder, code):
    with pytest.raises(CommandError, match="none of our languages"):
        collect(code)
    assert list(folder.iterdir()) == []


def test_no_revision_is_in_a_language_that_does_not_ship():
    phrases = Revision.objects.filter(kind=Revision.Kind.PHRASE)
    others = Revision.objects.exclude(kind=Revision.Kind.PHRASE)
    assert set(others.values_list("language", flat=True)) == {"en", "zxx", *FIRST}
    assert set(phrases.values_list("language", flat=True)) == set(languages.BY_CODE)


@pytest.mark.parametrize("language", sorted(set(languages.BY_CODE) - {"en"}))
def test_words_to_say_are_there_in_every_language(language):
    english = {item.key: item for item in texts.read_all() if item.kind == "phrase"}
    found = live.versions("phrase", [language])
    assert set(found) == set(english)
    for key, by_language in found.items():
        content = by_language[language].content
        source = english[key].source_content()
        assert content["words"] != source["words"], key
        assert richtext.links(content["hint"]) == richtext.links(source["hint"]), key
