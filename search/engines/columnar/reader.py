"""The reader: runs a plan over one segment.

1. The query tree is evaluated to a set of documents with scores (`evaluate`).
2. Filters are applied; each facet is counted without its own filter (`facets`).
3. The best are chosen by partial selection, looked at a second time (`ranking`), and collapsed by cluster.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from search.article import Article
from search.engines.base import FacetCounts, Found, FoundHit, Plan, Reader
from search.engines.columnar.columns import ColumnTables
from search.engines.columnar.evaluate import Evaluator
from search.engines.columnar.facets import Facets
from search.engines.columnar.matches import Docs, Mask, Matches, Scores, Sparse, restrict
from search.engines.columnar.meta import read_meta
from search.engines.columnar.phrase import PhraseFinder
from search.engines.columnar.ranking import SecondLook, TieKeys, top
from search.engines.columnar.segment import Segment
from search.engines.columnar.stored import decode_article
from search.engines.columnar.words import Scheme, WordLists
from search.errors import IndexDamaged
from search.query.tree import Form
from search.ranking.weights import WEIGHTS

#: Bytes of decoded words and of decoded addresses that a reader keeps.
WORD_CACHE, ADDRESS_CACHE = 72_000_000, 56_000_000
#: Score parts by name, for `--explain`, and where each document's stand.
Parts = tuple[dict[int, int], dict[str, Scores]]
#: The recency bonus halves with every year of age.
HALF_LIFE_YEARS = 1.0


class ColumnarReader(Reader):
    """Answers from one segment; safe between threads, as everything it shares is immutable or locked."""

    def __init__(self, directory: Path, word_cache: int = WORD_CACHE, address_cache: int = ADDRESS_CACHE) -> None:
        meta = read_meta(directory)
        self._segment = Segment.open(directory, meta["segment"])
        if self._segment.doc_count != meta["articles"]:
            raise IndexDamaged(f"The index in {directory} does not belong together: rebuild it.")
        scheme = Scheme(WEIGHTS.k1, WEIGHTS.b, WEIGHTS.title)
        columns = self._segment.columns
        self._facets = Facets(dict(columns), ColumnTables.from_json(meta["tables"]))
        self.words = WordLists(self._segment, scheme, word_cache)
        self._phrases = PhraseFinder(self.words, columns["words"], columns["title_words"], address_cache)
        self._second = SecondLook(self.words, self._phrases)

    @property
    def count(self) -> int:
        """Number of articles."""
        return self._segment.doc_count

    def search(self, plan: Plan) -> Found:
        """Evaluate a plan.  The tree must be within the query language's limits of depth and clauses."""
        evaluator = Evaluator(self.words, self._phrases, self._facets.filtered)
        matches = evaluator.run(plan.root)
        found, facets = self._filter(matches, plan)
        hits = self._page(found, plan)
        groups = self._facets.groups(found.docs) if plan.collapse else found.count
        return Found(found.count, hits, facets, tuple(dict.fromkeys(evaluator.notices)), groups)

    def _filter(self, matches: Matches, plan: Plan) -> tuple[Sparse, FacetCounts]:
        """Return the filtered matches, and facet counts that leave out the facet's own filter."""
        places = self._facets.province_mask(plan.filters.provinces)
        dates = self._facets.date_mask(plan.filters)
        if not plan.facets:
            return _apply(_apply(matches, places), dates).sparse(), FacetCounts()
        if places is None and dates is None:
            found = matches.sparse()
            return found, self._facets.count(found.docs, found.docs)
        if places is None:
            everything = matches.sparse()
            found = _apply(everything, dates).sparse()
            return found, self._facets.count(everything.docs, found.docs)
        in_places = _apply(matches, places).sparse()
        if dates is None:
            return in_places, self._facets.count(in_places.docs, matches.sparse().docs)
        in_dates = _apply(matches, dates).sparse()
        return _apply(in_places, dates).sparse(), self._facets.count(in_places.docs, in_dates.docs)

    def _page(self, found: Sparse, plan: Plan) -> list[FoundHit]:
        if plan.limit <= 0 or not found.count:
            return []
        if plan.sort != "relevance":
            scores = -self._facets.rank(plan.sort)[found.docs].astype(np.float32)
            return self._hits(found, scores, ({}, {}), plan, found.scores)
        scores = found.scores
        if plan.recency:
            scores = scores * (1 + np.float32(plan.recency) * np.exp2(-self._facets.ages(found.docs) / HALF_LIFE_YEARS))
        parts: Parts = {}, {}
        if plan.rescore and (plan.rescore.pairs or plan.rescore.window):
            scores, parts = self._rescored(found.docs, scores, plan)
        return self._hits(found, scores, parts, plan, scores)

    def _rescored(self, docs: Docs, scores: Scores, plan: Plan) -> tuple[Scores, Parts]:
        """Add the second look's scores to the best; what was not looked at stays behind what was."""
        assert plan.rescore
        best = top(scores, max(plan.rescore.depth, plan.offset + plan.limit), self._ties(docs))
        extra = self._second.rescore(docs[best], plan.rescore)
        scores = scores.copy()
        parts = {"words": scores[best], **extra}
        for values in extra.values():
            scores[best] += values
        return scores, (dict(zip(docs[best].tolist(), range(len(best)), strict=True)), parts)

    def _hits(self, found: Sparse, keys: Scores, parts: Parts, plan: Plan, scores: Scores) -> list[FoundHit]:
        """Return the page of the order that `keys` gives, one document per cluster if asked for."""
        wanted = plan.offset + plan.limit
        take = wanted
        while True:
            places = top(keys, take, self._ties(found.docs))
            kept = self._first_twins(found.docs[places]) if plan.collapse else np.arange(len(places))
            if len(kept) >= wanted or len(places) == found.count:
                break
            take *= 4
        chosen = places[kept[plan.offset : wanted]]
        docs = found.docs[chosen]
        twins = self._facets.twin_counts(found.docs, docs) if plan.collapse else np.zeros(len(docs), np.int64)
        place, values = parts
        return [
            FoundHit(doc, score, {n: float(each[place[doc]]) for n, each in values.items() if doc in place}, twin)
            for doc, score, twin in zip(docs.tolist(), scores[chosen].tolist(), twins.tolist(), strict=True)
        ]

    def _ties(self, docs: Docs) -> TieKeys | None:
        """Return what orders equals among `docs`: their ids, where document numbers don't."""
        order = self._facets.order
        return None if order is None else lambda places: order[docs[places]]

    def _first_twins(self, docs: Docs) -> Docs:
        """Return the places in `docs` that are the first of their cluster, or in none."""
        clusters = self._facets.clusters[docs]
        keep = clusters == 0
        keep[np.unique(clusters, return_index=True)[1]] = True
        return np.flatnonzero(keep)

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
        return int(field.docs(ordinal)[0]) if ordinal >= 0 else None

    def twins(self, doc: int) -> list[int]:
        """Return the other documents of the cluster of `doc`."""
        return [int(twin) for twin in self._facets.twins(doc)]

    def df(self, form: Form, term: str) -> int:
        """Return the number of documents with a term in title or body."""
        return self.words.df(form, term)

    def terms(self, form: Form) -> Iterator[tuple[str, int, int]]:
        """Yield (term, documents, occurrences) of title and body, sorted by term."""
        field = self._segment.fields[form]
        for term, df, cf in zip(field.terms(), field.df.tolist(), field.cfs.tolist(), strict=True):
            yield term.decode(), df, cf

    def close(self) -> None:
        """Forget caches and files."""
        self.words.clear()
        self._phrases.clear()
        self._segment.close()


def _apply(matches: Matches, mask: Mask | None) -> Matches:
    """Return the members inside of `mask`; all if there is none."""
    return matches if mask is None else restrict(matches, mask)
