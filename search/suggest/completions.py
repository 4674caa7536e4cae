"""Complete what has been typed so far, with or without marks, by binary search in sorted folded lines."""

from pathlib import Path
from typing import Any, Final, Literal, cast

import numpy as np
from numpy.typing import NDArray

from search.answer import Suggestion
from search.errors import IndexDamaged
from search.text import PIPELINE, Token, tokenize
from search.text.fold import letters_of, tone_of

LINES: Final = "lines.npy"
STARTS: Final = "starts.npy"
COUNTS: Final = "counts.npy"
KINDS: Final[tuple[Literal["title", "name", "phrase"], ...]] = ("title", "name", "phrase")
#: Candidates looked at one by one, the most frequent first: bounds the time for short beginnings.
LOOKED_AT: Final = 400
LONGEST_PREFIX: Final = 200


class Completions:
    """The completions of one archive; memory-mapped, immutable."""

    def __init__(self, directory: Path) -> None:
        try:
            self._lines, self._starts, self._counts, self._kinds = (
                _load(directory / name) for name in (LINES, STARTS, COUNTS, "kinds.npy")
            )
        except (OSError, ValueError, EOFError) as error:
            raise IndexDamaged(f"The suggestions {directory} can't be read ({error}); rebuild the index.") from error

    def find(self, typed: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return up to `limit` completions, names and phrases before titles, the most frequent first."""
        words = [token for token in tokenize(PIPELINE.normalize(typed[:LONGEST_PREFIX])) if not token.whole]
        if not words or limit < 1:
            return ()
        prefix = " ".join(token.fold for token in words).encode()
        if typed[-1:].isspace():
            prefix += b" "
        low, high = self._lower(prefix), self._lower(prefix + b"\xff")
        short: list[Suggestion] = []
        titles: list[Suggestion] = []
        for place in self._most_frequent(low, high):
            text = self._line(place).partition(b"\t")[2].decode()
            if _marks_agree(words, text):
                kind = KINDS[self._kinds[place]]
                (titles if kind == "title" else short).append(Suggestion(text, kind, int(self._counts[place])))
        kept = short[: max(limit - min(len(titles), limit // 2), 0)]
        return (*kept, *titles[: limit - len(kept)])

    def _most_frequent(self, low: int, high: int) -> list[int]:
        if high - low <= LOOKED_AT:
            return sorted(range(low, high), key=lambda place: -int(self._counts[place]))
        counts = np.asarray(self._counts[low:high])
        best = np.argpartition(counts, len(counts) - LOOKED_AT)[len(counts) - LOOKED_AT :]
        return sorted((low + int(place) for place in best), key=lambda at: (-int(self._counts[at]), at))

    def _line(self, place: int) -> bytes:
        return bytes(self._lines[int(self._starts[place]) : int(self._starts[place + 1]) - 1])

    def _lower(self, prefix: bytes) -> int:
        low, high = 0, len(self._counts)
        while low < high:
            middle = (low + high) // 2
            if self._line(middle).partition(b"\t")[0] < prefix:
                low = middle + 1
            else:
                high = middle
        return low


def _load(path: Path) -> NDArray[Any]:
    return cast(NDArray[Any], np.load(path, mmap_mode="r"))


def _marks_agree(typed: list[Token], text: str) -> bool:
    """Say whether every word typed with marks is that word of the text, the last one as far as it goes."""
    if all(word.key == word.fold for word in typed):
        return True
    words = [token for token in tokenize(text) if not token.whole]
    if len(words) < len(typed):
        return False
    *done, last = zip(typed, words, strict=False)
    return all(left.key in (left.fold, right.key) for left, right in done) and _begins(*last)


def _begins(typed: Token, word: Token) -> bool:
    if typed.key in (typed.fold, word.key):
        return True
    tone = tone_of(typed.key)
    return letters_of(word.key).startswith(letters_of(typed.key)) and tone in ("", tone_of(word.key))
