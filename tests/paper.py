"""What is on paper: the words of a PDF, and whether each is drawn from its beginning to its end."""

import html
import re
import subprocess
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

WORD = re.compile(
    r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>'
)
PICTURE = re.compile(rb"P5\s+(\d+)\s+(\d+)\s+255\s")
DOTS = 100
"""To the inch; a letter of small print is eight dots high."""
DIFFERENT = 80
"""Of 255 levels of grey: ink on paper, or paper on ink."""
BESIDE = 0.2
"""The widest strip without ink at either end of a word that is whole, in heights of its line.
Measured: 0.17 at most in whole words of three scripts, 0.22 to 2.4 in words that were cut."""


def letters(text: str) -> str:
    """Letters and digits alone: hyphens, spaces and ligatures are the printer's."""
    return "".join(one for one in unicodedata.normalize("NFKC", text) if one.isalnum())


@dataclass
class Picture:
    """A page in levels of grey."""

    width: int
    height: int
    dots: bytes

    def gaps(self, left: float, top: float, right: float, bottom: float) -> tuple[float, float]:
        """The strips without ink at both ends of a box, as parts of its height."""
        scale = DOTS / 72
        rows = range(max(0, int(top * scale)), min(self.height, int(bottom * scale)))
        columns = range(max(0, int(left * scale)), min(self.width, int(right * scale + 1)))
        lines = [self.dots[y * self.width :][columns.start : columns.stop] for y in rows]
        if not lines or not lines[0]:
            return 9, 9  # outside the sheet
        dots = b"".join(lines)
        paper = max(set(dots), key=dots.count)
        ink = [
            at
            for at in range(len(columns))
            if any(abs(line[at] - paper) > DIFFERENT for line in lines)
        ]
        if not ink:
            return 9, 9
        return ink[0] / len(lines), (len(columns) - 1 - ink[-1]) / len(lines)


class Paper:
    """A PDF as poppler reads and draws it."""

    def __init__(self, folder: Path, pdf: bytes) -> None:
        self._file = folder / f"{len(list(folder.glob('*.pdf')))}.pdf"
        self._file.write_bytes(pdf)

    def _run(self, command: str, *options: str, to: str = "-") -> bytes:
        words = [command, *options, str(self._file), *([to] if to else [])]
        return subprocess.run(words, check=True, capture_output=True).stdout

    @cached_property
    def letters(self) -> str:
        """All letters, in the order in which they were painted."""
        return letters(self._run("pdftotext", "-raw").decode())

    def has(self, text: str) -> bool:
        """Whether these letters are printed, if need be in two parts: a page may end in them."""
        if text in self.letters:
            return True
        halves = ((text[:at], text[at:]) for at in range(1, len(text)))
        return any(first in self.letters and rest in self.letters for first, rest in halves)

    def pages(self) -> int:
        """How many sheets of paper it takes."""
        return len(self._words())

    def _words(self) -> list[list[tuple[float, float, float, float, str]]]:
        pages = self._run("pdftotext", "-bbox").decode().split("<page ")[1:]
        return [
            [
                (float(left), float(top), float(right), float(bottom), html.unescape(text))
                for left, top, right, bottom, text in WORD.findall(page)
            ]
            for page in pages
        ]

    def _pictures(self) -> list[Picture]:
        drawn = self._run("pdftoppm", "-gray", "-r", str(DOTS), to="")
        found = []
        while head := PICTURE.match(drawn):
            width, height = int(head[1]), int(head[2])
            dots = drawn[head.end() :][: width * height]
            found.append(Picture(width, height, dots))
            drawn = drawn[head.end() + width * height :]
        return found

    def cut_words(self) -> list[str]:
        """Words whose first or last letters are not drawn, or only half."""
        return [
            text
            for words, picture in zip(self._words(), self._pictures(), strict=True)
            for *box, text in words
            if len(letters(text)) > 1 and max(picture.gaps(*box)) > BESIDE
        ]
