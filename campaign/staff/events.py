"""What is logged of the way in, and of data taken out: who, what and when, never from where."""

import logging
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as factors
from django.contrib.auth import get_user_model, signals

logger = logging.getLogger("campaign.staff")


def connect() -> None:
    """Listen to Django and allauth."""
    signals.user_logged_in.connect(_signed_in)
    signals.user_logged_out.connect(_signed_out)
    signals.user_login_failed.connect(_failed)
    factors.authentication_failed.connect(_wrong_factor)
    factors.authenticator_added.connect(_added)
    factors.authenticator_removed.connect(_removed)
    factors.authenticator_reset.connect(_renewed)


def locked(name: str) -> None:
    """Log that an attempt was not even looked at."""
    logger.warning("Sign-in refused, too many failures: %s.", _known(name))


def exported(user: Any, what: str) -> None:
    """Log who took which data out of the staff area."""
    logger.info("Exported: %s, by %s.", what, user.get_username())


def _known(name: str) -> str:
    """Return the name of an account; anything else may be a password typed in the wrong field."""
    users = get_user_model()._default_manager.filter(username__iexact=name)
    return users.values_list("username", flat=True).first() or "no such account"


def _signed_in(request: Any, user: Any, **kwargs: Any) -> None:
    records = get_authentication_records(request, user)
    ways = " and ".join(str(record.get("type", record["method"])) for record in records)
    logger.info("Signed in: %s, by %s.", user.get_username(), ways or "nothing known")


def _signed_out(user: Any, **kwargs: Any) -> None:
    if user is not None:
        logger.info("Signed out: %s.", user.get_username())


def _failed(credentials: dict[str, Any], **kwargs: Any) -> None:
    logger.warning("Sign-in failed: %s.", _known(str(credentials.get("username", ""))))


def _wrong_factor(user: Any, authenticator: Any, **kwargs: Any) -> None:
    logger.warning("Second factor failed: %s, %s.", user.get_username(), authenticator.type)


def _added(user: Any, authenticator: Any, **kwargs: Any) -> None:
    logger.info("Second factor added: %s, %s.", user.get_username(), authenticator.type)


def _removed(user: Any, authenticator: Any, **kwargs: Any) -> None:
    logger.info("Second factor removed: %s, %s.", user.get_username(), authenticator.type)


def _renewed(user: Any, authenticator: Any, **kwargs: Any) -> None:
    logger.info("Second factor renewed: %s, %s.", user.get_username(), authenticator.type)
