"""Debian's Firefox, driven by Marionette, the protocol that it has built in.

The profile is new, in a folder of the test's own, and keeps what readers have: the back/forward
cache, the list of closed tabs, the session file. What it would fetch for itself is off.
"""

import base64
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.engines.driver import Keeping
from tests.engines.webdriver import CENTRE, clicked, pressed

PREFERENCES: dict[str, bool | int | str] = {
    "marionette.port": 0,  # any that is free; Firefox writes it into the profile
    # Marionette would turn these off; readers have them on.
    "browser.sessionstore.resume_from_crash": True,
    "browser.startup.page": 1,
    "browser.startup.homepage": "about:blank",
    # The marks of closing and crashing must not end in questions.
    "toolkit.startup.max_resumed_crashes": -1,
    "browser.sessionstore.max_resumed_crashes": -1,
    "browser.tabs.warnOnClose": False,
    "browser.warnOnQuit": False,
    # Nothing is asked of anybody but the site.
    "app.update.disabledForTesting": True,
    "app.normandy.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.region.network.url": "",
    "browser.topsites.contile.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.search.update": False,
    "captivedetect.canonicalURL": "",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "network.prefetch-next": False,
    "network.trr.mode": 5,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.healthreport.uploadEnabled": False,
    "toolkit.telemetry.server": "",
    "extensions.update.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    "dom.push.connection.enabled": False,
    # The language in which the exit is asked for.
    "intl.accept_languages": "en",
}
SESSIONS = """const [{ SessionStore }, { TabStateFlusher }, { SessionSaver }] =
    ["SessionStore", "TabStateFlusher", "SessionSaver"].map((name) =>
        ChromeUtils.importESModule(`resource:///modules/sessionstore/${name}.sys.mjs`));"""
HISTORY = f"""async () => {{
    {SESSIONS}
    await TabStateFlusher.flush(gBrowser.selectedBrowser);
    const {{ entries }} = JSON.parse(SessionStore.getTabState(gBrowser.selectedTab));
    return entries.map((entry) => entry.url);
}}"""
"""The addresses of what Firefox would write of its current tab into the session file."""
SAVE = f"""async () => {{
    {SESSIONS}
    await TabStateFlusher.flush(gBrowser.selectedBrowser);
    await SessionSaver.run();
}}"""
"""Write the session file, which Firefox otherwise does every fifteen seconds."""
REOPEN = f"() => {{ {SESSIONS} SessionStore.undoCloseTab(window, 0) }}"
PAPER = {"page": {"width": 21.0, "height": 29.7}, "shrinkToFit": False}
"""A4 in centimetres (WebDriver, section 18)."""


