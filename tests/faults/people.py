"""Run inside a seeded site: makes an editor, an approver, and texts that wait for approval.

Prints them as JSON: sessions by name, and of each text its revision, its address for readers and
the word that only it has. Terms in languages without a translation: approving one bakes one page.
"""

# ruff: noqa: E402  Django is set up first
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore

from content.models import Revision, Term
from content.publishing import workflow

LANGUAGES = "de es it nl pl sv da fi cs pt".split()
FOR_FORMS = "hu"
"""A language whose terms nobody has begun: for forms."""


def session(name: str) -> str:
    """Make a person of the staff; returns the key of a session in which they are signed in."""
    user = User.objects.create_user(name, is_staff=True, is_superuser=True)
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def main() -> None:
    """Make all."""
    sessions = {name: session(name) for name in ("editor", "approver")}
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
    print(json.dumps({"sessions": sessions, "waiting": waiting, "forms": forms}))
    assert Revision.objects.filter(submitted_at__isnull=False, approved_at=None).count() >= 100


if __name__ == "__main__":
    main()
