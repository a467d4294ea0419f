"""Contacts as a file: given out as CSV or XLSX, and taken back after a look at what would change.

What was shown travels signed inside the page, so nothing is kept on the server, and any node may do
it; it is done only while it would still do the same.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from campaign.staff import events
from content.admin.contacts import ContactAdmin
from content.admin.drafts import ASK, Target, draft, what_readers_see
from content.admin.importing import LOOKED_AT, Outcome, Plan, Planner, sheet_of
from content.models import Contact, Country, Revision
from content.publishing import workflow
from content.sheets import cells
from content.sheets.reading import MOST_BYTES, Problem, Unreadable, read
from content.sheets.writing import TYPES, write

SALT = "content.admin.sheets"
AN_HOUR = 60 * 60
MOST_KEPT = 2_000_000
"""Letters of a form's field: Django takes no larger form."""
MOST_PROBLEMS = 100

PEOPLE_WRITE = require_http_methods(["GET", "HEAD", "POST"])


class FileForm(forms.Form):
    """The file that comes back."""

    file = forms.FileField(
        label="CSV or XLSX file",
        allow_empty_file=True,  # the reader says why it is of no use
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )


class SheetsAdmin(ContactAdmin):
    """Contacts that leave and come back as a sheet."""

    change_list_template = "admin/content/contact_list.html"

    def get_urls(self) -> list[Any]:
        """Return the admin's addresses and those of the sheets."""
        view = self.admin_site.admin_view
        own = [
            path("import/", view(self.import_view), name="content_contact_import"),
            path("import/apply/", view(self.apply_view), name="content_contact_apply"),
            path("export/<str:form>/", view(self.export_view), name="content_contact_export"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list with the ways out and in; what leaves is what the list shows."""
        more = {"may_import": self.has_change_permission(request), "query": request.GET.urlencode()}
        return super().changelist_view(request, more | (extra_context or {}))

    # --- Out ----------------------------------------------------------------------------------

    @method_decorator(require_safe)
    def export_view(self, request: HttpRequest, form: str) -> HttpResponse:
        """Give out the contacts of the list, with its filters, in its order."""
        if form not in TYPES:
            raise Http404(f"We write no {form}.")
        if not self.has_view_permission(request):
            raise PermissionDenied
        shown = self.get_changelist_instance(request).get_queryset(request)
        answer = HttpResponse(write(shown.only(*LOOKED_AT), form), content_type=TYPES[form])
        name = f"contacts-{timezone.now().date().isoformat()}.{form}"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["Cache-Control"] = "no-store"
        events.exported(request.user, name)
        return answer

    # --- In -----------------------------------------------------------------------------------

    @method_decorator([csrf_protect, PEOPLE_WRITE])
    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for a file, and show what it would change. Nothing is written."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, FileForm())
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, form)
        file = form.cleaned_data["file"]
        try:
            plan = Planner(request, self).plan(read(file.read(MOST_BYTES), file.size))
        except Unreadable as error:
            return self._page(request, form, problems=list(error.problems))
        return self._show(request, plan, file.name)

    def _show(
        self, request: HttpRequest, plan: Plan, name: str, problems: tuple[Problem, ...] = ()
    ) -> HttpResponse:
        found = [Problem(row.line.row, text) for row in plan.refused for text in row.problems]
        found = [*problems, *found]
        kept = ""
        if plan.written and not plan.refused:
            values = {"name": name[:80], "rows": plan.kept(), "shown": plan.fingerprint}
            kept = signing.dumps(values | {"user": request.user.pk}, salt=SALT, compress=True)
        if len(kept) > MOST_KEPT:
            message = "It changes too much at once. Make several files of it."
            found, kept = [*found, Problem(0, message)], ""
        return self._page(request, FileForm(), problems=found, plan=plan, kept=kept, name=name)

    def _page(
        self,
        request: HttpRequest,
        form: FileForm,
        problems: list[Problem] | None = None,
        **more: Any,
    ) -> HttpResponse:
        problems = problems or []
        context = {
            **self.admin_site.each_context(request),
            "title": "Import contacts",
            "opts": Contact._meta,
            "form": form,
            "problems": problems[:MOST_PROBLEMS],
            "more_problems": max(0, len(problems) - MOST_PROBLEMS),
            "columns": cells.COLUMNS,
            **more,
        }
        return TemplateResponse(request, "admin/content/import_contacts.html", context)

    @method_decorator([csrf_protect, require_http_methods(["POST"])])
    def apply_view(self, request: HttpRequest) -> HttpResponse:
        """Do what was shown, as drafts; all of it, or nothing when anything has changed since."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        try:
            kept = signing.loads(request.POST.get("kept", ""), salt=SALT, max_age=AN_HOUR)
        except signing.BadSignature:
            messages.error(request, "This preview has ended. Nothing was changed: import it again.")
            return HttpResponseRedirect(reverse("admin:content_contact_import"))
        if kept["user"] != request.user.pk:
            raise PermissionDenied
        sheet = sheet_of(kept["rows"])
        with transaction.atomic():
            codes = {values.get("country", "") for _, values in kept["rows"]}
            keys = [values["key"] for _, values in kept["rows"]]
            codes |= set(Contact.objects.filter(key__in=keys).values_list("country", flat=True))
            for code in sorted(codes):
                workflow.lock(Revision.Kind.COUNTRY, code)
            # Only now nobody else can change these: what is true now counts.
            plan = Planner(request, self).plan(sheet)
            is_as_shown = plan.fingerprint == kept["shown"] and not plan.refused
            drafts = self._write(request, plan, kept["name"]) if is_as_shown else []
        if not is_as_shown:
            changed = "Somebody has changed these contacts since you looked. Look again."
            return self._show(request, plan, kept["name"], (Problem(0, changed),))
        self._tell(request, plan, drafts)
        return HttpResponseRedirect(reverse("admin:content_contact_changelist"))

    def _write(self, request: HttpRequest, plan: Plan, name: str) -> list[Revision]:
        """Write the rows as their forms would, and draft their countries."""
        targets: dict[str, list[Target]] = {}
        words = f"Imported from {name}"
        for row in plan.written:
            is_new = row.outcome == Outcome.NEW
            self.save_model(request, row.contact, row.form, change=not is_new)  # type: ignore[arg-type]
            log = self.log_addition if is_new else self.log_change
            log(request, row.contact, words)
        for code in sorted({row.contact.country_id for row in plan.written}):
            country = Country.objects.get(pk=code)
            contact = next(row.contact for row in plan.written if row.contact.country_id == code)
            contact.country = country
            targets[code] = self.targets(request, contact)
        comment = request.POST.get("comment", "").strip() or words
        return draft([t for found in targets.values() for t in found], request, comment)

    def _tell(self, request: HttpRequest, plan: Plan, drafts: list[Revision]) -> None:
        count = len(plan.written)
        said = f"{count} contact{'s' if count > 1 else ''} imported."
        for sentence in plan.losses:
            messages.warning(request, sentence)
        if not drafts:
            messages.success(
                request, f"{said} Readers would see no difference: nothing to approve."
            )
            return
        names = ", ".join(f"{r.key} number {r.number}" for r in drafts)
        said = f"{said} Drafts: {names}. {what_readers_see(drafts[0])}"
        messages.success(request, said)
        if ASK in request.POST:
            self._ask(request, drafts)

    def _ask(self, request: HttpRequest, drafts: list[Revision]) -> None:
        asked = []
        for revision in drafts:
            try:
                workflow.submit(revision, request.user)  # type: ignore[arg-type]
                asked.append(revision.key)
            except workflow.Refused as refused:
                reasons = "; ".join(str(problem) for problem in refused.problems[:3])
                text = f"{revision.key} cannot go to an approver yet: {reasons}"
                messages.error(request, text)
        if asked:
            messages.success(request, f"Waiting for approval now: {', '.join(asked)}.")
