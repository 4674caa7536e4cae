"""Near-duplicates: the same press release on seven portals becomes one cluster, led by its first publisher.

MinHash (Broder 1997) over shingles of four folded syllables estimates the Jaccard similarity of two texts;
banded locality-sensitive hashing finds candidates.  Signatures come from `rensa` (0.5 MB, no dependencies;
`datasketch` needs scipy, 113 MB).  Banding is a sort over NumPy columns, since a dictionary per band in Python
takes longer than everything else for 88,000 articles.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from search.article import Article
from search.text import fold_text

#: Similarity from which two texts are near-duplicates.  Edited leads and captions leave about 0.7-0.9.
SIMILAR: Final = 0.7
#: 25 bands of 5 rows: a pair of similarity 0.7 becomes a candidate with probability 0.99, one of 0.4 with 0.23.
BANDS: Final = 25
ROWS: Final = 5
PERMUTATIONS: Final = 128
#: Shorter texts (notices, "see the attachment") resemble each other without being twins.
MIN_SYLLABLES: Final = 40

_SHINGLE: Final = 4
#: Where CJK begins: few articles hold a sign beyond, and those are cut into words the long way.
_ALPHABETS: Final = 0x3000
#: Pairs that are compared together.
_COMPARED: Final = 1 << 16
_SEED: Final = 20261122
_WORD: Final = re.compile(r"[^\W_]+")

Signatures = NDArray[np.uint16]


def signature(article: Article) -> bytes:
    """Return the MinHash signature of an article's body (PERMUTATIONS little-endian uint16), `b""` for short ones.

    The low half of each minimum: two that differ agree in it once in 65,536 times, and a million articles need half
    the memory.
    """
    words = _folded_words(article.body)
    if len(words) < MIN_SYLLABLES:
        return b""
    minhash = RMinHash(num_perm=PERMUTATIONS, seed=_SEED)
    minhash.update(_shingles(words))
    return np.asarray(minhash.digest(), dtype="<u4").astype("<u2").tobytes()


def _folded_words(text: str) -> list[str]:
    """Return the folded words of a text, by one look into a table for all its letters."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    try:
        folded: NDArray[np.uint16] = _folded_letters()[codes]
    except IndexError:
        return _WORD.findall(fold_text(text))
    return folded.tobytes().decode("utf-16-le").split()


@cache
def _folded_letters() -> NDArray[np.uint16]:
    """Map code points of alphabets to their folded letters, and to a blank what no word holds."""
    folded = fold_text("".join(map(chr, range(_ALPHABETS))))
    return np.array([ord(letter) if _WORD.fullmatch(letter) else ord(" ") for letter in folded], "<u2")


def _shingles(words: list[str]) -> list[str]:
    """Return every run of _SHINGLE words."""
    return list(map(" ".join, zip(*(words[first:] for first in range(_SHINGLE)), strict=False)))


def cluster(items: Iterable[tuple[str, str, bytes]]) -> dict[str, str]:
    """Return the cluster of every article that has twins: the id of the first published one, itself included.

    `items` are (id, date, signature); the order does not matter.  Articles without a full date come after the
    dated ones, and ids break ties.  Every member is at least SIMILAR to the first one of its cluster, so that
    a chain of small changes (daily prices) does not grow into one cluster.  A million take 400 MB.
    """
    names: list[str] = []
    dates: list[str] = []
    data = bytearray()
    for name, date, sign in items:
        if sign:
            names.append(name)
            dates.append(sys.intern(date))
            data += sign
    if len(names) < 2:
        return {}
    signatures = np.frombuffer(data, "<u2").reshape(len(names), PERMUTATIONS)
    ranked = sorted(range(len(names)), key=lambda at: (_undated(dates[at]), dates[at], names[at]))
    parents: dict[int, int] = {}
    for first, second in _similar_pairs(signatures, np.array(ranked, np.int64)):
        _join(parents, first, second)
    groups: dict[int, list[int]] = {}
    for rank in sorted(parents):
        groups.setdefault(_root(parents, rank), []).append(ranked[rank])
    result: dict[str, str] = {}
    for members in groups.values():
        for leader, twins in _led(signatures, members):
            result.update({names[index]: names[leader] for index in twins})
    return result


