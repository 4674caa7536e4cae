"""Which neighbouring words of a query belong together: names, compounds, amounts.

Vietnamese writes a space between the syllables of a word, and no list of words is needed to see which belong together:
the archive's own names are known from their capitals, and the two syllables of a compound stand side by side in it far
more often than chance has it.  A run of words is cut where that explains most of it, each word in one unit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from search.lexicon.lexicon import LEAST_ASSOCIATION, LEAST_SEEN, Lexicon
from search.places import all_names
from search.planning.clauses import QueryWord
from search.query.amounts import is_number, numbered, units
from search.text import PIPELINE, tone_key

#: Names have two to five words.
LONGEST: Final = 5
#: Worth of each further word of a name; a compound is worth 1 and its association; a weak one more than nothing.
_NAME: Final = 1.4
_WEAK: Final = 0.6
#: Words that stand side by side so many times more often than chance has it are a weak compound.
_LIFT: Final = 4.0
#: A name is not one word if a part of it is a name so many times more often: `Formosa | Hà Tĩnh`.
_PART: Final = 20
#: A province is a name in every archive, however few of its articles tell of it.
_KNOWN: Final = 1_000
_YEARS: Final = range(1900, 2100)
_YEAR: Final = tone_key("năm")
#: Kinds of documents: words of two syllables, each of which is in more frequent ones as well.
_DOCUMENTS: Final = (
    "nghị định", "thông tư", "quyết định", "chỉ thị", "nghị quyết", "công văn", "công điện", "pháp lệnh", "thông báo",
    "tờ trình", "hướng dẫn", "kế hoạch", "thông tri", "kết luận",
)

#: From two folded words to the names that begin with them: (tone keys, articles).
Names = Callable[[str, str], Sequence[tuple[tuple[str, ...], int]]]


@dataclass(frozen=True, slots=True)
class UnitFinder:
    """Cuts runs of query words into units, for the archive of one lexicon and its names."""

    lexicon: Lexicon
    names: Names

    def lengths(self, words: Sequence[QueryWord], least: int = LEAST_SEEN) -> list[int]:
        """Return how many words each unit has, in order; numbers go with what they count or number.

        Weak compounds stand side by side in the archive's sample `least` times.
        """
        best: list[tuple[float, list[int]]] = [(0.0, [])]
        found = self._names(words)
        for end in range(1, len(words) + 1):
            choices = [(best[end - 1][0], [*best[end - 1][1], 1])]
            for start in range(max(end - LONGEST, 0), end - 1):
                worth = self._worth(words, start, end, found, least)
                if worth:
                    choices.append((best[start][0] + worth, [*best[start][1], end - start]))
            best.append(max(choices, key=lambda choice: choice[0]))
        return _with_numbers(words, best[-1][1])

    def _names(self, words: Sequence[QueryWord]) -> dict[tuple[int, int], int]:
        """Return the articles of each stretch [start, end) of words that is a name."""
        found: dict[tuple[int, int], int] = {}
        for start in range(len(words) - 1):
            pair = _fold(words[start]), _fold(words[start + 1])
            for keys, count in (*self.names(*pair), *_known().get(pair, ())):
                end = start + len(keys)
                if end <= len(words) and all(map(_may_be, words[start:end], keys)):
                    found[start, end] = max(count, found.get((start, end), 0))
        return found

    def _worth(
        self, words: Sequence[QueryWord], start: int, end: int, names: dict[tuple[int, int], int], least: int
    ) -> float:
        worth = 0.0
        count = names.get((start, end), 0)
        if count:
            parts = (of for (first, last), of in names.items()
                     if start <= first and last <= end and last - first < end - start)  # fmt: skip
            worth = _NAME * (end - start - 1) if max(parts, default=0) < _PART * count else 0.0
        return max(worth, self._pair(words[start], words[start + 1], least)) if end - start == 2 else worth

    def _pair(self, left: QueryWord, right: QueryWord, least: int) -> float:
        """Return what two words are worth as a compound, 0 if they are none."""
        numbers = left.reading.best.number, right.reading.best.number
        association = self.lexicon.association(*numbers)
        if association >= LEAST_ASSOCIATION:
            return 1 + association
        return _WEAK if self.lexicon.lift(*numbers, least) >= _LIFT else 0.0


@cache
def _known() -> dict[tuple[str, str], list[tuple[tuple[str, ...], int]]]:
    """Return the names of provinces, former ones as well, and kinds of documents by their first two folded words."""
    found: dict[tuple[str, str], list[tuple[tuple[str, ...], int]]] = {}
    for name in (*all_names(), *_DOCUMENTS):
        tokens = [token for token in PIPELINE.tokens(name) if not token.whole]
        if len(tokens) > 1:
            keys = tuple([token.key for token in tokens])
            found.setdefault((tokens[0].fold, tokens[1].fold), []).append((keys, _KNOWN))
    return found


def _fold(word: QueryWord) -> str:
    return (word.corrected or word.reading.best).fold


def _may_be(word: QueryWord, key: str) -> bool:
    """Say whether a word, whose folded form is that of the key, may mean it: typed so, or without marks."""
    return word.asked == key or (not word.corrected and word.token.key == word.token.fold)


def _is_bound(word: QueryWord, before: str, behind: str) -> bool:
    """Say whether a word is a number that goes with a neighbour: a year does only where one of these says so."""
    digits = word.token.fold
    return is_number(digits) and (int(digits) not in _YEARS or before in numbered() or behind in units())


def _is_year(word: QueryWord) -> bool:
    return is_number(word.token.fold) and int(word.token.fold) in _YEARS


def _with_numbers(words: Sequence[QueryWord], lengths: list[int]) -> list[int]:
    """Join numbers to the unit that they count (`30 bánh`), or to the one before, which they number (`chỉ thị 05`)."""
    result: list[int] = []
    at, joins = 0, False
    for length in lengths:
        following = words[at + 1].asked if at + 1 < len(words) else ""
        number = length == 1 and _is_bound(words[at], words[at - 1].asked if at else "", following)
        before = words[at - 1].asked if at else ""
        year = following == _YEAR and at + 2 < len(words) and _is_year(words[at + 2])
        counts = number and following in units() and before not in numbered() and not year
        if result and (joins or (number and not counts)):
            result[-1] += length
        else:
            result.append(length)
        joins = counts
        at += length
    return result
