"""Bring a date that came with an input record, or with a page's structured data, into the one form.

What people write: a moment of a computer (`1520824500`, with fraction, in milliseconds, microseconds, nanoseconds),
digits alone (`20180312`, `20180312101500`), ISO 8601 in all its forms, RFC 822, what other languages' date formats
give, and dates in Vietnamese.  A moment with a zone is told as the day it was in Vietnam.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

from dateutil import parser as dateutil

from index.dates.parse import FIRST_YEAR, LAST_YEAR, VIETNAM_TIME, parse_dates
from search.article import ArticleDate, Precision

_COARSE: Final = re.compile(r"(?P<y>(?:19|20)\d\d)(?:[-/.](?P<m>0?[1-9]|1[0-2])|-?Q(?P<q>[1-4]))?")
_DAYMONTH: Final = re.compile(r"--(?:0[1-9]|1[0-2])-(?:[0-2]\d|3[01])")
#: Seconds since 1970, with their fraction or scaled by 10**3, 10**6 or 10**9; .NET wraps them in /Date()/.
_EPOCH: Final = re.compile(r"(?:/Date\()?(?P<whole>\d{9,19})(?:\.\d*)?(?:[+-]\d{4})?(?:\)/)?")
#: How many digits a moment from 1973 on has -> the power of ten it is scaled by.
_SCALES: Final = {9: 0, 10: 0, 12: 3, 13: 3, 15: 6, 16: 6, 18: 9, 19: 9}
_EXPONENT: Final = re.compile(r"\d\.\d+e\+?\d+", re.IGNORECASE)
_DIGITS: Final = re.compile(r"(?P<day>(?:19|20)\d{6})(?P<clock>\d{4}(?:\d\d)?)?")
#: Year, month, day and perhaps a clock and a zone, however they are parted.
_COMPACT: Final = re.compile(
    r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)T(?P<h>\d\d):?(?P<min>\d\d)(?P<rest>.*)", re.IGNORECASE)
_YEAR_FIRST: Final = re.compile(
    r"(?P<y>(?:19|20)\d\d)(?P<s>[-/. ])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?:(?:[T ,]|\s-)\s*(?P<rest>\S.*))?",
    re.IGNORECASE)
_CLOCK: Final = re.compile(
    r"(?P<h>\d{1,2})\s*[:hg.]\s*(?P<min>\d{2})(?::\d{2}(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?m\.?|sa|ch)?(?!\d)",
    re.IGNORECASE)
#: A zone behind a clock; `GMT+7` and `+07` are seven hours before Greenwich.
_ZONE: Final = re.compile(
    r"(?:\b(?:GMT|UTC)\s*)?(?P<hours>[+-]\d{1,2})(?::?(?P<minutes>\d\d))?\)?(?![\d/.-])|(?<=\d)Z\b|\b(?:GMT|UTC|Z)\b",
    re.IGNORECASE,
)
#: Brackets with a zone's long name (`(Indochina Time)`).
_LONG_ZONE: Final = re.compile(r"\((?![^)]*(?:GMT|UTC|[+-]\d))[^)]*\)", re.IGNORECASE)
_ENGLISH_MONTH: Final = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\b", re.IGNORECASE)
_MAX_LENGTH: Final = 120
#: Zones that mails and servers write by name, in seconds east of Greenwich (RFC 822 and Vietnam's own).
_ZONES: Final = {name: hours * 3600 for name, hours in (
    ("UT", 0), ("UTC", 0), ("GMT", 0), ("Z", 0), ("ICT", 7), ("EST", -5), ("EDT", -4), ("CST", -6), ("CDT", -5),
    ("MST", -7), ("MDT", -6), ("PST", -8), ("PDT", -7), ("CET", 1), ("CEST", 2), ("JST", 9), ("KST", 9), ("SGT", 8),
)}  # fmt: skip
#: Two days that differ in every part: what a parser fills in shows as a difference.
_DEFAULTS: Final = (datetime(2001, 1, 1), datetime(2002, 2, 2))


@lru_cache(maxsize=2_000)
def _given(text: str) -> ArticleDate:
    coarse = _COARSE.fullmatch(text)
    if coarse:
        return _given_coarse(coarse, text)
    if _DAYMONTH.fullmatch(text) and parse_dates(f"ngày {text[5:]}/{text[2:4]}"):
        return ArticleDate(text, "daymonth", "given", text)
    day = _digits(text) or _year_first(text)
    if day is not None:
        return ArticleDate(day.isoformat(), "day", "given", text)
    if _EPOCH.fullmatch(text) or not re.search(r"\d", text):
        return ArticleDate()
    return _in_words(text)


def given_date(value: object) -> ArticleDate:
    """Return a record's date, source `given`; empty if it is none.

    A date that fits no calendar is dropped, not mended; `03/13/2018` is read month first, as it has no other reading.
    """
    if value is None or isinstance(value, bool):
        return ArticleDate()
    text = " ".join(str(value).split())
    return _given(text) if text and len(text) <= _MAX_LENGTH else ArticleDate()


def _digits(text: str) -> date | None:
    """Return the day of digits alone: a written day if they are one, else seconds since 1970."""
    written = _DIGITS.fullmatch(text)
    if written:
        day = _calendar(written["day"][:4], written["day"][4:6], written["day"][6:])
        if day and (not written["clock"] or written["clock"] < "2400"):
            return day
    if _EXPONENT.fullmatch(text):
        text = f"{float(text):.0f}"
    epoch = _EPOCH.fullmatch(text)
    if not epoch or ("/" in (text[0], text[-1]) and not text.startswith("/Date(")):
        return None
    scale = _SCALES.get(len(epoch["whole"]))
    if scale is None:
        return None
    seconds = int(epoch["whole"]) // 10**scale
    day = datetime.fromtimestamp(seconds, UTC).astimezone(VIETNAM_TIME).date()
    return day if FIRST_YEAR < day.year <= LAST_YEAR else None


def _year_first(text: str) -> date | None:
    found = _YEAR_FIRST.fullmatch(text)
    compact = _COMPACT.fullmatch(text)
    if compact:
        found, rest = compact, f"{compact['h']}:{compact['min']}:{compact['rest']}"
    elif found:
        rest = found["rest"] or ""
    else:
        return None
    day = _calendar(found["y"], found["m"], found["d"])
    return _local(day, rest) if day else None


def _calendar(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _local(day: date, rest: str) -> date:
    """Return the day in Vietnam of a clock and a zone that stand beside a day; without both, the day."""
    clock = _CLOCK.search(rest)
    zone = _ZONE.search(rest, clock.end()) if clock else None
    if not clock or not zone:
        return day
    hour, minute = int(clock["h"]), int(clock["min"])
    half = (clock["half"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") or half == "ch" else 0)
    if hour > 23 or minute > 59:
        return day
    hours, minutes = int(zone["hours"] or 0), int(zone["minutes"] or 0)
    if abs(hours) > 14 or minutes > 59:
        return day
    offset = timedelta(hours=hours, minutes=-minutes if (zone["hours"] or "").startswith("-") else minutes)
    moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=timezone(offset))
    try:
        return moment.astimezone(VIETNAM_TIME).date()
    except OverflowError:
        return day


def _in_words(text: str) -> ArticleDate:
    """Read what is written in words: Vietnamese first, since no other parser knows its order, then all else."""
    if _ENGLISH_MONTH.search(text) and (english := _foreign(text)):
        return ArticleDate(english.isoformat(), "day", "given", text)
    mentions = [mention for mention in parse_dates(text) if not mention.until]
    if len(mentions) == 1:
        mention = mentions[0]
        value = mention.value
        if mention.precision == "day":
            rest = f"{text[:mention.start]} {text[mention.end:]}"
            value = _local(date.fromisoformat(value), rest).isoformat()
        return ArticleDate(value, mention.precision, "given", text)
    day = None if mentions else _foreign(text)
    return ArticleDate(day.isoformat(), "day", "given", text) if day else ArticleDate()


def _foreign(text: str) -> date | None:
    """Return the day of a date in English or in figures that dateutil reads; None where a part of it is not told."""
    try:
        text = _LONG_ZONE.sub("", text)
        first, second = (dateutil.parse(text, default=day, dayfirst=True, tzinfos=_zone) for day in _DEFAULTS)
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None
    if first.date() != second.date() or not FIRST_YEAR < first.year <= LAST_YEAR:
        return None
    moment: datetime = first.astimezone(VIETNAM_TIME) if first.tzinfo else first
    return moment.date()


def _zone(name: str | None, offset: int | None) -> int | None:
    """Return seconds east of Greenwich of a zone by its name, None for one not known: then the clock is local."""
    return offset if offset is not None else _ZONES.get((name or "").upper())


def _given_coarse(match: re.Match[str], text: str) -> ArticleDate:
    precision: Precision = "year"
    found = match["y"]
    if match["m"]:
        found, precision = f"{found}-{int(match['m']):02}", "month"
    elif match["q"]:
        found, precision = f"{found}-Q{match['q']}", "quarter"
    return ArticleDate(found, precision, "given", text)