def _undated(date: str) -> bool:
    return not date or date.startswith("--")


def _similar_pairs(signatures: Signatures, ranked: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Yield ranks of pairs that share a band and are similar; each band's groups are compared along a chain."""
    for band in range(BANDS):
        keys = _row_hash(signatures[:, band * ROWS : (band + 1) * ROWS][ranked])
        order = np.argsort(keys, kind="stable")
        equal = keys[order[1:]] == keys[order[:-1]]
        first, second = order[:-1][equal], order[1:][equal]
        for at in range(0, len(first), _COMPARED):
            left, right = first[at : at + _COMPARED], second[at : at + _COMPARED]
            close = _similarity(signatures[ranked[left]], signatures[ranked[right]]) >= SIMILAR
            yield from zip(left[close].tolist(), right[close].tolist(), strict=True)


def connected(signatures: Signatures, seeds: Signatures, most: int) -> NDArray[np.int64] | None:
    """Return the rows of `signatures` [n, PERMUTATIONS] that share a band with one of the seeds, or with such a row.

    Ascending; None if they are more than `most`.  A group of `cluster` lies within them, or outside of them.
    """
    found = frontier = _sharing(signatures, seeds)
    while len(frontier):
        if len(found) > most:
            return None
        frontier = np.setdiff1d(_sharing(signatures, signatures[frontier]), found, assume_unique=True)
        found = np.union1d(found, frontier)
    return found


def _sharing(signatures: Signatures, seeds: Signatures) -> NDArray[np.int64]:
    """Return the rows, ascending, that share a band with one of the seeds."""
    found = [np.empty(0, np.int64)]
    for first in range(0, BANDS * ROWS, ROWS):
        wanted = np.zeros(1 << 16, bool)
        wanted[seeds[:, first]] = True
        near = np.flatnonzero(wanted[signatures[:, first]])
        band = slice(first, first + ROWS)
        found.append(near[np.isin(_row_hash(signatures[near, band]), _row_hash(seeds[:, band]))])
    return np.unique(np.concatenate(found))


def _row_hash(columns: Signatures) -> NDArray[np.uint64]:
    """Return one 64-bit key per row (multiply and add, odd constant of splitmix64)."""
    keys = np.zeros(len(columns), dtype=np.uint64)
    for column in range(columns.shape[1]):
        keys = keys * np.uint64(0x9E3779B97F4A7C15) + columns[:, column].astype(np.uint64) + np.uint64(1)
        keys ^= keys >> np.uint64(29)
    return keys


def _similarity(first: Signatures, second: Signatures) -> NDArray[np.float64]:
    """Return the estimated Jaccard similarity row by row."""
    return np.asarray((first == second).mean(axis=1))


def _led(signatures: Signatures, members: list[int]) -> Iterator[tuple[int, list[int]]]:
    """Split a connected group into clusters around leaders; members are in order of publication."""
    while len(members) > 1:
        leader, *others = members
        close = _similarity(signatures[others], signatures[[leader]]) >= SIMILAR
        twins = [index for index, near in zip(others, close, strict=True) if near]
        if twins:
            yield leader, [leader, *twins]
        members = [index for index, near in zip(others, close, strict=True) if not near]


def _root(parents: dict[int, int], index: int) -> int:
    while parents.setdefault(index, index) != index:
        parents[index] = parents[parents[index]]
        index = parents[index]
    return index


def _join(parents: dict[int, int], first: int, second: int) -> None:
    first, second = _root(parents, first), _root(parents, second)
    parents[max(first, second)] = min(first, second)
