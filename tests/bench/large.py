"""A million articles: the product and Tantivy on the same mixed articles, in one run.

python -m tests.bench.large [--sizes 100000,1000000] [--passes 3] [--keep FOLDER]      (make bench-large)

No archive of this size is at hand, so it is mixed from the news that are: the first half of one article and the second
half of another, both drawn with a seed.  Prints milliseconds of the 300 queries (fastest of the passes) by kind, the
growth from the smallest to the largest size, and writes `build/bench-large.json`.  With `--keep` indexes that the
folder has already are not built again, that of `tests.bench.large_rebuild` for the product among them; this one is
served as well, to 8 clients without pause, and `private_mb` is the most that one of two workers had to itself.
"""

import argparse
import contextlib
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from search.archive.generations import CURRENT
from tests.bench import corpus
from tests.bench.measure import build, engine_named
from tests.folders import ROOT, SHARED

ENGINES = ("product", "ours", "tantivy")
#: The engine is asked in the index of the product.
BUILT_AS = {"ours": "product"}
SEED = 20261129


class Mixed(Sequence[corpus.Sample]):
    """`count` articles, made as they are asked for in turn; mean length and vocabulary are those of the real ones."""

    def __init__(self, count: int, seed: int = SEED) -> None:
        self._count, self._seed = count, seed

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: object) -> corpus.Sample:
        raise IndexError("mixed articles are read in turn")

    def __iter__(self) -> Iterator[corpus.Sample]:
        draw = random.Random(self._seed)
        real = [sample for sample in corpus.articles(SHARED) if sample.article.body]
        for number in range(self._count):
            first, second = draw.choice(real), draw.choice(real)
            body = f"{_half(first.article.body, 0)}\n\n{_half(second.article.body, 1)}"
            key = f"m{number:08}"
            yield replace(first, article=replace(first.article, id=key, path=key, body=body))


def _half(text: str, which: int) -> str:
    """Return the first or second half of a text, cut between words."""
    middle = text.find(" ", len(text) // 2)
    middle = len(text) if middle < 0 else middle
    return text[middle + 1 :] if which else text[:middle]


def run(*arguments: object) -> dict[str, object]:
    """Return the figures that a process of its own prints."""
    line = [sys.executable, "-m", "tests.bench.large", *map(str, arguments)]
    shown = subprocess.run(line, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout
    found: dict[str, object] = json.loads(shown)
    return found


def measured(engines: Sequence[str], size: int, folder: Path, passes: int) -> dict[str, dict[str, object]]:
    """Build what is missing and ask every engine, the engines in turn."""
    found: dict[str, dict[str, object]] = {}
    for name in engines:
        built = BUILT_AS.get(name, name)
        directory, figures = folder / f"{built}-{size}", folder / f"{built}-{size}.json"
        if not figures.exists():
            figures.write_text(json.dumps(run("--one", built, "--size", size, "--directory", directory)))
        line = [sys.executable, "-m", "tests.bench.measure", "query", name, size, directory, "--passes", passes]
        shown = subprocess.run(list(map(str, line)), check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout
        found[name] = json.loads(figures.read_text()) | json.loads(shown)
    return found


def fastest(figures: dict[str, object]) -> np.ndarray:
    return np.array([min(each) for each in figures["warm"]])  # type: ignore[attr-defined]


def report(size: int, found: dict[str, dict[str, object]]) -> None:
    print(f"\n{size:,} articles: ms a query, fastest pass, p50, p95, max; cold pass p50; private MB; bytes each")
    for name, figures in found.items():
        times, cold = fastest(figures), np.array(figures["cold"])
        memory: dict[str, float] = figures["memory"]  # type: ignore[assignment]
        print(f"{name:10}{np.median(times):8.2f} {np.percentile(times, 95):8.1f} {times.max():8.1f}   cold "
              f"{np.median(cold):8.2f}   {memory['private']:6.0f} MB {figures['bytes'] / size:8.0f} B   "  # type: ignore
              f"built {figures['rate']:6.0f}/s, peak {figures['peak_mb']:5.0f} MB")
    kinds = np.array(next(iter(found.values()))["kinds"])
    for kind in dict.fromkeys(kinds.tolist()):
        row = [np.median(fastest(figures)[kinds == kind]) for figures in found.values()]
        print(f"   {kind:22}" + "".join(f"{value:10.2f}" for value in row))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="100000,1000000")
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--directory", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(build(engine_named(options.one), Mixed(options.size), options.directory)))
        return
    sizes, engines = [int(size) for size in options.sizes.split(",")], options.engines.split(",")
    results = {}
    with contextlib.ExitStack() as stack:
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        for size in sizes:
            results[size] = measured(engines, size, folder, options.passes)
            report(size, results[size])
        served = served_from(folder / f"product-{max(sizes)}")
    keep(figures_of(results) | served)


def served_from(index: Path) -> dict[str, float]:
    """Return the memory of a worker that serves an index, and answers a second; nothing of an archive alone."""
    if not (index / CURRENT).exists():
        return {}
    line = [sys.executable, "-m", "tests.bench.load", str(index), "--seconds", "60", "--clients", "8"]
    shown = json.loads(subprocess.run(line, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout)
    return {"private_mb": max(shown["private_mb_most"]), "answers_per_second": shown["answers_per_second"],
            "answers_p95_ms": shown["usual"]["p95"]}  # fmt: skip


def figures_of(results: dict[int, dict[str, dict[str, object]]]) -> dict[str, float]:
    """Return what counts, by name: of the largest size, and its growth from the smallest."""
    small, large = results[min(results)], results[max(results)]
    found: dict[str, float] = {}
    if "product" in large:
        times = fastest(large["product"])
        found |= {
            "articles": max(results),
            "p50_ms": float(np.median(times)),
            "p95_ms": float(np.percentile(times, 95)),
            "max_ms": float(times.max()),
            "growth_p50": float(np.median(times) / np.median(fastest(small["product"]))),
            "asking_mb": large["product"]["memory"]["private"],  # type: ignore[index]
            "index_bytes_per_article": large["product"]["bytes"] / max(results),  # type: ignore[operator]
        }
        if "tantivy" in large:
            theirs = fastest(large["tantivy"])
            found["p50_vs_tantivy"] = float(np.median(times) / np.median(theirs))
            phrases = np.array([kind.startswith("phrase") for kind in large["product"]["kinds"]])  # type: ignore
            found["phrases_vs_tantivy"] = float(np.median(times[phrases]) / np.median(theirs[phrases]))
    return found


def keep(figures: dict[str, float]) -> None:
    """Add figures to `build/bench-large.json`; those of another part of the benchmark stay."""
    path = ROOT / "build" / "bench-large.json"
    path.parent.mkdir(exist_ok=True)
    held = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps(held | figures, indent=1) + "\n", encoding="utf-8")
    print("\n" + "\n".join(f"{name:28}{value:12.2f}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
