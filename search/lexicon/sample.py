"""Exact counts of words and of neighbours in a sample of the articles, which increments add to and take from.

The sample holds the articles whose id hashes below 2^top.  `top` is the highest for which they have at most `budget`
letters in all: it depends on the set of articles alone, not on their order or on how many builds led to it.
"""

import io
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import numpy as np
import zstandard
from numpy.typing import NDArray

from search.article import Article
from search.errors import IndexDamaged
from search.text.fold import tone_key
from search.text.tokens import WORDS

#: Letters of titles and bodies (about 16 million words); more changes nothing for restoration and costs build time.
SAMPLE_BUDGET: Final = 72_000_000
LONGEST_WORD: Final = 24
FILE: Final = "sample.zst"
_LEVELS: Final = 33
_NO_WORD: Final = 0
#: Stands for the end of a text; never a piece of one.
_END: Final = "\n"
#: Pieces that are remembered, about 30 MB.
_MAX_PIECES: Final = 150_000
#: Words that are counted together.
_CHUNK: Final = 1 << 20

Ints = NDArray[np.int64]


class Ids(dict[str, tuple[int, ...]]):
    """Numbers for tone keys, found by what stands between two spaces; words that are no letters share number 0."""

    def __init__(self, keys: Iterable[str] = ("",)) -> None:
        self.keys_seen = {key: number for number, key in enumerate(keys)}
        self[_END] = (_NO_WORD,)

    def __missing__(self, piece: str) -> tuple[int, ...]:
        if len(self) >= _MAX_PIECES:
            self.clear()
            self[_END] = (_NO_WORD,)
        self[piece] = numbers = tuple(map(self._number, WORDS.findall(piece)))
        return numbers

    def _number(self, word: str) -> int:
        if not word.isalpha() or len(word) > LONGEST_WORD:
            return _NO_WORD
        return self.keys_seen.setdefault(tone_key(word), len(self.keys_seen))

    def of(self, texts: Iterable[str]) -> NDArray[np.uint32]:
        """Return the numbers of the words of some texts, a 0 after each text."""
        pieces = chain.from_iterable((*text.split(), _END) for text in texts)
        return np.array(list(chain.from_iterable(map(self.__getitem__, pieces))), np.uint32)


class Counts:
    """How often words and pairs of neighbours occur: `words` [numbers]; `pairs` are left << 32 | right, ascending."""

    def __init__(self) -> None:
        self.words: Ints = np.zeros(0, np.int64)
        self.pairs: Ints = np.zeros(0, np.int64)
        self.times: Ints = np.zeros(0, np.int64)
        self._waiting: list[NDArray[np.uint32]] = []
        self._size = 0

    def add(self, numbers: NDArray[np.uint32]) -> None:
        """Count a text, which ends with number 0."""
        self._waiting.append(numbers)
        self._size += len(numbers)
        if self._size >= _CHUNK:
            self.settle()

    def settle(self) -> None:
        """Count what is waiting."""
        if self._waiting:
            stream = np.concatenate(self._waiting).astype(np.int64)
            self._waiting, self._size = [], 0
            left, right = stream[:-1], stream[1:]
            both = (left != _NO_WORD) & (right != _NO_WORD)
            pairs, times = np.unique(left[both] << 32 | right[both], return_counts=True)
            self._join(np.bincount(stream), pairs, times)

    def combine(self, other: "Counts", sign: int) -> None:
        """Add the counts of another (`sign` 1) or take them away (-1).  Raises IndexDamaged if they were not here."""
        self.settle()
        other.settle()
        self._join(sign * other.words, other.pairs, sign * other.times)
        if self.words.min(initial=0) < 0 or self.times.min(initial=0) < 0:
            raise IndexDamaged("The sample of the lexicon does not fit the articles: rebuild the index in full.")

    def _join(self, words: Ints, pairs: Ints, times: Ints) -> None:
        counted = np.zeros(max(len(self.words), len(words)), np.int64)
        counted[: len(self.words)] = self.words
        counted[: len(words)] += words
        self.words = counted
        both = np.concatenate([self.pairs, pairs])
        order = np.argsort(both, kind="stable")  # two ascending runs: linear
        both, both_times = both[order], np.concatenate([self.times, times])[order]
        first = np.flatnonzero(np.diff(both, prepend=-1))
        sums = np.add.reduceat(both_times, first) if len(first) else both_times
        kept = sums != 0
        self.pairs, self.times = both[first][kept], sums[kept]


