"""Forms of the directory: countries and the services that help there."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from campaign import languages
from content import countries
from content.admin import addresses, beside, seen, states
from content.admin.drafts import (
    DraftAdmin,
    DraftForm,
    Target,
    draft,
    save_written,
    saved,
    what_readers_see,
)
from content.admin.fields import AddressesField, CodesField, EmergencyNumbersField, LinesField
from content.models import Contact, Country, Revision
from content.models.directory import CHANNELS, CONFIRMED, validate_time_zones
from content.publishing import access, workflow
from content.publishing.snapshots import column, snapshot

REMARK = column("remark", languages.SOURCE)


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


class ContactForm(DirectoryForm):
    """A service."""

    languages = CodesField(
        required=False, help_text="Codes of the languages in which it answers: de fr"
    )
    audience = forms.MultipleChoiceField(
        choices=Contact.Audience.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="For whom",
    )
    sources = AddressesField(required=False, help_text="Addresses where it was seen, one a line.")

    def clean_time_zone(self) -> str:
        """Return the time zone. Raises ValidationError when there is no such zone."""
        zone: str = self.cleaned_data["time_zone"]
        if zone:
            validate_time_zones([zone])
        return zone

    def clean_checked_on(self) -> Any:
        """Return the day. Raises ValidationError for one that has not come yet."""
        day = self.cleaned_data["checked_on"]
        if day and day > datetime.now(UTC).date():
            raise ValidationError("This day has not come yet.")
        return day


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
            public = set(country.contacts.publishable().values_list("pk", flat=True))
            columns = ("key", "kind", "organisation", "evidence", "checked_on", *CHANNELS)
            context["contacts"] = [
                (contact, contact.pk in public) for contact in country.contacts.only(*columns)
            ]
            own = access.countries_of(request.user)
            if own is None or country.code in own:
                query = urlencode({"country": country.code})
                context["add_contact_address"] = f"{reverse('admin:content_contact_add')}?{query}"
        return super().render_change_form(request, context, *args, **kwargs)


class ContactAdmin(DirectoryAdmin):
    """Services; saving one drafts its country. Registered with its queue, in checking.py."""

    form = ContactForm
    list_display = ("organisation", "country", "kind", "phone", "evidence", "checked_on", "shown")
    list_filter = ("kind", "evidence", ("checked_on", admin.EmptyFieldListFilter), "country")
    list_columns = (
        "key", "country", "kind", "position", "organisation", "phone", "evidence", "checked_on",
    )  # fmt: skip
    list_per_page = 50
    search_fields = ("key", "organisation", "organisation_en", "phone", "country__code")
    fieldsets = (
        (None, {"fields": ("key", "country", "kind", "position", "organisation",
                           "organisation_en")}),
        ("How to reach it", {"fields": (
            ("phone", "phone_international"), ("sms", "whatsapp"),
            "chat_url", "report_url", "email", "website")}),
        ("Hours", {
            "fields": (("phone_hours", "sms_hours"), ("whatsapp_hours", "chat_hours"),
                       "report_hours", "hours_text", "time_zone"),
            "description": "In OpenStreetMap's syntax: 24/7, or Mo-Fr 09:00-17:00; PH off"}),
        ("Who it is for", {"fields": ("audience", "languages", "ages", ("age_min", "age_max"))}),
        ("Before you call", {"fields": (
            "answered_by", "cost", "on_bill", "anonymity", "tells_others", REMARK)}),
        ("Where we know this from (for staff)", {"fields": (
            "evidence", "sources", "source_date", "note", "checked_on", "checked_by")}),
    )  # fmt: skip

    def country_of(self, obj: Contact) -> Country:
        """Return the contact's country."""
        return obj.country

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return contacts with their countries, which the list names."""
        return super().get_queryset(request).select_related("country")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return who checked it, which follows from the day; lasting names; others' texts."""
        fixed = ["checked_by"]
        if obj is not None:
            fixed += ["key", "country"]
            may_write = access.may_write(request.user, obj, languages.SOURCE)
        else:  # a new one belongs to a country that the person keeps
            may_write = languages.SOURCE in access.languages_of(request.user)
        if not may_write:
            fixed.append(REMARK)
        return tuple(fixed)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the person may delete contacts, and keeps those of this country."""
        may_delete = super().has_delete_permission(request, obj)
        return may_delete and self.has_change_permission(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Return the field; a new contact goes into a country that the person keeps."""
        own = access.countries_of(request.user)
        if db_field.name == "country" and own is not None:
            kwargs["queryset"] = Country.objects.filter(code__in=own)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Return the field; the remark says its language."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == REMARK and field is not None:
            field.label, field.help_text = "Remark", db_field.translated_field.help_text
            field.widget.attrs |= {"lang": languages.SOURCE, "dir": "ltr", "rows": 2}
        if db_field.name == "note" and field is not None:
            field.widget.attrs["rows"] = 3
        return field

    def look_at(self, rows: Iterable[Any]) -> None:
        """Learn which of the rows readers may see, in one query."""
        rows = list(rows)
        keys = [row.pk for row in rows]
        public = set(Contact.objects.publishable().filter(pk__in=keys).values_list("pk", flat=True))
        for row in rows:
            row.is_shown = row.pk in public

    @admin.display(description="for readers", boolean=True)
    def shown(self, obj: Any) -> bool:
        """Return whether readers may see it, once its country is approved."""
        return bool(obj.is_shown)

    def save_model(
        self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool
    ) -> None:
        """Write what changed; whoever sets the day of the check is who checked it."""
        Country.objects.select_for_update().get(pk=obj.country_id)
        more = []
        if "checked_on" in form.changed_data:
            obj.checked_by = request.user if obj.checked_on else None
            more = ["checked_by"]
        save_written(obj, form, *more)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete the contact and draft its country without it."""
        country = obj.country
        super().delete_model(request, obj)
        for revision in draft([Target(country, languages.NEUTRAL)], request):
            messages.info(request, f"{saved(revision)} {what_readers_see(revision)}")

    def nothing_drafted(self, obj: Contact) -> str:
        """Return why readers would see nothing of this."""
        if Contact.objects.publishable().filter(pk=obj.pk).exists():
            return super().nothing_drafted(obj)
        return (
            "Saved. Readers do not see this service: they see one that has a source or that"
            " staff have checked, and that can be reached."
        )
