"""Files that come back from anywhere: read whole, or refused with the line."""

import codecs
import html
import tempfile
import time

import polib
import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from content import markdown
from content.interchange import faults, reading
from content.interchange.exporting import export
from content.interchange.planning import Outcome, plan
from content.interchange.reading import Unreadable, read
from content.interchange.writing import write
from content.models import Page, Revision, Section
from tests import factories
from tests.test_markdown import BLOCKS

HEAD = 'msgid ""\nmsgstr ""\n"Language: fr\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
ONE = 'msgctxt "page:home/title"\nmsgid "You can say no now"\nmsgstr "Dis non"\n'


def refused(data):
    with pytest.raises(Unreadable) as error:
        read(data if isinstance(data, bytes) else data.encode())
    return [str(problem) for problem in error.value.problems]


def test_a_plain_file_is_read():
    file = read((HEAD + ONE).encode())
    (entry,) = file.entries
    assert file.language == "fr"
    assert (entry.line, entry.name, entry.translation) == (6, "page:home/title", "Dis non")
    assert (entry.is_fuzzy, entry.number, file.missing) == (False, None, 0)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text.rstrip("\n").encode(),
        lambda text: text.replace("Dis non", 'Dis "\n"non').encode(),
        lambda text: (text + '\n#~ msgid "old"\n#~ msgstr "vieux"\n').encode(),
        lambda text: text.replace("fr\\n", "fr_FR\\n").encode(),
        lambda text: text.replace("\nmsgctxt", '\n#| msgid "Say"\n#. x\n\nmsgctxt').encode(),
    ],
    ids="bom crlf cr no-last-line continued obsolete region comments".split(),
)
def test_what_translators_tools_do_to_a_file_does_not_matter(change):
    file = read(change(HEAD + ONE))
    assert [entry.translation for entry in file.entries] == ["Dis non"]
    assert file.language == "fr"


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\u0085", "\u00a0"])
def test_a_sign_that_python_takes_for_the_end_of_a_line_is_a_letter(sign):
    (entry,) = read((HEAD + ONE.replace("Dis ", f"Dis{sign}")).encode()).entries
    assert entry.translation == f"Dis{sign}non"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("", "no message"),
        ("\n# only a comment\n", "no message"),
        ("PK\x03\x04", "line 1: The character U+0003"),
        ("Dear all,\nplease find attached", "line 1: This is no line of a PO file: Dear all,"),
        ('"text"\n', "line 1: This text belongs to no message."),
        ((HEAD + ONE).encode("utf-16"), "line 1: The file is written in UTF-16."),
        ((HEAD + ONE.replace("Dis", "Né")).encode("latin-1"), "line 8: This is not UTF-8 text."),
        (HEAD + ONE + "\x00", "line 9: The character U+0000"),
        (HEAD + ONE[:-3], "line 8: This is no line of a PO file"),
        (HEAD + ONE[: ONE.index("msgstr")], "line 7: The file ends in the middle"),
        (HEAD + 'msgctxt "page:home/title"\n', "line 6: The file ends in the middle"),
        (HEAD + 'msgctxt "a"\n' + ONE, "line 7: msgctxt cannot stand after msgctxt."),
        (HEAD + 'msgstr "x"\nmsgstr "y"\nmsgid_plural "z"\n', "msgid_plural cannot stand after"),
        (HEAD + ONE.replace('"Dis non"', '"Dis "non""'), "line 8: This is no line"),
        (HEAD + ONE.replace('"Dis non"', "Dis non"), "line 8: This is no line"),
        (HEAD + ONE + ONE, "line 9: page:home/title stands in line 6 already."),
        (HEAD + 'msgid "Stop"\nmsgstr "Halte"\n', "line 6: This message has no msgctxt"),
        (
            HEAD + 'msgctxt "a"\nmsgid "b"\nmsgid_plural "c"\nmsgstr[0] "d"\nmsgstr[1] "e"\n',
            "line 6: Our texts have no plural forms.",
        ),
        (ONE, "does not name its language"),
        (HEAD.replace("fr", "") + ONE, "does not name its language"),
        (HEAD.replace("fr", "en") + ONE, "'en' is none of our languages"),
        (HEAD.replace("fr", "ja") + ONE, "'ja' is none of our languages"),
        (HEAD.replace("fr", "sr@latin") + ONE, "'sr@latin' is none of our languages"),
        (HEAD.replace("fr", "sr-Latn") + ONE, "'sr-Latn' is none of our languages"),
        (HEAD + ONE.replace("Dis", "Dis\u202e"), "line 8: The character U+202E"),
        (HEAD + ONE.replace("Dis", "Dis\ufffd"), "line 8: The character U+FFFD"),
        (HEAD + '#| nonsense "x"\n' + ONE, "line 6: This cannot be read"),
    ],
)
def test_a_broken_file_is_refused_with_the_line(data, reason):
    assert any(reason in problem for problem in refused(data)), refused(data)


