"""Run judged queries through the archive, as a user's search would, and measure the ranking."""

import hashlib
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from search.archive.archive import Archive
from search.archive.building import ArchiveBuilder
from search.archive.generations import open_current
from search.article import Article
from search.errors import UserError
from search.evaluation.measures import Measures, bootstrap, ndcg, recall, reciprocal_rank
from search.evaluation.tasks import Task
from search.results.answer import Request

#: Asked for, so that recall@100 can be measured.
DEPTH = 100


def evaluate(
    tasks: Iterable[Task],
    forms: frozenset[str] = frozenset(),
    work: Path | None = None,
    index: Path | None = None,
    progress: Callable[[str], None] = lambda message: None,
) -> dict[str, dict[str, Measures]]:
    """Return the measures of each task and form; `forms` empty means all.

    Indexes are built in `work` and reused when they are there, without it in a temporary directory; tasks
    about an index that is there run on `index`.  Raises UserError if it is wanted and not given.
    """
    results: dict[str, dict[str, Measures]] = {}
    with tempfile.TemporaryDirectory(prefix="dau-eval-") as scratch:
        for task in tasks:
            archive = _archive(task, work or Path(scratch), index, progress)
            try:
                results[task.name] = {
                    form: measure(archive, queries, task.judgements, by_file=task.on_index)
                    for form, queries in task.queries.items()
                    if not forms or form in forms
                }
            finally:
                archive.close()
            progress(f"{task.name}: measured")
    return results


def measure(
    archive: Archive,
    queries: Mapping[str, str],
    judgements: Mapping[str, Mapping[str, int]],
    depth: int = DEPTH,
    by_file: bool = False,
) -> Measures:
    """Return the means over the queries that have a relevant document; recall is measured within `depth`.

    `by_file`: judgements name the last part of articles' paths instead of their ids.
    """
    ndcgs, ranks, recalls, times = [], [], [], []
    for query_id, text in queries.items():
        relevance = judgements.get(query_id, {})
        if not any(value > 0 for value in relevance.values()):
            continue
        cards, seconds = _search(archive, text, depth)
        ranked = [Path(card.path).name if by_file else card.id for card in cards]
        ndcgs.append(ndcg(ranked, relevance))
        ranks.append(reciprocal_rank(ranked, relevance))
        recalls.append(recall(ranked, relevance))
        times.append(seconds * 1000)
    return Measures(_mean(ndcgs), _mean(ranks), _mean(recalls), _mean(times), bootstrap(ndcgs), len(ndcgs))


def _search(archive: Archive, text: str, depth: int) -> tuple[list[Article], float]:
    """Return the articles in ranked order, and the seconds of the product's search for its usual page of ten."""
    started = time.perf_counter()
    answer = archive.search(Request(q=text))
    seconds = time.perf_counter() - started
    if depth <= answer.request.size:
        return [hit.article for hit in answer.hits[:depth]], seconds
    return archive.rank(Request(q=text, size=depth)), seconds


def _archive(task: Task, work: Path, index: Path | None, progress: Callable[[str], None]) -> Archive:
    if not task.on_index:
        return Archive.open(_index(task, work, progress))
    if index is None:
        raise UserError(f"The task {task.name} is about an index that is there; name it with --index.")
    return open_current(index)


def _index(task: Task, work: Path, progress: Callable[[str], None]) -> Path:
    directory = work / hashlib.sha256(task.corpus_key.encode()).hexdigest()[:16]
    if not (directory / "complete").exists():
        started = time.perf_counter()
        with ArchiveBuilder(directory) as builder:
            builder.add(_unique(task.articles()))
        (directory / "complete").touch()
        progress(f"{task.name}: indexed in {time.perf_counter() - started:.1f} s")
    return directory


def _unique(articles: Iterable[Article]) -> Iterator[Article]:
    seen: set[str] = set()
    for article in articles:
        if article.id not in seen:
            seen.add(article.id)
            yield article


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
