"""Filters, facet counts, date order and clusters: everything that reads columns."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engines.columnar.evaluate.docsets import Docs, Mask
from search.engines.columnar.format.columns import ORDER, ColumnTables
from search.engines.port import FacetCounts, Filters, Sort
from search.query.tree import Filtered

#: Facets are counted together in one pass while months x provinces stay below this many cells.
_MAX_CELLS = 1 << 16


class Facets:
    """The columns of one segment, ready for counting.  Holds about 18 bytes per document."""

    def __init__(self, columns: Mapping[str, npt.NDArray[Any]], tables: ColumnTables) -> None:
        self.tables, self._names = tables, list(tables.provinces)
        self._months, self._provinces = columns["month"].copy(), columns["province"].copy()
        self._first, self._last = (columns[name].astype(np.int32) for name in ("date_first", "date_last"))
        cells = len(tables.provinces) * len(tables.months)
        pairs = self._provinces.astype(np.int64) * len(tables.months) + self._months
        self._pairs = pairs.astype(np.min_scalar_type(cells))
        self.clusters = columns["cluster"]
        #: Whether any cluster has more than one document.
        self.has_twins = bool((self.clusters > 0).any())
        #: The order of equals [documents]; None if it is that of the documents' numbers.
        self.order = columns.get(ORDER)
        newest = -columns["newest"].astype(np.int64)
        self._ranks = {"newest": self._rank(newest), "oldest": self._rank(columns["oldest"])}

    def rank(self, sort: Sort) -> npt.NDArray[np.int32]:
        """Return the place of every document in date order, 0 first; ties by id."""
        return self._ranks[sort]

    def province_mask(self, provinces: tuple[str, ...]) -> Mask | None:
        """Return which documents belong to any of `provinces`; None if that filters nothing."""
        if not provinces:
            return None
        allowed = np.zeros(len(self.tables.provinces), bool)
        for name in provinces:
            code = self.tables.provinces.get(name)
            if code:
                allowed[code] = True
        return allowed.take(self._provinces)

    def date_mask(self, filters: Filters | Filtered) -> Mask | None:
        """Return which documents lie in the year, month and days asked for; None if that filters nothing."""
        mask: Mask | None = None
        year = filters.year if isinstance(filters, Filters) else None
        month = filters.month if isinstance(filters, Filters) else None
        if year is not None or month is not None:
            allowed = np.array([year in (None, y) and month in (None, m) for y, m in self.tables.months], bool)
            mask = allowed.take(self._months)
        low, high = filters.date_from or 0, filters.date_to or 99999999
        if low > 0 or high < 99999999:
            inside = (self._last >= low) & (self._first <= high) & (self._first > 0)
            mask = inside if mask is None else mask & inside
        return mask

    def filtered(self, node: Filtered) -> Mask:
        """Return the documents of a `Filtered` node."""
        masks = [mask for mask in (self.province_mask(node.provinces), self.date_mask(node)) if mask is not None]
        if not masks:
            return np.ones(len(self._months), bool)
        return masks[0] if len(masks) == 1 else masks[0] & masks[1]

    def count(self, by_date: Docs, by_province: Docs) -> FacetCounts:
        """Count the months of `by_date` and the provinces of `by_province`; one pass if they are the same array."""
        months, provinces = len(self.tables.months), len(self.tables.provinces)
        if by_date is by_province and months * provinces <= _MAX_CELLS:
            cells = np.bincount(self._pairs.take(by_date), minlength=months * provinces).reshape(provinces, months)
            return self._named(np.add.reduce(cells, 0), np.add.reduce(cells, 1))
        return self._named(
            np.bincount(self._months.take(by_date), minlength=months),
            np.bincount(self._provinces.take(by_province), minlength=provinces),
        )

    def _named(self, months: npt.NDArray[Any], provinces: npt.NDArray[Any]) -> FacetCounts:
        years: dict[int, int] = {}
        named: dict[tuple[int, int], int] = {}
        for (year, month), count in zip(self.tables.months, months.tolist(), strict=True):
            if count and year:
                years[year] = years.get(year, 0) + count
                if month:
                    named[year, month] = count
        places = {self._names[code]: int(provinces[code]) for code in provinces.nonzero()[0].tolist() if code}
        return FacetCounts(years, named, places)

    def twins(self, doc: int) -> Docs:
        """Return the other documents of the cluster of `doc`."""
        cluster = self.clusters[doc]
        if not cluster:
            return np.empty(0, np.int64)
        found = np.flatnonzero(self.clusters == cluster)
        others: Docs = found[found != doc]
        return others if self.order is None else others[np.argsort(self.order[others])]

    def _rank(self, keys: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
        out = np.empty(len(keys), np.int32)
        order = np.argsort(keys, kind="stable") if self.order is None else np.lexsort((self.order, keys))
        out[order] = np.arange(len(keys), dtype=np.int32)
        return out

    def groups(self, docs: Docs) -> int:
        """Return how many results are left of `docs` when each cluster is shown once."""
        if not self.has_twins:
            return len(docs)
        clusters = self.clusters[docs]
        clustered = clusters[clusters > 0]
        return len(docs) - len(clustered) + len(np.unique(clustered))

    def first_twins(self, docs: Docs) -> Docs:
        """Return the places in `docs` that are the first of their cluster, or in none."""
        clusters = self.clusters[docs]
        keep = clusters == 0
        keep[np.unique(clusters, return_index=True)[1]] = True
        return np.flatnonzero(keep)

    def twin_counts(self, docs: Docs, shown: Docs) -> npt.NDArray[np.int64]:
        """Return for each of `shown` how many others of `docs` are in its cluster."""
        if not self.has_twins:
            return np.zeros(len(shown), np.int64)
        wanted = self.clusters[shown]
        present = self.clusters[docs]
        return np.array([np.count_nonzero(present == cluster) - 1 if cluster else 0 for cluster in wanted], np.int64)

    def ages(self, docs: Docs) -> npt.NDArray[np.float32]:
        """Return the age of documents in years before the newest article; infinite where the date is unknown."""
        newest = _days(int(self._last.max())) if len(self._last) else 0.0
        last = self._last[docs].astype(np.int64)
        days = last // 10000 * 365.2425 + (last // 100 % 100) * 30.44 + last % 100
        return np.where(last > 0, np.maximum(newest - days, 0) / 365.2425, np.inf).astype(np.float32)


def _days(day: int) -> float:
    return day // 10000 * 365.2425 + (day // 100 % 100) * 30.44 + day % 100
