"""From texts to postings: tokenise and invert whole batches of articles with array operations.

The terms, positions and their order are exactly those of `search.text.tokenize` (a test compares them), but
a word that was met before costs one dictionary look-up instead of a tokenisation.  Everything after the look-up
is NumPy on whole batches.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from search.text.tokens import RUNS, tokenize

Ints = npt.NDArray[np.int64]

#: Positions left free between the title and the body, so that no phrase or window reaches across.
TITLE_GAP = 100
#: How a token's place is packed.  Words behind position 4,194,303 are found, but not as a phrase.
POSITION_BITS, DOC_BITS = 22, 18
MAX_POSITION, MAX_BATCH_DOCS = (1 << POSITION_BITS) - 1, 1 << DOC_BITS
#: Bounds of what a tokenizer remembers: about 60 MB of pieces, 100 MB of runs before it starts afresh.
MAX_PIECES, MAX_RUNS, _LONGEST_PIECE = 300_000, 400_000, 24


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


class _Vocabulary(dict[str, int]):
    """Numbers terms in the order of their first look-up."""

    def __missing__(self, term: str) -> int:
        self[term] = number = len(self)
        return number


class _Runs(dict[str, int]):
    """Numbers runs of letters (`92/QĐ-UBND`, `Hoà`) and keeps what `tokenize` makes of each."""

    def __init__(self) -> None:
        super().__init__()
        self.vocabularies = {"fold": _Vocabulary(), "key": _Vocabulary()}
        self.counts = array("i")
        self.parts = {"fold": array("i"), "key": array("i")}
        self.wholes = {"fold": array("i"), "key": array("i")}

    def __missing__(self, run: str) -> int:
        self[run] = number = len(self)
        folds, keys = self.vocabularies["fold"], self.vocabularies["key"]
        whole, parts = (-1, -1), 0
        for token in tokenize(run):
            fold, key = folds[token.fold], keys[token.key]
            if token.whole:
                whole = (fold, key)
            else:
                self.parts["fold"].append(fold)
                self.parts["key"].append(key)
                parts += 1
        self.counts.append(parts)
        self.wholes["fold"].append(whole[0])
        self.wholes["key"].append(whole[1])
        return number


class _Pieces(dict[str, tuple[int, ...]]):
    """What stands between two spaces (`(Hoà,`) to the runs in it: no token reaches across a space."""

    def __init__(self, runs: _Runs) -> None:
        super().__init__()
        self._run = runs.__getitem__

    def __missing__(self, piece: str) -> tuple[int, ...]:
        found = tuple(map(self._run, RUNS.findall(piece)))
        if len(self) < MAX_PIECES and len(piece) <= _LONGEST_PIECE:
            self[piece] = found
        return found


@dataclass(frozen=True)
class Batch:
    """Runs of letters of many texts: `ends[i]` is where text i ends in `runs`."""

    runs: npt.NDArray[np.int32]
    ends: Ints
    table: _Runs


class Tokenizer:
    """Reads texts to run ids; remembers pieces of text and runs until it is full."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._runs = _Runs()
        self._pieces = _Pieces(self._runs)

    def read(self, texts: Sequence[str]) -> Batch:
        """Look up every piece of every text: one split and one dictionary look-up per word."""
        if len(self._runs) > MAX_RUNS:
            self._start()
        runs, ends = array("i"), array("q")
        look_up = self._pieces.__getitem__
        for text in texts:
            runs.extend(chain.from_iterable(map(look_up, text.split())))
            ends.append(len(runs))
        return Batch(_array(runs), np.array(ends, np.int64), self._runs)


@dataclass(frozen=True)
class Tokens:
    """The tokens of a batch in no particular order, each as an index into the table of its runs.

    `parts` and `wholes` index the two lists of `_Runs`; `part_codes` and `whole_codes` are
    document << 22 | position.  `title_words` and `words` [documents] count positions: of the title, and in
    all, the gap included.
    """

    table: _Runs
    parts: npt.NDArray[np.int32]
    part_codes: Ints
    wholes: npt.NDArray[np.int32]
    whole_codes: Ints
    title_words: Ints
    words: Ints

    def titles(self) -> "Tokens":
        """Return the tokens of the titles alone."""
        part, whole = (
            (codes & MAX_POSITION) < self.title_words[codes >> POSITION_BITS]
            for codes in (self.part_codes, self.whole_codes)
        )
        return Tokens(self.table, self.parts[part], self.part_codes[part], self.wholes[whole],
                      self.whole_codes[whole], self.title_words, self.title_words)  # fmt: skip


