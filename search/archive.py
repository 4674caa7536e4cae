"""The archive as the page, the endpoint and the command see it: one object that searches.

A search: parse -> read the words in context -> plan -> engine -> (nothing found: the ladder) -> hits with
marks, snippets and grades -> Answer.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from search.answer import Answer, ArticleView, Hit, Notice, Request, Suggestion
from search.article import Article
from search.building import ENGINE, LEXICON, SUGGESTIONS
from search.engines.base import Filters, Found, FoundHit, Plan, Reader, open_reader
from search.errors import NotFound
from search.lexicon.lexicon import Lexicon
from search.places import province_named
from search.query.parser import parse
from search.query.synonyms import Synonyms
from search.query.synonyms import load as load_synonyms
from search.query.syntax import Parsed, words_of
from search.ranking.clauses import ClauseMaker, DocumentFrequency
from search.ranking.explaining import explain_query
from search.ranking.ladder import EXACTLY, NOT_ALL_WORDS, rungs
from search.ranking.marking import Marker
from search.ranking.mergers import merger_notices
from search.ranking.planner import Effort, Planner, Query
from search.ranking.restoring import Restorer
from search.ranking.weights import WEIGHTS, Weights
from search.suggest.completions import Completions
from search.suggest.similar import likeness
from search.text import PIPELINE
from search.text.spelling import spell

#: Results beyond this place can't be paged to; nobody reads them, and bots ask for them.
DEEPEST: Final = 10_000
RECENCY: Final = 0.2


@dataclass(frozen=True, slots=True)
class _Result:
    """A search before its hits are looked up."""

    parsed: Parsed
    query: Query
    found: Found
    notices: tuple[Notice, ...]


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
    ) -> None:
        self._completions = completions
        self.generation = generation
        self._reader = reader
        self._lexicon = lexicon
        self._weights = weights
        maker = ClauseMaker(weights, DocumentFrequency(lexicon, reader))
        self._planner = Planner(Restorer(lexicon), maker, synonyms or load_synonyms(), weights)

    @classmethod
    def open(cls, directory: Path, generation: str = "", weights: Weights = WEIGHTS) -> "Archive":
        """Open the archive directory of a generation.  Raises IndexMissing, IndexDamaged or IndexOutdated.

        With a generation's id, `synonyms.txt` of the index directory (three levels up) is read as well.
        """
        lexicon = Lexicon.open(directory / LEXICON)
        synonyms = load_synonyms(directory.parents[2] if generation else None)
        completions = Completions(directory / SUGGESTIONS)
        return cls(open_reader(directory / ENGINE), lexicon, generation, weights, synonyms, completions)

    @property
    def count(self) -> int:
        """Number of articles."""
        return self._reader.count

    def search(self, request: Request) -> Answer:
        """Answer a request.  Any query string is accepted; what was ignored or changed is in the notices."""
        started = time.perf_counter()
        result = self._found(request)
        hits = self._hits(result.query, result.found, request)
        explained = explain_query(result.parsed, result.query) if request.explain else None
        took = (time.perf_counter() - started) * 1000
        found, notices = result.found, result.notices
        return Answer(
            request, found.total, hits, found.facets, took, self.generation, notices, explained, found.groups
        )

    def _found(self, request: Request) -> "_Result":
        parsed = parse(request.q, _provinces)
        query = self._planner.query(parsed, Effort(correct=not request.strict, strict=request.strict))
        found = self._reader.search(self._plan(query, request))
        notices = [*parsed.notices, *merger_notices(parsed)]
        if not found.total and not request.strict and not query.empty:
            query, found, notices = self._ladder(parsed, query, found, request, notices)
        elif query.softer and self._are_few(query, found, request):
            query, notices = self._planner.query(parsed, Effort(soft=True)), [*notices, NOT_ALL_WORDS]
            found = self._reader.search(self._plan(query, request))
        if query.corrected:
            notices.insert(0, _corrected(query, parsed))
        return _Result(parsed, query, found, tuple(notices))

    def _are_few(self, query: Query, found: Found, request: Request) -> bool:
        """Say whether few articles have all words, before filters: a facet must not show more than it promised."""
        if found.total < self._weights.few_found and request.filters != Filters():
            found = self._reader.search(Plan(query.root, limit=1, facets=False))
        return found.total < self._weights.few_found

    def _plan(self, query: Query, request: Request) -> Plan:
        sort = "newest" if query.empty and request.sort == "relevance" else request.sort
        offset = min((max(request.page, 1) - 1) * request.size, DEEPEST)
        return Plan(
            query.root,
            request.filters,
            sort,
            offset,
            request.size,
            rescore=query.rescore if sort == "relevance" else None,
            recency=RECENCY if request.recency else 0.0,
        )

    def _ladder(
        self, parsed: Parsed, query: Query, found: Found, request: Request, notices: list[Notice]
    ) -> tuple[Query, Found, list[Notice]]:
        for effort, notice in rungs(parsed, query.clauses, Effort(), self._weights.softened_from):
            further = self._planner.query(parsed, effort)
            result = self._reader.search(self._plan(further, request))
            if result.total:
                return further, result, [*notices, notice]
        return query, found, notices

    def _hits(self, query: Query, found: Found, request: Request) -> tuple[Hit, ...]:
        cards = self._reader.cards([hit.doc for hit in found.hits])
        marker = Marker(query)
        return tuple(_hit(card, hit, marker, request) for card, hit in zip(cards, found.hits, strict=True))

    def rank(self, request: Request) -> list[Article]:
        """Return only the articles of the hits of a request, in order: the same search without marks and snippets."""
        return self._reader.cards([hit.doc for hit in self._found(request).found.hits])

    def article(self, article_id: str, q: str = "") -> ArticleView:
        """Return one article with the words of `q` marked.  Raises NotFound."""
        doc = self._doc(article_id)
        article = self._reader.articles([doc])[0]
        marker = Marker(self._planner.query(parse(q, _provinces))).fitting(article)
        twins = sorted(self._reader.cards(self._reader.twins(doc)), key=lambda twin: (twin.date.value or "9", twin.id))
        return ArticleView(article, marker.marks(article.title), marker.marks(article.body), tuple(twins))

    def similar(self, article_id: str, count: int = 5) -> tuple[Article, ...]:
        """Return the articles most like one article, without its twins.  Raises NotFound."""
        doc = self._doc(article_id)
        same = {doc, *self._reader.twins(doc)}
        root = likeness(self._reader.cards([doc])[0], self._lexicon, self.count)
        found = self._reader.search(Plan(root, limit=count + len(same), facets=False))
        docs = [hit.doc for hit in found.hits if hit.doc not in same and hit.score > 0]
        return tuple(self._reader.cards(docs[:count]))

    def _doc(self, article_id: str) -> int:
        doc = self._reader.find(article_id)
        if doc is None:
            raise NotFound(f"There is no article {article_id!r} in the archive.")
        return doc

    def suggest(self, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return completions of what has been typed so far, found without marks and shown with them."""
        return self._completions.find(prefix, limit) if self._completions else ()

    def close(self) -> None:
        """Release files; idempotent."""
        self._reader.close()


