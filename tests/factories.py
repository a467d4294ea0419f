"""Things of the campaign, by their names: saved, and live only once `publish` says so."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Model
from django.utils.safestring import SafeString

from content import models, richtext
from content.models import Contact, Country, Revision, Role, StaffProfile
from content.publishing import numbers, workflow


def staff(
    name: str, *roles: Role, languages: Iterable[str] = (), countries: Iterable[str] = ()
) -> User:
    """Somebody with these roles, limited to these languages and countries."""
    user, _ = User.objects.get_or_create(username=name, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=[role.value for role in roles]))
    limits = {"languages": [*languages], "countries": [*countries]}
    StaffProfile.objects.update_or_create(user=user, defaults=limits)
    return user


def editor(name: str = "Edith") -> User:
    """Somebody who writes and may not approve."""
    return staff(name, Role.EDITOR)


def approver(name: str = "Anna") -> User:
    """Somebody who writes and may approve what others wrote."""
    return staff(name, Role.APPROVER)


def translator(*languages: str, name: str = "Tomas") -> User:
    """Somebody who writes in these languages only."""
    return staff(name, Role.TRANSLATOR, languages=languages)


def partner(*countries: str, name: str = "Paula") -> User:
    """Somebody who keeps the contacts of these countries."""
    return staff(name, Role.PARTNER, countries=countries)


def administrator(name: str = "Ada") -> User:
    """Somebody who keeps the accounts."""
    return staff(name, Role.ADMINISTRATOR)


def ireland() -> Country:
    """Ireland as shipped, with its services."""
    return Country.objects.get(code="IE")


def japan() -> Country:
    """A country that does not ship: no service of its own yet, one emergency number."""
    country, _ = Country.objects.get_or_create(
        code="JP",
        defaults={
            "emergency_numbers": [{"number": "110", "for": "police", "evidence": "one-source"}],
            "time_zones": ["Asia/Tokyo"],
            "languages": ["ja"],
        },
    )
    return country


def childline(country: Country, **facts: Any) -> Contact:
    """A free helpline for children that one calls; `facts` say what is different."""
    values: dict[str, Any] = {
        "key": f"{country.code.lower()}-childline",
        "kind": Contact.Kind.HELPLINE,
        "organisation": "Childline",
        "phone": "116 111",
        "phone_hours": "24/7",
        "languages": ["en"],
        "audience": ["child"],
        "cost": Contact.Cost.FREE,
        "sources": ["https://childline.example/about"],
        "evidence": Contact.Evidence.ONE_SOURCE,
    }
    return Contact.objects.create(country=country, **(values | facts))


def page(key: str = "lighthouse", **texts: Any) -> models.Page:
    """A page with one section, in English."""
    values = {
        "audience": models.Page.Audience.EVERYONE,
        "position": 90,
        "title_en": "The lighthouse",
        "summary_en": "A light that one can see from far away.",
    }
    item = models.Page.objects.create(key=key, **(values | texts))
    section(item)
    return item


def section(item: models.Page, key: str = "light", **texts: Any) -> models.Section:
    """A section of a page, in English."""
    values = {"heading_en": "The light", "body_en": "<p>It is on at night.</p>"}
    return models.Section.objects.create(page=item, key=key, **(values | texts))


def draft(item: Model, language: str = "en", author: User | None = None) -> Revision:
    """A new draft of what the working copy says now."""
    revision = workflow.save_draft(item, language, author or editor())
    assert revision is not None, "the working copy says nothing new"
    return revision


def waiting(item: Model, language: str = "en", author: User | None = None) -> Revision:
    """A draft whose author has asked for approval."""
    revision = draft(item, language, author)
    workflow.submit(revision)
    return revision


def publish(item: Model, language: str = "en") -> Revision:
    """Make what the working copy says now live: written by the editor, approved by the approver."""
    revision = waiting(item, language)
    workflow.approve(revision, approver(), digits=digits(revision))
    return revision


def rich(text: str, language: str = "en") -> SafeString:
    """Rich text as a page shows it."""
    return richtext.render(text, language)


def digits(revision: Revision) -> dict[str, str]:
    """What somebody types who has read every number that is new in a revision."""
    live = workflow.live(revision.kind, revision.key, revision.language)
    return {change.id: change.answer for change in numbers.changes(revision, live)}


def translate(item: models.Page, language: str, title: str = "Le phare") -> None:
    """Write every text of a page in another language, with the source's links."""
    setattr(item, f"title_{language}", title)
    setattr(
        item, f"summary_{language}", f"({language}) {item.summary_en}" if item.summary_en else ""
    )
    item.save()
    for part in item.sections.all():
        setattr(part, f"heading_{language}", f"({language}) {part.heading_en}")
        setattr(part, f"body_{language}", part.body_en)
        part.save()


def every_permission() -> Iterable[Permission]:
    """All permissions that Django knows."""
    return Permission.objects.all()
