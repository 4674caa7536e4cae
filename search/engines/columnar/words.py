"""What one query word matches, with its BM25F score: decoded once, combined once, cached.

The unit of the cache is the query word with its weighted terms: the sum over its terms of weight x frequency
(title occurrences count `title` times), saturated and normalised by length:

    impact = (k1 + 1) tf / (tf + k1 (1 - b + b length / mean length))        Robertson & Zaragoza 2009

idf and boost are factors applied by the evaluator.  Making the entry of a word costs one pass over the
postings of its terms and, if it is frequent, about six vector operations over all N documents; using it again
costs a look-up.
"""

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engines.columnar.cache import ByteCache
from search.engines.columnar.matches import DENSE_SHARE, NOTHING, Dense, Matches, Scores, Sparse, Steps
from search.engines.columnar.segment import FieldArrays, Segment
from search.query.tree import Field, Form, Term, Word

#: The engine's fields by the query tree's field and form; author and source have folded terms only.
FIELD_NAMES: dict[tuple[Field, Form], str] = {
    ("all", "fold"): "fold",
    ("all", "key"): "key",
    ("title", "fold"): "title_fold",
    ("title", "key"): "title_key",
    ("author", "fold"): "author",
    ("source", "fold"): "source",
}
#: A weight of 0 means "matches but scores nothing"; impacts must stay above 0 to tell matches from the rest.
_LEAST_WEIGHT = 1e-6
#: Places of terms in the dictionary that are remembered, about 150 bytes each.
_ORDINALS = 20_000


@dataclass(frozen=True, slots=True)
class Scheme:
    """BM25F parameters: see `search.ranking.weights`."""

    k1: float = 1.2
    b: float = 0.75
    title: float = 8.0


@dataclass(frozen=True, slots=True)
class TermList:
    """A decoded posting list: documents in ascending order and the frequency in each."""

    docs: npt.NDArray[np.int32]
    freqs: npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Impacts:
    """A cached word: its matches with impacts as scores."""

    matches: Matches

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        if isinstance(self.matches, Steps):
            return int(self.matches.steps.nbytes) + 300
        if isinstance(self.matches, Dense):
            return int(self.matches.mask.nbytes + self.matches.scores.nbytes) + 300
        return int(self.matches.docs.nbytes + self.matches.scores.nbytes) + 300


class WordLists:
    """Decodes and scores words of one segment; `budget` bytes of results are kept."""

    def __init__(self, segment: Segment, scheme: Scheme, budget: int) -> None:
        self.segment, self.scheme, self.size = segment, scheme, segment.doc_count
        self._step = (scheme.k1 + 1) / 65_535
        self._impacts: ByteCache[Impacts] = ByteCache(budget)
        #: Ordinal of a term in one of the engine's fields, -1 if it is not there; the frequent look-ups are kept.
        self.ordinal = lru_cache(maxsize=_ORDINALS)(self._ordinal)
        self._norms = {name: self._norm(segment.fields[name]) for name in ("fold", "title_fold", "author", "source")}

    def _norm(self, field: FieldArrays) -> Scores:
        """Return k1 (1 - b + b length / mean length) for every document."""
        scheme, codes = self.scheme, field.lengths
        mean = max(field.total_length / max(self.size, 1), 1e-9)
        table = scheme.k1 * (1 - scheme.b + scheme.b * field.length_table / mean)
        return table.astype(np.float32)[codes] if codes is not None else np.ones(self.size, np.float32)

    def _ordinal(self, name: str, text: str) -> int:
        return self.segment.fields[name].find(text.encode("utf-8", "surrogatepass"))

    def norm(self, field: Field) -> Scores:
        """Return k1 (1 - b + b length / mean length) for every document."""
        return self._norms["fold" if field == "all" else "title_fold" if field == "title" else field]

    def idf(self, df: float) -> float:
        """Return ln(1 + (N - df + 0.5) / (df + 0.5)), never negative."""
        return math.log(1 + (max(self.size - df, 0.0) + 0.5) / (max(df, 0.0) + 0.5))

    def df(self, form: Form, text: str) -> int:
        """Return the document frequency of a term in title and body, 0 if there is none."""
        ordinal = self.ordinal(form, text)
        return int(self.segment.fields[form].df[ordinal]) if ordinal >= 0 else 0

    def word_df(self, word: Word) -> float:
        """Return the df given with a word, else that of the union of its terms."""
        return word.df if word.df is not None else float(self.impacts(word.terms, word.field).count)

    def impacts(self, terms: tuple[Term, ...], field: Field) -> Matches:
        """Return the documents that have any of `terms`, scored by impact."""
        return self.held((terms, field), lambda: self._combine(terms, field))

    def held(self, key: Hashable, make: Callable[[], Matches]) -> Matches:
        """Return matches with impacts from the cache, or make and keep them."""

        def keep() -> Impacts:
            found = make()
            return Impacts(Steps.of(found, self._step) if isinstance(found, Dense) else found)

        return self._impacts.get(key, keep).matches

    def postings(self, name: str, text: str) -> TermList | None:
        """Decode the list of a term of one of the engine's fields."""
        ordinal = self.ordinal(name, text)
        if ordinal < 0:
            return None
        found = self.segment.fields[name].postings(ordinal)
        return TermList(found.docs, found.freqs)

    def _combine(self, terms: tuple[Term, ...], field: Field) -> Matches:
        lists: list[tuple[TermList, float]] = []
        for term in terms:
            weight = max(term.weight, _LEAST_WEIGHT)
            name = FIELD_NAMES.get((field, term.form))
            found = self.postings(name, term.text) if name else None
            if found is None:
                continue
            lists.append((found, weight))
            weighted = field == "all" and self.scheme.title != 1
            titles = self.postings(f"title_{term.form}", term.text) if weighted else None
            if titles is not None:
                lists.append((titles, weight * (self.scheme.title - 1)))
        return self.score(lists, field)

    def score(self, lists: list[tuple[TermList, float]], field: Field = "all") -> Matches:
        """Sum weighted frequencies and saturate; dense if the union may be large."""
        if not lists:
            return NOTHING
        norm = self.norm(field)
        tf = np.zeros(self.size, np.float32)
        for found, weight in lists:
            tf[found.docs] += found.freqs * np.float32(weight)
        if max(len(found.docs) for found, _ in lists) * DENSE_SHARE > self.size:
            mask = tf > 0
            return Dense(mask, saturate(tf, norm, self.scheme.k1), int(np.count_nonzero(mask)))
        every = np.concatenate([found.docs for found, _ in lists])
        docs = (every if len(lists) == 1 else np.unique(every)).astype(np.int64)
        return Sparse(docs, saturate(tf[docs], norm[docs], self.scheme.k1))

    def clear(self) -> None:
        """Forget all decoded lists."""
        self._impacts.clear()
        self.ordinal.cache_clear()


def saturate(tf: Scores, norm: Scores, k1: float) -> Scores:
    """Return (k1 + 1) tf / (tf + norm); 0 where tf is 0."""
    return tf * np.float32(k1 + 1) / (tf + norm)
