"""What an answer costs beside the engine: reading the ten articles, marks and snippets, JSON, HTTP.

python -m tests.bench.answers ARCHIVE|INDEX [--passes N] [--cpu]

ARCHIVE is what `tests.bench.measure build product` wrote; INDEX is an index directory of `dau rebuild`, which is also
asked over HTTP (WSGI in this process, no network).  Prints milliseconds of the benchmark's 300 queries, warm: p50 and
p95 over the queries of each one's median pass, and of its fastest.  With `--cpu` time of the processor is counted, as
on a machine that does other things as well.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from search.archive.archive import Archive
from search.archive.live import LiveArchive
from search.results.answer import Request
from search.results.marker import Marker
from search.results.rendering import answer_json
from tests.bench import corpus
from tests.bench.ours import filters_of
from tests.folders import SHARED
from web import create_app

Lap = Callable[[str], None]


def answer(archive: Archive, request: Request, lap: Lap) -> None:
    """Answer once in steps, and once as a whole; `lap` is told what has just been done."""
    result = archive.find(request)
    lap("find")
    cards = archive.rank(request)
    lap("find and read")
    marker = Marker(result.query, archive.lexicon)
    for card in cards:
        marker.grade(marker.show(card), card)
    lap("10 snippets")
    answered = archive.search(request)
    lap("search")
    json.dumps(answer_json(answered), ensure_ascii=False)
    lap("json")


def measured(
    one: Callable[[corpus.Question, Lap], None], passes: int, clock: Callable[[], float]
) -> dict[str, np.ndarray]:
    """Return milliseconds per step, shape (queries, passes); a first pass is not counted."""
    found: dict[str, list[list[float]]] = {}
    questions = corpus.questions(SHARED)
    for turn in range(passes + 1):
        for place, question in enumerate(questions):
            last = clock()

            def lap(name: str, place: int = place, turn: int = turn) -> None:
                nonlocal last
                now = clock()
                times = found.setdefault(name, [[] for _ in questions])
                if turn:
                    times[place].append((now - last) * 1000)
                last = clock()

            one(question, lap)
    return {name: np.array(times) for name, times in found.items()}


def show(found: dict[str, np.ndarray]) -> None:
    for name, times in found.items():
        middle, best = np.median(times, axis=1), times.min(axis=1)
        figures = [np.percentile(values, share) for values in (middle, best) for share in (50, 95)]
        print("{:16s} p50 {:7.3f}  p95 {:7.3f}   fastest p50 {:7.3f}  p95 {:7.3f} ms".format(name, *figures))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--cpu", action="store_true")
    options = parser.parse_args()
    clock = time.process_time if options.cpu else time.perf_counter
    if (options.directory / "engine").is_dir():
        archive = Archive.open(options.directory)
        show(measured(lambda question, lap: answer(archive, _request(question), lap), options.passes, clock))
        return
    with LiveArchive(options.directory).acquire() as archive:
        show(measured(lambda question, lap: answer(archive, _request(question), lap), options.passes, clock))
    client = create_app(options.directory).test_client()
    for path in ("/api/search", "/"):

        def fetch(question: corpus.Question, lap: Lap, path: str = path) -> None:
            asked = {"q": question.text, "province": question.province, "year": question.year or ""}
            response = client.get(path, query_string={name: value for name, value in asked.items() if value})
            assert response.status_code == 200, response.text
            lap(f"GET {path}")

        show(measured(fetch, options.passes, clock))


def _request(question: corpus.Question) -> Request:
    return Request(question.text, filters_of(question))


if __name__ == "__main__":
    main()
