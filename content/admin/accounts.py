"""Accounts of staff: their roles, languages and countries. Administrators keep them.

Nobody changes their own rights, nor an account with more of them than an administrator has: a
superuser is made on the command line and looked after by superusers. Accounts are never deleted,
because the history names their people: they are switched off. Nobody sets the password of somebody
else: a new account, or one whose password is forgotten, gets a link (campaign/staff/links.py).
"""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_POST

from campaign import languages
from campaign.staff import links
from content import countries
from content.admin import seen
from content.models import Country, Role, StaffProfile

LIMITED = {Role.TRANSLATOR: "languages", Role.PARTNER: "countries"}
"""Roles that allow nothing before the profile names what for."""


class RolesField(forms.ModelMultipleChoiceField):
    """The groups that are roles, each with what it allows."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        """Return the role's name and what it allows."""
        return f"{obj.name}: {Role(obj.name).label}"


def _country_choices() -> list[tuple[str, str]]:
    codes = Country.objects.values_list("code", flat=True)
    names = [(code, countries.name(code, languages.SOURCE)) for code in codes]
    return sorted(names, key=lambda pair: pair[1])


class ProfileForm(forms.ModelForm):
    """Languages and countries to tick."""

    languages = forms.MultipleChoiceField(
        choices=[
            (code, f"{language.name} ({code})") for code, language in languages.BY_CODE.items()
        ],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=StaffProfile._meta.get_field("languages").help_text,
    )
    countries = forms.MultipleChoiceField(
        choices=_country_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=StaffProfile._meta.get_field("countries").help_text,
    )


def _may_change_rights(request: HttpRequest, account: Any) -> bool:
    """Whether the person may change the rights of an account: somebody else's."""
    return account is None or account.pk != request.user.pk


class ProfileInline(admin.StackedInline):
    """The profile, inside its account."""

    model = StaffProfile
    form = ProfileForm
    can_delete = False
    max_num = 1
    verbose_name_plural = "languages and countries"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the person may give rights to this account."""
        return super().has_add_permission(request, obj) and _may_change_rights(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the person may change the rights of this account."""
        return super().has_change_permission(request, obj) and _may_change_rights(request, obj)


admin.site.unregister(User)
admin.site.unregister(Group)  # what a role may do is part of the code (publishing/roles.py)
admin.site.unregister(EmailAddress)  # nobody signs in by one
admin.site.unregister(Authenticator)  # whoever could write these could sign in as anybody


class NewAccountForm(forms.ModelForm):
    """An account without a password: its owner chooses one by a link."""

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email")

    def save(self, commit: bool = True) -> Any:
        """Save the account; it cannot be signed in to yet."""
        self.instance.set_unusable_password()
        return super().save(commit)


def _facts(account: User) -> dict[str, Any]:
    """Return what the form of an account shows, by names that people understand."""
    profile = StaffProfile.objects.filter(user=account).first() or StaffProfile()
    return {
        "Username": account.username,
        "Name": account.get_full_name(),
        "E-mail": account.email,
        "Active": "yes" if account.is_active else "no",
        "Roles": ", ".join(account.groups.order_by("pk").values_list("name", flat=True)),
        "Languages": ", ".join(profile.languages),
        "Countries": ", ".join(profile.countries),
    }


