"""From texts to postings: tokenise and invert whole batches of articles with array operations.

The terms, positions and their order are exactly those of `search.text.tokenize` (a test compares them), but
a word that was met before costs one dictionary look-up instead of a tokenisation.  Everything after the look-up
is NumPy on whole batches.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from search.text.fold import fold, tone_key
from search.text.tokens import MAX_TOKEN, tokenize

Ints = npt.NDArray[np.int64]

#: Positions left free between the title and the body, so that no phrase or window reaches across.
TITLE_GAP = 100
#: How a token's place is packed.  Words behind position 4,194,303 are found, but not as a phrase.
POSITION_BITS, DOC_BITS = 22, 18
MAX_POSITION, MAX_BATCH_DOCS = (1 << POSITION_BITS) - 1, 1 << DOC_BITS
#: Never part of a token at the border of a piece.  Not complete: what is missing costs a look-up more.
_PUNCTUATION = ".,;:!?\"'()[]{}<>“”‘’«»…-–—/*&%+=|"
#: A tokenizer that knows more pieces of text than this starts afresh: about 100 MB.
MAX_PIECES = 300_000


@dataclass(frozen=True)
class Postings:
    """The inverted lists of one field over consecutive documents, flat, term after term in any order.

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


class _Pieces(dict[str, int]):
    """Numbers what stands between two spaces (`(Hoà,`): no token reaches across a space.

    Piece p has `counts[p]` parts in the flat list `parts` (per form, numbers of its vocabulary) and
    `whole_counts[p]` compounds in `wholes`, which stand at the part `whole_places` of their piece.  Pieces
    that differ in punctuation around them have one number.
    """

    def __init__(self) -> None:
        super().__init__()
        self.vocabularies = {"fold": _Vocabulary(), "key": _Vocabulary()}
        self.parts = {"fold": array("i"), "key": array("i")}
        self.wholes = {"fold": array("i"), "key": array("i")}
        self.counts, self.whole_counts, self.whole_places = array("i"), array("i"), array("i")

    def __missing__(self, piece: str) -> int:
        core = piece.strip(_PUNCTUATION)
        number = self.get(core)
        if number is None:
            number = self[core] = self._word(core) if core.isalnum() else self._tokens(core)
        self[piece] = number
        return number

    def _word(self, word: str) -> int:
        """Add a piece that is one plain word, as `tokenize` would."""
        word = word[:MAX_TOKEN]
        self.parts["fold"].append(self.vocabularies["fold"][fold(word)])
        self.parts["key"].append(self.vocabularies["key"][tone_key(word)])
        self.counts.append(1)
        self.whole_counts.append(0)
        return len(self.counts) - 1

    def _tokens(self, piece: str) -> int:
        folds, keys = self.vocabularies["fold"], self.vocabularies["key"]
        parts, wholes = 0, 0
        for token in tokenize(piece):
            lists = self.wholes if token.whole else self.parts
            lists["fold"].append(folds[token.fold])
            lists["key"].append(keys[token.key])
            if token.whole:
                self.whole_places.append(parts)
                wholes += 1
            else:
                parts += 1
        self.counts.append(parts)
        self.whole_counts.append(wholes)
        return len(self.counts) - 1


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


def invert(tokens: Tokens, form: str, positions: bool) -> Postings:
    """Sort tokens by (term, document, position); one vectorised sort of integers, n log n.

    Term, document and position are packed into one integer of 24 + 18 + 22 bits (a batch is small), or term
    and document into 32 bits where positions are not wanted, so that the sort moves no records.
    """
    terms = np.concatenate([np.array(tokens.table.parts[form], np.int64)[tokens.parts],
                            np.array(tokens.table.wholes[form], np.int64)[tokens.wholes]])  # fmt: skip
    codes = np.concatenate([tokens.part_codes, tokens.whole_codes])
    names = list(tokens.table.vocabularies[form])
    if positions:
        packed = (terms << (POSITION_BITS + DOC_BITS)) | codes
        packed.sort()
        posting = packed >> POSITION_BITS
        return _postings(names, posting, DOC_BITS, (packed & MAX_POSITION).astype(np.uint32))
    bits = max(len(tokens.title_words), 1).bit_length()
    posting = (terms << bits) | (codes >> POSITION_BITS)
    if len(names) << bits < 1 << 32:
        posting = posting.astype(np.uint32)
    posting.sort()
    return _postings(names, posting, bits, None)


def _postings(
    names: list[str], posting: npt.NDArray[Any], doc_bits: int, positions: npt.NDArray[np.uint32] | None
) -> Postings:
    """Group sorted term << doc_bits | document, one per token."""
    fresh = np.empty(len(posting), bool)
    fresh[:1] = True
    np.not_equal(posting[1:], posting[:-1], out=fresh[1:])
    starts = np.flatnonzero(fresh)
    freqs = np.diff(np.append(starts, len(posting))).astype(np.uint32)
    heads = posting[starts].astype(np.int64)
    df = np.bincount(heads >> doc_bits, minlength=len(names))
    kept = np.flatnonzero(df)
    terms = [names[i] for i in kept.tolist()]
    docs = (heads & ((1 << doc_bits) - 1)).astype(np.uint32)
    return Postings(terms, df[kept].astype(np.int64), docs, freqs, positions)
