"""The page of a country: who helps there, how to reach them, and what we do not know."""

import json
import re
from html import unescape

import pytest

from content.directory.actions import tel
from content.models import Contact
from content.seed.directory import DIRECTORY
from tests.factories import childline, ireland, japan, publish

pytestmark = pytest.mark.django_db

SHIPPED = json.loads((DIRECTORY / "contacts.json").read_text("utf-8"))
KEYS = {row["id"] for row in SHIPPED}
WAYS = ("tel:", "sms:", "mailto:", "https://")


def cards(page):
    """The services on a page, in order."""
    return [e for e in page.all("article") if e.get("id") in KEYS or e.get("id").startswith("jp-")]


def groups(page):
    """The names of the groups on a page with the services in each, in order."""
    found = {}
    for card in cards(page):
        section = next(e for e in card.ancestors if e.tag == "section")
        found.setdefault(section["id"], []).append(card["id"])
    return found


@pytest.fixture
def show(read):
    """Publish a country and open its page."""

    def open_page(country, language="en"):
        publish(country, "zxx")
        return read(f"/{language}/report/{country.code.lower()}/")

    return open_page


def before(page, a, b):
    """Whether element a stands before element b."""
    everything = page.all()
    return everything.index(a) < everything.index(b)


# --- Order ------------------------------------------------------------------------------------


def test_the_emergency_number_stands_before_every_service(site):
    for path in site.paths("en"):
        if not re.fullmatch(r"/en/report/../", path):
            continue
        page = site.page(path)
        emergency = page.one("section", aria_label="Emergency")
        assert before(page, emergency, cards(page)[0]), path


def test_what_a_reader_needs_first_stands_first(show):
    country = japan()
    for kind in ("emergency", "removal", "hotline", "police", "internet_helpline", "helpline"):
        childline(country, key=f"jp-{kind}", kind=kind)
    own = {k: v for k, v in groups(show(country)).items() if not k.startswith("world-")}
    assert list(own) == ["talk", "report", "remove", "emergency"]
    assert set(own["talk"]) == {"jp-helpline", "jp-internet_helpline"}
    assert set(own["report"]) == {"jp-police", "jp-hotline"}
    assert own["remove"] == ["jp-removal"]


def test_services_for_children_stand_before_those_for_adults(show):
    country = japan()
    childline(country, key="jp-parents", audience=["parent"], position=0)
    childline(country, key="jp-children", audience=["child"], position=1)
    page = show(country)
    assert groups(page)["talk"] == ["jp-children", "jp-parents"]
    (adults,) = [card for card in cards(page) if card["id"] == "jp-parents"]
    assert "For adults" in adults.text


def test_services_of_the_whole_world_follow_those_of_the_country(site):
    found = groups(site.page("/en/report/ie/"))
    world = [index for index, name in enumerate(found) if name.startswith("world-")]
    assert world == list(range(len(found) - len(world), len(found)))
    assert world != []


# --- Ways to reach a service ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "target"),
    [
        ("116 111", "tel:116111"),
        ("112", "tel:112"),
        ("+49 30 1234-567", "tel:+49301234567"),
        ("0800 111 0 550", "tel:08001110550"),
        ("01 (522) 43.00", "tel:015224300"),
    ],
)
def test_a_number_is_dialled_as_people_dial_it(show, number, target):
    country = japan()
    childline(country, phone=number)
    (link,) = [e for e in cards(show(country))[0].all("a") if e["href"].startswith("tel:")]
    assert link["href"] == target
    assert link.one("bdi").text == number


def test_the_seed_dials_116_111_in_germany_without_a_country_code(site):
    page = site.page("/en/report/de/")
    (card,) = [c for c in cards(page) if "kinder-und-jugendtelefon" in c["id"]]
    assert card.links[0] == "tel:116111"


def test_every_channel_has_its_own_action(show):
    country = japan()
    childline(
        country,
        phone_international="+81 3 1234 5678",
        sms="50 808",
        whatsapp="+81 90 1234 5678",
        chat_url="https://chat.example/",
        report_url="https://report.example/",
        email="help@childline.example",
        website="https://www.childline.example/about",
    )
    card = cards(show(country))[0]
    assert card.links[:-1] == [
        "tel:116111",
        "tel:+81312345678",
        "sms:50808",
        "https://chat.example/",
        "https://report.example/",
        "mailto:help@childline.example",
        "https://www.childline.example/about",
    ]
    assert "On WhatsApp, write to +81 90 1234 5678" in card.text
    assert "wa.me" not in str(card.links), "opening WhatsApp's site tells it who asks"
    assert "Website childline.example" in card.text


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_every_service_of_every_country_can_be_reached(site, language):
    countries = [path for path in site.paths(language) if re.fullmatch(r"/../report/../", path)]
    assert len(countries) == 45
    for path in countries:
        shown = cards(site.page(path))
        assert shown, f"{path} shows nobody"
        for card in shown:
            actions = [href for href in card.links if href.startswith(WAYS)]
            assert actions or "WhatsApp" in card.text, f"{path}: {card['id']} cannot be reached"


# --- What is said -----------------------------------------------------------------------------


def test_a_country_without_a_confirmed_emergency_number_says_so(site):
    emergency = site.page("/en/report/ba/").one("section", aria_label="Emergency")
    assert "no confirmed emergency number for this country" in emergency.text
    assert emergency.links == []


def test_numbers_for_one_service_say_which(show):
    emergency = show(japan()).one("section", aria_label="Emergency")
    assert "Police: call 110" in emergency.text
    assert emergency.links == ["tel:110"]


