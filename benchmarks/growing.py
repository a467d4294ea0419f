"""Run inside the site's environment: makes it larger, approves, and measures pages as rendered.

`python -m benchmarks.growing JOB [ARGUMENT]` prints JSON.
"""

import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")
django.setup()

from babel import Locale  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from campaign import languages  # noqa: E402
from content.baking import addresses, bake  # noqa: E402
from content.models import Country, Page, Revision  # noqa: E402
from content.publishing import live, numbers, workflow  # noqa: E402

PAGES = ("/en/", "/en/stop/", "/en/report/de/")
TIMES = 30


def _copies(code: str) -> list[Revision]:
    """Return what is live in English once more, in another language."""
    there = set(Revision.objects.live().filter(language=code).values_list("kind", "key"))
    return [
        Revision(**{**_values(revision), "language": code})
        for revision in Revision.objects.live().filter(language=languages.SOURCE)
        if (revision.kind, revision.key) not in there
    ]


def _values(revision: Revision) -> dict[str, Any]:
    names = [field.attname for field in Revision._meta.concrete_fields if field.name != "id"]
    return {name: getattr(revision, name) for name in names} | {"number": 999}


def fill_languages(count: int) -> int:
    """Make all texts live in so many languages; beyond the list, in languages with made-up codes.

    Returns the number of live revisions.
    """
    codes = [*languages.BY_CODE, *(f"q{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(200))]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")  # made-up codes are refused else
    for code in codes[:count]:
        Revision.objects.bulk_create(_copies(code))
    return Revision.objects.live().count()


def only_language() -> int:
    """Leave no text but the English ones. Returns the number of live revisions."""
    kept = {languages.SOURCE, languages.NEUTRAL}
    for revision in Revision.objects.live().exclude(language__in=kept):
        workflow.withdraw(revision, _user("Anna"), "measured")
    return Revision.objects.live().count()


def fill_countries(count: int) -> int:
    """Have so many countries, each with Germany's services. Returns how many there are."""
    there = set(Revision.objects.live().filter(kind="country").values_list("key", flat=True))
    model = Revision.objects.live().get(kind="country", key="DE", language=languages.NEUTRAL)
    codes = [c for c in sorted(Locale("en").territories) if len(c) == 2 and c.isalpha()]
    new = [c for c in codes if c not in there and c not in {"EU", "EZ", "UN", "ZZ", "XA", "XB"}]
    new = new[: count - len(there - {"EU", "WW"})]
    Revision.objects.bulk_create(Revision(**{**_values(model), "key": code}) for code in new)
    return len(live.index().countries)


def render() -> dict[str, Any]:
    """Return the queries, the median milliseconds and the bytes of some pages, rendered live."""
    client = Client(headers={"host": "127.0.0.1"})
    found = {}
    for path in PAGES:
        client.get(path)
        asked: list[str] = []

        def count(execute: Any, sql: str, *rest: Any, asked: list[str] = asked) -> Any:
            asked.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(count):
            size = len(client.get(path).content)
        times = []
        for _ in range(TIMES):
            started = time.perf_counter()
            client.get(path)
            times.append(1000 * (time.perf_counter() - started))
        found[path] = [len(asked), statistics.median(times), size]
    return found


def bake_languages(count: int) -> float:
    """Bake the pages of the first so many languages. Returns seconds."""
    paths = addresses.paths
    codes = list(languages.BY_CODE)[:count]

    def of_these(index: live.Index) -> list[str]:
        return [path for path in paths(index) if path.split("/")[1] in codes]

    addresses.paths = of_these  # type: ignore[assignment]
    return bake.bake(Path(settings.BAKED_ROOT), bake.Wish(full=True, allow_fewer=True)).seconds


def _user(name: str) -> User:
    return User.objects.get_or_create(username=name, defaults={"is_superuser": True})[0]


def approve(what: str, code: str = "IE") -> tuple[str, float]:
    """Have a new text of "What to do now" in English, or a new number in a country, approved.

    Returns what a reader will find on the page, and when it was approved (seconds since 1970).
    """
    mark = str(time.time_ns())[-9:]
    if what == "text":
        page = Page.objects.get(key="stop")
        page.summary_en = f"Measured at {mark}."
        page.save()
        draft = workflow.save_draft(page, languages.SOURCE, _user("Edith"))
    else:
        country = Country.objects.get(code=code)
        contact = country.contacts.filter(kind="helpline").exclude(phone="").first()
        if contact is None:
            raise SystemExit(f"{code} has no service with a number.")
        contact.phone = mark
        contact.save()
        draft = workflow.save_draft(
            Country.objects.get(code=code), languages.NEUTRAL, _user("Edith")
        )
    if draft is None:
        raise SystemExit("Nothing has changed.")
    workflow.submit(draft)
    before = workflow.live(draft.kind, draft.key, draft.language)
    changed = numbers.changes(draft, before)
    read = {change.id: change.answer for change in changed}
    workflow.approve(draft, _user("Anna"), digits=read)
    return mark, time.time()


if __name__ == "__main__":
    job = globals()[sys.argv[1]]
    arguments = [int(one) if one.isdigit() else one for one in sys.argv[2:]]
    print(json.dumps(job(*arguments)), flush=True)
