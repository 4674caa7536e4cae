"""Figures of both engines over the same articles: speed, size, memory, and whether the answers are the same."""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from search.archive.archive import Archive
from search.archive.building import ENGINE, ArchiveBuilder
from search.article import Article
from search.engines.facets import Filters
from search.engines.opensearch.client import Client
from search.engines.opensearch.connection import read_connection
from search.results.answer import Request
from tests.bench.corpus import articles, questions
from tests.bench.load import cpu_seconds
from tests.bench.ours import filters_of
from tests.cluster.comparing import Comparison
from tests.cluster.failures import with_settings
from tests.cluster.nodes import Cluster
from tests.folders import SHARED

#: Every so many articles one more is its near-duplicate.
_TWINS = 40
_SECTIONS = ("Xã hội", "Kinh tế", "", "Thể thao")
_SHARES = ("queries", "overlap10", "same_order", "scores_equal", "totals_equal", "facets_equal")


def corpus(count: int) -> list[Article]:
    """Return articles of the benchmark in the order of their ids, with sections, times and some near-duplicates."""
    found: list[Article] = []
    for number, sample in enumerate(articles(SHARED, count - count // (_TWINS + 1))):
        seen = f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}T00:00:00+00:00"
        article = replace(sample.article, section=_SECTIONS[number % 4], source=f"Báo {number % 7}",
                          first_seen=seen, cluster=sample.article.id if number % _TWINS == 0 else "")  # fmt: skip
        found.append(article)
        if article.cluster:
            found.append(replace(article, id=f"{article.id}-lai", title=f"{article.title} (theo báo khác)"))
    return sorted(found[:count], key=lambda article: article.id)


def asked() -> list[Request]:
    """Return the queries of the benchmark with their filters."""
    return [Request(each.text, filters_of(each)) for each in questions(SHARED)]


def build(folder: Path, found: Sequence[Article], engine: dict[str, Any], cluster: Cluster) -> dict[str, Any]:
    """Build `embedded` and `cluster`; return their speed and size, and the CPU time here and of all nodes."""
    figures: dict[str, Any] = {"articles": len(found)}
    for name, options in (("embedded", {}), ("cluster", engine)):
        begun, own, nodes = time.perf_counter(), time.process_time(), cpu_seconds(cluster.pids)
        with ArchiveBuilder(folder / name, **options) as builder:
            builder.add(found)
        figures[f"{name}_articles_per_s"] = round(len(found) / (time.perf_counter() - begun), 1)
        figures[f"{name}_build_cpu_ms"] = round(1000 * (time.process_time() - own) / len(found), 2)
        figures["nodes_build_cpu_ms"] = round(1000 * (cpu_seconds(cluster.pids) - nodes) / len(found), 2)
    connection = read_connection(folder / "cluster" / ENGINE)
    client = Client(connection.settings)
    stats = client.get(f"/{connection.index}/_stats/store")["indices"][connection.index]
    client.close()
    figures["bytes_per_article"] = round(stats["primaries"]["store"]["size_in_bytes"] / len(found))
    engines = ((folder / name / ENGINE).rglob("*") for name in ("embedded", "cluster"))
    sizes = [sum(path.stat().st_size for path in each) for each in engines]
    figures["embedded_bytes_per_article"] = round(sizes[0] / len(found))
    figures["tables_bytes_per_article"] = round(sizes[1] / len(found), 1)
    return figures


def compare(folder: Path, cluster: Cluster, warm: int = 2) -> dict[str, Any]:
    """Ask both the queries of the benchmark; the first turns only warm what answers."""
    embedded, other = Archive.open(folder / "embedded"), Archive.open(folder / "cluster")
    requests = asked()
    for _ in range(warm):
        Comparison().ask(embedded, other, requests)
    nodes = cluster.pids
    seen, used, own = Comparison(), cpu_seconds(nodes), time.process_time()
    seen.ask(embedded, other, requests)
    figures = seen.told()
    figures["cluster_cpu_ms"] = round(1000 * (cpu_seconds(nodes) - used) / len(requests), 1)
    figures["own_cpu_ms_of_both"] = round(1000 * (time.process_time() - own) / len(requests), 1)
    figures["memory_mb_a_node"] = [memory(pid) for pid in nodes]
    figures["load_average"] = round(os.getloadavg()[0], 1)
    figures["differing"] = [request.q for request, *_ in seen.differing][:10]
    embedded.close()
    other.close()
    return figures


def memory(pid: int) -> int:
    """Return the resident memory of a process in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) // 1000


def compare_widely(folder: Path) -> dict[str, Any]:
    """Ask both with sorts, filters, pages and options; walk by cursors, list twins, feeds and exports."""
    embedded, other = Archive.open(folder / "embedded"), Archive.open(folder / "cluster")
    both = (embedded, other)
    texts = [each.text for each in questions(SHARED)]
    requests = [Request(q, sort=sort) for q in texts[::6] for sort in ("newest", "oldest", "added")]
    filters = (Filters(("Hà Nội",)), Filters(year=2019), Filters(year=2019, month=3), Filters(sections=("Xã hội", "")),
               Filters(sources=("Báo 3",)), Filters(date_from=20180101, date_to=20181231))  # fmt: skip
    requests += [Request(q, each) for q in texts[::20] for each in filters]
    requests += [Request(q, page=page, size=20) for q in texts[::12] for page in (2, 3, 40)]
    requests += [each for q in texts[::15] for each in (
        Request(q, strict=True), Request(q, recency=True), Request(q, each=True), Request(q, loose=True))]  # fmt: skip
    seen = Comparison()
    seen.ask(embedded, other, requests)
    walks = [_walk(both, Request(q, sort=sort, size=20)) for q in texts[::30]
             for sort in ("relevance", "newest")]  # fmt: skip
    doubled = [hit.article.id for q in texts[::10] for hit in embedded.search(Request(q)).hits if hit.twins]
    twins = [_same(both, lambda archive, key=key: [twin.id for twin in archive.article(key).twins])  # type: ignore[misc]
             for key in doubled]  # fmt: skip
    feeds = [_same(both, lambda archive, q=q: [(hit.article.id, hit.snippets) for hit in  # type: ignore[misc]
                                               archive.search(Request(q, sort="added", size=20)).hits])
             for q in texts[::10]]  # fmt: skip
    exports = [_same(both, lambda archive, q=q: _exported(archive, Request(q))) for q in texts[::25]]  # type: ignore[misc]
    told = seen.told()
    figures = {name: told[name] for name in (*_SHARES, "groups_equal")}
    figures["differing"] = [str(request) for request, *_ in seen.differing][:10]
    for name, found in (("walks", walks), ("twins", twins), ("feeds", feeds), ("exports", exports)):
        figures |= {name: len(found), f"{name}_equal": round(sum(found) / max(len(found), 1), 4)}
    for archive in both:
        archive.close()
    return figures


def _same(both: Sequence[Archive], work: Callable[[Archive], object]) -> bool:
    first, second = map(work, both)
    return first == second


def _walk(both: Sequence[Archive], request: Request) -> bool:
    """Return whether ten pages, each from the cursor of the one before, are the same and name no article twice."""
    lists: list[list[str]] = []
    for archive in both:
        found, after = [], ""
        for _ in range(10):
            answer = archive.search(replace(request, after=after))
            found += [hit.article.id for hit in answer.hits]
            after = answer.next
            if not after:
                break
        lists.append(found)
    return lists[0] == lists[1] and len(set(lists[0])) == len(lists[0])


def _exported(archive: Archive, request: Request) -> tuple[int, list[str]]:
    total, chunks = archive.members(request, 1000, 250)
    return total, [article.id for chunk in chunks for article in chunk]


def compare_beyond(folder: Path, exact_up_to: int) -> dict[str, Any]:
    """Ask where more match than are scored exactly: hits are the best of each shard's best."""
    copy = with_settings(folder / "cluster", folder / "beyond", exact_up_to=exact_up_to)
    embedded, exact, other = (Archive.open(each) for each in (folder / "embedded", folder / "cluster", copy))
    requests = [each for each in asked() if exact.find(each).found.total > exact_up_to]
    Comparison().ask(embedded, other, requests)
    seen = Comparison()
    seen.ask(embedded, other, requests)
    told = seen.told()
    slow = Comparison()
    slow.ask(embedded, exact, requests)
    for archive in (embedded, exact, other):
        archive.close()
    names = (*_SHARES, "cluster_p50_ms", "cluster_p95_ms")
    exactly = slow.told()
    return {"exact_up_to": exact_up_to, **{name: told[name] for name in names},
            "exact_p50_ms": exactly["cluster_p50_ms"], "exact_p95_ms": exactly["cluster_p95_ms"]}  # fmt: skip


