"""`dau eval`: its measures agree with a well-kept library, and it runs a folder of tasks."""

import gzip
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import ir_measures
import pytest
from ir_measures import RR, R, nDCG

from search.archive.archive import Archive
from search.archive.building import ArchiveBuilder
from search.article import Article, ArticleDate
from search.evaluation.codes import measure_codes
from search.evaluation.comparing import compare
from search.evaluation.measures import Measures, QueryMeasures, bootstrap, ndcg, recall, reciprocal_rank
from search.evaluation.result_sets import by_length, measure_sets
from search.evaluation.running import Evaluation
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
    lines = [line.split() for line in table(Evaluation(results)).splitlines()]
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


def article(name: str, title: str, body: str, year: int) -> Article:
    return Article(name, "", title, body, date=ArticleDate(f"{year}-05-01", "day"))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with ArchiveBuilder(tmp_path / "archive") as builder:
        builder.add([
            article("flood", "Lũ quét ở Yên Bái", "Lũ quét cuốn trôi nhà dân.", 2015),
            article("storm", "Bão số 3", "Bão gây lũ lớn, chưa rõ thiệt hại.", 2018),
            article("match", "Giải U17 quốc gia", "Đội U17 thắng, giải U17 kết thúc ở A5.", 2019),
        ])  # fmt: skip
    opened = Archive.open(tmp_path / "archive")
    yield opened
    opened.close()


def test_a_result_set_is_judged_by_date_and_by_its_size(archive: Archive) -> None:
    (found,) = measure_sets(archive, {"q": "lũ"}, {"q": {"flood": 1, "elsewhere": 1}})
    assert (found.words, found.precision, found.precision_by_date) == (1, 0.5, 0.5)
    assert found.total_per_relevant == 1.0  # flood and storm, for two that are relevant
    assert found.among_members == found.among_shown == 0.5  # the other one is not in the archive
    (group,) = by_length([found])
    assert (group.words, group.queries, group.precision_by_date) == ((1, 1), 1, 0.5)


def test_codes_of_titles_are_tried_with_the_words_at_their_side(archive: Archive) -> None:
    codes = measure_codes(archive)
    assert codes.tried == 1
    assert set(codes.decoded) <= {"Giải U17 quốc"}


def test_a_file_of_judged_queries_gives_kinds_and_result_sets(
    dau: Callable[..., CompletedProcess[str]], sample_index: Path, tmp_path: Path
) -> None:
    hits = json.loads(dau("search", "Hủa Phăn", "--index", sample_index, "--json").stdout)["hits"]
    lines = [{"id": "a", "kind": "foreign", "query": "Hủa Phăn", "relevant": {hits[0]["id"]: 2}}]
    judged = tmp_path / "judged.jsonl"
    judged.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    done = dau("eval", judged, "--index", sample_index, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["judged"]
    assert found["kinds"]["foreign"]["mrr10"] == 1.0
    assert found["result_sets"][0]["queries"] == 1
    assert "foreign" in dau("eval", judged, "--index", sample_index).stdout
    judged.write_text("[]", encoding="utf-8")
    assert "no file of judged queries" in dau("eval", judged, "--index", sample_index).stderr


def test_equal_weights_gain_nothing_and_others_are_told_with_an_interval(
    dau: Callable[..., CompletedProcess[str]], tasks: Path, tmp_path: Path
) -> None:
    weights = tmp_path / "weights.toml"
    weights.write_text("pair = 0.3\nvariant_floor = 0.1\n")
    done = dau("eval", tasks, "--compare", weights, "--json")
    assert done.returncode == 0, done.stderr
    (gain,) = json.loads(done.stdout)
    assert (gain["task"], gain["before"], gain["gain"], gain["interval"]) == ("T0", 1.0, 0.0, [0.0, 0.0])


@pytest.mark.parametrize(("line", "named"), [("pears = 1", "pears"), ("pair = 'x'", "pair"), ("pair =", "weights")])
def test_what_is_no_weight_is_named(
    dau: Callable[..., CompletedProcess[str]], tasks: Path, tmp_path: Path, line: str, named: str
) -> None:
    weights = tmp_path / "weights.toml"
    weights.write_text(line)
    done = dau("eval", tasks, "--weights", weights)
    assert done.returncode == 2
    assert named in done.stderr


def test_a_paired_interval_is_narrower_than_that_of_either_run() -> None:
    chance = random.Random(5)
    before = {str(number): QueryMeasures(chance.random(), 0.0, 0.0, 1.0) for number in range(200)}
    after = {name: found._replace(ndcg10=found.ndcg10 + 0.01) for name, found in before.items()}
    runs = [Evaluation({name: {"orig": Measures.of(found)} for name in "AB"}) for found in (before, after)]
    gains = compare(*runs)
    assert [gain.task for gain in gains] == ["A", "B", "all tasks, mean"]
    for gain in gains:
        assert gain.gain == pytest.approx(0.01)
        assert gain.interval == pytest.approx((0.01, 0.01))
        assert (gain.better, gain.worse) == ((400, 0) if gain.task.startswith("all") else (200, 0))
