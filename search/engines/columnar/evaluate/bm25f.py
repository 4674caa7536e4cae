"""What query words match, and their BM25F scores, from decoded posting lists that are kept per term.

The unit of the cache is a term of the dictionary: documents with frequencies, in which a title occurrence counts
`title` times.  A query word is a sum of terms, each with a weight that its context gives it, so words are never kept;
they are scored where a query needs them, at the documents that it found:

    tf = sum of weight x frequency,   impact = (k1 + 1) tf / (tf + k1 (1 - b + b length / mean length))

                                                                                Robertson & Zaragoza 2009
Members of a word cost one operation on N bytes per frequent term and O(postings) per other; scoring d documents O(d)
per term.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engines.columnar.evaluate.cache import ByteCache
from search.engines.columnar.evaluate.docsets import NOBODY, Docs, Listed, Mask, Masked, Members
from search.engines.columnar.evaluate.posting_lists import FewPostings, ManyPostings, TermList, find, raised, times
from search.engines.columnar.format.postings import FullRecord
from search.engines.columnar.format.segment import FieldArrays, Segment
from search.engines.port import MAX_EXPANSIONS, Scoring
from search.query.tree import Field, Form, Prefix, Term, Word
from search.text.spelling import unmarked

Scores = npt.NDArray[np.float32]

#: The engine's fields by the query tree's field and form; author and source have folded terms only.
FIELD_NAMES: dict[tuple[Field, Form], str] = {
    ("all", "fold"): "fold",
    ("all", "key"): "key",
    ("title", "fold"): "title_fold",
    ("title", "key"): "title_key",
    ("all", "bare"): "fold",
    ("title", "bare"): "title_fold",
    ("author", "fold"): "author",
    ("source", "fold"): "source",
}
#: A weight of 0 means "matches but scores nothing"; frequencies must stay above 0 to tell matches from the rest.
_LEAST_WEIGHT = 1e-6
#: Document frequencies that are remembered, about 150 bytes each.
_FREQUENCIES = 8_000
#: Sorting a posting costs as much as so many documents of a mask.
_FEW_TO_SORT = 32


#: Up to so many documents, a byte for each is kept of every frequent term that is scored: twice as fast, as long as all
#: of them find room; in larger archives they would drive each other out.
_SMALL = 1 << 18


@dataclass(frozen=True, slots=True)
class WordPostings:
    """The lists of a query word's terms with their weights; `broadest` are those that have all of its documents."""

    lists: Sequence[tuple[TermList, float]]
    broadest: Sequence[TermList]
    size: int
    freqs: Callable[[TermList, Docs], npt.NDArray[Any]]

    def members(self) -> Members:
        """Return the documents that have any term of the word."""
        return union(self.broadest, self.size) if self.broadest else NOBODY

    def has(self, docs: Docs) -> Mask:
        """Say which of `docs` have any term of the word."""
        hit = np.zeros(len(docs), bool)
        for each in self.broadest:
            np.logical_or(hit, each.has(docs, self.size), out=hit)
        return hit

    def tf(self, docs: Docs) -> Scores:
        """Return the weighted frequency of the word in each of `docs`, 0 where it is not."""
        total = None
        for each, weight in self.lists:
            freqs = self.freqs(each, docs).astype(np.float32)  # a product of two types would take twice as long
            if weight != 1:
                freqs *= np.float32(weight)
            total = freqs if total is None else np.add(total, freqs, out=total)
        return np.zeros(len(docs), np.float32) if total is None else total


@dataclass(frozen=True, slots=True)
class _Every:
    """The frequency of a term in every document; it holds on to the term, so that no other gets its id."""

    term: ManyPostings
    freqs: npt.NDArray[Any]

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return int(self.freqs.nbytes) + 300


