"""The archive as the page, the endpoint and the command see it: one object that searches.

A search: the request is found (`search.archive.finding`), and its hits get titles, marks, snippets and grades.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from search.archive import cursors
from search.archive.building import ENGINE, LEXICON, SUGGESTIONS
from search.archive.finding import Finder, Result
from search.article import Article
from search.budget import check
from search.engines.port import Found, FoundHit, Plan, Reader, open_reader
from search.errors import NotFound
from search.lexicon.lexicon import Lexicon
from search.planning.clauses import ClauseMaker
from search.planning.explaining import explain_query
from search.planning.planner import Planner
from search.planning.query import Query
from search.planning.understanding import understood
from search.planning.weights import WEIGHTS, Weights
from search.query.synonyms import Synonyms
from search.query.synonyms import load as load_synonyms
from search.reading.restoring import Restorer
from search.results.answer import Answer, ArticleView, Hit, Request, Suggestion
from search.results.marker import Marker
from search.suggest.completions import Completions
from search.suggest.similar import likeness


class Archive:
    """One opened generation.  Immutable and safe to share between threads."""

    def __init__(
        self,
        reader: Reader,
        lexicon: Lexicon,
        generation: str = "",
        weights: Weights = WEIGHTS,
        synonyms: Synonyms | None = None,
        completions: Completions | None = None,
        release: Callable[[], None] | None = None,
    ) -> None:
        self._completions = completions
        self._release = release
        self.generation = generation
        synonyms = synonyms or load_synonyms()
        self.state = cursors.state_of(generation, synonyms.digest)
        self._reader = reader
        self.lexicon = lexicon
        restorer = Restorer(lexicon, partial(reader.df, "key"))
        names = lru_cache(maxsize=2_000)(completions.names if completions else _no_names)
        maker = ClauseMaker(weights, lexicon)
        planner = Planner(restorer, maker, synonyms, weights, names)
        abbreviated = lru_cache(maxsize=1_000)(completions.abbreviated if completions else _no_names)
        understand = partial(understood, lexicon=lexicon, names=names, abbreviated=abbreviated)
        self._finder = Finder(reader, planner, weights, self.state, understand, names)
        self._scoring = weights.scoring

    @classmethod
    def open(
        cls,
        directory: Path,
        generation: str = "",
        weights: Weights = WEIGHTS,
        release: Callable[[], None] | None = None,
    ) -> "Archive":
        """Open the archive directory of a generation.  Raises IndexMissing, IndexDamaged or IndexOutdated.

        With a generation's id, `synonyms.txt` of the index directory (three levels up) is read as well.  `release`
        is called once, when the archive is closed.
        """
        lexicon = Lexicon.open(directory / LEXICON)
        synonyms = load_synonyms(directory.parents[2] if generation else None)
        completions = Completions(directory / SUGGESTIONS)
        return cls(open_reader(directory / ENGINE), lexicon, generation, weights, synonyms, completions, release)

    def health(self) -> str:
        """Return what is wrong with what keeps the index, nothing if all is well.  Raises EngineUnavailable."""
        return self._reader.health()

    def bound_cache(self, megabytes: int) -> None:
        """Keep at most so many MB of decoded lists."""
        self._reader.bound_cache(megabytes)

    @property
    def count(self) -> int:
        """Number of articles."""
        return self._reader.count

    def search(self, request: Request) -> Answer:
        """Answer a request.  Any query string is accepted; what was ignored or changed is in the notices."""
        started = time.perf_counter()
        result = self.find(request)
        found, query = result.found, result.query
        hits = self._hits(query, found, request)
        explained = explain_query(result.parsed, query, found) if request.explain else None
        following = "" if found.last or not found.hits else self._cursor(request, found)
        took = (time.perf_counter() - started) * 1000
        return Answer(
            request, found.total, hits, found.facets, took, self.generation, result.notices, explained, found.groups,
            found.more, following,
        )  # fmt: skip

    def _cursor(self, request: Request, found: Found) -> str:
        before = cursors.read(request, self.state)[0] if request.after else (request.page - 1) * request.size
        return cursors.write(request, self.state, before + len(found.hits), found.hits[-1].doc)

    def find(self, request: Request) -> Result:
        """Return what a request finds, without looking up any hit."""
        return self._finder.find(request)

    def _hits(self, query: Query, found: Found, request: Request) -> tuple[Hit, ...]:
        cards = self._reader.cards([hit.doc for hit in found.hits])
        marker = Marker(query, self.lexicon)
        return tuple(_hit(card, hit, marker, query, request) for card, hit in zip(cards, found.hits, strict=True))

    def titles(self, found: Found) -> list[str]:
        """Return the titles of the hits on the page that was found, without reading their articles."""
        return self._reader.titles([hit.doc for hit in found.hits])

    def rank(self, request: Request) -> list[Article]:
        """Return only the articles of the hits of a request, in order: the same search without marks and snippets."""
        return self._reader.cards([hit.doc for hit in self.find(request).found.hits])

    def members(self, request: Request, limit: int, chunk: int) -> tuple[int, Iterator[list[Article]]]:
        """Return how many members a request has, and at most `limit` of them in its order, some at a time.

        Near-duplicates come one by one.  Each step of the iterator searches once: what a search raises, it raises.
        """
        whole = replace(request, page=1, size=chunk, each=True, after="")
        first = self.find(whole).found
        return first.total, self._members(whole, first, min(first.total, limit))

    def _members(self, request: Request, found: Found, left: int) -> Iterator[list[Article]]:
        page = 1
        while left > 0:
            docs = [hit.doc for hit in found.hits if hit.member][:left]
            yield self._reader.cards(docs)
            left -= len(docs)
            page += 1
            if found.last or left <= 0:
                return
            found = self.find(replace(request, page=page)).found

    def around(self, request: Request, place: int) -> tuple[Article | None, Article | None]:
        """Return the hits of a request before and behind one of them, by its place from 1."""
        hits = self.find(replace(request, page=1, size=place + 1, after="")).found.hits
        before, behind = (hits[at : at + 1] if at >= 0 else () for at in (place - 2, place))
        cards = [self._reader.cards([hit.doc])[0] for hit in (*before, *behind)]
        return cards.pop(0) if before else None, cards.pop(0) if behind else None

    def article(self, article_id: str, q: str = "") -> ArticleView:
        """Return one article with the words of `q` marked.  Raises NotFound."""
        doc = self._doc(article_id)
        article = self._reader.articles([doc])[0]
        title_marks, body_marks = Marker(self._finder.query(q), self.lexicon).marks(article)
        twins = sorted(self._reader.cards(self._reader.twins(doc)), key=lambda twin: (twin.date.value or "9", twin.id))
        return ArticleView(article, title_marks, body_marks, tuple(twins))

    def similar(self, article_id: str, count: int = 5) -> tuple[Article, ...]:
        """Return the articles most like one article, without its twins.  Raises NotFound."""
        doc = self._doc(article_id)
        same = {doc, *self._reader.twins(doc)}
        root = likeness(self._reader.cards([doc])[0], self.lexicon, self.count)
        found = self._reader.search(Plan(root, limit=count + len(same), facets=False, scoring=self._scoring))
        docs = [hit.doc for hit in found.hits if hit.doc not in same and hit.score > 0]
        return tuple(self._reader.cards(docs[:count]))

    def documents(self, article_id: str) -> frozenset[int]:
        """Return the numbers under which `find` names an article and its near-duplicates, none if it is not there."""
        doc = self._reader.find(article_id)
        return frozenset() if doc is None else frozenset([doc, *self._reader.twins(doc)])

    def _doc(self, article_id: str) -> int:
        doc = self._reader.find(article_id)
        if doc is None:
            raise NotFound(f"There is no article {article_id!r} in the archive.")
        return doc

    def suggest(self, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return completions of what has been typed so far, found without marks and shown with them."""
        return self._completions.find(prefix, limit) if self._completions else ()

    def close(self) -> None:
        """Release files at once; idempotent."""
        self._reader.close()
        self.lexicon.close()
        self._completions = None
        self.__dict__.pop("_finder", None)
        release, self._release = self._release, None
        if release:
            release()


def _hit(card: Article, hit: FoundHit, marker: Marker, query: Query, request: Request) -> Hit:
    check("showing the results")
    shown = marker.show(card)
    explained = dict(hit.parts) if request.explain else None
    missing = tuple([query.units[place].text for place in hit.missing])
    grade = marker.grade(shown, card)
    return Hit(
        card, hit.score, shown.title_marks, shown.snippets, grade, hit.twins, explained, missing, hit.member
    )


def _no_names(*_words: object) -> list[Any]:
    """Return the names that an archive without suggestions has."""
    return []
