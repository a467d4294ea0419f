"""Who may do what at every address of the staff area, as a table.

Each address is named as Django's resolver names it; `role_revisions.TABLE` holds them all. One that
is not in it fails a test.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client
from django.urls import URLResolver, reverse

from content.admin import seen
from content.models import Contact
from content.publishing.snapshots import RICH, column, translated_fields
from tests.admin_support import Desk, Form
from tests.roles import (
    ADMINISTRATOR,
    ALL,
    APPROVER,
    APPROVER_DE,
    APPROVER_FR,
    EDITOR,
    FRENCH,
    ITEMS,
    NONE,
    PARTNER,
    SOURCE,
    SUPERUSER,
    World,
)

ADMINS = frozenset({ADMINISTRATOR, SUPERUSER})
UNLIMITED = frozenset({EDITOR, APPROVER, SUPERUSER})
"""Who writes in every language and country."""
ARABIC_WRITERS = UNLIMITED | {APPROVER_DE}
ENGLISH_WRITERS = ARABIC_WRITERS | {SOURCE}
FRENCH_WRITERS = ARABIC_WRITERS | {FRENCH, APPROVER_FR}
APPROVERS = frozenset({APPROVER, APPROVER_FR, APPROVER_DE, SUPERUSER})
IRISH_KEEPERS = UNLIMITED | {APPROVER_FR}
GERMAN_WRITERS = IRISH_KEEPERS | {APPROVER_DE}
GERMAN_KEEPERS = GERMAN_WRITERS | {PARTNER}

Data = Callable[[World, Client], dict[str, Any]]


@dataclass(frozen=True)
class Case:
    """One address: who may see it, and whose POST changes something."""

    path: Callable[[World], str]
    get: frozenset[str] = ALL
    post: frozenset[str] = NONE
    data: Data = lambda world, client: {}
    seen: int = 200
    """The status for those who may see it; all others get `hidden`."""
    hidden: int = 403
    refused: frozenset[int] = frozenset({403})
    """The status of a POST that changes nothing."""


GONE = frozenset({404})
SHOWN_AGAIN = frozenset({200, 403})
"""A list or a form comes back, or the person may not even see it."""


def admin_path(
    name: str, *arguments: Callable[[World], Any], query: str = ""
) -> Callable[..., str]:
    return lambda world: reverse(f"admin:{name}", args=[a(world) for a in arguments]) + query


def _form(path: Callable[[World], str], change: Callable[[Form], None]) -> Data:
    """Fill a form in as a superuser sees it, with what the person's own one says instead."""

    def data(world: World, client: Client) -> dict[str, Any]:
        form = Desk(world.users[SUPERUSER]).open(path(world))
        own = client.get(path(world))
        if own.status_code == 200 and own.context and "adminform" in own.context:
            form.data |= Form._data(own.context)
        change(form)
        return {name: value for name, value in form.data.items() if value is not False}

    return data


def _new(form: Form) -> None:
    for name, field in form.response.context["adminform"].form.fields.items():
        if form.data.get(name) in ("", None) and field.required:
            choices = [key for key, _ in getattr(field, "choices", ()) if key]
            number = "7" if hasattr(field, "min_value") else "brand-new"
            form.data[name] = choices[0] if choices else number
    for name, value in {"url": "https://new.example", "year": "2025"}.items():
        if name in form.data:
            form.data[name] = value


def _text(model: type[Model], language: str) -> Callable[[Form], None]:
    fields = translated_fields(model)
    field = next((f for f in fields if f not in RICH), fields[0])
    text = "<p>Other words</p>" if field in RICH else "Other words"
    return lambda form: form.data.update({column(field, language): text})


def _set(**values: str) -> Callable[[Form], None]:
    return lambda form: form.data.update(values)


def _change(name: str, pk: Callable[[World], Any], get: Any, post: Any, **values: str) -> Case:
    path = admin_path(f"{name}_change", pk)
    return Case(path, get, post, _form(path, _set(**values)))


def shared(name: str, pk: Callable[[World], Any], lists: Any = ALL) -> dict[str, list[Case]]:
    """The addresses that no role may do anything at but look."""
    app, model = name.split("_")
    here = f"{app}/{model}/"
    delete = {"post": "yes"}
    return {
        here: [Case(admin_path(f"{name}_changelist"), lists, refused=SHOWN_AGAIN)],
        f"{here}<path:object_id>/history/": [
            Case(admin_path(f"{name}_history", pk), lists, refused=SHOWN_AGAIN)
        ],
        f"{here}<path:object_id>/delete/": [
            Case(admin_path(f"{name}_delete", pk), NONE, NONE, lambda *_: delete)
        ],
        f"{here}<path:object_id>/": [
            Case(
                lambda world: reverse(f"admin:{name}_changelist") + f"{pk(world)}/",
                seen=302,
                refused=frozenset({302}),
            )
        ],
    }