def test_a_huge_file_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(reading, "_parse", lambda text: pytest.fail("it was read"))
    assert refused(b"x" * 100_000_000) == ["The file is larger than 5 MB: no more is read."]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ('"x"\n', "This text has more than 2000 lines."),
        ("#. x\n", "This text has more than 2000 lines."),
        ('msgctxt "{}"\nmsgid "a"\nmsgstr "b"\n', "The file has more than 10000 texts."),
    ],
    ids="text comment texts".split(),
)
def test_what_would_keep_the_server_busy_is_refused_soon(lines, reason):
    count = 4_000_000 // len(lines)
    data = (
        HEAD
        + 'msgctxt "x"\nmsgid ""\nmsgstr ""\n'
        + "".join(lines.format(n) if "{" in lines else lines for n in range(count))
    )
    started = time.monotonic()
    assert any(reason in problem for problem in refused(data))
    assert time.monotonic() - started < 20


def test_a_file_full_of_faults_names_the_first_twenty():
    assert len(refused("nonsense\n" * 100_000)) == 20


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_read(data):
    try:
        read(data)
    except Unreadable:
        return


@given(st.data())
@settings(max_examples=200)
def test_a_file_cut_anywhere_is_refused_or_read_up_to_there(data):
    whole = (HEAD + ONE + "\n" + ONE.replace("home", "stop")).encode()
    cut = data.draw(st.integers(0, len(whole)))
    try:
        file = read(whole[:cut])
    except Unreadable:
        return
    assert {entry.translation for entry in file.entries} <= {"Dis non"}


# --- There and back -----------------------------------------------------------------------------

PLAIN = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Zs", "Zl", "Zp")), min_size=1, max_size=60
)


def through_a_tool(data, width, line_end):
    """Open and save a file as translators' tools do: other widths, other ends of lines."""
    with tempfile.NamedTemporaryFile(suffix=".po") as file:
        file.write(data)
        file.flush()
        po = polib.pofile(file.name, wrapwidth=width)
    return str(po).replace("\n", line_end).encode("utf-8-sig")


def live(item):
    """Make what the working copy says live, whatever the rules say of it."""
    revision = factories.draft(Page.objects.get(pk=item.pk))
    revision.is_live, revision.approved_at = True, revision.created_at
    revision.save()


@pytest.mark.django_db
@given(
    title=PLAIN,
    body=BLOCKS,
    width=st.sampled_from([0, 40, 78, 200]),
    line_end=st.sampled_from(["\n", "\r\n"]),
)
# Making an example smaller would take minutes: each is a whole export.
@settings(
    max_examples=15,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
def test_a_text_goes_out_and_comes_back_without_loss(title, body, width, line_end):
    assume(not faults.FORBIDDEN.search(title + html.unescape(body)))
    assume(not faults.HTML.search(title + markdown.to_markdown(body)))
    # "Â¶" may be meant, but is taken for damage.
    assume(not any(faults.is_damaged(text) for text in (title, markdown.to_markdown(body))))
    with transaction.atomic():
        item = factories.page(title_en=title, title_fr=f"Le {title}")
        Section.objects.update_or_create(
            page=item,
            key="light",
            defaults={"body_en": f"<p>A</p>{body}", "body_fr": f"<p>B</p>{body}"},
        )
        live(item)
        written = factories.draft(Page.objects.get(pk=item.pk), "fr").content
        file = read(through_a_tool(export("fr"), width, line_end))
        assert set(plan(file).counts) == {Outcome.SAME, Outcome.EMPTY}, plan(file).written
        # Then everything that was translated is lost, and the file brings it back.
        Revision.objects.filter(key=item.key, language="fr").delete()
        Section.objects.filter(page=item).update(body_fr="")
        Page.objects.filter(pk=item.pk).update(title_fr="")
        (draft,) = write(file, factories.editor()).drafts
        assert draft.content["title"] == written["title"]
        (before,), (after,) = written["sections"], draft.content["sections"]
        assert markdown.tree(after["body"]) == markdown.tree(before["body"])
        transaction.set_rollback(True)
