"""A rebuild that is killed at every moment of its talk with the cluster: before a request, and before its answer."""

import os
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from index.rebuild.job import rebuild
from index.rebuild.options import RebuildOptions
from search.archive.building import ENGINE
from search.archive.generations import ARCHIVE, GENERATIONS, generation_ids
from search.engines import port
from search.engines.opensearch.client import Client
from search.engines.opensearch.connection import read_connection
from search.engines.opensearch.settings import ClusterSettings
from tests.faults.harness import Bench, in_child


@dataclass
class ClusterBench(Bench):
    """A published old generation in the cluster, and folders that share it, in which the new one is built."""

    engine: dict[str, Any] = field(default_factory=dict)
    orphans: int = 0

    def options(self, index: Path) -> RebuildOptions:
        return RebuildOptions(roots=(self.inputs,), index=index, jobs=1, engine=self.engine)

    def tidy(self, index: Path) -> None:
        """Count indexes that belong to no generation, and remove the new ones."""
        client = Client(ClusterSettings(tuple(self.engine["urls"])))
        found = {each for each in client.get(f"/{self.engine['prefix']}-*/_settings") if not each.endswith("-locks")}
        client.close()
        engines = {name: index / GENERATIONS / name / ARCHIVE / ENGINE for name in generation_ids(index)}
        self.orphans += len(found - {read_connection(path).index for path in engines.values()})
        kept = generation_ids(self.base)
        for name, path in engines.items():
            if name not in kept:
                port.drop(path)


def moments(bench: ClusterBench) -> int:
    """Return how many moments a rebuild has."""
    notes = bench.folder / "moments"
    index = bench.fresh()

    def work() -> None:
        seen: list[int] = []
        _at_each_moment(lambda: seen.append(1))
        rebuild(bench.options(index))
        notes.write_text(str(len(seen)))

    assert in_child(work) == 0
    bench.tidy(index)
    return int(notes.read_text())


def kill_at(bench: ClusterBench, chosen: Iterable[int]) -> int:
    """Kill rebuilds at some moments, let the next one run each time, and judge; return how many were killed."""
    killed = 0
    for moment in chosen:
        index = bench.fresh()
        killed += os.WIFSIGNALED(in_child(lambda: _die_at(bench, index, moment)))  # noqa: B023
        bench.judge(index, f"killed at moment {moment}")
        bench.tidy(index)
    return killed


def _die_at(bench: ClusterBench, index: Path, moment: int) -> None:
    left = [moment]

    def act() -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    _at_each_moment(act)
    rebuild(bench.options(index))


def _at_each_moment(act: Callable[[], object]) -> None:
    """Do something before every request goes out, and when it is out and its answer not read."""
    request, getresponse = HTTPConnection.request, HTTPConnection.getresponse

    def noted_request(self: HTTPConnection, *words: Any, **more: Any) -> None:
        act()
        request(self, *words, **more)

    def noted_answer(self: HTTPConnection) -> Any:
        act()
        return getresponse(self)

    HTTPConnection.request = noted_request  # type: ignore[method-assign]
    HTTPConnection.getresponse = noted_answer  # type: ignore[method-assign]
