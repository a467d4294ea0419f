"""What every page of the campaign has in common, in a language that has it and in one that has not.

English is the source, French and Arabic ship in part, German is not there yet.
"""

import re
from collections import Counter
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings

from campaign import languages
from tests.factories import page, publish, section, translate

LANGUAGES = ("en", "fr", "ar", "de")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
UNSAFE = ("http:", "javascript:", "data:", "//")


@pytest.fixture(params=LANGUAGES)
def pages(request, site):
    """Every page in one language. To render them is a test in itself: what is undefined raises."""
    return [site.page(path) for path in site.paths(request.param)]


def language_of(path):
    return path.split("/")[1]


def test_there_are_as_many_pages_as_the_campaign_has(site):
    paths = site.paths("en")
    assert len([path for path in paths if not re.fullmatch(r"/en/report/../", path)]) == 17
    assert len([path for path in paths if re.fullmatch(r"/en/report/../", path)]) == 45


def test_an_undefined_variable_in_a_template_is_caught(reader, monkeypatch):
    """The guard of all tests here: without it a forgotten variable is an empty place."""
    from django.template import engines

    with pytest.raises(AssertionError, match="A template uses nothing"):
        engines["django"].from_string("<p>{{ nothing.at_all }}</p>").render({})


def test_the_document_says_its_language_and_direction(pages, site):
    for each in pages:
        asked = language_of(each.path)
        html = each.html
        expected = asked if asked in site.index.offered else "en"
        assert (html["lang"], html["dir"]) == (expected, languages.direction(expected)), each.path


def test_every_text_in_another_language_says_so(pages):
    """A title, a heading or a paragraph stands in the language of its nearest `lang`."""
    for each in pages:
        for element in each.all():
            if "lang" not in element.attributes or element.tag == "html":
                continue
            code = element["lang"]
            if code in languages.BY_CODE and element.tag != "bdi":
                inherited = next(a["dir"] for a in element.ancestors if "dir" in a.attributes)
                direction = element.get("dir", inherited)
                assert direction == languages.direction(code), f"{each.path}: {element.text}"


def test_a_page_names_its_address_and_its_versions_in_other_languages(pages, site):
    for each in pages:
        asked = language_of(each.path)
        canonical = each.all("link", rel="canonical")
        key = each.path.removeprefix(f"/{asked}")
        hreflang = {link["hreflang"]: link["href"] for link in each.all("link", rel="alternate")}
        if each.meta("robots") == "noindex":
            # One answer to search engines, not two that contradict each other.
            assert not canonical, each.path
            assert not hreflang, each.path
            continue
        assert [link["href"] for link in canonical] == [settings.SITE_URL + each.path]
        assert hreflang.pop("x-default") == f"{settings.SITE_URL}/en{key}"
        assert hreflang[asked] == settings.SITE_URL + each.path
        assert hreflang == {code: f"{settings.SITE_URL}/{code}{key}" for code in hreflang}


def test_versions_in_other_languages_name_each_other(site):
    for path in site.paths("en"):
        links = {e["hreflang"]: e["href"] for e in site.page(path).all("link", rel="alternate")}
        for address in set(links.values()):
            other = site.page(address.removeprefix(settings.SITE_URL))
            assert {e["hreflang"]: e["href"] for e in other.all("link", rel="alternate")} == links


def test_only_pages_with_text_in_their_own_language_are_indexed(pages, site):
    for each in pages:
        asked = language_of(each.path)
        if re.fullmatch(r"/../report/../", each.path):
            has_text = asked in site.index.offered
        else:
            key = each.path.removeprefix(f"/{asked}/").rstrip("/") or "home"
            has_text = asked in site.index.offered and asked in site.index.pages[key]
        assert (each.meta("robots") is None) == has_text, each.path


def test_a_page_that_is_not_translated_shows_the_source_text_marked_and_says_so(read):
    item = page()
    publish(item)
    shown = read("/de/lighthouse/")
    heading = shown.main.one("h1")
    assert (heading.text, heading.language) == ("The lighthouse", "en")
    (body,) = [p for p in shown.main.all("p") if p.text == "It is on at night."]
    assert body.language == "en"
    assert "not ready in Deutsch yet. You see it in English" in shown.main.text
    assert shown.meta("robots") == "noindex"


def test_a_source_text_in_a_right_to_left_frame_keeps_its_own_direction(read):
    item = page()
    publish(item)
    heading = read("/ar/lighthouse/").main.one("h1")
    assert heading.language == "en"
    assert next(e["dir"] for e in heading.ancestors if "dir" in e.attributes) == "ltr"


def test_a_translated_page_shows_no_word_of_the_source(read):
    item = page()
    publish(item)
    translate(item, "fr")
    item.sections.update(heading_fr="La lumière", body_fr="<p>Elle brille la nuit.</p>")
    publish(item, "fr")
    shown = read("/fr/lighthouse/").main
    assert "Le phare" in shown.text
    assert "The light" not in shown.text
    assert "at night" not in shown.text
    assert "You see it in" not in shown.text


def test_the_language_chooser_lists_the_offered_languages_by_their_own_names(pages, site):
    for each in pages:
        asked = language_of(each.path)
        key = each.path.removeprefix(f"/{asked}")
        chooser = {
            link["hreflang"]: link for link in each.all("a") if "hreflang" in link.attributes
        }
        assert tuple(chooser) == site.index.offered
        for code, link in chooser.items():
            assert link.text == languages.get(code).name
            assert (link["lang"], link["href"]) == (code, f"/{code}{key}")
            assert ("aria-current" in link.attributes) == (code == asked)


