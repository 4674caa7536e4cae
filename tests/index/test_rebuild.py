"""The rebuild job through its public face, on files as a user has them."""

import itertools
import json
import lzma
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.rebuild.job import rebuild
from index.rebuild.options import Limit, RebuildOptions, parse_limit
from index.rebuild.report import QUARANTINE_TEXT, Report, read_quarantine
from search.archive import manifest as manifests
from search.archive.generations import current_id, generation_ids, open_current
from search.archive.live import LiveArchive
from search.engines.facets import Filters
from search.results.answer import Request
from tests.conftest import bare_environment
from tests.faults.harness import NEW, OLD, write_inputs

DAU = [sys.executable, "-c", "from search.cli import main; main()"]
ALL = Limit(1.0, share=True)


def run(*words: object, **options: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*DAU, *map(str, words)], capture_output=True, text=True, timeout=300, **options)  # type: ignore[call-overload, no-any-return]


def build(root: Path, index: Path, **options: object) -> Report:
    report = rebuild(RebuildOptions(roots=(root,), index=index, jobs=1, **options))  # type: ignore[arg-type]
    assert report.indexed + report.unchanged + report.duplicate + len(report.rejected) == report.documents
    return report


def total(index: Path, word: str) -> int:
    archive = open_current(index)
    try:
        return archive.search(Request(q=word, strict=True)).total
    finally:
        archive.close()


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    write_inputs(tmp_path / "inputs", OLD)
    return tmp_path / "inputs"


def test_a_run_without_changes_publishes_nothing(inputs: Path, tmp_path: Path) -> None:
    first = build(inputs, tmp_path / "index")
    again = build(inputs, tmp_path / "index")
    assert (first.published, first.indexed, first.files, first.documents) == (True, 18, 13, 18)
    assert (again.published, again.unchanged, again.generation) == (False, 18, first.generation)
    extracted = again.stages.get("extract")  # timed, with a count of 0, where files are too fresh to be believed
    assert extracted is None or extracted.count == 0


def test_only_changed_documents_are_extracted_and_gone_ones_dropped(inputs: Path, tmp_path: Path) -> None:
    build(inputs, tmp_path / "index")
    lines = (inputs / "tin.jsonl").read_text().splitlines()
    lines[2] = lines[2].replace("Hai bên", "Ba bên")
    (inputs / "tin.jsonl").write_text("\n".join(lines))
    (inputs / "tin1.html").unlink()
    report = build(inputs, tmp_path / "index")
    assert (report.published, report.indexed, report.unchanged, report.removed) == (True, 1, 16, 1)


