"""Signing in, as people and as those who guess."""

import time

from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import User

from tests import factories

PASSWORD = "a quiet lighthouse by the sea"
LOGIN = "/admin/account/login/"


def nadia() -> User:
    """Make an editor with a password."""
    user = factories.editor()
    user.username = "Nadia"
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, name="Nadia", password=PASSWORD, source="10.0.0.1", **extra):
    data = {"login": name, "password": password, **extra}
    return client.post(LOGIN, data, REMOTE_ADDR=source)


def secret_of(user):
    """Give the account an app, and return its secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def code(secret, later=0):
    counter = int(time.time()) // 30 + later
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def is_in(client):
    return client.get("/admin/").status_code == 200
