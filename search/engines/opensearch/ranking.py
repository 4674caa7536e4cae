"""One order of what is listed, from which pages are cut; it does not depend on the page.

By relevance it has two stretches: the best `depth` documents by their first score, which are looked at twice, and all
others behind them by their first score.  Equals are ordered by id; of a cluster of twins the first is shown.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from search.engines.opensearch.client import Json
from search.engines.opensearch.connection import Connection
from search.engines.opensearch.counting import Clusters
from search.engines.opensearch.matching import Query, every, without
from search.engines.opensearch.schema import WINDOW
from search.engines.opensearch.scoring import Scorer
from search.engines.opensearch.scripts import RECENCY, days, script
from search.engines.opensearch.searching import Searching
from search.engines.opensearch.second_look import FIELDS, places_field, rescored
from search.engines.port import Plan, Rescore

#: Documents of each shard that are scored exactly where more are listed than `exact_up_to`.
SHARD_BEST: Final = 1_000
#: Rows of one request beyond those wanted: some are twins of others.
_SPARE: Final = 20
#: Sort keys of the orders by date: field and direction.
_DATES: Final = {"newest": [("newest", "desc")], "oldest": [("oldest", "asc")],
                 "added": [("added", "desc"), ("newest", "desc")]}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One document in the order."""

    doc: int
    score: float
    cluster: str = ""
    parts: Mapping[str, float] = field(default_factory=dict)
    key: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """What is listed: its filter, what is known of its clusters, whether twins are shown once, and the filter of those
    that are lifted above others."""

    query: Query
    clusters: Clusters
    collapse: bool
    lifted: Query | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The order of one plan."""

    searching: Searching
    scorer: Scorer
    plan: Plan
    listing: Listing
    connection: Connection

    def page(self) -> tuple[list[Row], bool]:
        """Return the rows on the page of the plan, and whether none comes behind them."""
        plan = self.plan
        rescore = plan.rescore if plan.sort == "relevance" else None
        if rescore is not None and not (rescore.pairs or rescore.words):
            rescore = None
        looked = self._looked_at_twice(rescore) if rescore else []
        head = list(self._once(looked))
        start, behind = plan.offset, None
        if plan.after is not None:
            places = [place for place, row in enumerate(head) if row.doc == plan.after]
            start = places[0] + 1 if places else len(head)
            behind = None if places else plan.after
        end = start + plan.limit
        shown = head[start:end]
        if rescore and len(looked) >= self.listing.clusters.count:
            return shown, end >= len(head)
        if behind is None and end <= len(head):
            return shown, end >= self.listing.clusters.groups
        skipped = max(start - len(head), 0) if plan.after is None else 0
        wanted = end - max(start, len(head))
        rest = self._rest(looked, behind, skipped + wanted + 1)
        rows = [row for _, row in zip(range(skipped + wanted + 1), rest, strict=False)]
        if rescore:
            names = {"words", *(name for row in looked[:1] for name in row.parts)}
            rows = [Row(row.doc, row.score, row.cluster, {**dict.fromkeys(names, 0.0), "words": row.score})
                    for row in rows]  # fmt: skip
        return shown + rows[skipped : skipped + wanted], len(rows) <= skipped + wanted

    def _once(self, rows: Sequence[Row]) -> Iterator[Row]:
        """Yield the first row of each cluster, and all that are in none."""
        seen: set[str] = set()
        for row in rows:
            if not self.listing.collapse or row.cluster not in seen:
                yield row
            if row.cluster:
                seen.add(row.cluster)

    # The best, looked at twice ----------------------------------------------------------------------

    def _looked_at_twice(self, rescore: Rescore) -> list[Row]:
        """Return the best documents in the order of the second look."""
        body = _body(min(rescore.depth, WINDOW), ("n", "id", "cluster", *FIELDS))
        body |= {"script_fields": {"places": places_field(rescore)}, **self._best()}
        hits = sorted(self.searching.hits(body), key=lambda hit: (-hit["_score"], hit["fields"]["id"][0]))
        if not hits:
            return []
        first = np.array([hit["_score"] for hit in hits], np.float32)
        scorer = self.scorer
        parts = {"words": first, **rescored(hits, first, rescore, scorer.scoring, scorer.statistics,
                                            lambda _: -math.inf)}  # fmt: skip
        sums = np.add.reduce(list(parts.values()))
        rows = []
        for place in sorted(range(len(hits)), key=lambda place: (-sums[place], hits[place]["fields"]["id"][0])):
            own = {name: float(values[place]) for name, values in parts.items()}
            rows.append(Row(_doc(hits[place]), float(sums[place]), _cluster(hits[place]), own))
        return rows

    def _best(self) -> Json:
        """Return query and order of the best documents: all are scored exactly, or the best of each shard."""
        if self.listing.clusters.count <= self.connection.settings.exact_up_to:
            return {"query": self._scored(self.listing.query), "sort": [{"_score": "desc"}, {"id": "asc"}],
                    "track_scores": True}  # fmt: skip
        roughly = {"bool": {"filter": [self.listing.query], "should": [self.scorer.query(self.plan.root, True)]}}
        again = {"rescore_query": self._scored(None), "query_weight": 0, "rescore_query_weight": 1}
        return {"query": self._weighted(roughly), "rescore": {"window_size": SHARD_BEST, "query": again}}

    def _scored(self, listed: Query | None) -> Query:
        """Return the exact first scores, of what is listed or of whatever it is asked of."""
        bound = [listed] if listed is not None else [{"match_all": {}}]
        return self._weighted({"bool": {"filter": bound, "should": [self.scorer.query(self.plan.root)]}})

    def _weighted(self, query: Query) -> Query:
        """Weigh scores by the age of documents, and by what the query names."""
        if recency := self.plan.recency:
            newest = days(self.connection.newest_day)
            source = script(RECENCY, weight=recency.weight, half=recency.half_life, newest=newest)
            query = {"script_score": {"query": query, "script": source}}
        members = self.listing.lifted
        lifts: list[Query] = [{"filter": members, "weight": self.plan.lifted}] if members is not None else []
        lifts += [{"filter": self.scorer.matcher.filter(lift.to), "weight": lift.factor} for lift in self.plan.lifts]
        if lifts:
            query = {"function_score": {"query": query, "functions": lifts, "score_mode": "multiply",
                                        "boost_mode": "multiply"}}  # fmt: skip
        return query

    # All others -------------------------------------------------------------------------------------

    def _rest(self, looked: Sequence[Row], behind: int | None, wanted: int) -> Iterator[Row]:
        """Yield what is not looked at twice, once for each cluster, from the document after `behind` on."""
        query = self.listing.query
        if looked:
            query = without(query, {"terms": {"n": [row.doc for row in looked]}})
            seen = sorted({row.cluster for row in looked if row.cluster}) if self.listing.collapse else []
            query = without(query, {"terms": {"cluster": seen}}) if seen else query
        if self.plan.sort == "relevance":
            ordered: Json = {"query": self._scored(query), "sort": [{"_score": "desc"}, {"id": "asc"}]}
        else:
            keys = [{name: direction} for name, direction in _DATES[self.plan.sort]]
            ordered = {"query": every([query]), "sort": [*keys, {"id": "asc"}]}
        after = self._key(ordered, behind) if behind is not None else None
        shown: set[str] = set()
        while True:
            size = min(wanted + _SPARE, WINDOW)
            body = _body(size, ("n", "cluster")) | ordered | ({"search_after": after} if after else {})
            rows = [_row(hit) for hit in self.searching.hits(body)]
            firsts = self._firsts(ordered, rows) if behind is not None else {}
            for row in rows:
                if self.listing.collapse and row.cluster:
                    if row.cluster in shown or firsts.get(row.cluster, row.doc) != row.doc:
                        continue
                    shown.add(row.cluster)
                yield row
            if len(rows) < size:
                return
            after = rows[-1].key

    def _key(self, ordered: Json, doc: int) -> Sequence[Any] | None:
        """Return the sort keys of a document."""
        query = {"bool": {"must": [ordered["query"]], "filter": [{"term": {"n": doc}}]}}
        hits = self.searching.hits(_body(1, ("n",)) | ordered | {"query": query})
        return hits[0]["sort"] if hits else None

    def _firsts(self, ordered: Json, rows: Sequence[Row]) -> dict[str, int]:
        """Return the first document of each cluster among some rows, wherever in the order it is."""
        clusters = sorted({row.cluster for row in rows if row.cluster}) if self.listing.collapse else []
        if not clusters:
            return {}
        query = {"bool": {"must": [ordered["query"]], "filter": [{"terms": {"cluster": clusters}}]}}
        firsts: dict[str, int] = {}
        for hit in self.searching.hits(_body(WINDOW, ("n", "cluster")) | ordered | {"query": query}):
            firsts.setdefault(_cluster(hit), _doc(hit))
        return firsts


def _body(size: int, fields: Sequence[str]) -> Json:
    return {"size": size, "_source": False, "stored_fields": "_none_", "track_total_hits": False,
            "docvalue_fields": list(fields)}  # fmt: skip


def _doc(hit: Json) -> int:
    return int(hit["fields"]["n"][0])


def _cluster(hit: Json) -> str:
    return str(hit["fields"].get("cluster", [""])[0])


def _row(hit: Json) -> Row:
    key = hit["sort"]
    return Row(_doc(hit), float(key[0]), _cluster(hit), {}, key)
