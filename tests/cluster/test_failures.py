"""Nodes of a cluster of three die under load (OPENSEARCH_NODES=3): no answer fails, none is a part, nothing is lost."""

from pathlib import Path
from typing import Any

import pytest

from search.archive.building import ArchiveBuilder
from search.article import Article
from search.results.answer import Request
from tests.cluster.failures import Writer, hang, kill, publish_under_load, two_of_three_dead
from tests.cluster.nodes import Cluster
from tests.search.engines.contract import ARTICLES

pytestmark = [pytest.mark.xdist_group("cluster"), pytest.mark.slow]
REQUESTS = [Request(q) for q in ("tỉnh", "hội nghị", '"việt nam"', "công an OR bộ đội", "th*", "năm -ngày")]


@pytest.fixture(scope="module")
def three(cluster: Cluster) -> Cluster:
    if cluster.count < 3:
        pytest.skip("one node can't be killed: OPENSEARCH_NODES=3, as `make test-cluster` does")
    return cluster


@pytest.fixture(scope="module")
def served(three: Cluster, engine: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a copy of each shard."""
    folder = tmp_path_factory.mktemp("served") / "archive"
    with ArchiveBuilder(folder, **{**engine, "prefix": "served"}) as builder:
        builder.add(ARTICLES)
    return folder


@pytest.mark.parametrize("chief", [False, True])
def test_a_node_that_is_killed_costs_no_answer_and_no_article_that_is_being_written(
    served: Path, three: Cluster, engine: dict[str, Any], tmp_path: Path, chief: bool
) -> None:
    many = [Article(f"{turn}-{each.id}", each.path, each.title, each.body) for turn in range(6) for each in ARTICLES]
    writer = Writer(tmp_path / "written", many, {**engine, "prefix": "written"})
    told = kill(served, REQUESTS, three, writer, chief)
    assert (told["failed_answers"], told["wrong_totals"], told["writes_lost"]) == (0, 0, 0), told
    assert (told["write"], told["written"]) == ("finished", len(many)), told


def test_with_two_of_three_dead_there_is_no_part_of_an_answer_and_all_is_well_when_they_are_back(
    served: Path, three: Cluster
) -> None:
    told = two_of_three_dead(served, REQUESTS[0], three)
    assert told["refused"] > 0 and told["wrong_totals"] == told["healthy"] == 0, told
    assert told["recovered"]


def test_while_a_node_hangs_an_answer_is_whole_or_refused_in_time_and_soon_there_is_one(
    served: Path, three: Cluster
) -> None:
    told = hang(served, REQUESTS, three)
    assert told["wrong_totals"] == 0 and told["slowest_s"] < 40, told
    assert told["recovered"]


def test_generations_that_are_published_under_load_are_answered_whole_each(
    three: Cluster, engine: dict[str, Any], tmp_path: Path
) -> None:
    told = publish_under_load(tmp_path, {**engine, "prefix": "published"}, 4)
    assert (told["failed_answers"], told["mixed"]) == (0, 0), told
    assert told["generations_seen"] > 2
