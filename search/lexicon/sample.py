"""Exact counts of words and of neighbours in a sample of the articles, which increments add to and take from.

Articles are counted some at a time, in any process (`count`), and what was counted is joined.  The sample holds the
articles whose id hashes below 2^top.  `top` is the highest for which they have at most `budget` letters in all: it
depends on the set of articles alone, not on their order or on how many builds led to it.
"""

import io
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import add
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
#: Pieces that a process remembers, about 10 MB.
_MAX_PIECES: Final = 50_000
#: Pairs that are joined together at least.
_CHUNK: Final = 1 << 20
#: The right one of a pair.
_RIGHT: Final = (1 << 32) - 1

Ints = NDArray[np.int64]


class Ids(dict[str, int]):
    """Numbers for what stands between two spaces: piece p has the next `sizes[p]` of `words`.

    These are numbers of tone keys, as `keys_seen` has them; words that are no letters share number 0.
    """

    def __init__(self) -> None:
        super().__init__()
        self.forget()

    def forget(self) -> None:
        """Begin anew: numbers that were given mean nothing any more."""
        self.clear()
        self.keys_seen = {"": _NO_WORD}
        self.words, self.sizes = array("I", (_NO_WORD,)), array("i", (1,))
        self[_END] = 0

    def __missing__(self, piece: str) -> int:
        words = WORDS.findall(piece)
        self.words.extend(map(self._number, words))
        self.sizes.append(len(words))
        self[piece] = number = len(self.sizes) - 1
        return number

    def _number(self, word: str) -> int:
        if not word.isalpha() or len(word) > LONGEST_WORD:
            return _NO_WORD
        return self.keys_seen.setdefault(tone_key(word), len(self.keys_seen))

    def of(self, texts: Iterable[str]) -> Ints:
        """Return the numbers of the words of some texts, a 0 after each text."""
        split = chain.from_iterable((text.split(), (_END,)) for text in texts)
        pieces = np.fromiter(map(self.__getitem__, chain.from_iterable(split)), np.int32)
        sizes = np.array(self.sizes, np.int64)
        first, sizes = (np.cumsum(sizes) - sizes)[pieces], sizes[pieces]
        places = np.repeat(first - (np.cumsum(sizes) - sizes), sizes)
        places += np.arange(len(places))
        numbers: Ints = np.array(self.words, np.int64)[places]
        return numbers


#: What this process knows of pieces; counts that leave it have the keys of their numbers with them.
_known = Ids()


