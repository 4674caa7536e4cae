"""The day in the name of a file, in its folders (`2018/03/12/tin.html`), or in an address."""

import re
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from index.dates.given import given_date
from search.article import ArticleDate

#: `20180312`, `2018-03-12`, `2018_03_12`, with a clock behind it or the folders of year, month and day.
_YEAR_FIRST: Final = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<s>[-_./]?)(?P<m>0[1-9]|1[0-2])(?P=s)(?P<d>0[1-9]|[12]\d|3[01])"
    r"(?:(?P<clock>[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\d{3})?)?)?(?!\d)")
_DAY_FIRST: Final = re.compile(
    r"(?<!\d)(?P<d>0?[1-9]|[12]\d|3[01])(?P<s>[-_.])(?P<m>0?[1-9]|1[0-2])(?P=s)(?P<y>(?:19|20)\d\d)(?!\d)")
_LOOSE: Final = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<s>[-_.])(?P<m>0?[1-9]|1[0-2])(?P=s)(?P<d>0?[1-9]|[12]\d|3[01])(?!\d)")
#: Of a path only the last parts are looked at: year, month, day, name.
_PARTS: Final = 4


def named_day(*names: str) -> ArticleDate:
    """Return the day that the first of the names tells that tells one, source `file`: paths or addresses."""
    for name in names:
        path = urlsplit(name).path if "://" in name[:9] else name
        tail = "/".join(path.replace("#", "/").rsplit("/", _PARTS)[-_PARTS:])
        for pattern in (_YEAR_FIRST, _LOOSE, _DAY_FIRST):
            for found in pattern.finditer(tail):
                if day := _day(found):
                    return ArticleDate(day, "day", "file", found[0])
    return ArticleDate()


def made_day(made: str) -> ArticleDate:
    """Return the day on which a document's own properties say that it was made, source `file`."""
    found = given_date(made)
    return ArticleDate(found.value, "day", "file", made) if found.precision == "day" else ArticleDate()


def _day(found: re.Match[str]) -> str:
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"])).isoformat()
    except ValueError:
        return ""
