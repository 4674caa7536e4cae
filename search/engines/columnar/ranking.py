"""Choose the best documents of many, and look at them a second time."""

import numpy as np
import numpy.typing as npt

from search.engines.base import Rescore
from search.engines.columnar.matches import Docs, Scores
from search.engines.columnar.phrase import PhraseFinder, contains
from search.engines.columnar.words import WordLists, saturate

_BLOCK = 64


def top(scores: Scores, count: int) -> npt.NDArray[np.intp]:
    """Return the places of the `count` highest scores, best first, ties by place.

    The count-th highest maximum of blocks of 64 is a lower bound of the count-th highest score, so one pass
    leaves few candidates to sort: O(m + c log c).
    """
    size = len(scores)
    if size > _BLOCK * 2 * max(count, 1):
        whole = size - size % _BLOCK
        maxima = scores[:whole].reshape(-1, _BLOCK).max(axis=1)
        bound = np.partition(maxima, len(maxima) - count)[len(maxima) - count]
        places = np.flatnonzero(scores >= bound)
    else:
        places = np.arange(size)
    order = np.argsort(-scores[places], kind="stable")
    return places[order[:count]]


class SecondLook:
    """Scores neighbouring pairs and tight windows of folded words in a few documents."""

    def __init__(self, words: WordLists, phrases: PhraseFinder) -> None:
        self._words, self._phrases = words, phrases

    def rescore(self, docs: Docs, rescore: Rescore) -> dict[str, Scores]:
        """Return the extra scores of `docs` (in any order): {"pairs": ..., "window": ...}."""
        order = np.argsort(docs)
        held = docs[order]
        wanted = {word for left, right, _ in rescore.pairs for word in (left, right)}
        wanted |= set(rescore.window_words) if rescore.window else set()
        local = {word: self._addresses(word, held) for word in wanted}
        parts: dict[str, Scores] = {}
        found = {"pairs": self._pairs(held, local, rescore), "window": self._window(held, local, rescore)}
        for name, scores in found.items():
            if scores is not None:
                parts[name] = np.empty(len(docs), np.float32)
                parts[name][order] = scores
        return parts

    def _addresses(self, term: str, docs: Docs) -> npt.NDArray[np.int64]:
        """Return the addresses of a term in the sorted `docs`; reads no other positions."""
        return self._phrases.addresses_in(term, docs)

    def _pairs(self, docs: Docs, local: dict[str, npt.NDArray[np.int64]], rescore: Rescore) -> Scores | None:
        if not rescore.pairs:
            return None
        scores = np.zeros(len(docs), np.float32)
        norm = self._words.norm("all")[docs]
        base = self._phrases.base[docs]
        for left, right, weight in rescore.pairs:
            a, b = local[left], local[right]
            if not len(a) or not len(b):
                continue
            ends = b[contains(a, b - 1)]
            places = np.searchsorted(base, ends, "right") - 1
            tf = np.bincount(places, minlength=len(docs)).astype(np.float32)
            df = min(self._words.df("fold", left), self._words.df("fold", right))
            scores += saturate(tf, norm, self._words.scheme.k1) * np.float32(weight * self._words.idf(df))
        return scores

    def _window(self, docs: Docs, local: dict[str, npt.NDArray[np.int64]], rescore: Rescore) -> Scores | None:
        """Return weight x mean idf x words / width of the tightest window with all words a document has."""
        words = [word for word in dict.fromkeys(rescore.window_words) if len(local.get(word, ()))]
        if not rescore.window or len(words) < 2:
            return None
        addresses = np.concatenate([local[word] for word in words])
        which = np.repeat(np.arange(len(words)), [len(local[word]) for word in words])
        order = np.argsort(addresses, kind="stable")
        addresses, which = addresses[order], which[order]
        place = np.searchsorted(self._phrases.base[docs], addresses, "right") - 1
        has = np.zeros((len(words), len(docs)), bool)
        has[which, place] = True
        start = addresses.copy()
        for word in range(len(words)):
            seen = np.maximum.accumulate(np.where(which == word, addresses, -1))
            start = np.where(has[word, place], np.minimum(start, seen), start)
        width = np.where(start >= self._phrases.base[docs][place], addresses - start + 1, np.inf)
        tightest = np.full(len(docs), np.inf)
        np.minimum.at(tightest, place, width)
        count = has.sum(axis=0)
        idf = np.array([self._words.idf(self._words.df("fold", word)) for word in words], np.float32)
        value = np.where(count > 1, (idf @ has) * count / np.maximum(tightest, 1), 0.0)
        return (rescore.window * value).astype(np.float32)
