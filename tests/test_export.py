"""`manage.py export`: the live site as files, and nothing that is not public."""

import gzip
import json
import re

import brotli
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from campaign import languages
from content.baking import export, folder
from content.models import Page
from content.publishing import workflow
from tests.baking import FEW, baked, only
from tests.factories import approver, childline, digits, editor, ireland, page, publish, waiting

pytestmark = pytest.mark.django_db

HOSTS_OWN = {"Vary", "ETag", "Content-Length", "Content-Encoding"}
ALLOWED = re.compile(
    r"((([a-z]{2}|exit|\.)/([a-z0-9-]+/)*)?(index|404)\.html|robots\.txt|sitemap(-[a-z]{2})?\.xml"
    r"|data/contacts\.json)(\.br|\.gz)?"
    r"|_headers|_redirects|nginx\.conf|Caddyfile|export\.json"
)


@pytest.fixture
def baked_root(monkeypatch, settings, tmp_path):
    """A release of a few addresses."""
    only(monkeypatch)
    settings.BAKED_ROOT = str(tmp_path / "baked")
    baked(settings.BAKED_ROOT)
    return tmp_path / "baked"


@pytest.fixture
def target(baked_root, tmp_path):
    """An export of it."""
    call_command("export", tmp_path / "public")
    return tmp_path / "public"


def matches(pattern, path):
    escaped = re.escape(pattern).replace(r"\*", ".*")
    return re.fullmatch(re.sub(r":[a-z]+", "[^/]+", escaped), path)


def headers_of(target, path):
    """Read `_headers` as Cloudflare Pages does: in order, "!" takes away, repeats are joined."""
    found, applies = {}, False
    for line in (target / "_headers").read_text().splitlines():
        if not line.startswith(" "):
            applies = bool(matches(line, path))
        elif applies and line.startswith("  ! "):
            found.pop(line[4:], None)
        elif applies:
            name, _, value = line.strip().partition(": ")
            found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def test_each_page_has_the_bytes_and_the_headers_of_the_live_site(target, client):
    for path in FEW:
        live = client.get(path)
        file = target / (path[1:] + "index.html" if path.endswith("/") else path[1:])
        assert file.read_bytes() == live.content, path
        if len(live.content) > 1000:  # little is not worth compressing
            gz, br = (file.with_name(file.name + suffix).read_bytes() for suffix in (".gz", ".br"))
            assert gzip.decompress(gz) == brotli.decompress(br) == live.content
        expected = {name: value for name, value in live.items() if name not in HOSTS_OWN}
        said = headers_of(target, path)
        if "text/html" in expected["Content-Type"]:
            del expected["Content-Type"]
            said.pop("Content-Type", None)
        assert said == expected, path


def test_every_other_address_has_the_headers_too(target):
    for path in ("/", "/xx/nowhere/", "/exit/"):
        said = headers_of(target, path)
        assert said["Content-Security-Policy"].count("default-src 'none'") == 1
        assert said["X-Content-Type-Options"] == "nosniff"
        assert said["Referrer-Policy"] == "no-referrer"


def test_headers_keep_to_the_limits_of_hosts(target):
    lines = (target / "_headers").read_text().splitlines()
    assert sum(not line.startswith(" ") for line in lines) <= 100
    assert max(map(len, lines)) <= 2000


def test_the_way_out_works_without_a_server(target):
    text = (target / "exit/index.html").read_text()
    assert f'content="0; url={settings.EXIT_URL}"' in text
    assert f'href="{settings.EXIT_URL}" rel="noreferrer"' in text
    assert "Clear-Site-Data" not in headers_of(target, "/exit/")
    assert "no-store" in headers_of(target, "/exit/")["Cache-Control"]


def test_the_way_in_lists_what_is_offered_in_own_names(target):
    text = (target / "index.html").read_text()
    assert 'href="/en/" lang="en" dir="ltr"' in text
    assert 'href="/exit/"' in text


def test_languages_that_are_called_otherwise_lead_on(target):
    assert "/no/* /nb/:splat 302\n" in (target / "_redirects").read_text()


def plant_what_is_not_public():
    """Write drafts, comments, a note, names of staff, and a page that was withdrawn."""
    writer, second = editor("Planted editor"), approver("Planted approver")
    item = Page.objects.get(key="stop")
    item.title_en = "Planted draft title"
    item.save()
    assert workflow.save_draft(item, "en", writer, comment="Planted comment")
    country = ireland()
    service = childline(country, organisation="Planted service", note="Planted note")
    revision = waiting(country, languages.NEUTRAL, writer)
    workflow.approve(revision, second, digits=digits(revision))
    service.organisation = "Planted renaming"
    service.save()
    assert workflow.save_draft(ireland(), languages.NEUTRAL, writer)
    gone = page("lighthouse", title_en="Planted page")
    workflow.withdraw(publish(gone), second, "Planted reason")


PLANTED = [
    *("Planted editor", "Planted approver", "Planted draft title", "Planted comment"),
    *("Planted note", "Planted reason", "Planted renaming", "Planted page"),
]


def test_nothing_but_what_is_public_is_in_any_file(baked_root, tmp_path, settings):
    plant_what_is_not_public()
    planted = [*PLANTED, settings.SECRET_KEY]
    baked(baked_root)
    call_command("export", tmp_path / "public")
    for file in (tmp_path / "public").rglob("*"):
        if not file.is_file():
            continue
        assert ALLOWED.fullmatch(str(file.relative_to(tmp_path / "public"))), file
        data = file.read_bytes()
        data = {".br": brotli.decompress, ".gz": gzip.decompress}.get(file.suffix, bytes)(data)
        for text in planted:
            assert text.encode() not in data, file


def test_every_file_stands_in_the_list_with_its_digest(target):
    listed = json.loads((target / "export.json").read_text())["files"]
    there = {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()}
    assert set(listed) == there - {"export.json"}


def test_a_folder_of_somebody_else_is_left_alone(baked_root, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("Dear")
    with pytest.raises(CommandError, match="no export has written"):
        call_command("export", tmp_path / "mine")
    assert (tmp_path / "mine/letter.txt").read_text() == "Dear"


def test_an_export_that_fails_leaves_the_one_before(target, baked_root, monkeypatch):
    before = (target / "export.json").read_bytes()

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder, "write", full)
    with pytest.raises(CommandError, match="Nothing was replaced"):
        call_command("export", target)
    assert (target / "export.json").read_bytes() == before
    assert [path.name for path in target.parent.iterdir() if path.name.startswith(".")] == []


def test_a_damaged_release_is_not_exported(baked_root, tmp_path):
    (baked_root / "current/en/stop/index.html").resolve().write_text("damaged")
    with pytest.raises(CommandError, match="damaged"):
        call_command("export", tmp_path / "public")
    assert not (tmp_path / "public").exists()


def test_nothing_baked_says_what_to_run(tmp_path, settings):
    settings.BAKED_ROOT = str(tmp_path / "none")
    with pytest.raises(CommandError, match=r"manage\.py bake"):
        call_command("export", tmp_path / "public")


def test_the_marker_names_no_path(target):
    assert export.MARKER not in (target / "_headers").read_text()
