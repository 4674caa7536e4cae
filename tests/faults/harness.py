"""What all fault injections share: a small archive in two versions, and the question which of them is served."""

import os
import shutil
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from index.rebuild.job import rebuild
from index.rebuild.options import RebuildOptions
from index.rebuild.progress import Progress
from search.archive import manifest as manifests
from search.archive.archive import Archive
from search.archive.generations import ARCHIVE, GENERATIONS, choose
from search.results.answer import Request

OLD, NEW = "cuadoan", "moivelang"
_PLACES = ("Thanh Hóa", "Nghệ An", "Phú Thọ", "Hà Giang", "Cà Mau", "Lào Cai", "Đắk Nông", "Quảng Trị")
_SENTENCES = (
    "Đoàn công tác đã trao đổi với chính quyền địa phương về kế hoạch hợp tác trong năm tới.",
    "Hai bên thống nhất đẩy mạnh giao lưu văn hóa, giáo dục và thương mại biên giới.",
    "Buổi làm việc diễn ra trong không khí thân mật và cởi mở tại trụ sở của sở.",
    "Lãnh đạo tỉnh cảm ơn sự hỗ trợ của các tổ chức quốc tế đối với người dân vùng lũ.",
)


def write_inputs(folder: Path, mark: str, count: int = 18) -> None:
    """Write articles as text, HTML and JSONL; every third carries `mark`, the others are the same for every mark."""
    folder.mkdir(parents=True, exist_ok=True)
    records = []
    for number in range(count):
        place = _PLACES[number % len(_PLACES)]
        body = " ".join(_SENTENCES[(number + step) % len(_SENTENCES)] for step in range(4))
        title = f"Hội nghị số {number} của Sở Ngoại vụ {place}"
        text = f"{body} Đây là tin thứ {number}" + (f", ghi chú {mark}." if number % 3 == 0 else ".")
        if number % 3 == 0:
            (folder / f"tin{number}.txt").write_text(f"{title}\n\n{text}\n", encoding="utf-8")
        elif number % 3 == 1:
            page = f"<html><body><h1>{title}</h1><div><p>{text}</p></div></body></html>"
            (folder / f"tin{number}.html").write_text(f"<title>{title}</title>{page}", encoding="utf-8")
        else:
            records.append(f'{{"title": "{title}", "text": "{text}", "date": "2025-03-{number + 1:02}"}}')
    (folder / "tin.jsonl").write_text("\n".join(records) + "\n", encoding="utf-8")


@dataclass
class Bench:
    """A published old generation, inputs for the new one, and copies of the index to harm."""

    folder: Path
    trials: int = 0
    lost: list[str] = field(default_factory=list)
    states: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.inputs = self.folder / "inputs"
        self.base = self.folder / "base"
        write_inputs(self.inputs, OLD)
        rebuild(self.options(self.base))
        write_inputs(self.inputs, NEW)

    def options(self, index: Path) -> RebuildOptions:
        return RebuildOptions(roots=(self.inputs,), index=index, jobs=1)

    def fresh(self) -> Path:
        """Return a copy of the old index for the next trial."""
        index = self.folder / "trial"
        shutil.rmtree(index, ignore_errors=True)
        shutil.copytree(self.base, index, symlinks=True)
        return index

    def judge(self, index: Path, name: str) -> None:
        """Count what `index` serves; then the next rebuild must publish the new generation and leave nothing behind."""
        self.trials += 1
        try:
            state = served(index)
            self.states[state] = self.states.get(state, 0) + 1
            rebuild(self.options(index))
            assert served(index) == "new", "the next rebuild did not publish"
            leavings = [path.name for path in (index / GENERATIONS).iterdir() if path.name.startswith(".")]
            assert not leavings, leavings
        except BaseException:
            self.lost.append(f"{name}: {traceback.format_exc(limit=-4)}")


def served(index: Path) -> str:
    """Return `old` or `new` after verifying every byte and asking; raises if it is neither."""
    found = choose(index)
    manifests.check_full(found.directory, found.manifest)
    archive = Archive.open(found.directory / ARCHIVE, found.id)
    try:
        marks = tuple(archive.search(Request(q=word, strict=True)).total for word in (OLD, NEW))
        assert archive.count == 18, archive.count
    finally:
        archive.close()
    assert marks in ((6, 0), (0, 6)), marks
    return "old" if marks[0] else "new"


def in_child(work: Callable[[], None]) -> int:
    """Run `work` in a forked process and return its wait status; fork saves the imports of a fresh interpreter."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    try:
        os.setsid()
        work()
        os._exit(0)
    except BaseException:
        traceback.print_exc(limit=-5, chain=False)
        os._exit(99)


class StageNote:
    """A watcher that notes the stage where another process can read it, by a call that has no audit event."""

    def __init__(self, folder: Path) -> None:
        self._file = os.open(folder / "stage", os.O_RDWR | os.O_CREAT)
        self.stage = "start"

    def begin(self, stage: str, total: int | None) -> None:
        self.stage = stage
        os.pwrite(self._file, stage.ljust(16).encode(), 0)

    def step(self, count: int) -> None:
        pass

    def end(self) -> None:
        pass

    def read(self) -> str:
        return os.pread(self._file, 16, 0).decode().strip()


def run_rebuild(bench: Bench, index: Path, note: StageNote) -> None:
    note.begin("start", None)
    rebuild(bench.options(index), Progress(note))
