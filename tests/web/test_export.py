"""Export and citations, read back by the libraries of their formats."""

import csv
import io
import json
import re

import bibtexparser
import pytest
import rispy
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from search.article import Article, ArticleDate
from web.citations import FORMATS, citation


def found(client: FlaskClient, **asked: str) -> list[dict[str, object]]:
    pages: list[dict[str, object]] = []
    answer = client.get("/api/search", query_string={**asked, "size": "7"}).json
    while answer:
        pages += [hit for hit in answer["hits"] if hit["member"]]
        following = answer["next"]
        again = client.get("/api/search", query_string={**asked, "size": "7", "after": following})
        answer = again.json if following else None
    return pages


def read(form: str, text: str) -> list[tuple[str, str]]:
    """Return the (id, title) of every record; the key of a BibTeX entry stands for its id."""
    match form:
        case "csv":
            return [(row["id"], row["title"]) for row in csv.DictReader(io.StringIO(text.lstrip("\ufeff")))]
        case "jsonl":
            return [(record["id"], record["title"]) for record in map(json.loads, text.splitlines())]
        case "ris":
            return [(record["id"], record["title"]) for record in rispy.loads(text)]
        case "csl":
            return [(record["id"], record.get("title", "")) for record in json.loads(text)]
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    return [(entry.key, plain(entry.fields_dict["title"].value)) for entry in library.entries]


def plain(tex: str) -> str:
    words = {"textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^"}
    text = re.sub(r"\\(textbackslash|textasciitilde|textasciicircum){}", lambda word: words[word[1]], tex)
    return re.sub(r"\\([{}&%$#_])", r"\1", text).removeprefix("{").removesuffix("}")


@pytest.mark.parametrize("sort", ["relevance", "oldest"])
@pytest.mark.parametrize("form", list(FORMATS))
def test_an_export_is_the_members_in_their_order(client: FlaskClient, form: str, sort: str) -> None:
    asked = {"q": "sở ngoại vụ", "sort": sort}
    response = client.get("/api/export", query_string={**asked, "format": form})
    hits = found(client, **asked)
    records = read(form, response.text)
    assert len(records) == int(response.headers["X-Total"]) == int(response.headers["X-Exported"])
    ids = [re.sub(r"[^A-Za-z0-9:._-]", "-", str(hit["id"])) for hit in hits]
    shown = [re.sub(r"[^A-Za-z0-9:._-]", "-", key) for key, _ in records]
    assert [key for key in shown if key in ids] == ids  # near-duplicates stand one by one in an export
    assert response.headers["X-Generation"] in response.text


def test_a_limit_is_kept_and_told(client: FlaskClient) -> None:
    response = client.get("/api/export?format=jsonl&most=3&sort=newest")
    assert len(response.text.splitlines()) == 3
    assert (response.headers["X-Total"], response.headers["X-Exported"]) == ("45", "3")


def test_one_article_is_exported_by_its_id(client: FlaskClient) -> None:
    (first, *_) = found(client, q="cá ngừ")
    response = client.get("/api/export", query_string={"id": str(first["id"]), "format": "csl"})
    (item,) = json.loads(response.text)
    assert (item["id"], item["type"], item["language"]) == (first["id"], "article-newspaper", "vi")
    assert client.get("/api/export?id=none&format=ris").status_code == 404
    assert client.get("/api/export?format=doc").json["parameter"] == "format"  # type: ignore[index]


LINES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1).map(
    lambda text: " ".join(text.split()) or "x"
)


@given(LINES, LINES)
def test_any_title_survives_every_format(title: str, author: str) -> None:
    article = Article("a1", "p", title, "Bài.", author=author, date=ArticleDate("2025-12-26", "day"))
    for form, known in FORMATS.items():
        text = known.head + known.record(article, "g1") + known.tail
        ((key, read_back),) = read(form, text)
        assert key == "a1"
        assert read_back.removeprefix("'") == title.removeprefix("'")


def test_a_cell_is_never_a_formula() -> None:
    text = FORMATS["csv"].record(Article("1", "p", "=HYPERLINK(1)", "", date=ArticleDate()), "g")
    assert next(csv.reader([text]))[1] == "'=HYPERLINK(1)"


def test_a_citation_names_who_when_what_and_where_in_both_languages() -> None:
    date = ArticleDate("2025-12-26", "day")
    article = Article("1", "p", "Tin mới.", "", author="Nguyễn A", source="Báo B", url="https://b.example/1", date=date)
    assert citation(article, "x", "vi") == "Nguyễn A (26/12/2025). Tin mới. Báo B. https://b.example/1"
    assert citation(article, "x", "en") == "Nguyễn A (2025, December 26). Tin mới. Báo B. https://b.example/1"
    bare = Article("1", "p", "Tin", "", date=ArticleDate("--12-26", "daymonth"))
    assert citation(bare, "https://dau.example/article/1", "en") == (
        "Unknown author (n.d.). Tin. https://dau.example/article/1"
    )
