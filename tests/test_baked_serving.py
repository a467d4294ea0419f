"""Baked pages as the server answers them: the same as the live site, without the database."""

import gzip
import hashlib
import json
import re
import shutil
import sys

import brotli
import pytest

from campaign import languages, releases
from content.models import Country, Page
from tests.baking import FEW, Asking, baked, files, only
from tests.factories import publish

pytestmark = pytest.mark.django_db

OF_THE_BODY = {"content-length", "content-encoding", "etag", "location"}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """Where the release of what ships lies, once somebody has baked it."""
    return tmp_path_factory.mktemp("shipped")


@pytest.fixture
def root(monkeypatch, tmp_path, shipped):
    """A folder with a release of a few addresses, as they ship."""
    only(monkeypatch)
    if not (shipped / "current").exists():
        baked(shipped)
    return shutil.copytree(shipped, tmp_path / "baked", symlinks=True)


@pytest.fixture
def ask(root):
    """A reader of the server."""
    return Asking(root)


def without_body(headers):
    return {name.lower(): v for name, v in headers.items() if name.lower() not in OF_THE_BODY}


@pytest.mark.parametrize("path", [*FEW, "/", "/en/nothing/", "/ar/report/xx/"])
def test_an_answer_is_the_live_sites_with_all_its_headers(ask, reader, path):
    live = reader.get(path, headers={"accept-language": "ar"})
    answer = ask(path, accept_language="ar")
    assert ask.passed_on == []
    assert (answer.status, answer.body) == (live.status_code, live.content)
    expected = without_body(live.headers)
    expected["vary"] = live.get("Vary") if path == "/" else "Accept-Encoding"
    found = without_body(answer.headers)
    if path == "/":
        assert {"Accept-Language"} <= set(found.pop("vary").split(", "))
        expected.pop("vary")
    assert found == expected


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("br, gzip", "br"),
        ("gzip, deflate, br;q=0.1", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.0, gzip; q=0", None),
        ("identity", None),
        ("*", "br"),
        ("", None),
    ],
)
def test_a_page_comes_in_the_best_encoding_that_the_reader_takes(ask, accepted, sent):
    answer = ask("/en/stop/", accept_encoding=accepted)
    undo = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[sent]
    assert answer.headers.get("content-encoding") == sent
    assert undo(answer.body) == ask("/en/stop/").body
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert answer.headers["vary"] == "Accept-Encoding"


def test_each_encoding_has_its_own_tag(ask):
    tags = {ask("/en/", accept_encoding=one).headers["etag"] for one in ("br", "gzip", "")}
    assert len(tags) == 3
    assert not any(tag.startswith("W/") for tag in tags)


@pytest.mark.parametrize("form", ["{}", 'W/{}, "x"', '"x", {}', "*"])
def test_what_the_reader_has_is_not_sent_again(ask, form):
    fresh = ask("/en/stop/", accept_encoding="br")
    again = ask("/en/stop/", accept_encoding="br", if_none_match=form.format(fresh.headers["etag"]))
    assert (again.status, again.body) == (304, b"")
    gone = {"content-type", "content-length", "content-encoding"}
    assert again.headers == {k: v for k, v in fresh.headers.items() if k not in gone}


def test_what_the_reader_has_in_another_encoding_is_sent_again(ask):
    other = ask("/en/stop/", accept_encoding="gzip").headers["etag"]
    assert ask("/en/stop/", accept_encoding="br", if_none_match=other).status == 200


def test_head_has_the_headers_and_no_body(ask):
    page, head = ask("/en/stop/"), ask("/en/stop/", "HEAD")
    assert (head.status, head.headers, head.body) == (200, page.headers, b"")


def test_a_query_does_not_reach_django(ask):
    assert ask("/en/stop/?cache=buster&q=%00").body == ask("/en/stop/").body
    assert ask("/en/nothing/?1").status == 404
    assert ask.passed_on == []


