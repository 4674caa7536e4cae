"""SIGKILL at any moment of a rebuild: at its calls to the system, spread over all stages, and at times between."""

import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.faults.harness import Bench, StageNote, in_child, run_rebuild

#: Audit events of CPython that touch files, processes or the cache; os.fsync has none and is wrapped.
_EVENTS = ("open", "os.", "sqlite3.", "subprocess.", "shutil.", "socket.")


def kill_everywhere(folder: Path, count: int, seed: int = 1) -> tuple[Bench, Counter[str]]:
    """Kill `count` rebuilds; return the bench that judged them and how many died in which stage."""
    bench = Bench(folder)
    note = StageNote(folder)
    points, seconds = _rehearse(bench, note)
    stages = sorted(set(points))
    random_ = random.Random(seed)
    died: Counter[str] = Counter()
    for trial in range(count):
        index = bench.fresh()
        if trial % 3 == 2:
            moment = random_.uniform(0, seconds)
            status = in_child(lambda: _die_after(bench, index, note, moment))  # noqa: B023
            name = f"kill after {moment:.3f} s"
        else:
            stage = stages[trial % len(stages)]
            point = random_.choice([number for number, where in enumerate(points) if where == stage])
            status = in_child(lambda: _die_at(bench, index, note, point))  # noqa: B023
            name = f"kill at call {point}"
        died[note.read() if os.WIFSIGNALED(status) else "after the end"] += 1
        bench.judge(index, f"{name} in {note.read()}")
    return bench, died


def _rehearse(bench: Bench, note: StageNote) -> tuple[list[str], float]:
    """Run once unharmed; return the stage of each call to the system, and the seconds it took."""
    index = bench.fresh()
    notes = bench.folder / "points"

    def work() -> None:
        points: list[str] = []
        _at_each_call(lambda: points.append(note.stage))
        run_rebuild(bench, index, note)
        notes.write_text("\n".join(points))

    started = time.perf_counter()
    assert in_child(work) == 0
    return notes.read_text().splitlines(), time.perf_counter() - started


def _at_each_call(act: Callable[[], None]) -> None:
    def hook(event: str, arguments: object) -> None:
        if event.startswith(_EVENTS):
            act()

    sys.addaudithook(hook)
    fsync = os.fsync

    def noted_fsync(descriptor: int) -> None:
        act()
        fsync(descriptor)

    os.fsync = noted_fsync


def _die_at(bench: Bench, index: Path, note: StageNote, point: int) -> None:
    left = [point]

    def act() -> None:
        left[0] -= 1
        if left[0] == -1:  # once only: os.kill has an audit event, too
            os.kill(os.getpid(), signal.SIGKILL)

    _at_each_call(act)
    run_rebuild(bench, index, note)


def _die_after(bench: Bench, index: Path, note: StageNote, seconds: float) -> None:
    threading.Timer(seconds, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
    run_rebuild(bench, index, note)
