"""The engine port: what Dấu asks of an index, whichever library keeps it.

A `Builder` writes one index from articles, a `Reader` answers from it.  Both work on a directory for
embedded engines; an engine on a server takes the directory for its connection file.  `PortContract` of the tests is
the contract that every engine must pass.

Documents, totals and facets are exact, or there is an error: never a part of the answer.  Where an engine on a server
differs in what it lists and how it scores, its reader says so.  Numbers of documents hold within one index.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from importlib import import_module
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, NamedTuple, Protocol, Self, TypeVar, cast

from search.article import Article
from search.engines.facets import FacetCounts, Filters
from search.engines.sources import Source
from search.errors import EngineMissing
from search.query.tree import Filtered, Form, Node

#: `added`: what the archive had last comes first.
Sort = Literal["relevance", "newest", "oldest", "added"]

#: A prefix stands for at most so many terms, the most frequent ones; `Found.notices` tells when it cuts.
MAX_EXPANSIONS: Final = 10_000
LIMIT_EXPANSIONS: Final = "limit-expansions"
#: Articles that are made together where an engine does not say how many.
_TOGETHER: Final = 256

Seen = TypeVar("Seen")


class Pair(NamedTuple):
    """Two folded words side by side in the text; scored as a BM25 clause with the idf of `df` documents."""

    left: str
    right: str
    weight: float
    df: float


class Sought(NamedTuple):
    """One folded word; what it scores is `weight` times the idf of `df` documents.

    `keys` are the tone keys by which a title has it.
    """

    text: str
    weight: float
    df: float
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lead:
    """How an article's first words count: the first `share` of its body, but at most `most` words.

    An occurrence in them counts `times` more often: a word's score is what BM25 gives it so less what it gives it
    without.
    """

    times: float
    share: float
    most: int


class Coverage(NamedTuple):
    """What part of the query one place of an article covers: `weight` x mass x share ^ `power`.

    The mass of a word is its weight times its idf, `mass` that of all words, and the share is that of the words in the
    place: the title, or the best passage of so many `words`.
    """

    weight: float
    power: float
    words: int = 0


@dataclass(frozen=True, slots=True)
class Rescore:
    """Second look at the best `depth` documents of the first pass.

    `pairs` are distinct, and so are `words`: all else is about them.  `window` is the weight of their tightest
    unordered window, 0 is off; `lead`, `passage` and `title` None are off.
    """

    depth: int = 200
    pairs: tuple[Pair, ...] = ()
    words: tuple[Sought, ...] = ()
    window: float = 0.0
    lead: Lead | None = None
    passage: Coverage | None = None
    title: Coverage | None = None


class Scoring(NamedTuple):
    """BM25F: saturation `k1`, length normalisation `b`; an occurrence in the title counts `title` times."""

    k1: float = 1.2
    b: float = 0.75
    title: float = 8.0


SCORING: Final = Scoring()


class Recency(NamedTuple):
    """An article of the newest day scores `weight` of its score more, and half of that after `half_life` years."""

    weight: float
    half_life: float


class Lift(NamedTuple):
    """Documents that pass a filter score `factor` times as much: those of a province or a time that a query names."""

    to: Filtered
    factor: float


@dataclass(frozen=True, slots=True)
class Plan:
    """One search, ready to run.  `collapse` shows one twin per cluster.

    `root` scores.  `members` are what is counted, and what every order but relevance lists; those that match `root`, if
    it is None.  Relevance lists the documents of `beyond` as well, above which members are `lifted` by that factor.  Of
    each hit `units` tell which it lacks.  Of `others` it is told how many pass the filters beside the members; all
    members must be among them.
    A page begins behind document `after`, if that is given, else at `offset`.
    """

    root: Node
    filters: Filters = Filters()
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 10
    members: Node | None = None
    beyond: Node | None = None
    lifted: float = 1.0
    units: tuple[Node, ...] = ()
    others: Node | None = None
    after: int | None = None
    facets: bool = True
    rescore: Rescore | None = None
    recency: Recency | None = None
    lifts: tuple[Lift, ...] = ()
    collapse: bool = True
    scoring: Scoring = SCORING


@dataclass(frozen=True, slots=True)
class FoundHit:
    """One document of the answer; `parts` names score parts for `--explain`; `twins` counts its cluster's others.

    `missing` are the places in the plan's `units` of those it does not have; `member` says whether it is counted.
    """

    doc: int
    score: float
    parts: Mapping[str, float] = field(default_factory=dict)
    twins: int = 0
    missing: tuple[int, ...] = ()
    member: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of an engine: exact total of members, one page of hits, facet counts.

    `groups` is the number of hits that all pages show together: one for each cluster of twins.  `more` documents beyond
    the members are among what they show or stand for.  `left_out` are the places of units that were not asked for, and
    `unit_counts` the documents of each unit in the whole index.  `last` says that no hit comes behind this page.
    `others` are the documents of the plan's `others` beside the members, 0 where a unit is left out.
    """

    total: int
    hits: Sequence[FoundHit]
    facets: FacetCounts
    notices: tuple[str, ...] = ()
    groups: int = 0
    more: int = 0
    left_out: tuple[int, ...] = ()
    unit_counts: tuple[int, ...] = ()
    last: bool = True
    others: int = 0


