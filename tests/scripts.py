"""Scripts that hide in texts, from the known families, and a judge of HTML that finds them.

Each line of scripts.txt sets `ran` on the window when it is executed.
"""

import re
from html.parser import HTMLParser
from pathlib import Path

from django.utils import timezone

from content.models import Page, Revision, Section, Term
from content.publishing import workflow
from content.publishing.snapshots import snapshot
from content.richtext import TAGS, is_target
from tests import factories

LINES = Path(__file__).with_name("scripts.txt").read_text("utf-8").splitlines()
SCRIPTS = [line.replace("RUN", "window.ran=1").replace("⏎", "\n") for line in LINES]
ADDRESSES = {
    "javascript:window.ran=1": "a script",
    "JaVaScRiPt:window.ran=1": "a script in capitals",
    " javascript:window.ran=1": "a script behind a space",
    "java\nscript:window.ran=1": "a script over two lines",
    "\x01javascript:window.ran=1": "a script behind a control character",
    "data:text/html,<script>window.ran=1</script>": "data",
    "vbscript:window.ran=1": "another script",
    "file:///etc/passwd": "a file",
    "http://a.example/": "no encryption",
    "//evil.invalid/": "no scheme",
    "https:evil.invalid": "no host",
    "https://": "nothing",
    "https://a.example/\x01": "a control character",
    "https://a.example/\x7f": "DEL",
    "https://a.example/\x85x": "a line end of C1",
    "https://a.exam\nple/": "a line feed",
    "https://a.example/\tx": "a tab",
    "https://a.example/ x": "a space",
    "https://a.example/\u202egro.live": "letters turned round",
    "https://a.example/\u200b": "a space of no width",
    "https://a.example\\@evil.invalid/": "a backslash",
    "https://a.example@evil.invalid/": "a name before the host",
    "page:stop\x01": "a control character in a page's name",
    "page:1x": "no page's name",
    "page:javascript:window.ran=1": "a script for a page's name",
}
"""Addresses that no link and no field may hold, and what is wrong with each."""

SAFE_ADDRESS = re.compile(r"https?://|mailto:|tel:|sms:|/|#|\?|page:|data:,$|$")
ADDRESS = {"href", "src", "action", "formaction", "xlink:href", "data", "poster", "background"}
NEVER = {"iframe", "object", "embed", "applet", "base", "frameset", "math", "marquee", "template"}
NEVER |= {"animate", "set", "foreignobject", "image", "video", "audio", "noscript", "x", "keygen"}


class Judge(HTMLParser):
    """Collects what a browser could execute in a page that is ours: `found`."""

    def __init__(self, only: set[str] | None) -> None:
        super().__init__(convert_charrefs=True)
        self.only = only
        self.found: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in NEVER or (self.only is not None and tag not in self.only):
            self.found.append(f"<{tag}>")
        for name, value in attributes.items():
            if name.startswith("on") or name in {"srcdoc", "style", "ping", "srcset"}:
                self.found.append(f"<{tag} {name}>")
            is_icon = attributes.get("rel") == "icon" and value == "data:,"
            if name in ADDRESS and not SAFE_ADDRESS.match(value) and not is_icon:
                self.found.append(f"<{tag} {name}={value!r}>")
            if self.only is not None and (name != "href" or not is_target(value)):
                self.found.append(f"<{tag} {name}={value!r}>")
        if tag == "script":
            self._in_script = True
            if "evil" in attributes.get("src", ""):
                self.found.append("a foreign script")
        if tag == "meta" and attributes.get("http-equiv"):
            self.found.append("<meta http-equiv>")

    def handle_endtag(self, tag: str) -> None:
        self._in_script &= tag != "script"

    def handle_data(self, data: str) -> None:
        if self._in_script and "ran=1" in data:
            self.found.append("a script")


def executable(html: str, only: set[str] | None = None) -> list[str]:
    """Return what a browser could execute; with `only`, also all that is no rich text."""
    judge = Judge(only)
    judge.feed(html)
    judge.close()
    return judge.found


def executable_text(html: str) -> list[str]:
    """Return what is more than rich text may be."""
    return executable(html, TAGS)


def plant() -> int:
    """Put the scripts into a database, past all forms; return the number of an old revision.

    A page is live, with its working copy as code has written it; a term for each script is live.
    """
    factories.publish(factories.page(title_en=SCRIPTS[0]))
    item = Page.objects.get(key="lighthouse")
    Section.objects.filter(page=item).update(body_en="<p>Light.</p>" + "\n".join(SCRIPTS))
    content = snapshot(item, "en")
    factories.publish(Page.objects.get(key="lighthouse"))
    content["sections"][0]["body"] = "<p>Light.</p>" + "\n".join(SCRIPTS)
    old = Revision.objects.create(
        kind="page",
        key="lighthouse",
        language="en",
        number=7,
        title=SCRIPTS[0],
        content=content,
        comment=SCRIPTS[0],
        created_at=timezone.now(),
    )
    for number, script in enumerate(SCRIPTS):
        plain = f"Light {' '.join(script.split())}"
        term = Term.objects.create(
            key=f"hidden-{number}",
            position=500 + number,
            status=Term.Status.USE,
            register=Term.Register.EVERYDAY,
            term_en=plain[:120],
            instead_en=plain[:160],
            reason_en=f"<p>Light.</p>{script}",
        )
        workflow.release_shipped(factories.draft(term))
    return old.pk
