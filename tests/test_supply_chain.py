"""What the site is made of, how it is started, and keys that change."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests import factories
from tests.test_environment import NEEDED
from tools import sbom

ROOT = Path(__file__).resolve().parent.parent
STRONG = "a-long-and-random-looking-key-0123456789-abcdefghijklmnopqrstuvwxyz"


def manage(*words, **variables):
    """Run a command in production; return what happened."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            **NEEDED,
            "SECRET_KEY": STRONG,
            "OPERATOR_CONTACT": "mailto:us@sayno.example",
            "EMAIL_URL": "smtps://us:secret@mail.sayno.example",
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
    )


# --- Django's own checks for production ---------------------------------------------------------


@pytest.mark.parametrize("preload", ["0", "1"])
def test_the_checks_for_production_find_nothing(preload):
    done = manage("check", "--deploy", "--fail-level", "WARNING", HSTS_PRELOAD=preload)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("variables", "finds"),
    [
        ({"HTTPS": "0"}, "security.W012"),
        ({"SECRET_KEY": "short"}, "security.W009"),
        ({"SECRET_KEY_FALLBACKS": "short"}, "security.W025"),
        ({"DEBUG": "1"}, "security.W018"),
        ({"OPERATOR_CONTACT": ""}, "campaign.W002"),
    ],
)
def test_the_checks_for_production_find_what_is_wrong(variables, finds):
    done = manage("check", "--deploy", "--fail-level", "WARNING", **variables)
    assert done.returncode == 1
    assert finds in done.stderr


def test_only_what_our_own_headers_do_is_left_out_of_the_checks(settings):
    """tests/test_headers_served.py shows that they do it."""
    assert settings.SILENCED_SYSTEM_CHECKS == ["security.W001", "security.W002"]


# --- Secrets ------------------------------------------------------------------------------------


def signed_in(client):
    return client.get("/admin/").status_code == 200


@pytest.mark.django_db
def test_a_new_key_signs_nobody_out_while_the_old_one_is_named(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "old" * 20, []
    here, away = Client(), Client()
    for client in (here, away):
        client.force_login(factories.editor())
        assert signed_in(client)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, ["old" * 20]
    assert signed_in(here)
    settings.SECRET_KEY_FALLBACKS = []
    assert signed_in(here)  # what the old key had signed was signed again
    assert not signed_in(away)


@pytest.mark.django_db
def test_without_the_old_key_all_are_signed_out(settings):
    settings.SECRET_KEY = "old" * 20
    client = Client()
    client.force_login(factories.editor())
    settings.SECRET_KEY = "new" * 20
    assert not signed_in(client)
    assert Session.objects.exists()


def test_keys_of_before_come_from_the_environment():
    code = (
        "import django; django.setup(); from django.conf import settings;"
        "print(settings.SECRET_KEY_FALLBACKS)"
    )
    for value, expected in {"one,two ": "['one', 'two']", "": "[]"}.items():
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={
                "DJANGO_SETTINGS_MODULE": "campaign.settings",
                **NEEDED,
                "SECRET_KEY_FALLBACKS": value,
            },
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == expected


def test_no_secret_lies_in_the_repository():
    secret = re.compile(
        rb"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}"
        rb"|xox[baprs]-[A-Za-z0-9-]{10,}|django-[i]nsecure-"
    )
    made = {".git", ".venv", "var"}
    places = [path for path in ROOT.iterdir() if path.name not in made]
    below = [file for place in places if place.is_dir() for file in place.rglob("*")]
    files = [file for file in (*places, *below) if file.is_file() and file.suffix != ".pyc"]
    assert len(files) > 100
    assert [file for file in files if secret.search(file.read_bytes())] == []
    assert [file for file in files if file.suffix in {".pem", ".key"}] == []


# --- The lock and the bill of materials ---------------------------------------------------------


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_with_its_digests(name):
    packages = sbom.read((ROOT / name).read_text("utf-8"))
    assert len(packages) > 15
    for key, package in packages.items():
        assert package["digests"], key
        assert {algorithm for algorithm, _ in package["digests"]} == {"sha256"}, key


def test_the_bill_of_materials_lists_the_whole_lock():
    done = subprocess.run(
        [sys.executable, "tools/sbom.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    bill = json.loads(done.stdout)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    pinned = re.findall(
        r"^([\w.-]+)(?:\[.*?\])?==(\S+)", (ROOT / "requirements.txt").read_text(), re.M
    )
    assert {(c["name"], c["version"]) for c in bill["components"]} == {
        (name.lower(), version) for name, version in pinned
    }
    refs = {component["bom-ref"] for component in bill["components"]}
    tops, *others = bill["dependencies"]
    assert any(ref.startswith("pkg:pypi/django@") for ref in tops["dependsOn"])
    assert {entry["ref"] for entry in others} == refs
    reached, open_ = set(), [tops["ref"]]
    needs = {entry["ref"]: entry["dependsOn"] for entry in bill["dependencies"]}
    while open_:
        ref = open_.pop()
        if ref not in reached:
            reached.add(ref)
            open_ += needs[ref]
    assert reached - {tops["ref"]} == refs
    django = next(c for c in bill["components"] if c["name"] == "django")
    assert django["licenses"] == [{"license": {"name": "BSD-3-Clause"}}]


def test_a_line_of_the_lock_that_nobody_understands_is_no_small_thing():
    with pytest.raises(ValueError, match="says nothing"):
        sbom.read("django==5.2\n-e ./elsewhere\n")


# --- Telling us ---------------------------------------------------------------------------------


def test_it_is_said_how_to_report_a_weakness():
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    assert "/.well-known/security.txt" in text
    assert "SECURITY_CONTACT" in text
    for heading in ("## Report", "## In scope", "## Not in scope"):
        assert heading in text
