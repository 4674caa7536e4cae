"""Complete what has been typed so far, with or without marks, by binary search in sorted folded lines.

Well under a millisecond, a few where hardly any of the frequent candidates has the marks that were typed.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from search.errors import IndexDamaged
from search.places import province_named
from search.reading.keyboards import telex, vni
from search.results.answer import Suggestion
from search.text import PIPELINE, Token, normalize, tokenize
from search.text.fold import TONE_OF_DIGIT, letters_of, tone_of
from search.text.spelling import spell

#: Raised when the files of the suggestions or what stands in them change.
VERSION: Final = 1
LINES: Final = "lines.npy"
STARTS: Final = "starts.npy"
COUNTS: Final = "counts.npy"
_Stored = Literal["title", "name", "phrase"]
KINDS: Final[tuple[_Stored, ...]] = ("title", "name", "phrase")
_NAME: Final = KINDS.index("name")
#: Candidates looked at one by one, the most frequent first: bounds the time for short beginnings.
LOOKED_AT: Final = 1000
LONGEST_PREFIX: Final = 200
_LETTER: Final = r"[^\W_]"
_END: Final = r"(?![^\W_])"
_BETWEEN: Final = r"[\W_]*"
_VOWELS: Final = "aăâeêioôơuưy"
#: The letters that carry a tone, and each vowel with and without every tone.
_CARRIERS: Final = {
    digit: "".join(normalize(vowel + mark) for vowel in _VOWELS) for digit, mark in TONE_OF_DIGIT.items()
}
_TONED: Final = {
    vowel: "".join(normalize(vowel + mark) for mark in ("", *TONE_OF_DIGIT.values())) for vowel in _VOWELS
}


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
        """Return up to `limit` completions, names and phrases before titles, the most frequent first.

        What nothing begins with is read as keystrokes of Telex or VNI: `thanh hoas`.
        """
        return self._find(typed, limit) or self._find(_from_keystrokes(typed[:LONGEST_PREFIX]), limit)

    def _find(self, typed: str, limit: int) -> tuple[Suggestion, ...]:
        words = [token for token in tokenize(PIPELINE.normalize(typed[:LONGEST_PREFIX])) if not token.whole]
        if not words or limit < 1:
            return ()
        prefix = " ".join(token.fold for token in words).encode()
        unfinished = not typed[-1:].isspace()
        if not unfinished:
            prefix += b" "
        low, high = self._lower(prefix), self._lower(prefix + b"\xff")
        short: list[Suggestion] = []
        titles: list[Suggestion] = []
        marked = _pattern(words, unfinished) if any(word.key != word.fold for word in words) else None
        for place in self._most_frequent(low, high):
            kind = KINDS[self._kinds[place]]
            found = titles if kind == "title" else short
            if len(found) >= limit:
                if len(short) >= limit and len(titles) >= limit // 2:
                    break
                continue
            text = self._line(place).partition(b"\t")[2].decode()
            if not marked or marked.match(text.lower()):
                found.append(Suggestion(text, _kind(kind, text), int(self._counts[place])))
        kept = short[: max(limit - min(len(titles), limit // 2), 0)]
        return (*kept, *titles[: limit - len(kept)])

    def names(self, first: str, second: str) -> list[tuple[tuple[str, ...], int]]:
        """Return the names and compounds that begin with two folded words, as (tone keys, articles)."""
        found = []
        start = f"{first} {second}".encode()
        for prefix in (start + b"\t", start + b" "):
            low, high = self._lower_line(prefix), self._lower_line(prefix[:-1] + bytes([prefix[-1] + 1]))
            for place in (low + np.flatnonzero(self._kinds[low:high] == _NAME)).tolist():
                text = self._line(place).partition(b"\t")[2].decode()
                keys = tuple([token.key for token in tokenize(text) if not token.whole])
                found.append((keys, int(self._counts[place])))
        return found

    def abbreviated(self, words: Sequence[str]) -> list[tuple[str, int]]:
        """Return the names of some folded words, with their articles; `n.` is every word that begins so."""
        first = words[0].rstrip(".").encode()
        after = b"" if words[0].endswith(".") else b" "
        low, high = self._lower_line(first + after), self._lower_line(first + after + b"\xff")
        parts = [re.escape(word.removesuffix(".")) + (r"[^\t\n ]*" if word.endswith(".") else "") for word in words]
        pattern = re.compile(rf"^{' '.join(parts)}\t".encode(), re.MULTILINE)
        start = int(self._starts[low])
        found = []
        for match in pattern.finditer(bytes(self._lines[start : int(self._starts[high])])):
            place = int(np.searchsorted(self._starts, start + match.start()))
            if self._kinds[place] == _NAME:
                found.append((self._line(place).partition(b"\t")[2].decode(), int(self._counts[place])))
        return found

    def _lower_line(self, prefix: bytes) -> int:
        """Return the place of the first line that is not less than a prefix."""
        low, high = 0, len(self._counts)
        while low < high:
            middle = (low + high) // 2
            if self._line(middle) < prefix:
                low = middle + 1
            else:
                high = middle
        return low

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


def _kind(kind: _Stored, text: str) -> Literal["title", "name", "province", "phrase"]:
    return "province" if kind == "name" and province_named(text) else kind


def _from_keystrokes(typed: str) -> str:
    """Return what has been typed with the words that are keystrokes of Telex or VNI as words, `""` if none is."""
    words = [(word, telex(word) or vni(word)) for word in typed.split()]
    if not any(key for _, key in words):
        return ""
    return " ".join([spell(key) if key else word for word, key in words]) + (" " if typed[-1:].isspace() else "")


def _load(path: Path) -> NDArray[Any]:
    # A plain view: indexing a memory map as such costs 3 microseconds more each time.
    return np.asarray(np.load(path, mmap_mode="r"))


def _pattern(typed: Sequence[Token], unfinished: bool) -> re.Pattern[str]:
    """Return what the lower-case text of a completion begins with: marked words as typed, the last as far as it goes
    if it is unfinished.

    Words typed without marks may be any, since the folded beginnings agree.
    """
    words = [_word(token) + _END for token in typed[:-1]] + [_word(typed[-1], unfinished)]
    return re.compile(_BETWEEN + _BETWEEN.join(words))


def _word(typed: Token, unfinished: bool = False) -> str:
    """Return a pattern for one word: its tone may stand on any letter, and an unfinished word may get one yet."""
    if typed.key == typed.fold:
        return f"{_LETTER}+"
    letters, tone = letters_of(typed.key), tone_of(typed.key)
    if not tone and not unfinished:
        return re.escape(letters)
    carried = "".join([f"(?={_LETTER}*[{_CARRIERS[digit]}])" for digit in tone])
    return carried + "".join([f"[{_TONED[letter]}]" if letter in _TONED else re.escape(letter) for letter in letters])
