"""`make test-cluster`: figures of a cluster of three nodes, to build/cluster.json.

1. The articles and queries of the benchmark through the whole product on both engines: the same answers?
2. Nodes are killed under load and while articles are indexed: failed answers, wrong totals, lost writes, seconds.
"""

import argparse
import json
import random
import shutil
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from search.archive.archive import Archive
from search.archive.building import ENGINE, ArchiveBuilder
from search.article import Article
from search.engines.opensearch.client import Client
from search.engines.opensearch.connection import read_connection
from search.engines.opensearch.settings import ClusterSettings
from search.errors import EngineUnavailable
from search.results.answer import Request
from tests.bench.corpus import articles, questions
from tests.bench.ours import filters_of
from tests.cluster.comparing import Comparison
from tests.cluster.conftest import CACHE
from tests.cluster.nodes import Cluster
from tests.folders import ROOT, SHARED

_SEED = 18


@dataclass
class Load:
    """Asks one archive in a thread, and compares every total with the one it had before."""

    archive: Archive
    requests: Sequence[Request]
    answers: int = 0
    failed: int = 0
    wrong: int = 0
    slowest: float = 0.0
    reasons: list[str] = field(default_factory=list)

    def __enter__(self) -> "Load":
        self._totals = [self.archive.find(request).found.total for request in self.requests]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        turn = 0
        while not self._stop.wait(0.05):
            turn = (turn + 1) % len(self.requests)
            begun = time.monotonic()
            try:
                total = self.archive.find(self.requests[turn]).found.total
            except EngineUnavailable as error:
                self.failed += 1
                self.reasons.append(str(error))
            else:
                self.wrong += total != self._totals[turn]
            self.answers += 1
            self.slowest = max(self.slowest, time.monotonic() - begun)

    def told(self) -> dict[str, Any]:
        """Return what was counted."""
        return {"answers": self.answers, "failed_answers": self.failed, "wrong_totals": self.wrong,
                "slowest_s": round(self.slowest, 2)}  # fmt: skip


def compare(folder: Path, found: Sequence[Article], cluster: Cluster) -> dict[str, Any]:
    """Build the articles on both engines and ask both the queries of the benchmark."""
    figures: dict[str, Any] = {"articles": len(found)}
    engine = {"engine": "opensearch", "urls": cluster.urls, "prefix": "bench"}
    for name, options in (("embedded", {}), ("cluster", engine)):
        begun = time.perf_counter()
        with ArchiveBuilder(folder / name, **options) as builder:
            builder.add(found)
        figures[f"{name}_articles_per_s"] = round(len(found) / (time.perf_counter() - begun), 1)
    connection = read_connection(folder / "cluster" / ENGINE)
    client = Client(connection.settings)
    stats = client.get(f"/{connection.index}/_stats/store")["indices"][connection.index]
    figures["bytes_per_article"] = round(stats["primaries"]["store"]["size_in_bytes"] / len(found))
    asked = [Request(each.text, filters_of(each)) for each in questions(SHARED)]
    asked += [Request(each.text, filters_of(each), sort="newest") for each in questions(SHARED)[:100]]
    embedded, other = Archive.open(folder / "embedded"), Archive.open(folder / "cluster")
    Comparison().ask(embedded, other, asked)  # so that both are warm
    seen = Comparison()
    seen.ask(embedded, other, asked)
    figures |= seen.told()
    figures["differing"] = [request.q for request, *_ in seen.differing]
    figures["memory_mb_a_node"] = [_memory(process.pid) for process in cluster.processes.values()]
    embedded.close()
    other.close()
    return figures


def _memory(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) // 1000


