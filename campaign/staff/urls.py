"""Addresses of the way in, below the staff area's. All else of allauth is closed."""

from allauth.account import views as accounts
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path

from campaign.staff import views
from campaign.staff.views import staff

urlpatterns = [
    path("login/", staff(accounts.login), name="account_login"),
    path("logout/", staff(views.leave), name="account_logout"),
    path("inactive/", staff(accounts.account_inactive), name="account_inactive"),
    path("again/", staff(accounts.reauthenticate), name="account_reauthenticate"),
    path("password/", staff(views.choose_password), name="staff_choose_password"),
    path("factors/", staff(factors.index), name="mfa_index"),
    path("factors/login/", staff(factors.authenticate), name="mfa_authenticate"),
    path("factors/again/", staff(factors.reauthenticate), name="mfa_reauthenticate"),
    path("app/add/", staff(totp.activate_totp), name="mfa_activate_totp"),
    path("app/remove/", staff(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("codes/", staff(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("codes/new/", staff(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("passkeys/", staff(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("passkeys/add/", staff(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("passkeys/login/", staff(views.passkey_login), name="mfa_login_webauthn"),
    path(
        "passkeys/again/",
        staff(passkeys.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("passkeys/<int:pk>/remove/", staff(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path("passkeys/<int:pk>/edit/", staff(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
]
