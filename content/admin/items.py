"""Forms of guidance: one language of one item, beside its source."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString

from campaign import languages
from content.admin import addresses, beside, measuring, seen, states, waiting
from content.admin.drafts import DraftForm, Target
from content.admin.parts import (
    OneLanguageMixin,
    PlatformLinkInline,
    SectionInline,
    language_of,
)
from content.admin.translating import Translating, unsure_of
from content.models import (
    Figure,
    GuideStep,
    Page,
    Phrase,
    Platform,
    Scenario,
    Situation,
    Term,
)
from content.publishing import access, workflow
from content.publishing.snapshots import KINDS, column, key_of, kind_of


class ItemForm(DraftForm):
    """One item in one language; carries the number of the revision that it was opened on."""

    language = languages.SOURCE
    based_on = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.newest = None
        if not self.instance._state.adding:
            kind, key = kind_of(self.instance), key_of(self.instance)
            self.newest = workflow.latest(kind, key, self.language)
        self.initial["based_on"] = self.newest.number if self.newest else 0

    def clean(self) -> dict[str, Any]:
        """Refuse to write over what others saved since. Raises ValidationError."""
        cleaned = super().clean() or self.cleaned_data
        newest = self.newest
        if newest and not self.is_preview and cleaned.get("based_on") != newest.number:
            self.newer = newest
            # Whoever has read both texts may save: then this form is based on the newer one.
            seen.take_as_read(self, "based_on", str(newest.number))
            who = newest.created_by or "The site's own data"
            raise ValidationError(
                f"{who} saved number {newest.number} while you were writing. Nothing of yours is"
                " lost: it is still in the form, and not saved. Where the texts differ, the other"
                " one stands beside yours. Take from it what you want to keep, and save again."
            )
        return cleaned


class ItemAdmin(OneLanguageMixin, Translating):
    """An item of guidance: `?language=fr` opens it in French, without one in the source."""

    form = ItemForm
    list_display = ("key", "source_title", "states_of_languages", "position")
    list_display_links = ("key", "source_title")
    title_field = "title"

    @property
    def kind(self) -> str:
        """The kind that revisions of this model have."""
        return KINDS[self.model]

    @property
    def list_columns(self) -> tuple[str, ...]:  # type: ignore[override]
        """The columns that the list reads."""
        return ("key", "position", self.title_field)

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Return what the list's search box looks in."""
        return ("key", self.title_field)

    def look_at(self, rows: Iterable[Any]) -> None:
        """Learn the states of all rows in one query."""
        rows = list(rows)
        found = states.of(self.kind, [row.key for row in rows])
        for row in rows:
            row.states = found[row.key]

    @admin.display(description="title")
    def source_title(self, obj: Any) -> str:
        """Return the title in the source language."""
        return str(getattr(obj, self.title_field) or "—")[:90]

    @admin.display(description="languages by state")
    def states_of_languages(self, obj: Any) -> SafeString:
        """Return how many languages are in each state."""
        return states.summary(obj.states)

    # --- The form -----------------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the person may write the item in the form's language; for a list, in any."""
        if not super().has_change_permission(request, obj):
            return False
        if obj is None:
            return bool(access.languages_of(request.user))
        return access.may_write(request.user, obj, language_of(request))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: what readers see is withdrawn, by an approver, and stays in the history."""
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the texts of one language, and in the source the facts that all share."""
        language = language_of(request)
        texts = (waiting.language_name(language), {"fields": self.texts(language)})
        if language != languages.SOURCE:
            return [texts]
        facts = ("key", "position", *self.facts)
        return [texts, ("The same in all languages", {"fields": facts})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return the key, which is a lasting name, once the item exists."""
        return ("key",) if obj else ()

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Return the parts; those without words stand in the source language's form only."""
        if language_of(request) == languages.SOURCE:
            return self.inlines
        return [inline for inline in self.inlines if inline is not PlatformLinkInline]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Return a form that knows its language."""
        bound = type("ItemForm", (ItemForm,), {"language": language_of(request)})
        return super().get_form(request, obj, change, form=bound, **kwargs)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show or save the form; a new item is written in the source language first."""
        object_id = kwargs.get("object_id", args[0] if args else None)
        if object_id is None and language_of(request) != languages.SOURCE:
            raise Http404("Write it in the source language first.")
        return super().changeform_view(request, *args, **kwargs)

    def targets(self, request: HttpRequest, obj: Any) -> list[Target]:
        """Return the item in the language of the form."""
        return [Target(obj, language_of(request))]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the form with the row of languages and with what stands beside each field."""
        language, obj = language_of(request), context["original"]
        main = context["adminform"].form
        context["language"] = languages.get(language)
        context["is_source"] = language == languages.SOURCE
        parts = [f for inline in context["inline_admin_formsets"] for f in inline.formset.forms]
        shown = [main, *parts]
        if obj is not None:
            self._add_neighbours(request, context, shown, obj, language)
        else:
            for form in shown:
                beside.Beside(language).annotate(form)
        audience = str(main["audience"].value()) if "audience" in main.fields else ""
        context["measured"] = measuring.of_forms(self.kind, language, audience, shown)
        context["kind"] = self.kind
        return super().render_change_form(request, context, *args, **kwargs)

    def _add_neighbours(
        self, request: HttpRequest, context: dict[str, Any], shown: Any, obj: Any, language: str
    ) -> None:
        help_for_fields = beside.gather(
            self.kind,
            obj.key,
            language,
            newer=shown[0].newer,
            with_problems="problems" in request.GET and request.method != "POST",
            with_doubts=shown[0].newest is not None or shown[0].is_bound,
            unsure=unsure_of(request, shown[0].newest),
        )
        for form in shown:
            help_for_fields.annotate(form)
        address = reverse(f"admin:content_{self.opts.model_name}_change", args=[obj.pk])
        by_language = states.of(self.kind, [obj.key])[obj.key]
        newest = workflow.latest(self.kind, obj.key, language)
        context.update(
            chips=states.row(by_language, language, address),
            state=by_language[language],
            newest=newest,
            newest_address=addresses.review(newest) if newest else None,
            may_approve=bool(newest and access.is_approver(request.user, newest)),
            public_address=addresses.public(self.kind, obj.key, language),
            problems=help_for_fields.elsewhere(shown),
            has_problems=bool(help_for_fields.problems),
        )


@admin.register(Page)
class PageAdmin(ItemAdmin):
    """Pages with their sections."""

    facts = ("step", "audience")
    inlines = (SectionInline,)
    title_field = column("title", languages.SOURCE)


@admin.register(Situation)
class SituationAdmin(ItemAdmin):
    """What may have happened: branches of the guide, and of the page Stop."""

    facts = ("place", "steps")
    title_field = column("title", languages.SOURCE)


@admin.register(GuideStep)
class GuideStepAdmin(ItemAdmin):
    """Steps of the guide."""

    facts = ("replaces", "contradicts")
    title_field = column("title", languages.SOURCE)


@admin.register(Scenario)
class ScenarioAdmin(ItemAdmin):
    """Stories of "Is this okay?"."""

    facts = ("verdict",)
    title_field = column("situation", languages.SOURCE)


@admin.register(Term)
class TermAdmin(ItemAdmin):
    """The vocabulary."""

    facts = ("status", "register")
    title_field = column("term", languages.SOURCE)


@admin.register(Figure)
class FigureAdmin(ItemAdmin):
    """Numbers with their sources."""

    facts = ("number", "unit", "qualifier", "year", "source", "url", "grade", "group")
    title_field = column("statement", languages.SOURCE)


@admin.register(Platform)
class PlatformAdmin(ItemAdmin):
    """Platforms with their links."""

    facts = ("name",)
    inlines = (PlatformLinkInline,)
    title_field = "name"


@admin.register(Phrase)
class PhraseAdmin(ItemAdmin):
    """Words to say."""

    facts = ("listener",)
    title_field = column("words", languages.SOURCE)
