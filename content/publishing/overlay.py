"""What would be live if some drafts were: for previews. Nothing is written anywhere."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Q

from campaign import languages
from content.models import Revision
from content.models.publishing import RevisionQuerySet
from content.publishing import live
from content.publishing.live import Index, Kind, Row, Text, Wanted


class Piece(NamedTuple):
    """A text that is laid over what is live, in the place of its own live revision."""

    row: Row
    title: str
    position: int


class Overlay(live.Database):
    """Live revisions with some pieces over them; what pages read, for `live.read_from`."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._pieces = {piece.row[:3]: piece for piece in pieces}
        for name in [*self._pieces]:
            if source := self._missing_source(*name):
                self._pieces[source.row[:3]] = source

    def _missing_source(self, kind: str, key: str, language: str) -> Piece | None:
        """Return the newest source text of a translation when none is live: it would be by then."""
        name = (kind, key, languages.SOURCE)
        if language == languages.NEUTRAL or kind == Kind.COUNTRY or name in self._pieces:
            return None
        newest = Revision.objects.of(*name)
        return None if newest.live().exists() or not (found := newest.first()) else of(found)

    def index(self) -> Index:
        """Return what would be live."""
        choice = Q(kind=Kind.PAGE) | Q(kind=Kind.COUNTRY, language=languages.NEUTRAL)
        rows = _live(choice).values_list("position", "kind", "key", "language", "title")
        found = self._laid_over(rows, lambda piece: (*piece.row[:3], piece.title), self._in_index)
        return live.index_of(found)

    def texts(self, language: str, wanted: Wanted) -> dict[str, dict[str, Text]]:
        """Return the texts that readers of a language would get."""
        items, kinds = set(wanted.items), set(wanted.kinds)
        codes = {language, languages.SOURCE, languages.NEUTRAL}
        choice = Q(kind__in=kinds)
        for kind, key in items:
            choice |= Q(kind=kind, key=key)
        found = self._rows(
            choice & Q(language__in=codes),
            lambda row: (row.kind in kinds or row[:2] in items) and row.language in codes,
        )
        return live.texts_of(found, language)

    def versions(self, kind: str, codes: Iterable[str]) -> dict[str, dict[str, Text]]:
        """Return a kind as it would be in these languages and the source's."""
        wanted = {*codes, languages.SOURCE}
        found = self._rows(
            Q(kind=kind, language__in=wanted),
            lambda row: row.kind == kind and row.language in wanted,
        )
        return live.versions_of(found)

    def _rows(self, choice: Q, is_wanted: Callable[[Row], bool]) -> Iterator[Row]:
        rows = _live(choice).values_list("position", *Row._fields)
        found = self._laid_over(rows, lambda p: p.row, lambda p: is_wanted(p.row))
        return (Row(*values) for values in found)

    def _laid_over(
        self,
        rows: Iterable[tuple[Any, ...]],
        values: Callable[[Piece], tuple[Any, ...]],
        is_wanted: Callable[[Piece], bool],
    ) -> list[tuple[Any, ...]]:
        """Return rows without their positions: each piece where it would stand.

        Other rows keep the database's order, which no other program sorts quite like.
        """
        found = [(row[0], row[1:]) for row in rows]
        for name, piece in self._pieces.items():
            if not is_wanted(piece):
                continue
            own = [place for place, (_, row) in enumerate(found) if row[:3] == name]
            if own and found[own[0]][0] == piece.position:
                found[own[0]] = (piece.position, values(piece))
                continue
            found = [entry for entry in found if entry[1][:3] != name]
            later = (n for n, (position, _) in enumerate(found) if position > piece.position)
            found.insert(next(later, len(found)), (piece.position, values(piece)))
        return [row for _, row in found]

    @staticmethod
    def _in_index(piece: Piece) -> bool:
        kind, _, language = piece.row[:3]
        return kind == Kind.PAGE or (kind == Kind.COUNTRY and language == languages.NEUTRAL)


def of(revision: Revision) -> Piece:
    """Return a revision as a piece to lay over what is live."""
    row = Row(
        revision.kind,
        revision.key,
        revision.language,
        revision.content,
        revision.reviewed_by,
        revision.reviews,
    )
    return Piece(row, revision.title, revision.position)


def _live(choice: Q) -> RevisionQuerySet:
    rows = Revision.objects.live().filter(choice)
    return rows.order_by("position", "key", "language")
