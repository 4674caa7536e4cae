"""Print measures: as tables for people, as an object for programs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from statistics import fmean
from typing import Any

from search.evaluation.codes import Codes
from search.evaluation.comparing import OVER_ALL, Gain
from search.evaluation.measures import Measures
from search.evaluation.result_sets import LengthMeasures
from search.evaluation.running import Evaluation
from search.evaluation.tasks import AS_TYPED

Results = Mapping[str, Mapping[str, Measures]]


def as_json(found: Evaluation) -> dict[str, dict[str, Any]]:
    """Return {task: {form: {ndcg10, mrr10, recall100, ms, ndcg10_interval, queries, corrections}}}.

    A task has also `codes` and, with judged queries about an index, `kinds` and `result_sets`, where these were
    measured.
    """
    result: dict[str, dict[str, Any]] = {}
    for task, forms in found.tasks.items():
        result[task] = {form: _object(measures) for form, measures in forms.items()}
        if task in found.codes:
            result[task]["codes"] = asdict(found.codes[task])
        if task in found.kinds:
            result[task]["kinds"] = {kind: _object(measures) for kind, measures in found.kinds[task].items()}
            result[task]["result_sets"] = [asdict(group) for group in found.result_sets[task]]
    return result


def _object(found: Measures) -> dict[str, Any]:
    return {
        "ndcg10": round(found.ndcg10, 4),
        "mrr10": round(found.mrr10, 4),
        "recall100": round(found.recall100, 4),
        "ms": round(found.ms, 3),
        "ndcg10_interval": [round(found.interval[0], 4), round(found.interval[1], 4)],
        "queries": found.queries,
        "corrections": found.corrections,
    }


def table(found: Evaluation) -> str:
    """Return all tables that there is something to say in."""
    parts = [_ranking(found.tasks, frozenset(found.kinds))]
    for task, kinds in found.kinds.items():
        parts += [_kinds(task, kinds), _result_sets(task, found.result_sets[task])]
    if found.codes:
        parts.append("\n".join(_notices(found.tasks, found.codes)))
    return "\n\n".join(parts)


def _ranking(results: Results, on_index: frozenset[str]) -> str:
    """Return one line per task and form and, of several tasks, the means of the forms that all of them have.

    `loss` is what the form loses against the same queries as typed, in nDCG@10; `corr` counts queries of which a word
    was corrected.  Tasks about an index that is there stay out of the means.
    """
    lines = [
        f"{'task':<18}{'form':<12}{'nDCG@10':>8}{'loss':>8}  {'95 %':^13}{'MRR@10':>8}{'R@100':>8}{'ms':>8}{'n':>6}"
        f"{'corr':>6}"
    ]
    for task, forms in results.items():
        lines += [
            f"{task:<18}{form:<12}{found.ndcg10:>8.3f}{_loss(forms, form):>8}  {_interval(found.interval)}  "
            f"{found.mrr10:>7.3f}{found.recall100:>8.3f}{found.ms:>8.2f}{found.queries:>6}{len(found.corrections):>6}"
            for form, found in forms.items()
        ]
    own = {task: forms for task, forms in results.items() if task not in on_index}
    if len(own) > 1:
        means = _means(own)
        lines += [f"{OVER_ALL:<18}{form:<12}{found.ndcg10:>8.3f}{_loss(means, form):>8}  {'':<13}"
                  f"{found.mrr10:>8.3f}{found.recall100:>8.3f}{found.ms:>8.2f}{found.queries:>6}"
                  f"{sum(len(forms[form].corrections) for forms in own.values()):>6}"
                  for form, found in means.items()]  # fmt: skip
    return "\n".join(lines)


def _interval(bounds: tuple[float, float]) -> str:
    return f"{bounds[0]:.3f}-{bounds[1]:.3f}"


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


def _kinds(task: str, kinds: Mapping[str, Measures]) -> str:
    """Return one line for each kind of judged queries, the worst first."""
    lines = [f"{task + ', by kind':<30}{'nDCG@10':>8}{'MRR@10':>8}{'R@100':>8}{'n':>6}"]
    for kind, found in sorted(kinds.items(), key=lambda entry: entry[1].ndcg10):
        lines.append(f"{kind:<30}{found.ndcg10:>8.3f}{found.mrr10:>8.3f}{found.recall100:>8.3f}{found.queries:>6}")
    return "\n".join(lines)


def _result_sets(task: str, groups: Sequence[LengthMeasures]) -> str:
    """Return one line for each length of queries: `P@10` by relevance and by date, total / relevant, and recall."""
    lines = [
        f"{task + ', by words':<30}{'P@10':>8}{'by date':>8}{'total/relevant':>16}{'members':>9}{'shown':>8}{'n':>6}"
    ]
    for group in groups:
        words = f"{group.words[0]} to {group.words[1]} words"
        lines.append(
            f"{words:<30}{group.precision:>8.3f}{group.precision_by_date:>8.3f}{group.total_per_relevant:>16.1f}"
            f"{group.among_members:>9.3f}{group.among_shown:>8.3f}{group.queries:>6}"
        )
    return "\n".join(lines)


def _notices(results: Results, codes: Mapping[str, Codes]) -> Iterator[str]:
    """Yield what was corrected as typed and which codes were decoded: most of either is wrong."""
    typed = {task: forms[AS_TYPED] for task, forms in results.items() if AS_TYPED in forms}
    changed = [notice for measures in typed.values() for notice in measures.corrections.values()]
    queries = sum(measures.queries for measures in typed.values())
    yield f"Corrected as typed: {len(changed)} of {queries} queries"
    yield from (f"  {notice}" for notice in changed)
    tried, decoded = 0, {}
    for found in codes.values():
        tried += found.tried
        decoded.update(found.decoded)
    yield f"Codes decoded: {len(decoded)} of {tried}"
    yield from (f"  {query}: {read}" for query, read in decoded.items())


def gains_table(gains: Sequence[Gain]) -> str:
    """Return one line per task and form: before, gain, its interval, and how many queries are better and worse."""
    lines = [f"{'task':<18}{'form':<12}{'before':>8}{'gain':>9}  {'95 %':^16}{'better':>8}{'worse':>7}"]
    for gain in gains:
        low, high = gain.interval
        lines.append(f"{gain.task:<18}{gain.form:<12}{gain.before:>8.3f}{gain.gain:>+9.4f}  "
                     f"{low:+.4f} {high:+.4f} {gain.better:>8}{gain.worse:>7}")  # fmt: skip
    return "\n".join(lines)
