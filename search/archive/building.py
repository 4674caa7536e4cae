"""Build everything that a search needs from articles: the engine's index, the lexicon, the suggestions.

1. Articles go to the engine's builder; the process in which it makes them looks for what the lexicon and the
   suggestions are made of (`Look`), too.
2. `finish` closes the index, reads its vocabulary back, and writes the lexicon beside it.

The directory is the `archive` part of a generation: `engine/`, `lexicon/` and `suggestions/`.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Generic, TypeVar

from search.article import Article
from search.engines.port import Build, create_builder, open_reader
from search.engines.sources import Given, Source
from search.lexicon.lexicon import LEAST_ASSOCIATION, Lexicon
from search.lexicon.lexicon_builder import LexiconBuilder
from search.lexicon.sample import Part, count
from search.suggest.suggestion_builder import Suggested, SuggestionBuilder, suggested

ENGINE: Final = "engine"
LEXICON: Final = "lexicon"
SUGGESTIONS: Final = "suggestions"

Noted = TypeVar("Noted")


@dataclass(frozen=True, slots=True)
class Looked(Generic[Noted]):
    """What some articles give to the lexicon and to the suggestions, and a note of each."""

    words: Part
    suggested: list[Suggested]
    notes: list[Noted]


@dataclass(slots=True)
class Look(Generic[Noted]):
    """Looks at articles, in any process; `top` is the highest level of those whose words are counted."""

    note: Callable[[Article], Noted]
    top: int

    def __call__(self, articles: Sequence[Article]) -> Looked[Noted]:
        """Return what is in some articles."""
        return Looked(count(articles, self.top), list(map(suggested, articles)), list(map(self.note, articles)))


class ArchiveBuilder(Build):
    """Writes one archive directory from articles; a context manager that discards it on an exception.

    With `base`, the archive directory of an older generation, only what differs is told: `remove` ids, `add` new and
    changed articles, few enough to be kept in memory.  The result answers as one of a full build does.
    `options` go to the engine's builder.  Articles are best added in ascending order of id, so that equal
    scores are ordered in the same way in every build.
    """

    def __init__(self, directory: Path, base: Path | None = None, **options: object) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._base = base
        if base is not None:
            options["base"] = base / ENGINE
        self._engine = create_builder(directory / ENGINE, **options)  # type: ignore[arg-type] # `engine` is one of them
        self._removed: list[str] = []
        self._added: list[Article] = []
        self._lexicon = LexiconBuilder()
        self._suggestions = SuggestionBuilder()

    def add(self, articles: Iterable[Article]) -> None:
        """Add articles; ids must be unique over the build, an id of the base replaces its article."""
        if self._base is not None:
            self._engine.add(self._kept(articles))
            return
        for _ in self.make(map(Given, articles), _nothing):
            pass

    def make(self, sources: Iterable[Source], note: Callable[[Article], Noted]) -> Iterator[list[Noted]]:
        """Add the articles of `sources`, to no base; yield what `note` returns of them, some together.

        To be read to its end.  Where the engine has other processes, they make and note the articles.
        """
        look = Look(note, self._lexicon.top)
        for seen in self._engine.make(sources, look):
            self._lexicon.join(seen.words)
            look.top = self._lexicon.top  # never rises: until they hear of it, others count more than is needed
            for each in seen.suggested:
                self._suggestions.add(each)
            yield seen.notes

    def remove(self, ids: Iterable[str]) -> None:
        """Leave out articles of the base; ids that it does not have are no error."""
        ids = list(ids)
        self._engine.remove(ids)
        self._removed += ids

    def _kept(self, articles: Iterable[Article]) -> Iterator[Article]:
        for article in articles:
            self._added.append(article)
            yield article

    def _complete(self) -> int:
        count = self._engine.finish()
        reader = open_reader(self._directory / ENGINE, verify=False)  # it has just been written
        try:
            if self._base is not None:
                gone = self._gone(self._base)
                self._lexicon.change(self._base / LEXICON, gone, self._added, reader)
                self._suggestions.change(self._base / SUGGESTIONS, gone, self._added)
            self._lexicon.write(self._directory / LEXICON, reader)
            pairs = Lexicon.open(self._directory / LEXICON).frequent_pairs(LEAST_ASSOCIATION)
            self._suggestions.write(self._directory / SUGGESTIONS, pairs)
        finally:
            reader.close()
        return count

    def _gone(self, base: Path) -> list[Article]:
        """Return the articles of the base that are not in the result, or not as they were."""
        ids = dict.fromkeys([*self._removed, *(article.id for article in self._added)])
        with contextlib.closing(open_reader(base / ENGINE, verify=False)) as reader:  # the engine has checked it
            return reader.cards([doc for key in ids if (doc := reader.find(key)) is not None])

    def discard(self) -> None:
        """Stop and remove temporary files."""
        self._engine.discard()


def _nothing(article: Article) -> None:
    """Note nothing."""
