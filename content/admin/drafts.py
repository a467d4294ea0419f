"""What all forms of the staff area share: saving makes a draft, asking sends it to an approver."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from js_asset import Media

from campaign import languages
from campaign.staff import unsaved
from content.admin import addresses, previewing
from content.admin.waiting import language_name
from content.interchange.texts import texts_of
from content.models import Revision
from content.publishing import access, rules, workflow
from content.publishing.snapshots import key_of, kind_of, snapshot, source_of

ASK = "_ask"
"""The name of the button "Save and ask for approval"."""
NEXT, ASK_NEXT = "_next", "_ask_next"
"""The same two buttons at the translation desk, which lead on to the next text of its list."""
UNSURE = "unsure"
"""The name of the boxes "Needs another look"; their values are the paths of the texts."""
PREVIEW = "_preview"
"""The name of the button "Preview": the form is saved, read and taken back in one transaction."""

COMMENT_HELP = "For the approver: what you changed, and why. Readers never see it."


class DraftForm(forms.ModelForm):
    """A form whose saving makes a draft; refuses to write over what others saved meanwhile."""

    comment = forms.CharField(
        max_length=250,
        required=False,
        help_text=COMMENT_HELP,
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
    )

    newer: Revision | None = None
    """What somebody else saved while this form was open, once that was found."""

    @property
    def is_preview(self) -> bool:
        """Whether nothing is going to be kept, so that nobody's text can be lost."""
        return PREVIEW in self.data

    def written(self) -> list[str]:
        """Return the names of the model's fields that the person changed."""
        own = {f.name for f in self._meta.model._meta.concrete_fields}
        return [name for name in self.changed_data if name in own]


@dataclass(frozen=True)
class Target:
    """An item in a language that a form's saving drafts."""

    item: models.Model
    language: str

    @property
    def newest(self) -> Revision | None:
        """The newest revision."""
        return workflow.latest(kind_of(self.item), key_of(self.item), self.language)

    @property
    def says_something(self) -> bool:
        """Whether there is a text: nobody needs the draft of a translation not begun."""
        kind = kind_of(self.item)
        texts = rules.fields(snapshot(self.item, self.language))
        return kind == Revision.Kind.COUNTRY or bool(self.newest) or any(t for _, t in texts)


def marked(target: Target, request: HttpRequest) -> set[str]:
    """Return the paths of the texts of a translation that the form marks for another look."""
    kind = kind_of(target.item)
    if source_of(kind, target.language) is None:
        return set()
    written = texts_of(kind, snapshot(target.item, target.language))
    return {path for path, text in written if text} & set(request.POST.getlist(UNSURE))


class StaffChangeList(ChangeList):
    """A list that reads only the columns it shows: a whole row has 36 languages."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        """Return the rows with the columns that the admin's `list_columns` names."""
        rows = super().get_queryset(request, exclude_parameters)
        return rows.only(*self.model_admin.list_columns)  # type: ignore[attr-defined]

    def get_results(self, request: HttpRequest) -> None:
        """Fetch a page of rows, then what the admin wants to know of all of them at once."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        self.model_admin.look_at(self.result_list)  # type: ignore[attr-defined]


class DraftAdmin(admin.ModelAdmin):
    """Forms that never change what readers see: they write working copies and drafts."""

    form = DraftForm
    actions = None
    list_columns: tuple[str, ...] = ()
    change_form_template = "admin/content/draft_form.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether the person may add one."""
        return super().has_add_permission(request) and access.may_add(request.user, self.model)

    def targets(self, request: HttpRequest, obj: Any) -> list[Target]:
        """Return the items and languages that saving this object drafts."""
        raise NotImplementedError

    def form_address(self, request: HttpRequest, obj: Any) -> str:
        """Return the address of the form that the person comes back to."""
        return reverse(f"admin:content_{self.opts.model_name}_change", args=[obj.pk])

    def look_at(self, rows: Iterable[Any]) -> None:
        """Learn at once what the list shows of its rows; nothing by default."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the list that reads few columns."""
        return StaffChangeList

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """Return the object, locked while it is being saved; None when there is none."""
        obj = super().get_object(request, object_id, from_field)
        if obj is not None and request.method == "POST":
            # Two people who save at once go one after the other, so that the second is told. What
            # is approved as a whole comes first, as everywhere: a country before its contact.
            for target in self.targets(request, obj):
                workflow.lock(kind_of(target.item), key_of(target.item))
            type(obj)._default_manager.select_for_update().filter(pk=obj.pk).first()
            obj = super().get_object(request, object_id, from_field)
        return obj

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """Give back what was typed for something that was deleted meanwhile."""
        if any(unsaved.typed(request)):
            return unsaved.page(request, unsaved.GONE, HTTPStatus.CONFLICT)
        return super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]

    def save_model(
        self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool
    ) -> None:
        """Write only the columns that the person changed."""
        save_written(obj, form)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Return Django's list of changes, with the person's own words in front."""
        message = super().construct_change_message(request, form, formsets, add)
        comment = form.cleaned_data.get("comment", "")
        return comment or message

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Draft what was added."""
        return self._respond(request, obj)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Draft what was changed."""
        return self._respond(request, obj)

    def _respond(self, request: HttpRequest, obj: Any) -> HttpResponse:
        address = self.form_address(request, obj)
        targets = self.targets(request, obj)
        if PREVIEW in request.POST:
            return previewing.of_form(request, self.admin_site, targets)
        drafts = draft(targets, request)
        if not {ASK, ASK_NEXT} & set(request.POST):
            for revision in drafts:
                messages.success(
                    request, f"{saved(revision, request)} {what_readers_see(revision)}"
                )
            if not drafts:
                messages.info(request, self.nothing_drafted(obj))
            return HttpResponseRedirect(self.onward(request, obj))
        if ask(targets, request):
            return HttpResponseRedirect(self.onward(request, obj))
        return HttpResponseRedirect(address + ("&" if "?" in address else "?") + "problems=1")

    def onward(self, request: HttpRequest, obj: Any) -> str:
        """Return where the person goes once all is saved: back to the form."""
        return self.form_address(request, obj)

    def nothing_drafted(self, obj: Any) -> str:
        """Return what to say when saving made no new draft."""
        return "Nothing changed that readers would see, so no new draft was made."

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the form; its scripts carry the nonce that the staff policy asks for."""
        if PREVIEW in request.POST:
            return previewing.refused(request, self.admin_site, context)
        newest = context.get("newest")
        if newest and not newest.submitted_at and not newest.approved_at:
            context["sent_back"] = list(newest.sent_back.select_related("by"))
        nonce = str(request.csp_nonce)  # type: ignore[attr-defined]
        context["media"] = Media.from_media(context["media"], nonce=nonce)
        return super().render_change_form(request, context, *args, **kwargs)


