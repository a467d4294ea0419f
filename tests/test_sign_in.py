"""The way in: guessing is limited, a second factor is asked for, and sessions end."""

import logging
import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from campaign.staff import adapters, sessions
from tests import factories, signing_in
from tests.admin_support import Desk
from tests.signing_in import LOGIN, PASSWORD, is_in, secret_of, sign_in

pytestmark = pytest.mark.django_db
TOO_MANY = "Too many failed login attempts"


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def nadia() -> User:
    return signing_in.nadia()


@pytest.fixture
def required(settings):
    settings.STAFF_MFA = True


# --- Password -----------------------------------------------------------------------------------


def test_a_password_opens_the_staff_area_in_a_new_session(nadia):
    client = Client()
    client.get(LOGIN)
    assert "sessionid" not in client.cookies
    answer = sign_in(client, next="/admin/content/page/")
    assert answer["Location"] == "/admin/content/page/"
    assert is_in(client)
    key = client.cookies["session"].value
    sign_in(other := Client())
    assert other.cookies["session"].value != key


def test_a_session_that_somebody_planted_is_another_one_after_the_sign_in(nadia):
    client = Client()
    planted = client.session
    planted["x"] = 1
    planted.save()
    client.cookies["session"] = planted.session_key
    sign_in(client)
    assert is_in(client)
    assert client.cookies["session"].value != planted.session_key
    assert not Session.objects.filter(pk=planted.session_key).exists()


@pytest.mark.parametrize(
    "target", ["https://evil.invalid/", "//evil.invalid", "javascript:alert(1)"]
)
def test_nobody_is_led_elsewhere(nadia, target):
    assert sign_in(Client(), next=target)["Location"] == "/admin/"


def test_the_sign_in_names_neither_accounts_nor_reasons(nadia):
    wrong = sign_in(Client(), password="wrong")
    nobody = sign_in(Client(), name="Nobody", password="wrong", source="10.0.0.2")
    reason = re.compile(r'<ul class="errorlist nonfield".*?</ul>', re.S)
    found = [reason.search(answer.content.decode()) for answer in (wrong, nobody)]
    assert found[0]
    assert found[0].group() == found[1].group()


@pytest.mark.parametrize("closed", ["signup/", "password/reset/", "email/", "confirm-email/"])
def test_there_is_no_other_way_in(closed):
    data = {"username": "x", "password1": PASSWORD, "password2": PASSWORD, "email": "x@example.org"}
    for answer in (Client().get, Client().post):
        assert answer(f"/admin/account/{closed}", data).status_code in (302, 404)
    assert not User.objects.exists()


# --- Guessing -----------------------------------------------------------------------------------


def test_after_five_failures_an_account_is_locked_wherever_they_came_from(nadia):
    for number in range(5):
        answer = sign_in(Client(), password="wrong", source=f"10.0.{number}.1")
        assert TOO_MANY not in answer.content.decode()
    answer = sign_in(Client(), source="10.9.9.9")
    assert TOO_MANY in answer.content.decode()
    assert answer.wsgi_request.user.is_anonymous


def test_capitals_do_not_make_another_account(nadia):
    for name in ("nadia", "NADIA", "Nadia", "nAdia", "naDia"):
        sign_in(Client(), name=name, password="wrong")
    assert TOO_MANY in sign_in(Client()).content.decode()


def test_a_colleague_next_door_still_gets_in(nadia):
    factories.approver()
    approver = User.objects.get(groups__name="approver")
    approver.set_password(PASSWORD)
    approver.save()
    for name in ("nadia", "NADIA", "Nadia", "nAdia", "naDia", "nadIa", "nadiA", "nadia"):
        sign_in(Client(), name=name, password="wrong")  # one account, however it is spelled
    client = Client()
    assert sign_in(client, name=approver.username).status_code == 302
    assert is_in(client)


def test_one_password_tried_on_many_accounts_closes_the_way_for_that_network(nadia):
    for number in range(5):
        sign_in(Client(), name=f"somebody-{number}", password="summer in the city")
    assert TOO_MANY in sign_in(Client()).content.decode()
    assert sign_in(Client(), source="10.0.0.2").status_code == 302


def test_successes_are_no_failures(nadia):
    for _ in range(12):
        assert sign_in(Client()).status_code == 302


