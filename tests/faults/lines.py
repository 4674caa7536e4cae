"""An interrupt at any line that building and publishing run, of Dấu's own code and of what it calls.

A signal is heard between two steps of Python, so a moment is a line.  Random moments hardly ever hit one that takes
microseconds; here a line is chosen and the interrupt raised as it is reached.  The run must end as interrupted,
whatever what was being closed says of that, and the next one must end right.
"""

import json
import os
import random
import shutil
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from index.publish import holding
from index.rebuild.job import rebuild
from index.rebuild.options import RebuildOptions
from index.rebuild.progress import Progress
from search.archive.generations import choose, open_current
from search.results.answer import Request
from tests.faults.harness import StageNote, in_child

ARTICLES = 400
MARK = "xoắnkhuyếtlạ"
_BEGINS = "build"

#: Path of the source and number of the line.
Line = tuple[str, int]


@dataclass
class Lines:
    """What became of the trials; `broken` tells lines whose run ended with another error, or the next one not right."""

    lines: int = 0
    trials: int = 0
    broken: list[str] = field(default_factory=list)


def interrupt_lines(
    folder: Path, count: int | None = None, chosen: Callable[[Line], bool] = bool, seed: int = 3
) -> Lines:
    """Interrupt at `count` of the lines that are `chosen`, or at all of these."""
    base, inputs = folder / "base", folder / "inputs"
    _write(inputs, changed=-1)
    assert in_child(lambda: _rebuild(inputs, base)) == 0
    _write(inputs, changed=ARTICLES // 2)
    holding.hold(base, choose(base).id)  # so that the change is extracted, which takes longest, and not published yet
    assert in_child(lambda: _run(inputs, base)) == 0
    holding.release(base)
    every = [line for line in _reached(inputs, folder) if chosen(line)]
    chance = random.Random(seed)
    found = Lines(len(every))
    for line in sorted(every if count is None else chance.sample(every, min(count, len(every)))):
        found.trials += 1
        if said := _interrupt(inputs, _trial(folder), line, folder / "said"):
            found.broken.append(f"{line[0]}:{line[1]}: {said}")
    return found


def _write(inputs: Path, changed: int) -> None:
    inputs.mkdir(exist_ok=True)
    lines = []
    for number in range(ARTICLES):
        news = MARK if number == changed else "về hợp tác quốc tế"
        text = f"Sáng nay, Sở Ngoại vụ tỉnh Nghệ An thông báo tin số {number} {news}. Nội dung gồm giao lưu văn hóa."
        lines.append(json.dumps({"id": f"a{number:03}", "title": f"Hội nghị số {number}", "text": text,
                                 "date": f"2025-03-{number % 28 + 1:02}"}, ensure_ascii=False))  # fmt: skip
    for first in range(0, ARTICLES, 100):
        (inputs / f"news{first:03}.jsonl").write_text("\n".join(lines[first : first + 100]) + "\n", encoding="utf-8")


def _run(inputs: Path, index: Path, progress: Progress | None = None) -> None:
    rebuild(RebuildOptions(roots=(inputs,), index=index, jobs=1), progress)


def _rebuild(inputs: Path, index: Path) -> None:
    report = rebuild(RebuildOptions(roots=(inputs,), index=index, jobs=1))
    assert not report.refused, report.refused


def _trial(folder: Path) -> Path:
    index = folder / "trial"
    shutil.rmtree(index, ignore_errors=True)
    shutil.copytree(folder / "base", index)
    return index


def _reached(inputs: Path, folder: Path) -> list[Line]:
    """Return the lines that a run reaches from the first line of building on."""
    note, index = StageNote(folder), _trial(folder)

    def work() -> None:
        found: set[Line] = set()

        def line(frame: FrameType, event: str, _: Any) -> Any:
            if event == "line" and note.stage in (_BEGINS, "publish"):
                found.add((frame.f_code.co_filename, frame.f_lineno))
            return line

        sys.settrace(line)
        _run(inputs, index, Progress(note))
        sys.settrace(None)
        (folder / "reached").write_text(json.dumps(sorted(found)))

    assert in_child(work) == 0
    return [(file, number) for file, number in json.loads((folder / "reached").read_text()) if Path(file).is_file()]


def _interrupt(inputs: Path, index: Path, line: Line, said: Path) -> str:
    """Return what was wrong, empty if nothing was."""
    said.unlink(missing_ok=True)
    child = os.fork()
    if not child:
        _run_and_exit(inputs, index, line, said)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code not in (0, 130):  # Python forgets an interrupt in a finalizer; the run goes on then
        return f"it ended with {code}: {said.read_text() if said.exists() else ''}"[-2000:]
    if in_child(lambda: _rebuild(inputs, index)):
        return "the next run failed"
    archive = open_current(index)
    try:
        marked, count = archive.search(Request(q=MARK, strict=True)).total, archive.count
    finally:
        archive.close()
    return "" if (marked, count) == (1, ARTICLES) else f"the next run gave {marked} of {count}"


def _run_and_exit(inputs: Path, index: Path, line: Line, said: Path) -> None:
    """Run with an interrupt at the first time that a line of building or publishing is reached."""
    path, number = line
    note = StageNote(index)
    here: dict[CodeType, bool] = {}

    def inside(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line" and frame.f_lineno == number and note.stage in (_BEGINS, "publish"):
            sys.settrace(None)
            raise KeyboardInterrupt
        return inside

    def call(frame: FrameType, *_: Any) -> Any:
        code = frame.f_code
        if code not in here:
            here[code] = code.co_filename == path and any(at == number for _, _, at in code.co_lines())
        return inside if here[code] else None

    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sys.settrace(call)
        _run(inputs, index, Progress(note))
        os._exit(0)
    except KeyboardInterrupt:
        os._exit(130)
    except BaseException:
        said.write_text(traceback.format_exc())
        os._exit(99)