class Sample:
    """The counts, level by level of hashes while they are gathered; memory does not grow with the archive."""

    def __init__(self, budget: int = SAMPLE_BUDGET) -> None:
        self._budget = budget
        self.ids = Ids()
        self.letters = [0] * _LEVELS
        self.top = _LEVELS - 1
        self._levels: dict[int, Counts] = {}

    def add(self, article: Article) -> None:
        """Count an article in, if it belongs to the sample."""
        level = _level(article)
        self.letters[level] += _size(article)
        while sum(self.letters[: self.top + 1]) > self._budget:
            self._levels.pop(self.top, None)
            self.top -= 1
        if level <= self.top:
            self._levels.setdefault(level, Counts()).add(self._numbers(article))

    def _numbers(self, article: Article) -> NDArray[np.uint32]:
        return self.ids.of((article.title, article.body))

    def counts(self) -> Counts:
        """Return the counts of the whole sample."""
        if len(self._levels) > 1:
            first, *others = self._levels.values()
            for other in others:
                first.combine(other, 1)
            self._levels = {self.top: first}
        whole = next(iter(self._levels.values()), Counts())
        whole.settle()
        return whole

    def change(self, gone: Iterable[Article], added: Iterable[Article]) -> bool:
        """Take articles away and add others; return whether the sample is still of the share that it should be of."""
        counts = self.counts()
        self._levels = {self.top: counts}
        for articles, sign in ((gone, -1), (added, 1)):
            changed = Counts()
            for article in articles:
                level = _level(article)
                self.letters[level] += sign * _size(article)
                if level <= self.top:
                    changed.add(self._numbers(article))
            counts.combine(changed, sign)
        fits = sum(self.letters[: self.top + 1]) <= self._budget
        return fits and (self.top == _LEVELS - 1 or sum(self.letters[: self.top + 2]) > self._budget)

    def write(self, directory: Path) -> None:
        """Write the sample for increments, 2 MB for 14 million words."""
        counts, size = self.counts(), len(self.ids.keys_seen)
        codes = (counts.pairs >> 32) * size + (counts.pairs & 0xFFFFFFFF)
        buffer = io.BytesIO()
        np.savez(
            buffer, letters=np.array([self._budget, self.top, *self.letters]), words=_smallest(counts.words),
            keys=np.frombuffer("\n".join(self.ids.keys_seen).encode("utf-8", "surrogatepass"), np.uint8),
            gaps=_smallest(np.diff(codes, prepend=0)), times=_smallest(counts.times),
        )  # fmt: skip
        (directory / FILE).write_bytes(zstandard.ZstdCompressor(level=3).compress(buffer.getvalue()))

    @classmethod
    def read(cls, directory: Path) -> "Sample":
        """Return the sample of a lexicon.  Raises IndexDamaged."""
        try:
            data = zstandard.ZstdDecompressor().decompress((directory / FILE).read_bytes())
            with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
                budget, top, *letters = arrays["letters"].tolist()
                sample, counts = cls(budget), Counts()
                sample.top, sample.letters = top, letters
                sample.ids = Ids(arrays["keys"].tobytes().decode("utf-8", "surrogatepass").split("\n"))
                left, right = np.divmod(np.cumsum(arrays["gaps"], dtype=np.int64), len(sample.ids.keys_seen))
                counts.pairs = left << 32 | right
                counts.words, counts.times = arrays["words"].astype(np.int64), arrays["times"].astype(np.int64)
        except (OSError, ValueError, KeyError, zstandard.ZstdError) as error:
            raise IndexDamaged(f"The sample {directory / FILE} can't be read ({error}); rebuild the index.") from error
        sample._levels = {top: counts}
        return sample


def _level(article: Article) -> int:
    """Return the number of bits of the hash of the id."""
    return crc32(article.id.encode("utf-8", "surrogatepass")).bit_length()


def _size(article: Article) -> int:
    return len(article.title) + len(article.body)


def _smallest(values: Ints) -> NDArray[Any]:
    return values.astype(np.min_scalar_type(int(values.max(initial=0))))