def test_what_we_do_not_know_is_said(show):
    country = japan()
    childline(country, cost="unknown")
    text = cards(show(country))[0].text
    for sentence in (
        "We do not know the cost",
        "Who answers? We do not know. Ask them first.",
        "Does it cost anything? We do not know. Ask them first.",
        "Is it on the phone bill? We do not know. Ask them first.",
        "Do I have to say my name? We do not know. Ask them first.",
        "Will they tell my parents or the police? We do not know. Ask them first.",
    ):
        assert sentence in text


def test_what_we_know_is_said_and_nothing_stays_unknown(show):
    country = japan()
    childline(
        country,
        cost="free",
        answered_by="counsellors",
        anonymity="yes",
        tells_others="danger",
        on_bill="no",
        age_min=5,
        age_max=18,
        languages=["ja", "en"],
    )
    text = cards(show(country))[0].text
    for sentence in (
        "Free",
        "Trained counsellors.",
        "No. You can stay anonymous.",
        "Only when somebody is in serious danger.",
        "No, the number does not show on the bill.",
        "For ages 5 to 18",
        "They speak: Japanese and English",
    ):
        assert sentence in text
    assert "We do not know" not in text


@pytest.mark.parametrize("field", ["cost", "answered_by", "anonymity", "tells_others", "on_bill"])
def test_every_answer_that_staff_can_choose_has_words(show, field):
    country = japan()
    values = [value for value, _ in Contact._meta.get_field(field).choices]
    for value in values:
        childline(country, key=f"jp-{value}", **{field: value})
    texts = {card.text for card in cards(show(country)) if card["id"].startswith("jp-")}
    assert len(texts) == len(values)


@pytest.mark.parametrize("kind", Contact.Kind.values)
def test_every_kind_of_service_says_what_it_is(show, kind):
    country = japan()
    childline(country, kind=kind)
    assert cards(show(country))[0].all("p")[0].text.endswith(".")


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        ("24/7", "Day and night"),
        (
            "Mo-Fr 09:00-17:00; PH off",
            "Monday–Friday 09:00–17:00 Saturday–Sunday Closed Closed on public holidays",
        ),
        (
            "Mo 08:00-20:00; We-Fr 22:00-06:00",
            "Monday 08:00–20:00 Tuesday Closed Wednesday–Friday 22:00–06:00",
        ),
    ],
)
def test_hours_stand_with_the_channel_they_belong_to(show, hours, text):
    country = japan()
    childline(country, phone_hours=hours, sms="50808")
    call, write = cards(show(country))[0].all("ul")[0].all("li")
    assert text in call.text
    assert text not in write.text


def test_a_service_links_where_it_was_seen(show):
    country = japan()
    sources = ["https://www.gov.example/a?page=1&utm_source=x", "https://gov.example/b"]
    childline(country, sources=[*sources, "http://open.example/c"])
    card = cards(show(country))[0]
    assert card.text.count("gov.example") == 1
    (link,) = [e for e in card.all("a") if "gov.example" in e["href"]]
    assert link["href"] == "https://www.gov.example/a?page=1"
    assert link["rel"] == "noreferrer"
    assert "open.example" in card.text, "a page without encryption is named"
    assert not [href for href in card.links if "open.example" in href], "and not linked"


def test_notes_for_staff_are_on_no_public_page(site):
    notes = {
        sentence.strip()
        for row in SHIPPED
        for sentence in re.split(r"(?<=[.;])\s", row["note"])
        if len(sentence.strip()) > 25
    }
    assert len(notes) > 100
    for language in ("en", "fr", "ar"):
        for path in site.paths(language):
            text = " ".join(unescape(site.page(path).source).split())
            leaked = [note for note in notes if note in text]
            assert leaked == [], f"{path} shows {leaked}"


def test_a_note_for_staff_is_not_in_the_revision_either(read):
    country = japan()
    childline(country, note="A doubt that is for staff only")
    revision = publish(country, "zxx")
    assert "A doubt" not in json.dumps(revision.content)


def test_a_remark_is_shown_in_its_language_only(show, read):
    country = japan()
    childline(country, remark_en="Ask for Aiko.", remark_fr="Demandez Aiko.")
    publish(country, "fr")
    publish(country, "zxx")
    assert "Demandez Aiko." in read("/fr/report/jp/").main.text
    assert "Aiko" not in read("/de/report/jp/").main.text


def test_a_new_number_is_live_in_every_language_by_one_approval(read):
    country = ireland()
    country.contacts.filter(key="ie-childline-by-ispcc").update(phone="1800 12 34 56")
    publish(country, "zxx")
    for language in ("en", "fr", "ar", "de", "ka"):
        assert "tel:1800123456" in read(f"/{language}/report/ie/").links


def test_the_title_names_the_country_in_the_language_of_the_frame(site):
    assert site.page("/en/report/de/").title == "Help in Germany"
    assert site.page("/en/report/de/").main.one("h1").text == "Help in Germany"


def test_the_list_of_countries_is_in_the_alphabetical_order_of_its_language(site):
    section = site.page("/en/report/").main.one("div", class_="countries")
    names = [link.text for link in section.all("ul")[0].all("a")]
    assert len(names) == 45
    assert names == sorted(names)
    assert "European Union" not in names


def test_no_number_is_written_that_cannot_be_dialled():
    for row in SHIPPED:
        for field in ("phone", "phone_international", "sms"):
            if row[field]:
                assert re.fullmatch(r"tel:\+?[0-9]{2,15}", tel(row[field])), row["id"]
