"""Gate: the countries that 100 articles name, labelled by reading them (labels only, no text kept here)."""

import json
from pathlib import Path

import pytest

from index.extract.extracting import extract
from search.article import Article
from tests.quality.test_provinces import news

FLOOR = 0.95
LABELS = Path(__file__).with_name("countries.jsonl")

pytestmark = pytest.mark.shared


def test_the_countries_of_a_hundred_articles_are_found_and_no_others(shared_data: Path) -> None:
    rows = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    wanted = {row["id"]: set(row["countries"]) for row in rows}
    found = {}
    for key, raw in news(shared_data / "news", set(wanted)):
        article = extract(raw)
        assert isinstance(article, Article)
        found[key] = {country.name for country in article.countries}
    assert found.keys() == wanted.keys() and len(wanted) == 100
    right = sum(len(found[key] & wanted[key]) for key in wanted)
    wrong = {key: found[key] ^ wanted[key] for key in wanted if found[key] != wanted[key]}
    assert right >= FLOOR * sum(map(len, found.values())), wrong
    assert right >= FLOOR * sum(map(len, wanted.values())), wrong
