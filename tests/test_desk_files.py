"""Files of translators at the desk: taken out, sent back, shown before anything is taken."""

import tempfile
import tracemalloc
from io import BytesIO
from pathlib import Path

import polib
import pytest
from django.core.cache import cache
from django.db import connection

from content.admin import uploads
from content.interchange.exporting import export
from content.models import Revision
from content.publishing import workflow
from tests import factories
from tests.admin_support import Desk
from tests.html import Page as Shown
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

DESK = "/admin/content/revision/desk/"
IMPORT = f"{DESK}fr/import/"


@pytest.fixture
def tomas() -> Desk:
    return Desk(factories.translator("fr"))


def sent(desk: Desk, data: bytes, name="fr.po", path=IMPORT) -> Shown:
    """Send a file, and return the page that comes."""
    file = BytesIO(data)
    file.name = name
    response = desk.client.post(path, {"file": file}, follow=True)
    assert response.status_code == 200
    return Shown(path, response.content.decode())


def confirm(desk: Desk, page: Shown, path=IMPORT, **other: str) -> str:
    """Press the button that takes the file's texts."""
    values = {field.get("name"): field.get("value") for field in page.all("input")}
    data = {"digest": values["digest"], "plan": values["plan"]} | other
    return desk.post(path, **data).content.decode()


def buttons(page: Shown) -> set[str]:
    return {field.get("value") for field in page.all("input") if field.get("type") == "submit"}


# --- Out ----------------------------------------------------------------------------------------


def test_the_file_is_the_one_that_the_command_writes(tomas, translated):
    answer = tomas.client.get(f"{DESK}fr/export/")
    assert answer["Content-Disposition"] == 'attachment; filename="say-no-fr.po"'
    assert answer["Content-Type"] == "text/x-gettext-translation; charset=utf-8"

    def texts(data: bytes):
        return [(e.msgctxt, e.msgid, e.msgstr, e.flags) for e in polib.pofile(data.decode())]

    assert texts(answer.content) == texts(export("fr"))


# --- In -----------------------------------------------------------------------------------------


def test_what_would_change_is_shown_and_only_then_taken(tomas, translated, tmp_path):
    file = Translator(tmp_path)
    file[TITLE], file[SUMMARY] = "Le grand phare", "Une lumière de 63 mètres."
    before = Revision.objects.count()
    page = sent(tomas, file.send())
    assert Revision.objects.count() == before, "nothing is taken yet"
    assert "2 changed" in page.text
    rows = {row.all("bdi")[0].text: row for row in page.all("tr") if row.all("bdi")}
    assert set(rows) == {TITLE, SUMMARY}
    assert str(file.line(TITLE)) in rows[TITLE].text
    assert [cell.text for cell in rows[TITLE].all("td")] == [
        *("The lighthouse", "Le phare", "Le grand phare"),
    ]
    assert [mark.text for mark in rows[TITLE].all("ins")] == ["grand"]
    assert "does not have: 63." in rows[SUMMARY].text
    assert "2 texts were taken: 1 new draft of yours." in confirm(tomas, page)
    draft = workflow.latest("page", "lighthouse", "fr")
    assert (draft.title, draft.created_by, draft.submitted_at) == (
        *("Le grand phare", tomas.user, None),
    )
    assert draft.comment == "Imported from fr.po"
    assert uploads.find(tomas.user, "fr") is None


def test_a_file_that_changes_nothing_can_only_be_dropped(tomas, translated, tmp_path):
    page = sent(tomas, Translator(tmp_path).send())
    assert buttons(page) == {"Take nothing"}
    assert "Nothing of the file was taken." in tomas.post(IMPORT, drop="1").content.decode()
    assert uploads.find(tomas.user, "fr") is None


def test_faults_are_named_with_their_lines_and_nothing_is_taken(tomas, lighthouse, tmp_path):
    file = Translator(tmp_path)
    file[SUMMARY] = "Une lumière de 36 mètres."
    file[TITLE], file[HEADING] = "Le <b>phare</b>", "Le %(name)s"
    file[BODY] = "Voir [ici](https://evil.example/)."
    page = sent(tomas, file.send())
    alert = page.one("div", role="alert")
    for name, reason in ((TITLE, "no HTML"), (HEADING, "placeholders"), (BODY, "links differ")):
        (line,) = [entry for entry in alert.all("li") if name in entry.text]
        assert line.text.startswith(f"Line {file.line(name)} ")
        assert reason in line.text
    assert buttons(page) == {"Take nothing"}
    assert "Nothing was taken" in confirm(tomas, page)
    assert not Revision.objects.of("page", "lighthouse", "fr").exists()


