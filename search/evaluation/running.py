"""Run judged queries through the archive, as a user's search would, and measure the ranking."""

import hashlib
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from search.archive.archive import Archive
from search.archive.building import ArchiveBuilder
from search.archive.generations import ARCHIVE, choose
from search.article import Article
from search.errors import UserError
from search.evaluation.codes import Codes, measure_codes
from search.evaluation.measures import Measures, QueryMeasures, ndcg, recall, reciprocal_rank
from search.evaluation.result_sets import LengthMeasures, by_length, measure_sets
from search.evaluation.tasks import AS_TYPED, Task
from search.planning.weights import WEIGHTS, Weights
from search.results.answer import Request

#: Asked for, so that recall@100 can be measured.
DEPTH = 100


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured: of each task its forms; of judged queries about an index, their kinds and result sets."""

    tasks: dict[str, dict[str, Measures]] = field(default_factory=dict)
    kinds: dict[str, dict[str, Measures]] = field(default_factory=dict)
    result_sets: dict[str, list[LengthMeasures]] = field(default_factory=dict)
    codes: dict[str, Codes] = field(default_factory=dict)


def evaluate(
    tasks: Iterable[Task],
    forms: frozenset[str] = frozenset(),
    work: Path | None = None,
    index: Path | None = None,
    progress: Callable[[str], None] = lambda message: None,
    weights: Weights = WEIGHTS,
) -> Evaluation:
    """Return the measures of each task and form; `forms` empty means all.

    Indexes are built in `work` and reused when they are there, without it in a temporary directory; tasks
    about an index that is there run on `index`.  Raises UserError if it is wanted and not given.
    """
    found = Evaluation()
    with tempfile.TemporaryDirectory(prefix="dau-eval-") as scratch:
        for task in tasks:
            archive = _archive(task, work or Path(scratch), index, progress, weights)
            try:
                _evaluate(task, archive, forms, found)
            finally:
                archive.close()
            progress(f"{task.name}: measured")
    return found


def _evaluate(task: Task, archive: Archive, forms: frozenset[str], found: Evaluation) -> None:
    measured = found.tasks[task.name] = {
        form: measure(archive, queries, task.judgements, by_file=task.names_files)
        for form, queries in task.queries.items()
        if not forms or form in forms
    }
    if task.kinds and AS_TYPED in measured:
        found.kinds[task.name] = _by_kind(measured[AS_TYPED], task.kinds)
        found.result_sets[task.name] = by_length(measure_sets(archive, task.queries[AS_TYPED], task.judgements))
    found.codes[task.name] = measure_codes(archive)


def _by_kind(measured: Measures, kinds: Mapping[str, str]) -> dict[str, Measures]:
    groups: dict[str, dict[str, QueryMeasures]] = {}
    for query, found in measured.by_query.items():
        groups.setdefault(kinds[query], {})[query] = found
    return {kind: Measures.of(group) for kind, group in groups.items()}


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
    found = {}
    for query_id, text in queries.items():
        relevance = judgements.get(query_id, {})
        if not any(value > 0 for value in relevance.values()):
            continue
        cards, seconds, correction = _search(archive, text, depth)
        ranked = [Path(card.path).name if by_file else card.id for card in cards]
        found[query_id] = QueryMeasures(
            ndcg(ranked, relevance), reciprocal_rank(ranked, relevance), recall(ranked, relevance),
            seconds * 1000, correction,
        )  # fmt: skip
    return Measures.of(found)


def _search(archive: Archive, text: str, depth: int) -> tuple[list[Article], float, str]:
    """Return the articles in ranked order, the seconds of the product's search for its usual page, and a correction."""
    started = time.perf_counter()
    answer = archive.search(Request(q=text))
    seconds = time.perf_counter() - started
    correction = next((notice.en for notice in answer.notices if notice.code == "corrected"), "")
    if depth <= answer.request.size:
        return [hit.article for hit in answer.hits[:depth]], seconds, correction
    return archive.rank(Request(q=text, size=depth)), seconds, correction


def _archive(
    task: Task, work: Path, index: Path | None, progress: Callable[[str], None], weights: Weights
) -> Archive:
    if not task.on_index:
        return Archive.open(_index(task, work, progress), weights=weights)
    if index is None:
        raise UserError(f"The task {task.name} is about an index that is there; name it with --index.")
    chosen = choose(index)
    return Archive.open(chosen.directory / ARCHIVE, chosen.id, weights)


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