class AccountForm(UserChangeForm):
    """An account; carries a fingerprint of what it was opened on."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts = _facts(self.instance)
        self.initial["seen"] = seen.fingerprint(self.facts)

    def clean(self) -> dict[str, Any]:
        """Refuse to write over what others saved since. Raises ValidationError."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("seen") != self.initial["seen"]:
            seen.take_as_read(self, "seen", self.initial["seen"])
            now = ". ".join(f"{name}: {value or 'none'}" for name, value in self.facts.items())
            raise forms.ValidationError(
                "Somebody else saved this account while you were writing. Nothing of yours is"
                " lost: it is still in the form, and not saved. To keep what stands here, save"
                f" again. What they saved: {now}."
            )
        return cleaned


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Accounts; neither what makes a superuser nor single permissions stand in any form."""

    list_display = ("username", "person", "roles", "is_active", "last_login")
    list_filter = ("groups", "is_active")
    search_fields = ("username", "first_name", "last_name", "email")
    filter_horizontal = ()
    actions = None
    inlines = (ProfileInline,)
    fieldsets = (
        (None, {"fields": ("username",)}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("What the person may do", {"fields": ("is_active", "groups")}),
    )

    form = AccountForm
    add_form = NewAccountForm
    add_fieldsets = ((None, {"fields": ("username", "first_name", "last_name", "email")}),)
    change_form_template = "admin/content/account_form.html"

    def get_urls(self) -> list[Any]:
        """Return Django's addresses, and those of the two things that help somebody back in."""
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/link/", view(require_POST(self.link_view)), name="staff_link"),
            path(
                "<int:pk>/second-factor/",
                view(require_POST(self.second_factor_view)),
                name="staff_second_factor",
            ),
        ]
        return own + super().get_urls()

    def _account(self, request: HttpRequest, pk: int) -> Any:
        """Return somebody else's account, which the person may look after. Raises otherwise."""
        account = get_object_or_404(User, pk=pk)
        if not self.has_change_permission(request, account) or account.pk == request.user.pk:
            raise PermissionDenied
        return account

    def link_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show, this one time, a link by which the account's owner chooses a password."""
        account = self._account(request, pk)
        self.log_change(request, account, "Made a link to choose a password.")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"A link for {account}",
            "account": account,
            "link": links.make(request, account),
        }
        return TemplateResponse(request, "staff/link.html", context)

    def second_factor_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take away a second factor that was lost; the next sign-in asks for a new one."""
        account = self._account(request, pk)
        Authenticator.objects.filter(user=account).delete()
        self.log_change(request, account, "Removed the second factor.")
        messages.success(request, f"{account} can add a new second factor at the next sign-in.")
        return redirect("admin:auth_user_change", account.pk)

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """Raise Http404: nobody chooses the password of somebody else."""
        raise Http404

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """Return the account, locked while it is being saved: two go one after the other."""
        account = super().get_object(request, object_id, from_field)
        if account is not None and request.method == "POST":
            User.objects.select_for_update().filter(pk=account.pk).first()
            account = super().get_object(request, object_id, from_field)
        return account

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return accounts with their roles, which the list names."""
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return one's own rights: somebody else gives and takes them."""
        return () if _may_change_rights(request, obj) else ("is_active", "groups")

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Return the profile, once the account is there."""
        return self.inlines if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the person may change the account; a superuser's only as a superuser.

        Whoever could set the password of a superuser could become one.
        """
        is_above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not is_above

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: the history names its people. An account is switched off."""
        return False

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Return the field; the groups are the roles."""
        if db_field.name == "groups":
            return RolesField(
                Group.objects.filter(name__in=Role.values).order_by("pk"),
                required=False,
                label="Roles",
                help_text="Without a role the staff area stays closed.",
            )
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the account. All accounts are staff's: readers have none."""
        if not change:
            obj.is_staff = True
        super().save_model(request, obj, form, change)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """Save roles and profile, and say which role still allows nothing."""
        super().save_related(request, form, formsets, change)
        account = form.instance
        given = set(account.groups.values_list("name", flat=True))
        profile = StaffProfile.objects.filter(user=account).first()
        for role, limit in LIMITED.items():
            if role in given and not getattr(profile, limit, None):
                messages.warning(
                    request, f"As {role.value}, {account} can write nothing yet: choose {limit}."
                )

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Return Django's list of changes; of rights, who has which from now on."""
        message = super().construct_change_message(request, form, formsets, add)
        profiles = [f for formset in formsets or () for f in formset.forms if f.has_changed()]
        if add or not ("groups" in form.changed_data or profiles):
            return message
        given = [group.name for group in form.cleaned_data.get("groups", ())]
        facts = [f"Roles: {', '.join(given) or 'none'}."]
        for name in ("languages", "countries"):
            for profile in profiles:
                facts.append(f"{name.capitalize()}: {', '.join(profile.cleaned_data[name])}.")
        return [*message, {"changed": {"fields": [" ".join(facts)]}}]

    @admin.display(description="name")
    def person(self, obj: Any) -> str:
        """Return the person's own name."""
        return str(obj.get_full_name())

    @admin.display(description="roles")
    def roles(self, obj: Any) -> str:
        """Return the names of the roles."""
        if obj.is_superuser:
            return "superuser"
        return ", ".join(group.name for group in obj.groups.all()) or "none"
