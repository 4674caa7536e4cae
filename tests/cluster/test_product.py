"""The whole product on a cluster: rebuild, search, page, roll back; the same answers as the embedded engine gives."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.publish import generations as publishing
from index.rebuild.job import rebuild
from index.rebuild.options import Limit, RebuildOptions
from search.archive.archive import Archive
from search.archive.generations import ARCHIVE, GENERATIONS, current_id, generation_ids, open_current
from search.archive.live import LiveArchive
from search.cli import run
from search.engines.facets import Filters
from search.engines.opensearch.client import Client, Refused
from search.engines.opensearch.settings import ClusterSettings
from search.errors import EngineUnavailable, RebuildFailed, RebuildRunning
from search.results.answer import Request
from tests.cluster.comparing import Comparison
from tests.cluster.failures import with_settings
from tests.faults.harness import NEW, OLD, write_inputs
from tests.folders import ROOT

pytestmark = pytest.mark.xdist_group("cluster")
SAMPLE = ROOT / "search" / "sample" / "articles"
QUERIES = ("thanh hoa", "biên giới", "hội đồng nhân dân", '"lào cai"', "bộ đội biên phòng -lào", "tỉnh OR huyện",
           "ngh*", "title:lễ", "source:báo", "26/12", "khong co gi het", 'province:"Thanh Hóa"', "xuan",
           "học sinh năm 2025", "", "thương*", "lễ hội xã làng huyện tỉnh", "(bộ OR đội) tỉnh",
           "công an tỉnh thanh hoá tổ chức hội nghị")


@pytest.fixture(scope="module")
def options(engine: dict[str, Any]) -> dict[str, Any]:
    return {**engine, "prefix": "product", "replicas": 0, "shards": 2}


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory, options: dict[str, Any]) -> tuple[Path, Path]:
    """The sample archive on both engines; that on the cluster is built by the command."""
    folder = tmp_path_factory.mktemp("product")
    rebuild(RebuildOptions((SAMPLE,), folder / "embedded", jobs=1))
    urls = [word for url in options["urls"] for word in ("--url", url)]
    words = ["rebuild", str(SAMPLE), "--index", str(folder / "cluster"), "--engine", "opensearch", *urls, "--jobs", "1",
             "--prefix", "product", "--shards", "2", "--replicas", "0", "--quiet"]  # fmt: skip
    assert run(words) == 0
    return folder / "embedded", folder / "cluster"


@pytest.fixture(scope="module")
def archives(indexes: tuple[Path, Path]) -> Iterator[tuple[Archive, Archive]]:
    embedded, cluster = map(open_current, indexes)
    yield embedded, cluster
    embedded.close()
    cluster.close()


@pytest.fixture(scope="module")
def client(options: dict[str, Any]) -> Client:
    return Client(ClusterSettings(tuple(options["urls"])))


def held(client: Client, prefix: str) -> set[str]:
    """Return the indexes of a prefix in the cluster, but for its locks."""
    return {each for each in client.get(f"/{prefix}-*/_settings") if not each.endswith("-locks")}


def test_answers_are_those_of_the_embedded_engine(archives: tuple[Archive, Archive]) -> None:
    requests = [Request(q, sort=sort) for q in QUERIES for sort in ("relevance", "newest", "oldest", "added")]
    requests += [Request(q, filters, page=page, size=5) for q in ("tỉnh", "biên giới", "") for page in (1, 2, 3)
                 for filters in (Filters(("Thanh Hóa",)), Filters(year=2025), Filters(kinds=("article",)),
                                 Filters(authors=("",)), Filters(date_from=20250101, date_to=20251231))]  # fmt: skip
    requests += [Request(q, strict=True) for q in QUERIES] + [Request(q, recency=True) for q in QUERIES]
    seen = Comparison()
    seen.ask(*archives, requests)
    assert seen.differing == []
    assert seen.asked == len(requests)


def test_where_very_many_match_the_best_of_each_shard_are_scored_exactly(
    archives: tuple[Archive, Archive], indexes: tuple[Path, Path], tmp_path: Path
) -> None:
    whole = indexes[1] / GENERATIONS / current_id(indexes[1]) / ARCHIVE
    beyond = Archive.open(with_settings(whole, tmp_path / "beyond", exact_up_to=2))
    seen = Comparison()
    seen.ask(archives[0], beyond, [Request(q, recency=recency) for q in QUERIES for recency in (False, True)])
    assert seen.differing == []
    beyond.close()


def test_a_cursor_leads_through_all_hits_once(archives: tuple[Archive, Archive]) -> None:
    for sort in ("relevance", "newest"):
        lists = []
        for archive in archives:
            found, after = [], ""
            for _ in range(40):
                answer = archive.search(Request("tỉnh", sort=sort, size=4, after=after))
                found += [hit.article.id for hit in answer.hits]
                after = answer.next
                if not after:
                    break
            lists.append(found)
        assert lists[0] == lists[1] and len(set(lists[0])) == len(lists[0]) > 8


def test_articles_twins_and_similar_ones_are_the_same(archives: tuple[Archive, Archive]) -> None:
    embedded, cluster = archives
    for hit in embedded.search(Request("", size=50)).hits:
        one, two = (archive.article(hit.article.id, "tỉnh") for archive in archives)
        assert one.article.body == two.article.body
        assert (one.title_marks, one.body_marks) == (two.title_marks, two.body_marks)
        assert [twin.id for twin in one.twins] == [twin.id for twin in two.twins]
        assert [each.id for each in embedded.similar(hit.article.id)] == [
            each.id for each in cluster.similar(hit.article.id)
        ]


def test_the_alias_follows_and_old_indexes_go_with_their_generations(
    tmp_path: Path, options: dict[str, Any], client: Client
) -> None:
    mine = {**options, "prefix": "life"}
    index = tmp_path / "index"

    def build(tree: Any) -> str:
        write_inputs(tmp_path / "in", tree)
        done = rebuild(RebuildOptions((tmp_path / "in",), index, jobs=1, engine=mine, max_shrink=Limit(1.0, True),
                                      max_rejects=Limit(1.0, True)))  # fmt: skip
        assert done.published
        (aliased,) = client.get("/_alias/life")
        assert json.loads((index / "generations" / done.generation / "archive/engine/connection.json").read_text())[
            "index"] == aliased  # fmt: skip
        return aliased

    names = [build(tree) for tree in (OLD, NEW, OLD)]
    assert held(client, "life") == set(names[1:])
    assert publishing.rollback(index) == generation_ids(index)[1]
    assert set(client.get("/_alias/life")) == {names[1]}
    assert run(["check", "--index", str(index)]) == 0


def test_a_rebuild_that_fails_leaves_the_old_generation_and_no_index(
    tmp_path: Path, options: dict[str, Any], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = {**options, "prefix": "fails"}
    write_inputs(tmp_path / "in", OLD)
    given = RebuildOptions((tmp_path / "in",), tmp_path / "index", jobs=1, engine=mine, max_rejects=Limit(1.0, True))
    rebuild(given)
    before, serving = held(client, "fails"), current_id(tmp_path / "index")
    write_inputs(tmp_path / "in", NEW)
    with monkeypatch.context() as patched:
        patched.setattr(publishing, "seal", lambda *_: (_ for _ in ()).throw(OSError("no space")))
        with pytest.raises(RebuildFailed):
            rebuild(given)
    assert (held(client, "fails"), current_id(tmp_path / "index")) == (before, serving)
    with monkeypatch.context() as patched:  # as if it were killed: nothing tidies up
        patched.setattr(publishing, "seal", lambda *_: (_ for _ in ()).throw(OSError("no space")))
        patched.setattr(publishing, "discard", lambda *_: None)
        with pytest.raises(RebuildFailed):
            rebuild(given)
    assert len(held(client, "fails")) == 2
    assert not rebuild(given).refused
    assert len(held(client, "fails")) == 2 == len(generation_ids(tmp_path / "index"))


def test_one_rebuild_at_a_time_uses_a_prefix(tmp_path: Path, options: dict[str, Any], client: Client) -> None:
    mine = {**options, "prefix": "locked"}
    write_inputs(tmp_path / "in", OLD)
    given = RebuildOptions((tmp_path / "in",), tmp_path / "index", jobs=1, engine=mine, max_rejects=Limit(1.0, True))
    other = {"host": "elsewhere", "process": 1, "index": "/srv", "since": "2025-01-01T00:00:00"}
    client.ask("PUT", "/locked-locks/_create/rebuild", other)
    with pytest.raises(RebuildRunning, match="elsewhere"):
        rebuild(given)
    client.ask("DELETE", "/locked-locks/_doc/rebuild")
    assert rebuild(given).published
    with pytest.raises(Refused):
        client.get("/locked-locks/_doc/rebuild")


def test_a_server_says_what_is_wrong_with_the_cluster(
    indexes: tuple[Path, Path], tmp_path: Path, options: dict[str, Any]
) -> None:
    live = LiveArchive(indexes[1])
    try:
        assert live.health().status == "ok"
        with live.acquire() as archive:
            client = archive._reader._client  # type: ignore[attr-defined]
            urls = client._addresses
            dead = Client(ClusterSettings(("http://127.0.0.1:9", *options["urls"])))
            client._addresses = dead._addresses
            assert "127.0.0.1:9 does not answer" in live.health().problem
            client._addresses = dead._addresses[:1]
            with pytest.raises(EngineUnavailable):
                live.health()
            with pytest.raises(EngineUnavailable):
                archive.search(Request("tỉnh"))
            client._addresses = urls
            assert archive.search(Request("tỉnh")).total > 0
    finally:
        live.close()


def test_an_article_of_four_hundred_thousand_words_is_found_by_its_phrases(
    tmp_path: Path, options: dict[str, Any]
) -> None:
    from search.archive.building import ArchiveBuilder
    from search.article import Article

    words = " ".join(f"từ{number % 5000}" for number in range(400_000))
    long = Article("long", "long", "Bài dài", f"{words} chữ cuối cùng ở đây.")
    found = {}
    for name, given in (("embedded", {}), ("cluster", {**options, "prefix": "long"})):
        with ArchiveBuilder(tmp_path / name, **given) as builder:
            builder.add([long, Article("short", "short", "Bài ngắn", "Chữ cuối và chữ cùng.")])
        archive = Archive.open(tmp_path / name)
        requests = [Request(q) for q in ('"chữ cuối cùng"', '"chữ cùng"~3', "chữ cuối", "tu49*")]
        answers = [archive.search(each).hits for each in requests]
        found[name] = [[(hit.article.id, round(hit.score, 3)) for hit in hits] for hits in answers]
        archive.close()
    assert found["embedded"] == found["cluster"]