class Firefox(Keeping):
    """A running Firefox with one profile."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile
        self._start()

    def _start(self) -> None:
        profile = self.profile
        self._last = 0
        path = shutil.which("firefox-esr") or shutil.which("firefox")
        assert path, "These tests need Firefox: make browser"
        profile.mkdir(parents=True, exist_ok=True)
        lines = (f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in PREFERENCES.items())
        (profile / "user.js").write_text("\n".join(lines))
        port = profile / "MarionetteActivePort"
        port.unlink(missing_ok=True)
        options = ["--headless", "--marionette", "--remote-allow-system-access", "--no-remote"]
        with (profile / "log").open("a") as log:
            self._process = subprocess.Popen(
                [path, *options, "--profile", str(profile)], stdout=log, stderr=log
            )
        try:
            self._connect(port)
        except BaseException:
            self.kill()
            raise

    def _connect(self, port: Path) -> None:
        for _ in range(600):
            assert self._process.poll() is None, (self.profile / "log").read_text()
            if port.exists() and (number := port.read_text().strip()):
                break
            time.sleep(0.05)
        else:
            raise AssertionError((self.profile / "log").read_text())
        self._wire = socket.create_connection(("127.0.0.1", int(number)), timeout=60)
        self._received = self._wire.makefile("rb")
        assert self._read()["marionetteProtocol"] == 3
        self.send("WebDriver:NewSession", capabilities={})

    def _read(self) -> Any:
        length = b""
        while (byte := self._received.read(1)) != b":":
            assert byte, "Firefox has gone"
            length += byte
        return json.loads(self._received.read(int(length)))

    def send(self, command: str, **parameters: Any) -> Any:
        """Return the value of the answer; what Firefox calls an error is raised."""
        self._last += 1
        message = json.dumps([0, self._last, command, parameters]).encode()
        self._wire.sendall(b"%d:%b" % (len(message), message))
        _, number, error, result = self._read()
        assert number == self._last
        if error:
            raise RuntimeError(f"{command}: {error['error']}: {error['message']}")
        return result.get("value") if isinstance(result, dict) and "value" in result else result

    # --- The current tab ------------------------------------------------------------------------

    def goto(self, url: str) -> None:
        self.send("WebDriver:Navigate", url=url)

    @property
    def url(self) -> str:  # type: ignore[override]
        """The address of the tab."""
        return str(self.send("WebDriver:GetCurrentURL"))

    def evaluate(self, script: str, *arguments: Any) -> Any:
        body = f"return ({script})(...arguments)"
        return self.send("WebDriver:ExecuteScript", script=body, args=list(arguments), line=1)

    def click(self, selector: str, *held: str) -> None:
        element = self.send("WebDriver:FindElement", using="css selector", value=selector)
        self.evaluate(CENTRE, element)
        self.send("WebDriver:PerformActions", actions=clicked(element, *held))

    def press(self, *keys: str) -> None:
        actions = [{"type": "key", "id": "keys", "actions": pressed(*keys)}]
        self.send("WebDriver:PerformActions", actions=actions)

    def back(self) -> None:
        self.send("WebDriver:Back")

    def forward(self) -> None:
        self.send("WebDriver:Forward")

    def pdf(self) -> bytes:
        """Print the page on A4 with the margins that its own style asks for."""
        return base64.b64decode(self.send("WebDriver:Print", **PAPER))

    # --- The browser ----------------------------------------------------------------------------

    def of_the_browser(self, script: str, *arguments: Any) -> Any:
        """Call a function where the browser's own code runs."""
        self.send("Marionette:SetContext", value="chrome")
        try:
            return self.evaluate(script, *arguments)
        finally:
            self.send("Marionette:SetContext", value="content")

    # --- What it keeps --------------------------------------------------------------------------

    def _tabs(self) -> list[str]:
        return list(self.send("WebDriver:GetWindowHandles"))

    def tabs(self) -> int:
        return len(self._tabs())

    def history(self) -> list[str]:
        entries = self.of_the_browser(HISTORY)
        return [entry for entry in entries if entry.startswith("http")]

    def afresh(self) -> None:
        others = self._tabs()
        new = self.send("WebDriver:NewWindow", type="tab", focus=True)["handle"]
        for handle in others:
            self.send("WebDriver:SwitchToWindow", handle=handle, focus=False)
            self.send("WebDriver:CloseWindow")
        self.send("WebDriver:SwitchToWindow", handle=new, focus=True)

    def reopen(self) -> None:
        closed = self.send("WebDriver:GetWindowHandle")
        other = self.send("WebDriver:NewWindow", type="tab", focus=False)["handle"]
        self.send("WebDriver:CloseWindow")
        self.send("WebDriver:SwitchToWindow", handle=other, focus=True)
        before = set(self._tabs())
        assert closed not in before
        self.of_the_browser(REOPEN)
        self.until(lambda: set(self._tabs()) - before, lambda: "the tab is not opened again")
        (again,) = set(self._tabs()) - before
        self.send("WebDriver:SwitchToWindow", handle=again, focus=True)

    def crash(self) -> None:
        self.of_the_browser(SAVE)
        self.kill()
        self._start()
        self.until(self._finds_what_was_open, lambda: "no tab comes back")

    def _finds_what_was_open(self) -> bool:
        for handle in self._tabs():
            self.send("WebDriver:SwitchToWindow", handle=handle, focus=True)
            if self.history():
                return True
        return False

    # --- Its end --------------------------------------------------------------------------------

    def kill(self) -> None:
        """End it as a phone without power does."""
        self._process.kill()
        self._process.wait(timeout=20)
        if hasattr(self, "_wire"):
            self._received.close()
            self._wire.close()

    def quit(self) -> None:
        with suppress(RuntimeError, AssertionError, OSError):
            self.send("Marionette:Quit", flags=["eForceQuit"])
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=20)
        self.kill()


@contextmanager
def firefox_of(profile: Path) -> Iterator[Firefox]:
    """A browser that is gone afterwards, whatever happens."""
    browser = Firefox(profile)
    try:
        yield browser
    finally:
        browser.quit()
