"""From texts to postings: tokenise and invert whole batches of articles with array operations.

The terms, positions and their order are exactly those of `search.text.tokenize` (a test compares them), but
a run of letters that was met before costs one dictionary look-up instead of a tokenisation: 300,000
different runs carry all text of an archive.  Everything after the look-up is NumPy on whole batches.
"""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.text.tokens import RUNS, tokenize

Ints = npt.NDArray[np.int64]

#: Positions left free between the title and the body, so that no phrase or window reaches across.
TITLE_GAP = 100
#: Later words of a text of four million are found, but not as a phrase.
MAX_POSITION = (1 << 22) - 1


@dataclass(frozen=True)
class Postings:
    """The inverted lists of one field over consecutive documents, flat, in term order.

    `df[t]` documents of term t lie in `docs` and `freqs`; `freqs[i]` positions of posting i in `positions`
    (None in a field without positions).  `docs` counts from the first document of the batch.
    """

    terms: list[str]
    df: Ints
    docs: npt.NDArray[np.uint32]
    freqs: npt.NDArray[np.uint32]
    positions: npt.NDArray[np.uint32] | None


@dataclass(frozen=True)
class Batch:
    """Runs of letters of many texts as ids of a `RunTable`: `ends[i]` is where text i ends in `runs`."""

    runs: npt.NDArray[np.int32]
    ends: Ints


class _Vocabulary(dict[str, int]):
    def __missing__(self, term: str) -> int:
        self[term] = number = len(self)
        return number


class RunTable(dict[str, int]):
    """What each run of letters (`92/QĐ-UBND`, `Hoà`) means in terms; fills itself through `tokenize`."""

    def __init__(self) -> None:
        super().__init__()
        self.folds, self.keys = _Vocabulary(), _Vocabulary()
        self._parts = array("i")
        self._part_fold, self._part_key = array("i"), array("i")
        self._whole_fold, self._whole_key = array("i"), array("i")

    def __missing__(self, run: str) -> int:
        self[run] = number = len(self)
        whole, parts = (-1, -1), 0
        for token in tokenize(run):
            fold, key = self.folds[token.fold], self.keys[token.key]
            if token.whole:
                whole = (fold, key)
            else:
                self._part_fold.append(fold)
                self._part_key.append(key)
                parts += 1
        self._parts.append(parts)
        self._whole_fold.append(whole[0])
        self._whole_key.append(whole[1])
        return number

    def read(self, texts: Sequence[str]) -> Batch:
        """Look up every run of every text; about 60 microseconds for an article of 550 syllables."""
        runs, ends = array("i"), array("q")
        find: Callable[[str], list[str]] = RUNS.findall
        for text in texts:
            runs.extend(map(self.__getitem__, find(text)))
            ends.append(len(runs))
        return Batch(np.frombuffer(runs, np.int32) if runs else np.empty(0, np.int32), np.array(ends, np.int64))

    def table(self, form: str) -> "RunArrays":
        """Return the table as arrays for `form` ("fold" or "key"), with ids that are ranks of the sorted terms."""
        vocabulary = self.folds if form == "fold" else self.keys
        terms = sorted(vocabulary)
        rank = np.empty(len(terms), np.int32)
        rank[np.fromiter(map(vocabulary.__getitem__, terms), np.int64, len(terms))] = np.arange(len(terms))
        parts = _array(self._part_fold if form == "fold" else self._part_key)
        whole = _array(self._whole_fold if form == "fold" else self._whole_key)
        counts = _array(self._parts).astype(np.int64)
        first = np.cumsum(counts) - counts
        ranked_whole = np.where(whole >= 0, rank[whole], -1) if len(terms) else whole
        return RunArrays(terms, counts, first, rank[parts], ranked_whole)


