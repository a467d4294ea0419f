"""The queue of contacts to check: what is due, whose links are dead, and "checked today"."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ORDER_VAR
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from campaign import languages
from content import countries
from content.admin import seen
from content.admin.drafts import StaffChangeList, saved, what_readers_see
from content.admin.own_actions import OwnActions
from content.admin.sheets import SheetsAdmin
from content.directory.trust import host
from content.models import Contact, Country, LinkCheck
from content.publishing import access, workflow

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
        found = reasons()
        if self.value() == "any":
            return queryset.filter(found["never"] | found["overdue"] | found["links"])
        chosen = found.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(chosen)


class OfCountry(admin.SimpleListFilter):
    """Contacts of one country, chosen from a short box: as links all countries fill the page."""

    title = "country"
    parameter_name = "country"
    template = "admin/content/includes/country_filter.html"

    def __init__(
        self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any
    ) -> None:
        super().__init__(request, params, model, model_admin)
        self.chosen = self.value() or ""
        left = {self.parameter_name, "p"}
        self.others = [(n, v) for n, v in request.GET.items() if n not in left]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the countries by their English names."""
        codes = Country.objects.order_by().values_list("pk", flat=True)
        named = [(code, countries.name(code, languages.SOURCE)) for code in codes]
        return sorted(named, key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Return the contacts of the chosen country."""
        return queryset.filter(country=self.value()) if self.value() else queryset


def reasons() -> dict[str, Q]:
    """Return why somebody has to look at a contact, the most urgent reason first."""
    today = timezone.now().date()
    contacts = Contact.objects.order_by()
    dead = contacts.going_on(today).filter(pk__in=LinkCheck.objects.to_do().values("contact"))
    found = {
        "never": contacts.never_checked(today),
        "overdue": contacts.overdue(today),
        "links": dead,
        "soon": contacts.due_soon(today),
    }
    return {name: Q(pk__in=rows.values("pk")) for name, rows in found.items()}


FILTERS = "_changelist_filters"
LINK = 2
"""The place of the links among the reasons: what is wrong with them stands there in words."""
IN_WORDS = {"never": "never confirmed", "overdue": "overdue", "links": "link", "soon": "due soon"}


HOW = {
    "called": "I called, and they confirmed it",
    "site": "The service's own site says so today",
    "mail": "The service has written to us",
}


CHANGED = (
    "somebody else has changed this since you looked, so no check was entered. Compare what it says"
    " now, then enter it again."
)


class HowForm(forms.Form):
    """How somebody has checked a contact."""

    how = forms.ChoiceField(
        label="How do you know?", choices=list(HOW.items()), widget=forms.RadioSelect
    )


def _is_queue(request: HttpRequest) -> bool:
    return request.GET.get(ToCheck.parameter_name, "") in {"any", *IN_WORDS}


class Queue(StaffChangeList):
    """The list of what is to check, the most urgent first unless somebody sorts it."""

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[Any]:
        """Return the order."""
        found = super().get_ordering(request, queryset)
        return found if ORDER_VAR in self.params else ["urgency", *found]


@admin.register(Contact)
class ContactQueueAdmin(OwnActions, SheetsAdmin):
    """Contacts with the queue of what is to check, and one click to say that it was done."""

    actions = ("checked_today",)  # type: ignore[assignment]

    list_filter = (
        ToCheck, OfCountry, "kind", "evidence", ("checked_on", admin.EmptyFieldListFilter)
    )  # fmt: skip

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        """Return the columns: of the queue what one needs to check a contact, in one row."""
        if _is_queue(request):
            return ("organisation", "place", "to_do", "done", "known_from")
        return (*super().get_list_display(request), "links_to_do")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return contacts; in the queue with how urgent each is."""
        rows = super().get_queryset(request)
        if not _is_queue(request):
            return rows
        places = (When(q, then=Value(n)) for n, q in enumerate(reasons().values()))
        return rows.annotate(urgency=Case(*places, default=Value(len(IN_WORDS))))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[StaffChangeList]:
        """Return the list, the queue with the most urgent first."""
        return Queue if _is_queue(request) else StaffChangeList

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Return the list; its rows know whose they are, and the way back to the list."""
        found = super().get_changelist_instance(request)
        own = access.countries_of(request.user)
        for row in found.result_list:
            row.is_own = own is None or row.country_id in own
            row.back = urlencode({FILTERS: request.GET.urlencode()})
        return found

    def get_urls(self) -> list[Any]:
        """Return the admin's addresses and that of one contact's check."""
        view = self.admin_site.admin_view(self.checked_view)
        return [
            path("<int:pk>/checked/", view, name="content_contact_checked"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list, without the menu at its side: the columns need the room."""
        more = {"is_nav_sidebar_enabled": False}
        return super().changelist_view(request, more | (extra_context or {}))

    @admin.display(description="where")
    def place(self, obj: Any) -> SafeString:
        """Return what kind of service it is, where, and its number."""
        text = '{}, {} <bdi dir="ltr" class="number-short">{}</bdi>'
        return format_html(text, obj.country_id, obj.get_kind_display().lower(), obj.phone)

    @admin.display(description="why")
    def to_do(self, obj: Any) -> str:
        """Return why somebody has to look at it, in few words."""
        reasons = list(IN_WORDS.values())
        why = reasons[obj.urgency : obj.urgency + 1] if obj.urgency != LINK else []
        if obj.checked_on:
            why.append(f"checked on {obj.checked_on.isoformat()}")
        return ", ".join(dict.fromkeys([*why, *obj.links_found]))

    @admin.display(description="what we know")
    def known_from(self, obj: Any) -> SafeString:
        """Return the evidence, the doubts, and where to look: all that one needs to check it."""
        site = obj.website and format_html(
            ' <a href="{}" target="_blank" rel="noreferrer">{}</a>', obj.website, host(obj.website)
        )
        return format_html("{}{} {}", obj.get_evidence_display(), site, obj.note)

    @admin.display(description="done")
    def done(self, obj: Any) -> str | SafeString:
        """Return the way to say that it was checked, to who keeps it."""
        if not obj.is_own:
            return ""
        text = '<a class="button" href="{}/checked/?{}" aria-label="{}: {}">{}</a>'
        named = ("Checked today", obj.organisation, "Checked today")
        return format_html(text, obj.pk, obj.back, *named)

    @method_decorator([csrf_protect, require_http_methods(["GET", "HEAD", "POST"])])
    def checked_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask how one contact was checked, enter it, and go back to the list."""
        contact: Contact = get_object_or_404(Contact.objects.select_related("country"), pk=pk)
        if not self.has_change_permission(request, contact):
            raise PermissionDenied
        back = f"{reverse('admin:content_contact_changelist')}?{request.GET.get(FILTERS, '')}"
        form = HowForm(request.POST or None)
        if not form.is_valid():
            return self._ask_how(request, [contact], form, back)
        if changed := self._enter(request, [contact], HOW[form.cleaned_data["how"]]):
            return self._ask_how(request, changed, form, back)
        return HttpResponseRedirect(back)

    def _ask_how(
        self, request: HttpRequest, contacts: list[Contact], form: HowForm, back: str
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "Checked today",
            "contacts": [(contact, seen.of(contact)) for contact in contacts],
            "form": form,
            "back": back,
            "opts": Contact._meta,
        }
        return TemplateResponse(request, "admin/content/checked_today.html", context)

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
            own = self._enter(request, own, HOW[form.cleaned_data["how"]])
            if not own:
                return None
        page = self._ask_how(request, own, form, request.get_full_path())
        page.context_data["selected"] = ACTION_CHECKBOX_NAME  # type: ignore[index]
        return page

    @transaction.atomic
    def _enter(self, request: HttpRequest, contacts: list[Contact], how: str) -> list[Contact]:
        """Enter the check; returns those that are not what the person saw any more."""
        by_country: dict[str, list[int]] = {}
        changed = []
        for contact in contacts:
            by_country.setdefault(contact.country_id, []).append(contact.pk)
        for code, keys in sorted(by_country.items()):
            country = Country.objects.select_for_update().get(pk=code)
            checked = []
            for contact in Contact.objects.filter(pk__in=keys).select_related("country"):
                if request.POST.get(f"seen-{contact.pk}") != seen.of(contact):
                    changed.append(contact)
                    continue
                contact.checked_on = timezone.now().date()
                contact.checked_by = request.user  # type: ignore[assignment]
                contact.save(update_fields=["checked_on", "checked_by"])
                self.log_change(request, contact, f"Checked today: {how}")
                checked.append(contact)
            if not checked:
                continue
            names = ", ".join(contact.key for contact in checked)
            comment = f"Checked today ({names}): {how}"[:250]
            author: Any = request.user
            draft = workflow.save_draft(country, languages.NEUTRAL, author, comment=comment)
            said = f"{code}: {len(checked)} checked today."
            if draft is not None:
                said += f" {saved(draft)} {what_readers_see(draft)}"
            messages.success(request, said)
        if changed:
            names = ", ".join(str(contact) for contact in changed)
            messages.warning(request, f"{names}: {CHANGED}")
        return changed


def _more(check: LinkCheck) -> str:
    return f"{check.detail} {check.redirected_to}".strip()
