"""Compare two sets of weights on the same queries: a gain is one if its 95 % interval leaves out 0.

Weights are read from a TOML file whose keys are those of `search.planning.weights`; what it does not name stays as
it is.  The interval is that of the paired bootstrap: differences query by query, so that hard queries cancel.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import fmean

import numpy as np

from search.errors import UserError
from search.evaluation.measures import RESAMPLES, bootstrap
from search.evaluation.running import Evaluation
from search.planning.weights import WEIGHTS, Weights

#: Name of the rows over several tasks.
OVER_ALL = "all tasks, mean"


@dataclass(frozen=True, slots=True)
class Gain:
    """The mean difference of nDCG@10, and of how many queries better and worse; `task` may be `OVER_ALL`."""

    task: str
    form: str
    before: float
    gain: float
    interval: tuple[float, float]
    better: int
    worse: int


def read_weights(path: Path) -> Weights:
    """Return the weights with those of a TOML file in their places.  Raises UserError for what is no weight."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UserError(f"The weights in {path} can't be read: {error}.") from error
    known = asdict(WEIGHTS)
    for name, value in table.items():
        if name not in known:
            raise UserError(f"{path}: there is no weight {name!r}; known are {', '.join(known)}.")
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise UserError(f"{path}: the weight {name} must be a number, not {value!r}.")
    return replace(WEIGHTS, **{name: type(known[name])(value) for name, value in table.items()})


def compare(before: Evaluation, after: Evaluation) -> list[Gain]:
    """Return the gains of each task and form, and of the forms that all tasks with a corpus of their own have."""
    every = {
        (task, form): _differences(before, after, task, form) for task, forms in before.tasks.items() for form in forms
    }
    gains = [_gain(task, form, before, differences) for (task, form), differences in every.items()]
    return [*gains, *_over_all(before, every)]


def _differences(before: Evaluation, after: Evaluation, task: str, form: str) -> list[float]:
    old, new = before.tasks[task][form].by_query, after.tasks[task][form].by_query
    return [new[query].ndcg10 - found.ndcg10 for query, found in old.items()]


def _gain(task: str, form: str, before: Evaluation, differences: list[float]) -> Gain:
    better, worse = sum(each > 1e-9 for each in differences), sum(each < -1e-9 for each in differences)
    gain = fmean(differences) if differences else 0.0
    return Gain(task, form, before.tasks[task][form].ndcg10, gain, bootstrap(differences), better, worse)


def _over_all(before: Evaluation, every: dict[tuple[str, str], list[float]]) -> Iterator[Gain]:
    """Yield the means over tasks, each weighing the same: queries are drawn within their task."""
    tasks = [task for task in before.tasks if task not in before.kinds]
    for form in before.tasks[tasks[0]] if len(tasks) > 1 else ():
        if all(form in before.tasks[task] for task in tasks):
            groups = [np.asarray(every[task, form]) for task in tasks]
            chance = np.random.default_rng(1)
            means = [group[chance.integers(0, len(group), (RESAMPLES, len(group)))].mean(axis=1) for group in groups]
            low, high = np.percentile(np.mean(means, axis=0), [2.5, 97.5])
            yield Gain(
                OVER_ALL, form, fmean(before.tasks[task][form].ndcg10 for task in tasks),
                fmean(group.mean() for group in groups), (float(low), float(high)),
                sum(int((group > 1e-9).sum()) for group in groups), sum(int((group < -1e-9).sum()) for group in groups),
            )  # fmt: skip
