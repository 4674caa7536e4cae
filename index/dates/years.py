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
#: `từ năm 2015`, `đến năm 2030`, `sinh năm 1980`: years that are told of, not lived in.
_ELSEWHERE: Final = re.compile(
    r"(?:từ|đến|sau|trước|tới|sinh|vào|hết|cuối|giai\s+đoạn|khóa|cùng\s+kỳ|so\s+với|kỷ\s+niệm.{0,40}|quyết|định|luật|hiến\s+pháp)\s*$"
)
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


def year_from_text(month: int, title: str, lead: Sequence[str]) -> tuple[int, str] | None:
    """Return the year of a day in `month` and the words that tell it, None where they don't.

    A review of year Y, or plans for Y+1, are made from October of Y to March of Y+1: seed articles name the
    coming year more often than their own, so counting years is wrong.  Otherwise a single year named in
    title and lead is taken, two are none.
    """
    text = "\n".join((title, *lead)).lower()
    if "năm" not in text:
        return None
    for pattern, shift in ((_SUMMARY, 0), (_PLAN, -1)):
        match = pattern.search(text)
        if match:
            reviewed = int(match.group(1)) + shift
            if month >= 10:
                return reviewed, match.group()
            if month <= 3:
                return reviewed + 1, match.group()
    named = {
        match.group(1): match.group()
        for match in _YEAR.finditer(text)
        if not _ELSEWHERE.search(text[max(0, match.start() - 60) : match.start()])
    }
    if len(named) == 1:
        year, words = named.popitem()
        return int(year), words
    return None