def _item(model: type[Model]) -> dict[str, list[Case]]:
    name = f"content_{model._meta.model_name}"
    here = name.replace("_", "/") + "/"

    def pk(world: World) -> Any:
        return world.items[model].pk

    def written(language: str, who: frozenset[str]) -> Case:
        path = admin_path(f"{name}_change", pk, query=f"?language={language}")
        return Case(path, ALL, who, _form(path, _text(model, language)))

    add = admin_path(f"{name}_add")
    return shared(name, pk) | {
        f"{here}add/": [
            Case(add, ARABIC_WRITERS, ARABIC_WRITERS, _form(add, _new)),
            Case(
                admin_path(f"{name}_add", query="?language=fr"), seen=404, refused=frozenset({404})
            ),
        ],
        f"{here}<path:object_id>/change/": [
            written("en", ENGLISH_WRITERS),
            written("fr", FRENCH_WRITERS),
            written("ar", ARABIC_WRITERS),
            Case(
                admin_path(f"{name}_change", pk, query="?language=xx"),
                seen=404,
                refused=frozenset({403, 404}),
            ),
        ],
    }


def _accounts() -> dict[str, list[Case]]:
    name, here = "auth_user", "auth/user/"

    def editors(world: World) -> int:
        return world.users[EDITOR].pk

    def roots(world: World) -> int:
        return world.other_root.pk

    add = {"username": "newcomer-2"}
    # What these two do is in test_sign_in.py; here nothing of an account may change.
    helps: dict[str, Any] = {"get": NONE, "hidden": 405}
    done = frozenset({200, 302, 403})
    return shared(name, editors, ADMINS) | {
        f"{here}add/": [Case(admin_path(f"{name}_add"), ADMINS, ADMINS, lambda *_: add)],
        f"{here}<path:object_id>/change/": [
            _change(name, editors, ADMINS, ADMINS, first_name="Edda"),
            _change(name, roots, ADMINS, frozenset({SUPERUSER}), first_name="Edda"),
        ],
        f"{here}<id>/password/": [
            Case(admin_path(f"{name}_password_change", who), NONE, hidden=404, refused=GONE)
            for who in (editors, roots)
        ],
        f"{here}<int:pk>/link/": [
            Case(admin_path("staff_link", who), refused=done, **helps) for who in (editors, roots)
        ],
        f"{here}<int:pk>/second-factor/": [
            Case(admin_path("staff_second_factor", who), refused=done, **helps)
            for who in (editors, roots)
        ],
    }


def _countries() -> dict[str, list[Case]]:
    name, here = "content_country", "content/country/"
    add = admin_path(f"{name}_add")
    numbers = {"emergency_numbers": "112 all\n998 fire"}
    return shared(name, lambda world: "DE") | {
        f"{here}add/": [
            Case(add, IRISH_KEEPERS, IRISH_KEEPERS, _form(add, _set(code="JP", scope="country")))
        ],
        f"{here}<path:object_id>/change/": [
            _change(name, lambda world: "DE", ALL, GERMAN_WRITERS, **numbers),
            _change(name, lambda world: "IE", ALL, IRISH_KEEPERS, **numbers),
        ],
    }


