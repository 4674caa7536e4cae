"""Quoted phrases with marks, verified at their place in the stored text.

Positions are indexed for folded words only, so the engine finds a phrase by its letters, and each marked word
somewhere in the article.  Of the best hits the text itself tells whether the words stand so *at one place*:
`"đường sắt"` ranks an article with that phrase before one that has `Dương sát` and, elsewhere, both words.

Where the archive's own pairs say that these letters hardly ever stand for other words, nothing is looked at.

Patterns run over lower-case NFC text: blind to capitals, to the style of tone placement and, as archive and query
are normalised, to decomposed letters.  About 40 microseconds an article.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from search.article import Article
from search.planning.planner import MarkedPhrase
from search.results.match_levels import GRADES
from search.text.fold import TONE_OF_DIGIT, fold, letters_of, tone_of
from search.text.normalize import normalize
from search.text.spelling import spell, unmarked

#: Hits whose text is looked at: two usual pages, about 0.1 ms each with reading them.
LOOKED_AT: Final = 20
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
    exact, unmarked = _patterns(phrase.keys, phrase.slop)
    if _as_usual(phrase.keys) in text or exact.search(lowered := text.lower()):
        return GRADES[0]
    return GRADES[1] if unmarked.search(lowered) else GRADES[-1]


@lru_cache(maxsize=1_000)
def _as_usual(keys: tuple[str, ...]) -> str:
    """Return the phrase in small letters between spaces: found so, there is nothing more to look for."""
    return f" {' '.join(map(spell, keys))} "


@lru_cache(maxsize=1_000)
def _patterns(keys: tuple[str, ...], slop: int) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a phrase with its marks, and without any."""
    return _pattern(map(_spelled, keys), slop), _pattern(map(unmarked, keys), slop)


def _pattern(words: Iterable[str], slop: int) -> re.Pattern[str]:
    between = r"[\W_]+" if slop <= 1 else rf"[\W_]+(?:[^\W_]+[\W_]+){{0,{slop - 1}}}?"
    return re.compile(rf"(?<![^\W_]){between.join(words)}(?![^\W_])")


@lru_cache(maxsize=10_000)
def _spelled(key: str) -> str:
    """Return a pattern for every spelling of a tone key; of one without marks for every word that folds to it."""
    letters, tone = letters_of(key), "".join(TONE_OF_DIGIT[digit] for digit in tone_of(key))
    if key == unmarked(key):
        return "".join(f"[{_VARIANTS[letter]}]" if letter in _VARIANTS else re.escape(letter) for letter in letters)
    places = [at for at, letter in enumerate(letters) if letter in _VOWELS] if tone else []
    spellings = {normalize(letters[: at + 1] + tone + letters[at + 1 :]) for at in places} or {letters}
    return f"(?:{'|'.join(map(re.escape, sorted(spellings)))})"
