"""Forms of contacts: the services that help in a country."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from campaign import languages
from content.admin import notices, opening
from content.admin.directory import DirectoryAdmin, DirectoryForm
from content.admin.drafts import (
    PREVIEW,
    Target,
    draft,
    save_written,
    saved,
    what_readers_see,
)
from content.admin.fields import AddressesField, CodesField
from content.models import Contact, Country
from content.models.directory import validate_time_zones
from content.publishing import access, endings
from content.publishing.snapshots import column, snapshot

HOURS_HELP = (
    "OpenStreetMap's syntax: 24/7 is day and night. Days are Mo Tu We Th Fr Sa Su, PH is a public"
    " holiday, times have four digits: Mo-Fr 09:00-17:00. A semicolon begins another rule, and a"
    " later rule wins: Mo-Su 10:00-20:00; Sa,Su 12:00-18:00; PH off. A night goes over midnight:"
    " Fr 20:00-02:00. What no rule can say, such as seasons, goes into the hours in words."
)
REMARK = column("remark", languages.SOURCE)


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


class ContactAdmin(DirectoryAdmin):
    """Services; saving one drafts its country. Registered with its queue, in checking.py."""

    form = ContactForm
    change_form_template = "admin/content/contact_form.html"
    list_display = ("organisation", "country", "kind", "phone", "evidence", "checked_on", "shown")
    list_columns = (
        "key", "country", "kind", "position", "organisation", "phone", "website", "evidence",
        "note", "checked_on",
    )  # fmt: skip
    list_per_page = 25
    search_fields = ("key", "organisation", "organisation_en", "phone", "country__code")
    fieldsets = (
        (None, {"fields": ("key", "country", "kind", "position", "organisation",
                           "organisation_en", "ends_on")}),
        ("How to reach it", {"fields": (
            ("phone", "phone_international"), ("sms", "whatsapp"),
            "chat_url", "report_url", "email", "website")}),
        ("Hours", {
            "fields": (("phone_hours", "sms_hours"), ("whatsapp_hours", "chat_hours"),
                       "report_hours", "hours_text", "time_zone"),
            "description": HOURS_HELP}),
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
        today = timezone.now().date()
        public = Contact.objects.publishable().going_on(today).filter(pk__in=keys)
        public = set(public.values_list("pk", flat=True))
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

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Draft what was added, and warn of what may be wrong with it."""
        response = super().response_add(request, obj, post_url_continue)
        return self._warned(request, obj, response)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Draft what was changed, and warn of what may be wrong with it."""
        return self._warned(request, obj, super().response_change(request, obj))

    def _warned(self, request: HttpRequest, obj: Contact, response: HttpResponse) -> HttpResponse:
        if PREVIEW in request.POST:
            return response
        for notice in notices.of(obj):
            messages.warning(request, notice.in_full)
        for sentence in endings.losses(snapshot(obj.country, languages.NEUTRAL)):
            messages.warning(request, sentence)
        return response

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the form, beside its fields what may be wrong and what the hours mean."""
        contact = context["original"]
        form = context["adminform"].form
        fields = form.fields
        for notice in notices.of(contact) if contact else ():
            if notice.field in fields:  # not for who may only look
                beside = getattr(fields[notice.field], "notices", ())
                fields[notice.field].notices = [*beside, notice]
        country = contact.country_id if contact else request.GET.get("country", "")
        for name in opening.FIELDS:
            if name in fields:
                fields[name].country = country
                fields[name].week = opening.shown(form[name].value() or "", country)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[Any]:
        """Return the admin's addresses and the one that explains hours."""
        view = self.admin_site.admin_view(self.hours_view)
        return [path("hours/", view, name="content_contact_hours"), *super().get_urls()]

    @method_decorator(require_safe)
    def hours_view(self, request: HttpRequest) -> HttpResponse:
        """Answer what some hours mean, while somebody is writing them."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        wanted = request.GET.get("value", "").strip(), request.GET.get("country", "")
        week = {"week": opening.shown(*wanted)}
        return TemplateResponse(request, "admin/content/includes/week.html", week)

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