def _contacts() -> dict[str, list[Case]]:
    name, here = "content_contact", "content/contact/"

    def german(world: World) -> int:
        return world.german.pk

    def irish(world: World) -> int:
        return world.irish.pk

    def add(code: str, who: frozenset[str]) -> Case:
        values = {"key": "brand-new", "country": code, "kind": "police", "organisation": "New"}
        path = admin_path(f"{name}_add", query=f"?country={code}")
        data = _form(path, _set(**values, phone="110", evidence="one-source"))
        return Case(path, GERMAN_KEEPERS, who, data, refused=SHOWN_AGAIN)

    def delete(pk: Callable[[World], int], who: frozenset[str]) -> Case:
        return Case(admin_path(f"{name}_delete", pk), who, who, lambda *_: {"post": "yes"})

    def act(action: str, pk: Callable[[World], int], who: frozenset[str]) -> Case:
        def data(world: World, client: Client) -> dict[str, Any]:
            chosen = {"action": action, "_selected_action": [pk(world)]}
            shown = {f"seen-{pk(world)}": seen.of(Contact.objects.get(pk=pk(world)))}
            return {**chosen, **shown, "how_asked": "1", "how": "called", "post": "yes"}

        return Case(
            admin_path(f"{name}_changelist"), ALL, who, data, refused=frozenset({200, 302, 403})
        )

    def checked(pk: Callable[[World], int], who: frozenset[str]) -> Case:
        def data(world: World, client: Client) -> dict[str, Any]:
            contact = Contact.objects.get(pk=pk(world))
            return {"how": "called", f"seen-{contact.pk}": seen.of(contact)}

        return Case(admin_path(f"{name}_checked", pk), who, who, data)

    def brought(action: str, data: Data, who: frozenset[str] = NONE) -> Case:
        may_see, seen = (ALL, 405) if action == "apply" else (GERMAN_KEEPERS, 200)
        path = admin_path(f"{name}_{action}")
        return Case(path, may_see, who, data, seen, refused=frozenset({200, 302, 403}))

    def sheet(world: World, client: Client) -> dict[str, Any]:
        rows = f"key,phone\n{world.german.key},0800 777\n".encode()
        return {"file": SimpleUploadedFile("a.csv", rows)}

    def shown(world: World, client: Client) -> dict[str, Any]:
        answer = client.post(reverse("admin:content_contact_import"), sheet(world, client))
        context = answer.context or {}
        return {"kept": context.get("kept", "")} if answer.status_code == 200 else {}

    read_only = frozenset({405})
    deleters = GERMAN_WRITERS - {EDITOR}
    return shared(name, german) | {
        here: [
            act("checked_today", german, GERMAN_KEEPERS),
            act("checked_today", irish, IRISH_KEEPERS),
            act("delete_selected", german, NONE),
        ],
        f"{here}add/": [add("DE", GERMAN_KEEPERS), add("IE", IRISH_KEEPERS)],
        f"{here}<path:object_id>/change/": [
            _change(name, german, ALL, GERMAN_KEEPERS, phone="0800 777"),
            _change(name, irish, ALL, IRISH_KEEPERS, phone="0800 777"),
        ],
        f"{here}<int:pk>/checked/": [
            checked(german, GERMAN_KEEPERS),
            checked(irish, IRISH_KEEPERS),
        ],
        f"{here}hours/": [Case(admin_path(f"{name}_hours"), refused=read_only)],
        f"{here}export/<str:form>/": [
            Case(admin_path(f"{name}_export", lambda world: "csv"), refused=read_only)
        ],
        f"{here}import/": [brought("import", sheet)],
        f"{here}import/apply/": [brought("apply", shown, GERMAN_KEEPERS)],
        f"{here}<path:object_id>/delete/": [
            delete(german, deleters),
            delete(irish, deleters - {APPROVER_DE}),
        ],
    }


def _site() -> dict[str, list[Case]]:
    def choose(field: str) -> str:
        return f"?app_label=content&model_name=contact&field_name={field}&term="

    def user_type(world: World) -> int:
        return ContentType.objects.get_for_model(User).pk

    return {
        "": [Case(admin_path("index"), refused=SHOWN_AGAIN)],
        "autocomplete/": [
            Case(admin_path("autocomplete", query=choose("country")), refused=frozenset({405})),
            Case(
                admin_path("autocomplete", query=choose("checked_by")),
                ADMINS,
                refused=frozenset({405}),
            ),
        ],
        "handbook/": [Case(admin_path("handbook"), refused=frozenset({405}))],
        "still-here/": [Case(admin_path("still_here"), refused=frozenset({405}))],
        "jsi18n/": [Case(admin_path("jsi18n"), refused=frozenset({405}))],
        "r/<path:content_type_id>/<path:object_id>/": [
            Case(
                admin_path("view_on_site", user_type, lambda world: world.writer.pk),
                seen=404,
                refused=frozenset({404}),
            )
        ],
        "^(?P<app_label>auth|content)/$": [
            Case(lambda world: "/admin/content/", refused=SHOWN_AGAIN),
            Case(lambda world: "/admin/auth/", ADMINS, hidden=404, refused=frozenset({200, 404})),
        ],
        "(?P<url>.*)$": [Case(lambda world: "/admin/nothing/", seen=404, refused=frozenset({404}))],
    }


ROOMS: dict[str, dict[str, list[Case]]] = {
    "site": _site(),
    "accounts": _accounts(),
    "countries": _countries(),
    "contacts": _contacts(),
    **{str(model._meta.model_name): _item(model) for model in ITEMS},
}
OWN_ACCOUNT = {"login/", "logout/", "password_change/", "password_change/done/"}
"""Addresses that are about the person who asks; what they do is tested where signing in is."""


def routes() -> Iterator[str]:
    """Yield every address of the staff area, as the resolver writes it."""

    def walk(patterns: Iterable[Any], before: str = "") -> Iterator[str]:
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            else:
                yield route

    return walk(admin.site.get_urls())
