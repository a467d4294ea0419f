"""Who may do what at every address of the staff area, as a table.

`TABLE` names each address as Django's resolver does. An address that is not in it fails a test.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import Client
from django.urls import URLResolver, reverse

from content.publishing.snapshots import RICH, column, translated_fields
from tests import factories
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
    PASSWORD,
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


SHOWN_AGAIN = frozenset({200, 403})
"""A list or a form comes back, or the person may not even see it."""


def _admin(name: str, *arguments: Callable[[World], Any], query: str = "") -> Callable[..., str]:
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
    path = _admin(f"{name}_change", pk)
    return Case(path, get, post, _form(path, _set(**values)))


def _shared(name: str, pk: Callable[[World], Any], lists: Any = ALL) -> dict[str, list[Case]]:
    """The addresses that no role may do anything at but look."""
    app, model = name.split("_")
    here = f"{app}/{model}/"
    delete = {"post": "yes"}
    return {
        here: [Case(_admin(f"{name}_changelist"), lists, refused=SHOWN_AGAIN)],
        f"{here}<path:object_id>/history/": [
            Case(_admin(f"{name}_history", pk), lists, refused=SHOWN_AGAIN)
        ],
        f"{here}<path:object_id>/delete/": [
            Case(_admin(f"{name}_delete", pk), NONE, NONE, lambda *_: delete)
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
        path = _admin(f"{name}_change", pk, query=f"?language={language}")
        return Case(path, ALL, who, _form(path, _text(model, language)))

    add = _admin(f"{name}_add")
    return _shared(name, pk) | {
        f"{here}add/": [
            Case(add, ARABIC_WRITERS, ARABIC_WRITERS, _form(add, _new)),
            Case(_admin(f"{name}_add", query="?language=fr"), seen=404, refused=frozenset({404})),
        ],
        f"{here}<path:object_id>/change/": [
            written("en", ENGLISH_WRITERS),
            written("fr", FRENCH_WRITERS),
            written("ar", ARABIC_WRITERS),
            Case(
                _admin(f"{name}_change", pk, query="?language=xx"),
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

    new = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    add = {"username": "newcomer-2", **new}
    return _shared(name, editors, ADMINS) | {
        f"{here}add/": [Case(_admin(f"{name}_add"), ADMINS, ADMINS, lambda *_: add)],
        f"{here}<path:object_id>/change/": [
            _change(name, editors, ADMINS, ADMINS, first_name="Edda"),
            _change(name, roots, ADMINS, frozenset({SUPERUSER}), first_name="Edda"),
        ],
        f"{here}<id>/password/": [
            Case(_admin(f"{name}_password_change", editors), ADMINS, ADMINS, lambda *_: new),
            Case(
                _admin(f"{name}_password_change", roots),
                frozenset({SUPERUSER}),
                frozenset({SUPERUSER}),
                lambda *_: new,
            ),
        ],
    }


def _countries() -> dict[str, list[Case]]:
    name, here = "content_country", "content/country/"
    add = _admin(f"{name}_add")
    numbers = {"emergency_numbers": "112 all\n998 fire"}
    return _shared(name, lambda world: "DE") | {
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
        path = _admin(f"{name}_add", query=f"?country={code}")
        data = _form(path, _set(**values, phone="110", evidence="one-source"))
        return Case(path, GERMAN_KEEPERS, who, data, refused=SHOWN_AGAIN)

    def delete(pk: Callable[[World], int], who: frozenset[str]) -> Case:
        return Case(_admin(f"{name}_delete", pk), who, who, lambda *_: {"post": "yes"})

    def act(action: str, pk: Callable[[World], int], who: frozenset[str]) -> Case:
        def data(world: World, client: Client) -> dict[str, Any]:
            chosen = {"action": action, "_selected_action": [pk(world)]}
            return {**chosen, "how_asked": "1", "how": "called", "post": "yes"}

        return Case(
            _admin(f"{name}_changelist"), ALL, who, data, refused=frozenset({200, 302, 403})
        )

    deleters = GERMAN_WRITERS - {EDITOR}
    return _shared(name, german) | {
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
        f"{here}<path:object_id>/delete/": [
            delete(german, deleters),
            delete(irish, deleters - {APPROVER_DE}),
        ],
    }


def _digits(revision: Any) -> dict[str, str]:
    return {f"digits-{revision.pk}-{i}": d for i, d in factories.digits(revision).items()}


def _revisions() -> dict[str, list[Case]]:
    name, here = "content_revision", "content/revision/"
    only_posted = {"seen": 405, "refused": frozenset({403})}
    because = {"reason": "It is wrong.", "because": "It is wrong."}

    def decided(
        action: str, find: Callable[[World], Any], who: frozenset[str], **more: Any
    ) -> Case:
        path = _admin(f"{name}_{action}", lambda world: find(world).pk)

        def data(world: World, client: Client) -> dict[str, Any]:
            return because | _digits(find(world))

        return Case(path, more.pop("get", ALL), who, data, **more)

    def approve(find: Callable[[World], Any], who: frozenset[str]) -> Case:
        return decided("approve", find, who, get=who)

    def together(find: Callable[[World], Any], who: frozenset[str]) -> Case:
        def data(world: World, client: Client) -> dict[str, Any]:
            return {"pk": find(world).pk, **_digits(find(world))}

        path = _admin(f"{name}_together")
        return Case(path, APPROVERS, who, data, refused=SHOWN_AGAIN)

    english = APPROVERS - {APPROVER_FR}
    irish = APPROVERS - {APPROVER_DE}
    return _shared(name, lambda world: world.french.pk) | {
        f"{here}add/": [Case(_admin(f"{name}_add"), NONE)],
        f"{here}<path:object_id>/change/": [
            decided("change", lambda w: w.french, NONE, refused=frozenset({405}))
        ],
        f"{here}<int:pk>/approve/": [
            approve(lambda w: w.french, APPROVERS),
            approve(lambda w: w.english, english),
            approve(lambda w: w.waiting[w.german], APPROVERS),
            approve(lambda w: w.waiting[w.irish], irish),
        ],
        f"{here}<int:pk>/send-back/": [
            decided("send_back", lambda w: w.french, APPROVERS, **only_posted),
            decided("send_back", lambda w: w.english, english, **only_posted),
            decided("send_back", lambda w: w.waiting[w.irish], irish, **only_posted),
        ],
        f"{here}together/": [
            together(lambda w: w.french, APPROVERS),
            together(lambda w: w.english, english),
            together(lambda w: w.waiting[w.irish], irish),
        ],
        f"{here}compare/": [
            Case(
                lambda world: (
                    reverse("admin:content_revision_compare")
                    + f"?old={world.french_live.pk}&new={world.french.pk}"
                ),
                refused=frozenset({405}),
            )
        ],
        f"{here}<int:pk>/withdraw/": [
            decided("withdraw", lambda w: w.french_live, APPROVERS, **only_posted),
            decided("withdraw", lambda w: w.live["DE"], APPROVERS, **only_posted),
            decided("withdraw", lambda w: w.live["IE"], irish, **only_posted),
        ],
        f"{here}<int:pk>/restore/": [
            decided("restore", lambda w: w.french_live, FRENCH_WRITERS, **only_posted),
            decided("restore", lambda w: w.live["DE"], GERMAN_WRITERS, **only_posted),
            decided("restore", lambda w: w.live["IE"], IRISH_KEEPERS, **only_posted),
        ],
    }


def _site() -> dict[str, list[Case]]:
    def choose(field: str) -> str:
        return f"?app_label=content&model_name=contact&field_name={field}&term="

    def user_type(world: World) -> int:
        return ContentType.objects.get_for_model(User).pk

    return {
        "": [Case(_admin("index"), refused=SHOWN_AGAIN)],
        "autocomplete/": [
            Case(_admin("autocomplete", query=choose("country")), refused=frozenset({405})),
            Case(
                _admin("autocomplete", query=choose("checked_by")), ADMINS, refused=frozenset({405})
            ),
        ],
        "jsi18n/": [Case(_admin("jsi18n"), refused=frozenset({405}))],
        "r/<path:content_type_id>/<path:object_id>/": [
            Case(
                _admin("view_on_site", user_type, lambda world: world.writer.pk),
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
    "revisions": _revisions(),
    **{str(model._meta.model_name): _item(model) for model in ITEMS},
}
TABLE = dict(itertools.chain.from_iterable(room.items() for room in ROOMS.values()))

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
