"""Quoted phrases with marks, verified at their place in the stored text.

Positions are indexed for folded words only, so the engine finds a phrase by its letters, and each marked word
somewhere in the article.  Of the best hits the text itself tells whether the words stand so *at one place*:
`"đường sắt"` ranks an article with that phrase before one that has `Dương sát` and, elsewhere, both words.

Where the archive's own pairs say that these letters hardly ever stand for other words, nothing is looked at.

Patterns run over lower-case NFC text: blind to capitals, to the style of tone placement and, as archive and query
are normalised, to decomposed letters.  About 40 microseconds an article.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from search.article import Article
from search.budget import check
from search.planning.query import MarkedPhrase
from search.results.match_levels import GRADES
from search.text.fold import TONE_OF_DIGIT, fold, letters_of, tone_of
from search.text.normalize import normalize
from search.text.spelling import spell, unmarked

#: Hits whose text is looked at: two usual pages, about 0.1 ms each with reading them.
LOOKED_AT: Final = 20
_WORD: Final = re.compile(r"[^\W_]+")
_VOWELS: Final = "aeiouyăâêôơư"
_TONES: Final = ("", *TONE_OF_DIGIT.values())
#: Lower-case Vietnamese letters by the bare letter they fold to, for words typed without marks.
_VARIANTS: Final = {
    bare: "".join(normalize(letter + tone) for letter in _VOWELS if fold(letter) == bare for tone in _TONES)
    for bare in "aeiouy"
} | {"d": "dđ"}


def phrase_grade(phrases: Iterable[MarkedPhrase], article: Article) -> str:
    """Return the worst grade of some phrases in an article."""
    return max((_grade(phrase, article) for phrase in phrases), key=GRADES.index, default=GRADES[0])


def _grade(phrase: MarkedPhrase, article: Article) -> str:
    """Return the best grade of a phrase at any place of an article."""
    text = article.title if phrase.field == "title" else f"{article.title}\n{article.body}"
    marked, bare = tuple(map(_spelled, phrase.keys)), tuple(map(unmarked, phrase.keys))
    if _as_usual(phrase.keys) in text or _stands(marked, phrase.slop, lowered := text.lower()):
        return GRADES[0]
    return GRADES[1] if _stands(bare, phrase.slop, lowered) else GRADES[-1]


def _stands(words: tuple[str, ...], slop: int, text: str) -> bool:
    """Say whether words, as patterns, stand one after the other, each at most `slop` words behind the last.

    Words side by side are one pattern.  With a slop, a pattern could try all ways to skip words between others, which
    an article that repeats a syllable has more of than can be tried; so the places that are reached go word by word.
    """
    if slop <= 1:
        return _whole(r"[\W_]+".join(words)).search(text) is not None
    starts = [word.start() for word in _WORD.finditer(text)]
    places = {word: _places(word, text, starts) for word in dict.fromkeys(words)}
    reached = [last for _, last in places[words[0]]]
    for word in words[1:]:
        check("finding a phrase")
        reached = [last for first, last in places[word] if _is_near(reached, first, slop)]
    return bool(reached)


def _places(word: str, text: str, starts: list[int]) -> list[tuple[int, int]]:
    """Return (first, last) for each place of a word, counted in words of the text: `92/QĐ` is two of them."""
    found = _whole(word).finditer(text)
    return [(bisect_right(starts, at.start()) - 1, bisect_left(starts, at.end()) - 1) for at in found]


def _is_near(reached: list[int], place: int, slop: int) -> bool:
    """Say whether the last of the ascending `reached` that is before a place is at most `slop` before it."""
    before = bisect_left(reached, place)
    return before > 0 and place - reached[before - 1] <= slop


@lru_cache(maxsize=1_000)
def _as_usual(keys: tuple[str, ...]) -> str:
    """Return the phrase in small letters between spaces: found so, there is nothing more to look for."""
    return f" {' '.join(map(spell, keys))} "


@lru_cache(maxsize=2_000)
def _whole(pattern: str) -> re.Pattern[str]:
    """Return the pattern of something that begins and ends with whole words."""
    return re.compile(rf"(?<![^\W_])(?:{pattern})(?![^\W_])")


@lru_cache(maxsize=5_000)
def _spelled(key: str) -> str:
    """Return a pattern for every spelling of a tone key; of one without marks for every word that folds to it."""
    letters, tone = letters_of(key), "".join(TONE_OF_DIGIT[digit] for digit in tone_of(key))
    if key == unmarked(key):
        return "".join(f"[{_VARIANTS[letter]}]" if letter in _VARIANTS else re.escape(letter) for letter in letters)
    places = [at for at, letter in enumerate(letters) if letter in _VOWELS] if tone else []
    spellings = {normalize(letters[: at + 1] + tone + letters[at + 1 :]) for at in places} or {letters}
    return f"(?:{'|'.join(map(re.escape, sorted(spellings)))})"
