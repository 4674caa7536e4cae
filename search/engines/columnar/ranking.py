"""Choose the best documents of many, and look at them a second time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engines.base import Rescore
from search.engines.columnar.places import Occurrences, PlaceLists
from search.engines.columnar.sets import Docs
from search.engines.columnar.words import Scores, WordLists, saturate

#: Sizes of the groups whose best score is looked at first; the largest that leaves enough groups.
_BLOCKS = (64, 16, 4)


#: Keys that order the places of equal scores.
TieKeys = Callable[[npt.NDArray[np.intp]], npt.NDArray[Any]]


def top(scores: Scores, count: int, ties: TieKeys | None = None) -> npt.NDArray[np.intp]:
    """Return the places of the `count` highest scores, best first; ties by the key that `ties` gives, or by place.

    The count-th highest maximum of groups of scores is a lower bound of the count-th highest score, so one pass
    leaves few candidates to sort: O(m + c log c).
    """
    size = len(scores)
    block = next((block for block in _BLOCKS if size > block * 2 * count > 0), 0)
    if block:
        maxima = scores[: size - size % block].reshape(block, -1).max(axis=0)
        bound = np.partition(maxima, len(maxima) - count)[len(maxima) - count]
        places = (scores >= bound).nonzero()[0]
    else:
        places = np.arange(size)
    keys = -scores[places]
    order = np.argsort(keys, kind="stable") if ties is None else np.lexsort((ties(places), keys))
    best: npt.NDArray[np.intp] = places[order[:count]]
    return best


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the words of a query stand in a few documents, in the order of documents and positions.

    `owners` [occurrences] are places in the list of documents, `words` places in the list of words; `addresses`
    differ by one where positions are neighbours, by more between documents, and are above 0; `bits` of one are its
    position.  `has` says of [word, document] whether it occurs.
    """

    addresses: npt.NDArray[Any]
    owners: npt.NDArray[Any]
    words: npt.NDArray[Any]
    bits: int
    has: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, found: Occurrences, count: int) -> "Standing":
        """Merge the occurrences of `count` words by sorting one array of numbers."""
        bits = (int(found.positions.max(initial=0)) + 2).bit_length()  # a position is free between documents
        below = max(count - 1, 1).bit_length()
        narrow = int(found.owners.max(initial=0) + 1).bit_length() + bits + below < 32
        codes: npt.NDArray[np.signedinteger[Any]] = (found.owners + 1).astype(np.int32 if narrow else np.int64)
        codes <<= bits
        codes += found.positions.astype(codes.dtype)
        codes <<= below
        codes += found.words.astype(codes.dtype)
        codes.sort()
        return cls(codes >> below, (codes >> (bits + below)) - 1, codes & ((1 << below) - 1), bits, found.has)

    def only(self, words: int) -> "Standing":
        """Return the occurrences of the first `words` words."""
        keep = self.words < words
        return Standing(self.addresses[keep], self.owners[keep], self.words[keep], self.bits, self.has[:words])


class SecondLook:
    """Scores neighbouring pairs and tight windows of folded words in a few documents."""

    def __init__(self, words: WordLists, places: PlaceLists) -> None:
        self._words, self._places = words, places

    def rescore(self, docs: Docs, rescore: Rescore) -> dict[str, Scores]:
        """Return the extra scores of `docs` (in any order): {"pairs": ..., "window": ...}.

        Linear in the occurrences of the words in these documents, times the words for the window.
        """
        order = np.argsort(docs)
        held = docs[order]
        in_window = dict.fromkeys(rescore.window_words if rescore.window else ())
        words = list(in_window | dict.fromkeys(word for pair in rescore.pairs for word in (pair.left, pair.right)))
        places = Standing.of(self._places.occurrences(words, held), len(words))
        found: dict[str, Scores] = {}
        if rescore.pairs:
            found["pairs"] = self._pairs(held, words, places, rescore)
        if len(in_window) > 1:
            within = places if len(in_window) == len(words) else places.only(len(in_window))
            found["window"] = np.float32(rescore.window) * self._window(len(held), words[: len(in_window)], within)
        parts: dict[str, Scores] = {}
        for name, scores in found.items():
            parts[name] = np.empty(len(docs), np.float32)
            parts[name][order] = scores
        return parts

    def _pairs(self, docs: Docs, words: Sequence[str], places: Standing, rescore: Rescore) -> Scores:
        """Return the BM25 scores of the neighbouring pairs, all pairs in one pass."""
        number = {word: place for place, word in enumerate(words)}
        pairs = {(number[pair.left], number[pair.right]): pair for pair in rescore.pairs}
        which = np.full((len(words), len(words)), -1)
        which[tuple(zip(*pairs, strict=True))] = np.arange(len(pairs))
        owners, kinds = neighbours(places, which)
        counts = np.bincount(kinds * len(docs) + owners, minlength=len(pairs) * len(docs))
        tf = counts.astype(np.float32).reshape(len(pairs), len(docs))
        factors = [pair.weight * self._words.idf(pair.df) for pair in pairs.values()]
        impacts = saturate(tf, self._words.norm("all")[docs], self._words.scheme.k1)
        scores: Scores = np.array(factors, np.float32) @ impacts
        return scores

    def _window(self, size: int, words: Sequence[str], places: Standing) -> Scores:
        """Return mean idf x words / width of the tightest window with all words a document has, of `size` documents."""
        value = np.zeros(size, np.float32)
        if not len(places.owners):
            return value
        addresses, owners = places.addresses, places.owners
        has = places.has
        start = addresses.copy()
        for word in range(len(words)):
            seen = np.maximum.accumulate((places.words == word) * addresses)  # 0 before the first
            if not has[word].all():
                seen = np.where(has[word].take(owners), seen, addresses)
            np.minimum(start, seen, out=start)
        whole = start >= owners + 1 << places.bits
        width = np.where(whole, addresses - start + 1, np.iinfo(addresses.dtype).max)
        first = np.concatenate(([True], owners[1:] != owners[:-1])).nonzero()[0]
        tightest = np.minimum.reduceat(width, first)
        present = has[:, owners[first]]
        count = present.sum(axis=0)
        idf = np.array([self._words.idf(self._words.df("fold", word)) for word in words], np.float32)
        value[owners[first]] = np.where(count > 1, (idf @ present) * count / tightest, 0.0)
        return value


def neighbours(places: Standing, which: npt.NDArray[Any]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return (owner, number of the pair) of every pair that stands side by side; `which` [left, right], -1 is none.

    Words at one place (a compound and its first part) stand between neighbours, so that these may be further
    apart in the list than one; each distance in the list takes one pass.
    """
    owners, kinds = [], []
    for step in range(1, len(places.addresses)):
        distance = places.addresses[step:] - places.addresses[:-step]
        if distance.min() > 1:
            break
        left = np.flatnonzero(distance == 1)
        kind = which[places.words[left], places.words[left + step]]
        owners.append(places.owners[left[kind >= 0]])
        kinds.append(kind[kind >= 0])
    empty = [np.empty(0, np.int64)]
    return np.concatenate(owners or empty), np.concatenate(kinds or empty)
