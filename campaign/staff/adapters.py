"""What differs from django-allauth: nobody signs up, guessing is limited, secrets are encrypted."""

import base64
import ipaddress
from datetime import UTC, datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from campaign.staff import events

SITE = "Say No: staff"
PREFIX = 64
"""Bits of an IPv6 address that stand for one network."""


def network(request: HttpRequest) -> str:
    """Return where a request came from as a pseudonym that is another one tomorrow.

    Addresses are kept nowhere: this is what failures are counted by. Of the addresses that proxies
    have noted only that of the last `PROXIES` is believed; all others anybody may have written.
    """
    seen, hops = request.META.get("REMOTE_ADDR", ""), settings.PROXIES
    noted = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if any(noted) and 0 < hops <= len(noted):
        seen = noted[-hops]
    try:
        address = ipaddress.ip_address(seen)
    except ValueError:
        place = "unknown"
    else:
        place = str(address)
        if address.version == 6:
            place = str(ipaddress.ip_network(f"{address}/{PREFIX}", strict=False))
    day = datetime.now(UTC).date().isoformat()
    value = f"{day} {place}"
    return salted_hmac("campaign.staff.network", value, algorithm="sha256").hexdigest()


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by name and password.

    Three limits in each quarter of an hour: five failures of an account, wherever they come from;
    five accounts that failed from one network, so that nobody tries one password on all of them;
    and a hundred attempts from one network (settings.ACCOUNT_RATE_LIMITS). A colleague in the next
    room who forgot a password counts as one account, and locks nobody else out.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: administrators make the accounts."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the pseudonym of the network; allauth counts by it."""
        return network(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count an attempt. Raises ValidationError when there were too many."""
        name = credentials.get("username", "")
        try:
            super().pre_authenticate(request, **credentials)
            self._count_account(request, name.lower())
        except ValidationError:
            events.locked(name)
            raise

    def _count_account(self, request: HttpRequest, name: str) -> None:
        """Count the account as one that failed from here, unless it is counted already."""
        key = f"{network(request)} {name}"
        first = ratelimit.consume(request, app="allauth.account", action="account_here", key=key)
        if not first:
            return
        others = ratelimit.consume(request, app="allauth.account", action="accounts_from_here")
        if not others:
            first.rollback()
            self._rollback_login_failed_rl_usage()
            raise self.validation_error("too_many_login_attempts")
        # Signed in, it was no failure: allauth takes all of these back.
        self._login_failed_rl_usage.usage += [*first.usage, *others.usage]


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: under the name of the site, their secrets encrypted in the database."""

    def _get_site_name(self) -> str:
        return SITE

    def encrypt(self, text: str) -> str:
        """Return the secret encrypted by the site's key."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret. Raises ValidationError when the key was changed without fallback."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise self.validation_error("incorrect_code") from error


def rotated(encrypted: str) -> str:
    """Return a secret encrypted by the newest key. Raises InvalidToken when no key opens it."""
    return _cipher().rotate(encrypted.encode()).decode()


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    digest = salted_hmac("campaign.staff.secrets", "", secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest)
