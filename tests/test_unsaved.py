"""Nothing that was typed is lost: whatever keeps it from being saved, it is given back."""

import logging
import time

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from campaign.staff import sessions
from content.models import Contact, Revision
from tests import factories
from tests.admin_support import Desk, Form, form_path
from tests.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_undefined_variables_raise")]

WORDS = 'The lamp & the "sea" <script>alert(1)</script>'
HERE = "/admin/still-here/"


@pytest.fixture
def lighthouse():
    item = factories.page()
    factories.publish(item)
    return item


@pytest.fixture
def edith() -> Desk:
    return Desk(factories.editor())


def write(desk: Desk, item) -> Form:
    """Open the form and write into it."""
    form = desk.edit(item)
    form["title_en"] = WORDS
    form["sections-0-body_en"] = "<p>It is <strong>off</strong>.\nReally.</p>"
    return form


def send(form: Form):
    data = {name: value for name, value in form.data.items() if value is not False}
    return form.desk.client.post(form.path, {**data, "_save": "1"})


def given_back(answer, status=403) -> dict[str, str]:
    """The texts on the page, by label."""
    assert answer.status_code == status
    assert "no-store" in answer["Cache-Control"]
    assert "'nonce-" in answer["Content-Security-Policy"]
    page = Page("unsaved", answer.content.decode())
    labels = {label["for"]: label.text for label in page.all("label")}
    return {labels[e["id"]]: "".join(map(str, e.parts)).strip("\n") for e in page.all("textarea")}


def assert_all_is_there(answer, status=403) -> None:
    texts = given_back(answer, status)
    assert texts["Title (en)"] == WORDS
    assert texts["Sections 1: body (en)"] == "<p>It is <strong>off</strong>.\nReally.</p>"
    assert b"<script>alert" not in answer.content
    assert not {"Based on", "Csrfmiddlewaretoken", "Sections 1: id", " save"} & {*texts}
    assert Revision.objects.of("page", "lighthouse", "en").count() == 1


def test_a_session_that_has_ended_gives_the_text_back(edith, lighthouse):
    form = write(edith, lighthouse)
    session = edith.client.session
    session[sessions.SEEN] = time.time() - sessions.IDLE - 1
    session.save()
    answer = send(form)
    assert_all_is_there(answer)
    page = Page("unsaved", answer.content.decode())
    assert page.one("h1").text == "You were signed out"
    assert reverse("account_login") in page.links
    assert form_path(lighthouse) in page.links


def test_a_session_that_is_gone_gives_the_text_back(edith, lighthouse):
    form = write(edith, lighthouse)
    edith.client.logout()
    assert_all_is_there(send(form))


def test_a_form_from_before_the_last_sign_in_gives_the_text_back(edith, lighthouse):
    form = write(edith, lighthouse)
    edith.client.handler.enforce_csrf_checks = True
    answer = send(form)
    assert_all_is_there(answer)
    assert "This form had expired" in answer.content.decode()


def test_an_account_that_was_switched_off_gets_its_text_back(edith, lighthouse):
    form = write(edith, lighthouse)
    User.objects.filter(pk=edith.user.pk).update(is_active=False)
    assert_all_is_there(send(form))


def test_rights_that_were_taken_give_the_text_back(edith, lighthouse):
    form = write(edith, lighthouse)
    factories.translator("fr", name="Edith")
    assert_all_is_there(send(form))


def test_roles_that_were_all_taken_give_the_text_back(edith, lighthouse):
    form = write(edith, lighthouse)
    factories.staff("Edith")
    assert_all_is_there(send(form))


def test_a_database_that_is_away_gives_the_text_back(edith, lighthouse, no_database):
    client = Client(raise_request_exception=False)
    client.cookies = edith.client.cookies
    data = {"title_en": WORDS, "sections-0-body_en": "<p>It is <strong>off</strong>.</p>"}
    answer = client.post(form_path(lighthouse), data)
    texts = given_back(answer, 503)
    assert texts["Title (en)"] == WORDS
    assert answer["Retry-After"] == "30"


def test_a_service_that_was_deleted_meanwhile_gives_the_text_back():
    contact = factories.childline(factories.ireland(), key="ie-lamp")
    paula = Desk(factories.partner("IE"))
    form = paula.edit(contact)
    form["phone"] = "0800 555 777"
    Contact.objects.filter(pk=contact.pk).delete()
    assert given_back(send(form), 409)["Phone"] == "0800 555 777"


def test_an_answer_to_an_author_is_given_back_too(lighthouse):
    anna = Desk(factories.approver())
    lighthouse.title_en = "The old lighthouse"
    lighthouse.save()
    revision = factories.waiting(lighthouse)
    anna.client.logout()
    path = reverse("admin:content_revision_send_back", args=[revision.pk])
    assert given_back(anna.client.post(path, {"because": WORDS})) == {"Because": WORDS}


def test_no_password_is_ever_given_back():
    client = Client(enforce_csrf_checks=True)
    secret = "a quiet lighthouse by the sea"
    for name in ("account_login", "admin:password_change"):
        answer = client.post(reverse(name), {"login": "Edith", "password": secret})
        assert answer.status_code == 403
        assert secret not in answer.content.decode()
        assert given_back(answer) == {}


def test_what_was_typed_is_in_no_log(edith, lighthouse, caplog):
    caplog.set_level(logging.DEBUG)
    form = write(edith, lighthouse)
    edith.client.handler.enforce_csrf_checks = True
    send(form)
    edith.client.handler.enforce_csrf_checks = False
    edith.client.logout()
    send(form)
    lines = [
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    ]
    assert lines
    assert not [line for line in lines if "lamp" in line]


def test_a_form_learns_before_it_is_sent_who_is_signed_in_and_its_new_token(edith, lighthouse):
    client = Client(enforce_csrf_checks=True)
    client.force_login(edith.user)
    answer = client.get(HERE)
    assert answer.json()["person"] == "Edith"
    assert "no-store" in answer["Cache-Control"]
    form = Form(edith, form_path(lighthouse), client.get(form_path(lighthouse)))
    client.force_login(edith.user)  # a new sign-in, another token
    token = client.get(HERE).json()["token"]
    data = {name: value for name, value in form.data.items() if value is not False}
    sent = client.post(form.path, {**data, "csrfmiddlewaretoken": token, "_save": "1"})
    assert sent.status_code == 302


def test_somebody_who_is_signed_out_is_told_so_before_a_form_is_sent():
    assert Client().get(HERE).status_code == 302
    assert Desk(factories.staff("Newcomer")).client.get(HERE).status_code == 302


def test_a_reader_gets_no_such_page(client):
    assert client.post("/en/stop/", {"title_en": WORDS}).status_code == 405
