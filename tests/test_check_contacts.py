"""checkcontacts: dead links and due checks, for staff, politely."""

import threading
import time
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from content.links import network
from content.links.keeping import Offline, check, report
from content.links.looking import Gates, look_at, look_at_all
from content.links.network import NoAnswer
from content.models import Contact, LinkCheck
from tests import factories
from tests.link_server import hangs_up, names, only_get, takes, web

__all__ = ["names", "web"]
pytestmark = pytest.mark.django_db
Outcome = LinkCheck.Outcome


def look(url):
    return look_at(url, "test", Gates())


def outcome(url):
    return look(url).outcome


# --- One link -----------------------------------------------------------------------------------


def test_a_page_that_is_there_is_asked_once_without_its_body(web):
    assert look(web.url()).outcome == Outcome.GOOD
    assert web.requests == [("HEAD", "/")]


@pytest.mark.parametrize("status", [400, 403, 404, 405, 500, 501])
def test_a_server_that_knows_no_head_is_asked_with_get(web, status):
    web.pages["/"] = only_get(status)
    assert outcome(web.url()) == Outcome.GOOD
    assert [method for method, _ in web.requests] == ["HEAD", "GET"]


def test_a_server_that_hangs_up_on_head_is_asked_with_get(web):
    web.pages["/"] = lambda r: hangs_up(r) if r.command == "HEAD" else 200
    assert outcome(web.url()) == Outcome.GOOD


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, Outcome.GOOD),
        (204, Outcome.GOOD),
        (404, Outcome.DEAD),
        (410, Outcome.DEAD),
        (401, Outcome.GUARDED),
        (403, Outcome.GUARDED),
        (429, Outcome.GUARDED),
        (418, Outcome.TROUBLE),
        (500, Outcome.TROUBLE),
        (503, Outcome.TROUBLE),
    ],
)
def test_what_an_answer_means(web, status, expected):
    web.pages["/"] = status
    found = look(web.url())
    assert (found.outcome, found.status) == (expected, status)


@pytest.mark.parametrize(
    ("status", "location", "expected"),
    [
        (301, "/new", Outcome.MOVED),
        (308, "/new", Outcome.MOVED),
        (302, "/new", Outcome.GOOD),
        (307, "/new", Outcome.GOOD),
        (301, "/page/", Outcome.GOOD),
        (302, "/", Outcome.MOVED),
        (301, "", Outcome.TROUBLE),
        (302, "/gone", Outcome.DEAD),
        (302, "http://[", Outcome.TROUBLE),
    ],
)
def test_where_a_redirect_leads(web, status, location, expected):
    web.pages |= {"/page": (status, location), "/new": 200, "/page/": 200}
    found = look(web.url("/page"))
    assert found.outcome == expected
    if expected in {Outcome.MOVED, Outcome.GOOD, Outcome.DEAD}:
        assert found.redirected_to == web.url(location)


def test_five_redirects_are_followed_and_no_more(web):
    web.pages |= {f"/{n}": (302, f"/{n + 1}") for n in range(20)}
    web.pages["/15"] = 200
    assert outcome(web.url("/10")) == Outcome.GOOD
    web.requests.clear()
    found = look(web.url("/0"))
    assert (found.outcome, found.detail) == (Outcome.TROUBLE, "It redirects more than 5 times.")
    assert len(web.requests) == 6


def test_a_server_that_is_not_there(names, web):
    assert look("https://nowhere.example/").outcome == Outcome.DEAD
    web.close()
    assert outcome(web.url()) == Outcome.TROUBLE


def test_a_slow_server_is_waited_for_so_long(web, monkeypatch):
    monkeypatch.setattr(network, "SECONDS", 0.5)
    web.pages["/"] = takes(3)
    found = look(web.url())
    assert found.outcome == Outcome.TROUBLE
    assert found.detail in {"It took more than 0.5 seconds.", "It does not answer."}


class Counted:
    """A page that takes its time, and knows how many were there at once."""

    def __init__(self):
        self.inside, self.visits, self.most = 0, 0, 0
        self.lock = threading.Lock()

    def __call__(self, request):
        with self.lock:
            self.inside, self.visits = self.inside + 1, self.visits + 1
            self.most = max(self.most, self.inside)
        time.sleep(0.1)
        with self.lock:
            self.inside -= 1
        return 200


