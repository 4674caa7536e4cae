"""The bounded form of the fault injections; `make test-faults` runs them in full (`tests/faults/__main__.py`)."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from search.archive.generations import GENERATIONS, choose
from search.archive.live import LiveArchive
from tests.faults.flips import flip_bits
from tests.faults.harness import NEW, OLD, Bench, served, write_inputs
from tests.faults.hostile import fuzz, write_hostile
from tests.faults.interrupts import interrupt_everywhere
from tests.faults.kills import kill_everywhere
from tests.faults.lines import interrupt_lines
from tests.faults.power import lose_power, lose_power_afterwards

DAU = [sys.executable, "-c", "from search.cli import main; main()"]
EXTRACTED = {"nul_inside.html", "charset.html", "utf16.txt", "t\\xean l\\xe1.txt"}


def run(*words: object, **options: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*DAU, *map(str, words)], capture_output=True, text=True, timeout=300, **options)  # type: ignore[call-overload, no-any-return]


def test_a_rebuild_killed_at_any_moment_leaves_the_old_or_the_new_generation(tmp_path: Path) -> None:
    bench, died = kill_everywhere(tmp_path, 15)
    assert not bench.lost, bench.lost[0]
    assert bench.trials == 15
    assert len(died) >= 4, died


@pytest.mark.slow
def test_a_rebuild_interrupted_in_any_stage_leaves_no_process_and_no_lock_and_the_next_one_ends_right(
    tmp_path: Path,
) -> None:
    found = interrupt_everywhere(tmp_path, 20)
    assert (found.lost, found.orphans, found.trials) == ([], 0, 60)
    assert len({stage for _, stage in found.died}) >= 4, found.died


@pytest.mark.slow
def test_a_rebuild_interrupted_at_any_line_of_building_ends_as_interrupted_and_the_next_one_ends_right(
    tmp_path: Path,
) -> None:
    found = interrupt_lines(tmp_path, 40)
    assert (found.broken, found.trials) == ([], 40)
    assert found.lines > 1_000


def test_what_is_being_closed_as_an_interrupt_comes_has_no_say_in_how_the_rebuild_ends(tmp_path: Path) -> None:
    code = zipfile._ZipWriteFile.close.__code__  # type: ignore[attr-defined]  # an archive with an open member complains
    inside = {number for _, _, number in code.co_lines()}
    found = interrupt_lines(tmp_path, chosen=lambda line: line[0] == code.co_filename and line[1] in inside)
    assert found.broken == []
    assert found.trials > 3


def test_a_power_loss_at_any_call_leaves_the_old_or_the_new_generation(tmp_path: Path) -> None:
    bench, cut = lose_power(tmp_path, 15)
    assert not bench.lost, bench.lost[0]
    assert bench.trials == 15
    assert "publish" in cut


def test_a_power_loss_after_a_rebuild_loses_nothing_of_it(tmp_path: Path) -> None:
    assert lose_power_afterwards(tmp_path, 12) == ["new"] * 12


def test_every_flipped_bit_is_found(tmp_path: Path) -> None:
    found, missed = flip_bits(tmp_path, 120)
    assert not missed
    assert found == 120


def test_a_damaged_generation_is_set_aside_and_the_one_before_serves_degraded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.archive.manifest.SMALL_FILE", -1)  # else it is verified whenever it is opened
    bench = Bench(tmp_path)
    index = bench.fresh()
    from index.rebuild.job import rebuild

    rebuild(bench.options(index))
    assert served(index) == "new"
    # Stored articles are read one by one: opening does not see the damage, verifying what is served does.
    (stored,) = (index / GENERATIONS / choose(index).id).rglob("*.sto")
    data = bytearray(stored.read_bytes())
    data[len(data) // 2] ^= 4
    stored.write_bytes(data)
    live = LiveArchive(index, poll=0.05)
    try:
        until = time.monotonic() + 120
        while live.health().status == "ok" and time.monotonic() < until:
            time.sleep(0.05)
        health = live.health()
        assert health.status == "degraded"
        assert str(stored) in health.problem
        with live.acquire() as archive:
            assert archive.count == 18
    finally:
        live.close()
    assert run("check", "--index", index).returncode == 1
    assert run("check", "--index", index, "--repair").returncode == 0
    assert served(index) == "old"


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("disk")
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"a small tmpfs can't be mounted here: {done.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_leaves_the_old_generation_and_the_next_rebuild_succeeds(tmp_path: Path, small_disk: Path) -> None:
    inputs, index = tmp_path / "inputs", small_disk / "index"
    write_inputs(inputs, OLD)
    assert run("rebuild", inputs, "--index", index).returncode == 0
    write_inputs(inputs, NEW)
    ballast = small_disk / "ballast"
    free = os.statvfs(small_disk)
    for share in (1.0, 0.9, 0.7, 0.5):
        ballast.write_bytes(b"x" * int(free.f_bavail * free.f_bsize * share))
        done = run("rebuild", inputs, "--index", index)
        if done.returncode == 0:
            assert served(index) == "new"
            break
        assert done.returncode == 70, done.stderr
        assert "No space left" in done.stderr or "full" in done.stderr
        assert served(index) == "old"
        ballast.unlink()
        free = os.statvfs(small_disk)
    ballast.unlink(missing_ok=True)
    assert run("rebuild", inputs, "--index", index).returncode == 0
    assert served(index) == "new"


def test_a_full_tmp_does_not_matter(tmp_path: Path, small_disk: Path) -> None:
    write_inputs(tmp_path / "inputs", OLD)
    full = small_disk / "full"
    full.mkdir()
    free = os.statvfs(small_disk)
    (small_disk / "rest").write_bytes(b"x" * (free.f_bavail * free.f_bsize))
    done = run("rebuild", tmp_path / "inputs", "--index", tmp_path / "index", env={**os.environ, "TMPDIR": str(full)})
    (small_disk / "rest").unlink()
    assert done.returncode == 0, done.stderr
    assert served(tmp_path / "index") == "old"


def locked(index: Path, process: "subprocess.Popen[str]") -> bool:
    return (index / "LOCK").read_text().startswith(f"{process.pid} ")


def building(index: Path, process: "subprocess.Popen[str]") -> bool:
    return any(path.name.startswith(".building") for path in (index / GENERATIONS).iterdir())


@pytest.mark.parametrize("begun", [locked, building])
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_rebuild_says_so_and_leaves_nothing_behind(
    tmp_path: Path, sign: signal.Signals, begun: Callable[[Path, "subprocess.Popen[str]"], bool]
) -> None:
    write_inputs(tmp_path / "inputs", OLD)
    assert run("rebuild", tmp_path / "inputs", "--index", tmp_path / "index").returncode == 0
    write_inputs(tmp_path / "inputs", NEW, count=600)
    with subprocess.Popen([*DAU, "rebuild", str(tmp_path / "inputs"), "--index", str(tmp_path / "index")],
                          stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and not begun(tmp_path / "index", process):
            time.sleep(0.005)
        process.send_signal(sign)
        _, complaint = process.communicate(timeout=120)
    if process.returncode != 0:  # else the signal came after the end
        assert process.returncode == 130
        assert complaint.strip() == "Interrupted."
        assert served(tmp_path / "index") == "old"
    assert [path.name for path in (tmp_path / "index" / GENERATIONS).iterdir() if path.name[0] == "."] == []


@pytest.mark.slow
def test_hostile_inputs_cost_no_more_than_themselves(tmp_path: Path) -> None:
    names = write_hostile(tmp_path / "inputs")
    write_inputs(tmp_path / "inputs" / "good", OLD)
    done = run("rebuild", tmp_path / "inputs", "--index", tmp_path / "index", "--json", "--time-limit", 15)
    assert done.returncode in (0, 1), done.stderr
    report = json.loads(done.stdout)
    reasons = {item["path"].removeprefix(f"{tmp_path}/inputs/"): item["reason"] for item in report["rejected"]}
    assert report["indexed"] + report["duplicate"] + len(report["rejected"]) == report["documents"]
    assert not [name for name in reasons if name.startswith("good/")]
    assert not {name: reason for name, reason in reasons.items() if "crashed" in reason or "failed" in reason}
    assert EXTRACTED.isdisjoint(reasons)
    for name in ("fifty.txt", "nul.txt", "binary.txt", "pdf.html", "empty.txt", "cut.jsonl.gz", "cut.jsonl.xz",
                 "bomb.jsonl.gz", "bomb.json.xz", "noise.jsonl.xz", "deep.json", "wrong.json", "utf16.jsonl",
                 "fifo.txt", "loop.txt", "outside.html", "out", "socket.txt"):
        assert name in reasons, f"{name} of {sorted(names)} was not rejected"
    if os.geteuid():
        assert "ermission" in reasons["secret.txt"]
    shutil.rmtree(tmp_path / "inputs", ignore_errors=True)


def test_mutated_pages_neither_crash_nor_hang_extraction(shared_data: Path, tmp_path: Path) -> None:
    subprocess.run(["tar", "xJf", shared_data / "html" / "pages.tar.xz", "-C", tmp_path], check=True)
    pages = [path.read_bytes() for path in sorted(tmp_path.rglob("*.html"))[::20]]
    assert fuzz(pages, 60) == []
