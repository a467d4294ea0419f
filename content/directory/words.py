"""Words to say, in the reader's language and beside it in those of the country."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from campaign import languages
from content.publishing.live import Text

LISTENERS = ("parent", "teacher", "helpline", "police")
"""Who hears them on a country's page, in the order of its doors: someone you trust comes first."""

MOST = 2
"""How many sentences a country's page shows for each listener; `report` shows them all."""

Versions = Mapping[str, Mapping[str, Text]]
"""Live phrases by key and language."""


@dataclass(frozen=True)
class Words:
    """Something to say, and the language that it is in."""

    language: str
    said: str

    @property
    def direction(self) -> str:
        """The writing direction of the words, ltr or rtl."""
        return languages.direction(self.language)


@dataclass(frozen=True)
class Phrase:
    """One sentence: to be read by the one who says it, and to be shown to the one who hears it."""

    text: Text
    others: tuple[Text, ...]


@dataclass(frozen=True)
class Listener:
    """Somebody to say it to."""

    key: str
    phrases: tuple[Phrase, ...]


def first_words(versions: Versions, language: str) -> dict[str, Words]:
    """Return the first sentence for each listener in the reader's language, else in the source's.

    The phrases stand in the order of the campaign.
    """
    found: dict[str, Words] = {}
    for text in _in_language(versions, language):
        found.setdefault(text.content["listener"], Words(text.language, text.content["words"]))
    return found


def words_to_say(
    versions: Versions, language: str, country_languages: Iterable[str]
) -> list[Listener]:
    """Return the sentences by listener, each beside its translations into the country's languages.

    A language of the country in which nobody has translated a sentence is left out.
    """
    texts = list(_in_language(versions, language))
    found = []
    for key in LISTENERS:
        own = islice((text for text in texts if text.content["listener"] == key), MOST)
        phrases = tuple(
            Phrase(text, _others(versions[text.key], text, country_languages)) for text in own
        )
        if phrases:
            found.append(Listener(key, phrases))
    return found


def _in_language(versions: Versions, language: str) -> Iterable[Text]:
    for by_language in versions.values():
        text = by_language.get(language) or by_language.get(languages.SOURCE)
        if text:
            yield text


def _others(
    by_language: Mapping[str, Text], text: Text, country_languages: Iterable[str]
) -> tuple[Text, ...]:
    codes = (code for code in country_languages if code != text.language)
    return tuple(by_language[code] for code in codes if code in by_language)
