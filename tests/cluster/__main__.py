"""`make test-cluster`: figures of a cluster of three nodes, to build/cluster.json.

1. The articles and queries of the benchmark through the whole product on both engines: the same answers?
2. Nodes are killed under load and while articles are indexed: failed answers, wrong totals, lost writes, seconds.
3. Ten generations are published under load; a rebuild is killed at every moment of its talk with the cluster.
4. The same figures of fewer and more articles: how cost grows.
"""

import argparse
import json
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from search.article import Article
from search.results.answer import Request
from tests.bench.corpus import questions
from tests.bench.load import cpu_seconds
from tests.cluster.conftest import CACHE
from tests.cluster.failures import Writer, hang, kill, publish_under_load, two_of_three_dead
from tests.cluster.interrupted import ClusterBench, kill_at, moments
from tests.cluster.measuring import build, compare, compare_beyond, compare_widely, corpus
from tests.cluster.nodes import Cluster
from tests.folders import ROOT, SHARED

_SEED = 18
_TARGET = ROOT / "build" / "cluster.json"
_PARTS = ("answers", "failures", "publishes", "interrupts", "growth")
#: What is 0 where all is well.
_NONE = ("failed_answers", "wrong_totals", "writes_lost", "mixed", "rebuilds_lost", "orphans")


def failures(folder: Path, found: list[Article], cluster: Cluster, engine: dict[str, Any]) -> dict[str, Any]:
    """Kill nodes under load."""
    texts = random.Random(_SEED).sample([each.text for each in questions(SHARED)], 20)
    requests = [Request(text) for text in texts]
    kills: list[dict[str, Any]] = []
    for chief in (False, True, False, True):
        writer = Writer(folder / f"written-{len(kills)}", found, {**engine, "prefix": "written"})
        kills.append(kill(folder / "cluster", requests, cluster, writer, chief))
    figures: dict[str, Any] = {
        name: sum(each[name] for each in kills) for name in ("failed_answers", "wrong_totals", "writes_lost")
    }
    figures["seconds_to_green"] = max(each["seconds_to_green"] for each in kills)
    dead = two_of_three_dead(folder / "cluster", requests[0], cluster)
    hung = hang(folder / "cluster", requests, cluster)
    figures["wrong_totals"] += dead["wrong_totals"] + hung["wrong_totals"]
    return {**figures, "kills": kills, "two_of_three_dead": dead, "hung": hung}


def interruptions(folder: Path, engine: dict[str, Any], step: int) -> dict[str, Any]:
    """Kill a rebuild at every moment, or every so many."""
    bench = ClusterBench(folder / "interrupted", engine={**engine, "prefix": "interrupted"})
    count = moments(bench)
    chosen = range(0, count, step)
    killed = kill_at(bench, chosen)
    return {"moments": count, "rebuilds_killed": killed, "states": bench.states, "rebuilds_lost": len(bench.lost),
            "orphans": bench.orphans, "lost": bench.lost[:2]}  # fmt: skip


def answers(folder: Path, found: list[Article], cluster: Cluster, engine: dict[str, Any]) -> dict[str, Any]:
    """Compare both engines."""
    figures = build(folder, found, engine, cluster) | compare(folder, cluster)
    figures |= {"p50_ms": figures["cluster_p50_ms"], "p95_ms": figures["cluster_p95_ms"],
                "articles_per_s": figures["cluster_articles_per_s"]}  # fmt: skip
    keep(figures)
    keep({"widely": compare_widely(folder)})
    return {"beyond": compare_beyond(folder, min(1000, len(found) // 20))}


def measure(folder: Path, given: argparse.Namespace) -> None:
    """Measure the chosen parts; what is known is kept as it comes."""
    begun = time.monotonic()
    with Cluster(folder, CACHE) as cluster:
        keep({"seconds_to_start": round(time.monotonic() - begun, 1),
              "cpu_seconds_to_start": round(cpu_seconds(cluster.pids), 1)})  # fmt: skip
        engine = {"engine": "opensearch", "urls": cluster.urls, "shards": 3, "replicas": 1}
        if "answers" in given.parts:
            keep(answers(folder, corpus(given.articles), cluster, {**engine, "prefix": "bench"}))
        if "failures" in given.parts:
            found = corpus(given.written)
            if not (folder / "cluster").exists():
                build(folder, found, {**engine, "prefix": "bench"}, cluster)
            keep(failures(folder, found, cluster, engine))
        if "publishes" in given.parts:
            keep({"published": publish_under_load(folder / "published", {**engine, "prefix": "published"})})
        if "interrupts" in given.parts:
            keep({"interrupted": interruptions(folder, engine, given.step)})
        growth = []
        for count in given.sizes if "growth" in given.parts else []:
            place = folder / f"size-{count}"
            own = {**engine, "prefix": f"size{count}"}
            growth.append(build(place, corpus(count), own, cluster) | compare(place, cluster))
            keep({"growth": growth})


def known() -> dict[str, Any]:
    """Return the figures that are written."""
    found: dict[str, Any] = json.loads(_TARGET.read_text(encoding="utf-8")) if _TARGET.exists() else {}
    return found


def keep(figures: dict[str, Any]) -> None:
    """Write figures beside those that are known."""
    _TARGET.parent.mkdir(exist_ok=True)
    _TARGET.write_text(json.dumps(known() | figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Measure, write, and fail where an answer was lost or wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--written", type=int, default=3_000, help="Articles that are indexed while nodes are killed.")
    parser.add_argument("--sizes", type=int, nargs="*", default=[5_000], help="Other numbers of articles, for growth.")
    parser.add_argument("--step", type=int, default=1, help="Kill a rebuild at every so many moments.")
    parser.add_argument("--parts", nargs="+", choices=_PARTS, help="Measure these alone, beside what is written.")
    given = parser.parse_args()
    if given.parts is None:
        given.parts = _PARTS
        _TARGET.unlink(missing_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the nodes are stopped
    folder = Path(tempfile.mkdtemp(prefix="dau-cluster-"))
    folder.chmod(0o755)
    try:
        measure(folder, given)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    figures = known()
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    parts = (figures, figures.get("published", {}), figures.get("interrupted", {}))
    lost = [name for name in _NONE for part in parts if part.get(name)]
    if lost or min(figures.get("totals_equal", 1), figures.get("facets_equal", 1)) < 1:
        raise SystemExit(f"Not as it should be: {', '.join(lost) or 'totals or facets differ'}")


if __name__ == "__main__":
    main()
