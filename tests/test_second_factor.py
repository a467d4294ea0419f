"""A second factor is asked for, counts for its owner alone, and is good once."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from content.models import Page
from tests import factories, signing_in
from tests.signing_in import PASSWORD, code, is_in, secret_of, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def nadia() -> User:
    return signing_in.nadia()


@pytest.fixture
def required(settings):
    settings.STAFF_MFA = True


# --- The second factor --------------------------------------------------------------------------


def test_without_a_second_factor_the_area_stays_closed(nadia, required):
    client = Client()
    sign_in(client)
    answer = client.get("/admin/content/page/", follow=True)
    assert answer.redirect_chain[-1][0] == "/admin/account/factors/"
    assert "Add a second factor first" in answer.content.decode()
    assert not is_in(client)
    refused = client.post("/admin/content/page/add/", {"key": "x"})
    assert refused.status_code == 403
    assert not Page.objects.filter(key="x").exists()


def test_an_app_is_set_up_and_opens_the_area(nadia, required, monkeypatch):
    # The transaction of the test never ends; that of the view, by itself, would here.
    monkeypatch.setattr("django.db.transaction.on_commit", lambda done: done())
    client = Client()
    sign_in(client)
    assert client.get(reverse("mfa_activate_totp"))["Location"].startswith("/admin/account/again/")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r"<code>([A-Z2-7=]+)</code>", page).group(1)
    answer = client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    shown = client.get(answer["Location"]).content.decode()
    assert len(re.findall(r"<li><code>\d{8}</code>", shown)) == 10
    assert "<code>" not in client.get(answer["Location"]).content.decode()
    assert is_in(client)
    stored = Authenticator.objects.get(user=nadia, type="totp").data["secret"]
    assert secret not in stored


def test_the_password_alone_does_not_open_an_account_with_an_app(nadia):
    secret = secret_of(nadia)
    client = Client()
    assert sign_in(client)["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert is_in(client)


def test_a_code_is_good_once(nadia):
    secret = secret_of(nadia)
    value = code(secret)
    for client, works in ((Client(), True), (Client(), False)):
        sign_in(client)
        client.post(reverse("mfa_authenticate"), {"code": value})
        assert is_in(client) is works


@pytest.mark.parametrize("later", [-2, -1, 1, 2])
def test_a_code_is_good_for_its_half_minute_only(nadia, later):
    secret = secret_of(nadia)
    client = Client()
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code(secret, later)})
    assert not is_in(client)


def test_codes_are_not_guessed(nadia):
    secret = secret_of(nadia)
    client = Client()
    sign_in(client)
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert not is_in(client)


def test_a_recovery_code_opens_the_area_once(nadia, required):
    secret_of(nadia)
    value = RecoveryCodes.activate(nadia).get_unused_codes()[0]
    for client, works in ((Client(), True), (Client(), False)):
        sign_in(client)
        client.post(reverse("mfa_authenticate"), {"code": value})
        assert is_in(client) is works


def test_the_first_step_of_one_does_not_open_the_account_of_another(nadia, required):
    """A second factor counts for the person whose it is."""
    secret = secret_of(nadia)
    other = factories.approver()
    other.set_password(PASSWORD)
    other.save()
    client = Client()
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert is_in(client)
    client.post(reverse("account_logout"))
    sign_in(client, name=other.username)
    assert not is_in(client)


def test_secrets_outlive_a_change_of_the_key_with_its_fallback(nadia, settings):
    secret = secret_of(nadia)
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 9, [old]
    sign_in(client := Client())
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert is_in(client)


def test_without_the_old_key_no_code_is_right(nadia, settings):
    secret = secret_of(nadia)
    settings.SECRET_KEY = "another" * 9
    sign_in(client := Client())
    answer = client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert answer.status_code == 200
    assert not is_in(client)


def test_secrets_outlive_the_old_key_once_they_are_encrypted_anew(nadia, settings, capsys):
    secret = secret_of(nadia)
    recovery = RecoveryCodes.activate(nadia).get_unused_codes()[0]
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 9, [old]
    call_command("rotatesecrets")
    assert "2 encrypted" in capsys.readouterr().out
    settings.SECRET_KEY_FALLBACKS = []
    for value in (code(secret), recovery):
        sign_in(client := Client())
        client.post(reverse("mfa_authenticate"), {"code": value})
        assert is_in(client)


def test_a_secret_that_no_key_opens_stops_the_change_of_all(nadia, settings):
    secret_of(nadia)
    other = factories.approver()
    before, settings.SECRET_KEY = settings.SECRET_KEY, "another" * 9
    secret_of(other)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "third" * 12, [before]
    kept = list(Authenticator.objects.order_by("pk").values_list("data", flat=True))
    with pytest.raises(CommandError, match=f"resetsecondfactor {other.username}"):
        call_command("rotatesecrets")
    assert list(Authenticator.objects.order_by("pk").values_list("data", flat=True)) == kept


def test_a_lost_second_factor_is_taken_away_on_the_command_line(nadia, capsys):
    secret_of(nadia)
    call_command("resetsecondfactor", "Nadia")
    assert "1 removed" in capsys.readouterr().out
    assert not Authenticator.objects.exists()
    with pytest.raises(CommandError, match="no account Nobody"):
        call_command("resetsecondfactor", "Nobody")
