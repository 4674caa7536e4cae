"""Evaluate Whoosh query objects on whole arrays: the documents and scores of `Searcher.search`, without its loops.

Follows what the matchers of whoosh3 3.54 do, also where it surprises: `Not` adds 1 to a score; a phrase scores
as the sum of its words; the boost of an And or Or with one clause is ignored; `Prefix`, `Wildcard`, `FuzzyTerm`
and ranges that stand for several terms score 1 in a segment of up to 5,000 documents and by BM25F in a larger
one, with one term by BM25F.  Other queries (spans, nested documents) are run by their own matchers.

Cost: a term O(postings) once, then cached; And O(m) per clause from the rarest on; Or O(m + n) or, with large
lists, one vector operation over the segment; a phrase O(occurrences of its words).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from whoosh.index import Index
from whoosh.query import compound, positional, qcore, ranges, terms, wrappers
from whoosh.reading import IndexReader, SegmentReader
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from search.engines.columnar.evaluate.cache import ByteCache
from search.engines.columnar.evaluate.phrases import within_steps
from search.engines.columnar.evaluate.top import top
from search.engines.columnar.format.segment import LENGTH_OF_CODE, FieldArrays
from search.engines.columnar.whoosh.codec_reader import leaf_arrays
from search.engines.columnar.whoosh.matches import (
    DENSE_SHARE,
    NOTHING,
    Dense,
    Docs,
    Matches,
    Scores,
    Sparse,
    boost_by,
    intersect,
    restrict,
    subtract,
    unite,
)  # fmt: skip

#: Bytes of scored terms that a searcher keeps.
CACHE = 64_000_000
#: A pattern stands for at most so many terms per segment; `VectorSearcher.limited` tells when it cuts.
MAX_EXPANSIONS = 10_000
#: `whoosh.query.Or` loads scores into an array in segments of at most so many documents, or with more clauses.
_PRELOAD_DOCUMENTS, _PRELOAD_CLAUSES = 5000, 1024


@dataclass(frozen=True, slots=True)
class _Scored:
    """A cached term."""

    matches: Matches

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        members = self.matches.mask if isinstance(self.matches, Dense) else self.matches.docs
        return int(members.nbytes + self.matches.scores.nbytes) + 300


@dataclass(frozen=True, slots=True)
class _Context:
    """What Whoosh's SearchContext says: whether scores count, and whether positions will be asked for."""

    scored: bool = True
    needs_current: bool = False


class VectorSearcher:
    """Searches an index in the columnar codec with BM25F; any fields, several segments, deletions."""

    def __init__(self, source: Index | IndexReader, weighting: BM25F | None = None, cache: int = CACHE) -> None:
        reader = source.reader() if isinstance(source, Index) else source
        self.searcher = Searcher(reader, weighting=weighting or BM25F())
        if not isinstance(self.searcher.weighting, BM25F):
            raise TypeError("VectorSearcher scores with whoosh.scoring.BM25F only.")
        leaves = self.searcher.subsearchers or [(self.searcher, 0)]
        self.limited = False
        scored: ByteCache = ByteCache(cache)
        self._leaves = [(_Leaf(leaf, scored, self), offset) for leaf, offset in leaves]

    def search(self, query: Any, limit: int | None = 10) -> list[tuple[int, float]]:
        """Return (document number, score) of the best documents, ties by document number; all with limit None."""
        found = self.matches(query)
        order = top(found.scores, found.count if limit is None else limit)
        return list(zip(found.docs[order].tolist(), found.scores[order].tolist(), strict=True))

    def docs(self, query: Any) -> Docs:
        """Return the numbers of all matching documents, ascending."""
        return self.matches(query).docs

    def matches(self, query: Any) -> Sparse:
        """Return all matching documents with their scores."""
        self.limited = False
        parts = [(leaf.live(leaf.run(query, _Context())), offset) for leaf, offset in self._leaves]
        return Sparse(
            np.concatenate([part.docs + offset for part, offset in parts] or [NOTHING.docs]),
            np.concatenate([part.scores for part, _ in parts] or [NOTHING.scores]),
        )


