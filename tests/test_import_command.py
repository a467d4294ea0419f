"""importtranslations: what somebody at the command line is told, and may decide."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from content.models import Page, Revision
from content.publishing import workflow
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


def imported(path, **options):
    call_command("importtranslations", path, **options)


def test_the_command_shows_what_changes_before_it_writes(translated, tmp_path, capsys):
    file = Translator(tmp_path)
    file[TITLE] = "Un phare"
    file.send()
    imported(file.path, dry_run=True)
    shown = capsys.readouterr().out
    assert f"line {file.line(TITLE)}: {TITLE}: changed" in shown
    assert "- Le phare" in shown
    assert "+ Un phare" in shown
    assert "Nothing was written" in shown
    assert Page.objects.get(key="lighthouse").title_fr == "Le phare"
    imported(file.path, user=factories.editor().username)
    assert "1 drafts by Edith" in capsys.readouterr().out
    assert Page.objects.get(key="lighthouse").title_fr == "Un phare"


def test_three_bad_texts_are_named_with_their_lines_and_nothing_is_written(lighthouse, tmp_path):
    file = Translator(tmp_path)
    file[HEADING] = "La lumière"
    bad = {TITLE: "<i>Le phare</i>", BODY: "[x](page:stop)", SUMMARY: "%s"}
    for name, text in bad.items():
        file[name] = text
    file.send()
    with pytest.raises(CommandError) as refused:
        imported(file.path, user=factories.editor().username)
    for name in bad:
        assert f"line {file.line(name)}: {name}: " in str(refused.value)
    assert "Nothing was written." in str(refused.value)
    assert not Revision.objects.of("page", "lighthouse", "fr").exists()


@pytest.mark.parametrize("name", [None, "Nobody", "Reader", "Former"])
def test_only_active_staff_import(name, translated, tmp_path, django_user_model):
    django_user_model.objects.create_user("Reader")
    django_user_model.objects.create_user("Former", is_staff=True, is_active=False)
    file = Translator(tmp_path)
    file.send()
    with pytest.raises(CommandError, match=r"--user NAME|no active member"):
        imported(file.path, user=name)


def test_the_wrong_language_is_refused(tmp_path):
    file = Translator(tmp_path)
    file.send()
    with pytest.raises(CommandError, match="is in fr, not in de"):
        imported(file.path, language="de", dry_run=True)


def test_a_conflict_says_what_one_can_do(translated, tmp_path):
    file = Translator(tmp_path)
    file[TITLE] = "Le grand phare"
    file.send()
    staff_write(translated, "Le petit phare")
    with pytest.raises(CommandError, match="--keep keeps theirs, --force does not"):
        imported(file.path, user=factories.editor().username)
    imported(file.path, user=factories.editor().username, force=True)
    assert Page.objects.get(key="lighthouse").title_fr == "Le grand phare"


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        imported(tmp_path / "no.po", dry_run=True)


def test_who_may_not_write_these_texts_imports_nothing(translated, tmp_path, monkeypatch):
    file = Translator(tmp_path)
    file[TITLE] = "Un phare"
    file.send()

    def refuse(*args, **kwargs):
        raise PermissionDenied

    monkeypatch.setattr(workflow, "save_draft", refuse)
    with pytest.raises(CommandError, match="Edith may not write all of this in fr"):
        imported(file.path, user=factories.editor().username)
    assert Page.objects.get(key="lighthouse").title_fr == "Le phare"
