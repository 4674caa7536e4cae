"""What is done to a cluster of three nodes while it answers: nodes are killed, generations are published."""

import json
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from index.rebuild.job import rebuild
from index.rebuild.options import Limit, RebuildOptions
from search.archive.archive import Archive
from search.archive.building import ENGINE, ArchiveBuilder
from search.archive.live import LiveArchive
from search.article import Article
from search.budget import budget
from search.engines.opensearch.connection import read_connection
from search.errors import EngineUnavailable, QueryTimeout
from search.results.answer import Request
from tests.cluster.load import Load, totals
from tests.cluster.nodes import Cluster
from tests.faults.harness import NEW, OLD, write_inputs


class Writer(threading.Thread):
    """Builds an index of articles; in the midst of them it waits until something has been done to the cluster."""

    def __init__(self, folder: Path, articles: Sequence[Article], engine: dict[str, Any]) -> None:
        super().__init__()
        self.folder, self.articles, self.engine = folder, articles, engine
        self.midst, self.go_on = threading.Event(), threading.Event()
        self.told: dict[str, Any] = {}

    def run(self) -> None:
        """Build; what is lost of acknowledged writes shows in the count that the cluster has."""
        begun = time.monotonic()
        try:
            with ArchiveBuilder(self.folder, **self.engine) as builder:
                builder.add(self._paused())
        except EngineUnavailable as error:  # a build that fails says so, and nothing of it is published
            self.told = {"write": f"stopped: {error}", "writes_lost": 0}
        else:
            archive = Archive.open(self.folder)
            ids = {article.id for each in archive.members(Request(""), len(self.articles), 500)[1] for article in each}
            self.told = {"write": "finished", "written": len(ids), "writes_lost": len(self.articles) - len(ids)}
            archive.close()
        self.told["write_s"] = round(time.monotonic() - begun, 1)
        self.midst.set()

    def _paused(self) -> Iterator[Article]:
        half = len(self.articles) // 2
        yield from self.articles[:half]
        self.midst.set()
        self.go_on.wait(120)
        yield from self.articles[half:]


def manager(cluster: Cluster) -> int:
    """Return the number of the node that manages the cluster."""
    state = cluster.ask("/_cluster/state/cluster_manager_node,nodes")
    name: str = state["nodes"][state["cluster_manager_node"]]["name"]
    return int(name.removeprefix("node"))


