"""The queue of contacts to check: what is due, whose links are dead, and "checked today"."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from campaign import languages
from content.admin.contacts import ContactAdmin
from content.admin.drafts import saved, what_readers_see
from content.models import Contact, Country, LinkCheck
from content.publishing import workflow

Outcome = LinkCheck.Outcome


class ToCheck(admin.SimpleListFilter):
    """Contacts that somebody has to look at, by the reason."""

    title = "to check"
    parameter_name = "check"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the reasons, all of them together first."""
        return [
            ("any", "Anything to do"),
            ("never", "Never confirmed"),
            ("overdue", "Overdue"),
            ("soon", "Due within a month"),
            ("links", "Dead or moved link"),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Return the contacts of the chosen reason."""
        today = timezone.now().date()
        contacts = Contact.objects.order_by()
        reasons = {
            "never": contacts.never_checked(today),
            "overdue": contacts.overdue(today),
            "soon": contacts.due_soon(today),
            "links": contacts.filter(pk__in=LinkCheck.objects.to_do().values("contact")),
        }
        if self.value() == "any":
            wanted = Q()
            for name in ("never", "overdue", "links"):
                wanted |= Q(pk__in=reasons[name].values("pk"))
            return queryset.filter(wanted)
        chosen = reasons.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(pk__in=chosen.values("pk"))


HOW = {
    "called": "I called, and they confirmed it",
    "site": "The service's own site says so today",
    "mail": "The service has written to us",
}


class HowForm(forms.Form):
    """How somebody has checked a contact."""

    how = forms.ChoiceField(
        label="How do you know?", choices=list(HOW.items()), widget=forms.RadioSelect
    )


@admin.register(Contact)
class ContactQueueAdmin(ContactAdmin):
    """Contacts with the queue of what is to check, and one click to say that it was done."""

    actions = ("checked_today",)  # type: ignore[assignment]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Return our own action only: contacts are deleted one by one, on their forms."""
        found: dict[str, Any] = super().get_actions(request)
        return {name: action for name, action in found.items() if name in self.actions}

    def get_list_filter(self, request: HttpRequest) -> tuple[Any, ...]:
        """Return the list's filters with the queue first."""
        return (ToCheck, *super().get_list_filter(request))

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        """Return the list's columns and what was found at the links."""
        return (*super().get_list_display(request), "links_to_do")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[Any, ...]:
        """Return what cannot be written here, among it what was found at the links."""
        return (*super().get_readonly_fields(request, obj), "links")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the parts of the form, for an old contact with what was found at its links."""
        fieldsets = super().get_fieldsets(request, obj)
        return [*fieldsets, ("Links", {"fields": ("links",)})] if obj else fieldsets

    def look_at(self, rows: Iterable[Any]) -> None:
        """Learn what the list shows of links, in one query."""
        rows = list(rows)
        super().look_at(rows)
        found: dict[int, list[str]] = {}
        for check in LinkCheck.objects.to_do().filter(contact__in=[row.pk for row in rows]):
            found.setdefault(check.contact_id, []).append(check.get_outcome_display())
        for row in rows:
            row.links_found = found.get(row.pk, [])

    @admin.display(description="links")
    def links_to_do(self, obj: Any) -> str:
        """Return what is wrong with the links, in a few words."""
        return ", ".join(dict.fromkeys(obj.links_found))

    @admin.display(description="What was found")
    def links(self, obj: Contact) -> str | SafeString:
        """Return what was found at each link, the worst first."""
        checks = sorted(obj.link_checks.all(), key=lambda check: check.outcome == Outcome.GOOD)
        rows = format_html_join(
            "",
            "<li>{}: <bdi dir=ltr>{}</bdi><br><b>{}</b> ({}) {}</li>",
            (
                (c.field, c.url, c.get_outcome_display(), c.checked_at.date(), _more(c))
                for c in checks
            ),
        )
        return format_html("<ul>{}</ul>", rows) if checks else "Not looked at yet."

    @admin.action(description="Checked today …", permissions=["change"])
    def checked_today(self, request: HttpRequest, queryset: QuerySet[Contact]) -> Any:
        """Ask how, then enter the day and the person, and draft the countries."""
        keys = list(queryset.order_by("key").values_list("pk", flat=True))
        contacts = list(Contact.objects.filter(pk__in=keys).select_related("country"))
        own = [contact for contact in contacts if self.has_change_permission(request, contact)]
        if len(own) < len(contacts):
            messages.warning(request, "Contacts that you do not keep are left out.")
        if not own:
            return None
        form = HowForm(request.POST if "how_asked" in request.POST else None)
        if form.is_valid():
            self._enter(request, own, HOW[form.cleaned_data["how"]])
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": "Checked today",
            "contacts": own,
            "form": form,
            "opts": Contact._meta,
            "selected": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/content/checked_today.html", context)

    @transaction.atomic
    def _enter(self, request: HttpRequest, contacts: list[Contact], how: str) -> None:
        by_country: dict[str, list[Contact]] = {}
        for contact in contacts:
            by_country.setdefault(contact.country_id, []).append(contact)
        for code, checked in sorted(by_country.items()):
            country = Country.objects.select_for_update().get(pk=code)
            for contact in checked:
                contact.checked_on = timezone.now().date()
                contact.checked_by = request.user  # type: ignore[assignment]
                contact.save(update_fields=["checked_on", "checked_by"])
                self.log_change(request, contact, f"Checked today: {how}")
            names = ", ".join(contact.key for contact in checked)
            comment = f"Checked today ({names}): {how}"[:250]
            author: Any = request.user
            draft = workflow.save_draft(country, languages.NEUTRAL, author, comment=comment)
            said = f"{code}: {len(checked)} checked today."
            if draft is not None:
                said += f" {saved(draft)} {what_readers_see(draft)}"
            messages.success(request, said)


def _more(check: LinkCheck) -> str:
    return f"{check.detail} {check.redirected_to}".strip()
