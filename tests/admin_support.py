"""Working the staff area as a person does: open a form, change a field, press a button."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from content.models import Revision
from content.publishing import workflow
from tests import factories
from tests.html import Page

SAVE, ASK = "_save", "_ask"


class Desk:
    """One person at the staff area."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.client = Client()
        self.client.force_login(user)

    def open(self, path: str) -> "Form":
        """Open a form."""
        return Form(self, path, self.client.get(path))

    def edit(self, item: Model, language: str = "en") -> "Form":
        """Open an item's form in a language."""
        return self.open(form_path(item, language))

    def see(self, path: str) -> Page:
        """Open a page that must be there."""
        response = self.client.get(path)
        assert response.status_code == 200, f"{path} answers {response.status_code}"
        return Page(path, response.content.decode())

    def post(self, path: str, **data: str) -> HttpResponse:
        """Post, follow where it leads, and return the last answer."""
        return self.client.post(path, data, follow=True)

    def approve(self, revision: Revision, **data: str) -> Page:
        """Open the page of approval, type what it asks, press the button, return what comes."""
        path = address("approve", revision)
        self.see(path)
        data = {
            f"digits-{revision.pk}-{i}": d for i, d in factories.digits(revision).items()
        } | data
        return Page(path, self.post(path, **data).content.decode())


class Form:
    """An open form, holding what its fields say."""

    def __init__(self, desk: Desk, path: str, response: HttpResponse) -> None:
        assert response.status_code == 200, f"{path} answers {response.status_code}"
        self.desk = desk
        self.path = path
        self.response = response
        self.page = Page(path, response.content.decode())
        self.data = self._data(response.context)

    @staticmethod
    def _data(context: Any) -> dict[str, Any]:
        forms = [context["adminform"].form]
        for inline in context["inline_admin_formsets"]:
            forms += [inline.formset.management_form, *inline.formset.forms]
        data: dict[str, Any] = {}
        for form in forms:
            for field in form:
                value = field.value()
                many = getattr(field.field.widget, "allow_multiple_selected", False)
                data[field.html_name] = ([] if many else "") if value is None else value
        return data

    @property
    def names(self) -> set[str]:
        """The names of all fields that one can fill in."""
        return set(self.data)

    def __setitem__(self, name: str, value: str) -> None:
        assert name in self.data, f"the form has no field {name}: {sorted(self.data)}"
        self.data[name] = value

    def press(self, button: str = SAVE) -> "Form":
        """Send the form; returns the form as it comes back, with its messages."""
        data = {name: value for name, value in self.data.items() if value is not False}
        response = self.desk.client.post(self.path, {**data, button: "1"}, follow=True)
        path = response.redirect_chain[-1][0] if response.redirect_chain else self.path
        return Form(self.desk, path, response)

    @property
    def messages(self) -> str:
        """What the staff area says above the form."""
        return " ".join(m.text for m in self.page.all("ul") if "messagelist" in m.classes)

    def beside(self, name: str) -> str:
        """What stands in the row of a field, with its errors and the source text."""
        (field,) = [
            e for e in self.page.all("input", "textarea", "select") if e.get("name") == name
        ]
        row = next(e for e in field.ancestors if "pair" in e.classes)
        return row.text


def form_path(item: Model, language: str = "en") -> str:
    """The address of an item's form."""
    path = reverse(f"admin:content_{item._meta.model_name}_change", args=[item.pk])
    return path if language == "en" else f"{path}?language={language}"


def address(action: str, revision: Revision) -> str:
    """The address of a page or action of a revision."""
    return reverse(f"admin:content_revision_{action}", args=[revision.pk])


def newest(kind: str, key: str, language: str = "en") -> Revision:
    """The newest revision of an item."""
    revision = workflow.latest(kind, key, language)
    assert revision is not None, f"{kind}:{key} has no revision in {language}"
    return revision
