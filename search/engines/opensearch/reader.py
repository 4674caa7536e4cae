"""The reader: runs a plan by requests to the cluster.

1. What matches becomes a filter (`matching`); what depends on how many documents match is counted.
2. One look tells totals, facets and clusters of twins (`counting`).
3. By relevance, the best documents are scored exactly and looked at twice (`ranking`, `second_look`); what lies behind
   them, and every other order, is listed page by page (`ranking`).
4. Of the hits on the page it is asked what they lack.

The index never changes, so requests that follow each other agree.  It differs from the embedded engine in this:

- where more than `exact_up_to` documents are listed, hits come from each shard's best by Lucene's own score;
- clusters of twins are counted one by one up to `MOST_CLUSTERS`; beyond, `groups` is an estimate;
- a prefix stands for all its terms, however many; of one with marks the most frequent are scored.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, Final

from search.article import Article
from search.article_json import decode_article
from search.engines.opensearch.client import Client, Json
from search.engines.opensearch.connection import read_connection
from search.engines.opensearch.counting import clusters_body, clusters_of, members_body, total_and_facets
from search.engines.opensearch.documents import plain
from search.engines.opensearch.matching import Matcher, Query, every, facet_filters, key_of, some, without
from search.engines.opensearch.ranking import Listing, Ranking, Row
from search.engines.opensearch.scoring import Scorer, Statistics
from search.engines.opensearch.searching import Searching
from search.engines.opensearch.terms import FORMS, TermTable
from search.engines.port import Found, FoundHit, Plan, Reader
from search.errors import IndexDamaged
from search.query.tree import Form

#: Counts of filters that are kept.
_KEPT: Final = 5_000
#: Stored articles that one request asks for.
_AT_ONCE: Final = 200


class ClusterReader(Reader):
    """Answers from one index of a cluster; safe between threads, as everything that it shares is locked."""

    def __init__(self, directory: Path) -> None:
        self._connection = read_connection(directory)
        self._client = Client(self._connection.settings)
        self._searching = Searching(self._client, self._connection.index)
        self._tables = {form: TermTable(directory, form) for form in FORMS}
        self._statistics = Statistics(
            self._connection.count, self._connection.means(), self.df,
            lambda form, stem, count: self._tables[form if form == "key" else "fold"].most_frequent(stem, count),
        )  # fmt: skip
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._lock = Lock()
        if self._searching.count({"match_all": {}}) != self._connection.count:
            raise IndexDamaged(f"The index {self._connection.index} has not the articles of {directory}: rebuild it.")

    @property
    def count(self) -> int:
        """Number of articles."""
        return self._connection.count

    def search(self, plan: Plan) -> Found:
        """Evaluate a plan.  Raises EngineUnavailable where not every shard answers, QueryTimeout."""
        scorer = self._scorer(plan)
        matcher = scorer.matcher
        filters = facet_filters(plan.filters)
        members = matcher.filter(plan.root if plan.members is None else plan.members)
        wide = plan.beyond if plan.sort == "relevance" and plan.limit > 0 else None
        left_out, unit_counts = tuple(matcher.left_out), tuple(matcher.unit_counts)
        inside = every([members, *filters.values()])
        listed = inside if wide is None else every([some([members, matcher.filter(wide)]), *filters.values()])
        collapse = plan.collapse and self._connection.twins
        by_day = bool(plan.filters.year and plan.filters.month)
        bodies = [members_body(members, filters, plan.facets, by_day)]
        if plan.limit > 0:
            bodies.append(clusters_body(listed, None if wide is None else members, collapse))
        counted = plan.others is not None and not left_out
        if plan.others is not None and counted:
            bodies.append(members_body(matcher.filter(plan.others), filters, facets=False))
        answers = self._searching.several(bodies)
        total, facets = total_and_facets(answers[0], plan.facets)
        others = total_and_facets(answers.pop(), facets=False)[0] - total if counted else 0
        if plan.limit <= 0:
            return Found(total, (), facets, (), 0, 0, left_out, unit_counts, True, others)
        clusters = clusters_of(answers[1], collapse, wide is None)
        if clusters.mixed:
            beyond = every([{"terms": {"cluster": list(clusters.mixed)}}, without({"match_all": {}}, members)])
            listed = without(listed, beyond)
        mixed = clusters.count > total
        lifted = members if mixed and plan.lifted != 1 and not left_out else None
        listing = Listing(listed, clusters, collapse, lifted)
        rows, last = Ranking(self._searching, scorer, plan, listing, self._connection).page()
        hits = self._hits(rows, plan, scorer, listing, members if mixed else None, bool(left_out) or mixed)
        return Found(
            total, hits, facets, (), clusters.groups, clusters.count - total, left_out, unit_counts, last, others
        )

    def _scorer(self, plan: Plan) -> Scorer:
        """Return what makes the queries of a plan."""

        def mass(node: Any) -> float:
            return scorer.mass(node)

        scorer = Scorer(self._statistics, Matcher(self._count, self._searching.best_scores, mass), plan.scoring)
        return scorer

    def _count(self, queries: Sequence[Query]) -> list[int]:
        """Return the documents of some filters; what was counted before is known."""
        keys = [key_of(query) for query in queries]
        with self._lock:
            known = {key: self._counts[key] for key in keys if key in self._counts}
        asked = {key: query for key, query in zip(keys, queries, strict=True) if key not in known}
        if asked:
            bodies: list[Json] = [{"size": 0, "track_total_hits": True, "query": each} for each in asked.values()]
            answers = self._searching.several(bodies)
            found = dict(zip(asked, (int(each["hits"]["total"]["value"]) for each in answers), strict=True))
            known |= found
            with self._lock:
                self._counts |= found
                while len(self._counts) > _KEPT:
                    self._counts.popitem(last=False)
        return [known[key] for key in keys]

    def _hits(
        self, rows: Sequence[Row], plan: Plan, scorer: Scorer, listing: Listing, members: Query | None, lacking: bool
    ) -> list[FoundHit]:
        """Return the hits of a page, with what they lack and how many others stand behind each."""
        units = [scorer.matcher.filter(unit) for unit in plan.units] if lacking else []
        scored = scorer.query(plan.root) if plan.sort != "relevance" else None
        told = self._searching.about([row.doc for row in rows], units, members, scored) if (
            units or members or scored
        ) else {}
        twins = self._twins(rows, listing)
        hits = []
        for row in rows:
            score, names = told.get(row.doc, (0.0, frozenset()))
            missing = tuple([place for place in range(len(units)) if str(place) not in names])
            member = members is None or "member" in names
            hits.append(FoundHit(row.doc, row.score if scored is None else score, row.parts,
                                 twins.get(row.cluster, 1) - 1, missing, member))  # fmt: skip
        return hits

    def _twins(self, rows: Sequence[Row], listing: Listing) -> dict[str, int]:
        """Return how many documents are listed of the clusters on a page."""
        wanted = [row.cluster for row in rows if row.cluster] if listing.collapse else []
        if not wanted or listing.clusters.whole:
            return dict(listing.clusters.listed)
        body: Json = {"size": 0, "query": every([listing.query, {"terms": {"cluster": wanted}}]),
                      "aggs": {"clusters": {"terms": {"field": "cluster", "size": len(wanted)}}}}  # fmt: skip
        (answer,) = self._searching.several([body])
        return {each["key"]: each["doc_count"] for each in answer["aggregations"]["clusters"]["buckets"]}

    def articles(self, docs: Sequence[int]) -> list[Article]:
        """Return whole articles."""
        return [_article(each) for each in self._stored(docs, "card,removed")]

    def cards(self, docs: Sequence[int]) -> list[Article]:
        """Return articles without `removed`."""
        return [_article(each) for each in self._stored(docs, "card")]

    def titles(self, docs: Sequence[int]) -> list[str]:
        """Return titles alone; the cluster reads whole articles for them."""
        return [article.title for article in self.cards(docs)]

    def _stored(self, docs: Sequence[int], fields: str) -> Iterator[Json]:
        docs = list(docs)
        for first in range(0, len(docs), _AT_ONCE):
            names = [str(doc) for doc in docs[first : first + _AT_ONCE]]
            path = f"/{self._connection.index}/_mget?_source_includes={fields}&realtime=false"
            answer = self._client.post(path, {"ids": names})
            for each in answer["docs"]:
                if not each.get("found"):
                    raise IndexDamaged(f"The index {self._connection.index} has no document {each['_id']}: rebuild it.")
                yield each["_source"]

    def find(self, article_id: str) -> int | None:
        """Return the document number of an article id."""
        return next(iter(self._searching.numbers({"term": {"id": plain(article_id)}}, 1)), None)

    def twins(self, doc: int) -> list[int]:
        """Return the other documents of the cluster of `doc`, in the order of their ids."""
        cluster = self._searching.cluster(doc)
        if not cluster:
            return []
        return [each for each in self._searching.numbers({"term": {"cluster": cluster}}, 10_000) if each != doc]

    def df(self, form: Form, term: str) -> int:
        """Return the number of documents with a term in title or body."""
        return self._tables["key" if form == "key" else "fold"].df(term)

    def terms(self, form: Form) -> Iterator[tuple[str, int, int]]:
        """Yield (term, documents, occurrences) of title and body, sorted by code point."""
        yield from self._tables["key" if form == "key" else "fold"]

    def health(self) -> str:
        """Return what is wrong with the cluster, nothing if all is well.  Raises EngineUnavailable."""
        return self._searching.health()

    def close(self) -> None:
        """Close connections; idempotent."""
        self._client.close()


def _article(stored: Json) -> Article:
    card, removed = stored["card"].encode(), stored.get("removed", "").encode()
    return decode_article(card, removed)

