"""Real servers with what is exported for them answer as the site does."""

import gzip
import http.client
import shutil
import socket
import subprocess
import time
from contextlib import closing

import brotli
import pytest
from django.core.management import call_command

from tests.baking import FEW, Asking, baked, only

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

HOSTS_OWN = {
    *("vary", "etag", "content-length", "content-encoding", "date", "server", "connection"),
    *("last-modified", "accept-ranges", "keep-alive", "transfer-encoding", "location"),
}
NGINX = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors;
events {{ }}
http {{
    access_log off; include /etc/nginx/mime.types;
    client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
    uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
    server {{ listen 127.0.0.1:{port}; root {export}; include {export}/nginx.conf; }}
}}
"""
CADDY = """
{{
    admin off
    auto_https off
}}
http://127.0.0.1:{port} {{
    root * {export}
    import {export}/Caddyfile
}}
"""
SERVERS = {
    "nginx": (NGINX, ["nginx", "-c"]),
    "caddy": (CADDY, ["caddy", "run", "--adapter", "caddyfile", "--config"]),
}


@pytest.fixture
def live(monkeypatch, settings, tmp_path, client):
    """Ask the site itself, baked."""
    only(monkeypatch)
    settings.BAKED_ROOT = str(tmp_path / "baked")
    baked(settings.BAKED_ROOT)
    call_command("export", tmp_path / "public")
    asking = Asking(tmp_path / "baked")

    def ask(path):
        answered = asking(path)
        if answered.status != 299:
            return answered.status, answered.headers, answered.body
        response = client.get(path)
        return (
            response.status_code,
            {name.lower(): value for name, value in response.items()},
            b"".join(response) if response.streaming else response.content,
        )

    return ask


@pytest.fixture(params=SERVERS)
def server(request, live, tmp_path):
    """Ask a server that knows nothing but the exported folder."""
    text, command = SERVERS[request.param]
    program = shutil.which(command[0], path="/usr/sbin:/usr/bin:/usr/local/bin")
    assert program, f"{command[0]} is not installed: make servers"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path / "server"
    folder.mkdir()
    config = folder / "config"
    config.write_text(text.format(folder=folder, port=port, export=tmp_path / "public"))
    # Readable for the account that the server runs under.
    for part in (tmp_path, *tmp_path.parents[:2]):
        part.chmod(0o755)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [program, *command[1:], str(config)],
            stdout=log,
            stderr=log,
            env={"HOME": str(folder), "XDG_DATA_HOME": str(folder)},
        )
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def ask(path, method="GET", **headers):
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            connection.request(method, path, headers=headers)
            response = connection.getresponse()
            body = response.read()
            found = {}
            for name, value in response.getheaders():
                assert name.lower() not in found, f"{name} is sent twice for {path}"
                found[name.lower()] = value
            return response.status, found, body

    ask.name = request.param
    yield ask
    process.terminate()
    process.wait(10)


def _policy(headers):
    return {part.strip() for part in headers["content-security-policy"].split(";")}


def without(headers, *names):
    return {name: value for name, value in headers.items() if name not in {*HOSTS_OWN, *names}}


def test_it_answers_as_the_site_does(server, live):
    for path in [*FEW, "/en/nowhere/", "/ar/no/where/", "/ar/report/xx/"]:
        status, headers, body = server(path)
        expected_status, expected, expected_body = live(path)
        assert (status, path) == (expected_status, path)
        assert body == expected_body, path
        assert without(headers) == without(expected), path


def test_ways_that_lead_on(server, live):
    for path in ("/en/stop", "/no/stop/", "/pt-br/stop/", "/en", "/exit/"):
        status, headers, _ = server(path)
        expected_status, expected, _ = live(path)
        assert status in (301, 302), path
        assert expected_status in (301, 302), path
        assert headers["location"] == expected["location"], path
        assert _policy(headers) == _policy(expected)
        for name in ("referrer-policy", "x-content-type-options", "permissions-policy"):
            assert headers[name] == expected[name], (path, name)
    assert "clear-site-data" not in server("/exit/")[1]
    assert set(server("/exit/")[1]["cache-control"].split(", ")) == set(
        live("/exit/")[1]["cache-control"].split(", ")
    )


def test_the_way_in_is_a_list_of_languages(server):
    status, headers, body = server("/")
    assert status == 200
    assert b'href="/ar/" lang="ar" dir="rtl"' in body
    assert headers["content-security-policy"]


def test_compressed_bytes_are_sent_to_who_reads_them(server, live):
    whole = live("/en/stop/")[2]
    status, headers, body = server("/en/stop/", **{"Accept-Encoding": "gzip"})
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert "accept-encoding" in headers["vary"].lower()
    assert gzip.decompress(body) == whole
    if server.name == "caddy":  # nginx needs another module for it
        headers, body = server("/en/stop/", **{"Accept-Encoding": "gzip, br"})[1:]
        assert headers["content-encoding"] == "br"
        assert brotli.decompress(body) == whole


def test_what_is_known_is_not_sent_again(server):
    tag = server("/en/stop/")[1]["etag"]
    status, headers, body = server("/en/stop/", **{"If-None-Match": tag})
    assert (status, body) == (304, b"")
    assert headers["content-security-policy"]


def test_what_is_for_the_host_is_not_for_readers(server):
    for name in ("_headers", "_redirects", "nginx.conf", "Caddyfile", "export.json"):
        status, headers, body = server(f"/{name}")
        assert status == 404
        assert b"<html" in body
        assert headers["content-security-policy"]


def test_no_server_tells_its_version(server):
    assert not any(letter.isdigit() for letter in server("/en/")[1].get("server", ""))