def open_archive(directory: Path, generation: str = "") -> Archive:
    """Open the archive directory of a generation.  Raises IndexMissing, IndexDamaged or IndexOutdated."""
    return Archive.open(directory, generation)


def _provinces(name: str) -> tuple[str, ...]:
    """Return the province that a name means, in any spelling; none if there is none."""
    province = province_named(PIPELINE.normalize(name))
    return (province,) if province else ()


def _hit(card: Article, hit: FoundHit, marker: Marker, request: Request) -> Hit:
    shown = marker.show(card)
    explained = dict(hit.parts) if request.explain else None
    return Hit(card, hit.score, shown.title_marks, shown.snippets, shown.grade, hit.twins, explained)


def _corrected(query: Query, parsed: Parsed) -> Notice:
    """Return the notice of a correction: the query with the corrected words in it, and the way back."""
    words = [leaf.text[token.start : token.end] for leaf, token in words_of(parsed.root)]
    for at, clause in enumerate(query.clauses):
        if clause.corrected:
            words[at] = spell(clause.corrected.key)
    shown = " ".join(words)
    return Notice("corrected", f"Hiển thị kết quả cho {shown} — tìm đúng {parsed.text}",
                  f"Showing results for {shown} — search exactly {parsed.text}", EXACTLY)  # fmt: skip
