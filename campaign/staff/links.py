"""Links by which people choose their own password: nobody else ever knows it.

An administrator makes one for a new account, or when a password is forgotten, and hands it over. It
is good once and for three days (settings.PASSWORD_RESET_TIMEOUT). Its key stands in the query
string, which no log has.
"""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode


def make(request: HttpRequest, user: Any) -> str:
    """Return the whole address of a link for this account."""
    query = {
        "account": urlsafe_base64_encode(force_bytes(user.pk)),
        "key": default_token_generator.make_token(user),
    }
    return request.build_absolute_uri(f"{reverse('staff_choose_password')}?{urlencode(query)}")


def account_of(request: HttpRequest) -> Any:
    """Return the account that the link of this request is good for, or None."""
    try:
        key = int(urlsafe_base64_decode(request.GET.get("account", "")))
    except ValueError:
        return None
    user = get_user_model()._default_manager.filter(pk=key, is_active=True).first()
    is_good = default_token_generator.check_token(user, request.GET.get("key", ""))
    return user if is_good else None
