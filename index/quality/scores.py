"""What counts as right: pure comparisons of what was found with what is known."""

import re
from collections import Counter
from typing import Final

from search.text import normalize

_GRAM: Final = 4
_WORD: Final = re.compile(r"\w+")


def four_gram_f1(found: str, gold: str) -> float:
    """Return the F1 of the word 4-grams of two texts as multisets, 0..1; two empty texts agree."""
    return harmonic(*four_gram_shares(found, gold))


def four_gram_shares(found: str, gold: str) -> tuple[float, float]:
    """Return (precision, recall) of the word 4-grams of two texts as multisets.

    The public article-extraction-benchmark averages them over pages, and then takes their harmonic mean.
    """
    ours, theirs = _grams(found), _grams(gold)
    if not ours or not theirs:
        return float(ours == theirs), float(ours == theirs)
    common = sum((ours & theirs).values())
    return common / sum(ours.values()), common / sum(theirs.values())


def harmonic(precision: float, recall: float) -> float:
    """Return the harmonic mean of two shares."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _grams(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(normalize(text))
    starts = range(max(1, len(words) - _GRAM + 1)) if words else ()
    return Counter(tuple(words[at : at + _GRAM]) for at in starts)


def words(text: str) -> list[str]:
    """Return what must agree in two short texts: their words, whatever the punctuation and capitals."""
    return _WORD.findall(normalize(text).lower())


def same(found: str, gold: str) -> bool:
    """Say whether two short texts have the same words."""
    return words(found) == words(gold)


def begins_with(body: str, lead: str) -> bool:
    """Say whether a body begins with the words of its lead."""
    wanted = words(lead)
    return words(body[: 3 * len(lead) + 100])[: len(wanted)] == wanted


def same_author(found: str, gold: str) -> bool:
    """Say whether two by-lines name the same people: labels, outlets and brackets aside."""
    return _people(found) == _people(gold)


def _people(text: str) -> list[str]:
    bare = re.sub(r"(?i)^\W*(?:theo|nguồn|tin|bài|ảnh|tác giả)\b\s*:?|[/|].*$|\(.*?\)$", " ", normalize(text))
    return _WORD.findall(bare.lower())