def test_two_requests_at_once_to_a_host_and_no_more(web):
    page = Counted()
    web.pages |= {f"/{n}": page for n in range(12)}
    look_at_all([web.url(f"/{n}") for n in range(12)], "test")
    assert (page.visits, page.most) == (12, 2)


def test_requests_after_redirects_count_too(names, web):
    """Twelve hosts that all lead to one: that one is asked by two at once."""
    page = Counted()
    for n in range(12):
        names.known[f"host{n}.example"] = ["127.0.0.1"]
        web.pages |= {f"/{n}": (302, web.url(f"/end{n}")), f"/end{n}": page}
    look_at_all([web.url(f"/{n}", host=f"host{n}.example") for n in range(12)], "test")
    assert (page.visits, page.most) == (12, 2)


def test_the_same_address_is_asked_once(web):
    look_at_all([web.url()] * 5, "test")
    assert len(web.requests) == 1


# --- All contacts -------------------------------------------------------------------------------


@pytest.fixture
def japan(web):
    Contact.objects.all().delete()
    return factories.japan()


def service(country, web, **facts):
    values = {"website": web.url("/site"), "sources": [], "checked_on": timezone.now().date()}
    web.pages["/site"] = 200
    return factories.childline(country, **(values | facts))


def command(**options):
    out = StringIO()
    try:
        call_command("checkcontacts", stdout=out, **options)
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), ""


def test_every_link_of_a_contact_is_looked_at_and_kept(japan, web):
    web.pages |= {"/chat": 200, "/report": 403, "/about": 301}
    contact = service(
        japan,
        web,
        chat_url=web.url("/chat"),
        report_url=web.url("/report"),
        sources=[web.url("/about"), "a book", web.url("/about")],
    )
    assert check([contact]) == 4
    kept = {row.field: row.outcome for row in contact.link_checks.all()}
    assert kept == {
        "website": Outcome.GOOD,
        "chat_url": Outcome.GOOD,
        "report_url": Outcome.GUARDED,
        "sources": Outcome.TROUBLE,
    }
    assert web.heads[0]["User-Agent"].startswith("SayNo-LinkCheck/1 (+http")


def test_all_well_ends_with_0(japan, web):
    service(japan, web)
    assert command() == (0, "Looked at 1 addresses.\n\nAll is well.\n", "")


def test_a_dead_link_ends_with_1_and_is_named(japan, web):
    service(japan, web, website=web.url("/gone"))
    code, text, error = command()
    assert (code, error) == (1, "Somebody has something to do.")
    assert f"jp-childline, website: {web.url('/gone')}" in text
    assert "Dead: The page is not there any more." in text


def test_a_moved_link_names_the_new_address(japan, web):
    web.pages |= {"/old": (301, "/new"), "/new": 200}
    service(japan, web, website=web.url("/old"))
    code, text, _ = command()
    assert code == 1
    assert f"Has moved: It has moved for good.\n    now {web.url('/new')}" in text


def test_a_bad_day_is_nothing_to_do_and_a_third_bad_day_is(japan, web):
    contact = service(japan, web)
    web.pages["/site"] = 503
    assert command()[0] == 0
    LinkCheck.objects.update(failing_since=timezone.now() - timedelta(days=2))
    assert command()[0] == 1
    web.pages["/site"] = 200
    assert command()[0] == 0
    assert contact.link_checks.get().failing_since is None


def test_a_link_that_was_replaced_is_forgotten(japan, web):
    contact = service(japan, web, website=web.url("/gone"))
    command()
    contact.website = web.url("/site")
    contact.save()
    assert command()[0] == 0
    assert contact.link_checks.get().url == web.url("/site")


def test_stale_looks_at_what_is_due_only(japan, web):
    contact = service(japan, web, chat_url=web.url("/gone"))
    assert check([contact]) == 2
    web.requests.clear()
    assert check([contact], only_stale=True) == 1
    assert {path for _, path in web.requests} == {"/gone"}
    contact.link_checks.update(checked_at=timezone.now() - timedelta(days=8))
    assert check([contact], only_stale=True) == 2


