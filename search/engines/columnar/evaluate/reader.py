"""The reader: runs a plan over one segment.

1. The query tree is evaluated to a set of documents with scores (`evaluate`).
2. Filters are applied; each facet is counted without its own filter (`facets`).
3. The best are chosen by partial selection, looked at a second time (`ranking`), and collapsed by cluster.
"""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from search.article import Article
from search.article_json import decode_article
from search.engines.columnar.evaluate.bm25f import Scores, WordLists
from search.engines.columnar.evaluate.cache import ByteCache
from search.engines.columnar.evaluate.docsets import Docs, Mask, Members
from search.engines.columnar.evaluate.evaluator import Evaluator
from search.engines.columnar.evaluate.facets import Facets
from search.engines.columnar.evaluate.phrases import PhraseFinder
from search.engines.columnar.evaluate.positions import Positions
from search.engines.columnar.evaluate.rescore import SecondLook
from search.engines.columnar.evaluate.top import TieKeys, top
from search.engines.columnar.format.columns import ColumnTables
from search.engines.columnar.format.meta import read_meta
from search.engines.columnar.format.segment import Segment
from search.engines.port import SCORING, FacetCounts, Found, FoundHit, Plan, Reader, Rescore, Scoring
from search.errors import IndexDamaged
from search.query.tree import Form

#: Bytes of decoded lists and positions that a reader keeps: what is left of 250 MB of private memory by Python, the
#: lexicon and temporaries.  The 300 queries of the benchmark ask for 174 MB at 88,503 articles (terms 64, positions
#: 77, how many there are in each document 33); with 160 MB lists are decoded again and p50 is 1.6 times as high.
CACHE = 176_000_000
#: Score parts by name, for `--explain`.
Parts = dict[str, Scores]


#: Ways of scoring whose tables are kept at once: a server has one, tuning tries some.
_SCORINGS = 4


class _Scorer(NamedTuple):
    """What scores by one set of weights; decoded lists are shared."""

    words: WordLists
    phrases: PhraseFinder
    second: SecondLook


