"""Staff at work over HTTP, and what they were told is done."""

import http.client
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from tests.faults.site import PASSWORD, STAFF
from tests.html import Page

TOKEN = "t" * 32
SIGN_IN = "/admin/account/login/"
SECOND_FACTOR = "/admin/account/factors/login/"
LONGEST = 30.0


@dataclass
class Told:
    """What the staff area answered; status 0 when it did not."""

    status: int
    text: str = ""
    place: str = ""

    @property
    def is_sign_in(self) -> bool:
        """Whether one is to sign in first."""
        return self.status == 302 and "login" in self.place


@dataclass
class Text:
    """Something that waits for approval: its revision, its page, and the word that only it has."""

    revision: int
    path: str
    word: str


@dataclass
class Person:
    """Somebody of the staff, at a port; signed in once `sign_in` was called."""

    port: int
    name: str
    codes: list[str]
    session: str = ""

    def sign_in(self) -> None:
        """Sign in by password and the next recovery code."""
        self.session = ""
        told = self.ask(SIGN_IN, {"login": self.name, "password": PASSWORD})
        assert told.place == SECOND_FACTOR, f"{self.name} is not known: {told}"
        told = self.ask(SECOND_FACTOR, {"code": self.codes.pop()})
        assert told.place == "/admin/", f"{self.name} is not signed in: {told}"

    def ask(self, path: str, data: dict[str, Any] | None = None) -> Told:
        """Open an address, or send a form to it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
        headers = {"Host": STAFF, "Cookie": f"session={self.session}; csrf={TOKEN}"}
        body = None
        if data is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({**data, "csrfmiddlewaretoken": TOKEN}, doseq=True)
        try:
            connection.request("GET" if body is None else "POST", path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            cookies = SimpleCookie("; ".join(answer.headers.get_all("Set-Cookie", [])))
            if "session" in cookies:
                self.session = cookies["session"].value
            return Told(answer.status, text, answer.getheader("Location") or "")
        except (OSError, http.client.HTTPException) as error:
            return Told(0, type(error).__name__)
        finally:
            connection.close()

    def form(self, path: str) -> dict[str, Any]:
        """Return what the fields of a form say."""
        told = self.ask(path)
        assert told.status == 200, f"{path} answers {told.status}: {told.text[:300]}"
        data: dict[str, Any] = {}
        for field_ in Page(path, told.text).all("input", "textarea", "select"):
            name, kind = field_.get("name"), field_.get("type")
            if not name or name.startswith("_") or name == "csrfmiddlewaretoken":
                continue
            if field_.tag == "select":
                data[name] = [
                    o.get("value") for o in field_.all("option") if "selected" in o.attributes
                ]
            elif kind not in {"checkbox", "radio"} or "checked" in field_.attributes:
                data[name] = field_.text if field_.tag == "textarea" else field_.get("value")
        return data


@dataclass
class Approvals:
    """An approver, what waits for them, and what they were told is live."""

    person: Person
    waiting: list[Text]
    done: list[Text] = field(default_factory=list)
    refused: list[Told] = field(default_factory=list)

    def one(self) -> Told:
        """Approve the next text; it counts as done when the answer says so."""
        text = self.waiting.pop(0)
        told = self.person.ask(f"/admin/content/revision/{text.revision}/approve/", {})
        if told.status == 302 and not told.is_sign_in:
            self.done.append(text)
        else:
            self.refused.append(told)
            self.waiting.append(text)
        return told

    def must(self) -> Text:
        """Approve the next text; fails when that is refused."""
        told = self.one()
        assert told.status == 302, f"{told.status}: {told.text[:500]}"
        assert not told.is_sign_in, "signed out"
        return self.done[-1]
