"""Put blanks where they are missing, and take them out where they stand inside a syllable.

`sởngoạivụ` is cut into a name of the archive, else into words that it knows side by side; where several cuts are
possible, the one that its pairs make likeliest is taken.  `ngo ại vụ` is joined where a part is no word and the whole
is one.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from typing import Final

import numpy as np

from search.lexicon.lexicon import INTERPOLATION, LEAST_SEEN, Lexicon
from search.places import all_names
from search.reading.vocabulary import vocabulary
from search.text import PIPELINE, Token, fold, tone_key
from search.text.spelling import SYLLABLE, unmarked

#: From two folded words to the archive's names that begin with them: (tone keys, articles).
Names = Callable[[str, str], Sequence[tuple[tuple[str, ...], int]]]
#: Letters of a word that is cut: `hanoi` is the shortest name; longer ones are no slip of blanks.
SHORTEST, LONGEST = 5, 40
_LETTERS_OF_A_SYLLABLE: Final = 7
#: Neighbours of a cut stand so often side by side in the sample, each so many times more often than by chance, or one
#: of them much more often.
_LEAST_TOGETHER: Final = 5
_LIFT, _HIGH_LIFT = 4.0, 50.0
#: A word that hardly any article has is cut as well, if its parts stand side by side so many times as often: an address
#: (`hochiminh`) or a slip of an article's own.
_RARE: Final = 20
_OFTENER: Final = 20


@dataclass(frozen=True, slots=True)
class Change:
    """Words [first, last) of a query that are written otherwise, and how."""

    first: int
    last: int
    text: str


def changes(lexicon: Lexicon, words: Sequence[Token], text: str, names: Names) -> list[Change]:
    """Return what is cut and what is joined in the words of a query, in order."""
    found: list[Change] = []
    for at, word in enumerate(words):
        if found and at < found[-1].last:
            continue
        parts = cut(lexicon, text[word.start : word.end], names)
        change = Change(at, at + 1, " ".join(parts)) if parts else _joined(lexicon, words, text, at)
        if change and not (found and change.first < found[-1].last):
            found.append(change)
    return found


def _joined(lexicon: Lexicon, words: Sequence[Token], text: str, at: int) -> Change | None:
    """Return how a piece of a syllable is joined to the word before or behind it, as their neighbours tell."""
    if not _is_piece(text[words[at].start : words[at].end]):
        return None
    choices = []
    for first in (at - 1, at):
        if first < 0 or first + 1 >= len(words) or text[words[first].end : words[first + 1].start] != " ":
            continue
        whole = text[words[first].start : words[first].end] + text[words[first + 1].start : words[first + 1].end]
        numbers = _numbers(lexicon, whole, fold(whole))
        if numbers:
            support = 0.0
            if first:
                before = text[words[first - 1].start : words[first - 1].end]
                support += _together(lexicon, _numbers(lexicon, before, fold(before)), numbers)
            if first + 2 < len(words):
                after = text[words[first + 2].start : words[first + 2].end]
                support += _together(lexicon, numbers, _numbers(lexicon, after, fold(after)))
            choices.append((support, first, whole))
    support, first, whole = max(choices, default=(0.0, 0, ""))
    return Change(first, first + 2, whole) if support else None


def _together(lexicon: Lexicon, left: Sequence[int], right: Sequence[int]) -> float:
    """Return how often words stand side by side, if more often than chance has it."""
    counts = lexicon.pair_counts(np.array(left, np.int64), np.array(right, np.int64))
    return float(counts.max(initial=0.0)) if counts.max(initial=0.0) >= LEAST_SEEN else 0.0


def _is_piece(typed: str) -> bool:
    """Say whether a word is no word of the language, and short enough for a piece of one."""
    folded, key = fold(typed), tone_key(typed)
    if not typed.isalpha() or not typed.islower() or key in vocabulary():
        return False
    return len(folded) < SHORTEST and (key != folded or not SYLLABLE.fullmatch(folded))


def cut(lexicon: Lexicon, typed: str, names: Names) -> list[str]:
    """Return the words that a word without blanks is made of; none if it is one word, or no cut is likely."""
    folded = fold(typed)
    if not SHORTEST <= len(typed) <= LONGEST or len(folded) != len(typed) or not typed.isalpha():
        return []
    if folded in _syllables():
        return []
    articles = sum(map(lexicon.df, _numbers_as_typed(lexicon, typed, folded)))
    parts = [] if articles > _RARE else _name(typed, folded, names) or _likeliest(lexicon, typed, folded)
    return parts if not articles or _least_together(lexicon, parts) >= _OFTENER * articles else []


def _least_together(lexicon: Lexicon, parts: Sequence[str]) -> float:
    """Return how often the two neighbours stand side by side that do so least."""
    numbers = [_numbers(lexicon, part, fold(part)) for part in parts]
    return min((_together(lexicon, left, right) for left, right in pairwise(numbers)), default=0.0)


def _name(typed: str, folded: str, names: Names) -> list[str]:
    """Return the words of a word that is a province or another name of the archive, the most frequent one."""
    found = [(math.inf, words) for words in _provinces().get(folded, ())]
    for middle in range(1, _LETTERS_OF_A_SYLLABLE + 1):
        for end in range(middle + 1, min(middle + _LETTERS_OF_A_SYLLABLE, len(folded)) + 1):
            first, second = folded[:middle], folded[middle:end]
            if SYLLABLE.fullmatch(first) and SYLLABLE.fullmatch(second):
                found += [(count, keys) for keys, count in names(first, second) if _joined_keys(keys) == folded]
    for _, keys in sorted(found, reverse=True):
        ends = [0, *accumulate(len(unmarked(key)) for key in keys)]
        parts = [typed[start:end] for start, end in pairwise(ends)]
        if all(tone_key(part) in (key, unmarked(key)) for part, key in zip(parts, keys, strict=True)):
            return parts
    return []


def _joined_keys(keys: Sequence[str]) -> str:
    return "".join(map(unmarked, keys))


@cache
def _syllables() -> frozenset[str]:
    """Return the syllables of the language without their marks; `nghean` only looks like one."""
    return frozenset(filter(SYLLABLE.fullmatch, map(unmarked, vocabulary())))


@cache
def _provinces() -> dict[str, list[tuple[str, ...]]]:
    """Return the tone keys of the provinces' names by the folded name in one word."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for name in all_names():
        keys = tuple([token.key for token in PIPELINE.tokens(name) if not token.whole])
        if len(keys) > 1:
            found.setdefault(_joined_keys(keys), []).append(keys)
    return found