def wait_for_copies(cluster: Cluster, index: str, seconds: float = 180) -> float:
    """Wait until every copy of an index is there; return the seconds it took."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        try:
            health = cluster.ask(f"/_cluster/health/{index}?wait_for_status=green&timeout=2s")
        except OSError:
            continue
        if health["status"] == "green" and health["number_of_nodes"] == len(cluster.processes):
            return time.monotonic() - begun
    raise TimeoutError(f"The copies of {index} are not back after {seconds} s.")


def kill(archive: Path, requests: Sequence[Request], cluster: Cluster, writer: Writer, chief: bool) -> dict[str, Any]:
    """Kill the manager or another node under load while an index is written; start it again when all copies are back.

    `archive` is the folder of one with a copy of each shard.
    """
    opened, index = Archive.open(archive), read_connection(archive / ENGINE).index
    chosen = manager(cluster)
    if not chief:
        chosen = next(node for node in sorted(cluster.processes) if node != chosen)
    with Load(totals(opened, requests)) as load:
        writer.start()
        writer.midst.wait(120)
        load.wait(20)
        cluster.kill(chosen)
        writer.go_on.set()
        seconds = wait_for_copies(cluster, index)
        load.wait(20)
        cluster.start(chosen)
        back = wait_for_copies(cluster, index)
        writer.join()
        load.wait(20)
    opened.close()
    return {"killed": "manager" if chief else "data node", **load.told(), **writer.told,
            "seconds_to_green": round(seconds, 1), "seconds_to_green_revived": round(back, 1)}  # fmt: skip


def two_of_three_dead(archive: Path, request: Request, cluster: Cluster) -> dict[str, Any]:
    """Kill two nodes: no answer is a part of one, and the health is told; all is well when they are back."""
    opened = Archive.open(archive)
    ask = totals(opened, [request])
    nodes = sorted(cluster.processes)[:2]
    for node in nodes:
        cluster.kill(node)
    told = {"answered": 0, "refused": 0, "wrong_totals": 0, "healthy": 0}
    begun = time.monotonic()
    for turn in range(5):
        try:
            told["wrong_totals"] += not ask(turn)
            told["answered"] += 1
        except EngineUnavailable:
            told["refused"] += 1
    told["slowest_s"] = round(time.monotonic() - begun, 1)  # type: ignore[assignment]
    with suppress(EngineUnavailable):
        told["healthy"] += not opened.health()
    for node in nodes:
        cluster.start(node)
    seconds = cluster.wait()
    recovered = ask(0) and not opened.health()
    opened.close()
    return {**told, "seconds_to_green": round(seconds, 1), "recovered": recovered}


def hang(archive: Path, requests: Sequence[Request], cluster: Cluster, seconds: float = 180) -> dict[str, Any]:
    """Let a node that is no manager hang: what is answered meanwhile, until all is again, and after it goes on.

    The cluster takes a node for gone when three checks of ten seconds each were in vain; until then a search of its
    shards waits, and is refused in time.
    """
    opened = Archive.open(archive)
    ask = totals(opened, requests)
    chief = manager(cluster)
    node = next(each for each in sorted(cluster.processes) if each != chief)
    told: dict[str, Any] = {"refused": 0, "wrong_totals": 0, "slowest_s": 0.0}
    begun, right, turn = time.monotonic(), 0, 0
    cluster.hang(node)
    try:
        # Right answers of all requests, twice, after the first refusal or a minute without one.
        while right < 2 * len(requests) or not (told["refused"] or time.monotonic() - begun > 60):
            assert time.monotonic() - begun < seconds, told
            asked, turn = time.monotonic(), turn + 1
            try:
                with budget(1.0):  # as a server gives it
                    told["wrong_totals"] += not ask(turn)
                right += 1
            except (EngineUnavailable, QueryTimeout):
                told["refused"] += 1
                right = 0
            told["slowest_s"] = max(told["slowest_s"], round(time.monotonic() - asked, 1))
    finally:
        cluster.wake(node)
    told["seconds_to_answers"] = round(time.monotonic() - begun, 1)
    told["seconds_to_green"] = round(cluster.wait(), 1)
    told["recovered"] = all(map(ask, range(len(requests)))) and not opened.health()
    opened.close()
    return told


def publish_under_load(folder: Path, engine: dict[str, Any], times: int = 10) -> dict[str, Any]:
    """Publish two versions of some articles in turn, and ask all the time: every answer is of one of them, whole."""
    inputs, index = folder / "in", folder / "index"
    options = RebuildOptions((inputs,), index, jobs=1, engine=engine, max_rejects=Limit(1.0, True))
    write_inputs(inputs, OLD)
    rebuild(options)
    live = LiveArchive(index)
    generations: set[str] = set()

    def ask(turn: int) -> bool:
        with live.acquire() as archive:
            counts = tuple(archive.search(Request(word, strict=True)).total for word in (OLD, NEW))
            bodies = {word: [hit.article.body for hit in archive.search(Request(word, strict=True)).hits]
                      for word in (OLD, NEW)}  # fmt: skip
            generations.add(archive.generation)
            whole = all(word in body for word, found in bodies.items() for body in found)
            return counts in ((6, 0), (0, 6)) and whole

    seconds = []
    with Load(ask, threads=3) as load:
        for turn in range(times):
            write_inputs(inputs, (NEW, OLD)[turn % 2])
            begun = time.monotonic()
            assert rebuild(options).published
            seconds.append(time.monotonic() - begun)
            load.wait(3)
    live.close()
    told = load.told()
    return {"publishes": times, "answers": told["answers"], "failed_answers": told["failed_answers"],
            "mixed": told["wrong_totals"], "generations_seen": len(generations), "reasons": told["reasons"],
            "slowest_s": told["slowest_s"], "seconds_each": round(sum(seconds) / times, 1)}  # fmt: skip


def with_settings(archive: Path, copy: Path, **changed: Any) -> Path:
    """Return a copy of an archive's folder, of the same index, that is asked with other settings."""
    shutil.copytree(archive, copy)
    file = copy / ENGINE / "connection.json"
    values = json.loads(file.read_text())
    values["settings"] |= changed
    file.write_text(json.dumps(values))
    return copy
