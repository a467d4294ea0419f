"""Who may do what at the addresses of revisions; and all addresses in one table."""

import itertools
from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.test import Client
from django.urls import reverse

from tests import factories, role_table
from tests.role_table import (
    APPROVERS,
    ARABIC_WRITERS,
    FRENCH_WRITERS,
    GERMAN_WRITERS,
    IRISH_KEEPERS,
    SHOWN_AGAIN,
    Case,
    admin_path,
    shared,
)
from tests.roles import ALL, APPROVER_DE, APPROVER_FR, NONE, World


def _digits(revision: Any) -> dict[str, str]:
    return {f"digits-{revision.pk}-{i}": d for i, d in factories.digits(revision).items()}


def _revisions() -> dict[str, list[Case]]:
    name, here = "content_revision", "content/revision/"
    only_posted = {"seen": 405, "refused": frozenset({403})}
    because = {"reason": "It is wrong.", "because": "It is wrong."}

    def decided(
        action: str, find: Callable[[World], Any], who: frozenset[str], **more: Any
    ) -> Case:
        path = admin_path(f"{name}_{action}", lambda world: find(world).pk)

        def data(world: World, client: Client) -> dict[str, Any]:
            return because | _digits(find(world))

        return Case(path, more.pop("get", ALL), who, data, **more)

    def approve(find: Callable[[World], Any], who: frozenset[str]) -> Case:
        return decided("approve", find, who, get=who)

    forbidden = frozenset({200, 403, 405})

    def together(find: Callable[[World], Any], who: frozenset[str]) -> Case:
        def data(world: World, client: Client) -> dict[str, Any]:
            return {"pk": find(world).pk, **_digits(find(world))}

        path = admin_path(f"{name}_together")
        return Case(path, APPROVERS, who, data, refused=SHOWN_AGAIN)

    english = APPROVERS - {APPROVER_FR}
    irish = APPROVERS - {APPROVER_DE}
    return shared(name, lambda world: world.french.pk) | {
        f"{here}add/": [Case(admin_path(f"{name}_add"), NONE)],
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
        f"{here}coverage/": [
            Case(admin_path("content_revision_coverage"), refused=frozenset({405})),
            Case(
                admin_path("content_revision_coverage", query="?kind=country"),
                refused=frozenset({405}),
            ),
        ],
        f"{here}measure/": [
            Case(admin_path("content_revision_measure"), seen=405, refused=frozenset({400}))
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
        f"{here}<int:pk>/preview/": [
            decided("preview", lambda w: w.french, NONE, refused=forbidden)
        ],
        f"{here}<int:pk>/preview-page/": [
            decided("preview_page", lambda w: w.french, NONE, refused=forbidden)
        ],
        f"{here}<int:pk>/preview-link/": [
            decided("preview_link", lambda w: w.french, NONE, seen=405, refused=forbidden)
        ],
        f"{here}preview-unsaved/": [
            Case(admin_path("content_revision_preview_unsaved"), seen=405, refused=frozenset({400}))
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


def _reviews() -> dict[str, list[Case]]:
    def review(find: Callable[[World], Any], who: frozenset[str]) -> Case:
        path = admin_path("content_revision_review", lambda world: find(world).pk)
        facts = {"role": "native", "on": "2026-01-01"}
        return Case(path, ALL, who, lambda *_: facts, seen=405, refused=frozenset({403}))

    return {
        "content/revision/<int:pk>/review/": [
            review(lambda w: w.french_live, APPROVERS),
            review(lambda w: w.english, APPROVERS - {APPROVER_FR}),
        ]
    }


def _desk() -> dict[str, list[Case]]:
    name, here = "content_revision_desk", "content/revision/desk/"
    only_read = frozenset({405})

    def code(language: str) -> Callable[[World], str]:
        return lambda world: language

    def imported(language: str, who: frozenset[str]) -> Case:
        path = admin_path(f"{name}_import", code(language))

        def data(world: World, client: Client) -> dict[str, Any]:
            """Send a file with another title, look at its plan, and say that it is meant."""
            text = f'msgctxt "page:lighthouse/title"\nmsgid "{world.live_title}"\nmsgstr "New"\n'
            file = BytesIO(f'msgid ""\nmsgstr "Language: {language}\\n"\n\n{text}'.encode())
            file.name = "new.po"
            client.post(path(world), {"file": file})
            query = "?conflicts=overwrite"
            shown = client.get(path(world) + query)
            if shown.status_code != 200:
                return {}
            plan, digest = shown.context["plan"], shown.context["digest"]
            return {"plan": plan.fingerprint, "digest": digest}

        def asked(world: World) -> str:
            return path(world) + "?conflicts=overwrite"

        return Case(asked, who, who, data, seen=302)

    def taken(language: str, who: frozenset[str]) -> Case:
        return Case(admin_path(f"{name}_export", code(language)), who, refused=only_read)

    nowhere: dict[str, Any] = {"seen": 404, "hidden": 404, "refused": frozenset({404})}
    return {
        here: [Case(admin_path(name), refused=only_read)],
        f"{here}<code>/": [
            Case(admin_path(f"{name}_language", code("fr")), refused=only_read),
            Case(admin_path(f"{name}_language", code("en")), seen=404, refused=only_read),
        ],
        f"{here}<code>/export/": [taken("fr", FRENCH_WRITERS), taken("ar", ARABIC_WRITERS)],
        f"{here}<code>/import/": [
            imported("fr", FRENCH_WRITERS),
            imported("ar", ARABIC_WRITERS),
            Case(admin_path(f"{name}_import", code("en")), **nowhere),
        ],
    }


ROOMS = role_table.ROOMS | {
    "revisions": _revisions(),
    "reviews": _reviews(),
    "desk": _desk(),
}
TABLE = dict(itertools.chain.from_iterable(room.items() for room in ROOMS.values()))
