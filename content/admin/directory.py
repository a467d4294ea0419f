"""Forms of the directory: countries and the services that help there."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from campaign import languages
from content import countries
from content.admin import addresses, beside, seen, states
from content.admin.drafts import (
    DraftAdmin,
    DraftForm,
    Target,
)
from content.admin.fields import CodesField, EmergencyNumbersField, LinesField
from content.models import Contact, Country, Revision
from content.models.directory import CHANNELS, CONFIRMED
from content.publishing import access, workflow
from content.publishing.snapshots import snapshot


class DirectoryForm(DraftForm):
    """A country or a contact; carries a fingerprint of the values that it was opened on.

    A country's revision number would not do: two people may work on two services of a country.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {f.name for f in self._meta.model._meta.concrete_fields}
        values = {name: value for name, value in self.initial.items() if name in own}
        self.fingerprint = seen.fingerprint(values)
        self.initial["seen"] = self.fingerprint

    def clean(self) -> dict[str, Any]:
        """Refuse to write over what others saved since. Raises ValidationError."""
        cleaned = super().clean() or self.cleaned_data
        is_new = self.instance._state.adding
        if not is_new and not self.is_preview and cleaned.get("seen") != self.fingerprint:
            seen.take_as_read(self, "seen", self.fingerprint)
            self._show_theirs()
            raise ValidationError(
                "Somebody else saved this while you were writing. Nothing of yours is lost: it is"
                " still in the form, and not saved. Where the values differ, the other one stands"
                " beside yours. Take from it what you want to keep, and save again."
            )
        return cleaned

    def _show_theirs(self) -> None:
        for name in self.written():
            form_field: Any = self.fields[name]
            theirs = form_field.prepare_value(self.initial.get(name))
            form_field.newer = beside.Quote(str(theirs or "(empty)"), languages.SOURCE)


class CountryForm(DirectoryForm):
    """A country's own facts."""

    emergency_numbers = EmergencyNumbersField(
        required=False,
        help_text="One a line, the most important first: the number, then one of all, police,"
        " ambulance, fire. For example: 112 all. The first one is shown largest, on every page of"
        " this country. Add only what you have confirmed: it counts as confirmed by you.",
    )
    time_zones = LinesField(required=False, help_text="One a line, for example Europe/Dublin.")
    languages = CodesField(
        required=False, help_text="Codes of the languages spoken there, main one first: en ga"
    )

    def clean_emergency_numbers(self) -> list[dict[str, str]]:
        """Return the numbers; those that stay keep what is known of their source."""
        before = {(e["number"], e["for"]): e for e in self.instance.emergency_numbers}
        given = self.cleaned_data["emergency_numbers"]
        return [before.get((e["number"], e["for"]), {**e, "evidence": CONFIRMED}) for e in given]


class DirectoryAdmin(DraftAdmin):
    """What countries and contacts share: both are approved with their country."""

    def country_of(self, obj: Any) -> Country:
        """Return the country that is approved with this object."""
        raise NotImplementedError

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the person may change the facts; for a list, of any country."""
        if not super().has_change_permission(request, obj):
            return False
        if obj is None:
            return access.countries_of(request.user) != frozenset()
        return access.may_write(request.user, obj, languages.NEUTRAL)

    def targets(self, request: HttpRequest, obj: Any) -> list[Target]:
        """Return the country's facts, and its remarks when it has or had some.

        Remarks are texts: who may write none drafts none.
        """
        country = self.country_of(obj)
        found = [Target(country, languages.NEUTRAL)]
        if not access.may_write(request.user, country, languages.SOURCE):
            return found
        remarks = Target(country, languages.SOURCE)
        if remarks.newest or snapshot(country, languages.SOURCE)["remarks"]:
            found.append(remarks)
        return found

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the form with the state of its country."""
        if context["original"] is not None:
            country = self.country_of(context["original"])
            newest = workflow.latest(Revision.Kind.COUNTRY, country.code, languages.NEUTRAL)
            by_language = states.of(Revision.Kind.COUNTRY, [country.code])[country.code]
            context.update(
                country=country,
                country_name=countries.name(country.code, languages.SOURCE),
                state=by_language[languages.NEUTRAL],
                newest=newest,
                newest_address=addresses.review(newest) if newest else None,
                may_approve=bool(newest and access.is_approver(request.user, newest)),
                public_address=addresses.public(
                    Revision.Kind.COUNTRY, country.code, languages.SOURCE
                ),
                problems=_problems(newest) if "problems" in request.GET else [],
            )
        context["is_source"] = True
        return super().render_change_form(request, context, *args, **kwargs)


def _problems(revision: Revision | None) -> list[str]:
    return [str(problem) for problem in workflow.problems(revision)] if revision else []


@admin.register(Country)
class CountryAdmin(DirectoryAdmin):
    """Countries, each with the list of its contacts."""

    form = CountryForm
    change_form_template = "admin/content/country_form.html"
    list_display = ("code", "name", "numbers", "services", "state_of_facts")
    list_display_links = ("code", "name")
    list_columns = ("code", "scope", "emergency_numbers")
    list_per_page = 100
    search_fields = ("code",)
    fields = ("code", "scope", "emergency_numbers", "time_zones", "languages")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return the code, which is a lasting name, once the country exists."""
        return ("code",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: a country is withdrawn, by an approver, and stays in the history."""
        return False

    def country_of(self, obj: Country) -> Country:
        """Return the country itself."""
        return obj

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Search in English names too; they come from CLDR and stand in no column."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if not search_term:
            return found, may_repeat
        codes = queryset.values_list("code", flat=True)
        term = search_term.lower()
        named = [c for c in codes if term in countries.name(c, languages.SOURCE).lower()]
        return found | queryset.filter(code__in=named), may_repeat

    def look_at(self, rows: Iterable[Any]) -> None:
        """Learn the states and the services of all rows, in two queries."""
        rows = list(rows)
        found = states.of(Revision.Kind.COUNTRY, [row.code for row in rows])
        services = list(Contact.objects.values_list("country_id", flat=True))
        for row in rows:
            row.state = found[row.code][languages.NEUTRAL]
            row.services = services.count(row.code)

    @admin.display(description="name")
    def name(self, obj: Country) -> str:
        """Return the English name."""
        return countries.name(obj.code, languages.SOURCE)

    @admin.display(description="emergency numbers")
    def numbers(self, obj: Country) -> str:
        """Return the emergency numbers."""
        return ", ".join(entry["number"] for entry in obj.emergency_numbers) or "none"

    @admin.display(description="services")
    def services(self, obj: Any) -> int:
        """Return how many services we know there, shown or not."""
        return int(obj.services)

    @admin.display(description="state")
    def state_of_facts(self, obj: Any) -> str:
        """Return the state of the numbers and services."""
        return states.summary({languages.NEUTRAL: obj.state})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the form with the country's contacts below."""
        country = context["original"]
        if country is not None:
            today = timezone.now().date()
            shown = country.contacts.publishable().going_on(today)
            public = set(shown.values_list("pk", flat=True))
            columns = (
                *("key", "country", "kind", "organisation", "evidence", "checked_on", "ends_on"),
                *CHANNELS,
            )
            context["today"] = today
            context["contacts"] = [
                (contact, contact.pk in public) for contact in country.contacts.only(*columns)
            ]
            own = access.countries_of(request.user)
            if own is None or country.code in own:
                query = urlencode({"country": country.code})
                context["add_contact_address"] = f"{reverse('admin:content_contact_add')}?{query}"
        return super().render_change_form(request, context, *args, **kwargs)
