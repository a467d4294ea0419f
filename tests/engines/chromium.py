"""Chromium of any age, driven by its own protocol over a pipe, without Playwright.

Playwright refuses old ones and switches off what readers have: the back/forward cache, the list of
closed tabs, the last session.
"""

import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.browser import FLAGS
from tests.engines.driver import PATIENCE, Keeping

CODES = {"Shift": 16, "Control": 17, "Enter": 13, "Tab": 9, "ArrowDown": 40, "Escape": 27}
HELD = {"Alt": 1, "Control": 2, "Meta": 4, "Shift": 8}
IS_DRAWN = """(selector) => {
    const element = document.querySelector(selector);
    return element && element.getClientRects().length > 0;
}"""
MIDDLE = """(selector) => {
    const element = document.querySelector(selector);
    element.scrollIntoView({ block: "center" });
    const [box] = element.getClientRects();
    return [box.left + box.width / 2, box.top + box.height / 2];
}"""
EXTENSION = {
    "manifest.json": """{"manifest_version": 3, "name": "Reopen", "version": "1",
        "permissions": ["sessions"], "background": {"service_worker": "nothing.js"}}""",
    "nothing.js": "",
}
"""What gives a test the key for "reopen closed tab", which a headless window does not have."""


class Chromium(Keeping):
    """A running Chromium with one profile; `exceptions` are those of all its pages so far."""

    def __init__(
        self, profile: Path, path: Path | None = None, flags: tuple[str, ...] = (), **env: str
    ) -> None:
        found = path or shutil.which("chromium")
        assert found, "These tests need Chromium: make browser"
        self.profile = profile
        self.exceptions: list[str] = []
        self._command = [str(found), "--headless", *FLAGS, *flags, f"--user-data-dir={profile}"]
        self._command += ["--remote-debugging-pipe", "--password-store=basic"]
        self._environment = os.environ | env
        self._last = 0
        self._start("about:blank")

    def _start(self, *arguments: str) -> None:
        self.profile.mkdir(parents=True, exist_ok=True)
        ends = [*os.pipe(), *os.pipe()]
        # Above those that Chromium asks for: 3 to hear, 4 to speak.
        hears, self._to, self._from, speaks = (fcntl.fcntl(e, fcntl.F_DUPFD, 10) for e in ends)
        for end in ends:
            os.close(end)

        def give() -> None:
            os.dup2(hears, 3)
            os.dup2(speaks, 4)

        with (self.profile / "log").open("a") as log:
            self._process = subprocess.Popen(
                [*self._command, *arguments],
                env=self._environment,
                stdout=log,
                stderr=log,
                pass_fds=(3, 4),
                preexec_fn=give,
                start_new_session=True,
            )
        os.close(hears)
        os.close(speaks)
        self._rest = b""
        self._session = ""
        self._loaded = 0
        try:
            self.to_a_tab()
        except BaseException:
            self.kill()
            raise

    # --- The protocol ---------------------------------------------------------------------------

    def send(self, method: str, session: str | None = None, **parameters: Any) -> Any:
        """Return the result of a command to the tab, or to another session ("" is the browser)."""
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": parameters}
        if to := self._session if session is None else session:
            message["sessionId"] = to
        os.write(self._to, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + PATIENCE
        while True:
            answer = self._read(end)
            if answer.get("id") == self._last:
                break
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def _read(self, end: float) -> Any:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._from], [], [], max(0, end - time.monotonic()))
            assert ready, "Chromium does not answer"
            data = os.read(self._from, 1 << 20)
            assert data, (self.profile / "log").read_text()[-2000:]
            self._rest += data
        message, _, self._rest = self._rest.partition(b"\0")
        told = json.loads(message)
        if told.get("method") == "Page.loadEventFired":
            self._loaded += 1
        elif told.get("method") == "Runtime.exceptionThrown":
            details = told["params"]["exceptionDetails"]
            self.exceptions.append(details.get("exception", {}).get("description", str(details)))
        return told

    def _pages(self) -> list[str]:
        targets = self.send("Target.getTargets", "")["targetInfos"]
        return [target["targetId"] for target in targets if target["type"] == "page"]

    def to_a_tab(self, target: str = "") -> None:
        """Go to a tab, without a name to any."""
        self.until(self._pages, lambda: "no tab is open")
        self._session = self._attach(target or self._pages()[0])
        for domain in ("Page", "Runtime"):
            self.send(f"{domain}.enable")

    def _attach(self, target: str) -> str:
        self._target = target
        answer = self.send("Target.attachToTarget", "", targetId=target, flatten=True)
        return str(answer["sessionId"])

    # --- The tab --------------------------------------------------------------------------------

    def goto(self, url: str) -> None:
        before = self._loaded
        answer = self.send("Page.navigate", url=url)
        assert not answer.get("errorText"), answer
        end = time.monotonic() + PATIENCE
        while self._loaded == before:
            self._read(end)

    @property
    def url(self) -> str:  # type: ignore[override]
        """The address of the tab."""
        told = self._history()
        return str(told["entries"][told["currentIndex"]]["url"])

    def evaluate(self, script: str, *arguments: Any) -> Any:
        return self._evaluate(script, None, *arguments)

    def _evaluate(self, script: str, session: str | None, *arguments: Any) -> Any:
        call = f"({script})({', '.join(json.dumps(value) for value in arguments)})"
        options = {"returnByValue": True, "awaitPromise": True}
        answer = self.send("Runtime.evaluate", session, expression=call, **options)
        if details := answer.get("exceptionDetails"):
            raise RuntimeError(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def click(self, selector: str, *held: str) -> None:
        self.comes_to(IS_DRAWN, selector)
        where = self.evaluate(MIDDLE, selector)
        mouse = {"x": where[0], "y": where[1], "modifiers": sum(HELD[key] for key in held)}
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            button = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
            self.send("Input.dispatchMouseEvent", type=kind, **mouse, **button)

    def press(self, *keys: str) -> None:
        self.send("Page.bringToFront")  # after Back the keys go to the browser's own field
        for key in keys:
            code = {"windowsVirtualKeyCode": CODES[key]} if key in CODES else {"text": key}
            name = {"key": key, "code": f"{key}Left" if key in HELD else key}
            held = {"modifiers": HELD.get(key, 0)}
            if key == "Enter":
                code["text"] = "\r"
            self.send("Input.dispatchKeyEvent", type="keyDown", **name, **code, **held)
            code.pop("text", None)
            self.send("Input.dispatchKeyEvent", type="keyUp", **name, **code)

    def back(self) -> None:
        self._go(-1)

    def forward(self) -> None:
        self._go(1)

    def _go(self, by: int) -> None:
        told = self._history()
        to = told["currentIndex"] + by
        if 0 <= to < len(told["entries"]):
            entry = told["entries"][to]
            self.send("Page.navigateToHistoryEntry", entryId=entry["id"])
            # The history tells of what is still on its way; a script runs in what has come.
            self.comes_to("(url) => location.href === url", entry["url"])

    def _history(self) -> Any:
        # Between two pages none is the active one.
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return self.send("Page.getNavigationHistory")
            except RuntimeError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.02)

    # --- What it keeps --------------------------------------------------------------------------

    def history(self) -> list[str]:
        entries = self._history()["entries"]
        return [entry["url"] for entry in entries if entry["url"].startswith("http")]

    def tabs(self) -> int:
        return len(self._pages())

    def afresh(self) -> None:
        others = self._pages()
        self.to_a_tab(self.send("Target.createTarget", "", url="about:blank")["targetId"])
        for target in others:
            self.send("Target.closeTarget", "", targetId=target)
        self.until(lambda: self.tabs() == 1, lambda: f"{self.tabs()} tabs")

    def reopen(self) -> None:
        (worker,) = [
            target["targetId"]
            for target in self.send("Target.getTargets", "")["targetInfos"]
            if target["type"] == "service_worker"
        ]
        closed = self._target
        other = self.send("Target.createTarget", "", url="about:blank")["targetId"]
        self.send("Target.closeTarget", "", targetId=closed)
        before = {other}
        self.until(lambda: set(self._pages()) == before, lambda: "the tab stays open")
        keys = self.send("Target.attachToTarget", "", targetId=worker, flatten=True)["sessionId"]
        self._evaluate("async () => { await chrome.sessions.restore() }", keys)
        self.until(lambda: set(self._pages()) - before, lambda: "the tab is not opened again")
        self.to_a_tab((set(self._pages()) - before).pop())

    def crash(self) -> None:
        time.sleep(4)  # Chromium writes its session 2.5 seconds after a change
        self.kill()
        # After a crash Chromium asks whether to take everything back. This is "yes".
        settings = self.profile / "Default" / "Preferences"
        settings.write_text(settings.read_text().replace('"Crashed"', '"Normal"'))
        self._start("--restore-last-session")
        self.until(self._finds_what_was_open, lambda: "no tab comes back")

    def _finds_what_was_open(self) -> bool:
        for target in self._pages():
            self.to_a_tab(target)
            if self.history():
                return True
        return False

    # --- Its end --------------------------------------------------------------------------------

    def kill(self) -> None:
        """End it as a phone without power does."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=20)
        for end in (self._to, self._from):
            with suppress(OSError):
                os.close(end)

    def quit(self) -> None:
        with suppress(RuntimeError, AssertionError, OSError):
            self.send("Browser.close", "")
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=10)
        self.kill()


@contextmanager
def chromium_of_readers(profile: Path) -> Iterator[Chromium]:
    """Debian's Chromium with all that readers have, on its second start."""
    keys = profile / "keys"
    keys.mkdir(parents=True)
    for name, text in EXTENSION.items():
        (keys / name).write_text(text)
    flags = (
        f"--load-extension={keys}",
        "--window-size=1280,800",
        "--disable-features=DisableLoadExtensionCommandLineSwitch",
    )
    # Only a profile that was once closed in order has a last session to take back.
    Chromium(profile, None, flags).quit()
    browser = Chromium(profile, None, flags)
    try:
        yield browser
    finally:
        browser.quit()
