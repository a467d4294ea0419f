"""Accounts: roles are given by others, count at once, and are never grabbed."""

from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse

from content.interchange import reading, writing
from content.models import Contact, Revision, Role, StaffProfile
from content.publishing import access, roles, workflow
from tests import factories
from tests.admin_support import ASK, Desk, Form, address, newest

pytestmark = pytest.mark.django_db
NEUTRAL = "zxx"
STAY = "_continue"
SWITCHES = {"is_superuser": "on", "is_staff": "on", "user_permissions": ["1", "2", "3"]}


@pytest.fixture
def ada() -> Desk:
    return Desk(factories.administrator())


@pytest.fixture
def anna() -> Desk:
    return Desk(factories.approver())


def account(user: User) -> str:
    return reverse("admin:auth_user_change", args=[user.pk])


def group(role: Role) -> str:
    return str(Group.objects.get(name=role.value).pk)


def rights(user: User) -> access.Rights:
    return access.rights(User.objects.get(pk=user.pk))


# --- Giving and taking roles ------------------------------------------------------------------


def test_an_administrator_gives_a_role_with_its_languages(ada):
    user = factories.staff("Nadia")
    nadia = Desk(user)
    assert nadia.client.get("/admin/").status_code == 302
    form = ada.open(account(user))
    form.data |= {"groups": [group(Role.TRANSLATOR)], "staff_profile-0-languages": ["fr", "ar"]}
    form.press(STAY)
    assert nadia.client.get("/admin/").status_code == 200
    assert rights(user).roles == {"translator"}
    assert access.languages_of(User.objects.get(pk=user.pk)) == ("fr", "ar")
    entry = LogEntry.objects.get(object_id=user.pk)
    assert "Roles: translator." in entry.get_change_message()
    assert entry.user == ada.user


def test_the_first_role_of_an_account_makes_its_profile(ada):
    user = User.objects.create_user("Nadia", is_staff=True)
    form = ada.open(account(user))
    form.data |= {"groups": [group(Role.PARTNER)], "staff_profile-0-countries": ["IE"]}
    form.press(STAY)
    assert StaffProfile.objects.get(user=user).countries == ["IE"]


@pytest.mark.parametrize(
    ("role", "missing"), [(Role.TRANSLATOR, "languages"), (Role.PARTNER, "countries")]
)
def test_a_role_that_allows_nothing_yet_says_so(ada, role, missing):
    form = ada.open(account(factories.staff("Nadia")))
    form.data |= {"groups": [group(role)]}
    assert f"can write nothing yet: choose {missing}" in form.press(STAY).messages


@pytest.mark.parametrize("taken", ["role", "account"])
def test_what_is_taken_is_gone_at_the_next_request(anna, taken):
    assert anna.client.get("/admin/").status_code == 200
    if taken == "role":
        anna.user.groups.clear()
    else:
        User.objects.filter(pk=anna.user.pk).update(is_active=False)
    assert anna.client.get("/admin/").status_code == 302
    revision = factories.waiting(factories.page())
    assert anna.client.post(address("approve", revision)).status_code == 302
    revision.refresh_from_db()
    assert not revision.is_live


def test_a_new_account_is_staffs_and_closed_until_it_has_a_role(ada):
    ada.post("/admin/auth/user/add/", username="Nadia", **SWITCHES)
    user = User.objects.get(username="Nadia")
    assert (user.is_staff, user.is_superuser, user.user_permissions.count()) == (True, False, 0)
    assert Desk(user).client.get("/admin/").status_code == 302


def test_an_administrator_makes_no_superuser_and_gives_no_single_permission(ada):
    user = factories.editor()
    form = ada.open(account(user))
    form.data |= {**SWITCHES, "first_name": "Edda"}
    form.press(STAY)
    user.refresh_from_db()
    assert (user.first_name, user.is_superuser) == ("Edda", False)
    assert user.user_permissions.count() == 0


def test_of_two_administrators_the_second_sees_what_the_first_saved_and_chooses(ada):
    user = factories.translator("fr")
    otto = Desk(factories.staff("Otto", Role.ADMINISTRATOR))
    first, second = ada.open(account(user)), otto.open(account(user))
    first.data["staff_profile-0-languages"] = ["fr", "de"]
    first.press(STAY)
    second["first_name"] = "Tomás"
    refused = second.press(STAY)
    assert "Somebody else saved this account while you were writing" in refused.page.text
    assert "Languages: de, fr." in refused.page.text or "Languages: fr, de." in refused.page.text
    assert refused.data["first_name"] == "Tomás"
    user = User.objects.get(pk=user.pk)
    assert (user.first_name, sorted(user.staff_profile.languages)) == ("", ["de", "fr"])
    refused.data["staff_profile-0-languages"] = ["fr", "de"]
    refused.press(STAY)
    user = User.objects.get(pk=user.pk)
    assert (user.first_name, sorted(user.staff_profile.languages)) == ("Tomás", ["de", "fr"])


