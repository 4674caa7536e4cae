"""Rebuilds that are killed while they talk with the cluster: `python -m tests.cluster` kills at every moment."""

from pathlib import Path
from typing import Any

import pytest

from tests.cluster.interrupted import ClusterBench, kill_at, moments

pytestmark = pytest.mark.xdist_group("cluster")


def test_a_rebuild_killed_between_requests_leaves_the_old_or_the_new_generation_and_no_index(
    tmp_path: Path, engine: dict[str, Any]
) -> None:
    bench = ClusterBench(tmp_path, engine={**engine, "prefix": "killed", "shards": 1, "replicas": 0})
    count = moments(bench)
    chosen = [*range(1, count, 9), count - 1]  # the last ones come after publishing
    assert kill_at(bench, chosen) == len(chosen) > 3
    assert not bench.lost, bench.lost[0]
    assert bench.orphans == 0
    assert set(bench.states) == {"old", "new"}