def _likeliest(lexicon: Lexicon, typed: str, folded: str) -> list[str]:
    """Return the cut of the highest chance in which every pair of neighbours is known to the archive."""
    size = len(typed)
    #: By end and start of the last word: (log chance, start of the word before).
    best: list[dict[int, tuple[float, int]]] = [{} for _ in range(size + 1)]
    for end in range(1, size + 1):
        for start in range(max(end - _LETTERS_OF_A_SYLLABLE, 0), end):
            numbers = _numbers(lexicon, typed[start:end], folded[start:end])
            if not numbers:
                continue
            alone = float(lexicon.frequencies(numbers).sum())
            if start == 0:
                best[end][0] = math.log(alone), -1
                continue
            for before, (chance, _) in best[start].items():
                left = _numbers(lexicon, typed[before:start], folded[before:start])
                step = _step(lexicon, left, numbers, alone)
                if step and chance + math.log(step) > best[end].get(start, (-math.inf, 0))[0]:
                    best[end][start] = chance + math.log(step), before
    words = _traced(best, typed) if best[size] else []
    lifts = [_lift(lexicon, left, right) for left, right in pairwise(words)]
    return words if lifts and (min(lifts) >= _LIFT or max(lifts) >= _HIGH_LIFT) else []


def _lift(lexicon: Lexicon, left: str, right: str) -> float:
    """Return how many times more often than by chance two words, marked or not, stand side by side."""
    lefts, rights = (_numbers(lexicon, word, fold(word)) for word in (left, right))
    counts = lexicon.pair_counts(np.array(lefts), np.array(rights))
    chance = np.outer(lexicon.frequencies(lefts), lexicon.frequencies(rights)) * lexicon.total
    return float((counts / chance)[counts >= _LEAST_TOGETHER].max(initial=0.0))


def _traced(best: Sequence[dict[int, tuple[float, int]]], typed: str) -> list[str]:
    end, start = len(typed), max(best[-1], key=lambda place: best[-1][place][0])
    words = []
    while start >= 0:
        words.append(typed[start:end])
        end, start = start, best[end][start][1]
    return words[::-1] if len(words) > 1 else []


def _step(lexicon: Lexicon, left: tuple[int, ...], right: tuple[int, ...], alone: float) -> float:
    """Return the chance of a right word behind a left one, 0 if the archive hardly has them side by side."""
    lefts, rights = np.array(left), np.array(right)
    counts = lexicon.pair_counts(lefts, rights)
    if counts.max() < _LEAST_TOGETHER:
        return 0.0
    before = float(lexicon.frequencies(left).sum()) * lexicon.total
    return (1 - INTERPOLATION) * alone + INTERPOLATION * float(counts.sum()) / before


def _numbers(lexicon: Lexicon, typed: str, folded: str) -> tuple[int, ...]:
    """Return the archive's words that a part may be: as marked as it is typed, any of a bare one."""
    return _numbers_as_typed(lexicon, typed, folded) if SYLLABLE.fullmatch(folded) else ()


def _numbers_as_typed(lexicon: Lexicon, typed: str, folded: str) -> tuple[int, ...]:
    key = tone_key(typed)
    return tuple(number for other, number in lexicon.numbers(folded).items() if key in (folded, other))