def save_written(obj: models.Model, form: Any, *more: str) -> None:
    """Save an object: a new one whole, an old one only in what the form changed, and `more`."""
    if obj._state.adding:
        obj.save()
    elif names := [*form.written(), *more]:
        # modeltranslation keeps the source text in the column without a language, too.
        suffix = f"_{languages.SOURCE}"
        twins = [name.removesuffix(suffix) for name in names if name.endswith(suffix)]
        own = {field.name for field in obj._meta.concrete_fields}
        obj.save(update_fields=[*names, *(own & set(twins) - set(names))])


def draft(targets: Iterable[Target], request: HttpRequest, comment: str = "") -> list[Revision]:
    """Keep what the working copies say now; returns the drafts that are new."""
    comment = comment or request.POST.get("comment", "").strip()
    drafts = (
        workflow.save_draft(
            target.item,
            target.language,
            request.user,  # type: ignore[arg-type]
            comment=comment,
            unsure=marked(target, request),
        )
        for target in targets
        if target.says_something
    )
    return [revision for revision in drafts if revision is not None]


def ask(targets: Iterable[Target], request: HttpRequest) -> bool:
    """Ask for approval of the newest drafts, and say so; False when the rules refuse one."""
    asked = False
    for target in targets:
        revision = target.newest
        if revision is None or revision.is_live or revision.withdrawn_at:
            continue
        try:
            if revision.submitted_at is None:
                workflow.submit(revision, request.user)  # type: ignore[arg-type]
        except workflow.Refused as refused:
            messages.error(
                request,
                f"{saved(revision)} It cannot go to an approver yet: "
                f"{_count(len(refused.problems))} below.",
            )
            return False
        asked = True
        link = format_html('<a href="{}">{}</a>', addresses.review(revision), "Look at it")
        text = "{} It now waits until somebody else approves it. {} {}"
        readers = what_readers_see(revision)
        messages.success(request, format_html(text, saved(revision, request), readers, link))
    if not asked:
        messages.info(request, "Readers see this text already: there is nothing to approve.")
    return True


def _count(number: int) -> str:
    return "see the reason" if number == 1 else f"see the {number} reasons"


def saved(revision: Revision, request: HttpRequest | None = None) -> str:
    """Return the sentence that names the draft; with its title, when the person goes on from it."""
    leads_on = request is not None and {NEXT, ASK_NEXT} & set(request.POST)
    title = f"“{revision.title}”: " if leads_on else ""
    return f"{title}Saved as draft number {revision.number}."


def what_readers_see(revision: Revision) -> str:
    """Return the sentence that says what the public sees while this draft is none of it."""
    kind, key, language = revision.kind, revision.key, revision.language
    if workflow.live(kind, key, language):
        if kind == Revision.Kind.COUNTRY:
            return "Readers still see the old details until somebody approves it."
        return "Readers still see the old text."
    source = source_of(kind, language)
    if workflow.live(kind, key, source) and kind != Revision.Kind.COUNTRY:
        names = language_name(language), language_name(languages.SOURCE)
        return "Readers of {} still see the {} text.".format(*names)
    return "Readers do not see it yet."
