"""An operator's worst month: interrupts, disks that are not there, damage, rollbacks, hostile input, wrong clocks."""

import contextlib
import json
import lzma
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from index.publish.checking import check_all
from index.rebuild import scanning
from index.rebuild.job import rebuild
from index.rebuild.options import Limit, RebuildOptions
from index.rebuild.report import LAST_RUN, QUARANTINE_TEXT, Report
from index.state.cache import FILE_NAME
from search.archive import manifest as manifests
from search.archive.generations import CURRENT, current_id, generation_ids, open_current
from search.archive.live import LiveArchive
from search.errors import IndexDamaged, RebuildFailed, SettingsError
from search.results.answer import Request
from tests.faults.harness import NEW, OLD, write_inputs

DAU = [sys.executable, "-c", "from search.cli import main; main()"]
ALL = Limit(1.0, share=True)


def dau(*words: object, **options: Any) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*DAU, *map(str, words)], capture_output=True, text=True, timeout=300, **options)


def build(root: Path, index: Path, **options: Any) -> Report:
    return rebuild(RebuildOptions(roots=(root,), index=index, jobs=1, **options))


def ids(index: Path, word: str = "hội nghị") -> set[str]:
    archive = open_current(index)
    try:
        return {hit.article.title for hit in archive.search(Request(q=word, size=100)).hits}
    finally:
        archive.close()


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    write_inputs(tmp_path / "inputs", OLD)
    return tmp_path / "inputs"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_an_interrupt_between_reading_and_naming_the_sites_loses_no_article(
    inputs: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(scanning.Scanner, "_store_names", interrupt)
        patched.setattr("index.state.cache._PULSE", 0.0)
        with pytest.raises(KeyboardInterrupt):
            build(inputs, index)
    report = build(inputs, index)
    assert (report.articles, report.rejected) == (18, ())


@pytest.mark.parametrize("stays", [True, False])
def test_what_cannot_be_read_keeps_its_articles_and_what_is_gone_does_not(
    inputs: Path, index: Path, monkeypatch: pytest.MonkeyPatch, stays: bool
) -> None:
    write_inputs(inputs / "báo", OLD, count=6)
    first = build(inputs, index)
    if stays:
        real = os.scandir

        def refusing(path: Any) -> Any:
            if str(path).endswith("báo"):
                raise PermissionError(13, "Permission denied")
            return real(path)

        monkeypatch.setattr(os, "scandir", refusing)
    else:
        for path in (inputs / "báo").iterdir():
            path.unlink()
    report = build(inputs, index, max_shrink=ALL)
    if stays:
        assert report.articles == first.articles
        assert [item.path for item in report.unreadable] == [f"{inputs}/báo"]
        assert "1 unreadable" in report.summary() and report.warning
    else:
        assert (report.articles, report.removed, report.unreadable) == (18, first.articles - 18, ())


def test_a_file_that_is_cut_off_keeps_the_articles_behind_the_cut(inputs: Path, index: Path) -> None:
    whole = lzma.compress((inputs / "tin.jsonl").read_bytes() * 1)
    (inputs / "tin.jsonl").unlink()
    (inputs / "gói.jsonl.xz").write_bytes(whole)
    first = build(inputs, index)
    (inputs / "gói.jsonl.xz").write_bytes(whole[:-20])
    report = build(inputs, index)
    assert report.articles == first.articles == 18
    assert [item.path for item in report.rejected] == [f"{inputs}/gói.jsonl.xz"]


def test_a_root_that_was_full_and_is_empty_or_missing_stops_the_run(inputs: Path, index: Path, tmp_path: Path) -> None:
    second = tmp_path / "second"
    write_inputs(second, NEW, count=3)
    roots = RebuildOptions(roots=(inputs, second), index=index, jobs=1)
    published = rebuild(roots).generation
    for move in (lambda: [path.unlink() for path in second.iterdir()], second.rmdir):
        move()
        for _ in range(2):  # the next night as well
            report = rebuild(roots)
            assert str(second) in report.refused and "--max-shrink 100%" in report.refused
            assert current_id(index) == published
    assert rebuild(RebuildOptions(roots=(inputs, second), index=index, jobs=1, max_shrink=ALL)).published


def test_a_new_version_that_cannot_read_a_folder_does_not_lose_what_the_old_one_knew_of_it(
    inputs: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_inputs(inputs / "báo", OLD, count=6)
    published = build(inputs, index).generation
    write_inputs(inputs, NEW)
    monkeypatch.setattr("index.rebuild.job._CACHE_VERSION", "of the new version")
    with monkeypatch.context() as patched:
        real = Path.stat

        def refusing(path: Path, **options: Any) -> os.stat_result:
            if path.name == "báo":
                raise PermissionError(13, "Permission denied")
            return real(path, **options)

        patched.setattr(Path, "stat", refusing)
        report = build(inputs, index)
        assert "báo" in report.refused and current_id(index) == published
    assert build(inputs, index).articles == report.articles


def test_a_killed_build_process_is_told_as_such_and_the_index_is_as_it_was(
    inputs: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.rebuild.job._PARALLEL_FROM", 1)
    ended = threading.Event()

    def kill_builders() -> None:
        while not ended.wait(0.02):
            for child in " ".join(path.read_text() for path in Path("/proc/self/task").glob("*/children")).split():
                with contextlib.suppress(OSError):
                    if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                        os.kill(int(child), signal.SIGKILL)

    killer = threading.Thread(target=kill_builders)
    killer.start()
    try:
        with pytest.raises(RebuildFailed, match="a process that builds the index was killed"):
            rebuild(RebuildOptions(roots=(inputs,), index=index, jobs=2))
    finally:
        ended.set()
        killer.join()
    assert [path.name for path in (index / "generations").iterdir()] == []
    assert build(inputs, index).articles == 18


def test_a_root_that_never_was_is_named(inputs: Path, index: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nirgends"):
        build(tmp_path / "nirgends", index)


def test_a_rollback_holds_until_it_is_released_and_what_is_held_is_never_removed(inputs: Path, index: Path) -> None:
    good = build(inputs, index, keep=1).generation
    write_inputs(inputs, NEW)
    build(inputs, index)
    assert dau("rollback", "--index", index).returncode == 0
    for _ in range(2):
        done = dau("rebuild", inputs, "--index", index, "--keep", "1", "--quiet", "--jobs", "1")
        assert done.returncode == 1
        assert f"held at {good} since" in done.stderr and "dau rollback --release" in done.stderr
        assert current_id(index) == good
        assert good in generation_ids(index)
    assert dau("rollback", "--index", index, "--release").returncode == 0
    report = build(inputs, index)
    assert report.published and report.generation != good


@pytest.mark.parametrize("harm", ["current", "manifest", "current and cache"])
def test_damage_does_not_switch_the_shrink_guard_off(inputs: Path, index: Path, harm: str) -> None:
    generation = build(inputs, index).generation
    for path in list(inputs.iterdir())[1:]:
        path.unlink()
    if "current" in harm:
        (index / CURRENT).write_text("Unsinn")
    if "cache" in harm:
        (index / FILE_NAME).write_bytes(b"Unsinn" * 1000)
    if harm == "manifest":
        (index / "generations" / generation / manifests.FILE_NAME).write_text("{}")
    assert "--max-shrink" in build(inputs, index).refused


def test_a_small_file_of_a_million_lines_that_are_no_records_costs_little(inputs: Path, index: Path) -> None:
    (inputs / "zahlen.jsonl").write_text("1\n" * 1_000_000)
    (inputs / "bombe.jsonl.xz").write_bytes(lzma.compress(b"1\n" * 5_000_000))
    started = time.process_time()
    report = build(inputs, index, max_rejects=ALL)
    assert time.process_time() - started < 30
    assert (report.articles, len(report.rejected)) == (18, 204)
    assert sum("the rest is not read" in item.reason for item in report.rejected) == 2
    assert (index / QUARANTINE_TEXT).stat().st_size < 100_000


def test_of_many_rejects_in_one_file_a_hundred_are_named_and_all_are_counted(inputs: Path, index: Path) -> None:
    good = (inputs / "tin.jsonl").read_text()
    (inputs / "tin.jsonl").write_text(good + '"x"\n' * 500)
    report = build(inputs, index, max_rejects=ALL)
    assert (report.articles, report.rejects, len(report.rejected), report.documents) == (18, 500, 101, 518)
    again = build(inputs, index, max_rejects=ALL)
    assert (again.published, again.rejects, again.documents) == (False, 500, 518)


def test_half_an_emoji_a_null_and_direction_marks_are_mended_in_every_field(inputs: Path, index: Path) -> None:
    record = {"id": "e1", "title": "Tin \ud83d hỏng \u202ehội\u202c nghị\x00", "source": "Báo \udc00",
              "author": "Lê\x00 An", "text": "Hội nghị \ud83d về \ufffe cá. " * 9}  # fmt: skip
    (inputs / "emoji.jsonl").write_text(json.dumps(record) + "\n" + json.dumps({**record, "id": "e\ud800"}) + "\n")
    report = build(inputs, index)
    assert (report.articles, report.rejected) == (20, ())
    archive = open_current(index)
    try:
        view = archive.article("e1").article
        assert view.title == "Tin \ufffd hỏng hội nghị"
        for text in (view.title, view.body, view.source, view.author, view.id):
            assert "\x00" not in text and text.encode("utf-8")
        assert archive.search(Request(q="hỏng \ud83d")).total >= 0
    finally:
        archive.close()


def test_names_of_files_can_forge_no_line_and_reach_no_terminal(inputs: Path, index: Path) -> None:
    (inputs / "a\n\x1b[31mdau rebuild: Published.json").write_text("{")
    done = dau("rebuild", inputs, "--index", index, "--max-rejects", "0", "--jobs", "1")
    assert "\x1b" not in done.stderr and "\\x1b[31m" in done.stderr
    assert not any(line.startswith("\x1b") or line.endswith("Published.json") for line in done.stderr.splitlines())
    assert len((index / QUARANTINE_TEXT).read_text().splitlines()) == 1


def test_a_report_that_cannot_be_written_is_told_and_the_archive_published(inputs: Path, index: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*DAU, "rebuild", inputs, "--index", index, "--json", "--jobs", "1"], stdout=full,
                              stderr=subprocess.PIPE, text=True, timeout=300, check=False)
    assert done.returncode == 1
    assert "No space left" in done.stderr
    assert current_id(index)
    before = current_id(index)
    write_inputs(inputs, NEW)
    done = dau("rebuild", inputs, "--index", index, "--metrics-file", "/nirgends/dau.prom", "--jobs", "1")
    assert (done.returncode, current_id(index)) == (2, before)
    assert "--metrics-file" in done.stderr


def test_how_the_last_run_ended_lies_beside_the_index(inputs: Path, index: Path) -> None:
    assert dau("rebuild", inputs, "--index", index, "--jobs", "1").returncode == 0
    told = json.loads((index / LAST_RUN).read_text())
    assert (told["outcome"], told["exit"], told["generation"]) == ("published", 0, current_id(index))
    assert told["counts"]["articles"] == 18
    for path in inputs.iterdir():
        path.unlink()
    assert dau("rebuild", inputs, "--index", index, "--jobs", "1").returncode == 1
    told = json.loads((index / LAST_RUN).read_text())
    assert (told["outcome"], told["exit"]) == ("refused", 1)
    assert "--max-shrink" in told["message"]


def test_a_cache_that_is_being_read_is_waited_for_and_not_thrown_away(
    inputs: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(inputs, index)
    monkeypatch.setattr("index.state.cache.PATIENCE", 0.2)
    reader = sqlite3.connect(index / FILE_NAME, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM files").fetchone()
    with pytest.raises(RebuildFailed, match="backup"):
        build(inputs, index)
    reader.close()
    report = build(inputs, index)
    assert not report.published
    assert report.stages.get("extract") is None or report.stages["extract"].count == 0


@pytest.mark.parametrize("name", ["/dev/zero", "../../LOCK"])
def test_a_manifest_that_names_what_is_not_its_own_is_damaged(inputs: Path, index: Path, name: str) -> None:
    directory = index / "generations" / build(inputs, index).generation
    manifest = manifests.read(directory)
    files = {**manifest.files, name: manifests.FileEntry(0, "0")}
    altered = manifests.Manifest(manifest.generation, manifest.created, manifest.fingerprint, files)
    (directory / manifests.FILE_NAME).write_bytes(manifests.encode(altered))
    with pytest.raises(IndexDamaged, match=name):
        manifests.read(directory)
    assert not check_all(index).sound


def test_a_generation_is_as_readable_as_its_index_whatever_the_umask(inputs: Path, index: Path) -> None:
    index.mkdir(mode=0o755)
    index.chmod(0o755)
    done = dau("rebuild", inputs, "--index", index, "--jobs", "1", preexec_fn=lambda: os.umask(0o077) and None)
    assert done.returncode == 0, done.stderr
    served = [index / CURRENT, index / "generations", *(index / "generations").rglob("*")]
    assert all(path.stat().st_mode & 0o044 == 0o044 for path in served)


def test_a_run_with_a_wrong_clock_leaves_no_trace_in_later_ids_and_dates(inputs: Path, index: Path) -> None:
    first = build(inputs, index).generation
    wrong = f"{datetime.now(UTC) + timedelta(days=3000):%Y%m%dT%H%M%S}-00000000"
    generations = index / "generations"
    manifest = manifests.read(generations / first)
    (generations / first).rename(generations / wrong)
    altered = manifests.Manifest(wrong, manifest.created, manifest.fingerprint, manifest.files, manifest.counts)
    (generations / wrong / manifests.FILE_NAME).write_bytes(manifests.encode(altered))
    (index / CURRENT).write_text(f"{wrong}\n")
    write_inputs(inputs, NEW)
    second = build(inputs, index).generation
    assert second < wrong
    assert current_id(index) == second
    assert generation_ids(index) == [second, wrong]
    assert not build(inputs, index).published


@pytest.fixture(scope="session")
def latin1(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("locales")
    line = ["localedef", "-i", "en_US", "-f", "ISO-8859-1", folder / "en_US.ISO-8859-1"]
    if shutil.which("localedef"):
        subprocess.run(line, capture_output=True, check=False)
    if not (folder / "en_US.ISO-8859-1").exists():
        pytest.skip("localedef can't make a locale here")
    yield {**os.environ, "LOCPATH": str(folder), "LC_ALL": "en_US.ISO-8859-1"}


def test_vietnamese_names_and_queries_are_read_under_any_locale(
    tmp_path: Path, index: Path, latin1: dict[str, str]
) -> None:
    write_inputs(tmp_path / "Đối ngoại", OLD)
    done = dau("rebuild", tmp_path / "Đối ngoại", "--index", index, "--jobs", "1", env=latin1)
    assert done.returncode == 0, done.stderr
    found = dau("search", "ghi chú", "--index", index, "--json", env=latin1)
    assert json.loads(found.stdout)["total"] >= 6


def test_the_old_server_goes_on_while_a_new_version_builds_and_one_restart_serves_the_new(
    inputs: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.archive.fingerprint.fingerprint", lambda: "the old version")
    build(inputs, index)
    server = LiveArchive(index, poll=0.02)
    try:
        write_inputs(inputs, NEW)
        new = ("import search.archive.fingerprint as f; f.fingerprint = lambda: 'the new version'; "
               "from search.cli import main; main()")
        line = [sys.executable, "-c", new, "rebuild", inputs, "--index", index, "--keep", "1", "--if-needed"]
        done = subprocess.run(line, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        time.sleep(0.2)
        with server.acquire() as archive:
            assert archive.search(Request(q=OLD, strict=True)).total == 6
        assert check_all(index).states[current_id(index)].startswith("outdated")
    finally:
        server.close()
    monkeypatch.setattr("search.archive.fingerprint.fingerprint", lambda: "the new version")
    server = LiveArchive(index)  # the restart
    try:
        with server.acquire() as archive:
            assert archive.search(Request(q=NEW, strict=True)).total == 6
    finally:
        server.close()


def test_a_raised_version_of_the_engine_is_seen_by_check_and_by_a_rebuild_if_needed(
    inputs: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from search.archive.fingerprint import fingerprint

    build(inputs, index)
    monkeypatch.setattr("search.engines.columnar.engine.SCHEMA_VERSION", 999)
    monkeypatch.setattr("search.archive.fingerprint.fingerprint", fingerprint.__wrapped__)
    assert not check_all(index).sound
    assert build(inputs, index, if_needed=True).published