def test_what_the_records_of_a_site_repeat_is_learned_as_they_are_read_and_not_read_again(tmp_path: Path) -> None:
    archive, chrome = tmp_path / "crawl", "Ban biên tập giữ bản quyền nội dung này"
    archive.mkdir()
    records = [{"url": f"https://bao.vn/{number}.html", "title": f"Tin thứ {number} của tỉnh",
                "text": f"Đoàn công tác số {number} đã làm việc với các sở.\n\n{chrome}"}
               for number in range(100)]  # fmt: skip
    for name, some in ("a", records[:70]), ("b", records[70:]):
        lines = [json.dumps(record, ensure_ascii=False) for record in some]
        (archive / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    report = build(archive, tmp_path / "index")
    assert (report.articles, report.stages["learn"].count) == (100, 0)
    assert (total(tmp_path / "index", "đoàn"), total(tmp_path / "index", "quyền")) == (100, 0)


def test_a_file_is_read_again_for_its_site_alone_and_not_for_a_record_that_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    news, opened, open_ = tmp_path / "tin.jsonl", list[object](), os.open
    monkeypatch.setattr(os, "open", lambda path, *rest, **more: (opened.append(path), open_(path, *rest, **more))[1])

    def changed(site: str, word: str) -> tuple[int, int]:
        """Change the first record; return how many are extracted and how often the file is opened."""
        lines = [json.dumps({"url": f"https://{'bao.vn' if number else site}/{number}.html", "title": "Tin của tỉnh",
                             "text": f"Đoàn số {number} đã làm việc.{'' if number else word}"})
                 for number in range(30)]  # fmt: skip
        news.write_text("\n".join(lines), encoding="utf-8")
        opened.clear()
        report = build(news, tmp_path / "index")
        assert total(tmp_path / "index", f'"{word.strip()}"') == 1
        return report.stages["extract"].count, sum(str(path) == str(news) for path in opened)

    assert changed("khac.vn", " Câu thứ nhất") == (30, 1)
    assert changed("khac.vn", " Câu thứ hai") == (1, 1)
    assert changed("bao.vn", " Câu thứ ba") == (30, 2)


def test_a_file_that_was_only_touched_changes_nothing(inputs: Path, tmp_path: Path) -> None:
    build(inputs, tmp_path / "index")
    os.utime(inputs / "tin0.txt")
    assert not build(inputs, tmp_path / "index").published


def test_a_copy_is_an_article_and_a_link_is_a_duplicate(inputs: Path, tmp_path: Path) -> None:
    (inputs / "copy.txt").write_bytes((inputs / "tin0.txt").read_bytes())
    (inputs / "hard.txt").hardlink_to(inputs / "tin3.txt")
    (inputs / "soft.txt").symlink_to("tin6.txt")
    report = build(inputs, tmp_path / "index")
    assert (report.indexed, report.duplicate) == (19, 2)


def test_records_that_share_an_id_are_named_unless_they_are_the_same(tmp_path: Path) -> None:
    write_inputs(tmp_path / "inputs", OLD)
    text = json.loads((tmp_path / "inputs" / "tin.jsonl").read_text().splitlines()[0])["text"]
    same = json.dumps({"id": "a", "title": "Tin thứ nhất của tỉnh", "text": text})
    other = json.dumps({"id": "a", "title": "Tin thứ hai của tỉnh", "text": text})
    (tmp_path / "inputs" / "ids.jsonl").write_text("\n".join([same, same, other]))
    report = build(tmp_path / "inputs", tmp_path / "index")
    assert report.duplicate == 1
    assert [item.path for item in report.rejected] == [f"{tmp_path}/inputs/ids.jsonl#3"]
    assert "already used by" in report.rejected[0].reason


def test_rejects_stay_in_quarantine_since_their_first_day(inputs: Path, tmp_path: Path) -> None:
    (inputs / "empty.txt").write_bytes(b"")
    first = build(inputs, tmp_path / "index").rejected
    time.sleep(1.1)
    (inputs / "broken.json").write_text("{")
    second = build(inputs, tmp_path / "index").rejected
    assert first == tuple(item for item in second if "empty" in item.path)
    assert tuple(read_quarantine(tmp_path / "index")) == second
    lines = (tmp_path / "index" / QUARANTINE_TEXT).read_text().splitlines()
    assert [line.split("\t")[1] for line in lines] == [f"{inputs}/broken.json", f"{inputs}/empty.txt"]


def test_too_many_rejects_keep_the_served_archive(inputs: Path, tmp_path: Path) -> None:
    build(inputs, tmp_path / "index")
    for number in range(10):
        (inputs / f"bad{number}.json").write_text("{")
    report = build(inputs, tmp_path / "index")
    assert "--max-rejects" in report.warning  # nothing new to publish, but something to look at
    write_inputs(inputs, NEW)
    report = build(inputs, tmp_path / "index")
    assert not report.published
    assert "--max-rejects" in report.refused
    assert build(inputs, tmp_path / "index", max_rejects=ALL).refused == ""


def test_an_empty_disk_does_not_become_an_empty_index(inputs: Path, tmp_path: Path) -> None:
    build(inputs, tmp_path / "index")
    (tmp_path / "empty").mkdir()
    done = run("rebuild", tmp_path / "empty", "--index", tmp_path / "index", "--max-shrink", "100%")
    assert done.returncode == 1
    for path in inputs.glob("*.html"):
        path.unlink()
    assert "--max-shrink" in build(inputs, tmp_path / "index").refused
    assert total(tmp_path / "index", OLD) == 6


def test_if_needed_rebuilds_what_is_missing_damaged_or_outdated_and_nothing_else(
    inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    assert build(inputs, index, if_needed=True).published
    write_inputs(inputs, NEW)
    assert build(inputs, index, if_needed=True).skipped
    monkeypatch.setattr("search.archive.fingerprint.fingerprint", lambda: "other rules")
    assert build(inputs, index, if_needed=True).published
    (index / "CURRENT").write_text("nonsense")
    assert build(inputs, index, if_needed=True).published


def test_the_last_generations_are_kept_and_the_one_in_use_is_never_removed(inputs: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    first = build(inputs, index, keep=1).generation
    live = LiveArchive(index, poll=30)
    try:
        for mark in (NEW, OLD):
            write_inputs(inputs, mark)
            build(inputs, index, keep=1)
        assert first in generation_ids(index)
        assert len(generation_ids(index)) == 2
    finally:
        live.close()
    write_inputs(inputs, NEW)
    build(inputs, index, keep=2)
    assert len(generation_ids(index)) == 2
    assert first not in generation_ids(index)


def test_rollback_serves_the_generation_before_and_servers_follow_without_a_restart(
    inputs: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    build(inputs, index)
    live = LiveArchive(index)
    try:
        write_inputs(inputs, NEW)
        build(inputs, index)
        for command, word in ((None, NEW), ("rollback", OLD)):
            if command:
                assert run(command, "--index", index).returncode == 0
            until = time.monotonic() + 60
            with live.acquire() as before:
                found = 0
                while not found and time.monotonic() < until:
                    with live.acquire() as archive:
                        found = archive.search(Request(q=word, strict=True)).total
                    time.sleep(0.02)
                assert found == 6
                assert before.count == 18  # still open: its reader is not done
    finally:
        live.close()
    assert run("rollback", "--index", index).returncode == 2


def test_a_second_rebuild_waits_and_then_names_the_holder(inputs: Path, tmp_path: Path) -> None:
    from index.publish.locking import rebuild_lock

    with rebuild_lock(tmp_path / "index", 0):
        done = run("rebuild", inputs, "--index", tmp_path / "index", "--wait", "0.3")
    assert done.returncode == 75
    assert f"process {os.getpid()} on {os.uname().nodename}" in done.stderr
    assert run("rebuild", inputs, "--index", tmp_path / "index", "--wait", "0").returncode == 0


def test_a_damaged_cache_is_made_anew(inputs: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    build(inputs, index)
    cache = index / "cache.sqlite"
    for damage in (b"nonsense", cache.read_bytes()[:20_000], bytes(8192)):
        cache.write_bytes(damage)
        write_inputs(inputs, NEW if total(index, OLD) else OLD)
        report = build(inputs, index)
        assert (report.published, report.articles) == (True, 18)


@pytest.mark.parametrize("part", ["engine/*.inv", "engine/*.sto", "lexicon/cf.npy", "suggestions/starts.npy"])
def test_an_increment_does_not_carry_damage_over(
    tmp_path: Path, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.archive.manifest.SMALL_FILE", 0)  # else it is verified whenever opened
    inputs, index = tmp_path / "inputs", tmp_path / "index"
    write_inputs(inputs, OLD, count=120)
    old = index / "generations" / build(inputs, index).generation / "archive"
    harmed = next(old.glob(part))
    whole = harmed.read_bytes()
    harmed.write_bytes(whole[:-40] + bytes([whole[-40] ^ 4]) + whole[-39:])
    (inputs / "tin0.txt").write_text((inputs / "tin0.txt").read_text().replace(OLD, NEW))
    report = build(inputs, index)
    assert (report.published, report.indexed) == (True, 1)
    new = index / "generations" / report.generation / "archive"
    assert [total(index, NEW), total(index, OLD)] == [1, 39]
    manifests.check_full(new.parent, manifests.read(new.parent))
    build(inputs, tmp_path / "full")
    assert _answers(index, ["hội nghị", NEW, "ba bên"]) == _answers(tmp_path / "full", ["hội nghị", NEW, "ba bên"])


def test_other_source_that_says_the_same_keeps_what_is_known_and_is_understood_once(
    inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never() -> str:
        raise AssertionError("what the source says was worked out although it is the source of the last run")

    build(inputs, tmp_path / "index")
    monkeypatch.setattr("index.extract.version.source_digest", lambda: "with a comment more")
    assert extracted(build(inputs, tmp_path / "index")) == 0
    with monkeypatch.context() as patch:
        patch.setattr("index.extract.version.extractor_version", never)
        assert extracted(build(inputs, tmp_path / "index")) == 0
    monkeypatch.setattr("index.extract.version.source_digest", lambda: "with other rules")
    monkeypatch.setattr("index.extract.version.extractor_version", lambda: "other rules")
    assert extracted(build(inputs, tmp_path / "index")) == 18


def extracted(report: Report) -> int:
    return report.stages["extract"].count if "extract" in report.stages else 0


def test_a_foreign_folder_is_left_alone(inputs: Path, tmp_path: Path) -> None:
    done = run("rebuild", inputs, "--index", inputs)
    assert done.returncode == 2
    assert "other files" in done.stderr
    assert not (inputs / "LOCK").exists()


def test_cron_hears_nothing_of_success_and_one_message_of_failure(inputs: Path, tmp_path: Path) -> None:
    metrics = tmp_path / "dau.prom"
    words = ("rebuild", inputs, "--index", tmp_path / "index", "--quiet", "--metrics-file", metrics)
    bare = {**bare_environment(), "LANG": "C"}
    done = run(*words, env=bare, cwd="/")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "dau_rebuild_exit_code 0\n" in metrics.read_text()
    for path in inputs.glob("*.txt"):
        path.write_bytes(b"")
    done = run(*words, env=bare, cwd="/")
    assert done.returncode == 1
    assert 3 <= len(done.stderr.splitlines()) < 20
    assert "dau_rebuild_exit_code 1\n" in metrics.read_text()


def test_the_json_report_has_the_promised_keys(inputs: Path, tmp_path: Path) -> None:
    (inputs / "empty.txt").write_bytes(b"")
    report = json.loads(run("rebuild", inputs, "--index", tmp_path / "index", "--json").stdout)
    assert report["generation"] == current_id(tmp_path / "index")
    assert (report["indexed"], report["unchanged"], report["duplicate"], report["files"]) == (18, 0, 0, 14)
    assert [item["path"] for item in report["rejected"]] == [f"{inputs}/empty.txt"]
    assert report["seconds"] > 0
    assert report["stages"]["extract"]["count"] == 19


@pytest.mark.parametrize(
    ("text", "limit"),
    [("10%", Limit(0.1, True)), ("10 %", Limit(0.1, True)), ("0.1", Limit(0.1, True)), ("25", Limit(25, False))],
)
def test_limits_are_shares_or_numbers(text: str, limit: Limit) -> None:
    assert parse_limit(text) == limit


@pytest.mark.slow
def test_any_sequence_of_increments_answers_like_a_full_rebuild(tmp_path: Path) -> None:
    inputs, random_ = tmp_path / "inputs", random.Random(11)
    write_inputs(inputs, OLD, count=60)
    queries = ["hội nghị", "sở ngoại vụ", "thanh hóa", '"hợp tác trong năm tới"', "ghi chú", OLD, NEW, "ha giang -văn",
               "title:nghệ", "giáo dục OR lũ", "thuong mai bien gioi", "ba bên"]
    build(inputs, tmp_path / "index")
    for _ in range(5):
        _edit(inputs, random_)
        build(inputs, tmp_path / "index", max_shrink=ALL)
        build(inputs, tmp_path / "full", max_shrink=ALL, full=True)
        assert _answers(tmp_path / "index", queries) == _answers(tmp_path / "full", queries)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_increments_merged_into_the_last_generation_answer_like_a_full_rebuild(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr("index.rebuild.job._MAX_CHANGED", 0.9)  # no full build between
    inputs, random_ = tmp_path / "inputs", random.Random(seed)
    write_inputs(inputs, OLD, count=360)
    records = [json.loads(line) for line in (inputs / "tin.jsonl").read_text().splitlines()]
    asked = ["hội nghị", "sở ngoại vụ", '"hợp tác trong năm tới"', OLD, NEW, "hà giang -văn", "title:nghệ", "ba bên",
             "giáo dục OR lũ", *(f"{random_.choice(record['text'].split())} tin" for record in records[:30])]
    build(inputs, tmp_path / "index")
    for step in range(4):
        if step:
            _edit(inputs, random_)
        else:  # changed in place: documents keep their numbers, and their lists are copied as bytes
            path = inputs / f"tin{3 * random_.randrange(100)}.txt"
            path.write_text(path.read_text().replace("Hai bên", "Ba bên chữ mới"))
        report = build(inputs, tmp_path / "index", max_shrink=ALL)
        assert report.published and report.stages["build"].count < 20
        build(inputs, tmp_path / "full", full=True)
        found, expected = _typed(tmp_path / "index", asked), _typed(tmp_path / "full", asked)
        assert found[0] == expected[0]
        assert found[1] == pytest.approx(expected[1], rel=1e-6)


def _typed(index: Path, queries: list[str]) -> tuple[list[object], list[float]]:
    archive = open_current(index)
    try:
        answers = [archive.search(Request(q=query, size=50, strict=True)) for query in queries]
        assert sum(answer.total for answer in answers) > 1000
        shown = [(answer.total, answer.facets, [hit.article.id for hit in answer.hits]) for answer in answers]
        return list(shown), [hit.score for answer in answers for hit in answer.hits]
    finally:
        archive.close()


@pytest.mark.slow
def test_the_benchmark_queries_find_the_same_after_random_edits_as_after_a_full_rebuild(
    tmp_path: Path, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.rebuild.job._MAX_CHANGED", 0.9)  # no full build between
    inputs, random_ = tmp_path / "inputs", random.Random(int(os.environ.get("DAU_SEED", "7")))
    inputs.mkdir()
    with lzma.open(shared_data / "news" / "baomoi2017.jsonl.xz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in itertools.islice(lines, 1000)]
    for number, record in enumerate(records[:700]):
        (inputs / f"{number}.json").write_text(json.dumps(record))
    questions = [json.loads(line) for line in (shared_data / "queries" / "bench.jsonl").read_text().splitlines()]
    requests = [Request(q=each["q"], size=30, sort=random_.choice(["relevance", "relevance", "newest", "oldest"]),
                        filters=Filters(tuple(filter(None, [each.get("province")])), each.get("year")))
                for each in questions]
    build(inputs, tmp_path / "index")
    for step in range(2):
        for path in random_.sample(sorted(inputs.iterdir()), 40):
            _edit_record(path, records, f"{step}-{random_.randrange(10**6)}.json", random_)
        report = build(inputs, tmp_path / "index", max_shrink=ALL)
        assert report.published and report.stages["build"].count < 60
        build(inputs, tmp_path / "full", full=True)
        found, expected = (_found(tmp_path / name, requests) for name in ("index", "full"))
        assert found[0] == expected[0]
        assert found[1] == pytest.approx(expected[1], rel=1e-6)


def _edit_record(path: Path, records: list[dict[str, str]], name: str, random_: random.Random) -> None:
    """Add beside, change, retitle, remove, rename or touch one article."""
    record, other = json.loads(path.read_text()), random_.choice(records[700:])
    kind = random_.randrange(6)
    if kind == 0:
        path.with_name(name).write_text(json.dumps(other))
    elif kind in (1, 2):
        part = "text" if kind == 1 else "title"
        path.write_text(json.dumps({**record, part: other[part]}))
    elif kind == 3:
        path.unlink()
    elif kind == 4:
        path.rename(path.with_name(name))
    else:
        path.touch()


def _found(index: Path, requests: list[Request]) -> tuple[list[object], list[float]]:
    archive = open_current(index)
    try:
        answers = [archive.search(request) for request in requests]
        assert sum(answer.total for answer in answers) > 5000
        shown: list[object] = [
            (answer.total, answer.facets, answer.notices, [(hit.article.id, hit.twins) for hit in answer.hits])
            for answer in answers
        ]
        shown += [archive.suggest(typed) for typed in ("h", "ha n", "việt", "nguyễn", "cong an")]
        return shown, [hit.score for answer in answers for hit in answer.hits]
    finally:
        archive.close()


def _edit(inputs: Path, random_: random.Random) -> None:
    files = sorted(inputs.glob("tin*.*"))
    for path in random_.sample(files, 4):
        kind = random_.randrange(3)
        text = path.read_text()
        if kind == 0 and len(files) > 20 and path.suffix != ".jsonl":
            path.unlink()
        elif kind == 1:
            old, new = ("Hai bên", "Ba bên") if "Hai bên" in text else ("Ba bên", "Hai bên")
            path.write_text(text.replace(old, new))
        else:
            path.with_name(f"tin{random_.randrange(1000)}-mới{path.suffix}").write_text(text.replace(OLD, NEW))


def _answers(index: Path, queries: list[str]) -> list[object]:
    archive = open_current(index)
    try:
        answers = [archive.search(Request(q=query, size=50)) for query in queries]
        return [(answer.total, answer.facets, [(hit.article.id, round(hit.score, 4)) for hit in answer.hits])
                for answer in answers]
    finally:
        archive.close()