class _Leaf:
    """One segment."""

    def __init__(self, searcher: Searcher, cache: ByteCache, owner: VectorSearcher) -> None:
        self._searcher, self._cache, self._owner = searcher, cache, owner
        self._reader, self._schema = searcher.reader(), searcher.schema
        arrays = leaf_arrays(cast("SegmentReader", self._reader))
        self._fields, self._size = arrays.fields, arrays.doc_count
        self._alive: Any = None
        if len(arrays.deleted):
            self._alive = np.ones(self._size, bool)
            self._alive[arrays.deleted] = False

    def live(self, found: Matches) -> Sparse:
        """Drop deleted documents."""
        return found.sparse() if self._alive is None else restrict(found, self._alive)

    def run(self, query: Any, context: _Context) -> Matches:
        """Return the matches of a query in this segment, deleted documents included."""
        match query:
            case terms.Term():
                return self._term(query.fieldname, query.text, query.boost)
            case positional.Phrase():
                return self._phrase(query, context)
            case compound.And() | compound.Or() | compound.DisjunctionMax():
                return self._compound(query, context)
            case compound.AndNot() | compound.Require() | compound.AndMaybe() | compound.Otherwise():
                return self._binary(query, context)
            case wrappers.Not():
                return self._inverse(self.run(query.query, _Context(scored=False)))
            case ranges.NumericRange():
                return self.run(query._compile_query(self._reader), context)
            case terms.Prefix(text="") | terms.Wildcard(text="*") | terms.Regex(text=".*"):
                return self._every(query.fieldname, query.boost)
            case terms.MultiTerm():
                return self._expanded(query, context)
            case qcore.Every():
                return self._every(query.fieldname, query.boost)
            case wrappers.ConstantScoreQuery():
                return self._constant(query, context)
            case _ if query is qcore.NullQuery or isinstance(query, type(qcore.NullQuery)):
                return NOTHING
            case _:
                return self._by_matcher(query)

    def _find(self, name: str, text: Any) -> tuple[FieldArrays, int, bytes] | None:
        if name not in self._schema or name not in self._fields:
            return None
        try:
            term = self._schema[name].to_bytes(text)
        except ValueError:
            return None
        ordinal = self._fields[name].find(term)
        return (self._fields[name], ordinal, term) if ordinal >= 0 else None

    def _term(self, name: str, text: Any, boost: float) -> Matches:
        place = self._find(name, text)
        if place is None:
            return NOTHING
        field, ordinal, term = place
        key = (id(self), name, ordinal)
        return self._cache.get(key, lambda: _Scored(self._scored(field, ordinal, name, term))).matches.scaled(boost)

    def _scored(self, field: FieldArrays, ordinal: int, name: str, term: bytes) -> Matches:
        record = field.record(ordinal)
        docs, weights = record.docs(), record.weights()
        scores = self._bm25(field, name, term, docs, weights) if self._schema[name].scorable else weights
        found = Sparse(docs.astype(np.int64), scores.astype(np.float32))
        return found.dense(self._size) if len(docs) * DENSE_SHARE > self._size else found

    def _bm25(self, field: FieldArrays, name: str, term: bytes, docs: Any, weights: Any) -> Scores:
        parent, weighting = self._searcher.get_parent(), self._searcher.weighting
        mean = parent.avg_field_length(name) or 1
        share = weighting._field_B.get(name, weighting.B)
        lengths = LENGTH_OF_CODE[field.lengths[docs]] if field.lengths is not None else np.ones(len(docs))
        norm = weighting.K1 * ((1 - share) + share * lengths / mean)
        scores: Scores = parent.idf(name, term) * (weights * (weighting.K1 + 1)) / (weights + norm)
        return scores

    def _compound(self, query: Any, context: _Context) -> Matches:
        clauses = query.subqueries
        if not clauses:
            return NOTHING
        if len(clauses) == 1:
            return self.run(clauses[0], context)
        if isinstance(query, compound.Or):
            return self._or(query, clauses, context)
        found = [self.run(clause, context) for clause in clauses]
        if isinstance(query, compound.And):
            return intersect(found, self._size).scaled(query.boost)
        return unite(found, self._size, best=True).scaled(query.boost)

    def _or(self, query: Any, clauses: Sequence[Any], context: _Context) -> Matches:
        if query.scale:
            return self._by_matcher(query)
        found = [self.run(clause, context) for clause in clauses]
        return self._union(found, context).scaled(1 if self._preloaded(found, context) else query.boost)

    def _preloaded(self, found: Sequence[Matches], context: _Context) -> bool:
        return not context.scored and self._loads(len(found), context)

    def _loads(self, clauses: int, context: _Context) -> bool:
        small = not context.needs_current and clauses != 2 and self._size <= _PRELOAD_DOCUMENTS
        return clauses >= _PRELOAD_CLAUSES or small

    def _union(self, found: Sequence[Matches], context: _Context) -> Matches:
        united = unite(found, self._size) if found else NOTHING
        return _constant(united, 1.0) if self._preloaded(found, context) else united

    def _binary(self, query: Any, context: _Context) -> Matches:
        first = self.run(query.a, context)
        if isinstance(query, compound.Otherwise):
            return first if self.live(first).count else self.run(query.b, context)
        if isinstance(query, compound.AndMaybe):
            return boost_by(first, self.run(query.b, context), self._size)
        second = self.run(query.b, _Context(scored=False))
        if isinstance(query, compound.AndNot):
            return subtract(first, second, self._size)
        return intersect([first, _constant(second, 0.0)], self._size)

    def _inverse(self, found: Matches) -> Dense:
        mask = ~found.dense(self._size).mask
        return Dense(mask, mask.astype(np.float32), int(np.count_nonzero(mask)))

    def _every(self, name: str | None, boost: float) -> Dense:
        mask = np.ones(self._size, bool)
        if name is not None:
            mask[:] = False
            field = self._fields.get(name)
            for ordinal in range(field.term_count if field else 0):
                mask[field.docs(ordinal)] = True  # type: ignore[union-attr]
        return Dense(mask, mask * np.float32(boost), int(np.count_nonzero(mask)))

    def _constant(self, query: Any, context: _Context) -> Matches:
        found = self.run(query.child, context)
        return found if context.needs_current else _constant(found, query.score)

    def _expanded(self, query: Any, context: _Context) -> Matches:
        """Evaluate a query that stands for many terms."""
        name = query.fieldname
        if name not in self._schema or name not in self._fields:
            return NOTHING
        texts = [text for text in query._btexts(self._reader) if text]
        if len(texts) > MAX_EXPANSIONS:
            texts, self._owner.limited = texts[:MAX_EXPANSIONS], True
        if query.constantscore and len(texts) > 1:
            context = replace(context, scored=False)
        found = [self._term(name, text, query.boost) for text in texts]
        return found[0] if len(found) == 1 else self._union(found, context)

    def _phrase(self, query: Any, context: _Context) -> Matches:
        name, words = query.fieldname, query.words
        if name not in self._schema or not words:
            return NOTHING
        field = self._schema[name]
        if not field.format or not field.format.supports("positions"):
            return self._by_matcher(query)
        places = [self._find(name, word) for word in words]
        if any(place is None for place in places):
            return NOTHING
        candidates = intersect([self._term(name, word, 1.0) for word in words], self._size).sparse()
        if len(words) > 1 and candidates.count:
            lists = [self._addresses(place[0], place[1], candidates.docs) for place in places if place]
            ends = within_steps(lists, query.slop)
            hit = np.zeros(candidates.count, bool)
            hit[ends >> _POSITION_BITS] = True
            candidates = Sparse(candidates.docs[hit], candidates.scores[hit])
        return candidates.scaled(query.boost)

    def _addresses(self, field: FieldArrays, ordinal: int, docs: Docs) -> Any:
        """Return place in `docs` << 40 | position for every occurrence of a term in `docs`, sorted."""
        found = field.postings(ordinal)
        place = np.full(self._size, -1, np.int64)
        place[docs] = np.arange(len(docs))
        held = np.repeat(place[found.docs], found.freqs)
        inside = held >= 0
        return (held[inside] << _POSITION_BITS) + field.positions(ordinal)[inside]

    def _by_matcher(self, query: Any) -> Matches:
        """Run a query by its own matcher, one document at a time."""
        matcher = query.matcher(self._searcher, self._searcher.context())
        docs, scores = [], []
        while matcher.is_active():
            docs.append(matcher.id())
            scores.append(matcher.score())
            matcher.next()
        return Sparse(np.array(docs, np.int64), np.array(scores, np.float32))


_POSITION_BITS = 40


def _constant(found: Matches, score: float) -> Matches:
    """Give every member the same score."""
    if not isinstance(found, Sparse):
        return Dense(found.mask, found.mask * np.float32(score), found.count)
    return Sparse(found.docs, np.full(found.count, score, np.float32))
