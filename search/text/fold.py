"""Fold Vietnamese letters to bare ones, and name a syllable by its letters and tone.

Two forms of a word are index terms:

- the *folded* form, `thanh hoa`: no marks, no capitals; what somebody types without marks;
- the *tone key*, `hoa^1`: the letters with their quality marks (â ă ê ô ơ ư đ) and the tone as a digit at
  the end.  `hòa` and `hoà` have one key, so both styles of tone placement are one word, and so are
  misplaced tones (`gía`).  Over 6,599 dictionary syllables no two words share a key.
"""

import unicodedata
from functools import lru_cache
from typing import Final

from unidecode import unidecode

from search.text.normalize import TONE_MARKS

#: Parts the letters of a tone key from its tone digits; never part of a token.
TONE_SEPARATOR: Final = "^"
TONE_DIGIT: Final = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
TONE_OF_DIGIT: Final = {digit: mark for mark, digit in TONE_DIGIT.items()}


def _bare(letter: str) -> str:
    """Return one letter without any mark, lower case; letters outside Latin are returned in lower case."""
    if letter in "Đđ":
        return "d"
    bare = unicodedata.normalize("NFD", letter)[0].lower()
    return bare if len(bare) == 1 else letter


#: Where CJK begins: 12,288 code points with all alphabets that have marks or capitals, but for some historic ones.
_ALPHABETS: Final = 0x3000


class _FoldTable(dict[int, str]):
    """A `str.translate` table that fills itself with the code points of alphabets, as they are seen.

    Those beyond are looked up each time: a million different ones would stay for good.
    """

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = " " if char.isspace() and char != "\n" else _bare(char)
        if code < _ALPHABETS:
            self[code] = folded
        return folded


_FOLD_TABLE: Final = _FoldTable()


def fold_text(text: str) -> str:
    """Fold NFC `text` letter by letter; the result has exactly the same length, so offsets carry over."""
    return text.lower() if text.isascii() else text.translate(_FOLD_TABLE)


@lru_cache(maxsize=20_000)
def fold(token: str) -> str:
    """Return the folded form of one NFC token: no marks, no capitals, foreign letters in ASCII."""
    if token.isascii():
        return token.lower()
    folded = fold_text(token)
    return folded if folded.isascii() else unidecode(folded).lower().replace(" ", "") or folded


@lru_cache(maxsize=20_000)
def tone_key(token: str) -> str:
    """Return the position-free key of one NFC token: `hoà` and `hòa` give `hoa^1`, `hoa` gives `hoa`."""
    lowered = token.lower()
    if lowered.isascii():
        return lowered
    letters, tones = [], []
    for char in unicodedata.normalize("NFD", lowered):
        if char in TONE_MARKS:
            tones.append(TONE_DIGIT[char])
        else:
            letters.append(char)
    base = unicodedata.normalize("NFC", "".join(letters))
    return f"{base}{TONE_SEPARATOR}{''.join(tones)}" if tones else base


def tone_of(key: str) -> str:
    """Return the tone digits at the end of a tone key, `""` for the level tone."""
    return key.partition(TONE_SEPARATOR)[2]


def letters_of(key: str) -> str:
    """Return the letters of a tone key, quality marks included."""
    return key.partition(TONE_SEPARATOR)[0]
