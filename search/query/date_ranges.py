"""Read dates as people type them: a year, a month or a day, in either order; a day of any year."""

import calendar
import re
from typing import Final

_FORMS: Final = (
    re.compile(r"(?P<y>[0-9]{4})(?:[-/.](?P<m>[0-9]{1,2})(?:[-/.](?P<d>[0-9]{1,2}))?)?"),
    re.compile(r"(?:(?P<d>[0-9]{1,2})[-/.])?(?P<m>[0-9]{1,2})[-/.](?P<y>[0-9]{4})"),
)
_DAY_OF_ANY_YEAR: Final = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})")
_LEAP_YEAR: Final = 2000


def date_range(text: str) -> tuple[int, int] | None:
    """Return (first day, last day) as numbers, 20250601 and 20250630 for `2025-06`; None if it is no date."""
    for form in _FORMS:
        match = form.fullmatch(text.strip())
        if match:
            month, day = (int(match[name]) if match[name] else None for name in ("m", "d"))
            return _bounds(int(match["y"]), month, day)
    return None


def day_of_any_year(text: str) -> int | None:
    """Return 1226 for `26/12`; None if it is no day."""
    match = _DAY_OF_ANY_YEAR.fullmatch(text.strip())
    if not match:
        return None
    bounds = _bounds(_LEAP_YEAR, int(match[2]), int(match[1]))
    return bounds[0] % 10_000 if bounds else None


def _bounds(year: int, month: int | None, day: int | None) -> tuple[int, int] | None:
    if not 1000 <= year <= 9999:
        return None
    if month is None:
        return year * 10000 + 101, year * 10000 + 1231
    if not 1 <= month <= 12:
        return None
    base, last = year * 10000 + month * 100, calendar.monthrange(year, month)[1]
    if day is None:
        return base + 1, base + last
    return (base + day, base + day) if 1 <= day <= last else None
