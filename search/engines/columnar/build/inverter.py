"""From pieces to postings: expand and invert whole batches of articles with array operations.

The terms, positions and their order are exactly those of `search.text.tokenize` (a test compares them).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.engines.columnar.build.tokenizer import Batch, Ints, Pieces
from search.engines.columnar.format.columns import TITLE_GAP
from search.engines.columnar.format.postings import Postings

Numbers = npt.NDArray[np.uint32]

#: Words behind this position are found, but not as a phrase.
MAX_POSITION = (1 << 22) - 1
#: Articles of a batch, if they are very short.
MAX_BATCH_DOCS = 1 << 18


@dataclass(frozen=True)
class Tokens:
    """The tokens of a batch, by document and position, each as an index into the lists of its pieces.

    `tokens`, `docs` and `positions` [tokens]; `title_words` and `words` [documents] count positions: of the
    title, and in all, the gap included.
    """

    table: Pieces
    tokens: npt.NDArray[np.int32]
    docs: Numbers
    positions: Numbers
    title_words: Ints
    words: Ints

    def titles(self) -> "Tokens":
        """Return the tokens of the titles alone."""
        chosen = np.flatnonzero(self.positions < self.title_words.astype(np.uint32)[self.docs])
        return Tokens(self.table, self.tokens[chosen], self.docs[chosen], self.positions[chosen],
                      self.title_words, self.title_words)  # fmt: skip


def expand(batch: Batch, texts_per_doc: int = 1) -> Tokens:
    """Expand pieces to tokens.  With `texts_per_doc` 2 the texts are title, body, title, body...

    The body's positions start `TITLE_GAP` after the title's.  Linear in the number of tokens.
    """
    table, pieces = batch.table, batch.numbers
    per_piece = np.array(table.counts, np.int32)
    first = np.cumsum(per_piece, dtype=np.int32) - per_piece
    counts, parts = per_piece[pieces], np.array(table.parts, np.int32)[pieces]
    ends = np.cumsum(counts, dtype=np.int32)
    tokens = np.repeat(first[pieces] - (ends - counts), counts)
    tokens += np.arange(len(tokens), dtype=np.int32)
    text_ends = np.concatenate([[0], batch.ends])
    part_ends = np.concatenate([[0], np.cumsum(parts, dtype=np.int32)])
    words = np.diff(part_ends[text_ends]).astype(np.int64)
    starts = part_ends[text_ends[:-1]].copy()
    if texts_per_doc == 2:
        starts[1::2] -= words[0::2] + TITLE_GAP
    places = part_ends[:-1] - np.repeat(starts, np.diff(text_ends))
    positions = np.repeat(places, counts) + np.array(table.places, np.int32)[tokens]
    if words.max(initial=0) + 2 * TITLE_GAP > MAX_POSITION:
        positions = np.minimum(positions, MAX_POSITION)
    token_ends = np.concatenate([[0], ends])[text_ends[::texts_per_doc]]
    docs = np.repeat(np.arange(len(token_ends) - 1, dtype=np.uint32), np.diff(token_ends))
    titles = words[0::texts_per_doc]
    everything = titles + words[1::2] + TITLE_GAP if texts_per_doc == 2 else words
    return Tokens(table, tokens, docs, positions.astype(np.uint32), titles, everything)


def invert(tokens: Tokens, form: str, positions: bool) -> Postings:
    """Group tokens by term; they are ordered by document and position already, and stay so within a term.

    Linear, but for sorting the terms: tokens are sorted by counting, by the ranks of their terms.
    """
    vocabulary = tokens.table.vocabularies[form]
    numbers = np.array(tokens.table.tokens[form], np.int32)[tokens.tokens]
    sizes = np.bincount(numbers, minlength=len(vocabulary))
    words = list(vocabulary)
    terms = sorted(words[number] for number in np.flatnonzero(sizes).tolist())
    present = np.fromiter(map(vocabulary.__getitem__, terms), np.int64, len(terms))
    ranks = np.zeros(len(vocabulary), np.int32)
    ranks[present] = np.arange(len(present))
    order = stable_order(ranks[numbers], len(present))
    docs = tokens.docs[order]
    bounds = np.cumsum(sizes[present])
    fresh = np.empty(len(docs), bool)
    np.not_equal(docs[1:], docs[:-1], out=fresh[1:])
    fresh[:1] = True
    fresh[bounds[:-1]] = True
    starts = np.flatnonzero(fresh)
    freqs = np.diff(starts, append=len(docs)).astype(np.uint32)
    df = np.diff(np.searchsorted(starts, bounds), prepend=0)
    return Postings(terms, df, docs[starts], freqs, tokens.positions[order] if positions else None)


def stable_order(ranks: npt.NDArray[np.int32], size: int) -> Ints:
    """Return the order by rank below `size`, 16 bits at a time: NumPy sorts those by counting, in linear time."""
    order = np.argsort(ranks.astype(np.uint16), kind="stable")
    if size <= 1 << 16:
        return order
    return order[np.argsort((ranks >> 16).astype(np.uint16)[order], kind="stable")]
