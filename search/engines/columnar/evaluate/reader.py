"""The reader: runs a plan over one segment.

1. The query tree is evaluated to a set of documents with scores (`evaluate`).
2. Filters are applied; each facet is counted without its own filter (`facets`).
3. Members, and in the order of relevance documents beyond them, are listed once per cluster of twins (`listing`); the
   best are rescored (`rescore`), and the page is cut from one order that does not depend on the page.
"""

from collections.abc import Iterator, Mapping, Sequence
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
from search.engines.columnar.evaluate.listing import Listing
from search.engines.columnar.evaluate.pair_lists import PairLists
from search.engines.columnar.evaluate.phrases import PhraseFinder
from search.engines.columnar.evaluate.positions import Positions
from search.engines.columnar.evaluate.pruning import candidates
from search.engines.columnar.evaluate.rescore import SecondLook
from search.engines.columnar.evaluate.top import top
from search.engines.columnar.format.columns import ColumnTables
from search.engines.columnar.format.meta import read_meta
from search.engines.columnar.format.segment import Segment
from search.engines.facets import FacetCounts
from search.engines.port import SCORING, Found, FoundHit, Plan, Reader, Rescore, Scoring
from search.errors import IndexDamaged
from search.query.tree import Form

#: Bytes of decoded lists that a reader keeps unless told otherwise: what is left of 250 MB of private memory by Python,
#: the lexicon and temporaries.  The 300 queries of the benchmark ask for 168 MB at 88,514 articles, of which 117 are a
#: byte for each document of frequent terms (`bm25f`), and for 170 MB at 300,000.
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

    def __init__(self, directory: Path, cache: int = CACHE, verify: bool = True) -> None:
        meta = read_meta(directory)
        self._segment = Segment.open(directory, meta["segment"], verify)
        if self._segment.doc_count != meta["articles"]:
            raise IndexDamaged(f"The index in {directory} does not belong together: rebuild it.")
        self._facets = Facets(self._segment.columns, ColumnTables.from_json(meta["tables"]))
        self._cache = ByteCache(cache)
        self._scorers: dict[Scoring, _Scorer] = {}
        self._df = self._scorer(SCORING).words.df

    def _scorer(self, scoring: Scoring) -> _Scorer:
        scorer = self._scorers.get(scoring)
        if scorer is None:
            columns = self._segment.columns
            words = WordLists(self._segment, scoring, self._cache, self._facets.unmarked)
            places = Positions(words), columns["words"], columns["title_words"]
            pairs = PairLists(self._segment, self._cache)
            scorer = _Scorer(words, PhraseFinder(words, pairs, *places), SecondLook(words, *places))
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
        evaluator = Evaluator(scorer.words, scorer.phrases, self._facets.restricted, plan.root)
        wanted = evaluator.members(plan.root if plan.members is None else plan.members)
        masks = self._facets.masks(plan.filters)
        members = _passing(wanted, masks)
        facets = self._facets.count(wanted, masks, plan.filters) if plan.facets else FacetCounts()
        others = 0
        if plan.others is not None and not evaluator.left_out:
            others = _passing(evaluator.members(plan.others), masks).count - members.count
        if plan.limit <= 0:
            return Found(members.count, (), facets, others=others)
        wide = plan.beyond if plan.sort == "relevance" else None
        beyond = _passing(evaluator.members(wide), masks) if wide is not None else None
        listing = Listing.of(members, beyond, self._facets, plan.collapse, self.count)
        hits, last = self._page(listing, plan, evaluator)
        return Found(
            members.count, hits, facets, tuple(dict.fromkeys(evaluator.notices)), listing.groups, listing.more,
            tuple(evaluator.left_out), tuple(evaluator.unit_counts), last, others,
        )  # fmt: skip

    def _page(self, listing: Listing, plan: Plan, evaluator: Evaluator) -> tuple[list[FoundHit], bool]:
        """Return the hits of the page, and whether it is the last one."""
        docs = listing.docs
        if not len(docs):
            return [], True
        if plan.sort != "relevance":
            keys = -self._facets.rank(plan.sort)[docs]
            places, last = listing.page(keys, None, plan)
            order = np.argsort(places)
            scores = np.empty(len(places), np.float32)
            scores[order] = evaluator.scores(docs[places[order]])
            return self._hits(listing, places, scores, plan, evaluator), last
        factors = self._factors(listing, plan, evaluator)
        if not plan.rescore or not (plan.rescore.pairs or plan.rescore.words):
            scores = _scores(evaluator, docs, factors)
            places, last = listing.page(scores, None, plan)
            return self._hits(listing, places, scores[places], plan, evaluator), last
        end = plan.offset + plan.limit
        some = candidates(evaluator, docs, factors, plan.rescore.depth) if _is_early(plan, plan.rescore) else None
        scores = _scores(evaluator, docs, factors, some)
        looked, parts, sums = self._looked_at_twice(listing, scores, plan, plan.rescore)
        if some is not None and len(listing.first_of(looked, sums)) < end:  # twins stand for one: the page goes on
            scores = _scores(evaluator, docs, factors)
        places, last = listing.page(scores, (looked, sums), plan)
        at = np.searchsorted(looked, places).clip(max=len(looked) - 1)
        twice = looked[at] == places
        parts = {name: np.where(twice, values[at], 0) for name, values in parts.items()} | {"words": scores[places]}
        shown = np.where(twice, sums[at], scores[places])
        return self._hits(listing, places, shown, plan, evaluator, parts), last

    def _factors(self, listing: Listing, plan: Plan, evaluator: Evaluator) -> list[Scores]:
        """Return what the scores of the documents of a listing are multiplied with."""
        docs, factors = listing.docs, []
        if plan.recency:
            weight, half_life = plan.recency
            factors.append(1 + np.float32(weight) * np.exp2(-self._facets.ages(docs) / np.float32(half_life)))
        for lift in plan.lifts:
            inside = evaluator.members(lift.to).mask(self.count)[docs]
            factors.append(np.where(inside, np.float32(lift.factor), np.float32(1)))
        if listing.more and plan.lifted != 1 and not evaluator.left_out:
            factors.append(np.where(listing.members, np.float32(plan.lifted), np.float32(1)))
        return factors

    def _looked_at_twice(
        self, listing: Listing, scores: Scores, plan: Plan, rescore: Rescore
    ) -> tuple[Docs, Parts, Scores]:
        """Rescore the best by their first scores: how many does not depend on the page, so neither does the order.

        Return their places in the listing, ascending, the parts of their scores, and their scores.
        """
        looked = top(scores, rescore.depth, listing.ties)
        looked.sort()
        best = listing.docs.take(looked)
        first = scores.take(looked)
        wanted = plan.offset + plan.limit if plan.after is None else len(looked)

        def lowest(known: Scores) -> float:
            return listing.lowest(looked, known, wanted)

        parts = {"words": first, **self._scorer(plan.scoring).second.rescore(best, first, rescore, lowest)}
        return looked, parts, np.add.reduce(list(parts.values()))

    def _hits(
        self, listing: Listing, places: Docs, scores: Scores, plan: Plan, evaluator: Evaluator,
        parts: Parts | None = None,
    ) -> list[FoundHit]:  # fmt: skip
        """Return the hits at some places of a listing; `scores` and `parts` are theirs."""
        docs = listing.docs[places]
        each: list[list[float]] = [values.tolist() for values in (parts or {}).values()]
        rows = [dict(zip(parts, row, strict=True)) for row in zip(*each, strict=True)] if parts else [{}] * len(docs)
        members = listing.members[places]
        lacks: list[tuple[int, ...]] = [()] * len(docs)
        if plan.units and (evaluator.left_out or not members.all()):
            lacks = evaluator.lacking(plan.units, docs)
        columns = docs.tolist(), scores.tolist(), rows, listing.stand_for(places), lacks, members.tolist()
        return list(map(FoundHit, *columns))

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

    def bound_cache(self, megabytes: int) -> None:
        """Keep at most so many MB of decoded lists."""
        self._cache.bound(megabytes * 1_000_000)

    def forget(self) -> None:
        """Forget decoded lists."""
        self._cache.clear()

    def close(self) -> None:
        """Release files and memory at once; nothing may be asked afterwards."""
        self.__dict__.clear()  # files are closed with the last array that shows them, and nothing here is a circle


def _is_early(plan: Plan, rescore: Rescore) -> bool:
    """Say whether a page is likely to show documents alone that are rescored."""
    return plan.after is None and plan.offset + plan.limit <= rescore.depth


def _scores(evaluator: Evaluator, docs: Docs, factors: Sequence[Scores], some: Docs | None = None) -> Scores:
    """Return the scores of `docs`, of `some` places in them or of all; -infinity is for those left out."""
    scores = evaluator.scores(docs if some is None else docs.take(some))
    for factor in factors:
        scores = scores * (factor if some is None else factor.take(some))
    if some is None:
        return scores
    every = np.full(len(docs), -np.inf, np.float32)
    every[some] = scores
    return every


def _passing(found: Members, masks: Mapping[str, Mask]) -> Members:
    """Return the members inside of all masks."""
    for mask in masks.values():
        found = found.only(mask)
    return found