def test_every_page_carries_the_frame(pages):
    for each in pages:
        code = language_of(each.path)
        assert f"/{code}/" in each.links
        for step in ("understand", "stop", "report"):
            assert f"/{code}/{step}/" in each.links, each.path
        exits = [e for e in each.all("a") if "data-exit" in e.attributes]
        assert [e["href"] for e in exits] == ["/exit/"] * len(exits) != []
        assert all(e["rel"] == "noreferrer" for e in exits)
        first, second = each.all("a")[:2]
        assert (first["href"], second["href"]) == ("#main", "/exit/")
        assert any(e["href"].startswith("tel:") for e in each.all("a")) or "ba" in each.path


def test_titles_and_descriptions_are_there_and_differ(site):
    pages = [site.page(path) for path in site.paths("en")]
    titles = Counter(each.title for each in pages)
    assert [title for title, count in titles.items() if count > 1 or not title] == []
    assert [each.path for each in pages if not each.meta("description")] == []


def test_headings_skip_no_level_and_start_with_one_h1(pages):
    for each in pages:
        headings = each.all(*HEADINGS)
        levels = [int(e.tag[1]) for e in headings]
        assert levels.count(1) == 1, each.path
        assert levels[0] == 1, f"{each.path} starts with {headings[0].text}"
        for before, heading in pairwise(headings):
            step = int(heading.tag[1]) - int(before.tag[1])
            assert step <= 1, f"{each.path}: {before.text!r} is followed by {heading.text!r}"
        assert [e for e in headings if not e.text] == [], each.path


def test_no_identity_is_used_twice(pages):
    for each in pages:
        counts = Counter(e["id"] for e in each.all() if "id" in e.attributes)
        assert [name for name, count in counts.items() if count > 1] == [], each.path


def test_what_points_to_an_identity_finds_it(pages):
    for each in pages:
        known = {e["id"] for e in each.all() if "id" in e.attributes}
        for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
            for e in each.all():
                assert set(e.get(name).split()) <= known, f"{each.path}: {name}={e.get(name)}"


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_every_link_inside_the_site_leads_somewhere(site, language):
    """Follows all links from the start page; places within a page exist too."""
    waiting, seen = [f"/{language}/"], set()
    broken = []
    while waiting:
        path = waiting.pop()
        seen.add(path)
        for target in site.page(path).links:
            parts = urlsplit(urljoin(path, target))
            if parts.scheme or parts.netloc or parts.path == "/exit/":
                continue
            answer = site.answer(parts.path)
            if answer.status_code != 200:
                broken.append(f"{path} -> {target} answers {answer.status_code}")
            elif parts.fragment and not site.page(parts.path).all(id=parts.fragment):
                broken.append(f"{path} -> {target} names no place on that page")
            elif language_of(parts.path) == language and parts.path not in seen:
                waiting.append(parts.path)
                seen.add(parts.path)
    assert broken == []
    assert set(site.paths(language)) <= seen, "some pages cannot be reached by links"


def test_a_page_asks_for_nothing(pages):
    for each in pages:
        for e in each.all():
            handlers = [name for name in e.attributes if name.startswith("on")]
            assert not handlers, f"{each.path}: {handlers}"
            assert "style" not in e.attributes, f"{each.path}: <{e.tag} style>"
            for name in ("src", "srcset", "poster", "data", "action"):
                assert name not in e.attributes, f"{each.path}: {name}"
            if e.tag == "link":
                start = {"icon": "data:,"}.get(e["rel"], settings.SITE_URL)
                assert e["rel"] in {"canonical", "alternate", "icon"}, each.path
                assert e["href"].startswith(start), each.path
            else:
                target = e.get("href").removeprefix(settings.SITE_URL)
                assert not target.startswith(UNSAFE), f"{each.path}: {target}"
        assert len(each.all("style")) == len(each.all("script")) == 1, each.path
        assert not each.all("iframe", "object", "embed", "form", "base"), each.path


def test_links_out_send_no_referrer_and_carry_no_tracking(pages):
    outside = 0
    for each in pages:
        for link in each.all("a"):
            parts = urlsplit(link["href"])
            if parts.netloc:
                outside += 1
                assert parts.scheme == "https", f"{each.path}: {link['href']}"
                assert "noreferrer" in link.get("rel").split(), f"{each.path}: {link['href']}"
                assert "target" not in link.attributes
                assert not re.search(r"utm_|fbclid|gclid", link["href"])
    assert outside > 100


def test_authored_links_out_send_no_referrer_either(read):
    item = page()
    section(item, "more", body_en='<p><a href="https://stopncii.org">StopNCII</a></p>', position=1)
    publish(item)
    (link,) = [e for e in read("/en/lighthouse/").all("a") if "stopncii" in e["href"]]
    assert link["rel"] == "noreferrer"


def test_a_link_between_pages_stays_in_the_readers_language(read):
    item = page()
    section(item, "more", body_en='<p><a href="page:report#countries">Help</a></p>', position=1)
    publish(item)
    assert "/ar/report/#countries" in read("/ar/lighthouse/").main.links


def test_phone_numbers_and_addresses_keep_their_order_in_right_to_left_text(site):
    for path in site.paths("ar"):
        for link in site.page(path).all("a"):
            if link["href"].startswith(("tel:", "sms:", "mailto:")):
                assert [e["dir"] for e in link.all("bdi")] == ["ltr"], f"{path}: {link.text}"


def test_the_current_page_is_marked_once_in_its_menu(site):
    for path in site.paths("en"):
        current = [e for e in site.page(path).all("a") if e.get("aria-current") == "page"]
        assert {e["href"] for e in current} <= {path}, path
