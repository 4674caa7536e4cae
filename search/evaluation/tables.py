"""Print measures: as a table for people, as an object for programs."""

from collections.abc import Mapping
from statistics import fmean
from typing import Any, Final

from search.evaluation.measures import Measures

Results = Mapping[str, Mapping[str, Measures]]
#: The form that the others are compared with.
AS_TYPED: Final = "orig"


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
    """Return one line per task and form and, of several tasks, the means of the forms that all of them have.

    `loss` is what the form loses against the same queries as typed, in nDCG@10.
    """
    lines = [
        f"{'task':<18}{'form':<12}{'nDCG@10':>8}{'loss':>8}  {'95 %':^13}{'MRR@10':>8}{'R@100':>8}{'ms':>8}{'n':>6}"
    ]
    for task, forms in results.items():
        for form, found in forms.items():
            low, high = found.interval
            lines.append(
                f"{task:<18}{form:<12}{found.ndcg10:>8.3f}{_loss(forms, form):>8}  {low:.3f}-{high:.3f}  "
                f"{found.mrr10:>7.3f}{found.recall100:>8.3f}{found.ms:>8.2f}{found.queries:>6}"
            )
    if len(results) > 1:
        means = _means(results)
        lines += [f"{'all tasks, mean':<18}{form:<12}{found.ndcg10:>8.3f}{_loss(means, form):>8}  {'':<13}"
                  f"{found.mrr10:>8.3f}{found.recall100:>8.3f}{found.ms:>8.2f}{found.queries:>6}"
                  for form, found in means.items()]  # fmt: skip
    return "\n".join(lines)


def _loss(forms: Mapping[str, Measures], form: str) -> str:
    typed = forms.get(AS_TYPED)
    return f"{typed.ndcg10 - forms[form].ndcg10:+.3f}" if typed and form != AS_TYPED else ""


def _means(results: Results) -> dict[str, Measures]:
    """Return the means over tasks, every task weighing the same, of the forms that all tasks have."""
    tasks = list(results.values())
    return {
        form: Measures(
            ndcg10=fmean(forms[form].ndcg10 for forms in tasks),
            mrr10=fmean(forms[form].mrr10 for forms in tasks),
            recall100=fmean(forms[form].recall100 for forms in tasks),
            ms=fmean(forms[form].ms for forms in tasks),
            interval=(0.0, 0.0),
            queries=sum(forms[form].queries for forms in tasks),
        )
        for form in tasks[0]
        if all(form in forms for forms in tasks)
    }