def expand(batch: Batch, texts_per_doc: int = 1) -> Tokens:
    """Expand runs to tokens.  With `texts_per_doc` 2 the texts are title, body, title, body...

    The body's positions start `TITLE_GAP` after the title's.  Linear in the number of tokens.
    """
    run_counts = _array(batch.table.counts).copy()
    first = np.cumsum(run_counts) - run_counts
    counts = run_counts[batch.runs]
    ends = np.cumsum(counts, dtype=np.int64)
    total = int(ends[-1]) if len(ends) else 0
    places = np.arange(total)
    parts = np.repeat(first[batch.runs] - (ends - counts), counts) + places
    text_ends = np.concatenate([[0], ends])[np.concatenate([[0], batch.ends])]
    words = np.diff(text_ends)
    starts = text_ends[:-1].copy()
    if texts_per_doc == 2:
        starts[1::2] -= words[0::2] + TITLE_GAP
    docs = np.arange(len(words)) // texts_per_doc
    overlong = words.max(initial=0) + TITLE_GAP * 2 > MAX_POSITION
    codes = _long_codes(places, words, starts, docs) if overlong else np.repeat(
        (docs << POSITION_BITS) - starts, words) + places  # fmt: skip
    wholes = _array(batch.table.wholes["fold"])[batch.runs] >= 0
    at = (ends - counts)[wholes]
    titles = words[0::texts_per_doc]
    everything = titles + words[1::2] + TITLE_GAP if texts_per_doc == 2 else words
    return Tokens(batch.table, parts.astype(np.int32), codes, batch.runs[wholes], codes[at], titles, everything)


def _long_codes(places: Ints, words: Ints, starts: Ints, docs: Ints) -> Ints:
    """Return document << 22 | position where a text has more words than positions: the last ones share one."""
    positions = np.minimum(places - np.repeat(starts, words), MAX_POSITION)
    return np.repeat(docs << POSITION_BITS, words) + positions


@dataclass(frozen=True)
class Ranked:
    """The terms of one form in order, and the rank of each number that a vocabulary gave out."""

    terms: list[str]
    parts: npt.NDArray[np.int64]
    wholes: npt.NDArray[np.int64]


def rank_terms(table: _Runs, form: str) -> Ranked:
    """Sort the vocabulary of "fold" or "key" and translate the table to ranks."""
    vocabulary = table.vocabularies[form]
    terms = sorted(vocabulary)
    rank = np.empty(len(terms) + 1, np.int64)
    rank[np.fromiter(map(vocabulary.__getitem__, terms), np.int64, len(terms))] = np.arange(len(terms))
    rank[-1] = -1
    return Ranked(terms, rank[_array(table.parts[form])], rank[_array(table.wholes[form])])


def invert(tokens: Tokens, ranked: Ranked, positions: bool) -> Postings:
    """Sort tokens by (term, document, position); one vectorised sort of 64-bit integers, n log n.

    Term, document and position are packed into one integer of 24 + 18 + 22 bits (a batch is small), so that
    the sort moves no records.
    """
    rank = np.concatenate([ranked.parts[tokens.parts], ranked.wholes[tokens.wholes]])
    codes = np.concatenate([tokens.part_codes, tokens.whole_codes])
    packed = ((rank << (POSITION_BITS + DOC_BITS)) | codes).view(np.uint64)
    packed.sort()
    posting = packed >> np.uint64(POSITION_BITS)
    fresh = np.empty(len(posting), bool)
    fresh[:1] = True
    np.not_equal(posting[1:], posting[:-1], out=fresh[1:])
    starts = np.flatnonzero(fresh)
    freqs = np.diff(np.append(starts, len(posting))).astype(np.uint32)
    heads = posting[starts]
    docs = (heads & np.uint64((1 << DOC_BITS) - 1)).astype(np.uint32)
    df = np.bincount((heads >> np.uint64(DOC_BITS)).astype(np.int64), minlength=len(ranked.terms))
    kept = np.flatnonzero(df)
    terms = ranked.terms if len(kept) == len(df) else [ranked.terms[i] for i in kept.tolist()]
    where = (packed & np.uint64(MAX_POSITION)).astype(np.uint32) if positions else None
    return Postings(terms, df[kept].astype(np.int64), docs, freqs, where)


def _array(values: "array[int]") -> npt.NDArray[np.int32]:
    return np.frombuffer(values, np.int32) if values else np.empty(0, np.int32)
