"""Pages of contacts in the staff area with 500 countries of them: milliseconds, queries, bytes.

`python -m benchmarks.contacts` makes a seeded site of its own, fills it, and prints a table.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
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
TIMES = 15
INSIDE = "_SAY_NO_MEASURE"


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


def measure() -> None:
    """Fill the site, open each page as a superuser, and print what it takes."""
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    form = fill()
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.create_superuser("measured"))
    for path in (*PAGES, form):
        client.get(path)
        times = []
        for _ in range(TIMES):
            started = time.perf_counter()
            answer = client.get(path)
            times.append(1000 * (time.perf_counter() - started))
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        size = len(answer.content) / 1024
        median = statistics.median(times)
        print(f"{median:6.0f} ms {len(asked):3} queries {size:5.0f} KB  {path}", flush=True)


if __name__ == "__main__":
    if INSIDE in os.environ:
        import django

        django.setup()
        measure()
    else:
        with tempfile.TemporaryDirectory() as folder:
            env = sites.build(Path(folder)) | {
                "DJANGO_SETTINGS_MODULE": "campaign.settings",
                INSIDE: "1",
                "STAFF_MFA": "0",
            }
            command = [sys.executable, "-m", "benchmarks.contacts"]
            subprocess.run(command, cwd=sites.ROOT, env=env, check=True)
