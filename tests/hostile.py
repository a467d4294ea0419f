"""Requests that attack the protocol, as bytes: what scanners and worse send day and night.

`COOKIE` stands for the cookie of somebody signed in, `SESSION` for its name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.production import get

EVIL = "evil.invalid"
REFUSED = frozenset({400, 404, 405, 414, 417, 431})
SMUGGLED = "GET /en/smuggled-7/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@dataclass(frozen=True)
class Attack:
    """One request, and the statuses that are right for it; every other below 500 when empty."""

    family: str
    name: str
    data: bytes
    right: frozenset[int] = field(default_factory=frozenset)
    may_hang_up: bool = False
    """Whether closing the connection without a word is an answer too."""


TEXTS = Path(__file__).with_name("hostile.txt")
"""What is one line each, escaped as in Python; `<<a*9>>` is a, nine times."""
REPEATED = re.compile(r"<<(.+?)\*(\d+)>>")
MANY_HEADERS = (
    "Range: bytes=" + ",".join(f"{n}-" for n in range(900)),
    "\r\n".join(f"X-{n}: a" for n in range(150)),
)
BODIES = (
    ("application/x-www-form-urlencoded", b"a=%00&csrfmiddlewaretoken=%00"),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(2000))),
    ("application/x-www-form-urlencoded", b"username=%ff%fe&password=%ed%a0%80"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"username=+ADw-script+AD4-"),
    ("application/x-www-form-urlencoded; charset=nonsense", b"username=a"),
    ("application/x-www-form-urlencoded", b"a=" + b"x" * 3_000_000),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=", b"--\r\n"),
    ("multipart/form-data; boundary=\xff", b"--x\r\n"),
    ("multipart/form-data; boundary=" + "b" * 300, b"--b\r\n"),
    ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n'),
    ("multipart/form-data; boundary=b", b"--b\r\n\r\n\x00\r\n--b--"),
    (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="f"; filename="../../x\x00.py"\r\n\r\n'
        b"x\r\n--b--",
    ),
    (
        "multipart/form-data; boundary=b",
        b"--b\r\nContent-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: form-data; name="a"\r\n\r\n%%%\r\n--b--',
    ),
    ("application/json", b"{" * 50_000),
    ("application/json", b'{"a": "\\ud800\\u0000"}'),
    ("application/xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    ("text/plain", b"\x00" * 1000),
    ("", b"\xff\xfe"),
)
FRAMING = {
    "CL.TE": (["Content-Length: 6", "Transfer-Encoding: chunked"], "0\r\n\r\n" + SMUGGLED),
    "TE.CL": (
        ["Transfer-Encoding: chunked", "Content-Length: 4"],
        "5c\r\n" + SMUGGLED + "0\r\n\r\n",
    ),
    "two lengths": (["Content-Length: 0", f"Content-Length: {len(SMUGGLED)}"], SMUGGLED),
    "the same length twice": (["Content-Length: 0", "Content-Length: 0"], ""),
    "lengths in a list": (["Content-Length: 0, 0"], ""),
    "length with a plus": (["Content-Length: +0"], ""),
    "negative length": (["Content-Length: -1"], ""),
    "hexadecimal length": (["Content-Length: 0x10"], "a" * 16),
    "length with underscore": (["Content-Length: 1_0"], "a" * 10),
    "length of other digits": (["Content-Length: \xb2"], "aa"),
    "empty length": (["Content-Length: "], ""),
    "endless length": (["Content-Length: " + "9" * 5000], ""),
    "length before a colon": (["Content-Length : 0"], ""),
    "folded length": (["Content-Length:\r\n 0"], ""),
    "folded coding": (["Transfer-Encoding:\r\n chunked"], "0\r\n\r\n"),
    "coding before a colon": (["Transfer-Encoding : chunked"], "0\r\n\r\n"),
    "coding with a vertical tab": (["Transfer-Encoding: \x0bchunked"], "0\r\n\r\n"),
    "coding with an x": (["Transfer-Encoding: xchunked"], "0\r\n\r\n"),
    "identity": (["Transfer-Encoding: identity", "Content-Length: 3"], "abc"),
    "chunked, identity": (["Transfer-Encoding: chunked, identity"], "0\r\n\r\n"),
    "chunked twice": (["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], "0\r\n\r\n"),
    "chunked, then another": (["Transfer-Encoding: chunked", "Transfer-Encoding: x"], "0\r\n\r\n"),
    "gzip": (["Transfer-Encoding: gzip, chunked"], "0\r\n\r\n"),
    "unknown coding": (["Transfer-Encoding: cow"], ""),
    "coding with quotes": (['Transfer-Encoding: "chunked"'], "0\r\n\r\n"),
    "a line feed alone": (["X: a\nTransfer-Encoding: chunked"], "0\r\n\r\n"),
    "chunk of a negative size": (["Transfer-Encoding: chunked"], "-1\r\n\r\n"),
    "chunk size 0x": (["Transfer-Encoding: chunked"], "0x0\r\n\r\n"),
    "chunk size with underscore": (
        ["Transfer-Encoding: chunked"],
        "1_0\r\n" + "a" * 16 + "\r\n0\r\n\r\n",
    ),
    "chunk size with space": (["Transfer-Encoding: chunked"], " 0\r\n\r\n"),
    "chunk without a size": (["Transfer-Encoding: chunked"], "\r\n\r\n"),
    "chunk size too large": (["Transfer-Encoding: chunked"], "f" * 40 + "\r\n"),
    "chunk that does not end": (["Transfer-Encoding: chunked"], "1\r\naGARBAGE\r\n0\r\n\r\n"),
    "chunk extension with a line feed": (
        ["Transfer-Encoding: chunked"],
        "1;a=\nb\r\na\r\n0\r\n\r\n",
    ),
    "chunk extension with return": (["Transfer-Encoding: chunked"], "1;a=\rb\r\na\r\n0\r\n\r\n"),
    "chunk extensions without end": (["Transfer-Encoding: chunked"], "1;" + "a" * 90000),
    "trailer names the host": (["Transfer-Encoding: chunked"], f"0\r\nHost: {EVIL}\r\n\r\n"),
    "two hosts": ([f"Host: {EVIL}"], ""),
    "chunks in HTTP/1.0": (["Transfer-Encoding: chunked"], "0\r\n\r\n"),
}
"""Two readers could take these for one request or for two: nobody may answer the second."""
LEGAL_FRAMING = {"chunk extension": "1;a=b\r\na\r\n0\r\n\r\n", "trailer": "0\r\nX: a\r\n\r\n"}


def texts() -> dict[str, list[str]]:
    """Return the lines of hostile.txt by family."""
    found: dict[str, list[str]] = {}
    for line in TEXTS.read_text("ascii").splitlines():
        if family := re.fullmatch(r"\[([a-z]+)\]", line):
            found[family[1]] = []
        elif line:
            whole = REPEATED.sub(lambda match: match[1] * int(match[2]), line)
            text = "" if whole == '""' else whole.encode("ascii").decode("unicode_escape")
            found[list(found)[-1]].append(text)
    return found


def _framed(lines: list[str], body: str, version: str = "1.1") -> bytes:
    head = [f"POST /en/ HTTP/{version}", "Host: 127.0.0.1", *lines]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode("latin-1")


def _post(path: str, kind: str, body: bytes, *lines: str) -> bytes:
    kinds = [f"Content-Type: {kind}"] if kind else []
    return get(path, *kinds, f"Content-Length: {len(body)}", *lines, method="POST") + body


def attacks() -> Iterator[Attack]:
    """Every attack; their names are different."""
    lists = texts()
    for path in lists["path"]:
        yield Attack("path", path, get(path))
    for query in lists["query"]:
        quoted = query.replace(" ", "%20").replace("<", "%3c")
        for path in ("/en/", "/", "/admin/account/login/"):
            yield Attack("query", path + query, get(path + quoted))
    for method in lists["method"]:
        for path in ("/en/", "/admin/", "/static/js/page.js", "/healthz"):
            right = REFUSED | ({501} if method == "CONNECT" else set())
            yield Attack("method", f"{method} {path}", get(path, method=method), right)
    for host in lists["host"]:
        for path in ("/en/", "/exit/", "/admin/account/login/"):
            yield Attack("host", f"{host} {path}", get(path, host=host))
    for line in lists["forwarded"]:
        for path in ("/en/", "/EN/stop", "/admin/account/login/"):
            yield Attack("forwarded", f"{line} {path}", get(path, line))
    for line in (*lists["header"], *MANY_HEADERS):
        for path in ("/en/", "/static/js/page.js", "/admin/account/login/"):
            yield Attack("header", f"{line[:80]} {len(line)} {path}", get(path, line))
    for number, (kind, body) in enumerate(BODIES):
        for path in ("/en/", "/admin/account/login/"):
            attack = _post(path, kind, body)
            yield Attack(
                "body", f"{number} {kind} {path}", attack, may_hang_up=len(body) > 1_000_000
            )
    for name, (lines, body) in FRAMING.items():
        version = "1.0" if name.endswith("1.0") else "1.1"
        yield Attack("framing", name, _framed(lines, body, version), REFUSED)
    for name, body in LEGAL_FRAMING.items():
        yield Attack("framing", name, _framed(["Transfer-Encoding: chunked"], body))
    for line in lists["line"]:
        yield Attack("line", f"{line[:60]} {len(line)}", line.encode("latin-1"), may_hang_up=True)
    for file in lists["file"]:
        yield Attack("file", file, get(f"/static/{file}"))
    for path in lists["staff"]:
        yield Attack("staff", path, get(f"/admin/{path}", "Cookie: COOKIE"))
