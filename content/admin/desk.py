"""The translation desk: choose a language, see what is to be done, take files out and in."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from campaign import languages
from campaign.staff import events
from content.admin import planned, uploads, worklist
from content.admin.translating import list_address
from content.admin.uploads import Upload
from content.admin.worklist import Show
from content.interchange.exporting import export
from content.interchange.planning import Plan, plan
from content.interchange.reading import MOST_BYTES, File, Problem, Unreadable, read
from content.interchange.writing import NotWritten, write
from content.publishing import access

ROWS = 100
"""Texts on one page of the list: more would not stay below 60 KB."""
PO = "text/x-gettext-translation; charset=utf-8"


class Desk(admin.ModelAdmin):
    """The part of the revisions' admin at which translators work."""

    def desk_urls(self) -> list[URLPattern]:
        """Return the addresses of the desk."""
        view = self.admin_site.admin_view
        functions: dict[str, tuple[str, Any]] = {
            "desk/": ("desk", self.desk_view),
            "desk/<code>/": ("desk_language", self.desk_language_view),
            "desk/<code>/export/": ("desk_export", self.desk_export_view),
            "desk/<code>/import/": ("desk_import", self.desk_import_view),
        }
        return [
            path(route, view(function), name=f"content_revision_{name}")
            for route, (name, function) in functions.items()
        ]

    @method_decorator(require_safe)
    def desk_view(self, request: HttpRequest) -> HttpResponse:
        """Show all languages, the person's own ones first, with what is to do in each."""
        self._refuse_strangers(request)
        codes = [code for code in languages.BY_CODE if code != languages.SOURCE]
        writes = access.languages_of(request.user)
        found = worklist.of_all(codes)

        def rows(wanted: list[str]) -> list[Any]:
            return [(languages.get(code), list(found[code].items())) for code in wanted]

        context = {
            **self.admin_site.each_context(request),
            "title": "Translation desk",
            "is_nav_sidebar_enabled": False,
            "heads": [Show.MISSING, Show.OUTDATED, Show.DRAFT, Show.WAITING, Show.LIVE],
            "groups": [
                ("My languages", rows([code for code in codes if code in writes])),
                ("Other languages, to read", rows([c for c in codes if c not in writes])),
            ],
        }
        return TemplateResponse(request, "admin/content/desk/languages.html", context)

    @method_decorator(require_safe)
    def desk_language_view(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show a part of a language's work list."""
        self._refuse_strangers(request)
        language = _language(code)
        show = request.GET.get("show", Show.TODO)
        part = request.GET.get("part", "1")
        if show not in list(Show) or part not in {str(number) for number in range(1, 100)}:
            raise Http404("There is no such list.")
        found = worklist.entries(code)
        listed = [entry for entry in found if Show(show).takes(entry)]
        start = (int(part) - 1) * ROWS
        context = {
            **self._context(request, language, "Translate"),
            "shown": Show(show),
            "counts": worklist.counts(found),
            "entries": [
                (entry, entry.address(Show(show))) for entry in listed[start : start + ROWS]
            ],
            "parts": range(1, (len(listed) - 1) // ROWS + 2) if listed else range(0),
            "part": int(part),
            "first": listed[0].address(Show(show)) if listed else "",
        }
        return TemplateResponse(request, "admin/content/desk/language.html", context)

    @method_decorator(require_safe)
    def desk_export_view(self, request: HttpRequest, code: str) -> HttpResponse:
        """Send every text of a language as a PO file."""
        self._refuse_others(request, code)
        name = f"say-no-{code}.po"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        events.exported(request.user, name)
        return HttpResponse(export(code), content_type=PO, headers=headers)

    # --- A file comes back ----------------------------------------------------------------------

    @method_decorator([csrf_protect, require_http_methods(["GET", "HEAD", "POST"])])
    def desk_import_view(self, request: HttpRequest, code: str) -> HttpResponse:
        """Take a file, show what it would change, and on a second word write it as drafts."""
        self._refuse_others(request, code)
        user: Any = request.user
        here = request.get_full_path()
        if request.FILES.get("file"):
            return self._take(request, code)
        upload = uploads.find(user, code)
        if request.method == "POST" and "drop" in request.POST:
            uploads.drop(user)
            messages.info(request, "Nothing of the file was taken.")
            return HttpResponseRedirect(list_address(code, Show.TODO))
        if upload is None:
            messages.warning(request, "There is no file to look at. Choose one, and send it.")
            return HttpResponseRedirect(list_address(code, Show.TODO))
        file = read(upload.data)
        asked = planned.asked(request)
        if request.method != "POST":
            found = plan(file, asked.conflicts, may_miss=asked.is_partial)
            return self._planned(request, code, upload, found)
        if request.POST.get("digest") != upload.digest:
            messages.error(request, "You have sent another file since. This is what it changes.")
            return HttpResponseRedirect(here)
        return self._write(request, upload, file, asked)

    def _take(self, request: HttpRequest, code: str) -> HttpResponse:
        """Read a file and keep it for its plan; one that cannot be read is shown with its lines."""
        sent: Any = request.FILES["file"]
        upload = Upload(code, sent.name, sent.read(MOST_BYTES + 1))
        try:
            file = read(upload.data)
            if file.language != code:
                names = languages.get(file.language).name, languages.get(code).name
                raise Unreadable(Problem(0, "The file is in {}, not in {}.".format(*names)))
        except Unreadable as error:
            context = {
                **self._context(request, _language(code), f"Import {upload.name}"),
                "problems": error.problems,
            }
            return TemplateResponse(request, "admin/content/desk/unreadable.html", context)
        uploads.keep(request.user, upload)  # type: ignore[arg-type]
        return HttpResponseRedirect(reverse("admin:content_revision_desk_import", args=[code]))

    def _planned(
        self, request: HttpRequest, code: str, upload: Upload, found: Plan
    ) -> HttpResponse:
        context = {
            **self._context(request, _language(code), f"Import {upload.name}"),
            **planned.context(request, found),
            "digest": upload.digest,
        }
        return TemplateResponse(request, "admin/content/desk/plan.html", context)

    def _write(
        self, request: HttpRequest, upload: Upload, file: File, asked: planned.Asked
    ) -> HttpResponse:
        user: Any = request.user
        try:
            done = write(
                file,
                user,
                asked.conflicts,
                may_miss=asked.is_partial,
                shown=request.POST.get("plan", "") or "nothing was shown",
                comment=f"Imported from {upload.name}",
            )
        except NotWritten as error:
            messages.error(request, f"{error} Nothing was taken. This is how it is now.")
            return HttpResponseRedirect(request.get_full_path())
        except PermissionDenied:
            messages.error(request, "You may not write all of these texts. Nothing was taken.")
            return HttpResponseRedirect(request.get_full_path())
        uploads.drop(user)
        taken = _counted(len(done.plan.written), "text was taken", "texts were taken")
        drafts = _counted(len(done.drafts), "new draft", "new drafts")
        text = f"{taken}: {drafts} of yours. Readers see no change. Ask for approval of each."
        messages.success(request, text)
        return HttpResponseRedirect(list_address(upload.language, Show.DRAFT))

    # --- Who, and what all pages have -----------------------------------------------------------

    def _refuse_strangers(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _refuse_others(self, request: HttpRequest, code: str) -> None:
        """Let only those in who write in this language; raises Http404 for one we do not have."""
        _language(code)
        if code not in access.languages_of(request.user):
            raise PermissionDenied

    def _context(
        self, request: HttpRequest, language: languages.Language, title: str
    ) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{title}: {language.name}",
            "is_nav_sidebar_enabled": False,  # the texts need the room
            "language": language,
            "may_write": language.code in access.languages_of(request.user),
        }


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _language(code: str) -> languages.Language:
    """Return a language to translate into. Raises Http404 for another one."""
    if code not in languages.BY_CODE or code == languages.SOURCE:
        raise Http404("Nobody translates into that.")
    return languages.get(code)
