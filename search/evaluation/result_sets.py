"""Whether the result set of a query is what was asked for: its date order, its size, and what it leaves out.

Relevance order hides what does not belong; totals, facets, date orders and the feed show it.  So of each judged query
the first ten by date are judged as well as those by relevance, the total is compared with the number of relevant
articles, and these are looked for among the members (what the date order walks) and among what relevance order shows
beyond them.  An article that stands behind its near-duplicate counts as found.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from statistics import fmean, median
from typing import Final

from search.archive.archive import Archive
from search.engines.port import Found, Sort
from search.results.answer import DEEPEST, Request

FIRST: Final = 10
#: Groups of queries by the number of their words, as (fewest, most).
LENGTHS: Final = ((1, 1), (2, 3), (4, 4), (5, 99))


@dataclass(frozen=True, slots=True)
class SetMeasures:
    """The result set of one query: shares of relevant articles (0 to 1), and total / relevant."""

    words: int
    precision: float
    precision_by_date: float
    total_per_relevant: float
    among_members: float
    among_shown: float


@dataclass(frozen=True, slots=True)
class LengthMeasures:
    """Means over the queries of about one length; of total / relevant the median."""

    words: tuple[int, int]
    queries: int
    precision: float
    precision_by_date: float
    total_per_relevant: float
    among_members: float
    among_shown: float


def measure_sets(
    archive: Archive, queries: Mapping[str, str], judgements: Mapping[str, Mapping[str, int]]
) -> Iterator[SetMeasures]:
    """Yield the measures of the result set of each query that has a relevant article; judgements name ids."""
    for query_id, text in queries.items():
        relevant = {name for name, value in judgements.get(query_id, {}).items() if value > 0}
        if relevant:
            yield _measure(archive, text, relevant)


def by_length(found: Iterable[SetMeasures]) -> list[LengthMeasures]:
    """Return the means over the queries of each of `LENGTHS` that has some."""
    every = list(found)
    groups = []
    for fewest, most in LENGTHS:
        some = [one for one in every if fewest <= one.words <= most]
        if some:
            groups.append(
                LengthMeasures(
                    (fewest, most), len(some), fmean(one.precision for one in some),
                    fmean(one.precision_by_date for one in some), median(one.total_per_relevant for one in some),
                    fmean(one.among_members for one in some), fmean(one.among_shown for one in some),
                )
            )  # fmt: skip
    return groups


def _measure(archive: Archive, text: str, relevant: set[str]) -> SetMeasures:
    docs = [archive.documents(name) for name in relevant]
    wanted = {doc for group in docs for doc in group}
    ranked, dated = (_walk(archive, text, sort) for sort in ("relevance", "newest"))
    members, shown = _documents(dated), _documents(ranked)
    return SetMeasures(
        len(text.split()),
        _precision(ranked, wanted),
        _precision(dated, wanted),
        dated.total / len(relevant),
        sum(not members.isdisjoint(group) for group in docs) / len(relevant),
        sum(not (members | shown).isdisjoint(group) for group in docs) / len(relevant),
    )


def _walk(archive: Archive, text: str, sort: Sort) -> Found:
    return archive.find(Request(q=text, sort=sort, size=DEEPEST)).found


def _documents(found: Found) -> set[int]:
    return {hit.doc for hit in found.hits}


def _precision(found: Found, wanted: set[int]) -> float:
    first = [hit.doc for hit in found.hits[:FIRST]]
    return sum(doc in wanted for doc in first) / len(first) if first else 0.0
