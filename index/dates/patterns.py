"""How dates are written in Vietnamese: an ordered table of patterns, the most complete first.

Always day before month, except in ISO dates; a month is a number or a word (`tháng Sáu`).  A pattern that
matches an impossible date (`31/02/2019`) still takes its text, so that no shorter pattern reads a part of
it.  A day without a year counts only after a cue (`ngày`, `chiều`, `hôm`): `24/7` and `3/4` alone are none.
"""

import re
from typing import Final

MONTH_WORDS: Final = {
    "giêng": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8,
    "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12,
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip
#: Short names of the weekdays and what `date.weekday` calls them.
WEEKDAYS: Final = {
    "t2": 0, "t3": 1, "t4": 2, "t5": 3, "t6": 4, "t7": 5, "cn": 6,
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
}  # fmt: skip
QUARTERS: Final = {"i": 1, "1": 1, "ii": 2, "2": 2, "iii": 3, "3": 3, "iv": 4, "4": 4}

_MONTH: Final = r"(?P<m>\d{1,2}|mười\s+một|mười\s+hai|mười|giêng|một|hai|ba|tư|bốn|năm|sáu|bảy|bẩy|tám|chín)"
#: English pages of portals, and themes that were never translated.
_ENGLISH: Final = r"(?P<m>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:[a-z]{0,6})\.?"
_YEAR: Final = r"(?P<y>(?:19|20)\d\d)"
_ANY_YEAR: Final = r"(?P<y>\d{4})"
#: The first day digit.  No digit or joiner may touch it: `11.561.360`, `1/2025/QĐ-UBND`.  Patterns begin with
#: the digit and look back from there, since `re` then skips to digits in one sweep.
_DAY: Final = r"(?P<d>\d(?<![\d/].)(?<!\d[.,\-].)\d?)"
_RIGHT: Final = r"(?![\w/]|[.,\-]\d)"
_SIGN: Final = r"\s?[/.]\s?"
WEEKDAY: Final = (
    r"(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ\s+nhật|t[2-7]\b|monday|tuesday|wednesday|thursday"
    r"|friday|saturday|sunday)"
)
#: A night, or what one was for: `đêm diễn 28-11`.
NIGHT: Final = r"đêm(?:\s+(?:diễn|nhạc|hội|thơ|thi|gala|chung\s+kết))?"
#: `6h`, `6 giờ 30 phút`.
HOUR: Final = r"\d{1,2}\s?(?:h|giờ)(?:\s?\d{1,2}(?:\s?phút)?)?"
#: What must stand before a day without a year.
DAY_CUE: Final = re.compile(
    rf"(?<!\w)(?:ngày|sáng|trưa|chiều|tối|{NIGHT}|khuya|hôm|sớm|nay|qua|{HOUR}|{WEEKDAY})"
    r"(?:\s+(?:nay|qua|ngày|hôm\s+nay|mùng|mồng))?\s*[,(]?\s*$"
)

#: (kind, a part that the text must hold, pattern over the text in small letters), in order of precedence.
_SOURCES: Final = (
    ("iso", "-", r"(?P<y>\d(?<![\d/].)(?<!\d[.,\-].)\d{3})-(?P<m>\d\d)-(?P<d>\d\d)"
     r"(?:[t ](?P<time>\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s?(?P<zone>z|[+-]\d\d:?\d\d)?)?(?![\w/-])"),
    ("iso", "/", r"(?P<y>\d(?<![\w/.].)(?<!\d[.,\-].)\d{3})/(?P<m>\d{1,2})/(?P<d>\d{1,2})(?![\w/-])"),
    ("weekday", "/", r"(?P<w>(?<!\w)(?:t[2-7]|cn|mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6})\s?,\s?"
     rf"(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}})/{_YEAR}{_RIGHT}"),
    ("american", "/", rf"(?P<m>\d(?<![\d/].)\d?)/(?P<d>1[3-9]|2\d|3[01])/{_YEAR}"
     r"(?=,?\s+\d{1,2}:\d\d(?::\d\d)?\s?[ap]m)"),
    ("range", "", rf"{_DAY}{_SIGN}(?P<m>\d{{1,2}})(?:{_SIGN}(?P<y0>\d{{4}}))?\s*(?:-|–|đến|tới)\s*(?:hết\s+)?"
     rf"(?:ngày\s+)?(?P<d2>\d{{1,2}}){_SIGN}(?P<m2>\d{{1,2}}){_SIGN}{_ANY_YEAR}{_RIGHT}"),
    ("range", "", r"(?P<d>\d(?<![\w:/].)(?<!\d[.,\-].)(?<!thứ\s.)\d?)\s*(?:-|–|(?:và|đến)(?:\s+ngày)?)\s*"
     rf"(?P<d2>\d{{1,2}}){_SIGN}(?P<m>\d{{1,2}}){_SIGN}{_ANY_YEAR}{_RIGHT}"),
    ("day", "", rf"{_DAY}\s?(?P<sep>[/.\-])\s?(?P<m>\d{{1,2}})\s?(?P=sep)\s?{_ANY_YEAR}{_RIGHT}"),
    ("day", "", rf"(?:{WEEKDAY}|ngày)\s*[,\-–|]?\s*(?:ngày\s+)?(?P<d>\d{{1,2}})\s(?P<m>\d{{1,2}}),?\s{_YEAR}{_RIGHT}"),
    ("day", "tháng", rf"(?P<d>\d(?<!\d.)\d?)\s+tháng\s+{_MONTH}\s*(?:,?\s*năm\s+|[/\-,.]\s*|\s){_YEAR}{_RIGHT}"),
    ("day", "tháng", rf"tháng\s+{_MONTH}\s+(?P<d>\d{{1,2}}),\s*{_YEAR}{_RIGHT}"),
    ("day", "th", rf"(?P<d>\d(?<!\d.)\d?)[\s-]th(?:g\.?\s?)?(?P<m>\d{{1,2}}),?[\s-]\s?{_YEAR}{_RIGHT}"),
    ("day", "th", rf"th(?<!\wth)(?:g\.?\s?)?(?P<m>\d{{1,2}})\s+(?P<d>\d{{1,2}}),\s*{_YEAR}{_RIGHT}"),
    ("day", "20", rf"(?<!\w){_ENGLISH}\s+(?P<d>\d{{1,2}}),?\s+{_YEAR}{_RIGHT}"),
    ("day", "20", rf"(?P<d>\d(?<!\d.)\d?)[\s-]+{_ENGLISH},?[\s-]+{_YEAR}{_RIGHT}"),
    ("day", "ngày", rf"ngày\s*(?P<d>\d{{1,2}})(?P<sep>[/.\-])(?P<m>\d{{1,2}})(?P=sep)(?P<y>\d\d){_RIGHT}"),
    ("daymonth", "tháng", rf"(?:ngày|mùng|mồng)\s+(?:(?:mùng|mồng)\s+)?(?P<d>\d{{1,2}})\s+tháng\s+{_MONTH}(?!\w)"),
    ("quarter", "quý", rf"quý\s+(?P<q>iii|ii|iv|i|[1-4])\s*(?:[/\-.,]\s*|\s+năm\s+|\s){_YEAR}{_RIGHT}"),
    ("month", "tháng", rf"tháng\s+{_MONTH}\s*(?:[/\-.,]\s*|,?\s*năm\s+|\s){_YEAR}{_RIGHT}"),
    ("month", "/", rf"(?P<m>\d(?<![^\s(].)\d?)/{_YEAR}{_RIGHT}"),
    ("cued", "", rf"{_DAY}(?:\s*(?:-|–|và|đến)\s*\d{{1,2}})?\s?[/.\-]\s?(?P<m>\d{{1,2}})(?![\w/%]|[.,]\d|\s?-\s?\d)"),
    ("year", "năm", rf"năm(?<!\wnăm)\s+{_YEAR}(?![\w/]|[.,]\d|\s?[-–]\s?\d)"),
)  # fmt: skip
#: Forms that count only if they are the whole text.
_WHOLE: Final = (
    ("day", r"\s*(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)\s*"),
    ("day", r"\s*(?P<d>\d{1,2})(?P<sep>[/.\-])(?P<m>\d{1,2})(?P=sep)(?P<y>\d\d)(?:[ ,]+\d{1,2}[:h]\d\d)?\s*"),
    ("month", rf"\s*(?:date\s+)?{_YEAR}-(?P<m>\d\d)\s*"),
)

#: (kind, a part that the text must hold, whether it must hold a year of four digits, pattern).
PATTERNS: Final = tuple(
    (kind, needs, kind not in ("daymonth", "cued") and r"(?P<y>\d\d)" not in source, re.compile(source))
    for kind, needs, source in _SOURCES
)
FOUR_DIGITS: Final = re.compile(r"\d{4}")
WHOLE_PATTERNS: Final = tuple((kind, re.compile(source)) for kind, source in _WHOLE)
#: How far before a day its cue may begin.
CUE_REACH: Final = 32
MAX_WHOLE: Final = 24
#: A text without one of these holds no date; a date is no further from one than so many characters.
BEFORE_SIGN, BEHIND_SIGN = 72, 48
MAY_HOLD_DATE: Final = re.compile(r"\d(?:\s?[/.\-]\s?\d|\d{3}|[\s-]+[Tt]h|-[A-Za-z]{3})")
#: The number of a law or a letter: what is in it is no date.
LAW_NUMBER: Final = re.compile(
    r"\d(?<![\w/.\-].)\d{0,4}[/-](?:\d{4}[/-])?(?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}[-/])"
    r"[A-ZĐ]{1,5}[A-ZĐa-z0-9]*(?:[-–][A-ZĐ0-9]+)*")
_CYCLE: Final = (
    r"(?:giáp|ất|bính|đinh|mậu|kỷ|kỉ|canh|tân|nhâm|quý|quí)\s+(?:tý|tí|sửu|dần|mão|mẹo|thìn|tỵ|tị|ngọ|mùi|thân|dậu|tuất|hợi)"
)
#: What tells, behind a day or before it, that it is one of the lunar calendar.
LUNAR_AFTER: Final = re.compile(
    r"[\s,(]*(?:(?:hàng|hằng|mỗi)\s+năm[\s,(]*)?(?:âm\s+lịch|âl(?!\w)|\(al\))"
)
LUNAR_YEAR: Final = re.compile(rf"[\s,(]*(?:năm\s+)?{_CYCLE}(?!\w)")
LUNAR_BEFORE: Final = re.compile(r"âm\s+lịch\s*(?:là|:|-)?\s*(?:ngày\s+)?$")
#: Months that only the lunar calendar calls so.
LUNAR_MONTHS: Final = frozenset({"giêng"})
#: Words between the number of a law and the day it was signed.
LAW_LINK: Final = re.compile(r"^[\s,(]*(?:(?:ra\s+)?ngày\s+)?$")
