"""System checks: what is wrong with the set-up or the data, before a reader finds out."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

from campaign import catalogues, languages
from content import countries, guide
from content.models import Contact, Country
from content.publishing import live, steps
from content.publishing.live import Kind, Wanted

MOST_TRANSLATED_FIELDS = 8


@register(Tags.translation)
def check_catalogues(**kwargs: Any) -> list[CheckMessage]:
    """Every language has a catalogue, compiled; without one its addresses cannot be activated."""
    found: list[CheckMessage] = []
    for code in languages.BY_CODE:
        if not catalogues.po_path(code).exists():
            found.append(
                Error(
                    f"The language {code} has no catalogue.",
                    hint=f"Run: make messages LANGUAGE={code}",
                    id="campaign.E001",
                )
            )
        elif not catalogues.mo_path(code).exists():
            found.append(
                Warning(
                    f"The catalogue of {code} is not compiled: its pages show English.",
                    hint="Run: ./manage.py compilecatalogues",
                    id="campaign.W001",
                )
            )
    return found


@register(Tags.security)
def check_exit(**kwargs: Any) -> list[CheckMessage]:
    """The exit leads to another site: here, it would show what somebody wants to hide."""
    own = urlsplit(settings.SITE_URL).netloc
    return [
        Error(
            f"The exit leads to this site itself ({url}).",
            hint="Set EXIT_URL to a neutral page of another site.",
            id="campaign.E002",
        )
        for url in (settings.EXIT_URL, *settings.EXIT_URLS.values())
        if urlsplit(url).netloc == own
    ]


@register(Tags.security, deploy=True)
def check_operator(**kwargs: Any) -> list[CheckMessage]:
    """Readers are told to write to those who run this copy: that takes an address."""
    if settings.OPERATOR_CONTACT:
        return []
    return [
        Warning(
            "No page says how to reach those who run this copy of the site.",
            hint="Set OPERATOR_CONTACT to mailto:us@a.example or https://a.example/contact.",
            id="campaign.W002",
        )
    ]


@register(Tags.models)
def check_translated_fields(**kwargs: Any) -> list[CheckMessage]:
    """No model has more translated fields than a PostgreSQL row can hold in 36 languages."""
    from modeltranslation.translator import translator

    found: list[CheckMessage] = []
    for model in translator.get_registered_models(abstract=False):
        fields = translator.get_options_for_model(model).get_field_names()
        if len(fields) > MOST_TRANSLATED_FIELDS:
            found.append(
                Error(
                    f"{model.__name__} has {len(fields)} translated fields.",
                    hint=f"At most {MOST_TRANSLATED_FIELDS}: split the model.",
                    obj=model,
                    id="content.E001",
                )
            )
    return found


@register(Tags.translation)
def check_country_order(**kwargs: Any) -> list[CheckMessage]:
    """The generated order of countries has every language."""
    missing = [code for code in languages.BY_CODE if not countries.has_order(code)]
    if not missing:
        return []
    return [
        Error(
            f"content/country_order.json has no order for {', '.join(missing)}.",
            hint="Run: make order",
            id="content.E002",
        )
    ]


@register(Tags.database)
def check_directory(**kwargs: Any) -> list[CheckMessage]:
    """Every country has an emergency number, and every contact can be reached."""
    if not _is_migrated(kwargs):
        return []
    found: list[CheckMessage] = []
    for country in Country.objects.filter(scope=Country.Scope.COUNTRY, emergency_numbers=[]):
        hint = "Confirm one with a source and add it in the staff area."
        found.append(_warn(f"{country.code} has no emergency number.", hint, country, "W002"))
    for contact in Contact.objects.unreachable():
        hint = "Add a number or an address, or delete it. Readers do not see it."
        found.append(_warn(f"{contact} has no way to reach it.", hint, contact, "W003"))
    return found


@register(Tags.database)
def check_guide(**kwargs: Any) -> list[CheckMessage]:
    """No two situations of the guide bring steps that contradict each other."""
    if not _is_migrated(kwargs):
        return []
    found = live.texts(languages.SOURCE, Wanted(kinds=[Kind.SITUATION, Kind.GUIDE_STEP]))
    branches = guide.branches(
        found.get(Kind.SITUATION, {}).values(), found.get(Kind.GUIDE_STEP, {}).values()
    )
    known = {key: text.content for key, text in found.get(Kind.GUIDE_STEP, {}).items()}
    chosen = {b.text.key: {"steps": [step.text.key for step in b.steps]} for b in branches}
    return [
        Warning(
            f"In the guide, {one} and {other} bring {step} and {against}, which contradict.",
            hint="Let one of the two steps replace the other.",
            id="content.W004",
        )
        for one, other, step, against in steps.contradictions(chosen, known)
    ]


def _is_migrated(kwargs: dict[str, Any]) -> bool:
    """Whether data may be read: `migrate` runs the checks before it adds the columns they need."""
    if not kwargs.get("databases"):
        return False
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _warn(message: str, hint: str, item: Model, number: str) -> CheckMessage:
    return Warning(message, hint=hint, obj=item, id=f"content.{number}")
