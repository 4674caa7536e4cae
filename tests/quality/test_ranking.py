"""Floors for the ranking on judged queries: lowering one needs a reason in the commit.

T2 and T3 run in full; T4 with every second query on its first 10,000 articles plus the articles its queries
look for, so its figures are higher than those of the full task (50,000 articles), which `dau eval` gives.
Floors are one to two points under what was measured (nDCG@10, dev queries).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest

from search.archive import Archive
from search.article import Article
from search.building import ArchiveBuilder
from search.evaluation.running import measure
from search.evaluation.tasks import Task, load_tasks

pytestmark = [pytest.mark.shared, pytest.mark.slow]

FLOORS = {
    "T2-snippet-qa": {"orig": 0.675, "khongdau": 0.675, "typo": 0.66, "telex": 0.675},
    "T3-alqac": {"orig": 0.83, "khongdau": 0.83},
    "T4-news-known": {"orig": 0.82, "khongdau": 0.805, "wrongtone": 0.805, "kdtypo": 0.755, "telex": 0.82},
}
SUBSET = 10_000


@dataclass(frozen=True)
class Subset(Task):
    """The first articles of a task and those that are judged relevant."""

    def articles(self) -> Iterator[Article]:
        wanted = {doc for judged in self.judgements.values() for doc in judged}
        everything = super().articles()
        yield from islice(everything, SUBSET)
        yield from (article for article in everything if article.id in wanted)


@pytest.fixture(scope="module")
def tasks(shared_data: Path) -> dict[str, Task]:
    found = {task.name: task for task in load_tasks(shared_data / "ir", "dev")}
    news = found["T4-news-known"]
    queries = {form: dict(islice(texts.items(), 0, None, 2)) for form, texts in news.queries.items()}
    subset = Subset(news.name, news.directory, news.description, queries, news.judgements)
    return {**found, "T4-news-known": subset}


@pytest.mark.parametrize("name", FLOORS)
def test_ranking_does_not_fall_below_its_floors(name: str, tasks: dict[str, Task], tmp_path: Path) -> None:
    task = tasks[name]
    with ArchiveBuilder(tmp_path / "archive") as builder:
        builder.add(task.articles())
    archive = Archive.open(tmp_path / "archive")
    measured = {form: measure(archive, task.queries[form], task.judgements, depth=10) for form in FLOORS[name]}
    archive.close()
    low = {form: round(found.ndcg10, 4) for form, found in measured.items() if found.ndcg10 < FLOORS[name][form]}
    assert not low, f"nDCG@10 under the floor in {name}: {low}, floors {FLOORS[name]}"
