"""`make bench`: this engine, stock Whoosh, Tantivy and SQLite FTS5 on the same articles and queries, in one table.

Each index is built, and asked, in processes of their own, one after the other.  Engines take turns: at the full size
they are built `--builds` times each, and asked in `--rounds` rounds (FTS5 once, it takes a minute), so that a slower
minute of the machine is shared by all.  A query is asked in several passes; its figure is the median of all passes of
all rounds without the first (cold) one of each round, which is reported apart; `fastest` is its minimum.  Reading
articles is not part of building, starting Python not part of opening.

Stock Whoosh is too slow to be run in full: it builds an index of `--whoosh` articles and answers a sample of the
queries, and it is compared with this engine on an index of the same size and the same sample.  What it would take on
all articles is not measured: its queries walk postings one by one, so the factor grows with the archive.

On two quiet cores it takes about 15 minutes.

python -m tests.bench.engines [--articles N] [--sizes 0.25,0.5,1] [--engines ours,tantivy,...] [--whoosh N]
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench import corpus
from tests.bench.table import Figures, Results, gathered, ratios, report
from tests.folders import ROOT, SHARED

TOTAL = 88_503
PEERS = ("ours", "tantivy", "ours2", "fts5", "product")
#: Built several times at the full size; the build of a product is not compared with a peer's.
REPEATED = ("ours", "tantivy", "ours2")
#: Asked in one round only.
SLOW = ("fts5", "whoosh")


def run(step: str, engine: str, count: int, directory: Path, *options: str) -> Figures:
    """Run `tests.bench.measure` in a fresh process and return its figures."""
    line = [sys.executable, "-m", "tests.bench.measure", step, engine, str(count), str(directory), *options]
    print(f"{step} {engine}, {count:,} articles", end=" ", file=sys.stderr, flush=True)
    started = time.perf_counter()
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    print(f"{time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(line)} failed:\n{done.stderr}")
    figures: Figures = json.loads(done.stdout)
    return figures


def measure(
    engines: tuple[str, ...], count: int, folder: Path, options: argparse.Namespace, builds: int, sample: int = 300
) -> dict[str, Figures]:
    """Build and ask engines in turns on `count` articles; the indexes are removed."""
    samples = folder / "samples"
    corpus.keep(SHARED, count, samples)
    built: dict[str, list[Figures]] = {engine: [] for engine in engines}
    for turn in range(builds):
        for engine in engines:
            if turn == 0 or engine in REPEATED:
                directory = folder / f"{engine}-{turn}"
                built[engine].append(run("build", engine, count, directory, "--samples", str(samples)))
                if turn or engine == "ours2":
                    shutil.rmtree(directory)
    asked: dict[str, list[Figures]] = {engine: [] for engine in engines}
    for turn in range(options.rounds):
        for engine in engines:
            if engine != "ours2" and (turn == 0 or engine not in SLOW):
                passes = 1 if engine in SLOW else options.passes
                asked[engine].append(run("query", engine, count, folder / f"{engine}-0", "--passes", str(passes),
                                         "--sample", str(sample)))  # fmt: skip
    for engine in engines:
        shutil.rmtree(folder / f"{engine}-0", ignore_errors=True)
    return {engine: gathered(built[engine], asked[engine]) for engine in engines}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=TOTAL)
    parser.add_argument("--sizes", default="0.25,0.5,1")
    parser.add_argument("--engines", default=",".join(PEERS))
    parser.add_argument("--whoosh", type=int, default=22_125, help="articles for stock Whoosh, 0 for none")
    parser.add_argument("--whoosh-queries", type=int, default=60)
    parser.add_argument("--builds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="for the indexes; a temporary folder otherwise")
    options = parser.parse_args()
    if not SHARED.is_dir():
        raise SystemExit(f"The articles of the benchmark are not at {SHARED}.")
    started = time.perf_counter()
    folder = Path(tempfile.mkdtemp(prefix="dau-bench-", dir=options.folder))
    try:
        results, whoosh = _measure_all(options, folder)
    finally:
        shutil.rmtree(folder)
    print(report(results))
    if whoosh:
        print("\nstock Whoosh and this engine on the same articles and a sample of the queries")
        print(report({(engine, options.whoosh): figures for engine, figures in whoosh.items()}))
    found = ratios(results, whoosh)
    path = ROOT / "build" / "bench.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print("\n" + "\n".join(f"{name:28}{value:>12}" for name, value in found.items()))
    print(f"\nmeasured in {(time.perf_counter() - started) / 60:.0f} minutes; also in {path.relative_to(ROOT)}")


def _measure_all(options: argparse.Namespace, folder: Path) -> tuple[Results, dict[str, Figures]]:
    results: Results = {}
    engines = tuple(options.engines.split(","))
    shares = sorted(map(float, options.sizes.split(",")))
    for share in shares:
        count = int(options.articles * share)
        builds = options.builds if share == shares[-1] else 1
        for engine, figures in measure(engines, count, folder, options, builds).items():
            results[engine, count] = figures
    whoosh = {}
    if options.whoosh:
        whoosh = measure(("whoosh", "ours"), options.whoosh, folder, options, 1, options.whoosh_queries)
    return results, whoosh


if __name__ == "__main__":
    main()
