"""Run inside a seeded site: makes an editor, an approver, and texts that wait for approval.

Prints them as JSON: recovery codes by name (each signs in once, whatever a clock says), and of
each text its revision, its address for readers and the word that only it has.
Terms in languages without a translation: approving one bakes one page.
"""

# ruff: noqa: E402  Django is set up first
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django

django.setup()

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import User

from content.models import Revision, Term
from content.publishing import workflow

PASSWORD = sys.argv[1]
LANGUAGES = "de es it nl pl sv da fi cs pt".split()
FOR_FORMS = "hu"
"""A language whose terms nobody has begun: for forms."""


def codes(name: str) -> list[str]:
    """Make a person of the staff; returns the recovery codes of their second factor."""
    user = User.objects.create_superuser(name, password=PASSWORD)
    totp.TOTP.activate(user, totp.generate_totp_secret())  # codes alone are no second factor
    return list(RecoveryCodes.activate(user).get_unused_codes())


def main() -> None:
    """Make all."""
    staff = {name: codes(name) for name in ("editor", "approver")}
    editor = User.objects.get(username="editor")
    waiting = []
    for language in LANGUAGES:
        for term in Term.objects.order_by("key"):
            word = f"Zeichen-{language}-{term.pk}"
            setattr(term, f"term_{language}", word)
            setattr(term, f"reason_{language}", f"Warum: {word}.")
            if term.instead_en:
                setattr(term, f"instead_{language}", f"Statt {word}")
            term.save()
            draft = workflow.save_draft(term, language, editor)
            assert draft is not None
            workflow.submit(draft, editor)
            waiting.append((draft.pk, f"/{language}/words/", word))
    forms = [term.pk for term in Term.objects.order_by("key")]
    print(json.dumps({"codes": staff, "waiting": waiting, "forms": forms}))
    assert Revision.objects.filter(submitted_at__isnull=False, approved_at=None).count() >= 100


if __name__ == "__main__":
    main()