def kill(folder: Path, found: Sequence[Article], cluster: Cluster, manager: bool) -> dict[str, Any]:
    """Kill a node under load and while an index is written, and wait until every copy is there again."""
    archive = Archive.open(folder / "cluster")
    named = Client(ClusterSettings(tuple(cluster.urls))).get("/_cluster/state/master_node,nodes")
    chief = int(named["nodes"][named["master_node"]]["name"].removeprefix("node"))
    chosen = chief if manager else next(node for node in cluster.processes if node != chief)
    words = [each.text for each in questions(SHARED)]
    requests = [Request(word) for word in random.Random(_SEED).sample(words, 20)]
    built: dict[str, Any] = {}
    with Load(archive, requests) as load:
        writer = threading.Thread(target=_write, args=(folder, found, cluster, built))
        writer.start()
        time.sleep(4)
        cluster.kill(chosen)
        seconds = cluster.wait(cluster.count - 1)
        writer.join()
        cluster.start(chosen)
        back = cluster.wait(cluster.count)
    archive.close()
    return {**load.told(), "killed": "manager" if manager else "data node", "seconds_to_green": round(seconds, 1),
            "seconds_to_green_revived": round(back, 1), **built, "reasons": load.reasons[:3]}  # fmt: skip


def _write(folder: Path, found: Sequence[Article], cluster: Cluster, told: dict[str, Any]) -> None:
    """Build an index of the articles with the engine alone; what is lost of it shows in its counts and sums."""
    name = f"written-{time.monotonic_ns()}"
    try:
        with ArchiveBuilder(folder / name, engine="opensearch", urls=cluster.urls, prefix="written") as builder:
            builder.add(found)
        told["writes_lost"] = len(found) - Archive.open(folder / name).count
        told["write"] = "finished"
    except EngineUnavailable as error:  # a build that fails says so, and leaves nothing
        told |= {"writes_lost": 0, "write": f"stopped: {error}"}


def two_dead(folder: Path, cluster: Cluster) -> dict[str, Any]:
    """Kill two of three nodes: no answer is a part of one; all is well when they are back."""
    archive = Archive.open(folder / "cluster")
    total = archive.find(Request("tỉnh")).found.total
    nodes = sorted(cluster.processes)[:2]
    for node in nodes:
        cluster.kill(node)
    told = {"answered": 0, "refused": 0, "wrong_totals": 0}
    for _ in range(5):
        try:
            told["wrong_totals"] += archive.find(Request("tỉnh")).found.total != total
            told["answered"] += 1
        except EngineUnavailable:
            told["refused"] += 1
    for node in nodes:
        cluster.start(node)
    figures = {**told, "seconds_to_green": round(cluster.wait(), 1)}
    figures["recovered"] = archive.find(Request("tỉnh")).found.total == total
    archive.close()
    return figures


def main() -> None:
    """Measure, write, and fail where an answer was lost or wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--written", type=int, default=3_000, help="Articles that are indexed while nodes are killed.")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="dau-cluster-"))
    folder.chmod(0o755)
    try:
        found = sorted((each.article for each in articles(SHARED, given.articles)), key=lambda article: article.id)
        begun = time.monotonic()
        with Cluster(folder, CACHE) as cluster:
            figures: dict[str, Any] = {"seconds_to_start": round(time.monotonic() - begun, 1)}
            figures |= compare(folder, found, cluster)
            kills = [kill(folder, found[: given.written], cluster, manager) for manager in (False, True)]
            figures |= {name: sum(each[name] for each in kills)
                        for name in ("failed_answers", "wrong_totals", "writes_lost")}  # fmt: skip
            figures["seconds_to_green"] = max(each["seconds_to_green"] for each in kills)
            figures |= {"p50_ms": figures["cluster_p50_ms"], "p95_ms": figures["cluster_p95_ms"],
                        "articles_per_s": figures["cluster_articles_per_s"]}  # fmt: skip
            figures |= {"kills": kills, "two_of_three_dead": two_dead(folder, cluster)}
        target = ROOT / "build" / "cluster.json"
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(json.dumps(figures, ensure_ascii=False, indent=1))
        lost = [name for name in ("failed_answers", "wrong_totals", "writes_lost") if figures[name]]
        if lost or figures["totals_equal"] < 1 or figures["facets_equal"] < 1:
            raise SystemExit(f"Not as it should be: {lost or 'totals or facets differ'}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
