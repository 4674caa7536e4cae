"""Gates of extraction on gold data: floors a little under what is reached; raise them, never lower them."""

import json
from pathlib import Path
from typing import Any

import pytest

from index.extract.extracting import extract
from index.quality.gold import read_gold
from index.quality.measuring import measure
from index.read.records import RawDocument
from search.article import Article

#: Floors by family and figure, and ceilings where less is better.
FLOORS = {
    "html": {
        "f1": 0.997, "f1_worst_site": 0.995, "f1_alone": 0.997, "f1_alone_worst_site": 0.99, "text_f1": 0.97,
        "titles_worst_site": 0.97, "titles_alone_worst_site": 0.97, "dates": 0.995, "dates_alone": 0.995, "kinds": 0.97,
    },
    "html2": {
        "f1": 0.98, "f1_worst_site": 0.965, "f1_alone": 0.98, "titles_worst_site": 0.97,
        "titles_alone_worst_site": 0.97, "dates": 0.98, "dates_alone": 0.98, "leads": 0.98, "leads_alone": 0.98,
        "authors": 0.87, "authors_alone": 0.87, "kinds": 0.78,
    },
    "benchmark": {"f1": 0.953},
    "articles": {"own_province": 0.95, "event_date": 0.84, "authors": 0.88, "captions": 0.9},
}
CEILINGS = {
    "html": {
        "notices_with_junk": 0.01, "dates_invented": 0, "dates_invented_alone": 0, "articles_lost": 0,
        "articles_lost_alone": 0,
    },
    "html2": {
        "notices_with_junk": 0.01, "dates_invented": 0, "dates_invented_alone": 0, "authors_invented": 0,
        "authors_invented_alone": 0, "articles_lost": 0, "articles_lost_alone": 0,
    },
    "articles": {"false_province": 0.05, "authors_invented": 0, "captions_invented": 0},
}


#: The figures are measured once: the tests that ask for them run in one process.
pytestmark = pytest.mark.xdist_group("extraction")


@pytest.fixture(scope="module")
def figures(shared_data: Path) -> dict[str, Any]:
    return measure(read_gold(shared_data), speed=False)


def each(table: dict[str, dict[str, float]]) -> list[tuple[str, str]]:
    return [(family, figure) for family, named in table.items() for figure in named]


@pytest.mark.shared
@pytest.mark.parametrize(("family", "figure"), each(FLOORS))
def test_a_figure_of_extraction_stays_above_its_floor(figures: dict[str, Any], family: str, figure: str) -> None:
    assert figures[family][figure] >= FLOORS[family][figure]


@pytest.mark.shared
@pytest.mark.parametrize(("family", "figure"), each(CEILINGS))
def test_a_fault_of_extraction_stays_below_its_ceiling(figures: dict[str, Any], family: str, figure: str) -> None:
    assert figures[family][figure] <= CEILINGS[family][figure]


@pytest.mark.shared
@pytest.mark.parametrize("family", ["html", "html2"])
def test_a_learned_site_is_never_worse_than_a_page_alone(figures: dict[str, Any], family: str) -> None:
    worse = [f"{site} {name}: {named[name]} < {named[name + '_alone']}"
             for site, named in figures[family]["sites"].items() for name in named
             if not name.endswith("_alone") and named[name] < named[name + "_alone"] - 0.0005]
    assert worse == []


@pytest.mark.shared
@pytest.mark.parametrize("name", ["000_7520111ab2f7620d", "001_e1b1d4163c475182", "002_24d213c73c63b448",
                                  "003_4f509b0f328a942d", "004_64cd444b360e5ef4"])
def test_a_seed_article_is_exact_in_every_field(shared_data: Path, name: str) -> None:
    file = shared_data / "seeds" / f"{name}.txt"
    gold = json.loads((shared_data / "seeds.gold.json").read_text(encoding="utf-8"))[file.name]
    found = extract(RawDocument(file.name, f"seeds/{file.name}", file.read_bytes()))
    assert isinstance(found, Article)
    captions = {found.body[span.start : span.end] for span in found.spans if span.kind == "caption"}
    assert found.title == gold["title"]
    date = found.date
    assert (date.value, date.precision, date.source) == (gold["date"], gold["precision"], gold["date_source"])
    assert found.author == (gold["author"] or "")
    assert (found.province, found.province_now) == (gold["province"], gold["province_now"])
    assert set(found.provinces) - {found.province} == set(gold["mentions"])
    assert found.body.startswith(gold["body_first"])
    assert found.body.endswith(gold["body_last"])
    assert set(gold["captions"]) <= captions
    assert not [line for line in gold["not_in_body"] if line in found.body]
    assert found.section == gold.get("section", found.section)
    assert found.photographer == gold.get("photographer", found.photographer)
