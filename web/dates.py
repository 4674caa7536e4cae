"""Dates in words that say no more than is known, by the patterns of CLDR."""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

from babel.dates import format_date, format_datetime

from search.article import ArticleDate
from web.catalogues import Language, locale
from web.texts import _, say

#: How exact a date is -> the skeleton of CLDR that shows it (UTS 35, Dates).  A catalogue may name the one that its
#: language uses in lists, or spell a pattern out.
_SHORT: Final = {
    "day": _("yMMMd"), "month": _("yMMMM"), "quarter": _("yQQQ"), "year": _("y"), "daymonth": _("MMMMd"),
}  # fmt: skip
#: The same for a citation: the year first in English (APA).
_CITED: Final = {"day": _("y, MMMM d"), "month": _("y, MMMM"), "quarter": _("yQQQ"), "year": _("y")}
#: The same for the day of an article: one of CLDR's four lengths, or what a catalogue puts in its place.
_LONG: Final = _("full")
#: A year with all days, for days of no year.
_LEAP: Final = 2000


def short_date(date: ArticleDate, language: Language) -> str:
    """Return the date as a result list shows it: `26/12/2025`, `Tháng 6 năm 2025`, `26 Dec 2025`, `June 2025`."""
    if not date.value or date.precision == "unknown":
        return say(language, "Undated")
    text = _formatted(date.value, date.precision, _SHORT[date.precision], language)
    return say(language, "%(day)s, year unknown", day=text) if date.precision == "daymonth" else text


def long_date(date: ArticleDate, language: Language) -> str:
    """Return the date as an article shows it: `Thứ Sáu, ngày 26 tháng 12 năm 2025`, `Friday, 26 December 2025`."""
    if date.precision != "day" or not date.value:
        return short_date(date, language)
    return _formatted(date.value, "day", _LONG, language)


def cited_date(date: ArticleDate, language: Language) -> str:
    """Return the date as a citation gives it: `26/12/2025`, `2025, December 26`."""
    if date.year is None:
        return say(language, "n.d.")
    return _formatted(date.value, date.precision, _CITED[date.precision], language)


@lru_cache(maxsize=10_000)
def _formatted(value: str, precision: str, pattern: str, language: Language) -> str:
    """Return a date by a skeleton, a pattern or one of CLDR's four lengths, with a capital at the beginning."""
    known = locale(language)
    asked = say(language, pattern)
    text = format_date(_day(value, precision), str(known.datetime_skeletons.get(asked) or asked), locale=known)
    return text[:1].upper() + text[1:]


def _day(value: str, precision: str) -> date:
    """Return a day that lies in a date."""
    match precision:
        case "day":
            return date.fromisoformat(value)
        case "month":
            return date.fromisoformat(f"{value}-01")
        case "quarter":
            return date(int(value[:4]), 3 * int(value[-1]), 1)
        case "daymonth":
            return date(_LEAP, int(value[2:4]), int(value[5:7]))
        case _:
            return date(int(value[:4]), 1, 1)


def day(when: datetime, language: Language) -> str:
    """Return the day of a time as a result list shows dates."""
    return short_date(ArticleDate(f"{when:%Y-%m-%d}", "day"), language)


def moment(when: str, language: Language) -> str:
    """Return a time as given in ISO 8601 in words: `16:10, 29/11/26`."""
    return format_datetime(datetime.fromisoformat(when), "short", tzinfo=UTC, locale=locale(language))


def built(generation: str) -> datetime:
    """Return when a generation was built: its id begins with the time."""
    try:
        return datetime.strptime(generation[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


def machine_date(date: ArticleDate) -> str:
    """Return what HTML allows in `<time datetime>`, `""` where it allows nothing (quarters)."""
    return "" if date.precision in ("quarter", "unknown") else date.value


def year_name(year: int, language: Language) -> str:
    """Return `Năm 2025` or `2025`."""
    return _formatted(f"{year:04}", "year", _SHORT["year"], language)


def month_name(month: int, language: Language) -> str:
    """Return `Tháng 6` or `June`."""
    return str(locale(language).months["stand-alone"]["wide"][month])