def test_the_lock_opens_after_a_quarter_of_an_hour(nadia, monkeypatch):
    for _ in range(5):
        sign_in(Client(), password="wrong")
    now = time.time()
    clock = "allauth.core.internal.ratelimit.time.time"
    for later in (0, 14 * 60):
        monkeypatch.setattr(clock, lambda later=later: now + later)
        assert TOO_MANY in sign_in(Client()).content.decode()
    monkeypatch.setattr(clock, lambda: now + 15 * 60 + 1)
    assert sign_in(Client()).status_code == 302


def test_failures_are_counted_in_the_database_that_all_workers_share(nadia, settings):
    assert settings.CACHES["default"]["BACKEND"].endswith("db.DatabaseCache")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM staff_cache")
        before = cursor.fetchone()[0]
        sign_in(Client(), password="wrong")
        cursor.execute("SELECT count(*) FROM staff_cache")
        assert cursor.fetchone()[0] > before


@pytest.mark.parametrize(
    ("proxies", "header", "same"),
    [
        (0, "1.1.1.1", True),
        (1, "1.1.1.1", False),
        (1, "9.9.9.9, 1.1.1.1", False),
        (1, "", True),
        (2, "1.1.1.1", True),
        (1, "nonsense", None),
    ],
)
def test_of_what_proxies_noted_only_the_trusted_is_believed(rf, settings, proxies, header, same):
    settings.PROXIES = proxies
    direct = adapters.network(rf.get("/", REMOTE_ADDR="10.0.0.1"))
    noted = adapters.network(rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=header))
    real = adapters.network(rf.get("/", REMOTE_ADDR="1.1.1.1"))
    assert noted == {True: direct, False: real}.get(same, noted)
    assert (noted == direct) is bool(same)


def test_addresses_are_kept_as_pseudonyms_of_a_day(rf, monkeypatch):
    request = rf.get("/", REMOTE_ADDR="10.1.2.3")
    today = adapters.network(request)
    assert "10.1" not in today

    class Tomorrow(adapters.datetime):
        @classmethod
        def now(cls, zone=None):
            return super().now(zone) + timedelta(days=1)

    monkeypatch.setattr(adapters, "datetime", Tomorrow)
    assert adapters.network(request) != today


def test_one_ipv6_network_is_one_place(rf):
    one, two, other = (
        adapters.network(rf.get("/", REMOTE_ADDR=address))
        for address in ("2001:db8::1", "2001:db8::ffff", "2001:db8:0:1::1")
    )
    assert one == two != other


# --- The end of a session -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "age", "ends"),
    [
        (sessions.SEEN, sessions.IDLE + 5, True),
        (sessions.SEEN, sessions.IDLE - 60, False),
        (sessions.BEGAN, sessions.LONGEST + 5, True),
        (sessions.BEGAN, sessions.LONGEST - 60, False),
    ],
)
def test_a_session_ends_when_idle_and_at_last(nadia, key, age, ends):
    client = Desk(nadia).client
    session = client.session
    session[key] = time.time() - age
    session.save()
    answer = client.get("/admin/content/page/")
    if ends:
        assert answer["Location"] == f"{LOGIN}?next=/admin/content/page/"
        assert not Session.objects.filter(pk=session.session_key).exists()
        assert "You were signed out" in client.get(LOGIN).content.decode()
    else:
        assert answer.status_code == 200


def test_work_keeps_a_session_open_but_not_beyond_its_last_hour(nadia):
    client = Desk(nadia).client
    session = client.session
    session[sessions.SEEN] = time.time() - 20 * 60
    session.save()
    assert is_in(client)
    assert time.time() - client.session[sessions.SEEN] < 60


def test_signing_out_ends_the_session_and_clears_the_browser(nadia):
    client = Desk(nadia).client
    key = client.session.session_key
    answer = client.post(reverse("account_logout"))
    assert answer["Clear-Site-Data"] == '"cookies", "storage"'
    assert not Session.objects.filter(pk=key).exists()
    assert not is_in(client)


def test_an_account_that_is_switched_off_is_out_at_once_and_stays_out(nadia):
    client = Desk(nadia).client
    assert is_in(client)
    User.objects.update(is_active=False)
    assert client.get("/admin/").wsgi_request.user.is_anonymous
    answer = sign_in(client)
    assert answer.wsgi_request.user.is_anonymous
    assert not is_in(client)


