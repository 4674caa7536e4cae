"""From a tone key back to words: `hoa^1` is spelled `hòa`, and `hoa` without its marks."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from search.text.fold import TONE_OF_DIGIT, fold, letters_of, tone_of

#: A folded Vietnamese syllable; foreign words, abbreviations and numbers are words on their own.
SYLLABLE: Final = re.compile(
    "(?:b|ch?|d|gh?|gi|h|kh?|l|m|n|ng|ngh|nh|ph?|qu|r|s|th?|tr|v|x)?[aeiouy]{1,3}(?:ch?|m|n|ng|nh|p|t)?"
)
_VOWELS: Final = frozenset("aeiouyăâêôơư")
_QUALITY: Final = frozenset("ăâêôơư")


@lru_cache(maxsize=10_000)
def spell(key: str) -> str:
    """Return the word of a tone key in lower case, with the tone where old-style spelling puts it (`hòa`).

    Rule: on the last vowel with a mark of its own; with a final consonant on the last vowel; of three vowels
    on the middle one; else on the first.  `gi` and `qu` before a vowel are onsets.
    """
    letters, tones = letters_of(key), tone_of(key)
    if not tones:
        return letters
    at = _tone_place(letters)
    marked = letters[: at + 1] + "".join(TONE_OF_DIGIT[digit] for digit in tones) + letters[at + 1 :]
    return unicodedata.normalize("NFC", marked)


def cased_as(typed: str, word: str) -> str:
    """Return a word with the capitals of the one typed: of all its letters, of the first, or of none."""
    if len(typed) > 1 and typed.isupper():
        return word.upper()
    return word.capitalize() if typed[:1].isupper() else word


@lru_cache(maxsize=10_000)
def unmarked(key: str) -> str:
    """Return the folded form of the words that have a tone key: `hoa` for `hoa^1`."""
    return fold(letters_of(key))


def has_marks(key: str) -> bool:
    """Say whether the words that have a tone key carry any mark."""
    return key != unmarked(key)


def _tone_place(letters: str) -> int:
    start = 2 if letters[:2] in ("gi", "qu") and letters[2:3] in _VOWELS and letters[2:3] else 0
    while start < len(letters) and letters[start] not in _VOWELS:
        start += 1
    end = start
    while end < len(letters) and letters[end] in _VOWELS:
        end += 1
    if start == end:
        return max(len(letters) - 1, 0)
    for at in range(end - 1, start - 1, -1):
        if letters[at] in _QUALITY:
            return at
    if end < len(letters):
        return end - 1
    return start + 1 if end - start >= 3 else start