@pytest.mark.parametrize("who", ["administrator", "superuser"])
def test_nobody_changes_their_own_rights(who):
    make = {"administrator": factories.administrator, "superuser": _root}[who]
    desk = Desk(make())
    form = desk.open(account(desk.user))
    form.data |= {
        "groups": [group(role) for role in Role],
        "first_name": "Own",
        "is_active": "",
        "staff_profile-TOTAL_FORMS": "1",
        "staff_profile-INITIAL_FORMS": "0",
        "staff_profile-0-languages": ["ar"],
    }
    before = rights(desk.user)
    form.press(STAY)
    desk.user.refresh_from_db()
    assert desk.user.first_name == "Own"
    assert desk.user.is_active
    assert rights(desk.user) == before


def _root() -> User:
    return User.objects.create_superuser("Root")


def test_an_administrator_without_the_approvers_role_approves_nothing(ada):
    revision = factories.waiting(factories.page())
    assert ada.client.post(address("approve", revision)).status_code == 403
    with pytest.raises(PermissionDenied):
        workflow.approve(revision, ada.user)
    both = factories.staff("Ada", Role.ADMINISTRATOR, Role.APPROVER)
    workflow.approve(revision, both)
    assert revision.is_live


@pytest.mark.parametrize("extra", [{}, SWITCHES | {"groups": ["1"], "languages": ["ar"]}])
def test_changing_ones_own_password_changes_nothing_else(extra):
    user = factories.translator("fr")
    old, new = "a quiet lighthouse by the sea", "a loud harbour behind the hill"
    user.set_password(old)
    user.save()
    before = rights(user)
    desk = Desk(user)
    desk.post(
        reverse("admin:password_change"),
        **{"old_password": old, "new_password1": new, "new_password2": new, **extra},
    )
    user.refresh_from_db()
    assert rights(user) == before
    assert not user.is_superuser
    assert user.user_permissions.count() == 0


# --- Fields of forms --------------------------------------------------------------------------


def test_a_partner_corrects_the_facts_of_a_contact_but_not_its_text_or_country():
    desk = Desk(factories.partner("IE"))
    contact = factories.ireland().contacts.exclude(kind="emergency").order_by("pk")[0]
    before = (contact.remark_en, contact.key)
    form = desk.edit(contact)
    assert "remark_en" not in form.names
    form["phone"] = "0800 777"
    form.data |= {"remark_en": "Grabbed.", "remark_fr": "x", "country": "DE", "key": "other"}
    form.data |= {"checked_by": str(desk.user.pk), "shipped": "{}"}
    form.press(ASK)
    contact.refresh_from_db()
    assert (contact.phone, contact.country_id, contact.checked_by) == ("0800 777", "IE", None)
    assert (contact.remark_en, contact.key) == before
    assert contact.remark_fr != "x"
    assert newest("country", "IE", NEUTRAL).created_by == desk.user


def test_a_partner_saving_a_contact_drafts_no_text():
    country = factories.ireland()
    contact = country.contacts.exclude(kind="emergency").order_by("pk")[0]
    Contact.objects.filter(pk=contact.pk).update(remark_en="Written by an editor.")
    form = Desk(factories.partner("IE")).edit(contact)
    form["phone"] = "0800 777"
    form.press(ASK)
    remarks = workflow.latest("country", "IE", "en")
    assert remarks is None or remarks.created_by is None


def test_a_partner_puts_a_new_contact_into_an_own_country_only():
    desk = Desk(factories.partner("IE"))
    form = desk.open("/admin/content/contact/add/?country=DE")
    offered = {o.get("value") for o in form.page.one("select", name="country").all("option")}
    assert offered == {"", "IE"}
    assert "remark_en" not in form.names


def test_a_translator_changes_only_the_columns_of_the_own_language():
    page = factories.page()
    factories.publish(page)
    form = Desk(factories.translator("fr")).edit(page, "fr")
    form["title_fr"] = "Le phare"
    form.data |= {"title_en": "x", "title_ar": "x", "key": "x", "position": "1", "step": "2"}
    form.data |= {"sections-0-body_ar": "<p>x</p>", "language": "ar", "sections-0-key": "x"}
    form.press()
    page.refresh_from_db()
    assert (page.title_fr, page.title_en, page.key) == ("Le phare", "The lighthouse", "lighthouse")
    assert (page.title_ar or "", page.position, page.step) == ("", 90, None)
    assert page.sections.get().key == "light"
    assert page.sections.get().body_ar in {None, ""}


def test_a_translator_reads_other_languages_without_buttons_to_save():
    page = factories.page()
    factories.publish(page)
    desk = Desk(factories.translator("fr"))
    for language, may_save in (("fr", True), ("en", False), ("ar", False)):
        form = desk.edit(page, language)
        buttons = [e["name"] for e in form.page.all("input", type="submit") if e.get("name")]
        assert (ASK in buttons) == may_save, language


# --- Below the forms --------------------------------------------------------------------------


