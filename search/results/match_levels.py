"""How well the marks of an article's words match the marks typed."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from search.reading.error_model import drops_marks
from search.text import tone_key
from search.text.spelling import unmarked

#: From best to worst.
GRADES: Final = ("exact", "unmarked", "partial", "other")


@lru_cache(maxsize=5_000)
def word_grade(typed: str, found: str) -> str:
    """Return the grade of a found tone key for a typed one; a key typed without marks is met by every variant."""
    bare = unmarked(typed)
    if typed in (found, bare):
        return "exact"
    if unmarked(found) != bare:
        return "other"
    if found == bare:
        return "unmarked"
    return "partial" if drops_marks(found, typed) else "other"


def hit_grade(asked: Sequence[str], found: Iterable[tuple[str, int]]) -> str:
    """Return the grade of a hit: the worst over its words of each word's best occurrence.

    `asked` are tone keys, `found` (surface, place in `asked`).  Words that do not occur do not count.
    """
    best: dict[int, int] = {}
    for surface, number in found:
        if number < len(asked):
            grade = GRADES.index(word_grade(asked[number], tone_key(surface)))
            best[number] = min(grade, best.get(number, grade))
    return GRADES[max(best.values(), default=0)]