class ColumnarReader(Reader):
    """Answers from one segment; safe between threads, as everything it shares is immutable or locked."""

    def __init__(self, directory: Path, cache: int = CACHE) -> None:
        meta = read_meta(directory)
        self._segment = Segment.open(directory, meta["segment"])
        if self._segment.doc_count != meta["articles"]:
            raise IndexDamaged(f"The index in {directory} does not belong together: rebuild it.")
        self._facets = Facets(self._segment.columns, ColumnTables.from_json(meta["tables"]))
        self._cache = ByteCache(cache)
        self._scorers: dict[Scoring, _Scorer] = {}
        self._df = self._scorer(SCORING).words.df

    def _scorer(self, scoring: Scoring) -> _Scorer:
        scorer = self._scorers.get(scoring)
        if scorer is None:
            words, columns = WordLists(self._segment, scoring, self._cache), self._segment.columns
            places = Positions(words, self._cache), columns["words"], columns["title_words"]
            scorer = _Scorer(words, PhraseFinder(words, *places), SecondLook(words, *places))
            if len(self._scorers) == _SCORINGS:
                self._scorers.clear()
            self._scorers[scoring] = scorer
        return scorer

    @property
    def count(self) -> int:
        """Number of articles."""
        return self._segment.doc_count

    def search(self, plan: Plan) -> Found:
        """Evaluate a plan.  The tree must be within the query language's limits of depth and clauses."""
        scorer = self._scorer(plan.scoring)
        evaluator = Evaluator(scorer.words, scorer.phrases, self._facets.filtered, plan.root)
        docs, facets = self._filter(evaluator.members(plan.root), plan)
        hits = self._page(docs, plan, evaluator)
        groups = self._facets.groups(docs) if plan.collapse else len(docs)
        return Found(len(docs), hits, facets, tuple(dict.fromkeys(evaluator.notices)), groups)

    def _filter(self, found: Members, plan: Plan) -> tuple[Docs, FacetCounts]:
        """Return the filtered documents, and facet counts that leave out the facet's own filter."""
        places = self._facets.province_mask(plan.filters.provinces)
        dates = self._facets.date_mask(plan.filters)
        in_places, in_dates = _only(found, places), _only(found, dates)
        both = in_places if dates is None else in_dates if places is None else in_places.only(dates)
        if not plan.facets:
            return both.docs, FacetCounts()
        return both.docs, self._facets.count(in_places.docs, in_dates.docs)

    def _page(self, docs: Docs, plan: Plan, evaluator: Evaluator) -> list[FoundHit]:
        if plan.limit <= 0 or not len(docs):
            return []
        if plan.sort != "relevance":
            places = self._places(docs, -self._facets.rank(plan.sort)[docs].astype(np.float32), plan)
            order = np.argsort(places)
            scores = np.empty(len(places), np.float32)
            scores[order] = evaluator.scores(docs[places[order]])
            return self._hits(docs, docs[places], scores, plan)
        scores = evaluator.scores(docs)
        if plan.recency:
            weight, half_life = plan.recency
            scores = scores * (1 + np.float32(weight) * np.exp2(-self._facets.ages(docs) / np.float32(half_life)))
        if plan.rescore and (plan.rescore.pairs or plan.rescore.words):
            return self._looked_at_twice(docs, scores, plan, plan.rescore)
        places = self._places(docs, scores, plan)
        return self._hits(docs, docs[places], scores[places], plan)

    def _looked_at_twice(self, docs: Docs, scores: Scores, plan: Plan, rescore: Rescore) -> list[FoundHit]:
        """Add the second look's scores to the best; what was not looked at stays behind what was."""
        wanted = plan.offset + plan.limit
        looked = top(scores, max(rescore.depth, wanted), self._ties(docs))
        looked.sort()
        best = docs.take(looked)
        first = scores.take(looked)

        def lowest(known: Scores) -> float:
            kept = self._kept(best, known, len(best), plan.collapse)
            return float(known[kept[wanted - 1]]) if len(kept) >= wanted else -math.inf

        parts = {"words": first, **self._scorer(plan.scoring).second.rescore(best, first, rescore, lowest)}
        sums = np.add.reduce(list(parts.values()))
        places = self._kept(best, sums, len(best), plan.collapse)
        if len(places) < wanted and len(best) < len(docs):  # so many twins among the best
            every = {name: np.zeros_like(scores) for name in parts} | {"words": scores}
            for name, values in parts.items():
                every[name][looked] = values
            best, parts, sums = docs, every, np.add.reduce(list(every.values()))
            places = self._places(docs, sums, plan)
        else:
            places = places[plan.offset : wanted]
        shown = {name: values.take(places) for name, values in parts.items()}
        return self._hits(docs, best.take(places), sums.take(places), plan, shown)

    def _places(self, docs: Docs, keys: Scores, plan: Plan) -> Docs:
        """Return the places in `docs` of the page of the order that `keys` gives, one document per cluster if asked."""
        wanted = take = plan.offset + plan.limit
        while True:
            kept = self._kept(docs, keys, take, plan.collapse)
            if len(kept) >= wanted or take >= len(docs):
                return kept[plan.offset : wanted]
            take *= 4

    def _kept(self, docs: Docs, keys: Scores, take: int, collapse: bool) -> Docs:
        """Return the places of the best `take` of `docs`, best first, without further ones of a cluster if asked."""
        places = top(keys, take, self._ties(docs))
        return places[self._facets.first_twins(docs[places])] if collapse and self._facets.has_twins else places

    def _hits(self, found: Docs, docs: Docs, scores: Scores, plan: Plan, parts: Parts | None = None) -> list[FoundHit]:
        """Return `docs`, a page of what was `found`, as hits; `scores` and `parts` are theirs."""
        each: list[list[float]] = [values.tolist() for values in (parts or {}).values()]
        rows = [dict(zip(parts, row, strict=True)) for row in zip(*each, strict=True)] if parts else [{}] * len(docs)
        counted = plan.collapse and self._facets.has_twins
        twins = self._facets.twin_counts(found, docs).tolist() if counted else [0] * len(docs)
        return list(map(FoundHit, docs.tolist(), scores.tolist(), rows, twins))

    def _ties(self, docs: Docs) -> TieKeys | None:
        """Return what orders equals among `docs`: their ids, where document numbers don't."""
        order = self._facets.order
        return None if order is None else lambda places: order[docs[places]]

    def articles(self, docs: Sequence[int]) -> list[Article]:
        """Return whole articles."""
        stored, removed = self._segment.blobs("stored"), self._segment.blobs("removed")
        return [decode_article(stored.get(doc), removed.get(doc)) for doc in docs]

    def cards(self, docs: Sequence[int]) -> list[Article]:
        """Return articles without `removed`: one decompression and one JSON object each, about 25 microseconds."""
        stored = self._segment.blobs("stored")
        return [decode_article(stored.get(doc)) for doc in docs]

    def titles(self, docs: Sequence[int]) -> list[str]:
        """Return titles alone, without reading the articles."""
        blobs = self._segment.blobs("title")
        return [blobs.raw(doc).decode("utf-8", "surrogatepass") for doc in docs]

    def find(self, article_id: str) -> int | None:
        """Return the document number of an article id."""
        field = self._segment.fields["id"]
        ordinal = field.find(article_id.encode("utf-8", "surrogatepass"))
        return int(field.record(ordinal).docs()[0]) if ordinal >= 0 else None

    def twins(self, doc: int) -> list[int]:
        """Return the other documents of the cluster of `doc`."""
        return [int(twin) for twin in self._facets.twins(doc)]

    def df(self, form: Form, term: str) -> int:
        """Return the number of documents with a term in title or body."""
        return self._df(form, term)

    def terms(self, form: Form) -> Iterator[tuple[str, int, int]]:
        """Yield (term, documents, occurrences) of title and body, sorted by term."""
        field = self._segment.fields[form]
        for term, df, cf in zip(field.terms(), field.df.tolist(), field.cfs.tolist(), strict=True):
            yield term.decode(), df, cf

    def forget(self) -> None:
        """Forget decoded lists."""
        self._cache.clear()

    def close(self) -> None:
        """Release files and memory at once; nothing may be asked afterwards."""
        self.__dict__.clear()  # files are closed with the last array that shows them, and nothing here is a circle


def _only(found: Members, mask: Mask | None) -> Members:
    """Return the members inside of `mask`; all if there is none."""
    return found if mask is None else found.only(mask)