def test_public_pages_ask_nothing_of_a_session(nadia, django_assert_num_queries):
    client = Desk(nadia).client
    with django_assert_num_queries(0):
        answer = client.get("/exit/")
    assert "session" not in answer.cookies


# --- Links --------------------------------------------------------------------------------------


def test_a_new_account_is_opened_by_a_link_that_is_good_once(nadia):
    ada = Desk(factories.administrator())
    ada.post("/admin/auth/user/add/", username="Olga")
    olga = User.objects.get(username="Olga")
    assert not olga.has_usable_password()
    page = ada.client.post(reverse("admin:staff_link", args=[olga.pk])).content.decode()
    link = re.search(r'<code class="link">http://testserver(.*?)</code>', page).group(1)
    link = link.replace("&amp;", "&")
    stranger = Client()
    assert "Olga" in stranger.get(link).content.decode()
    for weak in ("short", "polniypizdec0211"):  # the second is long enough, and common
        stranger.post(link, {"new_password1": weak, "new_password2": weak})
        olga.refresh_from_db()
        assert not olga.has_usable_password()
    good = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert stranger.post(link, good)["Location"] == LOGIN
    olga.refresh_from_db()
    assert olga.check_password(PASSWORD)
    assert stranger.get(link).status_code == 410
    assert stranger.post(link, good).status_code == 410


@pytest.mark.parametrize("query", ["", "account=MQ&key=x", "account=%FF&key=x", "account=MQ"])
def test_other_links_open_nothing(nadia, query):
    assert Client().get(f"/admin/account/password/?{query}").status_code == 410


@pytest.mark.parametrize("name", ["staff_link", "staff_second_factor"])
def test_only_administrators_help_others_back_in(nadia, name):
    ada, root = factories.administrator(), User.objects.create_superuser("Root")
    secret_of(nadia)
    address = reverse(f"admin:{name}", args=[nadia.pk])
    assert Desk(factories.approver()).client.post(address).status_code == 403
    assert Desk(ada).client.get(address).status_code == 405
    assert Desk(ada).client.post(reverse(f"admin:{name}", args=[root.pk])).status_code == 403
    assert Desk(ada).client.post(reverse(f"admin:{name}", args=[ada.pk])).status_code == 403
    assert Desk(ada).client.post(address).status_code in (200, 302)
    assert Authenticator.objects.filter(user=nadia).exists() is (name == "staff_link")


def test_nobody_sets_the_password_of_somebody_else(nadia):
    ada = Desk(factories.administrator())
    for path in (f"{nadia.pk}/password/", f"{nadia.pk}/change/password/"):
        answer = ada.client.post(f"/admin/auth/user/{path}", {"password1": "x", "password2": "x"})
        assert answer.status_code in (302, 404)
    nadia.refresh_from_db()
    assert nadia.check_password(PASSWORD)


# --- What is logged -----------------------------------------------------------------------------


def test_it_is_logged_who_came_and_who_failed_and_never_from_where(nadia, caplog):
    caplog.set_level(logging.INFO, "campaign.staff")
    sign_in(client := Client(), source="10.7.7.7")
    client.post(reverse("account_logout"))
    sign_in(Client(), password="wrong", source="10.7.7.7")
    sign_in(Client(), name="my secret password", password="x", source="10.7.7.7")
    said = [record.getMessage() for record in caplog.records if record.name == "campaign.staff"]
    assert said == [
        "Signed in: Nadia, by password.",
        "Signed out: Nadia.",
        "Sign-in failed: Nadia.",
        "Sign-in failed: no such account.",
    ]
    assert "10.7.7.7" not in caplog.text


def test_a_refused_attempt_is_logged(nadia, caplog):
    for _ in range(5):
        sign_in(Client(), password="wrong")
    caplog.clear()
    sign_in(Client())
    assert "Sign-in refused, too many failures: Nadia." in caplog.text


def test_the_cache_holds_no_address_and_no_name(nadia):
    cache.clear()
    sign_in(Client(), password="wrong", source="10.7.7.7")
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM staff_cache")
        rows = str(cursor.fetchall())
    assert "10.7.7" not in rows
    assert "adia" not in rows
