"""What facets, filters and date order read: one small integer per document and column.

`date_first`, `date_last`   the days the date may mean, 20250601 and 20250630 for June 2025; 0 if unknown
`newest`, `oldest`          sort keys: what is not known of a date sorts behind what is, in either order
`day`                       month and day where both are known, also without a year: 1226; 0 if not
`month`, `province`, `country`, `source`, `section`, `kind`, `author`
                            codes into the tables of `ColumnTables`; code 0 is "unknown"
`added`                     when the archive first had the article, seconds after 2000; 0 if that was not told
`marked`                    percent of the words with a letter beyond ASCII: 0 in a text written without marks
`cluster`                   number of the near-duplicate cluster, 0 for articles without twins
`title_words`               positions of the title, for clauses that are restricted to it
`order`                     the order of the ids, by which equals are sorted; missing where documents are numbered so
"""

import calendar
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from search.article import Article, ArticleDate, Precision
from search.engines.facets import NAMED_FACETS

#: Columns whose codes stand for texts of an article.
NAMED = tuple(NAMED_FACETS)
_CODED = (*NAMED, "cluster")
COLUMNS = ("date_first", "date_last", "newest", "oldest", "day", "month", *_CODED, "marked", "added")
#: An article with a smaller percentage of marked words is written without marks.  Of 88,514 news articles, which all
#: have marks, the least has 17 and one of a thousand less than 50; running text has about 75.
WITH_MARKS = 10
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
ORDER = "order"
#: Positions left free between the title and the body, so that no phrase or window reaches across.
TITLE_GAP = 100


@dataclass
class ColumnTables:
    """The values behind the codes of `month` (year, month; month 0 if unknown), and of the columns with names."""

    months: dict[tuple[int, int], int] = field(default_factory=lambda: {(0, 0): 0})
    names: dict[str, dict[str, int]] = field(default_factory=lambda: {name: {"": 0} for name in _CODED})

    def to_json(self) -> dict[str, Any]:
        """Return lists in code order."""
        names = {name: list(codes) for name, codes in self.names.items()}
        return {"months": [list(pair) for pair in self.months], **names}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "ColumnTables":
        """Read what `to_json` wrote."""
        months = {(int(year), int(month)): code for code, (year, month) in enumerate(values["months"])}
        names = {name: {text: code for code, text in enumerate(values[name])} for name in _CODED}
        return cls(months, names)

    def code(self, name: str, text: str) -> int:
        """Return the code of a text in one column, a new one for a new text."""
        codes = self.names[name]
        return codes.setdefault(text, len(codes))


class ColumnBuilder:
    """Collects the columns of the articles in document order.  It pickles: columns made elsewhere are joined."""

    def __init__(self, tables: ColumnTables) -> None:
        """`tables` hold the codes that are given out already."""
        self.tables = tables
        self._values: dict[str, array[int]] = {name: array("i") for name in COLUMNS}

    def add(self, article: Article) -> None:
        """Append one row."""
        code, months = self.tables.code, self.tables.months
        *dates, month = _date_columns(article.date.value, article.date.precision)
        named = [code(name, getattr(article, name)) for name in _CODED]
        row = (*dates, months.setdefault(month, len(months)), *named, marked_percent(article),
               seconds(article.first_seen))  # fmt: skip
        for values, value in zip(self._values.values(), row, strict=True):
            values.append(value)

    def join(self, other: "ColumnBuilder") -> None:
        """Append the rows of another.

        Its codes become those that this one has, or would have given out, had it seen the articles.
        """
        months = self.tables.months
        codes = {"month": [months.setdefault(month, len(months)) for month in other.tables.months]}
        codes |= {name: [self.tables.code(name, text) for text in other.tables.names[name]] for name in _CODED}
        for name, values in other._values.items():
            if name in codes:
                recoded = np.array(codes[name], np.int32)[np.frombuffer(values, np.int32)]
                self._values[name].frombytes(recoded.tobytes())
            else:
                self._values[name].extend(values)

    def arrays(self) -> Iterator[tuple[str, npt.NDArray[np.int32]]]:
        """Yield the columns by name, each [articles]."""
        for name, values in self._values.items():
            yield name, np.array(values, np.int32)


@lru_cache(maxsize=100_000)
def _date_columns(value: str, precision: Precision) -> tuple[int, int, int, int, int, tuple[int, int]]:
    """Return first day, last day, both sort keys, day of any year, and (year, month), 0 for what is not known."""
    date = ArticleDate(value, precision)
    return (*day_span(date), *sort_keys(date), day_of(date), (date.year or 0, date.month or 0))


def marked_percent(article: Article) -> int:
    """Return how many percent of what stands between spaces in an article is beyond ASCII; 100 of nothing."""
    words = [*article.title.split(), *article.body.split()]
    return 100 - len(list(filter(str.isascii, words))) * 100 // len(words) if words else 100


def seconds(moment: str) -> int:
    """Return the seconds from 2000 to an ISO time, 0 for none and for earlier ones."""
    return max(int((datetime.fromisoformat(moment) - _EPOCH).total_seconds()), 0) if moment else 0


def day_of(date: ArticleDate) -> int:
    """Return 1226 for every 26 December, with its year or without, 0 for what is no day."""
    if date.precision not in ("day", "daymonth"):
        return 0
    month, day = date.value[-5:].split("-")
    return int(month) * 100 + int(day)


def smallest(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return whole numbers from 0 on in the smallest unsigned type that holds them."""
    return values.astype(np.min_scalar_type(max(int(values.max(initial=0)), 0)))


def day_span(date: ArticleDate) -> tuple[int, int]:
    """Return the first and last day that a date may mean, as 20250131; (0, 0) where the year is unknown."""
    year = date.year
    if year is None:
        return 0, 0
    if date.precision == "day":
        day = year * 10000 + int(date.value[5:7]) * 100 + int(date.value[8:10])
        return day, day
    if date.precision == "month":
        first = last = int(date.value[5:7])
    elif date.precision == "quarter":
        first = int(date.value[6]) * 3 - 2
        last = first + 2
    else:
        first, last = 1, 12
    return year * 10000 + first * 100 + 1, year * 10000 + last * 100 + calendar.monthrange(year, last)[1]


def sort_keys(date: ArticleDate) -> tuple[int, int]:
    """Return (key for newest first, descending; key for oldest first, ascending).

    An article of "June 2025" comes behind all days of that June either way, one of "2025" behind its
    months, one without a year behind everything.
    """
    year = date.year
    if year is None:
        return 0, 99999999
    first, last = day_span(date)
    if date.precision == "day":
        return first, first
    if date.precision == "month":
        return first // 100 * 100, last // 100 * 100 + 99
    if date.precision == "quarter":
        return first // 100 * 100 - 1, last // 100 * 100 + 99
    return year * 10000, year * 10000 + 9999