@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        ("/admin/", "GET", {}),
        ("/exit/", "GET", {}),
        ("/healthz", "GET", {}),
        ("/static/js/page.js", "GET", {}),
        ("/pt-br/", "GET", {}),
        ("/en/stop", "GET", {}),
        ("/en/STOP/", "GET", {}),
        ("/en/stop/", "POST", {}),
        ("/en/stop/", "GET", {"host": "evil.example"}),
    ],
)
def test_what_is_not_baked_goes_to_django(ask, path, method, headers):
    assert ask(path, method, **headers).body == b"Django"


def test_without_a_release_everything_goes_to_django(tmp_path):
    ask = Asking(tmp_path)
    assert {ask(path).body for path in ("/", *FEW)} == {b"Django"}


def test_the_database_is_not_asked(ask, no_database):
    assert {ask(path).status for path in FEW} == {200}
    assert ask("/en/nothing/").status == 404
    chosen = ask("/", accept_language="ar;q=0.4, fr;q=0.9")
    assert (chosen.status, chosen.headers["location"]) == (302, "/fr/")


def test_only_offered_languages_are_chosen(ask):
    assert ask("/", accept_language="de").headers["location"] == "/en/"


def test_a_new_release_is_served_without_a_restart(root, ask):
    before = ask("/en/stop/")
    approve("Take your time.")
    assert ask("/en/stop/").body == before.body
    baked(root)
    after = ask("/en/stop/")
    assert b"Take your time." in after.body
    assert after.headers["etag"] != before.headers["etag"]


def cut(said):
    return said[:-1]


def without_digests(said):
    return re.sub(r',"digests":{[^}]*}', "", said)


def with_a_short_digest(said):
    return re.sub(r'("digests":{"":")..', r"\1", said)


def with_another_letter_in_a_digest(said):
    return re.sub(r'("digests":{"":").', r"\1g", said)


def approve(text):
    section = Page.objects.get(key="stop").sections.first()
    section.body_en = f"<p>{text}</p>"
    section.save()
    return publish(section.page)


def test_of_the_release_after_its_own_a_server_reads_only_what_differs(root, ask, monkeypatch):
    ask("/en/stop/")
    approve("Take your time.")
    baked(root)
    read, load = [], releases._load
    monkeypatch.setattr(releases, "_load", lambda path: read.append(path.name) or load(path))
    assert b"Take your time." in ask("/en/stop/").body
    assert read == [releases.DIFFERENCE]
    assert ask.app._release == releases.current(root)


def test_what_differs_tells_of_pages_that_are_new_and_that_are_gone(root, ask, monkeypatch):
    ask("/en/stop/")
    only(monkeypatch, [*(path for path in FEW if path != "/ar/words/"), "/en/friend/"])
    approve("Take your time.")
    baked(root, allow_fewer=True)
    assert ask("/en/friend/").status == 200
    assert ask("/ar/words/").status == 404
    assert ask.app._release == releases.current(root)


def correct(phone):
    """Approve another number in Ireland: pages that no text of "stop" touches."""
    country = Country.objects.get(code="IE")
    contact = country.contacts.filter(kind="helpline").exclude(phone="").first()
    contact.phone = phone
    contact.save()
    publish(country, languages.NEUTRAL)


def test_a_server_that_has_missed_a_release_reads_the_whole_manifest(root, ask):
    """What differs last says nothing of the number that it has missed."""
    ask("/en/stop/")
    correct("1800 555 777")
    baked(root)
    approve("Breathe.")
    baked(root)
    assert b"Breathe." in ask("/en/stop/").body
    assert b"1800555777" in ask("/en/report/ie/").body
    assert ask.app._release == releases.current(root)


def test_what_differs_from_a_release_of_another_disk_is_not_taken(root, ask, tmp_path):
    """Both are release 1; only one is that from which release 2 differs."""
    ask("/en/stop/")
    held = ask.app._release
    correct("1800 555 777")
    baked(tmp_path / "other")
    approve("Breathe.")
    baked(tmp_path / "other")
    newer = tmp_path / "other" / "current"
    assert held.number == releases.read(newer).number - 1
    assert releases.read(newer, held) == releases.read(newer)