class Counts:
    """How often words and pairs of neighbours occur: `words` [numbers]; `pairs` are left << 32 | right, ascending.

    What is added waits until it is much: to join counts costs as much as there are in both.
    """

    def __init__(self) -> None:
        self.words: Ints = np.zeros(1, np.int64)
        self.pairs: Ints = np.zeros(0, np.int64)
        self.times: Ints = np.zeros(0, np.int64)
        self._waiting: list[tuple[Ints, Ints]] = []
        self._size = 0

    @classmethod
    def of(cls, stream: Ints) -> "Counts":
        """Count the words of texts, each of which ends with number 0."""
        counts = cls()
        left, right = stream[:-1], stream[1:]
        both = (left != _NO_WORD) & (right != _NO_WORD)
        counts.words = np.bincount(stream)
        counts.pairs, counts.times = np.unique(left[both] << 32 | right[both], return_counts=True)
        return counts

    def add(self, other: "Counts", numbers: Ints) -> None:
        """Add the counts of another, whose `numbers` [words of the other] are these here."""
        self._grow(int(numbers.max(initial=-1)) + 1)
        self.words[numbers] += other.words  # no number is there twice
        self._waiting.append((numbers[other.pairs >> 32] << 32 | numbers[other.pairs & _RIGHT], other.times))
        self._size += len(other.pairs)
        if self._size >= max(_CHUNK, len(self.pairs) // 4):
            self.settle()

    def settle(self) -> None:
        """Count what is waiting."""
        if self._waiting:
            pairs, times = map(np.concatenate, zip(*self._waiting, strict=True))
            self._waiting, self._size = [], 0
            self._join(pairs, times)

    def combine(self, other: "Counts", sign: int) -> None:
        """Add the counts of another (`sign` 1) or take them away (-1).  Raises IndexDamaged if they were not here."""
        self.settle()
        other.settle()
        self._grow(len(other.words))
        self.words[: len(other.words)] += sign * other.words
        self._join(other.pairs, sign * other.times)
        if self.words.min(initial=0) < 0 or self.times.min(initial=0) < 0:
            raise IndexDamaged("The sample of the lexicon does not fit the articles: rebuild the index in full.")

    def used(self) -> Ints:
        """Return the numbers of the words that occur, ascending."""
        return np.flatnonzero(self.words)

    def compact(self, used: Ints) -> "Counts":
        """Return the counts with words numbered by their places in `used`, which has all of them, ascending."""
        counts = Counts()
        counts.words = np.zeros(len(used), np.int64)
        held = used[used < len(self.words)]
        counts.words[: len(held)] = self.words[held]
        left, right = np.searchsorted(used, self.pairs >> 32), np.searchsorted(used, self.pairs & _RIGHT)
        counts.pairs, counts.times = left << 32 | right, self.times
        return counts

    def _grow(self, size: int) -> None:
        """See that there are so many words."""
        if len(self.words) < size:
            self.words = np.concatenate([self.words, np.zeros(size - len(self.words), np.int64)])

    def _join(self, pairs: Ints, times: Ints) -> None:
        both = np.concatenate([self.pairs, pairs])
        order = np.argsort(both, kind="stable")  # some ascending runs: about linear
        both, both_times = both[order], np.concatenate([self.times, times])[order]
        first = np.flatnonzero(np.diff(both, prepend=-1))
        sums = np.add.reduceat(both_times, first) if len(first) else both_times
        kept = sums != 0
        self.pairs, self.times = both[first][kept], sums[kept]


@dataclass(frozen=True, slots=True)
class Part:
    """What was counted of some articles: `letters` [levels]; `levels` by number, in which word n is `keys[n]`."""

    letters: Sequence[int]
    keys: Sequence[str]
    levels: Mapping[int, Counts]


def count(articles: Iterable[Article], top: int) -> Part:
    """Count articles, words and neighbours only of those of a level up to `top`."""
    if len(_known) > _MAX_PIECES:
        _known.forget()
    letters = [0] * _LEVELS
    texts: defaultdict[int, list[str]] = defaultdict(list)
    for article in articles:
        level = _level(article)
        letters[level] += len(article.title) + len(article.body)
        if level <= top:
            texts[level] += article.title, article.body
    levels = {level: Counts.of(_known.of(each)) for level, each in texts.items()}
    used = np.unique(np.concatenate([np.zeros(0, np.int64), *(counts.used() for counts in levels.values())]))
    keys = list(_known.keys_seen)
    return Part(letters, [keys[number] for number in used.tolist()],
                {level: counts.compact(used) for level, counts in levels.items()})  # fmt: skip


class Sample:
    """The counts, level by level of hashes while they are gathered; memory does not grow with the archive."""

    def __init__(self, budget: int = SAMPLE_BUDGET) -> None:
        self._budget = budget
        self._numbers = {"": _NO_WORD}
        self.letters = [0] * _LEVELS
        self.top = _LEVELS - 1
        self._levels: dict[int, Counts] = {}

    @property
    def keys(self) -> list[str]:
        """The tone keys by number."""
        return list(self._numbers)

    def join(self, part: Part) -> None:
        """Count articles in, those that belong to the sample."""
        self.letters = list(map(add, self.letters, part.letters))
        while sum(self.letters[: self.top + 1]) > self._budget:
            self._levels.pop(self.top, None)
            self.top -= 1
        self._add({level: self._levels.setdefault(level, Counts()) for level in part.levels if level <= self.top}, part)

    def _add(self, levels: Mapping[int, Counts], part: Part) -> None:
        """Add what a part has of some levels to their counts."""
        numbers = np.array([self._numbers.setdefault(key, len(self._numbers)) for key in part.keys], np.int64)
        for level, counts in levels.items():
            counts.add(part.levels[level], numbers)

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
            changed, part = Counts(), count(articles, self.top)
            self.letters = [held + sign * more for held, more in zip(self.letters, part.letters, strict=True)]
            for level in part.levels:
                self._add({level: changed}, part)
            counts.combine(changed, sign)
        fits = sum(self.letters[: self.top + 1]) <= self._budget
        return fits and (self.top == _LEVELS - 1 or sum(self.letters[: self.top + 2]) > self._budget)

    def write(self, directory: Path) -> None:
        """Write the sample for increments, 2 MB for 14 million words.

        Words are written in the order of their keys: it does not show in which order they came.
        """
        keys, counts = self._sorted()
        codes = (counts.pairs >> 32) * len(keys) + (counts.pairs & _RIGHT)
        buffer = io.BytesIO()
        np.savez(
            buffer, letters=np.array([self._budget, self.top, *self.letters]), words=_smallest(counts.words),
            keys=np.frombuffer("\n".join(keys).encode("utf-8", "surrogatepass"), np.uint8),
            gaps=_smallest(np.diff(codes, prepend=0)), times=_smallest(counts.times),
        )  # fmt: skip
        (directory / FILE).write_bytes(zstandard.ZstdCompressor(level=3).compress(buffer.getvalue()))

    def _sorted(self) -> tuple[list[str], Counts]:
        """Return the keys of the words that occur, ascending, the empty one first, and the counts by their places."""
        counts, keys = self.counts(), self.keys
        used = sorted({_NO_WORD, *counts.used().tolist()}, key=keys.__getitem__)
        numbers = np.zeros(len(keys), np.int64)
        numbers[used] = np.arange(len(used))
        found = Counts()
        found.words = counts.words[used]
        found.pairs = numbers[counts.pairs >> 32] << 32 | numbers[counts.pairs & _RIGHT]
        order = np.argsort(found.pairs)
        found.pairs, found.times = found.pairs[order], counts.times[order]
        return [keys[number] for number in used], found

    @classmethod
    def read(cls, directory: Path) -> "Sample":
        """Return the sample of a lexicon.  Raises IndexDamaged."""
        try:
            data = zstandard.ZstdDecompressor().decompress((directory / FILE).read_bytes())
            with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
                budget, top, *letters = arrays["letters"].tolist()
                sample, counts = cls(budget), Counts()
                sample.top, sample.letters = top, letters
                keys = arrays["keys"].tobytes().decode("utf-8", "surrogatepass").split("\n")
                sample._numbers = {key: number for number, key in enumerate(keys)}
                left, right = np.divmod(np.cumsum(arrays["gaps"], dtype=np.int64), len(keys))
                counts.pairs = left << 32 | right
                counts.words, counts.times = arrays["words"].astype(np.int64), arrays["times"].astype(np.int64)
        except (OSError, ValueError, KeyError, zstandard.ZstdError) as error:
            raise IndexDamaged(f"The sample {directory / FILE} can't be read ({error}); rebuild the index.") from error
        sample._levels = {top: counts}
        return sample


def _level(article: Article) -> int:
    """Return the number of bits of the hash of the id."""
    return crc32(article.id.encode("utf-8", "surrogatepass")).bit_length()


def _smallest(values: Ints) -> NDArray[Any]:
    return values.astype(np.min_scalar_type(int(values.max(initial=0))))
