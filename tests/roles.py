"""People of every role, signed in, and things of the staff area that they may try to change."""

from collections.abc import Callable, Iterable

from django.contrib.auth.models import User
from django.db.models import Count, Max, Model
from django.test import Client

from content.models import Contact, Country, Page, Revision, Role, StaffProfile
from content.publishing import workflow
from content.publishing.snapshots import MODELS
from tests import factories

# --- People -----------------------------------------------------------------------------------

EDITOR, APPROVER, ADMINISTRATOR, SUPERUSER = "editor", "approver", "administrator", "superuser"
FRENCH, SOURCE = "translator of French", "translator who may write the source"
PARTNER = "partner of Germany"
APPROVER_FR, APPROVER_DE = "approver of French", "approver of Germany"

MAKE: dict[str, Callable[[], User]] = {
    EDITOR: lambda: factories.editor(),
    FRENCH: lambda: factories.translator("fr"),
    SOURCE: lambda: factories.translator("en", name="Sonja"),
    PARTNER: lambda: factories.partner("DE"),
    APPROVER: lambda: factories.approver(),
    APPROVER_FR: lambda: factories.staff("Fleur", Role.APPROVER, languages=["fr"]),
    APPROVER_DE: lambda: factories.staff("Dieter", Role.APPROVER, countries=["DE"]),
    ADMINISTRATOR: lambda: factories.administrator(),
    SUPERUSER: lambda: User.objects.create_superuser("Root"),
}


def _former() -> User:
    user = factories.staff("Former", Role.APPROVER, Role.ADMINISTRATOR)
    user.is_active = False
    user.save()
    return user


def _no_staff() -> User:
    user = factories.staff("Guest", Role.APPROVER, Role.ADMINISTRATOR)
    user.is_staff = False
    user.save()
    return user


def _permitted_without_a_role() -> User:
    user = factories.staff("Roleless")
    user.user_permissions.set(factories.every_permission())
    return user


OUTSIDE: dict[str, Callable[[], User | None]] = {
    "nobody": lambda: None,
    "staff without a role": lambda: factories.staff("Newcomer"),
    "permissions without a role": _permitted_without_a_role,
    "account switched off": _former,
    "roles without being staff": _no_staff,
}

ALL = frozenset(MAKE)
NONE: frozenset[str] = frozenset()

# --- Things -----------------------------------------------------------------------------------

PASSWORD = "a quiet lighthouse by the sea"
ITEMS = [model for model in MODELS.values() if model is not Country]


class World:
    """Everybody signed in, and things to work on."""

    def __init__(self) -> None:
        self.users = {name: make() for name, make in (MAKE | OUTSIDE).items()}
        self.clients = {name: _client(user) for name, user in self.users.items()}
        self.writer = factories.editor("Walter")
        self.other_root = User.objects.create_superuser("Other-root")
        self.items = {model: model._default_manager.order_by("pk")[0] for model in ITEMS}
        self.germany, self.ireland = (Country.objects.get(code=code) for code in ("DE", "IE"))
        self.german, self.irish = (
            country.contacts.exclude(kind="emergency").order_by("pk")[0]
            for country in (self.germany, self.ireland)
        )
        self.page = factories.page()
        self.live_title = factories.publish(self.page).title
        factories.translate(self.page, "fr")
        self.french_live = factories.publish(self.page, "fr")
        factories.translate(self.page, "fr", "Le vieux phare")
        self.french = factories.waiting(self.page, "fr", self.writer)
        Page.objects.filter(pk=self.page.pk).update(title_en="The old lighthouse")
        self.page.refresh_from_db()
        self.english = factories.waiting(self.page, "en", self.writer)
        self.live = {c: workflow.live("country", c, "zxx") for c in ("DE", "IE")}
        self.waiting = {c: self._waiting(c) for c in (self.german, self.irish)}

    def _waiting(self, contact: Contact) -> Revision:
        contact.phone = "0800 111 222"
        contact.save()
        return factories.waiting(contact.country, "zxx", self.writer)

    def state(self) -> object:
        """What a request could have changed; equal when nothing has."""
        flags = ("submitted_at", "approved_at", "withdrawn_at", "reviewed_at")
        contacts = Contact.objects.filter(country__in=["DE", "IE"])
        return (
            Revision.objects.aggregate(Max("pk"), Count("pk"), *(Count(flag) for flag in flags)),
            Revision.objects.filter(is_live=True).aggregate(Count("pk")),
            [model._default_manager.count() for model in (*ITEMS, Country, Contact)],
            [list(type(i)._default_manager.filter(pk=i.pk).values()) for i in self._things()],
            list(contacts.order_by("pk").values_list("pk", "phone", "checked_on", "remark_en")),
            list(User.objects.order_by("pk").values()),
            self.rights(),
        )

    def _things(self) -> Iterable[Model]:
        return (*self.items.values(), self.page, self.germany, self.ireland)

    @staticmethod
    def rights() -> object:
        """All that an account may do, of all accounts."""
        flags = User.objects.order_by("pk").values_list("username", "is_superuser", "is_staff")
        between = (User.groups.through, User.user_permissions.through)
        profiles = StaffProfile.objects.order_by("pk").values_list("user", "languages", "countries")
        return list(flags), [sorted(m.objects.values_list()) for m in between], list(profiles)


def _client(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client
