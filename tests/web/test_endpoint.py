"""The JSON endpoint."""

import json
import subprocess
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from web import create_app

Dau = Callable[..., subprocess.CompletedProcess[str]]
HIT_KEYS = {
    "id", "title", "url", "source", "author", "date", "date_precision", "province", "provinces", "countries", "score",
    "title_marks", "snippets",
}  # fmt: skip


def get(client: FlaskClient, address: str, status: int = 200) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == status, response.text
    found: dict[str, Any] = json.loads(response.data)
    return found


def test_an_answer_has_the_agreed_members(client: FlaskClient) -> None:
    answer = get(client, "/api/search?q=thanh hoa&size=2")
    assert {"q", "total", "page", "size", "took_ms", "generation", "hits", "facets"} <= answer.keys()
    assert (answer["q"], answer["page"], answer["size"]) == ("thanh hoa", 1, 2)
    assert len(answer["hits"]) == 2
    for hit in answer["hits"]:
        assert hit.keys() >= HIT_KEYS
    assert {"value", "count", "months"} == answer["facets"]["year"][0].keys()
    assert {"value", "count"} == answer["facets"]["province"][0].keys()


def test_marks_are_code_points_of_the_text_beside_them(client: FlaskClient) -> None:
    answer = get(client, "/api/search?q=hữu nghị")
    marked = {hit["title"][start:end].lower() for hit in answer["hits"] for start, end in hit["title_marks"]}
    cut = {
        snippet["text"][start:end].lower()
        for hit in answer["hits"]
        for snippet in hit["snippets"]
        for start, end in snippet["marks"]
    }
    assert "hữu nghị" in marked | cut
    assert all(word in ("hữu", "nghị") for text in marked | cut for word in text.split())


TYPED = ("sở ngoại vụ", "so ngoai vu", "SỞ NGOẠI VỤ", unicodedata.normalize("NFD", "sở ngoại vụ"))


@pytest.mark.parametrize("typed", TYPED)
def test_every_way_of_typing_finds_the_same_articles(client: FlaskClient, typed: str) -> None:
    plain = get(client, "/api/search?q=sở ngoại vụ&size=100")
    other = client.get("/api/search", query_string={"q": typed, "size": 100})
    found = json.loads(other.data)
    assert found["total"] == plain["total"] > 10
    assert {hit["id"] for hit in found["hits"]} == {hit["id"] for hit in plain["hits"]}


def test_facet_counts_are_the_totals_of_the_searches_they_lead_to(client: FlaskClient) -> None:
    answer = get(client, "/api/search?q=sở ngoại vụ")
    for year in answer["facets"]["year"]:
        assert get(client, f"/api/search?q=sở ngoại vụ&year={year['value']}")["total"] == year["count"]
        for month in year["months"]:
            address = f"/api/search?q=sở ngoại vụ&year={year['value']}&month={month['value']}"
            assert get(client, address)["total"] == month["count"]
    for province in answer["facets"]["province"]:
        assert get(client, f"/api/search?q=sở ngoại vụ&province={province['value']}")["total"] == province["count"]


def test_choosing_a_province_does_not_collapse_the_counts_of_the_others(client: FlaskClient) -> None:
    free = get(client, "/api/search?q=sở ngoại vụ")["facets"]["province"]
    chosen = get(client, "/api/search?q=sở ngoại vụ&province=Phú Yên&province=Đắk Lắk")
    assert chosen["facets"]["province"] == free
    assert {hit["province"] for hit in chosen["hits"]} == {"Phú Yên", "Đắk Lắk"}


def test_pages_part_the_hits_without_loss_or_repetition(client: FlaskClient) -> None:
    whole = [hit["id"] for hit in get(client, "/api/search?sort=newest&size=100")["hits"]]
    parts = [
        hit["id"] for page in range(1, 9) for hit in get(client, f"/api/search?sort=newest&size=7&page={page}")["hits"]
    ]
    assert parts == whole
    assert len(set(whole)) == len(whole) > 40


@pytest.mark.parametrize(("address", "name"), [
    ("/api/search?year=abc", "year"), ("/api/search?page=0", "page"), ("/api/search?sort=up", "sort"),
    ("/api/search?size=5000", "size"), ("/api/search?from=31/02/2020", "from"), ("/api/search?provnce=Huế", "provnce"),
    ("/api/search?q=a&q=b", "q"), ("/api/search?province=Atlantis", "province"), ("/api/suggest?limit=x", "limit"),
    ("/api/search?lang=fr", "lang"), ("/api/suggest?lang=fr", "lang"),
])  # fmt: skip
def test_a_wrong_parameter_gets_a_problem_that_names_it(client: FlaskClient, address: str, name: str) -> None:
    response = client.get(address)
    problem = json.loads(response.data)
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")
    assert (problem["status"], problem["parameter"]) == (400, name)
    assert name in problem["detail"]


