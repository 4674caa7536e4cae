"""Facets of an engine's answer: what is chosen of each, and what is counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

#: The facets whose values are names, in the order in which they are shown, with what holds their values.  An article
#: has one value of each, so that the counts of every facet sum up to the total.
NAMED_FACETS: Final = {
    "province": "provinces", "country": "countries", "source": "sources", "section": "sections", "kind": "kinds",
    "author": "authors",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """Facet filters.  Values of one field are alternatives of each other; everything else must hold.

    `date_from` and `date_to` are days as numbers, 20250131, inclusive; an article counts if any day that its
    date may mean lies inside.  `year` and `month` are the facet's values.  What is not known of an article is a value
    like others: 0 of a year or month, `""` of a name.
    """

    provinces: tuple[str, ...] = ()
    year: int | None = None
    month: int | None = None
    date_from: int | None = None
    date_to: int | None = None
    sources: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()

    @property
    def named(self) -> dict[str, tuple[str, ...]]:
        """The values that are asked for by facet, those of `NAMED_FACETS`."""
        return {name: getattr(self, values) for name, values in NAMED_FACETS.items()}


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """Exact counts of members.  Each facet is counted without its own filter, so that choices do not collapse.

    `months` has one key per (year, month); `provinces` per province name as of the article's date; `countries` per
    country that an article names more often than others.  What is not known is a value like others: 0 of a year or
    month, `""` of a name.  So the values of every facet sum up to the total.  `authors` is empty where there are many.
    `days` are the days of the month that the filters choose, 0 for articles whose date names none; empty without a
    chosen year and month.
    """

    years: Mapping[int, int] = field(default_factory=dict)
    months: Mapping[tuple[int, int], int] = field(default_factory=dict)
    provinces: Mapping[str, int] = field(default_factory=dict)
    sources: Mapping[str, int] = field(default_factory=dict)
    sections: Mapping[str, int] = field(default_factory=dict)
    kinds: Mapping[str, int] = field(default_factory=dict)
    authors: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[int, int] = field(default_factory=dict)
    countries: Mapping[str, int] = field(default_factory=dict)

    @property
    def named(self) -> dict[str, Mapping[str, int]]:
        """The counts by facet, those of `NAMED_FACETS`."""
        return {name: getattr(self, values) for name, values in NAMED_FACETS.items()}

    @staticmethod
    def of(
        months: Mapping[tuple[int, int], int], named: Mapping[str, Mapping[str, int]], days: Mapping[int, int]
    ) -> "FacetCounts":
        """Make them of the articles of each month, those without a year among them, and the counts of names."""
        years: dict[int, int] = {}
        for (year, _), count in months.items():
            years[year] = years.get(year, 0) + count
        dated = {month: count for month, count in months.items() if month[0]}
        return FacetCounts(years, dated, days=days, **{NAMED_FACETS[name]: counts for name, counts in named.items()})
