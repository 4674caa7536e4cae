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
}  # fmt: skip
QUARTERS: Final = {"i": 1, "1": 1, "ii": 2, "2": 2, "iii": 3, "3": 3, "iv": 4, "4": 4}

_MONTH: Final = r"(?P<m>\d{1,2}|mười\s+một|mười\s+hai|mười|giêng|một|hai|ba|tư|bốn|năm|sáu|bảy|bẩy|tám|chín)"
_YEAR: Final = r"(?P<y>(?:19|20)\d\d)"
_ANY_YEAR: Final = r"(?P<y>\d{4})"
#: No digit, joiner or currency may touch a date: `11.561.360`, `1/2025/QĐ-UBND`, `2020-2025`.
_LEFT: Final = r"(?<![\w/.,\-–])"
_LEFT_LOOSE: Final = r"(?<![\d/])(?<!\d[.,\-])"
_RIGHT: Final = r"(?![\w/]|[.,\-]\d)"
WEEKDAY: Final = (
    r"(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ\s+nhật|t[2-7]\b|monday|tuesday|wednesday|thursday"
    r"|friday|saturday|sunday)"
)
#: What may stand before a day without a year.
DAY_CUE: Final = (
    r"(?:ngày|sáng|trưa|chiều|tối|đêm|khuya|hôm|sớm|nay|qua|" + WEEKDAY + r")"
    r"(?:\s+(?:nay|qua|ngày|hôm\s+nay|mùng|mồng))?"
)

_SOURCES: Final = (
    ("iso", rf"{_LEFT_LOOSE}{_ANY_YEAR}-(?P<m>\d\d)-(?P<d>\d\d)"
            r"(?:[T ](?P<time>\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s?(?P<zone>Z|[+-]\d\d:?\d\d)?)?(?![\w/-])"),
    ("range", rf"{_LEFT_LOOSE}(?P<d>\d{{1,2}})\s?[/.]\s?(?P<m>\d{{1,2}})(?:\s?[/.]\s?(?P<y0>\d{{4}}))?"
              r"\s*(?:-|–|đến|tới)\s*(?:hết\s+)?(?:ngày\s+)?"
              rf"(?P<d2>\d{{1,2}})\s?[/.]\s?(?P<m2>\d{{1,2}})\s?[/.]\s?{_ANY_YEAR}{_RIGHT}"),
    ("range", rf"{_LEFT_LOOSE}(?<![\w:])(?<!thứ\s)(?P<d>\d{{1,2}})\s*(?:-|–|và|đến)\s*(?:ngày\s+)?"
              rf"(?P<d2>\d{{1,2}})\s?[/.]\s?(?P<m>\d{{1,2}})\s?[/.]\s?{_ANY_YEAR}{_RIGHT}"),
    ("day", rf"{_LEFT_LOOSE}(?P<d>\d{{1,2}})\s?(?P<sep>[/.\-])\s?(?P<m>\d{{1,2}})\s?(?P=sep)\s?{_ANY_YEAR}{_RIGHT}"),
    ("day", rf"(?:{WEEKDAY}|ngày)\s*[,\-–|]?\s*(?:ngày\s+)?(?P<d>\d{{1,2}})\s(?P<m>\d{{1,2}})\s{_YEAR}{_RIGHT}"),
    ("day", rf"(?:ngày\s+)?(?<!\d)(?P<d>\d{{1,2}})\s+tháng\s+{_MONTH}"
            rf"\s*(?:,?\s*năm\s+|\s*[/\-,.]\s*|\s){_YEAR}{_RIGHT}"),
    ("day", rf"(?:ngày|^)\s*(?P<d>\d{{1,2}})(?P<sep>[/.\-])(?P<m>\d{{1,2}})(?P=sep)(?P<y>\d\d){_RIGHT}"),
    ("day", r"^\s*(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)\s*$"),
    ("daymonth", rf"ngày\s+(?P<d>\d{{1,2}})\s+tháng\s+{_MONTH}(?!\w)"),
    ("quarter", rf"quý\s+(?P<q>iii|ii|iv|i|[1-4])\s*(?:[/\-.,]\s*|\s+năm\s+|\s){_YEAR}{_RIGHT}"),
    ("month", rf"tháng\s+{_MONTH}\s*(?:[/\-.,]\s*|,?\s*năm\s+|\s){_YEAR}{_RIGHT}"),
    ("month", rf"(?:^|(?<=\s)|(?<=\())(?P<m>\d{{1,2}})/{_YEAR}{_RIGHT}"),
    ("month", rf"^\s*(?:date\s+)?{_YEAR}-(?P<m>\d\d)\s*$"),
    ("daymonth", rf"(?<!\w){DAY_CUE}\s*[,(]?\s*(?P<d>\d{{1,2}})(?:\s*(?:-|–|và|đến)\s*\d{{1,2}})?\s?[/.\-]\s?"
                 r"(?P<m>\d{1,2})(?![\w/%]|[.,]\d|\s?-\s?\d)"),
    ("year", rf"(?<!\w)năm\s+{_YEAR}(?![\w/]|[.,]\d|\s?[-–]\s?\d)"),
)  # fmt: skip

PATTERNS: Final = tuple((name, re.compile(source, re.IGNORECASE)) for name, source in _SOURCES)
#: A line without one of these holds no date.
MAY_HOLD_DATE: Final = re.compile(r"\d\s?[/.\-]\s?\d|\d{4}|tháng\s+[\dA-Za-zÀ-ỹ]")
#: The number of a law or a letter: what is in it is no date.
LAW_NUMBER: Final = re.compile(r"(?<![\w/.\-])\d{1,5}[/-](?:\d{4}[/-])?[A-ZĐ]{1,5}[A-ZĐa-z0-9]*(?:[-–][A-ZĐ0-9]+)*")
#: Words between the number of a law and the day it was signed.
LAW_LINK: Final = re.compile(r"^[\s,(]*(?:(?:ra\s+)?ngày\s+)?$")
