"""Scripts hidden in texts: whatever way they come in, nothing that runs goes out."""

import shutil
from functools import partial
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from content import richtext
from content.admin.fields import AddressesField, RichTextField
from content.models import Figure, Page, Platform, PlatformLink, Revision, Section, Term
from content.models.fields import HttpsURLField
from content.publishing import workflow
from content.publishing.snapshots import snapshot
from content.publishing.workflow import Refused
from content.seed import texts
from tests import factories
from tests.admin_support import Desk, address, newest
from tests.scripts import ADDRESSES, SCRIPTS, executable, executable_text

pytestmark = pytest.mark.django_db

ALL = "\n".join(SCRIPTS)


@pytest.fixture
def anna() -> Desk:
    return Desk(factories.approver())


def shown(desk, path):
    response = desk.client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def pages_of(desk, revision):
    """What staff see of a revision: its page with the history, and the page of approval."""
    return shown(desk, address("change", revision)) + shown(desk, address("approve", revision))


# --- The judge and the list ---------------------------------------------------------------------


def test_there_are_more_than_a_hundred_different_scripts():
    assert len(set(SCRIPTS)) == len(SCRIPTS) >= 100


def test_the_judge_finds_scripts_that_were_let_through():
    found = [script for script in SCRIPTS if executable_text(script)]
    # The others are dangerous once they are unescaped, or only inside an attribute.
    assert len(found) > 135


# --- Rich text ----------------------------------------------------------------------------------


@pytest.mark.parametrize("script", SCRIPTS)
def test_rich_text_holds_no_script(script):
    for text in (script, f"<p>{script}</p>", f"<ul><li>{script}", f"<a href='page:stop'>{script}"):
        for once in (richtext.clean(text), richtext.from_markdown(text)):
            assert executable_text(once) == []
            assert executable_text(richtext.clean(once)) == []
            assert executable(richtext.render(once, "ar")) == []
        assert executable(richtext.render(text, "en")) == []


@pytest.mark.parametrize("target", ADDRESSES, ids=ADDRESSES.values())
def test_a_link_that_leads_elsewhere_is_no_link(target):
    for quoted in (target, target.replace("s", "&#115;")):
        assert richtext.links(richtext.clean(f'<p><a href="{quoted}">go</a></p>')) == []
        assert richtext.links(richtext.from_markdown(f"[go](<{quoted}>)")) == []


@pytest.mark.parametrize("target", ADDRESSES, ids=ADDRESSES.values())
def test_an_editor_is_told_of_a_link_that_leads_elsewhere(target):
    with pytest.raises(ValidationError, match="The link"):
        RichTextField(required=False).clean(f'<p><a href="{target}">go</a></p>')


def test_sound_links_stay():
    for target in ("https://a.example/ä?b=c&amp;d#e", "page:stop", "page:report#countries"):
        text = f'<p><a href="{target}">go</a></p>'
        assert richtext.clean(text) == text
        RichTextField(required=False).clean(text)


# --- Ways in ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "scripts", [SCRIPTS[::7], pytest.param(SCRIPTS, marks=pytest.mark.slow)], ids=["some", "all"]
)
def test_the_form_keeps_no_script(anna, scripts):
    item = factories.page()
    factories.publish(item)
    for script in scripts:
        form = anna.edit(item)
        form["sections-0-body_en"] = f"<p>Light.</p>{script}"
        form["title_en"] = script.replace("\n", " ")[:120]
        answer = form.press()
        assert executable(answer.response.content.decode()) == [], script
    item = Page.objects.get(pk=item.pk)
    assert executable_text(item.sections.get().body_en) == []
    revisions = Revision.objects.of("page", "lighthouse", "en")
    assert len(revisions) > len(scripts) * 0.7
    for revision in revisions:
        assert executable_text(revision.content["sections"][0]["body"]) == []


def test_the_seed_keeps_no_script(tmp_path, monkeypatch):
    shutil.copytree(texts.ROOT / "english", tmp_path / "english")
    monkeypatch.setattr(texts, "read_all", partial(texts.read_all, tmp_path / "english"))
    file = tmp_path / "english" / "pages" / "05-friend.md"
    source = file.read_text("utf-8").rstrip()
    lines = "\n\n".join(f"Light {script}".replace("\n", " ") for script in SCRIPTS)
    file.write_text(f"{source}\n\n{lines}\n", "utf-8")
    call_command("seed", stdout=StringIO())
    body = newest("page", "friend").content["sections"][-1]["body"]
    assert "Light" in body
    assert body.count("<p>Light") > 100
    assert executable_text(body) == []