class WordLists:
    """Finds and scores the words of one segment; decoded lists are kept in `cache`."""

    def __init__(self, segment: Segment, scoring: Scoring, cache: ByteCache, unmarked: Mask) -> None:
        """`unmarked` [documents] says which are written without marks."""
        self.segment, self.scoring, self.size = segment, scoring, segment.doc_count
        self.cache = cache
        self._unmarked, self._plain = unmarked, unmarked.nonzero()[0]
        #: Document frequency of a term by form, text and field, 0 if it is not there; the frequent look-ups are kept.
        self.df = lru_cache(maxsize=_FREQUENCIES)(partial(_df, segment.fields))
        self._norms = lru_cache(maxsize=len(FIELD_NAMES))(partial(_norms, segment, scoring))

    def ordinal(self, name: str, text: str) -> int:
        """Return the ordinal of a term in one of the engine's fields, -1 if it is not there."""
        return self.segment.fields[name].find(text.encode("utf-8", "surrogatepass"))

    def norm(self, field: Field, docs: Docs) -> Scores:
        """Return k1 (1 - b + b length / mean length) for some documents."""
        name = "fold" if field == "all" else "title_fold" if field == "title" else field
        return self._norms(name).take(docs)

    def idf(self, df: float) -> float:
        """Return ln(1 + (N - df + 0.5) / (df + 0.5)), never negative."""
        return math.log(1 + (max(self.size - df, 0.0) + 0.5) / (max(df, 0.0) + 0.5))

    def word_df(self, word: Word) -> float:
        """Return the df given with a word, else that of the union of its terms."""
        if word.df is not None:
            return word.df
        if len(word.terms) == 1:
            return float(self.df(word.terms[0].form, word.terms[0].text, word.field))
        return float(self.word(word).members().count)

    def idf_mass(self, word: Word) -> float:
        """Return boost x idf, the factor of a word's impact."""
        return word.boost * self.idf(self.word_df(word))

    def most(self, word: Word) -> int:
        """Return an upper bound of the number of documents that match a word."""
        return min(sum([self.df(term.form, term.text, word.field) for term in broadest(word)]), self.size)

    def word(self, word: Word) -> "WordPostings":
        """Return the decoded lists of a word's terms."""
        broad, lists, widest = broadest(word), [], []
        for term in word.terms:
            found = self.term(term.form, term.text, word.field)
            if found is not None:
                lists.append((found, max(term.weight, _LEAST_WEIGHT)))
                if term in broad:
                    widest.append(found)
        return WordPostings(lists, widest, self.size, self.freqs)

    def freqs(self, found: TermList, docs: Docs) -> npt.NDArray[Any]:
        """Return the frequencies of a term in `docs`, 0 where it is not, title occurrences weighted."""
        if isinstance(found, ManyPostings) and self.size <= _SMALL:
            return self.cache.get(id(found), lambda: _Every(found, found.every(self.size))).freqs.take(docs)
        return found.at(docs, self.size)

    def term(self, form: Form, text: str, field: Field) -> TermList | None:
        """Return the list of a term, title occurrences weighted; None if no document has it."""
        if not self.df(form, text, field):
            return None
        name = FIELD_NAMES[field, form]
        bare = form == "bare"
        if bare and not len(self._plain):
            return _NONE
        decode: Callable[[str, str], TermList] = self._decode_bare if bare else self._decode
        return self.cache.get((name, text, bare, self.scoring.title), lambda: decode(name, text))

    def _decode(self, name: str, text: str) -> TermList:
        field = self.segment.fields[name]
        found = field.record(self.ordinal(name, text))
        titles = self._titles(name, text)
        places = found.places() if field.has_positions else None
        if isinstance(found, FullRecord) and found.is_marked:
            return ManyPostings.of(found, titles, places)
        docs, freqs = found.docs(), found.freqs()
        scored = raised(freqs, find(docs, titles.docs)[0], titles.scored) if titles else freqs
        return FewPostings(docs, freqs, scored, places)

    def _decode_bare(self, name: str, text: str) -> TermList:
        """Return the list of a term in the documents without marks, which are few as a rule."""
        found = self._decode(name, text)
        if isinstance(found, ManyPostings):
            freqs = found.at(self._plain, self.size)
            kept = freqs != 0
            return few(self._plain.compress(kept).astype(np.int32), freqs.compress(kept))
        kept = self._unmarked.take(found.docs)
        return few(found.docs.compress(kept), found.scored.compress(kept))

    def _titles(self, name: str, text: str) -> FewPostings | None:
        """Return the documents with a term in their title, and what that adds to its frequency; None if none have."""
        titles = f"title_{name}"
        inside = self.ordinal(titles, text) if titles in self.segment.fields and self.scoring.title != 1 else -1
        if inside < 0:
            return None
        found = self.segment.fields[titles].record(inside)
        freqs = found.freqs()
        return FewPostings(found.docs(), freqs, times(freqs, self.scoring.title - 1))

    def prefix(self, prefix: Prefix) -> tuple[TermList, bool]:
        """Return the summed lists of all terms that begin with a stem, and whether there were too many of them."""
        name = FIELD_NAMES.get((prefix.field, prefix.form))
        if name is None:
            return _NONE, False
        arrays = self.segment.fields[name]
        span = arrays.prefix(prefix.stem.encode("utf-8", "surrogatepass"))
        cut = len(span) > MAX_EXPANSIONS
        return self.cache.get((name, prefix.stem, "*"), lambda: self._sum(arrays, span)), cut

    def _sum(self, arrays: FieldArrays, span: range) -> TermList:
        """Add up the lists of the terms with ordinals in `span`: O(postings)."""
        ordinals = np.arange(span.start, span.stop)
        if len(ordinals) > MAX_EXPANSIONS:
            most = np.argpartition(arrays.df[span.start : span.stop], -MAX_EXPANSIONS)[-MAX_EXPANSIONS:]
            ordinals = np.sort(ordinals[most])
        total = np.zeros(self.size, np.uint32)
        for ordinal in ordinals.tolist():
            found = arrays.record(ordinal)
            total[found.docs().astype(np.intp)] += found.freqs()
        docs = total.nonzero()[0]
        freqs = total[docs]
        return few(docs.astype(np.int32), freqs.astype(np.min_scalar_type(int(freqs.max(initial=0)))))


