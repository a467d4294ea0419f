"""A visit is one answer, whole in the first round trip, of which nothing stays on the device."""

import brotli
import pytest

from tests import access
from tests.browser import chromium, served
from tests.production import get, parsed, production

__all__ = ["chromium", "served"]

LANGUAGES = ("en", "fr", "ar")
ROUND_TRIP = 14_600
"""Bytes that a server may send before the first acknowledgement (RFC 6928), headers included."""
GUIDE = 24_000
"""The guide holds the numbers of every country, so that choosing one asks for nothing."""
HEADERS = 900
BAKE = f"""
import django
django.setup()
from pathlib import Path
from django.conf import settings
from content.baking import addresses, bake
from content.publishing import live
every = addresses.paths
addresses.paths = lambda index: [p for p in every(index) if p.split("/")[1] in {LANGUAGES}]
bake.bake(Path(settings.BAKED_ROOT), bake.Wish())
print(*addresses.paths(live.index()))
"""


@pytest.fixture(scope="module")
def wire(server, tmp_path_factory):
    """Every page of three languages as the server sends it: bytes by address."""
    folder = tmp_path_factory.mktemp("wire")
    with production(server, folder, HTTPS="1", HSTS_PRELOAD="1") as running:
        paths = running.run(BAKE).split()
        ask = ("X-Forwarded-Proto: https", "Accept-Encoding: gzip, br")
        # A browser keeps the connection, and is told nothing of it.
        return {
            path: running.send(get(path, *ask).replace(b"Connection: close\r\n", b""))
            for path in paths
        }


def test_every_page_arrives_whole_in_the_first_round_trip(wire):
    assert len(wire) > 800
    limits = {f"/{code}/now/": GUIDE for code in LANGUAGES}
    heavy = {
        path: len(sent) for path, sent in wire.items() if len(sent) > limits.get(path, ROUND_TRIP)
    }
    assert heavy == {}


def test_its_headers_are_small_and_its_body_is_compressed(wire):
    for path, sent in wire.items():
        head = sent.partition(b"\r\n\r\n")[0]
        assert len(head) + 4 <= HEADERS, f"{path}: {len(head) + 4}"
        answer = parsed(sent)
        assert (answer.status, answer.headers["content-encoding"]) == (200, "br"), path
        assert answer.headers["cache-control"] == "no-store", path
        assert brotli.decompress(answer.body).startswith(b"<!doctype html>"), path


@pytest.mark.browser
def test_a_browser_asks_for_the_page_and_for_nothing_else(chromium, served):
    """Whatever the page does in its first second, with its script."""
    context = chromium.new_context()
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    for name, address in access.ADDRESSES.items():
        asked.clear()
        page.goto(served.url + address)
        page.wait_for_timeout(200)
        card = [served.url + address.removesuffix("code/")] if name.endswith("embed-code") else []
        assert asked == [served.url + address, *card], name
    context.close()
