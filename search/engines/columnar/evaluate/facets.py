"""Filters, facet counts, date order and clusters: everything that reads columns."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from search.engines.columnar.evaluate.docsets import Docs, Mask, Members
from search.engines.columnar.format.columns import NAMED, ORDER, WITH_MARKS, ColumnTables
from search.engines.facets import FacetCounts, Filters
from search.engines.port import Sort
from search.query.tree import Filtered, Named
from search.text import normalize, tokenize

#: Authors are counted where there are at most so many among the articles found: a list that people can read.
FEW_AUTHORS: Final = 50
#: The columns that differ too much from article to article to be counted together with others.
_OWN: Final = ("country", "author")
#: So many documents, and so many of each kind, are counted by their kinds.
_MANY, _MANY_EACH = 2000, 2
_LAST: Final = 99999999


class Facets:
    """The columns of one segment, ready for counting.  Holds about 25 bytes per document."""

    def __init__(self, columns: Mapping[str, npt.NDArray[Any]], tables: ColumnTables) -> None:
        self.tables = tables
        self._codes = {name: columns[name].copy() for name in ("month", *NAMED)}
        self._names = {name: list(tables.names[name]) for name in NAMED}
        self._days = columns["day"]
        self._first, self._last = (columns[name].astype(np.int32) for name in ("date_first", "date_last"))
        #: The articles that are written without marks [documents].
        self.unmarked: Mask = columns["marked"] < WITH_MARKS
        self.clusters = columns["cluster"]
        #: The documents that are in a cluster [documents].
        self.clustered: Mask = self.clusters > 0
        #: Numbers of clusters are below it.
        self.cluster_count = int(self.clusters.max(initial=0)) + 1
        #: Whether any is.
        self.has_twins = bool(self.clustered.any())
        #: The order of equals [documents]; None if it is that of the documents' numbers.
        self.order = columns.get(ORDER)
        newest = -columns["newest"].astype(np.int64)
        self._ranks = {
            "newest": self._rank(newest),
            "oldest": self._rank(columns["oldest"]),
            "added": self._rank(-columns["added"].astype(np.int64), newest),
        }
        self.named = lru_cache(maxsize=100)(partial(_named, lru_cache(partial(_by_word, self._names)), self._codes))

    def rank(self, sort: Sort) -> npt.NDArray[np.int32]:
        """Return the place of every document in one of the date orders, 0 first; ties by id."""
        return self._ranks[sort]

    def _rank(self, *keys: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
        out = np.empty(len(keys[0]), np.int32)
        ties = () if self.order is None else (self.order,)
        out[np.lexsort((*ties, *reversed(keys)))] = np.arange(len(out), dtype=np.int32)
        return out

    def masks(self, filters: Filters) -> dict[str, Mask]:
        """Return which documents pass each filter that is set, by the facet it belongs to."""
        given = filters.named.items()
        found = {name: mask for name, names in given if (mask := self._name_mask(name, names)) is not None}
        dates = self._date_mask(filters.year, filters.month, filters.date_from or 0, filters.date_to or _LAST)
        return found if dates is None else {"date": dates, **found}

    def _name_mask(self, name: str, texts: Sequence[str]) -> Mask | None:
        """Return which documents have any of some names, None if that filters nothing."""
        if not texts:
            return None
        codes = self.tables.names[name]
        allowed = np.zeros(len(codes), bool)
        allowed[[codes[text] for text in texts if text in codes]] = True
        return allowed.take(self._codes[name])

    def _date_mask(self, year: int | None, month: int | None, low: int, high: int) -> Mask | None:
        """Return which documents lie in a year, a month and some days, None if that filters nothing."""
        mask: Mask | None = None
        if year is not None or month is not None:
            allowed = np.array([year in (None, y) and month in (None, m) for y, m in self.tables.months], bool)
            mask = allowed.take(self._codes["month"])
        if low > 0 or high < _LAST:
            inside = (self._last >= low) & (self._first <= high) & (self._first > 0)
            mask = inside if mask is None else mask & inside
        return mask

    def restricted(self, node: Filtered | Named) -> Mask:
        """Return the documents of a restriction."""
        if isinstance(node, Named):
            return self.named(node)
        dates = self._date_mask(node.year, node.month, node.date_from, node.date_to)
        mask = np.ones(len(self._days), bool) if dates is None else dates
        places = self._name_mask("province", node.provinces)
        if places is not None:
            mask = mask & places
        return mask if node.day is None else mask & (self._days == node.day)

    def knows(self, node: Named) -> bool:
        """Say whether any document has the author or source that is asked for."""
        return bool(self.named(node).any())

    def count(self, found: Members, masks: Mapping[str, Mask], filters: Filters) -> FacetCounts:
        """Count the members of `found` that pass the masks of `filters`, each facet without its own."""
        whole = _passing(found, masks.values())
        counted = self._counted(whole.docs)
        for facet in masks:
            own = _passing(found, [mask for name, mask in masks.items() if name != facet]).docs
            column = "month" if facet == "date" else facet
            counted[column] = self._count(column, own)
        months = counted["month"]
        named = {name: self._values(name, counted[name]) for name in NAMED}
        by_month = {month: count for month, count in zip(self.tables.months, months.tolist(), strict=True) if count}
        return FacetCounts.of(by_month, named, self._in_month(whole.docs) if filters.year and filters.month else {})

    def _in_month(self, docs: Docs) -> dict[int, int]:
        """Return how many documents of one month each of its days has, 0 for those that name none."""
        counts = np.bincount(self._days.take(docs) % 100, minlength=1)
        return {int(day): int(counts[day]) for day in counts.nonzero()[0]}

    def _size(self, name: str) -> int:
        return len(self.tables.months if name == "month" else self._names[name])

    def _count(self, name: str, docs: Docs) -> npt.NDArray[np.intp]:
        """Return how many of `docs` have each value of a column."""
        if self._size(name) == 1:  # a column that says the same of every document
            return np.array([len(docs)])
        return np.bincount(self._codes[name].take(docs), minlength=self._size(name))

    def _counted(self, docs: Docs) -> dict[str, npt.NDArray[np.intp]]:
        """Return how many of `docs` have each value of every column: of many, those that are equal are counted first.
        """
        kinds, values = self._kinds if len(docs) > _MANY else (None, {})
        if kinds is None or len(docs) < _MANY_EACH * len(values["month"]):
            return {name: self._count(name, docs) for name in self._codes}
        each = np.bincount(kinds.take(docs), minlength=len(values["month"])).astype(float)
        counted = {
            name: np.bincount(codes, each, self._size(name)).astype(np.intp) for name, codes in values.items()
        }
        counted["country"] = self._count("country", docs)
        some = self._count("author", docs[:_MANY])  # more than are told are soon found
        many = np.count_nonzero(some) > FEW_AUTHORS
        return counted | {"author": some if many else self._count("author", docs)}

    @cached_property
    def _kinds(self) -> tuple[npt.NDArray[Any], dict[str, npt.NDArray[Any]]]:
        """Numbers of the documents that differ in any column beside `_OWN`, and what such a number stands for.

        Of 88,514 news articles there are 1,300 kinds.
        """
        together, names = np.zeros(len(self._days), np.int64), [name for name in self._codes if name not in _OWN]
        for name in names:
            together = together * self._size(name) + self._codes[name]
        _, first, kinds = np.unique(together, return_index=True, return_inverse=True)
        return kinds.astype(np.min_scalar_type(len(first))), {name: self._codes[name][first] for name in names}

    def _values(self, name: str, counts: npt.NDArray[np.intp]) -> dict[str, int]:
        names = self._names[name]
        codes = counts.nonzero()[0]
        if name == "author" and len(codes) > FEW_AUTHORS:
            return {}
        return dict(zip(map(names.__getitem__, codes.tolist()), counts.take(codes).tolist(), strict=True))

    def twins(self, doc: int) -> Docs:
        """Return the other documents of the cluster of `doc`."""
        cluster = self.clusters[doc]
        if not cluster:
            return np.empty(0, np.int64)
        found = np.flatnonzero(self.clusters == cluster)
        others: Docs = found[found != doc]
        return others if self.order is None else others[np.argsort(self.order[others])]

    def ages(self, docs: Docs) -> npt.NDArray[np.float32]:
        """Return the age of documents in years before the newest article; infinite where the date is unknown."""
        newest = _days(int(self._last.max())) if len(self._last) else 0.0
        last = self._last[docs].astype(np.int64)
        days = last // 10000 * 365.2425 + (last // 100 % 100) * 30.44 + last % 100
        return np.where(last > 0, np.maximum(newest - days, 0) / 365.2425, np.inf).astype(np.float32)


def _days(day: int) -> float:
    return day // 10000 * 365.2425 + (day // 100 % 100) * 30.44 + day % 100


class _Words(NamedTuple):
    """The words of the names of a column, (tone key, folded form) each, and the codes of those that have a folded one.
    """

    names: list[list[tuple[str, str]]]
    codes: dict[str, list[int]]


def _by_word(names: Mapping[str, Sequence[str]], field: str) -> _Words:
    found = _Words([_words(text) for text in names[field]], {})
    for code, words in enumerate(found.names):
        for folded in {folded for _, folded in words}:
            found.codes.setdefault(folded, []).append(code)
    return found


def _named(by_word: Callable[[str], _Words], codes: Mapping[str, npt.NDArray[Any]], node: Named) -> Mask:
    known = by_word(node.field)
    allowed = np.zeros(len(known.names), bool)
    few = min((known.codes.get(folded, []) for _, folded in node.words), key=len, default=range(len(known.names)))
    allowed[[code for code in few if _has_words(known.names[code], node.words)]] = True
    return allowed.take(codes[node.field])


def _passing(found: Members, masks: Iterable[Mask]) -> Members:
    for mask in masks:
        found = found.only(mask)
    return found


def _words(text: str) -> list[tuple[str, str]]:
    """Return (tone key, folded form) of the words of a name."""
    return [(token.key, token.fold) for token in tokenize(normalize(text)) if not token.whole]


def _has_words(words: list[tuple[str, str]], wanted: Sequence[tuple[str, str]]) -> bool:
    """Say whether some words stand side by side in a name; one typed without marks stands for every marking."""
    size = len(wanted)
    for at in range(len(words) - size + 1):
        pairs = zip(words[at : at + size], wanted, strict=True)
        if all(typed in (key, fold) and folded == fold for (key, fold), (typed, folded) in pairs):
            return True
    return False
