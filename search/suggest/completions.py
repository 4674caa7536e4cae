"""Complete what has been typed so far, with or without marks, by binary search in sorted folded lines.

Well under a millisecond, a few where hardly any of the frequent candidates has the marks that were typed.
"""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from search.answer import Suggestion
from search.errors import IndexDamaged
from search.text import PIPELINE, Token, tokenize, tone_key
from search.text.fold import letters_of, tone_of
from search.text.tokens import WORDS

LINES: Final = "lines.npy"
STARTS: Final = "starts.npy"
COUNTS: Final = "counts.npy"
KINDS: Final[tuple[Literal["title", "name", "phrase"], ...]] = ("title", "name", "phrase")
#: Candidates looked at one by one, the most frequent first: bounds the time for short beginnings.
LOOKED_AT: Final = 1000
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
        marked = any(word.key != word.fold for word in words)
        for place in self._most_frequent(low, high):
            kind = KINDS[self._kinds[place]]
            found = titles if kind == "title" else short
            if len(found) >= limit:
                if len(short) >= limit and len(titles) >= limit // 2:
                    break
                continue
            text = self._line(place).partition(b"\t")[2].decode()
            if not marked or _marks_agree(words, text):
                found.append(Suggestion(text, kind, int(self._counts[place])))
        kept = short[: max(limit - min(len(titles), limit // 2), 0)]
        return (*kept, *titles[: limit - len(kept)])

    def _most_frequent(self, low: int, high: int) -> list[int]:
        counts = self._counts[low:high].astype(np.int64)
        if len(counts) <= LOOKED_AT:
            best = np.arange(len(counts))
        else:
            best = np.sort(np.argpartition(counts, len(counts) - LOOKED_AT)[len(counts) - LOOKED_AT :])
        places: list[int] = (low + best[np.argsort(-counts[best], kind="stable")]).tolist()
        return places

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
    # A plain view: indexing a memory map as such costs 3 microseconds more each time.
    return np.asarray(np.load(path, mmap_mode="r"))


def _marks_agree(typed: Sequence[Token], text: str) -> bool:
    """Say whether every word typed with marks is that word of the text, the last one as far as it goes."""
    keys = [tone_key(word.group()) for word in islice(WORDS.finditer(text), len(typed))]
    if len(keys) < len(typed):
        return False
    done = zip(typed[:-1], keys, strict=False)
    return all(word.key in (word.fold, key) for word, key in done) and _begins(typed[-1], keys[-1])


def _begins(typed: Token, key: str) -> bool:
    if typed.key in (typed.fold, key):
        return True
    tone = tone_of(typed.key)
    return letters_of(key).startswith(letters_of(typed.key)) and tone in ("", tone_of(key))
