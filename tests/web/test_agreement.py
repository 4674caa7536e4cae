"""Page, endpoint, command, feed and export tell the same of a search; every facet adds up."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import feedparser
import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from search.cli import run

FACETS = ("year", "province", "country", "source", "section", "kind")


@pytest.fixture(scope="module")
def queries(client: FlaskClient) -> list[str]:
    """Fifty searches: parts of the titles of the archive, with and without marks, alone and with operators."""
    hits = client.get("/api/search?sort=newest&size=45").json["hits"]  # type: ignore[index]
    titles = [hit["title"].split() for hit in hits]
    pairs = [" ".join(words[at : at + 2]) for words, at in zip(titles * 2, [0, 2, 1] * 15, strict=False)]
    shapes: list[Callable[[str], str]] = [
        str, str.lower, lambda q: f'"{q}"', lambda q: f"{q} -lào", lambda q: f"title:{q}",
    ]  # fmt: skip
    return ["", "sở ngoại vụ", "so ngoai vu", "lào OR campuchia", "hop*",
            *[shapes[at % len(shapes)](pair) for at, pair in enumerate(pairs)]]  # fmt: skip


def ids(links: list[str]) -> list[str]:
    return [unquote(re.sub(r"^.*/article/|\?.*$", "", link)) for link in links]


@pytest.mark.parametrize("sort", ["relevance", "oldest"])
def test_page_endpoint_feed_and_export_agree_and_facets_add_up(
    client: FlaskClient, queries: list[str], sort: str
) -> None:
    assert len(queries) == 50
    for q in queries:
        asked = {"q": q, "sort": sort, "size": "50"}
        answer = client.get("/api/search", query_string=asked).json
        assert answer is not None
        for facet in FACETS:
            assert sum(value["count"] for value in answer["facets"][facet]) == answer["total"], (q, facet)
        page = BeautifulSoup(client.get("/", query_string=asked).data, "lxml")
        assert ids([str(link["href"]) for link in page.select(".hit h2 a")]) == [hit["id"] for hit in answer["hits"]]
        told = page.select_one(".total")
        assert (int(re.sub(r"\D", "", told.get_text())) if told else 0) == answer["total"], q
        exported = client.get("/api/export", query_string={"q": q, "sort": sort, "format": "jsonl"})
        rows = [json.loads(line)["id"] for line in exported.text.splitlines()]
        assert len(rows) == answer["total"]
        members = [hit["id"] for hit in answer["hits"] if hit["member"]]
        assert [row for row in rows if row in members] == members, q
        feed = feedparser.parse(client.get("/feed.atom", query_string={"q": q, "size": "50"}).data)
        assert not feed.bozo
        entries = ids([entry.link for entry in feed.entries])
        assert sorted(entries) == sorted(client_added(client, q)), q
        assert set(entries) <= set(rows), q


def client_added(client: FlaskClient, q: str) -> list[str]:
    answer = client.get("/api/search", query_string={"q": q, "sort": "added", "size": "50"}).json
    assert answer is not None
    return [hit["id"] for hit in answer["hits"]]


def test_the_command_agrees_with_the_endpoint(
    client: FlaskClient, queries: list[str], sample_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for q in queries[::5]:
        for sort in ("relevance", "oldest"):
            run(["search", q, "--index", str(sample_index), "--sort", sort, "--json"])
            told = json.loads(capsys.readouterr().out)
            answer = client.get("/api/search", query_string={"q": q, "sort": sort}).json
            assert answer is not None
            same = ("total", "more", "hits", "facets", "notices", "generation")
            assert {name: told[name] for name in same} == {name: answer[name] for name in same}
