"""`make bench`: this engine, stock Whoosh, Tantivy and SQLite FTS5 on the same articles and queries, in one table.

Each index is built and queried in a process of its own, one after the other.  A query is timed over several
passes; the figure is its median without the first (cold) pass, which is reported apart.  Reading articles is
not part of building, starting Python not part of opening.  Stock Whoosh is too slow to be run in full: it
builds an index of `--whoosh` articles and answers a sample of the queries, and it is compared with this
engine on an index of the same size and the same sample.

python -m tests.bench.engines [--articles N] [--sizes 0.25,0.5,1] [--engines ours,tantivy,...] [--whoosh N]
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from tests.conftest import ROOT, SHARED

TOTAL = 88_503
PEERS = ("ours", "ours2", "product", "tantivy", "fts5")
Figures = dict[str, Any]


def run(step: str, engine: str, count: int, directory: Path, *options: str) -> Figures:
    """Run `tests.bench.measure` in a fresh process and return its figures."""
    line = [sys.executable, "-m", "tests.bench.measure", step, engine, str(count), str(directory), *options]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(line)} failed:\n{done.stderr}")
    figures: Figures = json.loads(done.stdout)
    return figures


def measure(engine: str, count: int, folder: Path, sample: int = 300, passes: int = 3) -> Figures:
    """Build and query one engine; the index is removed."""
    directory = folder / f"{engine}-{count}"
    figures = run("build", engine, count, directory)
    if engine != "ours2":
        figures |= run("query", engine, count, directory, "--passes", str(passes), "--sample", str(sample))
    shutil.rmtree(directory)
    return figures


def percentiles(figures: Figures, kinds: tuple[str, ...] = (), times: str = "ms") -> tuple[float, float]:
    """Return p50 and p95 in milliseconds of all queries or of those of some kinds."""
    chosen = [ms for ms, kind in zip(figures[times], figures["kinds"], strict=True) if not kinds or kind in kinds]
    return float(np.percentile(chosen, 50)), float(np.percentile(chosen, 95))


def report(results: dict[tuple[str, int], Figures]) -> str:
    """Return the table: one block per number of articles."""
    lines = []
    for count in sorted({count for _, count in results}):
        found = {engine: figures for (engine, size), figures in results.items() if size == count}
        lines += [f"\n{count:,} articles", _row("", [*found])]
        lines.append(_row("build articles/s", [f"{figures['rate']:.0f}" for figures in found.values()]))
        lines.append(_row("build articles/CPU s", [f"{each['articles'] / each['cpu']:.0f}" for each in found.values()]))
        lines.append(_row("build peak MB", [f"{figures['peak_mb']:.0f}" for figures in found.values()]))
        lines.append(_row("index MB without text", [f"{figures['bytes'] / 1e6:.1f}" for figures in found.values()]))
        asked = {engine: figures for engine, figures in found.items() if "ms" in figures}
        lines.append(_row("open + first answer s", [_first(figures) for figures in found.values()]))
        for name in ("anonymous", "private", "resident"):
            lines.append(_row(f"memory MB {name}", [_memory(figures, name) for figures in found.values()]))
        kinds = list(dict.fromkeys(next(iter(asked.values()))["kinds"]))
        rows: list[tuple[str, tuple[str, ...], str]] = [(kind, (kind,), "ms") for kind in kinds]
        for title, chosen, times in [*rows, ("all", (), "ms"), ("all, first pass", (), "cold")]:
            cells = [_cell(figures, chosen, times) for figures in found.values()]
            lines.append(_row(f"{title}: p50 / p95 ms", cells))
    return "\n".join(lines)


def _row(title: str, cells: list[str]) -> str:
    return f"{title:34}" + "".join(f"{cell:>17}" for cell in cells)


def _first(figures: Figures) -> str:
    return f"{figures['first_s']:.3f}" if "first_s" in figures else "-"


def _memory(figures: Figures, name: str) -> str:
    return f"{figures['memory'][name]:.0f}" if "memory" in figures else "-"


def _cell(figures: Figures, kinds: tuple[str, ...], times: str) -> str:
    if "ms" not in figures:
        return "-"
    return " / ".join(f"{value:.2f}" for value in percentiles(figures, kinds, times))


def ratios(results: dict[tuple[str, int], Figures], whoosh: tuple[Figures, Figures] | None) -> dict[str, float]:
    """Return the figures of build/bench.json, at the greatest number of articles."""
    count = max(count for _, count in results)
    at = {engine: figures for (engine, size), figures in results.items() if size == count}
    out: dict[str, float] = {"articles": at["ours"]["articles"], "open_s": at["ours"]["first_s"],
                             "private_mb": at["ours"]["memory"]["private"]}  # fmt: skip
    mine = percentiles(at["ours"])
    if "tantivy" in at:
        theirs = percentiles(at["tantivy"])
        phrases = ("phrase", "phrase-common")
        out["p50_vs_tantivy"], out["p95_vs_tantivy"] = mine[0] / theirs[0], mine[1] / theirs[1]
        out["phrase_p50_vs_tantivy"] = percentiles(at["ours"], phrases)[0] / percentiles(at["tantivy"], phrases)[0]
        out["build_vs_tantivy"] = at["ours"]["rate"] / at["tantivy"]["rate"]
        if "ours2" in at:
            out["build2_vs_tantivy"] = at["ours2"]["rate"] / at["tantivy"]["rate"]
        if "product" in at:
            product = percentiles(at["product"])
            out["product_p50_vs_tantivy"] = product[0] / theirs[0]
            out["product_p95_vs_tantivy"] = product[1] / theirs[1]
            out["product_private_mb"] = at["product"]["memory"]["private"]
    if "fts5" in at:
        out["size_vs_fts5"] = at["ours"]["bytes"] / at["fts5"]["bytes"]
    if whoosh:
        stock, ours = whoosh
        out["p50_speedup_vs_whoosh"] = percentiles(stock)[0] / percentiles(ours)[0]
        out["build_vs_whoosh"] = ours["rate"] / stock["rate"]
        out["whoosh_articles"] = stock["articles"]
    return {name: round(value, 4) for name, value in out.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=TOTAL)
    parser.add_argument("--sizes", default="0.25,0.5,1")
    parser.add_argument("--engines", default=",".join(PEERS))
    parser.add_argument("--whoosh", type=int, default=11_000, help="articles for stock Whoosh, 0 for none")
    parser.add_argument("--whoosh-queries", type=int, default=60)
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="for the indexes; a temporary folder otherwise")
    options = parser.parse_args()
    if not SHARED.is_dir():
        raise SystemExit(f"The articles of the benchmark are not at {SHARED}.")
    folder = Path(tempfile.mkdtemp(prefix="dau-bench-", dir=options.folder))
    try:
        results, whoosh = _measure_all(options, folder)
    finally:
        shutil.rmtree(folder)
    print(report(results))
    if whoosh:
        print("\nstock Whoosh and this engine on the same articles and a sample of the queries")
        print(report({("whoosh", 0): whoosh[0], ("ours", 0): whoosh[1]}))
    figures = ratios(results, whoosh)
    path = ROOT / "build" / "bench.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print("\n" + "\n".join(f"{name:28}{value:>12}" for name, value in figures.items()))


def _measure_all(options: argparse.Namespace, folder: Path) -> tuple[dict[tuple[str, int], Figures], Any]:
    results: dict[tuple[str, int], Figures] = {}
    for share in map(float, options.sizes.split(",")):
        count = int(options.articles * share)
        for engine in options.engines.split(","):
            print(f"{engine}, {count:,} articles ...", file=sys.stderr, flush=True)
            results[engine, count] = measure(engine, count, folder, passes=options.passes)
    whoosh = None
    if options.whoosh:
        print(f"whoosh, {options.whoosh:,} articles ...", file=sys.stderr, flush=True)
        stock = measure("whoosh", options.whoosh, folder, options.whoosh_queries, 1)
        whoosh = stock, measure("ours", options.whoosh, folder, options.whoosh_queries, options.passes)
    return results, whoosh


if __name__ == "__main__":
    main()