def test_drafts_are_refused_below_the_forms_too():
    page = factories.page()
    live = factories.publish(page)
    tomas = factories.translator("fr")
    page.title_en = "Grabbed"
    page.save()
    with pytest.raises(PermissionDenied):
        workflow.save_draft(page, "en", tomas)
    with pytest.raises(PermissionDenied):
        workflow.restore(live, tomas)
    draft = factories.draft(page)
    with pytest.raises(PermissionDenied):
        workflow.submit(draft, tomas)
    assert not Revision.objects.filter(created_by=tomas).exists()


def test_a_file_of_another_language_is_not_imported_by_a_translator():
    page = factories.page()
    factories.publish(page)
    text = (
        'msgid ""\nmsgstr "Language: de\\nX-Say-No-Texts: 1\\nContent-Type: text/plain; '
        'charset=UTF-8\\n"\n\nmsgctxt "page:lighthouse/title"\nmsgid "The lighthouse"\n'
        'msgstr "Der Leuchtturm"\n'
    )
    file = reading.read(text.encode())
    with pytest.raises(PermissionDenied):
        writing.write(file, factories.translator("fr"), may_miss=True)
    assert writing.write(file, factories.translator("de"), may_miss=True).drafts


def test_an_approver_approves_in_no_country_what_they_changed_themselves(anna):
    country = factories.ireland()
    first, second = country.contacts.exclude(kind="emergency").order_by("pk")[:2]
    mine = anna.edit(first)
    mine["phone"] = "0800 111"
    mine.press()
    theirs = Desk(factories.partner("IE")).edit(second)
    theirs["phone"] = "0800 222"
    theirs.press(ASK)
    revision = newest("country", "IE", NEUTRAL)
    assert not access.may_approve(anna.user, revision)
    assert access.may_release_alone(anna.user, revision)
    assert "somebody else has to approve it" in anna.approve(revision).text
    otto = Desk(factories.approver("Otto"))
    assert access.may_approve(otto.user, revision)
    otto.approve(revision)
    revision.refresh_from_db()
    assert (revision.is_live, revision.approved_by) == (True, otto.user)


def test_what_was_approved_before_is_nobodys_own_any_more(anna):
    country = factories.ireland()
    contact = country.contacts.exclude(kind="emergency").order_by("pk")[0]
    for phone, author, approver in (
        ("0800 1", anna.user, factories.approver("Otto")),
        ("0800 2", factories.editor(), anna.user),
    ):
        contact.phone = phone
        contact.save()
        revision = factories.waiting(country, NEUTRAL, author)
        workflow.approve(revision, approver, digits=factories.digits(revision))
        assert revision.is_live


@pytest.mark.parametrize("make", [factories.approver, _root])
def test_nobody_approves_their_own_without_a_reason(make):
    user = make()
    revision = factories.waiting(factories.page(), author=user)
    assert not access.may_approve(user, revision)
    with pytest.raises(workflow.Refused, match="somebody else has to approve"):
        workflow.approve(revision, user)
    workflow.approve(revision, user, "A number is wrong.")
    assert revision.reason == "A number is wrong."


# --- The groups -------------------------------------------------------------------------------


def permissions() -> dict[str, set[str]]:
    return {
        one.name: {f"{p.content_type.app_label}.{p.codename}" for p in one.permissions.all()}
        for one in Group.objects.prefetch_related("permissions__content_type")
    }


def test_migrate_has_made_the_roles_with_all_their_permissions():
    assert permissions() == {role.value: wanted for role, wanted in roles.PERMISSIONS.items()}


def test_migrating_again_repairs_a_role_that_somebody_changed():
    before, pks = permissions(), set(Group.objects.values_list("pk", flat=True))
    editors = Group.objects.get(name="editor")
    editors.permissions.set(factories.every_permission())
    Group.objects.get(name="translator").permissions.clear()
    user = factories.editor()
    call_command("migrate", verbosity=0)
    assert permissions() == before
    assert set(Group.objects.values_list("pk", flat=True)) == pks
    assert user.groups.get() == editors


def test_no_role_deletes_anything_but_contacts():
    deleting = {name for names in permissions().values() for name in names if ".delete_" in name}
    assert deleting == {"content.delete_contact"}


def test_the_demo_has_an_account_for_each_role_and_keeps_their_passwords():
    said = StringIO()
    call_command("demoaccounts", stdout=said)
    accounts = User.objects.filter(groups__isnull=False, is_staff=True, is_superuser=False)
    assert sorted(accounts.values_list("groups__name", flat=True)) == sorted(Role.values)
    assert len(said.getvalue().splitlines()) == len(Role)
    before = list(User.objects.order_by("pk").values())
    User.objects.get(username="editor").groups.clear()
    again = StringIO()
    call_command("demoaccounts", stdout=again)
    assert again.getvalue() == ""
    assert list(User.objects.order_by("pk").values()) == before
    assert User.objects.get(username="editor").groups.get().name == "editor"


def test_forms_of_others_hold_no_rights(anna):
    page = factories.page()
    form: Form = anna.edit(page)
    assert not {"groups", "is_superuser", "languages", "countries"} & form.names
