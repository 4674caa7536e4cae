"""Two archives of the same articles asked the same: what differs between the engines."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from search.archive.archive import Archive
from search.archive.finding import Result
from search.engines.port import FoundHit
from search.results.answer import Request


def ids(archive: Archive, result: Result) -> list[str]:
    """Return the ids of the hits of a result."""
    return [article.id for article in archive._reader.cards([hit.doc for hit in result.found.hits])]


@dataclass
class Comparison:
    """Counts over requests: shares of equal first tens, of equal totals, facets, groups; milliseconds of both."""

    asked: int = 0
    overlap: float = 0.0
    same_order: int = 0
    totals: int = 0
    facets: int = 0
    scores: int = 0
    groups: int = 0
    missing: int = 0
    milliseconds: dict[str, list[float]] = field(default_factory=lambda: {"embedded": [], "cluster": []})
    differing: list[tuple[Request, object, object]] = field(default_factory=list)

    def ask(self, embedded: Archive, cluster: Archive, requests: Sequence[Request]) -> None:
        """Ask both archives."""
        for request in requests:
            first = self._timed("embedded", lambda request=request: embedded.find(request))  # type: ignore[misc]
            second = self._timed("cluster", lambda request=request: cluster.find(request))  # type: ignore[misc]
            left, right = ids(embedded, first), ids(cluster, second)
            one, two = first.found, second.found
            self.asked += 1
            wanted = len(set(left) | set(right))
            self.overlap += len(set(left) & set(right)) / max(len(left), 1) if wanted else 1.0
            self.same_order += left == right
            self.scores += _agree(dict(zip(left, one.hits, strict=True)), dict(zip(right, two.hits, strict=True)))
            self.totals += one.total == two.total
            self.facets += one.facets == two.facets
            self.groups += (one.groups, one.more, one.last) == (two.groups, two.more, two.last)
            shown = [[(hit.missing, hit.member, hit.twins) for hit in found.hits] for found in (one, two)]
            self.missing += shown[0] == shown[1] or left != right
            if left != right or one.total != two.total or one.facets != two.facets or shown[0] != shown[1]:
                self.differing.append((request, (one.total, one.groups, one.more, left, shown[0]),
                                       (two.total, two.groups, two.more, right, shown[1])))  # fmt: skip

    def _timed(self, name: str, work: Callable[[], Result]) -> Result:
        begun = time.perf_counter()
        result = work()
        self.milliseconds[name].append((time.perf_counter() - begun) * 1000)
        return result

    def told(self) -> dict[str, Any]:
        """Return the figures."""
        asked = max(self.asked, 1)
        figures: dict[str, Any] = {
            "queries": self.asked, "overlap10": round(self.overlap / asked, 4),
            "same_order": round(self.same_order / asked, 4), "totals_equal": round(self.totals / asked, 4),
            "facets_equal": round(self.facets / asked, 4),
            "scores_equal": round(self.scores / asked, 4), "groups_equal": round(self.groups / asked, 4),
        }  # fmt: skip
        for name, values in self.milliseconds.items():
            times = sorted(values) or [0.0]
            for share in (50, 95):
                figures[f"{name}_p{share}_ms"] = round(times[min(len(times) * share // 100, len(times) - 1)], 1)
        return figures


def _agree(first: dict[str, FoundHit], second: dict[str, FoundHit]) -> bool:
    """Say whether the articles that are on both pages have equal scores."""
    return all(abs(first[name].score - second[name].score) <= 1e-3 * max(first[name].score, 1)
               for name in first.keys() & second.keys())  # fmt: skip
