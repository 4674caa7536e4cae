"""What facets, filters and date order read: one small integer per document and column.

`date_first`, `date_last`   the days the date may mean, 20250601 and 20250630 for June 2025; 0 if unknown
`newest`, `oldest`          sort keys: what is not known of a date sorts behind what is, in either order
`month`, `province`         codes into the tables of `ColumnTables`; code 0 is "unknown"
`cluster`                   number of the near-duplicate cluster, 0 for articles without twins
`title_words`               positions of the title, for clauses that are restricted to it
`order`                     the order of the ids, by which equals are sorted; missing where documents are numbered so
"""

import calendar
from array import array
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from search.article import Article, ArticleDate

COLUMNS = ("date_first", "date_last", "newest", "oldest", "month", "province", "cluster")
ORDER = "order"
#: Positions left free between the title and the body, so that no phrase or window reaches across.
TITLE_GAP = 100


@dataclass
class ColumnTables:
    """The values behind the codes of `month` (year, month; month 0 if unknown), `province` and `cluster`."""

    months: dict[tuple[int, int], int] = field(default_factory=lambda: {(0, 0): 0})
    provinces: dict[str, int] = field(default_factory=lambda: {"": 0})
    clusters: dict[str, int] = field(default_factory=lambda: {"": 0})

    def to_json(self) -> dict[str, Any]:
        """Return lists in code order."""
        return {"months": [list(pair) for pair in self.months], "provinces": list(self.provinces),
                "clusters": list(self.clusters)}  # fmt: skip

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "ColumnTables":
        """Read what `to_json` wrote."""
        months = {(int(year), int(month)): code for code, (year, month) in enumerate(values["months"])}
        names = ({name: code for code, name in enumerate(values[key])} for key in ("provinces", "clusters"))
        return cls(months, *names)


class ColumnBuilder:
    """Collects the columns of the articles in document order."""

    def __init__(self, tables: ColumnTables) -> None:
        """`tables` hold the codes that are given out already."""
        self.tables = tables
        self._dates: dict[tuple[str, str], tuple[int, int, int, int, int]] = {}
        self._values: dict[str, array[int]] = {name: array("i") for name in COLUMNS}

    def add(self, article: Article) -> None:
        """Append one row."""
        tables = self.tables
        row = (
            *self._date_columns(article.date),
            tables.provinces.setdefault(article.province, len(tables.provinces)),
            tables.clusters.setdefault(article.cluster, len(tables.clusters)),
        )  # fmt: skip
        for values, value in zip(self._values.values(), row, strict=True):
            values.append(value)

    def _date_columns(self, date: ArticleDate) -> tuple[int, int, int, int, int]:
        """Return first day, last day, both sort keys and the code of the month; remembered per date."""
        known = self._dates.get((date.value, date.precision))
        if known is None:
            months = self.tables.months
            month = months.setdefault((date.year or 0, date.month or 0), len(months))
            known = self._dates[date.value, date.precision] = (*day_span(date), *sort_keys(date), month)
        return known

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the columns."""
        return {name: np.array(values, np.int64) for name, values in self._values.items()}


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
