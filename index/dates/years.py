"""The year of a day that is written without one."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

_SUMMARY: Final = re.compile(
    r"(?:tổng\s+kết|sơ\s+kết|nhìn\s+lại|đánh\s+giá\s+kết\s+quả|bình\s+xét)[^.;]{0,160}?năm\s+((?:19|20)\d\d)"
    r"(?!\s?[-–]\s?\d)"
)
_PLAN: Final = re.compile(
    r"(?:triển\s+khai|phương\s+hướng)(?:(?!tháng|quý|cuối|đầu)[^.;]){0,80}?năm\s+((?:19|20)\d\d)(?!\s?[-–]\s?\d)",
)
_YEAR: Final = re.compile(r"năm(?<!\wnăm)\s+((?:19|20)\d\d)(?![\w/]|\s?[-–]\s?\d)")
_ANY_YEAR: Final = re.compile(r"(?<![\d/.,])(?:19|20)\d\d(?![\d/]|[.,]\d)")
#: The title and this much of the lead tell what is reviewed.
MAX_TOLD: Final = 700
#: An article may stand in the net before midnight of its own day, and a clock may be off.
TOLERANCE: Final = timedelta(days=1)
#: Announced days further ahead than this are rather those of last year.
AHEAD: Final = timedelta(days=120)


def year_before(month: int, day: int, published: date, announced: bool = False) -> int | None:
    """Return the latest year in which month/day is not after `published` (or soon after, if announced)."""
    for year in range(published.year + 1, published.year - 5, -1):
        try:
            candidate = date(year, month, day)
        except ValueError:  # 29 February
            continue
        if candidate <= published + (AHEAD if announced else TOLERANCE):
            return year
    return None


def year_from_text(month: int, title: str, body: Sequence[str]) -> tuple[int, str] | None:
    """Return the year of a day in `month` and the words that tell it, None where they don't.

    A review of year Y, or plans for Y+1, are made from October of Y to March of Y+1: seed articles name the
    coming year more often than their own, so counting years is wrong.  Otherwise the year that the title
    names is taken if the whole article names no other: right in 18 of 19 news articles, where a single year
    in the lead is right in 2 of 3 only.
    """
    told = "\n".join((title, *body[:1]))[:MAX_TOLD].lower()
    if "năm" not in told:
        return None
    for pattern, shift in ((_SUMMARY, 0), (_PLAN, -1)):
        match = pattern.search(told)
        if match:
            reviewed = int(match.group(1)) + shift
            if month >= 10:
                return reviewed, match.group()
            if month <= 3:
                return reviewed + 1, match.group()
    titled = _YEAR.search(title.lower())
    if titled and {match.group() for text in (title, *body) for match in _ANY_YEAR.finditer(text)} == {titled.group(1)}:
        return int(titled.group(1)), titled.group()
    return None