def cut(data: bytes) -> bytes:
    return data[: data.rindex(b"msgstr")]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (cut, "The file ends in the middle of this message."),
        (lambda data: data + data[data.index(b'msgctxt "page:home/title"') :], "already."),
        (lambda data: data.decode().encode("latin-1", "replace"), "This is not UTF-8 text."),
        (lambda data: data.decode().encode("utf-16"), "UTF-16"),
        (lambda data: data.replace(b"Language: fr", b"Language: ga"), "in Gaeilge, not in Fran"),
        (lambda data: b"PK\x03\x04" + data, "line 1: "),
        (lambda data: b"", "There is no message in this file."),
        (lambda data: b"\n", "There is no message in this file."),
    ],
    ids="cut twice latin utf-16 language zip empty nothing".split(),
)
def test_what_cannot_be_read_is_refused_with_its_line(tomas, translated, change, reason):
    before = Revision.objects.count()
    page = sent(tomas, change(export("fr")))
    assert reason in page.text
    assert Revision.objects.count() == before
    assert uploads.find(tomas.user, "fr") is None


def test_a_mark_at_the_beginning_of_the_file_does_no_harm(tomas, translated, tmp_path):
    file = Translator(tmp_path)
    file[TITLE] = "Le grand phare"
    page = sent(tomas, b"\xef\xbb\xbf" + file.send().replace(b"\n", b"\r\n"))
    assert "1 text was taken" in confirm(tomas, page)


class Endless:
    """The body of a request that is far too large, made as it is read."""

    def __init__(self, size: int) -> None:
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.po"\r\n\r\n'
        self.parts = [head, size, b"\r\n--x--\r\n"]
        self.length = size + len(head) + len(self.parts[2])

    def read(self, size: int = -1) -> bytes:
        while self.parts:
            part = self.parts.pop(0)
            if isinstance(part, bytes):
                return part
            count = min(part, size if size > 0 else 65536, 65536)
            if part > count:
                self.parts.insert(0, part - count)
            return b"x" * count
        return b""

    readline = read


def test_a_huge_file_is_refused_and_never_held_in_memory(tomas):
    body = Endless(100_000_000)
    environ = {
        **{"REQUEST_METHOD": "POST", "PATH_INFO": IMPORT, "wsgi.input": body},
        **{"CONTENT_LENGTH": str(body.length), "CONTENT_TYPE": "multipart/form-data; boundary=x"},
    }
    here = set(Path(tempfile.gettempdir()).glob("*.upload*"))
    tracemalloc.start()
    try:
        answer = tomas.client.request(**environ)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert answer.status_code == 413
    assert "choose a smaller file" in answer.content.decode()
    assert peak < 30_000_000
    assert set(Path(tempfile.gettempdir()).glob("*.upload*")) <= here


def test_a_conflict_is_shown_and_decided_for_the_whole_file(tomas, translated, tmp_path):
    file = Translator(tmp_path)
    file[TITLE] = "Le grand phare"
    staff_write(translated, "Le petit phare")
    page = sent(tomas, file.send())
    alert = page.one("div", role="alert").text
    assert "Le grand phare" in alert
    assert "Le petit phare" in alert
    assert buttons(page) == {"Take nothing"}
    (keep,) = [link["href"] for link in page.all("a") if link.text == "Keep what stands here"]
    (take,) = [link["href"] for link in page.all("a") if link.text == "Take what the file says"]
    assert "The file would change nothing." in tomas.see(IMPORT + keep).text
    page = tomas.see(IMPORT + take)
    # Confirmed without the decision, nothing happens.
    assert "Nothing was taken" in confirm(tomas, page)
    assert "1 text was taken" in confirm(tomas, page, IMPORT + take)
    assert workflow.latest("page", "lighthouse", "fr").title == "Le grand phare"