class Build(ABC):
    """What is built whole or not at all: as a context it is finished, or discarded if an error ends it."""

    _built: int | None = None

    def finish(self) -> int:
        """Write everything out and return the number of articles; nothing may be added after.

        A second call returns the same.  On any exception nothing is left.
        """
        if self._built is None:
            try:
                self._built = self._complete()
            except BaseException:
                self.discard()
                raise
        return self._built

    @abstractmethod
    def _complete(self) -> int:
        """Write everything out and return the number of articles."""

    @abstractmethod
    def discard(self) -> None:
        """Stop and remove temporary files; what is complete stays."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.finish()
        else:
            self.discard()


class Builder(Build):
    """Writes one index; a context manager that leaves nothing usable behind on an exception."""

    @abstractmethod
    def add(self, articles: Iterable[Article]) -> None:
        """Add articles; ids must be unique over the build."""

    def make(self, sources: Iterable[Source], look: Callable[[Sequence[Article]], Seen]) -> Iterator[Seen]:
        """Add the articles of `sources`, some together; yield what `look` returns of those.  To be read to its end.

        An engine that works in several processes has both made there, so they must pickle.  `look` does so anew each
        time: what is changed in it counts for what is made from then on.
        """
        waiting = iter(sources)
        while some := list(islice(waiting, _TOGETHER)):
            articles = [source.article() for source in some]
            self.add(articles)
            yield look(articles)

    def remove(self, ids: Iterable[str]) -> None:
        """Leave articles of the index that this one is based on out; engines that carry nothing over need not."""
        raise NotImplementedError("This engine builds from all articles only.")


class Reader(ABC):
    """Answers from one immutable index.  Safe to share between threads."""

    @property
    @abstractmethod
    def count(self) -> int:
        """Number of articles."""

    @abstractmethod
    def search(self, plan: Plan) -> Found:
        """Evaluate a plan."""

    @abstractmethod
    def articles(self, docs: Sequence[int]) -> list[Article]:
        """Return stored articles by document number, in the order asked for."""

    @abstractmethod
    def cards(self, docs: Sequence[int]) -> list[Article]:
        """Return what a result list shows: articles with every field but `removed`, cheaper than `articles`."""

    @abstractmethod
    def titles(self, docs: Sequence[int]) -> list[str]:
        """Return the titles of articles alone, cheaper than `cards`."""

    @abstractmethod
    def find(self, article_id: str) -> int | None:
        """Return the document number of an article id, None if there is none."""

    @abstractmethod
    def twins(self, doc: int) -> list[int]:
        """Return the other documents of the cluster of `doc`."""

    @abstractmethod
    def df(self, form: Form, term: str) -> int:
        """Return the number of documents with a term in title or body."""

    @abstractmethod
    def terms(self, form: Form) -> Iterator[tuple[str, int, int]]:
        """Yield (term, documents, occurrences) of title and body, sorted by code point."""

    def health(self) -> str:
        """Return what is wrong with what keeps the index, nothing if all is well.  Raises EngineUnavailable."""
        return ""

    def bound_cache(self, megabytes: int) -> None:  # noqa: B027 # an engine without a cache has nothing to bound
        """Keep at most so many MB of what makes searches faster; what a search needs for itself comes on top."""

    @abstractmethod
    def close(self) -> None:
        """Release files and memory; idempotent."""


#: The engine that works in this process, and the one on a cluster.
EMBEDDED: Final = "whoosh"
CLUSTER: Final = "opensearch"
#: In the directory of an index of the latter.
_CONNECTION: Final = "connection.json"


def engine_of(directory: Path) -> str:
    """Return the name of the engine that an index was built with."""
    return CLUSTER if (directory / _CONNECTION).exists() else EMBEDDED


def open_reader(directory: Path, verify: bool = True) -> Reader:
    """Open the index in `directory`; without `verify` one whose bytes have just been checked or written.

    Raises IndexMissing, IndexDamaged, IndexOutdated, EngineUnavailable.
    """
    return _engine(engine_of(directory)).open_reader(directory, verify)


def create_builder(directory: Path, engine: str = EMBEDDED, **options: object) -> Builder:
    """Start an index in the empty or missing `directory`.  Raises EngineMissing."""
    return _engine(engine).create_builder(directory, **options)


def format_version(engine: str = EMBEDDED) -> int:
    """Return the version of what the engine writes: it reads no other.  Raises EngineMissing."""
    return _engine(engine).format_version()


def drop(directory: Path) -> bool:
    """Remove what an index has outside of its directory; return whether nothing is left there."""
    return engine_of(directory) == EMBEDDED or _cluster().drop(directory)


def follow(directory: Path) -> None:
    """Let those outside of Dấu see that an index is the published one.  Raises IndexUnusable."""
    if engine_of(directory) == CLUSTER:
        _cluster().follow(directory)


def guarded(index: Path, engine: str = EMBEDDED, **options: Any) -> AbstractContextManager[None]:
    """Keep rebuilds on other machines away from what an engine has outside of `index`.  Raises RebuildRunning."""
    return nullcontext() if engine == EMBEDDED else _cluster().guarded(index, **options)


def verify(directory: Path) -> None:
    """Check what an index has outside of its directory.

    Raises IndexDamaged or IndexMissing, and EngineUnavailable where that can't be told now.
    """
    if engine_of(directory) == CLUSTER:
        _cluster().verify(directory)


class _Engine(Protocol):
    """What the module of an engine holds."""

    def open_reader(self, directory: Path, verify: bool) -> Reader: ...

    def create_builder(self, directory: Path, **options: Any) -> Builder: ...

    def format_version(self) -> int: ...


class _Cluster(_Engine, Protocol):
    """What the module of an engine holds that keeps indexes elsewhere."""

    def drop(self, directory: Path) -> bool: ...

    def follow(self, directory: Path) -> None: ...

    def guarded(self, index: Path, **options: Any) -> AbstractContextManager[None]: ...

    def verify(self, directory: Path) -> None: ...


#: Modules by the names of their engines; imported when they are asked for.
_MODULES: Final = {EMBEDDED: "search.engines.columnar", CLUSTER: "search.engines.opensearch"}


def _engine(name: str) -> _Engine:
    if name not in _MODULES:
        raise EngineMissing(f"There is no engine {name!r}; choose one of: {', '.join(_MODULES)}.")
    return cast("_Engine", import_module(_MODULES[name]))


def _cluster() -> _Cluster:
    return cast("_Cluster", import_module(_MODULES[CLUSTER]))
