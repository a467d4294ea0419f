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
    path("login/", staff("Sign in", accounts.login), name="account_login"),
    path("logout/", staff("Sign out?", views.leave), name="account_logout"),
    path(
        "inactive/",
        staff("This account is switched off", accounts.account_inactive),
        name="account_inactive",
    ),
    path(
        "again/",
        staff("Please sign in once more", accounts.reauthenticate),
        name="account_reauthenticate",
    ),
    path(
        "password/",
        staff("Choose your password", views.choose_password),
        name="staff_choose_password",
    ),
    path("factors/", staff("Second factor", factors.index), name="mfa_index"),
    path(
        "factors/login/", staff("Your second factor", factors.authenticate), name="mfa_authenticate"
    ),
    path(
        "factors/again/",
        staff("Please sign in once more", factors.reauthenticate),
        name="mfa_reauthenticate",
    ),
    path("app/add/", staff("Set up an app", totp.activate_totp), name="mfa_activate_totp"),
    path("app/remove/", staff("Remove the app?", totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(
        "codes/", staff("Recovery codes", codes.view_recovery_codes), name="mfa_view_recovery_codes"
    ),
    path(
        "codes/new/",
        staff("New recovery codes?", codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("passkeys/", staff("Your passkeys", passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("passkeys/add/", staff("Add a passkey", passkeys.add_webauthn), name="mfa_add_webauthn"),
    path(
        "passkeys/login/",
        staff("Sign in with a passkey", views.passkey_login),
        name="mfa_login_webauthn",
    ),
    path(
        "passkeys/again/",
        staff("Please show that it is still you", passkeys.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "passkeys/<int:pk>/remove/",
        staff("Remove this passkey?", passkeys.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path(
        "passkeys/<int:pk>/edit/",
        staff("Rename a passkey", passkeys.edit_webauthn),
        name="mfa_edit_webauthn",
    ),
]
