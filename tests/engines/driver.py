"""What a test may do with a browser, whichever engine it has."""

import time
from collections.abc import Callable
from typing import Any

PATIENCE = 20
"""Seconds for what must come; a machine of tests has other work, too."""


class Driver:
    """A running browser with one profile; all but `quit` and `kill` concern its current tab.

    Keys have the names that the web gives them: "Shift", "Control", "Enter".
    """

    url: str

    def goto(self, url: str) -> None:
        """Open an address as somebody who types it; return when it has loaded."""
        raise NotImplementedError

    def evaluate(self, script: str, *arguments: Any) -> Any:
        """Call a function (`() => ...`) in the page; return what it returns or resolves to."""
        raise NotImplementedError

    def click(self, selector: str, *held: str) -> None:
        """Click on the first element that fits, with these keys held."""
        raise NotImplementedError

    def press(self, *keys: str) -> None:
        """Press and let go one key after the other, on whatever has the focus."""
        raise NotImplementedError

    def back(self) -> None:
        """Go back once, if there is anything."""
        raise NotImplementedError

    def forward(self) -> None:
        """Go forward once, if there is anything."""
        raise NotImplementedError

    def quit(self) -> None:
        """Close it in order."""
        raise NotImplementedError

    def arrives(self, url: str) -> None:
        """Wait until this is the address of the tab."""
        self.until(lambda: self.url == url, lambda: f"{self.url} instead of {url}")
        self.comes_to("() => document.readyState === 'complete'")

    def comes_to(self, script: str, *arguments: Any) -> None:
        """Wait until a function in the page says yes."""

        def so() -> Any:
            try:
                return self.evaluate(script, *arguments)
            except RuntimeError:  # asked between two pages
                return False

        self.until(so, lambda: f"never: {script} {arguments}")

    def until(self, so: Callable[[], Any], otherwise: Callable[[], str]) -> None:
        """Ask until it is so."""
        end = time.monotonic() + PATIENCE
        while not so():
            assert time.monotonic() < end, otherwise()
            time.sleep(0.05)


class Keeping(Driver):
    """A browser that can also tell what it keeps of a tab: its entries, when it is closed, too."""

    def history(self) -> list[str]:
        """The addresses of the tab's entries, the oldest first."""
        raise NotImplementedError

    def tabs(self) -> int:
        """How many tabs are open."""
        raise NotImplementedError

    def afresh(self) -> None:
        """Go to a new tab and close all others."""
        raise NotImplementedError

    def reopen(self) -> None:
        """Close the tab and take it back from the list of closed ones."""
        raise NotImplementedError

    def crash(self) -> None:
        """Lose the power, start again with the same profile and take the last session back."""
        raise NotImplementedError
