"""Days and months named in the words of a query: `Formosa tháng 5 2017` asks for articles of that month.

Only what tells a year is a period; a year alone is often part of a name (`SEA Games 2017`), and none.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from search.text import Token

_YEARS: Final = range(1900, 2100)
_JOINERS: Final = frozenset("/-.")
#: Words of the longest period: `ngày 26 tháng 12 năm 2017`.
_LONGEST: Final = 6
_FORMS: Final = (
    re.compile(r"(?:(?:ngay|mung|mong) )?(?P<d>\d{1,2})(?: thang |[/.-])(?P<m>\d{1,2})(?: nam |[/.-]| )(?P<y>\d{4})"),
    re.compile(r"thang (?P<m>\d{1,2})(?: nam |[/-]| )(?P<y>\d{4})"),
    re.compile(r"(?P<m>\d{1,2})/(?P<y>\d{4})"),
)


@dataclass(frozen=True, slots=True)
class Period:
    """Words [first, last) of a query that name a month, or a day of it where `day` is not 0."""

    first: int
    last: int
    year: int
    month: int
    day: int = 0

    @property
    def filter(self) -> str:
        """Return the operators of the query language that restrict to the period."""
        value = f"{self.year}-{self.month:02}" + (f"-{self.day:02}" if self.day else "")
        return f"from:{value} to:{value}"

    @property
    def text(self) -> str:
        """Return the period as people write it."""
        return f"{self.day}/{self.month}/{self.year}" if self.day else f"{self.month}/{self.year}"


def period(words: Sequence[Token], text: str) -> Period | None:
    """Return the first period that the words of a query name, the longest from there on; None if there is none."""
    for first in range(len(words)):
        for last in range(min(first + _LONGEST, len(words)), first + 1, -1):
            found = _read(_folded(words[first:last], text))
            if found and not _goes_on(text, words[first].start, words[last - 1].end):
                return Period(first, last, *found)
    return None


def _goes_on(text: str, start: int, end: int) -> bool:
    """Say whether a stretch of a text is joined to more: `31/2/2017`, `92/2017/QĐ-UBND`."""
    return text[max(start - 1, 0) : start] in _JOINERS or text[end : end + 1] in _JOINERS


def _folded(words: Sequence[Token], text: str) -> str:
    """Return words without marks, with what stands between them."""
    parts = [words[0].fold]
    for left, right in pairwise(words):
        gap = text[left.end : right.start]
        parts += [gap if gap.strip() else " ", right.fold]
    return "".join(parts)


def _read(text: str) -> tuple[int, int, int] | None:
    """Return (year, month, day or 0) of a text that is a period and nothing else."""
    for form in _FORMS:
        match = form.fullmatch(text)
        if match:
            year, month, day = int(match["y"]), int(match["m"]), int(match.groupdict().get("d") or 0)
            sound = year in _YEARS and 1 <= month <= 12 and day <= monthrange(year, month)[1]
            return (year, month, day) if sound and (day or "d" not in form.groupindex) else None
    return None
