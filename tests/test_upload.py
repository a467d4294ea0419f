"""`manage.py upload` into the bucket of a real S3 server."""

import json
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError
from django.core.management import CommandError, call_command

from content.baking import upload
from content.models import Page
from tests.baking import baked, only
from tests.factories import publish

pytestmark = pytest.mark.django_db

FEW = ["/en/", "/en/stop/", "/ar/", "/ar/stop/", "/robots.txt", "/data/contacts.json"]


class Store:
    """An S3 server with one bucket; `rclone` keeps its objects as files."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "public").mkdir(parents=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = None
        self.start()

    def start(self):
        rclone = Path(sys.executable).with_name("rclone")
        self.process = subprocess.Popen(
            [
                *(rclone, "serve", "s3", "--addr", f"127.0.0.1:{self.port}"),
                *("--auth-key", "key,secret", "--etag-hash", "MD5", "--config", ""),
                str(self.folder),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 20
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                assert self.process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.05)

    def stop(self):
        self.process.kill()
        self.process.wait()

    def names(self):
        public = self.folder / "public"
        return {str(path.relative_to(public)) for path in public.rglob("*") if path.is_file()}

    def read(self, name):
        return (self.folder / "public" / name).read_bytes()


@pytest.fixture
def store(tmp_path, monkeypatch):
    store = Store(tmp_path / "store")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{store.port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    yield store
    store.stop()


@pytest.fixture
def exported(monkeypatch, settings, tmp_path):
    """An export of a few addresses, and how to make it anew."""
    only(monkeypatch, FEW)
    settings.BAKED_ROOT = str(tmp_path / "baked")

    def export():
        baked(settings.BAKED_ROOT, allow_fewer=True)
        call_command("export", tmp_path / "export")
        return tmp_path / "export"

    return export


def run(folder, capsys, *options):
    """Upload; returns how many files were sent, were there, were removed."""
    capsys.readouterr()
    call_command("upload", folder, "s3://public", *options)
    return tuple(int(number) for number in re.findall(r"\d+", capsys.readouterr().out))


def of_readers(folder):
    files = json.loads((folder / "export.json").read_text())["files"]
    return {name for name, file in files.items() if "type" in file}


def test_all_that_is_for_readers_is_there(store, exported, capsys):
    folder = exported()
    names = of_readers(folder)
    assert run(folder, capsys) == (len(names), 0, 0)
    assert store.names() == names | {"export.json"}
    assert {"index.html", "en/stop/index.html", "404.html", "exit/index.html"} <= names
    assert all(store.read(name) == (folder / name).read_bytes() for name in names)


def test_types_and_times_are_those_of_the_site(store, exported, monkeypatch, client):
    sent = {}
    put = upload.Bucket.put

    def noted(bucket, name, body, headers):
        sent[name] = headers
        put(bucket, name, body, headers)

    monkeypatch.setattr(upload.Bucket, "put", noted)
    call_command("upload", exported(), "s3://public")
    for path in FEW:
        name = path[1:] + "index.html" if path.endswith("/") else path[1:]
        live = client.get(path)
        assert sent[name]["ContentType"] == live["Content-Type"]
        assert sent[name].get("CacheControl") == live.get("Cache-Control")
    assert sent["404.html"]["CacheControl"] == "no-store"
    assert "no-store" in sent["exit/index.html"]["CacheControl"]


def test_only_what_has_changed_is_sent(store, exported, capsys):
    folder = exported()
    run(folder, capsys)
    assert run(folder, capsys) == (0, len(of_readers(folder)), 0)
    item = Page.objects.get(key="stop")
    item.summary_en = "A new summary of it."
    item.save()
    publish(item)
    assert run(exported(), capsys)[0] in range(1, len(FEW))
    assert b"A new summary of it." in store.read("en/stop/index.html")


def test_what_is_gone_is_removed_and_what_others_put_there_is_not(
    store, exported, capsys, monkeypatch
):
    run(exported(), capsys)
    upload.Bucket("s3://public").put("letter.txt", b"Dear", {})
    only(monkeypatch, [path for path in FEW if path != "/ar/stop/"])
    assert run(exported(), capsys, "--allow-fewer")[2] == 1
    assert "ar/stop/index.html" not in store.names()
    assert "letter.txt" in store.names()


def test_an_upload_that_was_cut_off_goes_on(store, exported, capsys, monkeypatch):
    folder = exported()
    put = upload.Bucket.put
    sent = []

    def dies(bucket, name, body, headers):
        if len(sent) == 5:
            store.stop()
        sent.append(name)
        put(bucket, name, body, headers)

    with monkeypatch.context() as context:
        context.setattr(upload, "AT_ONCE", 1)
        context.setattr(upload.Bucket, "put", dies)
        with pytest.raises(CommandError, match="only the rest is sent"):
            call_command("upload", folder, "s3://public")
    store.start()
    arrived = len(store.names()) - 1
    assert 0 < arrived < len(of_readers(folder))
    assert run(folder, capsys)[:2] == (len(of_readers(folder)) - arrived, arrived)
    assert all(store.read(name) == (folder / name).read_bytes() for name in of_readers(folder))


def test_what_a_cut_off_upload_has_sent_is_removed_when_it_is_gone(
    store, exported, capsys, monkeypatch
):
    folder = exported()
    with monkeypatch.context() as context:
        context.setattr(upload, "_send", lambda *arguments: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            call_command("upload", folder, "s3://public")
    upload.Bucket("s3://public").put("ar/stop/index.html", b"sent before it was cut off", {})
    only(monkeypatch, [path for path in FEW if path != "/ar/stop/"])
    assert run(exported(), capsys, "--allow-fewer")[2] == 1


def test_headers_alone_are_sent_again(store, exported, capsys):
    folder = exported()
    run(folder, capsys)
    marker = json.loads((folder / "export.json").read_text())
    marker["files"]["robots.txt"]["cache"] = "max-age=9"
    (folder / "export.json").write_text(json.dumps(marker))
    assert run(folder, capsys)[0] == 1
    assert run(folder, capsys)[0] == 0


def test_compressed_files_may_be_sent(store, exported, capsys):
    folder = exported()
    run(folder, capsys, "--gzip")
    assert store.read("en/stop/index.html") == (folder / "en/stop/index.html.gz").read_bytes()
    assert run(folder, capsys)[0] > 1  # plain again


def test_a_prefix_keeps_sites_apart(store, exported):
    call_command("upload", exported(), "s3://public/two/")
    assert all(name.startswith("two/") for name in store.names())


def test_many_fewer_files_are_refused(store, exported, capsys, monkeypatch):
    run(exported(), capsys)
    before = store.names()
    only(monkeypatch, ["/en/"])
    with pytest.raises(CommandError, match="--allow-fewer"):
        call_command("upload", exported(), "s3://public")
    assert store.names() == before


def test_a_damaged_export_is_refused(store, exported):
    folder = exported()
    (folder / "en/stop/index.html").write_text("damaged")
    with pytest.raises(CommandError, match="damaged"):
        call_command("upload", folder, "s3://public")
    assert store.names() == set()


@pytest.mark.parametrize("address", ["public", "http://public", "s3://"])
def test_an_address_that_names_no_bucket_says_how_to_write_it(address, exported):
    with pytest.raises(CommandError, match="s3://bucket"):
        call_command("upload", exported(), address)


def test_who_may_not_write_is_told(store, exported, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(CommandError, match=r"SignatureDoesNotMatch|Forbidden|403"):
        call_command("upload", exported(), "s3://public")


def test_a_bucket_that_is_not_there_is_told(store, exported):
    with pytest.raises(CommandError, match="NoSuchBucket"):
        call_command("upload", exported(), "s3://nowhere")
    client = boto3.client("s3")
    with pytest.raises(ClientError):
        client.head_bucket(Bucket="nowhere")


def test_no_folder_is_no_export(tmp_path):
    with pytest.raises(CommandError, match="is no export"):
        call_command("upload", tmp_path, "s3://public")
