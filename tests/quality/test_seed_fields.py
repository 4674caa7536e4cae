"""Gate: date, author, province, mentions, section, photographer and captions of the five seeds, exact."""

import json
from pathlib import Path

import pytest

from index.extract.extracting import extract
from index.read.records import RawDocument
from search.article import Article

pytestmark = pytest.mark.shared


def expected(gold: dict[str, object]) -> dict[str, object]:
    return {
        "date": gold["date"], "precision": gold["precision"], "date_source": gold["date_source"],
        "author": gold["author"] or "",
        "province": gold["province"], "province_now": gold["province_now"], "mentions": sorted(gold["mentions"]),  # type: ignore[call-overload]
        "section": gold.get("section"), "photographer": gold.get("photographer"), "missing_captions": set(),
    }  # fmt: skip


def found(article: Article, gold: dict[str, object]) -> dict[str, object]:
    captions = {article.body[span.start : span.end] for span in article.spans if span.kind == "caption"}
    return {
        "date": article.date.value, "precision": article.date.precision, "date_source": article.date.source,
        "author": article.author, "province": article.province, "province_now": article.province_now,
        "mentions": sorted(name for name in article.provinces if name != article.province),
        "section": article.section if "section" in gold else None,
        "photographer": article.photographer if "photographer" in gold else None,
        "missing_captions": set(gold["captions"]) - captions,  # type: ignore[call-overload]
    }  # fmt: skip


def test_the_fields_of_all_five_seeds_are_exact(shared_data: Path) -> None:
    told = json.loads((shared_data / "seeds.gold.json").read_text(encoding="utf-8"))
    golds = {name: gold for name, gold in told.items() if not name.startswith("_")}
    assert len(golds) == 5
    for name, gold in golds.items():
        data = (shared_data / "seeds" / name).read_bytes()
        article = extract(RawDocument(name, name, data))
        assert isinstance(article, Article)
        assert found(article, gold) == expected(gold), name
