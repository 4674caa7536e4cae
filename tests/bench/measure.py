"""Build or query one engine in a process of its own, and print the figures as JSON.

python -m tests.bench.measure build|query ENGINE COUNT DIRECTORY [--samples FILE] [--passes N] [--sample N]
"""

import argparse
import gc
import importlib
import json
import time
from pathlib import Path

from tests.bench import corpus
from tests.bench.engine import BenchEngine, Reply
from tests.folders import SHARED

#: Module and class of each engine, and its options; only the one that is measured is imported, since memory is too.
ENGINES: dict[str, tuple[str, str, dict[str, int]]] = {
    "ours": ("ours", "Ours", {}),
    "ours2": ("ours", "Ours", {"workers": 2}),
    "product": ("ours", "Product", {}),
    "tantivy": ("tantivy_engine", "Tantivy", {}),
    "fts5": ("fts5", "Fts5", {}),
    "whoosh": ("stock_whoosh", "StockWhoosh", {}),
}


def engine_named(name: str) -> BenchEngine:
    """Return an engine, not opened yet."""
    module, kind, options = ENGINES[name]
    engine: BenchEngine = getattr(importlib.import_module(f"tests.bench.{module}"), kind)(**options)
    return engine


def build(engine: BenchEngine, samples: list[corpus.Sample], directory: Path) -> dict[str, object]:
    """Build an index and return its speed and size; reading the articles is not counted."""
    directory.mkdir(parents=True)
    gc.collect()
    gc.freeze()  # the articles in memory are the benchmark's: no engine should pay for walking over them
    started, cpu = time.perf_counter(), time.process_time()
    engine.build(samples, directory)
    took = time.perf_counter() - started
    return {"articles": len(samples), "seconds": took, "cpu": time.process_time() - cpu, "rate": len(samples) / took,
            "bytes": engine.index_bytes(directory), "peak_mb": _peak()}  # fmt: skip


def query(engine: BenchEngine, directory: Path, passes: int, sample: int) -> dict[str, object]:
    """Open, answer every query `passes` + 1 times, and return milliseconds per query: of the first, and the others."""
    questions = corpus.questions(SHARED)[:: max(300 // sample, 1)]
    started = time.perf_counter()
    engine.open(directory)
    opened = time.perf_counter() - started
    engine.answer(questions[0])
    first = time.perf_counter() - started
    times: list[list[float]] = [[] for _ in questions]
    replies: list[Reply] = []
    for _ in range(passes + 1):
        replies = []
        for place, question in enumerate(questions):
            begun = time.perf_counter()
            replies.append(engine.answer(question))
            times[place].append((time.perf_counter() - begun) * 1000)
    return {
        "open_s": opened,
        "first_s": first,
        "memory": memory(),
        "cold": [each[0] for each in times],
        "warm": [each[1:] or each for each in times],
        "kinds": [question.kind for question in questions],
        "totals": [reply.total for reply in replies],
        "facets": [sum(reply.provinces.values()) for reply in replies],
    }


def memory() -> dict[str, float]:
    """Return the private memory of this process in MB: anonymous, and with the mapped pages that only it uses."""
    found = {}
    for line in Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]:
        name, value, *_ = line.replace(":", "").split()
        found[name] = int(value) / 1024
    private = found["Private_Clean"] + found["Private_Dirty"]
    return {"anonymous": found["Anonymous"], "private": private, "resident": found["Rss"]}


def _peak() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=("build", "query"))
    parser.add_argument("engine", choices=tuple(ENGINES))
    parser.add_argument("count", type=int)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--samples", type=Path, help="what `corpus.keep` wrote; else articles are read anew")
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--sample", type=int, default=300)
    options = parser.parse_args()
    engine = engine_named(options.engine)
    if options.step == "build":
        samples = corpus.kept(options.samples) if options.samples else corpus.articles(SHARED, options.count)
        print(json.dumps(build(engine, samples, options.directory)))
    else:
        print(json.dumps(query(engine, options.directory, options.passes, options.sample)))


if __name__ == "__main__":
    main()
