"""Totals, facets and clusters of what is found: requests without hits, which the cluster keeps by itself.

Every figure is exact, or there is none: no shard may be missing.  Of clusters of twins at most `MOST_CLUSTERS` are
counted one by one; the number of more is an estimate.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from search.engines.columnar.evaluate.facets import FEW_AUTHORS
from search.engines.facets import FacetCounts
from search.engines.opensearch.matching import Query, every
from search.engines.opensearch.schema import FACETS

#: Half of what a cluster gives at once (`search.max_buckets`): each is counted twice.
MOST_CLUSTERS: Final = 30_000
#: Names of one facet, and months.
_MOST_NAMES: Final = 10_000
_PRECISION: Final = 40_000

Json = dict[str, Any]


def members_body(members: Query, filters: Mapping[str, Query], facets: bool, by_day: bool = False) -> Json:
    """Return the request for the total of members that pass all filters, and the facets, each without its own.

    Days are counted only `by_day`, and with all filters.
    """
    body: Json = {"size": 0, "track_total_hits": True, "query": every([members])}
    if not facets:
        return body | {"query": every([members, *filters.values()])}
    aggregations: Json = {"whole": _among(filters.values(), {})}
    for name in ("date", *FACETS):
        others = [query for facet, query in filters.items() if facet != name]
        terms = {"field": "ym", "size": _MOST_NAMES} if name == "date" else {
            "field": FACETS[name], "size": FEW_AUTHORS + 1 if name == "author" else _MOST_NAMES
        }
        inner = {"values": {"terms": terms}}
        if name in filters or name == "date":
            aggregations[name] = _among(others, inner)
        else:
            aggregations["whole"].setdefault("aggs", {})[name] = inner["values"]
    if by_day:
        aggregations["whole"].setdefault("aggs", {})["days"] = {"terms": {"field": "day", "size": _MOST_NAMES}}
    return body | {"aggs": aggregations}


def _among(filters: Iterable[Query], inner: Json) -> Json:
    found: Json = {"filter": every(list(filters))}
    return found | {"aggs": inner} if inner else found


def total_and_facets(answer: Json, facets: bool) -> tuple[int, FacetCounts]:
    """Read the answer to `members_body`."""
    if not facets:
        return int(answer["hits"]["total"]["value"]), FacetCounts()
    found = answer["aggregations"]
    whole = found["whole"]
    named = {}
    for name in FACETS:
        buckets = (found[name]["values"] if name in found else whole[name])["buckets"]
        many = name == "author" and len(buckets) > FEW_AUTHORS
        named[name] = {} if many else {bucket["key"]: int(bucket["doc_count"]) for bucket in buckets}
    months = {
        divmod(int(bucket["key"]), 100): int(bucket["doc_count"]) for bucket in found["date"]["values"]["buckets"]
    }
    days = {int(bucket["key"]) % 100: int(bucket["doc_count"]) for bucket in whole.get("days", {}).get("buckets", ())}
    return int(whole["doc_count"]), FacetCounts.of(months, named, days)


@dataclass(frozen=True, slots=True)
class Clusters:
    """What is listed beside single documents: `listed` documents of each cluster, `mixed` clusters of which some are
    members and others lie beyond them and are not listed, documents in all and the hits that they make."""

    count: int
    groups: int
    listed: Mapping[str, int] = field(default_factory=dict)
    mixed: Sequence[str] = ()
    whole: bool = True


def clusters_body(listed: Query, members: Query | None, collapse: bool) -> Json:
    """Return the request for what is listed; `members` None says that all are."""
    body: Json = {"size": 0, "track_total_hits": True, "query": every([listed])}
    if not collapse:
        return body
    terms: Json = {"terms": {"field": "cluster", "size": MOST_CLUSTERS}}
    if members is not None:
        terms["aggs"] = {"members": {"filter": members}}
    aggregations: Json = {"clusters": terms, "clustered": {"filter": {"exists": {"field": "cluster"}}}}
    aggregations["distinct"] = {"cardinality": {"field": "cluster", "precision_threshold": _PRECISION}}
    return body | {"aggs": aggregations}


def clusters_of(answer: Json, collapse: bool, all_members: bool) -> Clusters:
    """Read the answer to `clusters_body`."""
    total = int(answer["hits"]["total"]["value"])
    if not collapse:
        return Clusters(total, total)
    found = answer["aggregations"]
    listed: dict[str, int] = {}
    mixed: list[str] = []
    dropped = 0
    for bucket in found["clusters"]["buckets"]:
        count = int(bucket["doc_count"])
        members = count if all_members else int(bucket["members"]["doc_count"])
        listed[bucket["key"]] = members or count
        if 0 < members < count:
            mixed.append(bucket["key"])
            dropped += count - members
    whole = not found["clusters"]["sum_other_doc_count"]
    distinct = len(listed) if whole else int(found["distinct"]["value"])
    count = total - dropped
    groups = count - (int(found["clustered"]["doc_count"]) - dropped) + distinct
    return Clusters(count, groups, listed, mixed, whole)

