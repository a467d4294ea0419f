"""Who may do what with which item, in which language and country. All other rooms ask here.

Answers come from the roles (groups) and the profile of an account, read once for each user object:
a change counts from the next request on. A superuser, made on the command line only, has all
roles and no limits. Nobody, a superuser neither, approves alone without giving a reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import models

from campaign import languages
from content.models import Contact, Country, Revision, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

    Person = User | AnonymousUser

KEPT = "_rights"
"""Where the rights are kept on a user object."""


@dataclass(frozen=True)
class Rights:
    """The roles of a person, and the languages and countries of their profile."""

    roles: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()

    def approves(self, language: str, country: str | None = None) -> bool:
        """Whether the person is an approver there; a profile without a limit has none."""
        return (
            Role.APPROVER in self.roles
            and (language == languages.NEUTRAL or _within(self.languages, language))
            and (country is None or _within(self.countries, country))
        )

    def writes(self, language: str, country: str | None = None) -> bool:
        """Whether the person writes texts in a language, or with NEUTRAL the facts of countries."""
        return (
            Role.EDITOR in self.roles
            or self.approves(language, country)
            or (Role.TRANSLATOR in self.roles and language in self.languages)
        )

    def keeps_contacts(self, country: str) -> bool:
        """Whether the person adds and corrects contacts of a country."""
        is_partner = Role.PARTNER in self.roles and country in self.countries
        return is_partner or self.writes(languages.NEUTRAL, country)


def _within(limits: frozenset[str], value: str) -> bool:
    return not limits or value in limits


def rights(user: "Person") -> Rights:
    """Return what a person may do; nothing for somebody who is not signed in or not active."""
    known: Rights | None = user.__dict__.get(KEPT)
    if known is None:
        known = _read(user)
        user.__dict__[KEPT] = known
    return known


def _read(user: "Person") -> Rights:
    if not user.is_active:
        return Rights()
    if user.is_superuser:
        return Rights(frozenset(Role.values))
    columns = ("groups__name", "staff_profile__languages", "staff_profile__countries")
    rows = list(get_user_model()._default_manager.filter(pk=user.pk).values_list(*columns))
    roles = {name for name, _, _ in rows} & set(Role.values)
    if not roles:
        return Rights()
    _, known, countries = rows[0]
    return Rights(frozenset(roles), frozenset(known or ()), frozenset(countries or ()))


# --- Working copies and drafts ----------------------------------------------------------------


def has_role(user: "Person") -> bool:
    """Whether the person belongs to the staff: without a role the staff area stays closed."""
    return bool(rights(user).roles)


def may_write(user: "Person", item: models.Model, language: str) -> bool:
    """Whether the person may change what an item says in a language.

    For a country and a contact the language NEUTRAL means its facts, any other its remarks.
    """
    who = rights(user)
    if isinstance(item, Contact):
        if language == languages.NEUTRAL:
            return who.keeps_contacts(item.country_id)
        return who.writes(language, item.country_id)
    return who.writes(language, item.code if isinstance(item, Country) else None)


def may_draft(user: "Person", item: models.Model, language: str) -> bool:
    """Whether saving by this person may make a draft of an item.

    A country partner who corrects a contact drafts its country.
    """
    if isinstance(item, Country) and language == languages.NEUTRAL:
        return rights(user).keeps_contacts(item.code)
    return may_write(user, item, language)


def may_add(user: "Person", model: type[models.Model]) -> bool:
    """Whether the person may add one of a model; for a contact, in some country."""
    who = rights(user)
    if model is Contact:
        return countries_of(user) != frozenset()
    if model is Country:
        return who.writes(languages.NEUTRAL) and countries_of(user) is None
    return who.writes(languages.SOURCE)


def languages_of(user: "Person") -> tuple[str, ...]:
    """Return the languages that the person may write in, in the site's order."""
    return tuple(code for code in languages.BY_CODE if rights(user).writes(code))


def countries_of(user: "Person") -> frozenset[str] | None:
    """Return the countries whose contacts the person keeps; None for all."""
    who = rights(user)
    if Role.EDITOR in who.roles or (Role.APPROVER in who.roles and not who.countries):
        return None
    return who.countries if who.roles & {Role.APPROVER, Role.PARTNER} else frozenset()


# --- Revisions --------------------------------------------------------------------------------


def may_restore(user: "Person", revision: Revision) -> bool:
    """Whether the person may write an old revision back: all of the item in that language."""
    return rights(user).writes(revision.language, _country(revision))


def may_submit(user: "Person", revision: Revision) -> bool:
    """Whether the person may ask for approval of a draft."""
    if revision.kind == Revision.Kind.COUNTRY and revision.language == languages.NEUTRAL:
        return rights(user).keeps_contacts(revision.key)
    return may_restore(user, revision)


def may_show(user: "Person", revision: Revision) -> bool:
    """Whether the person may show a revision to somebody without an account: who works on it."""
    return may_submit(user, revision) or is_approver(user, revision)


def may_approve(user: "Person", revision: Revision) -> bool:
    """Whether the person may approve what somebody else wrote: is an approver, not its author."""
    return is_approver(user, revision) and not is_own(user, revision)


def may_release_alone(user: "Person", revision: Revision) -> bool:
    """Whether the person may release their own revision in an emergency, with a reason."""
    return is_approver(user, revision) and is_own(user, revision)


def may_withdraw(user: "Person", revision: Revision) -> bool:
    """Whether the person may take a live revision away from readers."""
    return is_approver(user, revision)


def is_approver(user: "Person", revision: Revision) -> bool:
    """Whether the person is an approver in the revision's language and country."""
    return rights(user).approves(revision.language, _country(revision))


def is_own(user: "Person", revision: Revision) -> bool:
    """Whether the person wrote a revision, or what of it readers do not see yet.

    A draft of a country holds what everybody has changed in it since the last approval, while its
    last author saw one contact only. So all of them count as authors.
    """
    if user.pk is None:
        return False
    if revision.created_by_id == user.pk:
        return True
    if revision.kind != Revision.Kind.COUNTRY:
        return False
    earlier = Revision.objects.of(revision.kind, revision.key, revision.language)
    live = earlier.filter(number__lt=revision.number, approved_at__isnull=False).first()
    mine = earlier.filter(created_by=user.pk, number__lt=revision.number)
    return mine.filter(number__gt=live.number if live else 0).exists()


def own(user: "Person", revisions: Iterable[Revision]) -> set[int]:
    """Return the keys of those revisions that are `is_own`, in two queries for any number."""
    revisions = list(revisions)
    found = {r.pk for r in revisions if user.pk is not None and r.created_by_id == user.pk}
    places = {r.key: r for r in revisions if r.kind == Revision.Kind.COUNTRY}
    if not places or user.pk is None:
        return found
    same = Revision.objects.filter(kind=Revision.Kind.COUNTRY, key__in=places).order_by("number")
    names = ("key", "language", "number")
    live = {
        (key, language): number
        for key, language, number in same.filter(approved_at__isnull=False).values_list(*names)
    }
    mine = list(same.filter(created_by=user.pk).values_list(*names))
    for revision in revisions:
        name = (revision.key, revision.language)
        # What was live before this one: a newer one may be live by now.
        since = min(live.get(name, 0), revision.number - 1)
        if revision.kind == Revision.Kind.COUNTRY and any(
            (key, language) == name and since < number < revision.number
            for key, language, number in mine
        ):
            found.add(revision.pk)
    return found


def _country(revision: Revision) -> str | None:
    return revision.key if revision.kind == Revision.Kind.COUNTRY else None
