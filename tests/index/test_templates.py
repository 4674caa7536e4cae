"""Pages in the shapes of many systems give title, body, day and author, alone and with the site learned."""

import contextlib
import json
import sqlite3
import subprocess
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from index.extract.extracting import extract, observe
from index.page.sites import SiteMemory
from index.read.records import RawDocument, Rejected
from index.state.cache import FILE_NAME
from index.state.packing import unpack
from search.article import Article
from tests.index.templates import AUTHOR, DAY, SHAPES, TITLES, article_page, body_of, list_page

NUMBERS = (0, 1, 2)


def raw(name: str, page: str, file: str) -> RawDocument:
    return RawDocument(file, f"{name}/{file}", page.encode())


def found(name: str, number: int, learned: bool) -> Article:
    own = raw(name, article_page(name, number), f"{number}.html")
    others = [raw(name, article_page(name, other), f"{other}.html") for other in NUMBERS]
    memory = SiteMemory.from_observations(
        seen for page in (*others, raw(name, list_page(name), "list.html")) if (seen := observe(page))
    )
    article = extract(own, memory if learned else None)
    assert isinstance(article, Article), article
    return article


@pytest.mark.parametrize("learned", [False, True], ids=["alone", "learned"])
@pytest.mark.parametrize("name", SHAPES)
def test_an_article_is_exact_in_title_body_day_and_author(name: str, learned: bool) -> None:
    shape, _ = SHAPES[name]
    for number in NUMBERS:
        article = found(name, number, learned)
        assert article.title == TITLES[number]
        assert article.body == body_of(number)
        assert article.date.value == DAY
        assert article.author == (AUTHOR if shape.author else "")
        assert article.kind == "article"


@pytest.mark.parametrize("name", SHAPES)
def test_a_list_is_told_from_an_article_and_has_no_day(name: str) -> None:
    article = extract(raw(name, list_page(name), "list.html"))
    assert isinstance(article, Article)
    assert (article.kind, article.date.value, article.author) == ("listing", "", "")


@pytest.mark.parametrize(("title", "text"), [
    ("404 Not Found", "The requested address was not found."),
    ("Không tìm thấy trang", "Trang bạn yêu cầu không tồn tại."),
    ("Welcome to nginx!", "It is running."),
])
def test_an_error_page_is_rejected_as_one(title: str, text: str) -> None:
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
    refused = extract(raw("x", page, "a.html"))
    assert isinstance(refused, Rejected)
    assert refused.reason.startswith("it is an error page: ")


def test_an_article_about_errors_is_an_article() -> None:
    page = article_page("wordpress").replace(TITLES[0], "403 hộ dân xã Bình Yên nhận nhà mới")
    article = extract(raw("x", page, "a.html"))
    assert isinstance(article, Article)
    assert article.title == "403 hộ dân xã Bình Yên nhận nhà mới"


def test_extract_with_learn_tells_what_a_rebuild_of_the_folder_does(
    tmp_path: Path, dau: Callable[..., "subprocess.CompletedProcess[str]"]
) -> None:
    folder = tmp_path / "archive"
    for name in ("wordpress", "nukeviet"):  # a folder that mixes sites
        for number in NUMBERS:
            (folder / "pages").mkdir(parents=True, exist_ok=True)
            (folder / "pages" / f"{name}{number}.html").write_text(article_page(name, number), encoding="utf-8")
    assert dau("rebuild", folder, "--index", tmp_path / "index").returncode == 0
    with contextlib.closing(sqlite3.connect(tmp_path / "index" / FILE_NAME)) as cache:
        stored = [unpack(data) for (data,) in cache.execute("SELECT data FROM payloads")]
    rebuilt = {found.id: found for found in stored}
    assert len(rebuilt) == 2 * len(NUMBERS)
    for file in sorted((folder / "pages").iterdir()):
        told = json.loads(dau("extract", "--learn", folder, file, "--json").stdout)
        known = json.loads(json.dumps(asdict(rebuilt[told["id"]])))
        assert {name: value for name, value in told.items() if known[name] != value} == {}
