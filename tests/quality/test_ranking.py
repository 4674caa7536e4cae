"""Floors for the ranking on judged queries: lowering one needs a reason in the commit.

T2, T3 and T6 run in full.  T1, T4 and T5 run with some of their queries on the first 3,000 to 10,000 articles and
those that the queries look for, so their figures are higher than those of the full tasks, which `dau eval` gives.
`headlines` searches T5's articles for words of their titles.  Floors are about a point under what was measured
(nDCG@10, dev queries), on exactly the data whose digest stands beside them.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest

from search.archive.archive import Archive
from search.archive.building import ArchiveBuilder
from search.article import Article
from search.evaluation.running import measure
from search.evaluation.tasks import Task, load_tasks
from tests.bench.headlines import headlines

pytestmark = [pytest.mark.shared, pytest.mark.slow]


@dataclass(frozen=True)
class Gate:
    """Floors by form, the digest of the data, every how manieth query runs, and on how many first articles."""

    digest: str
    floors: Mapping[str, float]
    step: int = 1
    articles: int = 1_000_000


GATES = {
    "T1-xquad-news": Gate("cbe824b8", {"orig": 0.925, "khongdau": 0.918}, 4, 3_000),
    "T2-snippet-qa": Gate("c89606f3", {"orig": 0.698, "khongdau": 0.697, "typo": 0.688, "telex": 0.703}),
    "T3-alqac": Gate("c0abafe5", {"orig": 0.855, "khongdau": 0.85}),
    "T4-news-known": Gate("d2ecef37", {"orig": 0.843, "khongdau": 0.835, "partial": 0.841, "wrongtone": 0.835,
                                       "typo": 0.832, "kdtypo": 0.796, "telex": 0.843}, 2, 9_000),
    "T5-news-sapo": Gate("78d91e5e", {"orig": 0.897, "khongdau": 0.884}, 2, 5_000),
    "T6-zalo-page": Gate("9000a9ca", {"orig": 0.8, "khongdau": 0.79, "partial": 0.795}),
}  # fmt: skip
HEADLINES = {"orig": 0.982, "khongdau": 0.982}


@dataclass(frozen=True)
class Subset(Task):
    """The first articles of a task and those that are judged relevant."""

    count: int = 0

    def articles(self) -> Iterator[Article]:
        wanted = {doc for judged in self.judgements.values() for doc in judged}
        everything = super().articles()
        yield from islice(everything, self.count)
        yield from (article for article in everything if article.id in wanted)


def digest(task: Task) -> str:
    """Return eight hex digits of the corpus files, queries and judgements of a task."""
    files = [task.directory / name for name in task.description["corpus"]]
    found = hashlib.sha256()
    for path in [*files, *sorted((task.directory / "dev").iterdir())]:
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:8]


@pytest.fixture(scope="module")
def tasks(shared_data: Path) -> dict[str, Task]:
    found = {}
    for task in load_tasks(shared_data / "ir", "dev"):
        gate = GATES[task.name]
        queries = {form: dict(islice(texts.items(), 0, None, gate.step)) for form, texts in task.queries.items()}
        found[task.name] = Subset(task.name, task.directory, task.description, queries, task.judgements, gate.articles)
    return found


@pytest.fixture(scope="module")
def archives(tasks: dict[str, Task], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Archive]]:
    """The archives of the tasks by name, built when first asked for."""
    built = _Archives(tasks, tmp_path_factory.mktemp("archives"))
    yield built
    for archive in built.values():
        archive.close()


class _Archives(dict[str, Archive]):
    def __init__(self, tasks: dict[str, Task], folder: Path) -> None:
        super().__init__()
        self._tasks, self._folder = tasks, folder

    def __missing__(self, name: str) -> Archive:
        with ArchiveBuilder(self._folder / name) as builder:
            builder.add(self._tasks[name].articles())
        archive = self[name] = Archive.open(self._folder / name)
        return archive


@pytest.mark.parametrize("name", GATES)
def test_ranking_does_not_fall_below_its_floors(
    name: str, tasks: dict[str, Task], archives: dict[str, Archive]
) -> None:
    task, gate = tasks[name], GATES[name]
    assert digest(task) == gate.digest, "the floors were measured on other data; measure again"
    below = _below(archives[name], task, gate.floors)
    assert not below, f"nDCG@10 under the floor in {name}: {below}, floors {gate.floors}"


def test_words_of_a_headline_find_its_article(tasks: dict[str, Task], archives: dict[str, Archive]) -> None:
    below = _below(archives["T5-news-sapo"], headlines(tasks["T5-news-sapo"], 200), HEADLINES)
    assert not below, f"nDCG@10 under the floor for headlines: {below}, floors {HEADLINES}"


def _below(archive: Archive, task: Task, floors: Mapping[str, float]) -> dict[str, float]:
    """Return the forms under their floors with what they reach."""
    measured = {form: measure(archive, task.queries[form], task.judgements, depth=10).ndcg10 for form in floors}
    return {form: round(value, 4) for form, value in measured.items() if value < floors[form]}