def test_an_article_is_answered_whole_and_marked(client: FlaskClient) -> None:
    hit = get(client, "/api/search?q=cá ngừ đại dương")["hits"][0]
    article = get(client, f"/api/articles/{hit['id']}?q=cá ngừ")
    assert article["title"] == hit["title"]
    assert "Kesennuma" in article["body"]
    assert {article["body"][start:end].lower() for start, end in article["body_marks"]} >= {"cá ngừ"}


def test_an_unknown_article_and_an_unknown_address_are_problems_too(client: FlaskClient) -> None:
    for address in ("/api/articles/nothing-of-this-name", "/api/nothing"):
        response = client.get(address)
        assert (response.status_code, response.mimetype) == (404, "application/problem+json")
        assert json.loads(response.data)["status"] == 404


def test_a_method_that_is_not_there_is_refused_with_the_ones_that_are(client: FlaskClient) -> None:
    response = client.post("/api/search")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize("q", [
    "\x00", "(" * 900, '"' * 11, "OR OR", "-", "title:", "*", "a" * 1000, "ố" * 1000, "\ud83d\udc09", "từ:đến:", "\\",
    "from:2025-99 to:x", "'; DROP TABLE articles; --", "<script>", "%", "\u202e\u0301\u0301", "-\"a b\"~99999",
])  # fmt: skip
def test_no_query_breaks_the_endpoint(client: FlaskClient, q: str) -> None:
    response = client.get("/api/search", query_string={"q": q.encode("utf-16", "surrogatepass").decode("utf-16")})
    assert response.status_code == 200, response.text


def test_health_names_the_generation_that_every_answer_carries(client: FlaskClient) -> None:
    health = get(client, "/healthz")
    assert (health["status"], health["articles"]) == ("ok", 45)
    assert health["generation"] == get(client, "/api/search")["generation"]


def test_a_client_that_has_the_answer_already_is_told_so(client: FlaskClient) -> None:
    first = client.get("/api/search?q=lào")
    again = client.get("/api/search?q=lào", headers={"If-None-Match": first.headers["ETag"]})
    other = client.get("/api/search?q=lao", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, other.status_code) == (304, b"", 200)


def test_a_damaged_generation_is_said_while_the_one_before_it_serves(dau: Dau, tmp_path: Path) -> None:
    article, index = tmp_path / "tin.txt", tmp_path / "index"
    for number in (1, 2):
        article.write_text(
            f"Đoàn công tác thứ {number}\n\n" + "Đoàn công tác đã thăm tỉnh Thanh Hóa. " * 9, encoding="utf-8"
        )
        assert dau("rebuild", article, "--index", index).returncode == 0
    newest = max((index / "generations").iterdir())
    largest = max((path for path in newest.rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
    largest.chmod(0o644)
    largest.write_bytes(largest.read_bytes()[:-1])
    client = create_app(index).test_client()
    health = get(client, "/healthz")
    assert (health["status"], health["articles"]) == ("degraded", 1)
    assert health["problem"]
    assert "thứ 1" in get(client, "/api/search?q=đoàn")["hits"][0]["title"]


def test_a_feed_lists_the_newest_articles_of_a_search(client: FlaskClient) -> None:
    response = client.get("/feed.atom?q=sở ngoại vụ&province=Thanh Hóa")
    feed = BeautifulSoup(response.data, "xml")
    assert (response.status_code, response.mimetype) == (200, "application/atom+xml")
    days = [tag.get_text() for tag in feed.select("entry published")]
    assert days == sorted(days, reverse=True) != []
    assert all(tag["href"].startswith("http://localhost/") for tag in feed.select("link[rel=alternate]"))  # type: ignore[union-attr]


@pytest.mark.parametrize("q", ["\x00\x0b", "]]>", "<script>&", "\ufffe"])
def test_a_feed_of_any_query_is_well_formed(client: FlaskClient, q: str) -> None:
    ElementTree.fromstring(client.get("/feed.atom", query_string={"q": q}).data)


def test_a_feed_of_hostile_articles_is_well_formed(hostile: FlaskClient) -> None:
    root = ElementTree.fromstring(hostile.get("/feed.atom").data)
    titles = [tag.text or "" for tag in root.iter("{http://www.w3.org/2005/Atom}title")]
    assert any("<script>alert(1)</script>" in title for title in titles)
    assert b"javascript:" not in hostile.get("/feed.atom").data