def test_contacts_to_confirm_are_listed(japan, web, settings):
    today = datetime.now(UTC).date()
    days = {"jp-a": 181, "jp-b": 180, "jp-c": 151, "jp-d": 149}
    for key, ago in days.items():
        service(japan, web, key=key, checked_on=today - timedelta(days=ago))
    service(japan, web, key="jp-e", checked_on=None)
    found = report(today)
    assert [c.key for c in found.overdue] == ["jp-a"]
    assert [c.key for c in found.due_soon] == ["jp-b", "jp-c"]
    assert [c.key for c in found.never] == ["jp-e"]
    code, text, _ = command(no_links=True)
    assert code == 1
    assert "Overdue: 1\n  jp-a: checked on" in text
    assert "Never confirmed with the service: 1 (JP 1)" in text
    assert web.requests == []


def test_due_soon_alone_is_nothing_to_do(japan, web):
    service(japan, web, checked_on=datetime.now(UTC).date() - timedelta(days=170))
    assert command()[0] == 0


def test_overdue_is_what_readers_are_told():
    from content.directory import trust

    today = date(2026, 7, 1)
    country = factories.japan()
    for ago in (179, 180, 181):
        key = f"jp-{ago}"
        contact = factories.childline(country, key=key, checked_on=today - timedelta(days=ago))
        told = trust.status({"checked_on": contact.checked_on.isoformat()}, today)
        is_overdue = Contact.objects.overdue(today).filter(key=key).exists()
        assert is_overdue == (told == trust.Status.OVERDUE)


def test_one_country_only(japan, web):
    service(japan, web)
    service(factories.ireland(), web, key="ie-x", website=web.url("/gone"))
    assert command(country="jp")[0] == 0
    assert not LinkCheck.objects.filter(contact__key="ie-x").exists()
    assert command(country="xx") == (2, "", "We have no country XX.")


def test_without_a_network_nothing_is_kept(japan, web, monkeypatch):
    for n in range(5):
        service(japan, web, key=f"jp-{n}", website=web.url(f"/{n}"))

    def fail(*args):
        raise NoAnswer("Its name cannot be resolved.")

    monkeypatch.setattr(network, "request", fail)
    with pytest.raises(Offline):
        check(Contact.objects.all())
    assert command()[0] == 2
    assert not LinkCheck.objects.exists()


# --- Mail ---------------------------------------------------------------------------------------


def test_no_mail_leaves_unless_it_is_asked_for_and_set_up(japan, web, settings):
    service(japan, web, website=web.url("/gone"))
    settings.CONTACTS_MAIL = ""
    assert "No mail was sent: CONTACTS_MAIL is not set." in command(mail=True)[1]
    settings.CONTACTS_MAIL = "contacts@sayno.example"
    command()
    assert mail.outbox == []


def test_the_report_goes_to_whoever_keeps_the_contacts(japan, web, settings):
    settings.CONTACTS_MAIL = "contacts@sayno.example"
    service(japan, web, website=web.url("/gone"))
    code, text, _ = command(mail=True)
    assert (code, "Sent to contacts@sayno.example." in text) == (1, True)
    (sent,) = mail.outbox
    assert sent.to == ["contacts@sayno.example"]
    assert web.url("/gone") in sent.body


def test_no_mail_when_all_is_well(japan, web, settings):
    settings.CONTACTS_MAIL = "contacts@sayno.example"
    service(japan, web)
    assert "all is well" in command(mail=True)[1]
    assert mail.outbox == []


def test_a_mail_that_cannot_be_sent_is_said(japan, web, settings, monkeypatch):
    settings.CONTACTS_MAIL = "contacts@sayno.example"
    service(japan, web, website=web.url("/gone"))

    def fail(*args):
        raise ConnectionRefusedError("no mail server")

    monkeypatch.setattr("content.management.commands.checkcontacts.send_mail", fail)
    assert command(mail=True)[::2] == (2, "The mail was not sent: no mail server")
