"""How long a session lasts, and whether a second factor opened it.

A session ends half an hour after the last request, and eight hours after the sign-in whatever
happens (NIST SP 800-63B-4, section 2.2.3, recommends an hour and a day at most).
"""

import time
from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from campaign.staff import unsaved

BEGAN, SEEN, SECOND_FACTOR = "staff_began", "staff_seen", "staff_second_factor"
IDLE = 30 * 60
LONGEST = 8 * 60 * 60
"""Seconds."""
STEP = 60
"""Seconds between two notes of the last request: not each of them writes to the database."""
ENDED = "You were signed out: after 30 minutes without work, or 8 hours, a session ends."


def connect() -> None:
    """Listen to Django and allauth."""
    user_logged_in.connect(_begin)
    authenticator_added.connect(_added)
    authenticator_removed.connect(_removed)


def _begin(request: Any, user: Any, **kwargs: Any) -> None:
    now = time.time()
    records = get_authentication_records(request, user)
    request.session[BEGAN] = request.session[SEEN] = now
    request.session[SECOND_FACTOR] = any(record["method"] == "mfa" for record in records)
    SessionStore.clear_expired()


def _added(request: Any, **kwargs: Any) -> None:
    request.session[SECOND_FACTOR] = True


def _removed(request: Any, user: Any, **kwargs: Any) -> None:
    if user == request.user:
        request.session[SECOND_FACTOR] = is_mfa_enabled(user, ["totp", "webauthn"])


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether one is required, and this session was opened without."""
    return settings.STAFF_MFA and not request.session.get(SECOND_FACTOR)


class LimitsMiddleware:
    """Ends sessions of the staff area that are too old; on public pages it looks at nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the view's answer, or lead to the sign-in."""
        is_staff_area = request.path.startswith(f"/{settings.ADMIN_PATH}")
        if not is_staff_area or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        if request.user.is_authenticated:
            now = time.time()
            if _has_ended(request.session, now):
                logout(request)
                if any(unsaved.typed(request)):
                    return unsaved.page(request, unsaved.SIGNED_OUT)
                messages.warning(request, ENDED)
                is_page = request.method == "GET"
                return redirect_to_login(
                    request.get_full_path() if is_page else reverse("admin:index")
                )
            if now - request.session[SEEN] > STEP:
                request.session[SEEN] = now
        return self.get_response(request)


def _has_ended(session: Any, now: float) -> bool:
    began, seen = session.get(BEGAN, 0), session.get(SEEN, 0)
    return now - began > LONGEST or now - seen > IDLE
