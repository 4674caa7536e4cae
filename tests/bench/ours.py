"""This engine: as the product asks it, and with the same folded query as its peers."""

from collections.abc import Sequence
from pathlib import Path

from search.archive.archive import Archive
from search.archive.building import ENGINE, ArchiveBuilder
from search.archive.generations import ARCHIVE, CURRENT, check_generation, current_id
from search.engines.columnar.evaluate.reader import ColumnarReader
from search.engines.facets import FacetCounts, Filters
from search.engines.port import Found, Plan, create_builder, open_reader
from search.query.tree import And, AndNot, Node, Or, Phrase, Prefix, Term, Word
from search.results.answer import Request
from tests.bench.corpus import Question, Sample
from tests.bench.engine import BenchEngine, Reply

WITHOUT_TEXT = (".inv", ".doc")


class Ours(BenchEngine):
    """The engine with the folded query that its peers evaluate: all words, a phrase, a prefix."""

    name = "dau engine"

    def __init__(self, workers: int = 1) -> None:
        self._workers = workers

    def build(self, samples: Sequence[Sample], directory: Path) -> None:
        with create_builder(directory, workers=self._workers) as builder:  # type: ignore[arg-type]
            builder.add(sample.article for sample in samples)

    def open(self, directory: Path) -> None:
        reader = open_reader(_engine_in(directory))
        assert isinstance(reader, ColumnarReader)
        self._reader = reader

    def answer(self, question: Question) -> Reply:
        return self._reply(self._reader.search(Plan(folded(question), filters_of(question))))

    def _reply(self, found: Found) -> Reply:
        titles = self._reader.titles([hit.doc for hit in found.hits])
        return Reply(found.total, titles, _months(found.facets), dict(found.facets.provinces))

    def index_bytes(self, directory: Path) -> int:
        return sum(path.stat().st_size for path in _engine_in(directory).iterdir() if path.suffix in WITHOUT_TEXT)

    def close(self) -> None:
        self._reader.close()


class Product(BenchEngine):
    """The whole product: parsing, reading the words in context, plan, engine, titles (no snippets)."""

    name = "dau product"

    def build(self, samples: Sequence[Sample], directory: Path) -> None:
        with ArchiveBuilder(directory) as builder:
            builder.add(sample.article for sample in samples)

    def open(self, directory: Path) -> None:
        self._archive = Archive.open(_archive_in(directory))

    def answer(self, question: Question) -> Reply:
        found = self._archive.find(Request(question.text, filters_of(question))).found
        titles = self._archive.titles(found)
        return Reply(found.total, titles, _months(found.facets), dict(found.facets.provinces))

    def index_bytes(self, directory: Path) -> int:
        return sum(path.stat().st_size for path in _engine_in(directory).iterdir() if path.suffix in WITHOUT_TEXT)

    def close(self) -> None:
        self._archive.close()


def _archive_in(directory: Path) -> Path:
    """Return the archive that is served of an index that `dau rebuild` made; a bare archive is its own."""
    if not (directory / CURRENT).exists():
        return directory
    return check_generation(directory, current_id(directory)).directory / ARCHIVE


def _engine_in(directory: Path) -> Path:
    """Return the engine's part of an archive; the index of an engine alone is its own."""
    within = _archive_in(directory) / ENGINE
    return within if within.is_dir() else directory


def folded(question: Question) -> Node:
    """Return the query tree over folded terms."""
    if question.prefix:
        return Prefix(question.words[0])
    words = tuple(Word((Term("fold", word),)) for word in question.words)
    root: Node = Phrase(words) if question.phrase and len(words) > 1 else And(words)
    if question.excluded:
        root = AndNot(root, Or(tuple(Word((Term("fold", word),)) for word in question.excluded)))
    return root


def filters_of(question: Question) -> Filters:
    return Filters((question.province,) if question.province else (), question.year or None)


def _months(facets: FacetCounts) -> dict[int, int]:
    return {year * 100 + month: count for (year, month), count in facets.months.items()}
