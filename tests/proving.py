"""What a page leaves behind and what it costs, seen from the browser's side.

Everything is taken from Chromium's own account of the network (DevTools protocol, domain Network)
and from what a page of the same site can find in each kind of storage.
"""

from dataclasses import dataclass, field
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from tools import observatory

STORED = """async () => {
    const kept = [localStorage, sessionStorage].map((one) => JSON.stringify({...one}).length - 2);
    const { usage } = await navigator.storage.estimate();
    const things = [
        await indexedDB.databases(), await caches.keys(),
        await navigator.serviceWorker.getRegistrations(),
    ].map((found) => found.length);
    return [...kept, usage, ...things, document.cookie.length].reduce((sum, one) => sum + one);
}"""
"""Bytes, and one more for each database, cache and service worker, which may be empty."""
NOWHERE = {"data", "blob", "about"}
"""Addresses that are their own content: nobody is asked."""
HTTPS = {"X-Forwarded-Proto": "https"}
"""The browser speaks to the server itself; a proxy would have told it this."""


@dataclass
class Seen:
    """What was found on all pages that were opened."""

    sizes: dict[str, int] = field(default_factory=dict)
    """Bytes by page as they are sent, compressed, with an empty cache: page, scripts, pictures."""
    cookies: set[str] = field(default_factory=set)
    foreign: set[str] = field(default_factory=set)
    """Addresses on other hosts that were asked."""
    stored: int = 0
    scores: dict[str, int] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    """What the browser's console says: a policy that was broken, a script that failed."""

    @property
    def typical(self) -> int:
        """Bytes of the median page."""
        return round(median(self.sizes.values()))

    @property
    def largest(self) -> int:
        """Bytes of the largest page."""
        return max(self.sizes.values())

    @property
    def score(self) -> int:
        """The points of the page that has fewest."""
        return min(self.scores.values())


def visit(browser: Browser, site: str, paths: list[str]) -> Seen:
    """Open each page of a site; return what all of them together did."""
    context = browser.new_context(base_url=site, extra_http_headers=HTTPS)
    page, seen, size = context.new_page(), Seen(), [0]
    network = context.new_cdp_session(page)
    ours = urlsplit(site).netloc

    def asked(event: dict[str, Any]) -> None:
        parts = urlsplit(event["request"]["url"])
        if parts.netloc != ours and parts.scheme not in NOWHERE:
            seen.foreign.add(event["request"]["url"])

    def answered(event: dict[str, Any]) -> None:
        for name, value in event["headers"].items():
            if name.lower() == "set-cookie":
                seen.cookies.add(value)

    def began(event: dict[str, Any]) -> None:
        size[0] -= int(event["response"]["encodedDataLength"])  # what came so far: the headers

    def received(event: dict[str, Any]) -> None:
        size[0] += int(event["encodedDataLength"])

    network.on("Network.requestWillBeSent", asked)
    network.on("Network.responseReceivedExtraInfo", answered)
    network.on("Network.responseReceived", began)
    network.on("Network.loadingFinished", received)
    page.on("console", lambda message: seen.complaints.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: seen.complaints.append(f"{page.url}: {error}"))
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    for path in paths:
        size[0] = 0
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{path} answers {answer.status}"
        seen.stored += page.evaluate(STORED)
        seen.sizes[path] = size[0]
        seen.scores[path] = observatory.score(answer.headers, page.content())
    seen.cookies |= {str(cookie) for cookie in context.cookies()}
    context.close()
    return seen
