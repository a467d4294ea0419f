"""A form as a part of the translation desk: the way through the list, and marks of unsure texts."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from campaign import languages
from content.admin import worklist
from content.admin.drafts import ASK_NEXT, NEXT, DraftAdmin
from content.admin.parts import language_of
from content.admin.worklist import Place, Show
from content.models import Revision
from content.publishing.snapshots import key_of, kind_of

LAST = "That was the last text of this list."


def show_of(request: HttpRequest) -> Show | None:
    """Return the part of the desk's list that the person goes through; None when not at it."""
    value = request.GET.get("desk", "")
    is_translation = language_of(request) != languages.SOURCE
    return Show(value) if is_translation and value in list(Show) else None


def unsure_of(request: HttpRequest, newest: Revision | None) -> frozenset[str]:
    """Return the paths that are marked: in the form as it was sent, else in the newest draft."""
    if request.method == "POST":
        return frozenset(request.POST.getlist("unsure"))
    return newest.marks if newest else frozenset()


class Translating(DraftAdmin):
    """The part of the items' admin that knows the translation desk."""

    def form_address(self, request: HttpRequest, obj: Any) -> str:
        """Return the address of the form in the same language, at the same place of the desk."""
        address = reverse(f"admin:content_{self.opts.model_name}_change", args=[obj.pk])
        query = {"language": language_of(request)}
        if show := show_of(request):
            query["desk"] = show.value
        return f"{address}?{urlencode(query)}"

    def onward(self, request: HttpRequest, obj: Any) -> str:
        """Return the address of the next text of the list; after the last one, of the list."""
        if not {NEXT, ASK_NEXT} & set(request.POST):
            return super().onward(request, obj)
        show = show_of(request) or Show.TODO
        place = self._place(request, obj, show)
        if place and place.next:
            return place.next.address(show)
        messages.info(request, LAST)
        return list_address(language_of(request), show)

    def _place(self, request: HttpRequest, obj: Any, show: Show) -> Place | None:
        found = worklist.entries(language_of(request))
        return worklist.place(found, show, kind_of(obj), key_of(obj))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the form with its place in the list, when it was opened from there."""
        obj, show = context["original"], show_of(request)
        if obj is not None and show and (place := self._place(request, obj, show)):
            context["desk"] = place
            context["is_nav_sidebar_enabled"] = False  # two texts side by side need the room
            context["desk_address"] = list_address(language_of(request), show)
            context["previous_address"] = place.previous.address(show) if place.previous else ""
            context["next_address"] = place.next.address(show) if place.next else ""
        return super().render_change_form(request, context, *args, **kwargs)


def list_address(language: str, show: Show) -> str:
    """Return the address of a part of a language's list."""
    address = reverse("admin:content_revision_desk_language", args=[language])
    return f"{address}?{urlencode({'show': show.value})}"
