"""Find the words of one query in a text, at the speed of `bytes.find`.

1. The text becomes one byte per code point: ASCII letters and digits folded, joiners and spaces as they are, other
   punctuation a neutral byte, everything that does not fold to one ASCII letter `ODD`.
2. A plain folded word stands where it stands between two bytes that belong to no word.
3. Pieces of text (what stands between spaces) with odd letters, with a compound or the beginning of a word that is
   asked for, or with a hyphen that may join a word asked for, are cut by the tokenizer of the index instead.

So what is found are exactly the tokens of `search.text.tokenize`.  Linear in the text; about 20 microseconds for an
article of usual length.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from search.text.fold import fold, fold_text, tone_key
from search.text.tokens import MAX_TOKEN, WORDS, tokenize

#: (start, end, number), code points.
Match = tuple[int, int, int]
#: Says which numbers a token with a folded form and a tone key has.
Numbers = Callable[[str, str], tuple[int, ...]]

_ODD: Final = 0xFF
_NEUTRAL: Final = 0x01
_JOINERS: Final = "./-"
#: Latin, combining marks, Vietnamese, general punctuation; all other code points are odd.
_KNOWN: Final = (*range(0x250), *range(0x300, 0x370), *range(0x1E00, 0x1F00), *range(0x2000, 0x2070))
#: Bytes that belong to no word become spaces.
_WORDS_ONLY: Final = bytes(
    code if (chr(code).isascii() and chr(code).isalnum()) or code == _ODD else 0x20 for code in range(256)
)


class Scanner:
    """Finds tokens by their folded forms, or by how these begin; `numbers` has the last word on each token."""

    def __init__(self, forms: set[str], stems: Sequence[str], numbers: Numbers) -> None:
        self._numbers = numbers
        self._whole_text = any(len(form) >= MAX_TOKEN for form in forms)
        ascii_forms, ascii_stems = (sorted(filter(str.isascii, each)) for each in (forms, set(stems)))
        self._plain = [(f" {form} ".encode(), len(form)) for form in ascii_forms if form.isalnum()]
        self._stems = [f" {stem}".encode() for stem in ascii_stems if stem.isalnum()]
        self._compounds = [form.encode() for form in (*ascii_forms, *ascii_stems) if not form.isalnum()]
        self._inside = [form.encode() for form in (*ascii_forms, *ascii_stems) if form.isalnum()]
        self._words: dict[str, tuple[int, ...]] = {}
        self._pieces: dict[str, tuple[Match, ...]] = {}

    def scan(self, text: str) -> list[Match]:
        """Return the tokens of NFC `text` that have a number, once for each of their numbers, in order."""
        if self._whole_text:
            return sorted(self._cut(text))
        folded = b" " + _folded_bytes(text) + b" "
        words = folded.translate(_WORDS_ONLY)
        found = self._plain_words(text, words)
        special = set(self._special(folded, words))
        if special:
            found += [match for start, end in special for match in self._piece_at(text, start, end)]
            found = list(set(found))
        found.sort()
        return found

    def _plain_words(self, text: str, words: bytes) -> list[Match]:
        """Return what matches of the plain words; `words` has one byte more at each end than the text."""
        found: list[Match] = []
        for pattern, size in self._plain:
            at = words.find(pattern)
            while at >= 0:
                end = at + size
                word = text[at:end]
                numbers = self._words.get(word)
                if numbers is None:
                    numbers = self._words[word] = self._numbers(fold(word), tone_key(word))
                for number in numbers:
                    found.append((at, end, number))
                at = words.find(pattern, end + 1)
        return found

    def _piece_at(self, text: str, start: int, end: int) -> Iterator[Match]:
        piece = text[start:end]
        known = self._pieces.get(piece)
        if known is None:
            known = self._pieces[piece] = tuple(self._cut(piece))
        return ((start + first, start + last, number) for first, last, number in known)

    def _special(self, folded: bytes, words: bytes) -> Iterator[tuple[int, int]]:
        """Yield (start, end) in the text of the pieces that the tokenizer has to cut."""
        if _ODD in folded:
            yield from (_piece(folded, at) for at in _all(folded, bytes([_ODD])))
        for compound in self._compounds:
            yield from (_piece(folded, at) for at in _all(folded, compound))
        for at in _all(folded, b"-"):
            if words[at - 1] != 0x20 and words[at + 1] != 0x20:
                start, end = _piece(folded, at)
                joined = folded[start + 1 : end + 1].replace(b"-", b"")
                if any(form in joined for form in self._inside):
                    yield start, end
        for stem in self._stems:
            yield from (_piece(folded, at + 1) for at in _all(words, stem))

    def _cut(self, text: str) -> Iterator[Match]:
        for token in tokenize(text):
            for number in self._numbers(token.fold, token.key):
                yield token.start, token.end, number


def _all(text: bytes, part: bytes) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _piece(folded: bytes, at: int) -> tuple[int, int]:
    """Return (start, end) in the text of what stands between spaces around a place in the padded bytes."""
    return folded.rfind(b" ", 0, at), folded.find(b" ", at) - 1


def _folded_bytes(text: str) -> bytes:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return _table().take(codes, mode="clip").tobytes()


@cache
def _table() -> NDArray[np.uint8]:
    """Return the byte of each code point; the last one stands for all that follow."""
    table = np.full(max(_KNOWN) + 2, _ODD, np.uint8)
    for code in _KNOWN:
        table[code] = _byte(chr(code))
    return table


def _byte(char: str) -> int:
    if char.isspace():
        return 0x20
    if WORDS.fullmatch(char):
        folded = fold_text(char)
        return ord(folded) if folded.isascii() and folded.isalnum() else _ODD
    if "\u0300" <= char <= "\u036f":
        return _ODD
    if "\u2010" <= char <= "\u2013":
        return ord("-")
    return ord(char) if char in _JOINERS else _NEUTRAL
