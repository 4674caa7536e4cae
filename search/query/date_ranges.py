"""Read the dates of `from:` and `to:`: a year, a month or a day, in either order."""

import calendar
import re
from typing import Final

_FORMS: Final = (
    re.compile(r"(?P<y>\d{4})(?:[-/.](?P<m>\d{1,2})(?:[-/.](?P<d>\d{1,2}))?)?"),
    re.compile(r"(?:(?P<d>\d{1,2})[-/.])?(?P<m>\d{1,2})[-/.](?P<y>\d{4})"),
)


def date_range(text: str) -> tuple[int, int] | None:
    """Return (first day, last day) as numbers, 20250601 and 20250630 for `2025-06`; None if it is no date."""
    for form in _FORMS:
        match = form.fullmatch(text.strip())
        if match:
            return _bounds(int(match["y"]), int(match["m"] or 0), int(match["d"] or 0))
    return None


def _bounds(year: int, month: int, day: int) -> tuple[int, int] | None:
    if not 1000 <= year <= 9999 or month > 12:
        return None
    if not month:
        return (year * 10000 + 101, year * 10000 + 1231) if not day else None
    last = calendar.monthrange(year, month)[1]
    if day > last:
        return None
    base = year * 10000 + month * 100
    return (base + day, base + day) if day else (base + 1, base + last)
