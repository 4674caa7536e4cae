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
import tempfile
import time
from pathlib import Path
from typing import Any

from search.article import Article
from search.results.answer import Request
from tests.bench.corpus import questions
from tests.cluster.conftest import CACHE
from tests.cluster.failures import Writer, kill, publish_under_load, two_of_three_dead
from tests.cluster.interrupted import ClusterBench, kill_at, moments
from tests.cluster.measuring import build, compare, compare_beyond, compare_widely, corpus
from tests.cluster.nodes import Cluster
from tests.folders import ROOT, SHARED

_SEED = 18
_TARGET = ROOT / "build" / "cluster.json"
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
    figures["wrong_totals"] += dead["wrong_totals"]
    return {**figures, "kills": kills, "two_of_three_dead": dead}


def interruptions(folder: Path, engine: dict[str, Any], step: int) -> dict[str, Any]:
    """Kill a rebuild at every moment, or every so many."""
    bench = ClusterBench(folder / "interrupted", engine={**engine, "prefix": "interrupted"})
    count = moments(bench)
    chosen = range(0, count, step)
    killed = kill_at(bench, chosen)
    return {"moments": count, "rebuilds_killed": killed, "states": bench.states, "rebuilds_lost": len(bench.lost),
            "orphans": bench.orphans, "lost": bench.lost[:2]}  # fmt: skip


def measure(folder: Path, given: argparse.Namespace) -> dict[str, Any]:
    """Return all figures."""
    found = corpus(given.articles)
    begun = time.monotonic()
    with Cluster(folder, CACHE) as cluster:
        figures: dict[str, Any] = {"seconds_to_start": round(time.monotonic() - begun, 1)}
        engine = {"engine": "opensearch", "urls": cluster.urls, "prefix": "bench", "shards": 3, "replicas": 1}
        figures |= build(folder, found, engine) | compare(folder, cluster)
        figures |= {"p50_ms": figures["cluster_p50_ms"], "p95_ms": figures["cluster_p95_ms"],
                    "articles_per_s": figures["cluster_articles_per_s"]}  # fmt: skip
        figures["widely"] = compare_widely(folder)
        figures["beyond"] = compare_beyond(folder, min(1000, given.articles // 20))
        keep(figures)
        if not given.quick:
            figures |= failures(folder, found[: given.written], cluster, engine)
            keep(figures)
            figures["published"] = publish_under_load(folder / "published", {**engine, "prefix": "published"})
            figures["interrupted"] = interruptions(folder, engine, given.step)
            keep(figures)
        figures["growth"] = []
        for count in given.sizes:
            place = folder / f"size-{count}"
            own = {**engine, "prefix": f"size{count}"}
            chosen = found if count == len(found) else corpus(count)
            figures["growth"].append(build(place, chosen, own) | compare(place, cluster))
            keep(figures)
    return figures


def keep(figures: dict[str, Any]) -> None:
    """Write the figures as far as they are known."""
    _TARGET.parent.mkdir(exist_ok=True)
    _TARGET.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Measure, write, and fail where an answer was lost or wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--written", type=int, default=3_000, help="Articles that are indexed while nodes are killed.")
    parser.add_argument("--sizes", type=int, nargs="*", default=[5_000], help="Other numbers of articles, for growth.")
    parser.add_argument("--step", type=int, default=1, help="Kill a rebuild at every so many moments.")
    parser.add_argument("--quick", action="store_true", help="Only compare: nothing is killed.")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="dau-cluster-"))
    folder.chmod(0o755)
    try:
        figures = measure(folder, given)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    parts = (figures, figures.get("published", {}), figures.get("interrupted", {}))
    lost = [name for name in _NONE for part in parts if part.get(name)]
    if lost or min(figures["totals_equal"], figures["facets_equal"]) < 1:
        raise SystemExit(f"Not as it should be: {', '.join(lost) or 'totals or facets differ'}")


if __name__ == "__main__":
    main()