def test_a_server_goes_back_by_hand_and_on_from_there(root, ask):
    ask("/en/stop/")
    for text in ("Take your time.", "Breathe."):
        approve(text)
        baked(root)
        assert text.encode() in ask("/en/stop/").body
    (root / "current").unlink()
    (root / "current").symlink_to("releases/2")
    assert b"Take your time." in ask("/en/stop/").body
    correct("1800 555 777")
    baked(root)
    assert b"Breathe." in ask("/en/stop/").body
    assert b"1800555777" in ask("/en/report/ie/").body
    assert ask.app._release == releases.current(root)


@pytest.mark.parametrize("keyless", ["", None])
def test_a_release_that_older_code_has_baked_has_no_key_and_nothing_differs_from_it(
    root, ask, keyless
):
    manifest = root / "current" / releases.MANIFEST
    said = json.loads(manifest.read_text())
    said = {name: value for name, value in said.items() if name != "key"}
    manifest.write_text(json.dumps(said if keyless is None else {**said, "key": ""}))
    approve("Take your time.")
    baked(root)
    assert not (root / "current" / releases.DIFFERENCE).exists()
    assert b"Take your time." in ask("/en/stop/").body


@pytest.mark.parametrize("damage", [cut, without_digests, with_a_short_digest])
def test_where_what_differs_is_damaged_the_whole_manifest_is_read(root, ask, damage):
    ask("/en/stop/")
    approve("Take your time.")
    baked(root)
    difference = root / "current" / releases.DIFFERENCE
    said = difference.read_text()
    difference.write_text(damage(said))
    assert difference.read_text() != said
    assert b"Take your time." in ask("/en/stop/").body


def test_a_page_is_looked_for_elsewhere_when_its_release_is_gone(root, ask):
    ask("/en/stop/")
    shutil.rmtree(root / "releases")
    assert ask("/en/stop/").status == 200  # from memory
    assert ask("/ar/stop/").body == b"Django"


def test_a_damaged_file_is_not_served(root, ask):
    (root / "current" / "en/stop/index.html").write_text("<h1>Something else</h1>")
    assert ask("/en/stop/").body == b"Django"
    assert ask("/en/stop/", accept_encoding="br").status == 200


@pytest.mark.parametrize(
    "damage", [cut, without_digests, with_a_short_digest, with_another_letter_in_a_digest]
)
def test_a_damaged_manifest_leaves_what_was_served(root, ask, damage):
    page = ask("/en/stop/")
    baked(root, full=True)
    manifest = root / "current" / releases.MANIFEST
    said = manifest.read_text()
    manifest.write_text(damage(said))
    assert manifest.read_text() != said
    with pytest.raises(releases.Unreadable):
        releases.current(root)
    assert ask("/en/stop/").body == page.body


def test_a_worker_holds_the_digests_of_all_pages_in_little_room():
    plain = {one: hashlib.sha256(one.encode()).hexdigest() for one in ("", "br", "gzip")}
    kept = releases.Digests(plain)
    assert dict(kept) == plain
    assert "zstd" not in kept
    with pytest.raises(KeyError):
        kept["zstd"]
    size = sys.getsizeof(kept) + sys.getsizeof(kept._bytes)
    assert size < (sys.getsizeof(plain) + sum(map(sys.getsizeof, plain.values()))) / 2


def test_a_release_of_another_site_is_not_served(root, settings):
    settings.SITE_URL = "https://another.example"
    assert Asking(root)("/en/stop/").body == b"Django"


def test_memory_holds_what_was_asked_for_last_and_no_more(root):
    found = files(root)
    most = len(found["en/stop/index.html"]) + len(found["ar/stop/index.html"]) + 10
    ask = Asking(root, cache=most)
    for path in FEW:
        body = ask(path).body
        assert hashlib.sha256(body).digest() == hashlib.sha256(ask(path).body).digest()
        assert sum(map(len, ask.app._hot._bodies.values())) <= most
    assert ask.app._hot._bodies