@dataclass(frozen=True)
class RunArrays:
    """A `RunTable` as arrays: run r has `counts[r]` parts from `first[r]` in `parts`, and maybe a whole."""

    terms: list[str]
    counts: Ints
    first: Ints
    parts: npt.NDArray[np.int32]
    whole: npt.NDArray[np.int32]


@dataclass(frozen=True)
class Stream:
    """The tokens of a batch: term rank, document of the batch, position in the document.

    `title_words` and `words` [documents] count positions: of the title, and in all, the gap included.
    """

    terms: list[str]
    rank: npt.NDArray[np.int64]
    docs: npt.NDArray[np.uint32]
    positions: npt.NDArray[np.uint32]
    title_words: Ints
    words: Ints

    def titles(self) -> "Stream":
        """Return the tokens of the titles alone."""
        kept = self.positions < self.title_words[self.docs]
        return Stream(self.terms, self.rank[kept], self.docs[kept], self.positions[kept], self.title_words, self.words)


def token_stream(batch: Batch, table: RunArrays, parts_per_doc: int = 1) -> Stream:
    """Expand runs to tokens.  With `parts_per_doc` 2 the texts are title, body, title, body...

    The body's positions start `TITLE_GAP` after the title's.  Linear in the number of tokens.
    """
    counts = table.counts[batch.runs]
    run_end = np.cumsum(counts)
    total = int(run_end[-1]) if len(run_end) else 0
    run_of = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(total)
    within = place - (run_end - counts)[run_of]
    rank = table.parts[table.first[batch.runs][run_of] + within].astype(np.int64)
    edges = np.concatenate([[0], run_end])[np.concatenate([[0], batch.ends])]
    length = np.diff(edges)
    text_of = np.repeat(np.arange(len(length)), length)
    start = edges[:-1].copy()
    if parts_per_doc == 2:
        start[1::2] -= length[0::2] + TITLE_GAP
    positions = place - start[text_of]
    docs = text_of // parts_per_doc
    whole = table.whole[batch.runs]
    compound = np.flatnonzero(whole >= 0)
    at = (run_end - counts)[compound]
    return Stream(
        table.terms,
        np.concatenate([rank, whole[compound].astype(np.int64)]),
        np.concatenate([docs, docs[at]]).astype(np.uint32),
        np.minimum(np.concatenate([positions, positions[at]]), MAX_POSITION).astype(np.uint32),
        length[0::parts_per_doc],
        length[0::2] + length[1::2] + TITLE_GAP if parts_per_doc == 2 else length,
    )


def invert(stream: Stream, positions: bool) -> Postings:
    """Sort tokens by (term, document, position); one radix-like sort of 64-bit integers, n log n.

    Term, document and position are packed into one integer of 24 + 18 + 22 bits where they fit (a spill
    run is small), so that the sort moves no records.
    """
    packed = (stream.rank.astype(np.uint64) << np.uint64(40)) | (
        stream.docs.astype(np.uint64) << np.uint64(22)) | stream.positions.astype(np.uint64)
    packed.sort()
    posting = packed >> np.uint64(22)
    fresh = np.empty(len(posting), bool)
    fresh[:1] = True
    np.not_equal(posting[1:], posting[:-1], out=fresh[1:])
    starts = np.flatnonzero(fresh)
    freqs = np.diff(np.append(starts, len(posting))).astype(np.uint32)
    heads = posting[starts]
    docs = (heads & np.uint64(0x3FFFF)).astype(np.uint32)
    df = np.bincount((heads >> np.uint64(18)).astype(np.int64), minlength=len(stream.terms))
    kept = np.flatnonzero(df)
    terms = stream.terms if len(kept) == len(df) else [stream.terms[i] for i in kept]
    where = (packed & np.uint64(0x3FFFFF)).astype(np.uint32) if positions else None
    return Postings(terms, df[kept].astype(np.int64), docs, freqs, where)


def _array(values: "array[int]") -> npt.NDArray[np.int32]:
    return np.frombuffer(values, np.int32) if values else np.empty(0, np.int32)
