"""Searches of one index as requests: every shard answers, or it is an error; no answer is a part of one."""

import json
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

import xxhash

from search.budget import left, spent
from search.engines.opensearch.client import TIMEOUT, Client, Json, Refused
from search.engines.opensearch.matching import Query, every
from search.errors import EngineUnavailable, IndexMissing

_PARTS: Final = (
    "timed_out", "_shards.failed", "hits.total", "hits.hits.fields", "hits.hits._score", "hits.hits.sort",
    "hits.hits.matched_queries", "aggregations", "status", "error",
)  # fmt: skip
#: What is read of an answer, and of each of several.
_READ: Final = ",".join(_PARTS)
_READ_OF_EACH: Final = ",".join([f"responses.{part}" for part in _PARTS])
#: Seconds that are waited for an answer beyond those that the cluster is given.
_MORE: Final = 2.0


class Searching:
    """Asks one index; safe to share between threads."""

    def __init__(self, client: Client, index: str) -> None:
        self._client, self._index = client, index

    def one(self, body: Json) -> Json:
        """Return the answer to a search.  Raises EngineUnavailable, QueryTimeout."""
        seconds = min(left(), TIMEOUT)
        # Equal searches go to equal copies, which know them.
        given = {"allow_partial_search_results": "false", "preference": _preference(body["query"]),
                 "search_type": "dfs_query_then_fetch" if "rescore" in body else "query_then_fetch",
                 "filter_path": _READ}  # fmt: skip
        path = f"/{self._index}/_search?{urlencode(given)}"
        try:
            answer = self._client.post(path, {**body, "timeout": _milliseconds(seconds)}, timeout=seconds + _MORE)
        except Refused as error:
            raise _translated(error.status, error.kind, str(error), self._index) from error
        return self._whole(answer)

    def several(self, bodies: Sequence[Json]) -> list[Json]:
        """Return the answers to several searches, which the cluster runs at once."""
        if len(bodies) == 1:
            return [self.one(bodies[0])]
        seconds = min(left(), TIMEOUT)
        lines = []
        for body in bodies:
            lines.append(json.dumps({"allow_partial_search_results": False, "preference": _preference(body["query"])}))
            lines.append(json.dumps({**body, "timeout": _milliseconds(seconds)}))
        path = f"/{self._index}/_msearch?{urlencode({'filter_path': _READ_OF_EACH})}"
        try:
            answer = self._client.post(path, ("\n".join(lines) + "\n").encode(), timeout=seconds + _MORE)
        except Refused as error:
            raise _translated(error.status, error.kind, str(error), self._index) from error
        return [self._whole(each) for each in answer["responses"]]

    def _whole(self, answer: Json) -> Json:
        """Return an answer of all shards in time.  Raises EngineUnavailable, QueryTimeout."""
        if "error" in answer:
            error = answer["error"]
            reason = (error.get("root_cause") or [error])[0].get("reason") or error.get("reason")
            raise _translated(int(answer.get("status", 500)), str(error.get("type")), str(reason), self._index)
        if answer["timed_out"]:
            raise spent("finding articles")
        if answer["_shards"]["failed"]:
            raise EngineUnavailable("Some shards of the cluster did not answer; look at its health.")
        return answer

    def count(self, query: Query) -> int:
        """Return the documents of a filter."""
        return int(self.one({"size": 0, "track_total_hits": True, "query": query})["hits"]["total"]["value"])

    def hits(self, body: Json) -> list[Json]:
        """Return the hits of a search."""
        found: list[Json] = self.one(body).get("hits", {}).get("hits", [])
        return found

    def best_scores(self, query: Query, count: int) -> list[float]:
        """Return the scores of the best documents of a query, best first."""
        body: Json = {"size": count, "_source": False, "stored_fields": "_none_", "track_total_hits": False,
                      "query": query}  # fmt: skip
        return [float(hit["_score"]) for hit in self.one(body).get("hits", {}).get("hits", [])]

    def about(
        self, docs: Sequence[int], units: Sequence[Query], members: Query | None, scored: Query | None
    ) -> dict[int, tuple[float, frozenset[str]]]:
        """Return of some documents their scores, the places of `units` that they have, `member` of members."""
        if not docs:
            return {}
        named = [{"bool": {"filter": [unit], "_name": str(place)}} for place, unit in enumerate(units)]
        if members is not None:
            named.append({"bool": {"filter": [members], "_name": "member"}})
        should: list[Query] = [*named, *([scored] if scored else [])]
        body: Json = {
            "size": len(docs), "_source": False, "stored_fields": "_none_", "docvalue_fields": ["n"],
            "query": {"bool": {"filter": [{"terms": {"n": list(docs)}}], "should": should}},
        }  # fmt: skip
        return {
            hit["fields"]["n"][0]: (float(hit["_score"] or 0), frozenset(hit.get("matched_queries", ())))
            for hit in self.hits(body)
        }

    def numbers(self, query: Query, size: int) -> list[int]:
        """Return the numbers of documents that match, in the order of their ids."""
        body: Json = {"size": size, "_source": False, "stored_fields": "_none_", "docvalue_fields": ["n"],
                      "query": every([query]), "sort": ["id"]}  # fmt: skip
        return [int(hit["fields"]["n"][0]) for hit in self.hits(body)]

    def cluster(self, doc: int) -> str:
        """Return the cluster of a document, nothing if it has no twins."""
        body: Json = {"size": 1, "_source": False, "stored_fields": "_none_", "docvalue_fields": ["cluster"],
                      "query": {"term": {"n": doc}}}  # fmt: skip
        return next((str(hit["fields"]["cluster"][0]) for hit in self.hits(body) if "fields" in hit), "")

    def health(self) -> str:
        """Return what is wrong with the cluster, nothing if all is well.  Raises EngineUnavailable."""
        try:
            found = self._client.health(self._index)
        except Refused as error:
            raise _translated(error.status, error.kind, str(error), self._index) from error
        if found["status"] == "red":
            raise EngineUnavailable(f"Shards of the index {self._index} are missing: the cluster is red.")
        dead = self._client.dead()
        lacking = f"The cluster is {found['status']}: copies of shards are missing."
        told = [] if found["status"] == "green" else [lacking]
        return " ".join([*told, *(f"{url} does not answer." for url in dead)])


def _translated(status: int, kind: str, reason: str, index: str) -> Exception:
    if kind == "index_not_found_exception":
        return IndexMissing(f"The cluster has no index {index}: run `dau rebuild`.")
    if status >= 500 or status == 429:
        return EngineUnavailable(f"OpenSearch can't answer now ({kind}: {reason}); look at the cluster's health.")
    return RuntimeError(f"OpenSearch refused a search: {status} {kind}: {reason}")


def _milliseconds(seconds: float) -> str:
    return f"{max(int(seconds * 1000), 1)}ms"


def _preference(query: Any) -> str:
    return xxhash.xxh3_64_hexdigest(json.dumps(query).encode())
