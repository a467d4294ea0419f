"""Entering who has checked a page: a native speaker, a helpline, a youth panel."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from content.admin import addresses
from content.models import Review, Revision
from content.publishing import access, reviews
from content.publishing.workflow import Refused


class ReviewForm(forms.ModelForm):
    """Who checked it, and when."""

    class Meta:
        model = Review
        fields = ("role", "name", "on")
        widgets = {
            "name": forms.TextInput(attrs={"class": "vTextField"}),
            "on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }


class Reviewing(admin.ModelAdmin):
    """The part of the revisions' admin in which reviews are entered."""

    def decide_page(
        self, request: HttpRequest, revision: Revision, *, review_form: Any = None
    ) -> TemplateResponse:
        """Show a revision, and why a review was refused."""
        raise NotImplementedError

    @method_decorator([csrf_protect, require_POST])
    def review_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Enter a review, or take one back."""
        revision = get_object_or_404(Revision, pk=pk)
        if not access.may_approve(request.user, revision):
            raise PermissionDenied
        user: Any = request.user
        form = ReviewForm(request.POST)
        try:
            with transaction.atomic():
                if taken := request.POST.get("take_back", ""):
                    number = int(taken) if taken.isascii() and taken.isdigit() else 0
                    known = get_object_or_404(revision.reviewed, pk=min(number, 2**62))
                    review = reviews.take_back(revision, user, known)
                    self.log_change(request, revision, f"Taken back: {review}")
                    text = "It was taken back: readers are not told of it any more."
                elif form.is_valid():
                    review = reviews.enter(revision, user, **form.cleaned_data)
                    self.log_change(request, revision, f"Reviewed by: {review}")
                    text = "Entered. Readers are told of it"
                    text += " now." if revision.is_live else " once this text is live."
                else:
                    return self.decide_page(request, revision, review_form=form)
        except Refused as refused:
            for problem in refused.problems:
                form.add_error(problem.field or None, problem.message)
            return self.decide_page(request, revision, review_form=form)
        messages.success(request, text)
        return HttpResponseRedirect(addresses.review(revision))


def context(request: HttpRequest, revision: Revision, form: Any) -> dict[str, Any]:
    """Return what a revision's page shows of its reviews."""
    may_enter = reviews.can_have(revision) and access.may_approve(request.user, revision)
    initial = {"on": timezone.now().date()}
    return {
        "reviews": reviews.of(revision) if revision.kind == Revision.Kind.PAGE else [],
        "review_form": (form or ReviewForm(initial=initial)) if may_enter else None,
        "is_reviewing": form is not None,
    }
