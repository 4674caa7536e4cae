"""Look up words and their neighbours in the archive's own vocabulary."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from search.errors import IndexDamaged
from search.lexicon import files

#: Share of the pair model in the probability of a right neighbour, the rest is the word's own frequency.
INTERPOLATION: Final = 0.7
#: Count of a word of the archive that the sample does not have, and of one that the archive does not have.
UNSEEN: Final = 0.1
UNKNOWN: Final = 1e-4
#: Words side by side with so much normalised pointwise mutual information (Bouma 2009) belong together: names and
#: compounds have .32 to .88 (`đối ngoại`, `Việt Nam`), chance neighbours less than .27 (`của ông`, `đi học`).
LEAST_ASSOCIATION: Final = 0.3
#: Pairs of candidates whose model is remembered: those of syllables as typed.  The hundreds that a slip may have meant
#: are another set each time, and take a megabyte.
REMEMBERED: Final = 600
#: Pairs seen less often say nothing about that.
LEAST_SEEN: Final = 5


@dataclass(frozen=True, slots=True)
class Neighbours:
    """How likely right words follow left ones: `chances` is P(right | left), shape (left, right).

    `supported` says whether any of them stands beside another more often than chance has it.
    """

    chances: NDArray[np.float64]
    supported: bool


class Lexicon:
    """The vocabulary of one archive.  Word numbers are its own; -1 is a word that it does not have.  Immutable."""

    def __init__(self, arrays: files.Arrays) -> None:
        # Plain views: indexing a memory map as such costs 3 microseconds more each time.
        self._words = np.asarray(arrays.words)
        self._folds, self._keys = _lines(self._words)
        self._first = np.asarray(arrays.fold_first)
        self._df, self._cf, self._seen = map(np.asarray, (arrays.df, arrays.cf, arrays.seen))
        self._codes, self._counts = np.asarray(arrays.pair_codes), np.asarray(arrays.pair_counts)
        self.size = len(self._df)
        self.total = max(float(self._seen.sum()), 1.0)
        #: Share of the occurrences of all words that the sample has.
        self.sampled = min(self.total / max(float(self._cf.sum()), 1.0), 1.0)
        self.numbers = lru_cache(maxsize=8_000)(self._numbers)
        self._remembered = lru_cache(maxsize=4_000)(self._neighbours)
        self.association = lru_cache(maxsize=5_000)(self._association)
        self.lift = lru_cache(maxsize=5_000)(self._lift)
        self.frequencies = lru_cache(maxsize=5_000)(self._frequencies)
        self.together = lru_cache(maxsize=5_000)(self._together)

    @classmethod
    def open(cls, directory: Path) -> "Lexicon":
        """Open a lexicon.  Raises IndexDamaged or IndexOutdated."""
        return cls(files.read(directory))

    def close(self) -> None:
        """Release the files at once: its caches hold methods of this object, so it is a circle; nothing may be asked
        afterwards."""
        self.__dict__.clear()

    def known(self, folds: Iterable[str]) -> set[str]:
        """Return those of the folded forms that the archive has; some hundreds take a tenth of a millisecond."""
        wanted = list(dict.fromkeys(folds))
        return {wanted[at] for at in np.flatnonzero(self._places(wanted) >= 0).tolist()}

    def _places(self, folds: Sequence[str]) -> NDArray[np.int64]:
        """Return the places of folded forms in the vocabulary, shape (n,), -1 for those that are not there."""
        if not len(self._folds):
            return np.full(len(folds), -1)
        width = self._folds.itemsize
        encoded = [form.encode("utf-8", "surrogatepass") for form in folds]
        wanted = np.array([form if len(form) <= width else b"" for form in encoded], self._folds.dtype)
        places = np.minimum(np.searchsorted(self._folds, wanted), len(self._folds) - 1)
        return np.where(self._folds[places] == wanted, places, -1)

    def _numbers(self, folded: str) -> dict[str, int]:
        """Return the words of a folded form: tone key -> number."""
        at = int(self._places([folded])[0])
        if at < 0:
            return {}
        first = int(self._first[at])
        return {key: first + place for place, key in enumerate(self._keys_at(at))}

    def _keys_at(self, at: int) -> list[str]:
        start, end = self._keys[at].tolist()
        return self._words[start:end].tobytes().decode().split(" ")

    def df(self, number: int) -> int:
        """Return the number of articles with a word."""
        return int(self._df[number]) if number >= 0 else 0

    def cf(self, number: int) -> int:
        """Return how often a word occurs in the archive."""
        return int(self._cf[number]) if number >= 0 else 0

    def _frequencies(self, numbers: tuple[int, ...]) -> NDArray[np.float64]:
        """Return the relative frequency of each word in the sample, shape (n,)."""
        places = np.array(numbers, np.int64)
        if not self.size:
            return np.full(len(places), UNKNOWN)
        counts = np.maximum(self._seen[places].astype(np.float64), UNSEEN)
        counts[places < 0] = UNKNOWN
        return counts / self.total

    def neighbours(self, left: tuple[int, ...], right: tuple[int, ...]) -> Neighbours:
        """Return the interpolated pair model of left and right words; that of few words is remembered."""
        few = len(left) * len(right) <= REMEMBERED
        return self._remembered(left, right) if few else self._neighbours(left, right)

    def _neighbours(self, left: tuple[int, ...], right: tuple[int, ...]) -> Neighbours:
        alone = self.frequencies(right)
        counts = self.pair_counts(np.array(left, np.int64), np.array(right, np.int64))
        before = np.maximum(self.frequencies(left) * self.total, 1.0)
        chances = (1 - INTERPOLATION) * alone + INTERPOLATION * counts / before[:, None]
        return Neighbours(chances, bool((chances > alone).any()))

    def _association(self, left: int, right: int) -> float:
        """Return the normalised pointwise mutual information of two words side by side, 0 if hardly ever seen so."""
        if left < 0 or right < 0:
            return 0.0
        lefts, rights = np.array([left]), np.array([right])
        counts = self.pair_counts(lefts, rights)[0]
        return float(self._associations(lefts, rights, counts)[0]) if counts[0] >= LEAST_SEEN else 0.0

    def _lift(self, left: int, right: int, least: int = LEAST_SEEN) -> float:
        """Return how many times more often than chance two words stand side by side, 0 if seen so less than `least`."""
        if left < 0 or right < 0:
            return 0.0
        count = float(self.pair_counts(np.array([left]), np.array([right]))[0, 0])
        alone = max(float(self._seen[left]), 1.0) * max(float(self._seen[right]), 1.0)
        return count * self.total / alone if count >= least else 0.0

    def _associations(
        self, left: NDArray[np.int64], right: NDArray[np.int64], counts: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        alone = np.maximum(self._seen[left], 1.0) * np.maximum(self._seen[right], 1.0)
        rarity = np.maximum(-np.log(counts / self.total), UNSEEN)
        found: NDArray[np.float64] = np.log(counts * self.total / alone) / rarity
        return found

    def frequent_pairs(self, association: float = -1.0) -> Iterator[tuple[str, str, int]]:
        """Yield (left key, right key, count in the sample), the most frequent first, ties by number.

        Pairs with less than the given normalised pointwise mutual information are left out.
        """
        names = [key for at in range(len(self._keys)) for key in self._keys_at(at)]
        lefts, rights = np.divmod(self._codes, max(self.size, 1))
        kept = self._associations(lefts, rights, self._counts.astype(np.float64)) >= association
        order = np.argsort(-self._counts.astype(np.int64), kind="stable")
        for place in order[kept[order]].tolist():
            yield names[lefts[place]], names[rights[place]], int(self._counts[place])

    def followers(self, left: int) -> Iterator[tuple[int, int, str]]:
        """Yield (count in the sample, number, key) of the words that stand right behind one, seldom ones left out."""
        first, last = np.searchsorted(self._codes, [left * self.size, (left + 1) * self.size]).tolist()
        kept = first + np.flatnonzero(self._counts[first:last] >= LEAST_SEEN)
        numbers = (self._codes[kept] - left * self.size).tolist()
        forms = (np.searchsorted(self._first, numbers, side="right") - 1).tolist()
        for count, number, form in zip(self._counts[kept].tolist(), numbers, forms, strict=True):
            yield int(count), number, self._keys_at(form)[number - int(self._first[form])]

    def _together(self, left: tuple[int, ...], right: tuple[int, ...]) -> float:
        """Return how often any right word follows any left one in the sample."""
        return float(self.pair_counts(np.array(left, np.int64), np.array(right, np.int64)).sum())

    def pair_counts(self, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return how often each right word follows each left one in the sample, shape (left, right)."""
        wanted = left[:, None] * self.size + right[None, :]
        if not len(self._codes):
            return np.zeros(wanted.shape)
        places = np.minimum(np.searchsorted(self._codes, wanted), len(self._codes) - 1)
        known = (self._codes[places] == wanted) & (left[:, None] >= 0) & (right[None, :] >= 0)
        return np.where(known, self._counts[places], 0).astype(np.float64)


def _lines(text: NDArray[np.uint8]) -> tuple[NDArray[np.bytes_], NDArray[np.int64]]:
    """Return the folded forms of `files.Arrays.words`, shape (n,), and where in it their keys start and end, (n, 2).

    Raises IndexDamaged.  One array takes about 25 bytes a form, where Python's strings and their table take 150.
    """
    ends = np.append(np.flatnonzero(text == ord("\n")), len(text))
    tabs = np.flatnonzero(text == ord("\t"))
    if not len(text):
        return np.empty(0, "S1"), np.empty((0, 2), np.int64)
    starts = np.append(0, ends[:-1] + 1)
    if len(tabs) != len(ends) or (tabs <= starts).any() or (tabs >= ends).any():
        raise IndexDamaged("The vocabulary of the lexicon is damaged; rebuild the index.")
    columns = np.arange((tabs - starts).max())
    places = np.minimum(starts[:, None] + columns, tabs[:, None])
    letters = np.where(places < tabs[:, None], text[places], 0).astype(np.uint8)
    return letters.view(f"S{len(columns)}")[:, 0], np.stack((tabs + 1, ends), axis=1)
