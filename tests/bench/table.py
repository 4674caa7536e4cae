"""What the benchmark measured, as a table and as the ratios of build/bench.json."""

from collections.abc import Sequence
from statistics import median
from typing import Any

import numpy as np

Figures = dict[str, Any]
#: Figures by engine and number of articles.
Results = dict[tuple[str, int], Figures]

PHRASES = ("phrase", "phrase-common")


def gathered(built: Sequence[Figures], asked: Sequence[Figures]) -> Figures:
    """Return the figures of one engine: medians, and the fastest, of what was measured several times."""
    rates = [each["rate"] for each in built]
    cpu = [each["articles"] / each["cpu"] for each in built]
    out = {**built[0], "rate": median(rates), "best_rate": max(rates), "cpu_rate": median(cpu),
           "peak_mb": max(each["peak_mb"] for each in built)}  # fmt: skip
    if asked:
        times = [[ms for each in asked for ms in each["warm"][place]] for place in range(len(asked[0]["kinds"]))]
        out |= {
            "kinds": asked[0]["kinds"], "memory": asked[-1]["memory"],
            "first_s": median(each["first_s"] for each in asked),
            "ms": [median(each) for each in times], "fastest": [min(each) for each in times],
            "cold": [median(each) for each in zip(*(each["cold"] for each in asked), strict=True)],
        }  # fmt: skip
    return out


def percentiles(figures: Figures, kinds: tuple[str, ...] = (), times: str = "ms") -> tuple[float, float]:
    """Return p50 and p95 in milliseconds of all queries or of those of some kinds."""
    chosen = [ms for ms, kind in zip(figures[times], figures["kinds"], strict=True) if not kinds or kind in kinds]
    return float(np.percentile(chosen, 50)), float(np.percentile(chosen, 95))


def report(results: Results) -> str:
    """Return the table: one block per number of articles."""
    lines = []
    for count in sorted({count for _, count in results}):
        found = {engine: figures for (engine, size), figures in results.items() if size == count}
        each = found.values()
        lines += [f"\n{count:,} articles", _row("", [*found])]
        lines.append(_row("build articles/s: median / best",
                          [f"{one['rate']:.0f} / {one['best_rate']:.0f}" for one in each]))  # fmt: skip
        lines.append(_row("build articles/CPU s", [f"{one['cpu_rate']:.0f}" for one in each]))
        lines.append(_row("build peak MB", [f"{one['peak_mb']:.0f}" for one in each]))
        lines.append(_row("index MB without text", [f"{one['bytes'] / 1e6:.1f}" for one in each]))
        lines.append(_row("open + first answer s", [_shown(one.get("first_s"), 3) for one in each]))
        for name in ("anonymous", "private", "resident"):
            lines.append(_row(f"memory MB {name}", [_shown(one.get("memory", {}).get(name), 0) for one in each]))
        kinds = list(dict.fromkeys(kind for one in each for kind in one.get("kinds", ())))
        rows: list[tuple[str, tuple[str, ...], str]] = [(kind, (kind,), "ms") for kind in kinds]
        rows += [("all", (), "ms"), ("all, fastest pass", (), "fastest"), ("all, first pass", (), "cold")]
        for title, chosen, times in rows:
            lines.append(_row(f"{title}: p50 / p95 ms", [_cell(one, chosen, times) for one in each]))
    return "\n".join([*lines, *_growth_rows(results)])


def _row(title: str, cells: Sequence[str]) -> str:
    return f"{title:34}" + "".join(f"{cell:>17}" for cell in cells)


def _shown(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _cell(figures: Figures, kinds: tuple[str, ...], times: str) -> str:
    if times not in figures:
        return "-"
    return " / ".join(f"{value:.2f}" for value in percentiles(figures, kinds, times))


def growth(results: Results, engine: str) -> tuple[float, float] | None:
    """Return (ratio of articles, ratio of p50) of the greatest size to the smallest one."""
    sizes = sorted(count for name, count in results if name == engine)
    if len(sizes) < 2 or "ms" not in results[engine, sizes[0]]:
        return None
    first, last = results[engine, sizes[0]], results[engine, sizes[-1]]
    return sizes[-1] / sizes[0], percentiles(last)[0] / percentiles(first)[0]


def _growth_rows(results: Results) -> list[str]:
    rows = []
    for engine in dict.fromkeys(name for name, _ in results):
        found = growth(results, engine)
        if found:
            rows.append(f"{engine}: {found[0]:.1f} times the articles, {found[1]:.2f} times the p50")
    return ["", *rows] if rows else []


def ratios(results: Results, whoosh: dict[str, Figures]) -> dict[str, float]:
    """Return the figures of build/bench.json, at the greatest number of articles."""
    count = max(count for _, count in results)
    at = {engine: figures for (engine, size), figures in results.items() if size == count}
    ours = at["ours"]
    out: dict[str, float] = {}
    if "tantivy" in at:
        theirs = at["tantivy"]
        for name, place in (("p50", 0), ("p95", 1)):
            out[f"{name}_vs_tantivy"] = percentiles(ours)[place] / percentiles(theirs)[place]
            out[f"fastest_{name}_vs_tantivy"] = (
                percentiles(ours, (), "fastest")[place] / percentiles(theirs, (), "fastest")[place]
            )
        out["phrase_p50_vs_tantivy"] = percentiles(ours, PHRASES)[0] / percentiles(theirs, PHRASES)[0]
        out["build_vs_tantivy"] = ours["rate"] / theirs["rate"]
        if "ours2" in at:
            out["build2_vs_tantivy"] = at["ours2"]["rate"] / theirs["rate"]
        if "product" in at:
            out["product_p50_vs_tantivy"] = percentiles(at["product"])[0] / percentiles(theirs)[0]
            out["product_p95_vs_tantivy"] = percentiles(at["product"])[1] / percentiles(theirs)[1]
    if "fts5" in at:
        out["size_vs_fts5"] = ours["bytes"] / at["fts5"]["bytes"]
    if whoosh:
        out["p50_speedup_vs_whoosh"] = percentiles(whoosh["whoosh"])[0] / percentiles(whoosh["ours"])[0]
        out["build_vs_whoosh"] = whoosh["ours"]["rate"] / whoosh["whoosh"]["rate"]
        out["whoosh_articles"] = whoosh["whoosh"]["articles"]
    grown = growth(results, "ours")
    if grown:
        out["growth_articles"], out["growth_p50"] = grown
    out["private_mb"], out["open_s"] = ours["memory"]["private"], ours["first_s"]
    if "product" in at:
        out["product_private_mb"] = at["product"]["memory"]["private"]
    out["articles"] = ours["articles"]
    return {name: round(value, 4) for name, value in out.items()}
