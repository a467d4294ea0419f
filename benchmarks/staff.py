"""Pages of the staff area with 500 countries' worth of contacts: milliseconds, queries, bytes.

`python -m benchmarks.staff` makes a seeded site of its own, fills it, and prints a table.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from string import ascii_uppercase

from benchmarks import sites

COUNTRIES, SERVICES, MOST_SERVICES, LARGEST = 500, 6, 40, "QA"
LIST = "/admin/content/contact/"
PAGES = (
    *(LIST, f"{LIST}?check=any", f"{LIST}?check=never&country={LARGEST}"),
    *("/admin/content/country/", f"/admin/content/country/{LARGEST}/change/"),
)
OTHERS = ("/admin/", "/admin/content/page/", "/admin/content/revision/coverage/")
TIMES = 15
INSIDE = "_SAY_NO_MEASURE"


@dataclass(frozen=True)
class Opened:
    """One page, as a superuser gets it again and again."""

    path: str
    milliseconds: float
    """The median."""
    slowest: float
    queries: int
    kilobytes: float
    sent: float
    """Kilobytes on the wire, compressed."""


def fill() -> str:
    """Have many contacts with long notes and a remark in every language.

    Returns the address of the form of one of them.
    """
    from campaign import languages
    from content.models import Contact, Country

    codes = ["".join(pair) for pair in product(ascii_uppercase, repeat=2)]
    there = set(Country.objects.values_list("pk", flat=True))
    free = [code for code in codes if code not in {*there, LARGEST}]
    new = [LARGEST, *free][: COUNTRIES - len(there)]
    Country.objects.bulk_create(Country(code=code, languages=["en"]) for code in new)
    remarks = {f"remark_{code}": f"({code}) They have a garden." for code in languages.BY_CODE}
    values = {
        "organisation": "An association with a rather long name for children and young people",
        "phone": "0800 111 222 333", "phone_hours": "Mo-Fr 09:00-17:00; Sa 10:00-12:00; PH off",
        "sms_hours": "24/7", "chat_url": "https://chat.example/a/long/address",
        "website": "https://www.association.example/", "evidence": "one-source",
        "languages": ["en", "fr", "ar"], "note": "A doubt that somebody wrote down. " * 6,
        "sources": ["https://a.example/about", "https://b.example/about"],
    }  # fmt: skip
    Contact.objects.bulk_create(
        Contact(key=f"{code.lower()}-{n}", country_id=code, kind="helpline", **values, **remarks)
        for code in new
        for n in range(MOST_SERVICES if code == LARGEST else SERVICES)
    )
    return f"{LIST}{Contact.objects.get(key=f'{LARGEST.lower()}-0').pk}/change/"


def largest_page() -> str:
    """Return the address of the form of the page with most sections."""
    from django.db.models import Count

    from content.models import Page

    largest = Page.objects.annotate(many=Count("sections")).latest("many")
    return f"/admin/content/page/{largest.pk}/change/"


def measure() -> None:
    """Fill the site, open each page as a superuser, and print what it takes as JSON."""
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    form = fill()
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.create_superuser("measured"))
    for path in (*PAGES, form, *OTHERS, largest_page()):
        client.get(path)
        times = []
        for _ in range(TIMES):
            started = time.perf_counter()
            answer = client.get(path)
            times.append(1000 * (time.perf_counter() - started))
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status_code}")
        with CaptureQueriesContext(connection) as asked:
            sent = client.get(path, headers={"accept-encoding": "gzip"})
        sizes = [len(one.content) / 1024 for one in (answer, sent)]
        opened = Opened(path, statistics.median(times), max(times), len(asked), *sizes)
        print(json.dumps(asdict(opened)), flush=True)


def opened(env: dict[str, str]) -> list[Opened]:
    """Return what each page takes on a seeded site, which is filled."""
    inside = {"DJANGO_SETTINGS_MODULE": "campaign.settings", INSIDE: "1", "STAFF_MFA": "0"}
    command = [sys.executable, "-m", "benchmarks.staff"]
    done = subprocess.run(
        command, cwd=sites.ROOT, env=env | inside, check=True, capture_output=True, text=True
    )
    return [Opened(**json.loads(line)) for line in done.stdout.splitlines()]


if __name__ == "__main__":
    if INSIDE in os.environ:
        import django

        django.setup()
        measure()
    else:
        with tempfile.TemporaryDirectory() as name:
            for one in opened(sites.build(Path(name))):
                print(
                    f"{one.milliseconds:6.0f} ms, at most {one.slowest:.0f};"
                    f" {one.queries} queries; {one.kilobytes:.0f} KB, sent {one.sent:.0f}"
                    f"  {one.path}"
                )
