"""Files that come back damaged, foreign, enormous or half right: a sentence, with its row."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from content.models import Contact
from content.sheets import cells, reading
from content.sheets.reading import MOST_BYTES, MOST_ROWS, Unreadable, read
from content.sheets.writing import write
from tests import factories
from tests.admin_support import Desk
from tests.sheets import Shown, as_csv, as_xlsx, exported

pytestmark = pytest.mark.django_db
HEAD = ["key", "phone", "organisation"]
GOOD = as_csv(HEAD, ["ie-a", "112", "Übung"], ["ie-b", "113", "Two"])


def problems(data: bytes) -> list[str]:
    """What the reader says of a file."""
    with pytest.raises(Unreadable) as refused:
        read(data, len(data))
    return [str(problem) for problem in refused.value.problems]


def with_part(data: bytes, name: str, change) -> bytes:
    """A workbook with one of its parts changed."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for entry in old.namelist():
            body = old.read(entry)
            body = change(body) if entry == name else body
            new.writestr(entry, body, zipfile.ZIP_DEFLATED)
    return file.getvalue()


XLSX = as_xlsx(HEAD, ["ie-a", "112", "One"])
PART = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf", "There is no column “key”"),
        (as_csv(HEAD), "There are no contacts in it"),
        (GOOD.decode().encode("cp1252"), "Row 2: This is not UTF-8 text."),
        (GOOD.decode().encode("utf-16"), "The file is written in UTF-16."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "This is an old workbook (.xls)."),
        (GOOD[:-12], "Row 3: The last row has too few cells: the file was cut off."),
        (b'key,phone\r\nie-a,"11', "Row 2: The file ends within a cell"),
        (b'key,phone\r\nie-a,"1"2\r\n', "Row 2: A quotation mark stands where none may be."),
        (as_csv(["phone"], ["1"]), "Row 1: There is no column “key”"),
        (as_csv([*HEAD, "colour"], ["a", "1", "b", "c"]), "There is no column “colour”."),
        (as_csv([*HEAD, "phone"], ["a", "1", "b", "2"]), "The column “phone” is there twice."),
        (as_csv(HEAD, ["ie-a", "1", "b", "c"]), "Row 2: It has more cells than there are names"),
        (as_csv(HEAD, ["", "1", "b"]), "Row 2, key: It has no key."),
        (as_csv(HEAD, ["a", "1", ""], ["b", "2", ""], ["a", "3", ""]), "Row 4, key: a stands in"),
        (as_csv(HEAD, ["a", "1", "b\x07"]), "Row 2, organisation: The character U+0007"),
        (as_csv(HEAD, ["a", "1", "b\u202e"]), "Row 2, organisation: The character U+202E"),
        (as_csv(["key", "ends_on"], ["a", "31.3.2027"]), "Row 2, ends_on: Write the day as"),
        (as_csv(["key", "note"], ["a", "x" * 20_001]), "Row 2, note: It has more than 20000"),
        (as_csv(HEAD, *[[f"k{n}", "1", "b"] for n in range(MOST_ROWS + 1)]), "more than 5000 rows"),
        (as_csv(["key"] * 101, ["a"]), "It has more than 100 cells."),
        (XLSX[: len(XLSX) // 2], "This workbook cannot be read"),
        (b"PK\x03\x04 and nothing else", "This workbook cannot be read"),
        (as_xlsx(HEAD, ["ie-a", "=1+1", "One"]), "Row 2: There is a formula in this row."),
        (as_xlsx(["phone"], ["1"]), "There is no column “key”"),
        (with_part(XLSX, PART, lambda b: b[:-40]), "This workbook cannot be read"),
        (with_part(XLSX, PART, lambda b: b"<!DOCTYPE x>" + b), "declares types of its own"),
        (with_part(XLSX, PART, lambda b: b" " * 31_000_000), "Unpacked the workbook has 31 MB."),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_right_is_refused_with_its_row(data, reason):
    found = problems(data)
    assert any(reason in one for one in found), found


def test_five_megabytes_are_refused_in_words(tmp_path):
    edith = Desk(factories.editor())
    shown = Shown(edith, b"key,phone\r\n" + b"a,1\r\n" * 1_000_000)
    assert shown.problems == ["The file has 5 MB. No more than 4 MB are read."]
    assert problems(b"k" * (MOST_BYTES + 1)) == ["The file has 4 MB. No more than 4 MB are read."]


def test_faults_of_a_file_stand_on_the_page_and_nothing_changes():
    edith = Desk(factories.editor())
    before = list(Contact.objects.order_by("pk").values())
    for data in (b"", GOOD[:-12], XLSX[:900], as_csv(["key", "x"], ["a", "b"])):
        shown = Shown(edith, data)
        assert shown.problems
        assert not shown.may_be_done
    assert list(Contact.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_what_spreadsheets_write_is_read(separator, mark):
    data = mark + as_csv(HEAD, ["ie-a", "+49 30", "A\nB"], ["", "", ""], separator=separator)
    (line,) = read(data, len(data)).lines
    assert line.cells == {"key": "ie-a", "phone": "+49 30", "organisation": "A\nB"}


def test_rows_that_end_early_say_nothing_of_the_rest():
    data = b"key,phone,sms\r\na,1\r\nb,2,3\r\n"
    first, second = read(data, len(data)).lines
    assert "sms" not in first.cells
    assert second.cells["sms"] == "3"


def test_a_row_has_the_number_that_the_spreadsheet_shows():
    data = as_csv(HEAD, ["a", "1", "two\nlines\nin it"], ["b", "1", "\x07"])
    assert problems(data) == ["Row 3, organisation: The character U+0007 may not stand in it."]


def test_the_last_column_is_never_empty():
    last = cells.COLUMNS[-1]
    assert not Contact._meta.get_field(last).blank


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12))
@example("+49 30 1")
@example("'t Huis")
@example("'0800")
@example("''+1")
@example("=1+1")
@example("24/7")
@example("0")
def test_what_guards_a_cell_is_taken_off_again(value):
    guarded = cells.guarded(value)
    assert cells.unguarded(guarded) == value
    assert guarded[:1] not in {"=", "+", "-", "@"}


REFUSED = "\u202a\u202b\u202c\u202d\u202e\ufeff\ufffd"
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=REFUSED), max_size=20
)


@given(
    note=st.lists(TEXT, max_size=3).map("\n".join),
    phone=st.from_regex(r"\+?[0-9][0-9 ()./-]{0,12}", fullmatch=True),
    name=TEXT,
    sources=st.lists(TEXT.filter(str.strip).map(str.strip), max_size=3),
    form=st.sampled_from(["csv", "xlsx"]),
)
def test_whatever_a_contact_says_comes_back_as_it_was(note, phone, name, sources, form):
    contact = Contact(
        key="a", country_id="IE", organisation=name, phone=phone, note=note, sources=sources
    )
    data = write([contact], form)
    (line,) = read(data, len(data)).lines
    expected = {column: cells.text(contact, column).strip() for column in cells.COLUMNS}
    assert dict(line.cells) == expected


def test_the_limits_hold_the_shipped_directory_ten_times():
    edith = Desk(factories.editor())
    assert len(exported(edith)) * 10 < MOST_BYTES
    assert Contact.objects.count() * 10 < reading.MOST_ROWS
