"""One cluster for all tests of a session: one node, or as many as OPENSEARCH_NODES says."""

import os
import tempfile
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from search.article import Article
from search.engines.port import create_builder
from tests.cluster.nodes import Cluster, missing
from tests.folders import ROOT
from tests.search.engines.contract import Make

#: The jars are kept here between runs.
CACHE = ROOT / ".cache" / "opensearch"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A cluster of our own; where none can be started the test skips with the reason, and fails in CI."""
    if reason := missing():
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    # Not below pytest's own folder, which every other run closes to all but its user: as root, nodes run as nobody.
    with tempfile.TemporaryDirectory(prefix="dau-nodes-", ignore_cleanup_errors=True) as base:
        Path(base).chmod(0o755)
        with Cluster(Path(base), CACHE, int(os.environ.get("OPENSEARCH_NODES", "1"))) as running:
            yield running


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What a builder is told of the cluster: ours, or one that runs at OPENSEARCH_URLS."""
    urls = os.environ.get("OPENSEARCH_URLS", "").split() or request.getfixturevalue("cluster").urls
    return {"engine": "opensearch", "urls": urls, "shards": 3, "replicas": min(len(urls) - 1, 1)}


@pytest.fixture(scope="class")
def make(engine: dict[str, Any]) -> Make:
    """Builds indexes in the cluster."""

    def build(directory: Path, articles: Sequence[Article], base: Path | None = None,
              removed: Collection[str] = ()) -> None:  # fmt: skip
        with create_builder(directory, base=base, **engine) as builder:
            builder.remove(removed)
            builder.add(articles)

    return build
