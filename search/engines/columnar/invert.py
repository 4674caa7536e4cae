"""From texts to postings: tokenise and invert whole batches of articles with array operations.

The terms, positions and their order are exactly those of `search.text.tokenize` (a test compares them), but
a word that was met before costs one dictionary look-up instead of a tokenisation.  Everything after the look-up
is NumPy on whole batches.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.text.tokens import RUNS, Token, tokenize

Ints = npt.NDArray[np.int64]

#: Positions left free between the title and the body, so that no phrase or window reaches across.
TITLE_GAP = 100
#: How a token's place is packed.  Words behind position 4,194,303 are found, but not as a phrase.
POSITION_BITS, DOC_BITS = 22, 18
MAX_POSITION, MAX_BATCH_DOCS = (1 << POSITION_BITS) - 1, 1 << DOC_BITS
#: A tokenizer that knows more pieces of text than this starts afresh: about 100 MB.
MAX_PIECES = 300_000


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


class _Runs(dict[str, "tuple[Token, ...]"]):
    """Keeps what `tokenize` makes of each run of letters (`92/QĐ-UBND`, `Hoà`)."""

    def __missing__(self, run: str) -> tuple[Token, ...]:
        self[run] = tokens = tuple(tokenize(run))
        return tokens


class _Pieces(dict[str, int]):
    """Numbers what stands between two spaces (`(Hoà,`): no token reaches across a space.

    Piece p has `counts[p]` parts in the flat list `parts` (per form, numbers of its vocabulary) and
    `whole_counts[p]` compounds in `wholes`, which stand at the part `whole_places` of their piece.
    """

    def __init__(self) -> None:
        super().__init__()
        self._runs = _Runs()
        self.vocabularies = {"fold": _Vocabulary(), "key": _Vocabulary()}
        self.parts = {"fold": array("i"), "key": array("i")}
        self.wholes = {"fold": array("i"), "key": array("i")}
        self.counts, self.whole_counts, self.whole_places = array("i"), array("i"), array("i")

    def __missing__(self, piece: str) -> int:
        self[piece] = number = len(self)
        folds, keys = self.vocabularies["fold"], self.vocabularies["key"]
        parts, wholes = 0, len(self.whole_places)
        for run in RUNS.findall(piece):
            for token in self._runs[run]:
                lists = self.wholes if token.whole else self.parts
                lists["fold"].append(folds[token.fold])
                lists["key"].append(keys[token.key])
                if token.whole:
                    self.whole_places.append(parts)
                else:
                    parts += 1
        self.counts.append(parts)
        self.whole_counts.append(len(self.whole_places) - wholes)
        return number


@dataclass(frozen=True)
class Batch:
    """Pieces of many texts by number: `ends[i]` is where text i ends in `pieces`."""

    pieces: npt.NDArray[np.int32]
    ends: Ints
    table: _Pieces


class Tokenizer:
    """Reads texts as numbered pieces; remembers the pieces until they are too many."""

    def __init__(self) -> None:
        self._pieces = _Pieces()

    def read(self, texts: Sequence[str]) -> Batch:
        """Look up every piece of every text: one split and one dictionary look-up per word."""
        if len(self._pieces) > MAX_PIECES:
            self._pieces = _Pieces()
        pieces: list[int] = []
        ends: list[int] = []
        look_up = self._pieces.__getitem__
        for text in texts:
            pieces += map(look_up, text.split())
            ends.append(len(pieces))
        return Batch(np.array(pieces, np.int32), np.array(ends, np.int64), self._pieces)


@dataclass(frozen=True)
class Tokens:
    """The tokens of a batch in no particular order, each as an index into the lists of its pieces.

    `parts` and `wholes` index the two lists of `_Pieces`; `part_codes` and `whole_codes` are
    document << 22 | position.  `title_words` and `words` [documents] count positions: of the title, and in
    all, the gap included.
    """

    table: _Pieces
    parts: Ints
    part_codes: Ints
    wholes: Ints
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
    """Expand pieces to tokens.  With `texts_per_doc` 2 the texts are title, body, title, body...

    The body's positions start `TITLE_GAP` after the title's.  Linear in the number of tokens.
    """
    table, pieces = batch.table, batch.pieces
    piece_counts = np.array(table.counts, np.int32)
    first = (np.cumsum(piece_counts) - piece_counts).astype(np.int32)
    counts = piece_counts[pieces]
    ends = np.cumsum(counts, dtype=np.int64)
    total = int(ends[-1]) if len(ends) else 0
    places = np.arange(total)
    parts = np.repeat((first[pieces] - (ends - counts)), counts) + places
    text_ends = np.concatenate([[0], ends])[np.concatenate([[0], batch.ends])]
    words = np.diff(text_ends)
    starts = text_ends[:-1].copy()
    if texts_per_doc == 2:
        starts[1::2] -= words[0::2] + TITLE_GAP
    docs = np.arange(len(words)) // texts_per_doc
    if words.max(initial=0) + 2 * TITLE_GAP > MAX_POSITION:
        codes = _long_codes(places, words, starts, docs)
    else:
        codes = np.repeat((docs << POSITION_BITS) - starts, words) + places
    wholes, whole_places = _wholes(table, pieces, ends - counts)
    titles = words[0::texts_per_doc]
    everything = titles + words[1::2] + TITLE_GAP if texts_per_doc == 2 else words
    return Tokens(table, parts, codes, wholes, codes[whole_places], titles, everything)


def _wholes(table: _Pieces, pieces: npt.NDArray[np.int32], starts: Ints) -> tuple[Ints, Ints]:
    """Return (index into the list of compounds, index of the part they stand at) of all compounds."""
    piece_wholes = np.array(table.whole_counts, np.int64)
    first = np.cumsum(piece_wholes) - piece_wholes
    holders = np.flatnonzero(piece_wholes[pieces])
    counts = piece_wholes[pieces[holders]]
    within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    wholes = np.repeat(first[pieces[holders]], counts) + within
    return wholes, np.repeat(starts[holders], counts) + np.array(table.whole_places, np.int64)[wholes]


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


def rank_terms(table: _Pieces, form: str) -> Ranked:
    """Sort the vocabulary of "fold" or "key" and translate the table to ranks."""
    vocabulary = table.vocabularies[form]
    terms = sorted(vocabulary)
    rank = np.empty(len(terms) + 1, np.int64)
    rank[np.fromiter(map(vocabulary.__getitem__, terms), np.int64, len(terms))] = np.arange(len(terms))
    rank[-1] = -1
    return Ranked(terms, rank[np.array(table.parts[form], np.int64)], rank[np.array(table.wholes[form], np.int64)])


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
