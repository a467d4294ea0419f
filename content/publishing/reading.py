"""How hard a text is to read: a warning to its editor and approver, which never blocks.

LIX (C. H. Björnsson, 1968) is the average number of words in a sentence, and the share of words
with more than six letters in percent. The same text does not have the same LIX in every language:
`lix_baseline.tsv` holds the LIX of each language's translation of the Universal Declaration of
Human Rights (OHCHR), all counted in one way. What stays 20 below it is plain in any of them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

BASELINE = Path(__file__).parent / "lix_baseline.tsv"
BELOW_BASELINE = 20
LONG_WORD = 6
"""Letters; a word with more is a long one."""
LONGEST_SENTENCE = 25
"""Words; a sentence with more is too long in every language."""
SHOWN = 3
LEAST_WORDS = 30
"""With fewer, one long word decides on the LIX."""

# The marks above and below letters belong to the word, and are no letters of their own.
MARKS = r"\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670"
WORD = re.compile(rf"\d+(?:[.,]\d+)+|\w[\w{MARKS}]*(?:['’]\w[\w{MARKS}]*)*")
MARK = re.compile(f"[{MARKS}]")
# A sentence ends with its sign, the quotation mark or bracket after it, and a space. A full stop
# after one or two digits is an ordinal in German and its neighbours: "am 1. Januar".
SIGNS = (".", "!", "?", "…", "؟", ":", ";", "\u037e")
CLOSING = "\"'”’»“)] "
END = re.compile(rf"(?<=[.!?…؟])(?<!\b\d\.)(?<!\b\d\d\.)([{re.escape(CLOSING)}]*)\s")
GREEK_END = re.compile(r"(?<=[;\u037e])\s+")


@dataclass(frozen=True)
class Sentence:
    """A sentence and the number of its words."""

    text: str
    words: int

    @property
    def is_whole(self) -> bool:
        """Whether it ends as sentences do: headings and loose words make a text seem easier."""
        return self.text.rstrip(CLOSING).endswith(SIGNS)

    @property
    def is_long(self) -> bool:
        """Whether a reader will lose it half-way."""
        return self.words > LONGEST_SENTENCE


@dataclass(frozen=True)
class Reading:
    """How hard a text is to read in its language."""

    words: int
    lix: int | None
    """None for a text that is too short to tell."""
    limit: int
    """The LIX above which readers of this language find it hard."""
    longest: tuple[Sentence, ...]
    """The longest sentences, the longest first."""
    long_sentences: int

    @property
    def is_hard(self) -> bool:
        """Whether the text as a whole reads harder than it should."""
        return self.lix is not None and self.lix > self.limit

    @property
    def warnings(self) -> list[str]:
        """What to say to who writes and who approves; empty when it reads well."""
        found = []
        if self.is_hard:
            found.append(
                f"It reads hard: reading level {self.lix}, and {self.limit} or less is plain in"
                " this language. Shorter sentences and shorter words bring it down."
            )
        if self.long_sentences:
            count = (
                "One sentence has"
                if self.long_sentences == 1
                else (f"{self.long_sentences} sentences have")
            )
            found.append(f"{count} more than {LONGEST_SENTENCE} words.")
        return found


@cache
def limits() -> dict[str, int]:
    """Return by language the LIX above which a text is hard to read."""
    lines = BASELINE.read_text().splitlines()[1:]
    pairs = (line.split("\t") for line in lines)
    return {code: round(float(lix) - BELOW_BASELINE) for code, lix in pairs}


def measure(language: str, texts: Iterable[str]) -> Reading:
    """Return how hard these texts of one item are, each given as plain lines."""
    sentences = list(_sentences(language, texts))
    by_length = sorted(sentences, key=lambda sentence: -sentence.words)
    return Reading(
        sum(sentence.words for sentence in sentences),
        _lix([sentence for sentence in sentences if sentence.is_whole]),
        limits()[language],
        tuple(by_length[:SHOWN]),
        sum(sentence.is_long for sentence in sentences),
    )


def _lix(sentences: list[Sentence]) -> int | None:
    words = [word for sentence in sentences for word in WORD.findall(sentence.text)]
    if len(words) < LEAST_WORDS:
        return None
    long = sum(len(MARK.sub("", word)) > LONG_WORD for word in words)
    return round(len(words) / len(sentences) + 100 * long / len(words))


def _sentences(language: str, texts: Iterable[str]) -> Iterator[Sentence]:
    """Yield the sentences; a heading, a paragraph and an item of a list each end one, too."""
    for text in texts:
        for line in text.splitlines():
            for part in END.sub(r"\1\n", line).splitlines():
                for sentence in GREEK_END.split(part) if language == "el" else [part]:
                    if words := len(WORD.findall(sentence)):
                        yield Sentence(sentence.strip(), words)
