"""Follow links to where they lead, and say what that means for readers."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import zip_longest
from urllib.parse import urljoin, urlsplit

from content.links import network
from content.links.network import Answer, Forbidden, NoAnswer
from content.models import LinkCheck

Outcome = LinkCheck.Outcome

AT_ONCE = 8
"""Requests at once in all; our own line may be thin."""
AT_ONCE_A_HOST = 2
MOST_REDIRECTS = 5

NEEDS_GET = {400, 403, 404, 405, 500, 501}
"""Servers that know no HEAD answer it like this."""
GUARDED = {401, 403, 406, 429, 451, 999}
"""These refuse programs, or this country; people may still see the page."""
GONE = {404, 410}
REDIRECTS = {301, 302, 303, 307, 308}
FOR_GOOD = {301, 308}


@dataclass(frozen=True)
class Look:
    """What was found at an address."""

    url: str
    outcome: str
    status: int | None = None
    detail: str = ""
    redirected_to: str = ""


class Gates:
    """Lets so many requests at once through to each host, redirects among them."""

    def __init__(self, at_once: int = AT_ONCE_A_HOST) -> None:
        self._lock = threading.Lock()
        self._gates: dict[str, threading.Semaphore] = defaultdict(
            lambda: threading.Semaphore(at_once)
        )

    def to(self, url: str) -> AbstractContextManager[object]:
        """Return what to hold while asking this address."""
        with self._lock:
            return self._gates[_host(url)]


def look_at_all(
    urls: Iterable[str], agent: str, progress: Callable[[int, int], None] = lambda done, total: None
) -> dict[str, Look]:
    """Look at each address once and return what was found."""
    gates = Gates()
    order = _mixed(urls)
    found: dict[str, Look] = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="links") as pool:
        for result in pool.map(lambda url: look_at(url, agent, gates), order):
            found[result.url] = result
            progress(len(found), len(order))
    return found


def _mixed(urls: Iterable[str]) -> list[str]:
    """Return addresses so that those of one host stand far from each other."""
    by_host: dict[str, list[str]] = defaultdict(list)
    for url in dict.fromkeys(urls):
        by_host[_host(url)].append(url)
    rounds = zip_longest(*by_host.values())
    return [url for one in rounds for url in one if url is not None]


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def look_at(url: str, agent: str, gates: Gates) -> Look:
    """Follow one address to its end."""
    at, is_for_good = url, True
    try:
        for _ in range(MOST_REDIRECTS + 1):
            answer = _ask(at, agent, gates)
            if answer.status not in REDIRECTS or not answer.location:
                return _result(url, at, answer, is_for_good=is_for_good)
            is_for_good &= answer.status in FOR_GOOD
            at = urljoin(at, answer.location)
        detail = f"It redirects more than {MOST_REDIRECTS} times."
        return Look(url, Outcome.TROUBLE, answer.status, detail, _kept(url, at))
    except Forbidden as error:
        return Look(url, Outcome.DEAD, None, str(error)[:250], _kept(url, at))
    except NoAnswer as error:
        outcome = Outcome.DEAD if error.is_gone else Outcome.TROUBLE
        return Look(url, outcome, None, str(error)[:250], _kept(url, at))
    except ValueError:  # a redirect to what is no address at all
        return Look(url, Outcome.TROUBLE, None, "It redirects to what is no address.")


def _ask(url: str, agent: str, gates: Gates) -> Answer:
    with gates.to(url):
        try:
            answer = network.request("HEAD", url, agent)
        except NoAnswer as error:
            if "hung up" not in str(error):  # some servers do that to a HEAD
                raise
            return network.request("GET", url, agent)
        if answer.status in NEEDS_GET:
            return network.request("GET", url, agent)
        return answer


def _result(url: str, at: str, answer: Answer, *, is_for_good: bool) -> Look:
    status, led_to = answer.status, _kept(url, at)
    if status in GONE:
        return Look(url, Outcome.DEAD, status, "The page is not there any more.", led_to)
    if status in GUARDED:
        return Look(url, Outcome.GUARDED, status, "It refuses programs.", led_to)
    if not 200 <= status < 300:
        return Look(url, Outcome.TROUBLE, status, f"It answers {status}.", led_to)
    if led_to and at.startswith("http:") and url.startswith("https:"):
        return Look(url, Outcome.MOVED, status, "It leads to a page without encryption.", led_to)
    if led_to and _is_front_page(at) and not _is_front_page(url):
        return Look(url, Outcome.MOVED, status, "It leads to the front page.", led_to)
    if led_to and is_for_good and not _is_same_place(url, at):
        return Look(url, Outcome.MOVED, status, "It has moved for good.", led_to)
    return Look(url, Outcome.GOOD, status, "", led_to)


def _kept(url: str, at: str) -> str:
    return at[:2000] if at != url else ""


def _is_front_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in {"", "/"} and not parts.query and not parts.fragment


def _is_same_place(one: str, other: str) -> bool:
    """Whether two addresses differ in nothing that anybody would write down anew."""
    return _plain(one) == _plain(other)


def _plain(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return host, parts.path.rstrip("/"), parts.query