def _df(fields: Mapping[str, FieldArrays], form: Form, text: str, field: Field = "all") -> int:
    name = FIELD_NAMES.get((field, form))
    ordinal = fields[name].find(text.encode("utf-8", "surrogatepass")) if name else -1
    return int(fields[name].df[ordinal]) if name and ordinal >= 0 else 0


def _norms(segment: Segment, scoring: Scoring, name: str) -> Scores:
    """Return k1 (1 - b + b length / mean length) of every document in a field: four bytes each."""
    field, size = segment.fields[name], segment.doc_count
    if field.lengths is None:
        return np.ones(size, np.float32)
    mean = max(field.total_length / max(size, 1), 1e-9)
    table: Scores = scoring.k1 * (1 - scoring.b + scoring.b * field.length_table / mean)
    return table.astype(np.float32).take(field.lengths)


def broadest(word: Word) -> Sequence[Term]:
    """Return the terms of a word that together match all that it matches: a folded term stands for its tone keys."""
    folds = [term.text for term in word.terms if term.form == "fold"]
    if not folds or len(word.terms) == 1:
        return word.terms
    return [term for term in word.terms if term.form == "fold" or unmarked(term.text) not in folds]


def few(docs: npt.NDArray[np.int32], freqs: npt.NDArray[Any]) -> FewPostings:
    """Return a list without titles and positions."""
    return FewPostings(docs, freqs, freqs)


_NONE = few(np.empty(0, np.int32), np.empty(0, np.uint8))


def union(lists: Sequence[TermList], size: int) -> Members:
    """Return the documents of any of `lists`: few are sorted, more are marked in a mask."""
    few = [each.docs for each in lists if isinstance(each, FewPostings)]
    if len(few) == len(lists) == 1:
        return Listed(few[0].astype(np.intp))
    if len(few) == len(lists) and sum(map(len, few)) * _FEW_TO_SORT < size:
        docs = np.concatenate(few)
        docs.sort(kind="stable")  # merges what is sorted
        first = np.ones(len(docs), bool)
        np.not_equal(docs[1:], docs[:-1], out=first[1:])
        return Listed(docs.compress(first).astype(np.intp))
    many = [each for each in lists if isinstance(each, ManyPostings)]
    mask = many[0].members(size) if many else np.zeros(size, bool)
    for each in lists:
        if not many or each is not many[0]:
            each.mark(mask)
    return Masked(mask)


def saturate(tf: Scores, norm: Scores, k1: float) -> Scores:
    """Return (k1 + 1) tf / (tf + norm); 0 where tf is 0."""
    return tf * np.float32(k1 + 1) / (tf + norm)