def test_texts_that_are_missing_have_to_be_meant(tomas, lighthouse, tmp_path):
    file = Translator(tmp_path)
    file[TITLE] = "Le phare"
    del file.po[-3:]
    page = sent(tomas, file.send())
    (meant,) = [link["href"] for link in page.all("a") if "on purpose" in link.text]
    page = tomas.see(IMPORT + meant)
    assert "1 text was taken" in confirm(tomas, page, IMPORT + meant)


def test_what_somebody_wrote_after_the_plan_was_shown_is_not_overwritten(
    tomas, translated, tmp_path
):
    file = Translator(tmp_path)
    file[SUMMARY] = "Une lumière de 36 mètres de haut."
    page = sent(tomas, file.send())
    staff_write(translated, "Le petit phare")
    answer = confirm(tomas, page)
    assert "Somebody has changed these texts since you looked." in answer
    assert workflow.latest("page", "lighthouse", "fr").title == "Le petit phare"


def test_a_plan_of_another_file_is_not_confirmed(tomas, translated, tmp_path):
    file = Translator(tmp_path)
    file[TITLE] = "Le grand phare"
    first = sent(tomas, file.send())
    file[TITLE] = "Le petit phare"
    sent(tomas, file.send())
    assert "You have sent another file since." in confirm(tomas, first)
    assert not Revision.objects.filter(comment__startswith="Imported").exists()


def test_a_plan_must_have_been_shown(tomas, translated, tmp_path):
    file = Translator(tmp_path)
    file[TITLE] = "Le grand phare"
    page = sent(tomas, file.send())
    assert "since you looked" in confirm(tomas, page, plan="")
    assert not Revision.objects.filter(comment__startswith="Imported").exists()


def test_each_person_has_one_file_which_nobody_else_sees(tomas, translated, tmp_path):
    file = Translator(tmp_path)
    for title in ("Un", "Deux"):
        file[TITLE] = title
        sent(tomas, file.send())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM staff_cache WHERE cache_key LIKE %s", ["%uploads%"])
        assert cursor.fetchone() == (1,)
    other = Desk(factories.editor())
    assert "There is no file to look at." in other.post(IMPORT).content.decode()
    cache.delete(uploads._place(tomas.user))
    assert "There is no file to look at." in tomas.post(IMPORT).content.decode()


def test_a_fuzzy_text_is_not_taken_and_the_page_says_so(tomas, lighthouse, tmp_path):
    file = Translator(tmp_path)
    file[TITLE] = "Le phare"
    file[TITLE].flags = ["fuzzy"]
    page = sent(tomas, file.send())
    assert f"Line {file.line(TITLE)}, {TITLE}: fuzzy, not taken" in page.text
    assert buttons(page) == {"Take nothing"}


def test_a_mark_taken_away_in_the_file_is_taken_away_here(tomas, translated, tmp_path):
    translated.title_fr = "Le grand phare"
    translated.save()
    workflow.save_draft(translated, "fr", tomas.user, unsure=["title", "summary"])
    file = Translator(tmp_path)
    assert [file[name].fuzzy for name in (TITLE, SUMMARY, BODY)] == [True, True, False]
    file[TITLE].flags = []
    page = sent(tomas, file.send())
    assert "1 confirmed" in page.text
    confirm(tomas, page)
    draft = workflow.latest("page", "lighthouse", "fr")
    assert (draft.title, draft.unsure) == ("Le grand phare", ["summary"])


def test_a_long_plan_is_shown_in_parts(tomas, tmp_path):
    file = Translator(tmp_path)
    for entry in file.po:
        if not entry.msgstr and entry.msgctxt.startswith(("term:", "figure:")):
            entry.msgstr = entry.msgid
    page = sent(tomas, file.send())
    first, second = (
        {row.all("bdi")[0].text for row in shown.all("tr") if row.all("bdi")}
        for shown in (page, tomas.see(f"{IMPORT}?conflicts=refuse&partial=0&part=2"))
    )
    assert (len(first), first & second) == (50, set())
    assert second
    assert len(page.source) < 60 * 1024
    assert tomas.client.get(f"{IMPORT}?part=0").status_code == 404
    assert tomas.client.get(f"{IMPORT}?conflicts=x").status_code == 404
