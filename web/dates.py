"""Dates in words that say no more than is known."""

from datetime import UTC, datetime
from typing import Final

from search.article import ArticleDate
from web.language import Language

_ROMAN: Final = {"1": "I", "2": "II", "3": "III", "4": "IV"}
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)
_UNKNOWN: Final = {"vi": "Không rõ ngày", "en": "Undated"}


def short_date(date: ArticleDate, language: Language) -> str:
    """Return the date as a result list shows it: `26/12/2025`, `tháng 6/2025`, `26 Dec 2025`, `June 2025`."""
    if not date.value or date.precision == "unknown":
        return _UNKNOWN[language]
    year, month, day = _parts(date)
    if language == "vi":
        return {
            "day": f"{day}/{month}/{year}",
            "month": f"Tháng {month}/{year}",
            "quarter": f"Quý {_ROMAN.get(date.value[-1:], '')}/{year}",
            "year": f"Năm {year}",
            "daymonth": f"{day}/{month}, không rõ năm",
        }[date.precision]
    name = month_name(month, "en") if month else ""
    return {
        "day": f"{day} {name[:3]} {year}",
        "month": f"{name} {year}",
        "quarter": f"Q{date.value[-1:]} {year}",
        "year": str(year),
        "daymonth": f"{day} {name}, year unknown",
    }[date.precision]


def long_date(date: ArticleDate, language: Language) -> str:
    """Return the date as an article shows it: `Ngày 26 tháng 12 năm 2025`, `26 December 2025`."""
    if date.precision != "day" or not date.value:
        return short_date(date, language)
    year, month, day = _parts(date)
    if language == "vi":
        return f"Ngày {day} tháng {month} năm {year}"
    return f"{day} {month_name(month, 'en')} {year}"


def cited_date(date: ArticleDate, language: Language) -> str:
    """Return the date as a citation gives it: `26/12/2025`, `2025, December 26`."""
    if date.year is None:
        return {"vi": "không rõ năm", "en": "n.d."}[language]
    if language == "vi" or date.precision not in ("day", "month"):
        return short_date(date, language) if date.precision == "day" else date.value
    year, month, day = _parts(date)
    return f"{year}, {month_name(month, 'en')}{f' {day}' if day else ''}"


def day(when: datetime, language: Language) -> str:
    """Return the day of a time as a result list shows dates."""
    return short_date(ArticleDate(f"{when:%Y-%m-%d}", "day"), language)


def built(generation: str) -> datetime:
    """Return when a generation was built: its id begins with the time."""
    try:
        return datetime.strptime(generation[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


def machine_date(date: ArticleDate) -> str:
    """Return what HTML allows in `<time datetime>`, `""` where it allows nothing (quarters)."""
    return "" if date.precision in ("quarter", "unknown") else date.value


def month_name(month: int, language: Language) -> str:
    """Return `Tháng 6` or `June`."""
    return f"Tháng {month}" if language == "vi" else _MONTHS[month - 1]


def _parts(date: ArticleDate) -> tuple[int, int, int]:
    """Return year, month and day; 0 stands for what is not known."""
    if date.precision == "daymonth":
        return 0, int(date.value[2:4]), int(date.value[5:7])
    day = int(date.value[8:10]) if date.precision == "day" else 0
    return int(date.value[:4]), date.month or 0, day
