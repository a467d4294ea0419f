"""Words to say on a country's page, who speaks which language, and who is there meanwhile."""

import pytest

from tests.factories import childline, japan, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def show(read):
    """Publish a country and open its page."""

    def open_page(country, language="en", more=""):
        publish(country, "zxx")
        return read(f"/{language}/report/{country.code.lower()}/{more}")

    return open_page


def words(page):
    return [e for e in page.by_id("words").all("p") if "phrase__words" in e.classes]


def names(page, anchor="talk"):
    return [card["id"] for card in page.by_id(anchor).all("article")]


# --- Words to say -----------------------------------------------------------------------------


def test_words_stand_in_the_readers_language_and_beside_it_in_the_countrys(site):
    page = site.page("/ar/report/be/")
    spoken = [(e["lang"], e["dir"]) for e in words(page)]
    assert spoken[:4] == [("ar", "rtl"), ("nl", "ltr"), ("fr", "ltr"), ("de", "ltr")]
    assert len(spoken) == 4 * 2 * 4, "four listeners, two sentences, four languages"
    assert "Erpress" in page.by_id("words").text


def test_a_reader_at_home_sees_each_sentence_once(site):
    assert {e["lang"] for e in words(site.page("/fr/report/fr/"))} == {"fr"}


def test_every_listener_has_words(site):
    headings = [e.text for e in site.page("/en/report/de/").by_id("words").all("h3")]
    assert headings == ["To a parent or carer", "To a teacher", "To a helpline", "To the police"]


@pytest.mark.parametrize("code", ["ch", "ge", "ie", "ua", "fi"])
def test_every_sentence_says_its_language(site, code):
    for each in words(site.page(f"/en/report/{code}/")):
        assert each["lang"]
        assert each["dir"] == "ltr"


def test_before_a_call_a_reader_sees_what_to_say_first(show):
    country = japan()
    childline(country)
    childline(country, key="jp-police", kind="police")
    childline(country, key="jp-112", kind="emergency")
    childline(country, key="jp-parents", audience=["parent"])
    text = {card["id"]: card.text for card in show(country).all("article") if card.get("id")}
    assert "What can I say first? Someone is blackmailing me online" in text["jp-childline"]
    assert "What can I say first? I want to report blackmail" in text["jp-police"]
    assert "What can I say first? Say where you are" in text["jp-112"]
    assert "What can I say first? A child is being blackmailed" in text["jp-parents"]


# --- Languages --------------------------------------------------------------------------------


def test_services_that_speak_the_readers_language_come_first(show):
    country = japan()
    childline(country, key="jp-a", languages=["ja"], position=0)
    childline(country, key="jp-b", languages=["ja", "fr"], position=1)
    assert names(show(country)) == ["jp-a", "jp-b"]
    country.contacts.filter(key="jp-a").update(cost="unknown")
    page = show(country, "fr")
    assert names(page) == ["jp-b", "jp-a"]
    assert "français" in page.main.text


def test_a_service_for_adults_never_stands_before_one_for_the_young(show):
    country = japan()
    childline(country, key="jp-young", languages=["ja"], position=1)
    childline(country, key="jp-old", languages=["en"], audience=["parent"], position=0)
    assert names(show(country)) == ["jp-young", "jp-old"]


def test_who_speaks_what_is_said_kindly(show):
    country = japan()
    childline(country, key="jp-a", languages=["ja"])
    page = show(country)
    assert "These services say that they answer in: Japanese. You can still try." in page.main.text
    childline(country, key="jp-b", languages=["en"])
    page = show(country)
    assert "Not all of these services answer in this language: English." in page.main.text
    (spoken,) = [e for e in page.all("div") if "spoken" in e.classes]
    assert [e.text for e in spoken.all("dt")] == ["English", "Japanese"]
    assert spoken.links == ["#jp-b", "#jp-a"]


def test_nothing_is_said_of_languages_where_all_speak_the_readers(site):
    page = site.page("/fr/report/fr/")
    assert not [e for e in page.all("div") if "spoken" in e.classes]


# --- For whom ---------------------------------------------------------------------------------


def test_adults_see_the_services_for_adults_first_by_a_plain_link(show, read):
    country = japan()
    childline(country, key="jp-young", position=0)
    childline(country, key="jp-old", audience=["parent"], position=1)
    page = show(country)
    assert names(page) == ["jp-young", "jp-old"]
    assert "/en/report/jp/adults/" in page.links
    adults = read("/en/report/jp/adults/")
    assert names(adults) == ["jp-old", "jp-young"]
    assert "/en/report/jp/" in adults.links


# --- Until then -------------------------------------------------------------------------------


def test_who_is_there_day_and_night_is_named_for_when_others_are_closed(show):
    country = japan()
    childline(country, key="jp-day", organisation="Day line", phone_hours="Mo-Fr 09:00-17:00")
    childline(country, key="jp-always", organisation="Always line", phone="0120 1")
    until = show(country).by_id("until")
    assert "Always line, day and night: Call 0120 1" in until.text
    assert "Day line" not in until.text
    assert until.links == [
        "tel:01201",
        "tel:110",
        "#ww-child-helpline-international-find-a-child-helpline",
        "#ww-find-a-helpline",
    ]


def test_hours_that_nobody_knows_are_told(show):
    country = japan()
    childline(country, phone_hours="")
    assert "We do not know the opening times." in show(country).by_id("jp-childline").text


def test_a_country_that_is_missing_has_a_way_too(site):
    section = site.page("/en/report/").by_id("country-missing")
    assert "https://takeitdown.ncmec.org" in section.links
    assert "https://findahelpline.com" in section.links
    assert "112" in section.text
