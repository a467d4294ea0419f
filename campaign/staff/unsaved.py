"""What was typed, given back when it could not be saved: to be copied, and then written again.

Nothing of it is kept or logged: it goes back to who sent it, and nowhere else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from csp.decorators import csp
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

SIGNED_OUT = "You were signed out"
EXPIRED = "This form had expired"
CONTRADICTED = "This contradicts what is there by now"
REFUSED = "You may not write this any more"
GONE = "Somebody deleted this meanwhile"
OUT_OF_ORDER = "The database does not answer, or can keep nothing"

OF_TEXTS = ("content/", "auth/")
"""Parts of the staff area whose forms are shown again. Passwords and codes are typed in others."""
OF_THE_FORM = re.compile(
    r"_.*|csrfmiddlewaretoken|action|based_on|seen.*|unsaved"
    r"|.+-(?:TOTAL_FORMS|INITIAL_FORMS|MIN_NUM_FORMS|MAX_NUM_FORMS)"
    r"|.+-(?:\d+|__prefix__)-(?:id|page|platform|user)|.+-__prefix__-.+"
)
"""Names of fields that nobody has typed."""
SHORT = 30
"""Letters; a choice or a key has no more."""
HAS_A_FORM = re.compile(r"/(?:change|add|approve)/$")

with_staff_policy: Any = csp(settings.STAFF_CONTENT_SECURITY_POLICY["DIRECTIVES"])


@dataclass(frozen=True)
class Typed:
    """A field of a form, by a name that people understand, and what was written in it."""

    label: str
    text: str

    @property
    def is_words(self) -> bool:
        """Whether it is more than a number, a name or a choice of the form."""
        return len(self.text.split()) > 1 or len(self.text) > SHORT

    @property
    def rows(self) -> int:
        """How many lines the field is high."""
        return min(12, 1 + len(self.text) // 70 + self.text.count("\n"))


def typed(request: HttpRequest) -> Iterator[Typed]:
    """Yield what somebody has written in the form that they sent."""
    area = request.path.removeprefix(f"/{settings.ADMIN_PATH}")
    if request.method != "POST" or not area.startswith(OF_TEXTS):
        return
    for name, texts in request.POST.lists():
        if not OF_THE_FORM.fullmatch(name):
            for text in texts:
                if text.strip():
                    yield Typed(_label(name), text)


def _label(name: str) -> str:
    """Return `Sections 3: body (en)` for `sections-2-body_en`."""
    part, number, field = re.fullmatch(r"(?:(\w+)-(\d+)-)?(.*)", name, re.DOTALL).groups()  # type: ignore[union-attr]
    field = re.sub(r"_([a-z]{2})$", r" (\1)", field).replace("_", " ")
    return f"{part} {int(number) + 1}: {field}".capitalize() if part else field.capitalize()


def page(request: HttpRequest, why: str, status: int = 403) -> HttpResponse:
    """Return the page with what was typed and how to go on; it asks the database nothing."""
    fields = list(typed(request))
    context = {
        "title": why,
        "site_header": admin.site.site_header,
        "site_title": admin.site.site_title,
        "typed": fields,
        "parts": [
            ("", [one for one in fields if one.is_words]),
            ("Single words, numbers and choices", [one for one in fields if not one.is_words]),
        ],
        "is_signed_out": why == SIGNED_OUT,
        "form_address": request.get_full_path() if HAS_A_FORM.search(request.path) else "",
        "user": AnonymousUser(),  # whose name the frame would ask the database for
    }
    show = with_staff_policy(partial(render, context=context, status=status))
    response: HttpResponse = show(request, "staff/unsaved.html")
    response["Cache-Control"] = "no-store"
    return response
