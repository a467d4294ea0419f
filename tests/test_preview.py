"""Previews: the real page with a draft in it, for staff and for reviewers with a link."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from content.baking import addresses
from content.models import Country, Revision, Scenario
from content.publishing import live
from tests import factories
from tests.admin_support import Desk, address, form_path
from tests.html import Page

pytestmark = pytest.mark.django_db
UNSAVED = "admin:content_revision_preview_unsaved"


@pytest.fixture
def lighthouse():
    item = factories.page()
    factories.publish(item)
    return item


@pytest.fixture
def edith() -> Desk:
    return Desk(factories.editor())


def previewed(desk: Desk, item, language="en", **values: str):
    """What the frames show after "Preview" was pressed in a form with these values."""
    form = desk.edit(item, language)
    for name, value in values.items():
        form[name] = value
    data = {name: value for name, value in form.data.items() if value is not False}
    answer = desk.client.post(form.path, {**data, "_preview": "1"})
    assert answer.status_code == 200
    fields = Page("preview", answer.content.decode()).all("input", name="unsaved")
    assert len(fields) == 2, answer.content.decode()
    return desk.client.post(reverse(UNSAVED), {"unsaved": fields[0]["value"]})


def draft(item, title):
    item.title_en = title
    item.save()
    return factories.draft(item)


def opened(link: str):
    address = urlsplit(link)
    return Client().get(f"{address.path}?{address.query}")


# --- Before saving ------------------------------------------------------------------------------


def test_what_stands_in_the_form_is_shown_in_the_real_page_and_not_saved(edith, lighthouse, read):
    before = Revision.objects.count()
    answer = previewed(edith, lighthouse, title_en="The <new> lighthouse")
    page = Page("preview", answer.content.decode())
    assert page.one("h1").text == "The <new> lighthouse"
    assert "Preview, not public." in page.text
    lighthouse.refresh_from_db()
    assert lighthouse.title_en == "The lighthouse"
    assert Revision.objects.count() == before
    assert read("/en/lighthouse/").title == "The lighthouse"


def test_a_section_that_was_changed_in_the_form_is_shown(edith, lighthouse):
    answer = previewed(edith, lighthouse, **{"sections-0-body_en": "<p>It turns.</p>"})
    assert "It turns." in answer.content.decode()


def test_a_page_from_the_right_is_shown_in_its_own_frame(edith, lighthouse):
    values = {"title_ar": "المنارة", "summary_ar": "ضوء", "sections-0-heading_ar": "الضوء"}
    body = {"sections-0-body_ar": "<p>يعمل ليلا.</p>"}
    answer = previewed(edith, lighthouse, "ar", **values, **body)
    page = Page("preview", answer.content.decode())
    assert (page.one("html")["lang"], page.one("html")["dir"]) == ("ar", "rtl")
    assert page.one("h1").text == "المنارة"


def test_a_form_that_cannot_be_read_says_why_and_keeps_the_text(edith, lighthouse):
    form = edith.edit(lighthouse)
    form["sections-0-body_en"] = '<p><a href="http://unsafe.example">x</a></p>'
    answer = edith.client.post(form.path, {**form.data, "_preview": "1"})
    assert "starts with neither https:// nor page:" in answer.content.decode()


def test_another_persons_preview_is_not_shown(edith, lighthouse):
    form = edith.edit(lighthouse)
    data = {name: value for name, value in form.data.items() if value is not False}
    answer = edith.client.post(form.path, {**data, "_preview": "1"})
    field = Page("preview", answer.content.decode()).all("input", name="unsaved")[0]
    other = Desk(factories.editor("Emil"))
    sent = {"unsaved": field["value"]}
    assert other.client.post(reverse(UNSAVED), sent).status_code == 403
    assert edith.client.post(reverse(UNSAVED), {"unsaved": "x"}).status_code == 400


def test_who_may_not_write_the_language_previews_no_form_in_it(lighthouse):
    tomas = Desk(factories.translator("fr"))
    answer = tomas.client.post(form_path(lighthouse, "ar"), {"_preview": "1"})
    assert answer.status_code == 403


def test_a_contact_is_shown_on_its_countrys_page(edith):
    contact = factories.childline(factories.ireland(), key="ie-new")
    answer = previewed(edith, contact, phone="0800 555 444")
    assert "tel:0800555444" in answer.content.decode()
    contact.refresh_from_db()
    assert contact.phone == "116 111"


# --- A revision ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(Revision.Kind.values))
def test_every_kind_is_shown_where_readers_would_find_it(edith, kind):
    revision = Revision.objects.live().filter(kind=kind).exclude(key__in=["EU", "WW"]).first()
    assert revision
    path = reverse("admin:content_revision_preview_page", args=[revision.pk])
    answer = edith.client.get(path)
    assert "Preview, not public." in answer.content.decode()


def test_a_piece_that_readers_do_not_see_yet_is_shown_among_the_others(edith):
    count = len(Scenario.objects.all())
    item = Scenario.objects.first()
    item.pk, item.key, item.position, item.situation_en = None, "quite-new", 0, "Quite new."
    item.save()
    revision = factories.draft(item)
    path = reverse("admin:content_revision_preview_page", args=[revision.pk])
    text = edith.client.get(path).content.decode()
    assert "Quite new." in text
    assert text.count('class="scenario') >= count


def test_the_frames_may_be_framed_by_us_only_and_are_kept_nowhere(edith, lighthouse):
    revision = draft(lighthouse, "The new lighthouse")
    page = edith.client.get(address("preview", revision))
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    frame = edith.client.get(reverse("admin:content_revision_preview_page", args=[revision.pk]))
    assert "frame-ancestors 'self'" in frame["Content-Security-Policy"]
    assert "default-src 'none'" in frame["Content-Security-Policy"]
    assert "unsafe" not in frame["Content-Security-Policy"]
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    assert all("no-store" in answer["Cache-Control"] for answer in (page, frame))
    assert "noindex" in frame["X-Robots-Tag"]


def test_a_translation_of_a_text_that_is_not_live_is_shown_all_the_same(edith):
    item = factories.page("harbour")
    factories.draft(item)
    factories.translate(item, "fr")
    revision = factories.draft(item, "fr")
    path = reverse("admin:content_revision_preview_page", args=[revision.pk])
    assert "Le phare" in edith.client.get(path).content.decode()


def test_a_country_is_previewed_with_its_words_to_say(edith, read):
    germany = Country.objects.get(code="DE")
    contact = germany.contacts.publishable()[0]
    contact.remark_de = "Mit dem Leuchtturm."
    contact.save()
    revision = factories.draft(germany, "de")
    path = reverse("admin:content_revision_preview_page", args=[revision.pk])
    shown = Page(path, edith.client.get(path).content.decode())
    assert "Mit dem Leuchtturm." in shown.main.text
    assert shown.by_id("words").text == read("/de/report/de/").by_id("words").text


# --- A link -------------------------------------------------------------------------------------


def made(desk: Desk, revision: Revision) -> str:
    answer = desk.client.post(address("preview_link", revision))
    return Page("made", answer.content.decode()).one("input", id="preview-link")["value"]


def test_a_link_shows_exactly_its_revision_to_anybody(edith, lighthouse):
    revision = draft(lighthouse, "The new lighthouse")
    link = made(edith, revision)
    draft(lighthouse, "The newest lighthouse")
    other = factories.page("harbour", title_en="The harbour")
    factories.draft(other)
    text = opened(link).content.decode()
    assert "The new lighthouse" in text
    assert "Number 2 of" in text
    assert "newest" not in text
    assert "The harbour" not in text


def test_a_link_sets_no_cookie_and_is_in_no_index_store_or_frame(edith, lighthouse):
    answer = opened(made(edith, draft(lighthouse, "The new lighthouse")))
    assert answer.status_code == 200
    assert not answer.cookies
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["Referrer-Policy"] == "no-referrer"


def test_after_eight_days_the_link_says_that_it_has_ended_and_whom_to_ask(
    edith, lighthouse, monkeypatch
):
    edith.user.first_name, edith.user.last_name = "Edith", "Stone"
    edith.user.save()
    link = made(edith, draft(lighthouse, "The new lighthouse"))
    now = timezone.now().timestamp()
    for days, status in ((6.9, 200), (8, 410)):
        later = now + timedelta(days=days).total_seconds()
        monkeypatch.setattr(signing.time, "time", lambda later=later: later)
        answer = opened(link)
        assert answer.status_code == status
    text = answer.content.decode()
    assert "This preview has ended" in text
    assert "Edith Stone" in text
    assert "new lighthouse" not in text
    assert answer["Cache-Control"] == "no-store"
    assert "noindex" in answer["X-Robots-Tag"]


def test_a_link_ends_when_its_maker_leaves(edith, lighthouse):
    link = made(edith, draft(lighthouse, "The new lighthouse"))
    edith.user.is_active = False
    edith.user.save()
    assert opened(link).status_code == 410


def test_a_link_that_we_have_not_signed_leads_nowhere(edith, lighthouse):
    link = made(edith, draft(lighthouse, "The new lighthouse"))
    for wrong in ("", "x", link[:-1] + ("A" if link[-1] != "A" else "B"), link.replace("W", "w")):
        token = wrong.partition("link=")[2]
        if wrong != link:
            assert Client().get(reverse("preview"), {"link": token}).status_code == 404


def test_only_who_works_on_the_text_makes_a_link(lighthouse):
    revision = draft(lighthouse, "The new lighthouse")
    for desk, status in (
        (Desk(factories.approver()), 200),
        (Desk(factories.translator("fr")), 403),
        (Desk(factories.partner("DE")), 403),
        (Desk(factories.administrator()), 403),
    ):
        assert desk.client.post(address("preview_link", revision)).status_code == status


def test_a_preview_is_in_no_sitemap_and_not_baked():
    assert not [path for path in addresses.paths(live.index()) if "preview" in path]
    assert re.search("preview", Client().get("/sitemap-en.xml").content.decode()) is None
