"""The way in and out: allauth's views under the staff policy, and the choice of a password."""

import logging
from functools import wraps
from typing import Any

from allauth.account import views as accounts
from allauth.core.internal import ratelimit
from allauth.mfa.webauthn import views as passkeys
from csp.decorators import csp
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaign.staff import links

logger = logging.getLogger("campaign.staff")
WITH_A_BODY = ("GET", "HEAD", "POST")


def staff(title: str, view: Any) -> Any:
    """Return the view under the staff policy, with its title and what the frame needs."""

    @wraps(view)
    def framed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse):
            frame = {
                **admin.site.each_context(request),
                "is_nav_sidebar_enabled": False,
                "title": title,
            }
            response.context_data = {**frame, **(response.context_data or {})}
        return response

    policy = csp(settings.STAFF_CONTENT_SECURITY_POLICY["DIRECTIVES"])
    wrapped: Any = policy(never_cache(require_http_methods(WITH_A_BODY)(framed)))
    return wrapped


def leave(request: HttpRequest) -> HttpResponse:
    """Sign out, and let the browser forget the session.

    Pages of the staff area are not kept (`no-store`). To ask for the cache to be cleared would make
    some browsers look through what they keep of every site first, which takes up to minutes.
    """
    response = accounts.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"cookies", "storage"'
    return response


def passkey_login(request: HttpRequest) -> HttpResponse:
    """Sign in by a passkey; to ask for a challenge is limited too, because it makes a session."""
    if request.method == "GET":
        limit = {"app": "allauth.mfa", "action": "webauthn_login", "limit_get": True}
        if not ratelimit.consume(request, **limit):
            return ratelimit.respond_429(request)
    return passkeys.login_webauthn(request)


def choose_password(request: HttpRequest) -> HttpResponse:
    """Let whoever has a good link choose the password of its account."""
    user = links.account_of(request)
    if user is None:
        return TemplateResponse(
            request, "staff/link_ended.html", {"title": "This link has ended"}, status=410
        )
    form = SetPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        logger.info("Password chosen by a link: %s.", user.get_username())
        messages.success(request, "Your password is set. Sign in with it now.")
        return redirect("account_login")
    context = {"form": form, "account": user, "title": "Choose your password"}
    return TemplateResponse(request, "staff/choose_password.html", context)
