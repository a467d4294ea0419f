"""What two of the engines are told in the same words: keys and clicks of WebDriver (W3C)."""

from typing import Any

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key of a reference to an element (WebDriver, section 12.1)."""
KEYS = {
    "Shift": "\ue008",
    "Control": "\ue009",
    "Escape": "\ue00c",
    "Tab": "\ue004",
    "Enter": "\ue007",
    "ArrowDown": "\ue015",
}
"""Keys without a letter (WebDriver, section 15.4.2)."""
CENTRE = "(element) => element.scrollIntoView({ block: 'center' })"
"""Before a click: what lies at the lower edge of the window lies below the bar."""


def pressed(*keys: str) -> list[dict[str, Any]]:
    """One key after the other."""
    return [
        {"type": kind, "value": KEYS.get(key, key)} for key in keys for kind in ("keyDown", "keyUp")
    ]


def clicked(element: Any, *held: str) -> list[dict[str, Any]]:
    """A click in the middle of an element while these keys are held: two devices at once."""
    down, up = (
        [{"type": kind, "value": KEYS[key]} for key in held] for kind in ("keyDown", "keyUp")
    )
    mouse = [
        {"type": "pointerMove", "x": 0, "y": 0, "origin": element},
        {"type": "pointerDown", "button": 0},
        {"type": "pointerUp", "button": 0},
    ]
    waits = [{"type": "pause"}] * len(held)
    return [
        {"type": "key", "id": "keys", "actions": [*down, *[{"type": "pause"}] * 3, *up]},
        {"type": "pointer", "id": "mouse", "actions": [*waits, *mouse, *waits]},
    ]
