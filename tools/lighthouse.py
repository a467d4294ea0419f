"""Lighthouse on one page of every public template, as a table: the median of three runs.

    npm install --prefix var/lighthouse lighthouse@12.8
    python -m tools.lighthouse http://127.0.0.1:8000 var/lighthouse/node_modules/.bin/lighthouse

Lighthouse asks for robots.txt from within the page, which our policy forbids to every page
(`connect-src` falls back to 'none'), and calls the file broken. So what counts for SEO is measured
once more with a header that allows this one request: behind a proxy of ours.

CHROME_PATH names another browser. On two cores Chromium's own window takes time from the page:
Debian's chromium-headless-shell, the same engine without it, is the fairer one there.
"""

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.access import PATHS
from tests.browser import FLAGS

UNMEASURED = {"not-found"}
"""Lighthouse refuses what answers 404."""
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TRIES = 3
"""How often a page is asked for where Chromium gives no trace, as it does on a busy machine."""
HOP = {"connection", "transfer-encoding", "content-length"}


def proxy(site: str) -> str:
    """Serve the site with `connect-src 'self'` added to its policy; return the new address."""

    class Allowing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            there = http.client.HTTPConnection(urlsplit(site).netloc)
            there.request("GET", self.path, headers={"Host": urlsplit(site).netloc})
            answer = there.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() == "content-security-policy":
                    value += "; connect-src 'self'"
                if name.lower() not in HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Allowing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def scores(program: str, url: str, categories: tuple[str, ...]) -> dict[str, float]:
    """Return what Lighthouse gives a page on its mobile profile, of 100."""
    flags = " ".join([*FLAGS, "--headless"])
    chosen = f"--only-categories={','.join(categories)}"
    chrome = os.environ.get("CHROME_PATH", "/usr/bin/chromium")
    for _ in range(TRIES):
        # Into a file: what is longer than a pipe holds is cut off when Lighthouse ends.
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            told = [program, url, "--quiet", "--output=json", f"--output-path={file.name}"]
            told += [chosen, f"--chrome-flags={flags}"]
            done = subprocess.run(
                told, capture_output=True, env=os.environ | {"CHROME_PATH": chrome}
            )
            written = file.read()
        report = json.loads(written) if written else {}
        if report and not report.get("runtimeError"):
            break
    else:
        error = report.get("runtimeError") or done.stderr.decode()
        sys.exit(f"Lighthouse failed {TRIES} times on {url}:\n{error}")
    for audit in report["audits"].values():
        if audit["score"] == 0 and audit["scoreDisplayMode"] == "binary":
            print("   ", url, audit["id"], file=sys.stderr)
    return {name: round(report["categories"][name]["score"] * 100) for name in categories}


def main(site: str, program: str, runs: int = 3) -> None:
    """Print the table for the pages at this address."""
    allowing = proxy(site)
    print("| Page | Performance | Accessibility | Best practices | SEO | SEO, robots.txt allowed |")
    print("|---|---|---|---|---|---|", flush=True)
    for name, path in PATHS.items():
        if name in UNMEASURED:
            continue
        url = f"{site}/en{path}"
        found = [scores(program, url, CATEGORIES)]
        found += [scores(program, url, CATEGORIES[:1]) for _ in range(runs - 1)]
        first = found[0] | {"performance": statistics.median(run["performance"] for run in found)}
        seo = scores(program, f"{allowing}/en{path}", CATEGORIES[3:])["seo"]
        row = [f"/en{path}", *(first[category] for category in CATEGORIES), seo]
        print("|", " | ".join(f"{cell}" for cell in row), "|", flush=True)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 3)
