"""Encrypt the secrets of second factors by the newest key, so that older keys can be taken out."""

from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from campaign.staff.adapters import rotated

ENCRYPTED = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}
"""Where allauth keeps what it encrypts. Passkeys have no secret here."""


class Command(BaseCommand):
    """Changes nothing that a person knows: apps and recovery codes go on working."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Encrypt all anew. Raises CommandError, and changes nothing, when one cannot be read."""
        count = 0
        with transaction.atomic():
            for one in Authenticator.objects.filter(type__in=ENCRYPTED).select_for_update():
                field = ENCRYPTED[Authenticator.Type(one.type)]
                try:
                    one.data[field] = rotated(one.data[field])
                except InvalidToken as error:
                    raise CommandError(
                        f"The second factor of {one.user} was encrypted by a key that is named"
                        " neither in SECRET_KEY nor in SECRET_KEY_FALLBACKS. Nothing was changed."
                        f" Name the key, or run: ./manage.py resetsecondfactor {one.user}"
                    ) from error
                one.save(update_fields=["data"])
                count += 1
        self.stdout.write(f"{count} encrypted by the newest key.")
