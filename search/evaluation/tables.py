"""Print measures: as a table for people, as an object for programs."""

from collections.abc import Mapping
from typing import Any

from search.evaluation.measures import Measures

Results = Mapping[str, Mapping[str, Measures]]


def as_json(results: Results) -> dict[str, dict[str, dict[str, Any]]]:
    """Return {task: {form: {ndcg10, mrr10, recall100, ms, ndcg10_interval, queries}}}."""
    return {
        task: {
            form: {
                "ndcg10": round(found.ndcg10, 4),
                "mrr10": round(found.mrr10, 4),
                "recall100": round(found.recall100, 4),
                "ms": round(found.ms, 3),
                "ndcg10_interval": [round(found.interval[0], 4), round(found.interval[1], 4)],
                "queries": found.queries,
            }
            for form, found in forms.items()
        }
        for task, forms in results.items()
    }


def table(results: Results) -> str:
    """Return one line per task and form, and the mean over tasks of each form."""
    lines = [f"{'task':<18}{'form':<12}{'nDCG@10':>8}  {'95 %':^13}{'MRR@10':>8}{'R@100':>8}{'ms':>8}{'n':>6}"]
    means: dict[str, list[float]] = {}
    for task, forms in results.items():
        for form, found in forms.items():
            means.setdefault(form, []).append(found.ndcg10)
            low, high = found.interval
            lines.append(
                f"{task:<18}{form:<12}{found.ndcg10:>8.3f}  {low:.3f}-{high:.3f}  "
                f"{found.mrr10:>7.3f}{found.recall100:>8.3f}{found.ms:>8.2f}{found.queries:>6}"
            )
    if len(results) > 1:
        lines += [f"{'mean of tasks':<18}{form:<12}{sum(values) / len(values):>8.3f}" for form, values in means.items()]
    return "\n".join(lines)