def test_what_code_has_saved_goes_no_further(anna, read):
    item = factories.page(title_en="<script>window.ran=1</script>")
    Section.objects.filter(page=item).update(body_en=f"<p>Light.</p>{ALL}")
    content = snapshot(Page.objects.get(pk=item.pk), "en")
    assert executable_text(content["sections"][0]["body"]) == []
    revision = factories.publish(Page.objects.get(pk=item.pk))
    assert executable(read("/en/lighthouse/").source) == []
    assert executable(pages_of(anna, revision)) == []
    form = reverse("admin:content_page_change", args=[item.pk])
    assert executable(shown(anna, form)) == []


def test_an_old_revision_with_scripts_is_harmless_and_restored_without_them(anna, read):
    """Written before there was an allow list, or by a hand in the database."""
    item = factories.page()
    factories.publish(item)
    live = newest("page", "lighthouse")
    content = snapshot(item, "en")
    content["sections"][0]["body"] = f"<p>Light.</p>{ALL}"
    old = Revision.objects.create(
        kind="page",
        key="lighthouse",
        language="en",
        number=7,
        title=SCRIPTS[0],
        content=content,
        comment=SCRIPTS[0],
        created_at=timezone.now(),
        approved_at=timezone.now(),
        approved_by=anna.user,
    )
    assert executable(pages_of(anna, old)) == []
    anna.post(address("restore", old))
    draft = newest("page", "lighthouse")
    assert draft.number == 8
    assert executable_text(draft.content["sections"][0]["body"]) == []
    assert executable_text(Section.objects.get(page=item).body_en) == []
    # Even if it were live.
    Revision.objects.filter(pk=live.pk).update(is_live=False)
    Revision.objects.filter(pk=old.pk).update(is_live=True)
    assert executable(read("/en/lighthouse/").source) == []


# --- Ways out -----------------------------------------------------------------------------------


@pytest.fixture
def words():
    """A term for each script, in every field that it has, live."""
    facts = {"status": Term.Status.USE, "register": Term.Register.EVERYDAY}
    items = []
    for number, script in enumerate(SCRIPTS):
        plain = f"Light {' '.join(script.split())}"
        items.append(
            Term.objects.create(
                key=f"hidden-{number}",
                position=500 + number,
                term_en=plain[:120],
                instead_en=plain[:160],
                reason_en=f"<p>Light.</p>{script}",
                **facts,
            )
        )
    for item in items:
        workflow.release_shipped(factories.draft(item))
    return items


def test_pages_lists_and_history_show_scripts_as_letters(words, anna, read):
    page = read("/en/words/")
    assert executable(page.source) == []
    assert "&lt;script&gt;window.ran=1&lt;/script&gt;" in page.source
    for path in (
        "content/term/?all=",
        "content/revision/?q=hidden",
        "",
        "content/term/?q=<script>",
    ):
        assert executable(shown(anna, f"/admin/{path}")) == [], path
    for item in words[::10]:
        assert executable(pages_of(anna, newest("term", item.key))) == []
        assert executable(shown(anna, reverse("admin:content_term_change", args=[item.pk]))) == []


def test_what_is_typed_into_the_staff_area_comes_back_as_letters(anna):
    for script in SCRIPTS[::3]:
        for path in ("content/term/", "content/revision/", "content/page/1/change/"):
            names = ("q", "_changelist_filters", "state", "e", "next")
            answer = anna.client.get(f"/admin/{path}", dict.fromkeys(names, script))
            assert answer.status_code < 500
            assert executable(answer.content.decode()) == [], (path, script)


# --- Addresses ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target", [a for a in ADDRESSES if not a.startswith("page:")], ids=lambda a: ADDRESSES[a]
)
def test_no_field_for_addresses_takes_it(target):
    with pytest.raises(ValidationError):
        HttpsURLField().run_validators(target)
    if not target.startswith("http://"):  # only staff read these
        with pytest.raises(ValidationError):
            AddressesField().validate([target])


@pytest.mark.parametrize("target", ["javascript:window.ran=1", "https://a.example/\x01", "data:x"])
def test_nothing_goes_live_that_leads_there(target):
    """Whatever saved it."""
    figure = Figure.objects.order_by("pk").first()
    figure.url = target
    figure.save()
    with pytest.raises(Refused, match="url"):
        workflow.submit(factories.draft(figure))
    platform = Platform.objects.filter(links__evidence="seen").first()
    PlatformLink.objects.filter(platform=platform).update(evidence="seen")
    PlatformLink.objects.filter(pk=platform.links.first().pk).update(url=target)
    with pytest.raises(Refused, match="links"):
        workflow.submit(factories.draft(platform))
    country = factories.japan()
    contact = factories.childline(country, website=target)
    with pytest.raises(Refused, match="website"):
        workflow.submit(factories.draft(country, "zxx"))
    contact.website = ""
    contact.sources = [target.replace("javascript", "https").replace("data", "https:// ")]
    contact.save()
    if contact.sources[0].startswith("https://"):
        with pytest.raises(Refused, match="sources"):
            workflow.submit(factories.draft(country, "zxx"))
