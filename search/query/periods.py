"""Days, months and years named in the words of a query: `Formosa tháng 5 2017` asks for articles of that month.

Only what tells a year is a period.  A number that could be a year is none where its neighbours say what it is: `quyết
định số 1956`, `2000 người`, `Nghị định 46/2016`.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from search.query.amounts import numbered, units
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
    """Words [first, last) of a query that name a year, a month of it where `month` is not 0, or a day of that."""

    first: int
    last: int
    year: int
    month: int = 0
    day: int = 0

    @property
    def days(self) -> tuple[int, int]:
        """Return the first and the last day as numbers, 20170531."""
        first = self.year * 10000 + (self.month or 1) * 100 + (self.day or 1)
        return first, self.year * 10000 + (self.month or 12) * 100 + (self.day or 31)

    @property
    def filter(self) -> str:
        """Return the operators of the query language that restrict to the period."""
        value = "-".join([str(self.year), *(f"{part:02}" for part in (self.month, self.day) if part)])
        return f"from:{value} to:{value}"

    @property
    def text(self) -> str:
        """Return the period as people write it."""
        return "/".join(str(part) for part in (self.day, self.month, self.year) if part)


def period(words: Sequence[Token], text: str) -> Period | None:
    """Return the first period with a month that the words of a query name, the longest from there on; else the year.

    None if there is none, or several years.
    """
    for first in range(len(words)):
        for last in range(min(first + _LONGEST, len(words)), first + 1, -1):
            found = _read(_folded(words[first:last], text))
            if found and not _goes_on(text, words[first].start, words[last - 1].end):
                return Period(first, last, *found)
    years = [place for place in range(len(words)) if _is_year(words, place, text)]
    if len(years) != 1:
        return None
    (place,) = years
    first = place - 1 if place and words[place - 1].fold == "nam" else place
    return Period(first, place + 1, int(words[place].fold))


def _is_year(words: Sequence[Token], place: int, text: str) -> bool:
    """Say whether a word is a year: no number of something, no amount, no part of a longer one."""
    word = words[place]
    if not (word.fold.isascii() and word.fold.isdigit() and len(word.fold) == 4 and int(word.fold) in _YEARS):
        return False
    before = words[place - 1] if place else None
    behind = words[place + 1].key if place + 1 < len(words) else ""
    numbers = before is not None and before.fold != "nam" and (before.key in numbered() or before.fold.isdigit())
    return not numbers and behind not in units() and not _goes_on(text, word.start, word.end)


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
