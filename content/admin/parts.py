"""Parts of an item in its form: sections and links; and the columns of one language."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import Http404, HttpRequest

from campaign import languages
from content.admin.drafts import DraftForm, save_written
from content.admin.fields import RichTextField
from content.models import PlatformLink, Section
from content.publishing import access
from content.publishing.snapshots import RICH, column, translated_fields

MOST_SECTIONS = 40


def language_of(request: HttpRequest) -> str:
    """Return the language that a form is for. Raises Http404 for one that we do not have."""
    code = request.GET.get("language", languages.SOURCE)
    if code not in languages.BY_CODE:
        raise Http404(f"We have no language {code}.")
    return code


class PartForm(forms.ModelForm):
    """A section or a link of an item."""

    written = DraftForm.written


class PartFormSet(forms.BaseInlineFormSet):
    """Sections or links: an old one is saved only in the columns that changed."""

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:
        """Write only the columns that the person changed."""
        if commit:
            save_written(form.instance, form)
        return form.instance


class OneLanguageMixin:
    """Chooses the columns of one language; facts that all languages share stand in the source's."""

    facts: tuple[str, ...] = ()
    """Fields without a language, in the order of the form, before the texts."""
    model: type[models.Model]

    def texts(self, language: str) -> tuple[str, ...]:
        """Return the columns of the texts in this language."""
        return tuple(column(field, language) for field in translated_fields(self.model))

    def columns(self, request: HttpRequest) -> tuple[str, ...]:
        """Return the columns that the form in the request's language has."""
        language = language_of(request)
        facts = self.facts if language == languages.SOURCE else ()
        return (*facts, *self.texts(language))

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Return the field, with the label, direction and editor that its text needs."""
        original = getattr(db_field, "translated_field", None)
        if original is None:
            return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        label, help_text = str(original.verbose_name).capitalize(), original.help_text
        if original.name in RICH:
            field: forms.Field = RichTextField(required=False, label=label, help_text=help_text)
        else:
            field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
            field.label, field.help_text = label, help_text
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 3
            if (original.max_length or 0) > 100:
                field.widget = forms.Textarea(attrs={"rows": 2, "maxlength": original.max_length})
        code = db_field.language  # type: ignore[attr-defined]
        field.widget.attrs |= {"lang": code, "dir": languages.direction(code)}
        return field


class PartInline(OneLanguageMixin, admin.StackedInline):
    """Parts of an item; added, ordered and deleted in the source language only."""

    form = PartForm
    formset = PartFormSet
    template = "admin/content/includes/parts.html"
    extra = 0
    max_num = MOST_SECTIONS

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the parts with the columns of this form: a whole row has 36 languages."""
        rows = super().get_queryset(request)
        source = self.texts(languages.SOURCE)
        own = [f.name for f in self.model._meta.concrete_fields if f.name in self.facts]
        return rows.only(
            "pk", self.parent_model._meta.model_name, *own, *source, *self.columns(request)
        )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the columns of the request's language, with the shared facts on one line."""
        language = language_of(request)
        texts = self.texts(language)
        return (self.facts, *texts) if language == languages.SOURCE else texts

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Return the formset; Django itself leaves no room in it for who may not add."""
        if self.has_add_permission(request, obj):
            kwargs["validate_max"] = True
        return super().get_formset(request, obj, **kwargs)

    # A part belongs to its item: who may write the item may write its parts.
    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the person may see the item."""
        return request.user.has_perm(f"content.view_{self.parent_model._meta.model_name}")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the person may write the item in this language."""
        name = self.parent_model._meta.model_name
        if obj is None:
            return request.user.has_perm(f"content.add_{name}")
        may_change = request.user.has_perm(f"content.change_{name}")
        return may_change and access.may_write(request.user, obj, language_of(request))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the person may write the item, and this is its source language."""
        return self.has_delete_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the person may write the item, and this is its source language."""
        is_source = language_of(request) == languages.SOURCE
        return is_source and self.has_change_permission(request, obj)


class SectionInline(PartInline):
    """The sections of a page."""

    model = Section
    facts = ("key", "position", "layout")


class PlatformLinkInline(PartInline):
    """The links of a platform: facts without words, so they stand in the source form only."""

    model = PlatformLink
    facts = ("position", "purpose", "url", "evidence", "checked_on")

    def texts(self, language: str) -> tuple[str, ...]:
        """Return nothing: a link has no words of its own."""
        return ()
