"""`dau eval`: its measures agree with a well-kept library, and it runs a folder of tasks."""

import gzip
import json
import random
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import ir_measures
import pytest
from ir_measures import RR, R, nDCG

from search.evaluation.measures import Measures, bootstrap, ndcg, recall, reciprocal_rank
from search.evaluation.tables import table


def test_measures_agree_with_ir_measures() -> None:
    chance = random.Random(7)
    for _ in range(50):
        docs = [f"d{number}" for number in range(150)]
        judged = {doc: chance.choice([0, 1, 1, 2]) for doc in chance.sample(docs, 12)}
        judged["d0"] = 1
        ranked = chance.sample(docs, 120)
        qrels = [ir_measures.Qrel("q", doc, value) for doc, value in judged.items()]
        run = [ir_measures.ScoredDoc("q", doc, -float(rank)) for rank, doc in enumerate(ranked)]
        theirs = ir_measures.calc_aggregate([nDCG @ 10, RR @ 10, R @ 100], qrels, run)
        assert ndcg(ranked, judged) == pytest.approx(theirs[nDCG @ 10])
        assert reciprocal_rank(ranked, judged) == pytest.approx(theirs[RR @ 10])
        assert recall(ranked, judged) == pytest.approx(theirs[R @ 100])


def test_the_bootstrap_interval_holds_the_mean_and_shrinks_with_more_queries() -> None:
    chance = random.Random(3)
    few, many = ([chance.random() for _ in range(count)] for count in (20, 2000))
    for values in (few, many):
        low, high = bootstrap(values)
        assert low < sum(values) / len(values) < high
    assert bootstrap(many)[1] - bootstrap(many)[0] < bootstrap(few)[1] - bootstrap(few)[0]


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    folder = tmp_path / "tasks" / "T0"
    (folder / "dev").mkdir(parents=True)
    (folder / "task.json").write_text(
        json.dumps({"corpus": ["corpus.jsonl"], "fields": {"title": ["name"], "text": ["text"]}, "about": "a test"})
    )
    records = [{"_id": "x", "name": "Mía", "text": "Đường làm từ mía."}, {"_id": "y", "name": "Lúa", "text": "Gạo."}]
    (folder / "corpus.jsonl").write_text("\n".join(json.dumps(record) for record in records))
    with gzip.open(folder / "dev" / "queries_orig.jsonl.gz", "wt") as queries:
        queries.write(json.dumps({"_id": "q1", "text": "duong mia"}))
    (folder / "dev" / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tx\t1\n")
    return folder.parent


def test_the_command_prints_one_object_per_task_and_form(
    dau: Callable[..., CompletedProcess[str]], tasks: Path
) -> None:
    done = dau("eval", tasks, "--json")
    assert done.returncode == 0, done.stderr
    form = json.loads(done.stdout)["T0"]["orig"]
    assert (form["ndcg10"], form["mrr10"], form["recall100"]) == (1.0, 1.0, 1.0)
    assert form["ms"] > 0


def test_the_table_gives_means_over_tasks_and_the_loss_against_queries_as_typed() -> None:
    def form(ndcg10: float) -> Measures:
        return Measures(ndcg10, 0.5, 0.6, 1.0, (0.1, 0.9), 10)

    results = {
        "A": {"orig": form(0.8), "khongdau": form(0.7)},
        "B": {"orig": form(0.6), "khongdau": form(0.5), "telex": form(0.4)},
    }
    lines = [line.split() for line in table(results).splitlines()]
    assert lines[2][:4] == ["A", "khongdau", "0.700", "+0.100"]
    means = [line for line in lines if line[:3] == ["all", "tasks,", "mean"]]
    assert [line[3:5] for line in means] == [["orig", "0.700"], ["khongdau", "0.600"]]
    assert means[1][5] == "+0.100"


def test_a_folder_without_tasks_is_one_clear_sentence(
    dau: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    done = dau("eval", tmp_path)
    assert done.returncode == 2
    assert "no task" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_judged_sample_runs_on_an_index_of_the_sample(
    dau: Callable[..., CompletedProcess[str]], sample_index: Path
) -> None:
    judged = Path(__file__).parents[2] / "search" / "sample" / "judged"
    done = dau("eval", judged, "--index", sample_index, "--json")
    assert done.returncode == 0, done.stderr
    forms = json.loads(done.stdout)["sample"]
    assert forms["orig"]["ndcg10"] >= 0.94
    assert forms["khongdau"]["ndcg10"] >= 0.94
    assert "--index" in dau("eval", judged).stderr
