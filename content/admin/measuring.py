"""What the form says of its own text: how hard it is to read, and words that are not used.

Measured in one place (publishing/reading.py, rules.py), for a form as it is shown, for the script
that asks while somebody types, and for the approver. What is asked about is kept nowhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from campaign import languages
from content import richtext
from content.admin.fields import tidy
from content.models import Revision
from content.publishing import reading, rules
from content.publishing.reading import Reading
from content.publishing.snapshots import RICH, Content, column

TEMPLATE = "admin/content/includes/reading.html"


@dataclass(frozen=True)
class Measured:
    """How a text reads, and which of its words have a better one."""

    reading: Reading
    words: tuple[str, ...] = ()

    @property
    def warnings(self) -> list[str]:
        """All that there is to say, the words first; empty when all is well."""
        return [*self.words, *self.reading.warnings]


def of_texts(kind: str, language: str, audience: str, texts: Iterable[str]) -> Measured:
    """Return what there is to say of the plain texts of one item."""
    texts = list(texts)
    found: dict[str, None] = {}
    for text in texts if language == languages.SOURCE else ():
        found |= dict.fromkeys(rules.banned(kind, audience, text))
    return Measured(reading.measure(language, texts), tuple(found))


def of_content(kind: str, language: str, content: Content) -> Measured:
    """Return what there is to say of a snapshot."""
    texts = (text for _, text in rules.plain_fields(content))
    return of_texts(kind, language, content.get("audience", ""), texts)


def of_forms(kind: str, language: str, audience: str, shown: Iterable[forms.ModelForm]) -> Measured:
    """Return what there is to say of what stands in forms that beside.py has looked at."""
    texts = [
        _plain(name, language, str(form[name].value() or ""))
        for form in shown
        for name, field in form.fields.items()
        if getattr(field, "language", "") == language
    ]
    return of_texts(kind, language, audience, texts)


def _plain(name: str, language: str, text: str) -> str:
    """Return the words of a field by its name: `body_fr`, or `sections-3-body_fr`."""
    original = name.rpartition("-")[2].removesuffix(column("", language))
    return richtext.plain(tidy(text)) if original in RICH else text


class Measuring(admin.ModelAdmin):
    """The part of the revisions' admin that measures what somebody types."""

    @method_decorator([csrf_protect, require_POST])
    def measure_view(self, request: HttpRequest) -> HttpResponse:
        """Return the piece of the form that says how its text reads, for the text that is sent."""
        kind, language = request.POST.get("kind", ""), request.POST.get("language", "")
        names, texts = request.POST.getlist("name"), request.POST.getlist("text")
        if kind not in Revision.Kind.values or language not in languages.BY_CODE:
            return HttpResponseBadRequest("Nothing is measured in this.")
        pairs = zip(names, texts, strict=False)
        plain = [_plain(name, language, text) for name, text in pairs]
        measured = of_texts(kind, language, request.POST.get("audience", ""), plain)
        context: dict[str, Any] = {"measured": measured, "language": languages.get(language)}
        return TemplateResponse(request, TEMPLATE, context)
