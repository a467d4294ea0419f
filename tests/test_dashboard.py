"""The front page of the staff area and coverage: what needs this person, in few questions."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content.models import Contact, LinkCheck
from content.publishing import workflow
from tests import factories
from tests.admin_support import Desk, address

pytestmark = pytest.mark.django_db
COVERAGE = "/admin/content/revision/coverage/"


def now(desk: Desk):
    return desk.see("/admin/").one("section", aria_labelledby="now-heading")


def count(desk: Desk, title: str) -> int:
    (link,) = [link for link in now(desk).all("a") if link.text.endswith(title)]
    return int(link.text.split()[0])


@pytest.fixture
def anna() -> Desk:
    return Desk(factories.approver())


def test_what_others_wrote_waits_for_me_and_not_what_i_wrote(anna):
    theirs = factories.waiting(factories.page())
    own = factories.waiting(factories.page("harbour"), author=anna.user)
    assert count(anna, "Waiting for my approval") == 1
    assert address("approve", theirs) in now(anna).links
    assert address("approve", own) not in now(anna).links
    assert count(Desk(factories.editor()), "Waiting for my approval") == 0


def test_translations_whose_source_changed_are_counted_for_who_writes_them():
    item = factories.page()
    factories.publish(item)
    factories.translate(item, "fr")
    factories.publish(item, "fr")
    title = "Translations whose source has changed"
    tomas, ada = Desk(factories.translator("fr")), Desk(factories.translator("ar", name="Ar"))
    before = count(tomas, title), count(ada, title)
    item.title_en = "The old lighthouse"
    item.save()
    factories.publish(item)
    assert (count(tomas, title), count(ada, title)) == (before[0] + 1, before[1])
    text = tomas.see("/admin/content/revision/?state=outdated&language=fr").text
    assert "Le phare" in text


def test_contacts_to_check_are_counted_for_who_keeps_them(anna):
    contact = Contact.objects.filter(country="DE").exclude(website="").first()
    contact.checked_on = timezone.now().date() - timedelta(days=400)
    contact.save()
    LinkCheck.objects.create(
        contact=contact,
        field="website",
        url=contact.website,
        outcome=LinkCheck.Outcome.DEAD,
        checked_at=timezone.now(),
    )
    paula, other = Desk(factories.partner("DE")), Desk(factories.partner("IE", name="Pat"))
    for title in ("Contacts with a dead or moved link", "Contacts whose check is overdue"):
        assert (count(anna, title), count(paula, title), count(other, title)) == (1, 1, 0)


def test_releases_by_one_person_alone_are_named_with_their_reason(anna):
    revision = factories.waiting(factories.page(), author=anna.user)
    workflow.approve(revision, anna.user, "Nobody else is here.")
    assert "Nobody else is here." in now(Desk(factories.editor())).text


def test_each_line_leads_to_a_page_that_is_there(anna):
    for path in {link for link in now(anna).links if link.startswith("/admin/")}:
        anna.see(path)


@pytest.mark.parametrize("path", ["/admin/", COVERAGE, f"{COVERAGE}?kind=country"])
def test_few_and_many_take_as_many_questions_and_read_no_texts(anna, path):
    factories.waiting(factories.page())
    counts = []
    for keys in ((), [f"page-{n}" for n in range(6)]):
        for key in keys:
            factories.waiting(factories.page(key))
        anna.see(path)
        with CaptureQueriesContext(connection) as queries:
            size = len(anna.client.get(path).content)
        counts.append(len(queries))
        texts = [q["sql"] for q in queries if '"content_revision"."content"' in q["sql"]]
        assert texts == []
        assert size < 60 * 1024
    assert counts[0] == counts[1] < 30


def test_coverage_says_each_state_by_a_letter_and_leads_to_the_form(anna):
    item = factories.page()
    factories.waiting(item)
    page = anna.see(COVERAGE)
    (cell,) = [a for a in page.all("a") if a["href"].endswith(f"/{item.pk}/change/?language=en")]
    assert cell.text == "W"
    assert "W waiting for approval" in page.text


def test_coverage_of_countries_counts_services_and_says_how_they_were_checked(anna):
    Contact.objects.filter(country="IE", kind="helpline").update(checked_on=timezone.now().date())
    page = anna.see(f"{COVERAGE}?kind=country")
    (row,) = [row for row in page.all("tr") if row.text.startswith("Ireland")]
    assert row.all("td")[1].text.endswith("C")


def test_there_is_no_coverage_of_something_else(anna):
    assert anna.client.get(f"{COVERAGE}?kind=x").status_code == 404
