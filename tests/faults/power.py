"""Simulated power loss: a recording layer that knows what was synced, and forgets the rest.

While a rebuild runs, every fsync notes the content of the file, or the names in the folder, as durable.  At a
chosen call the power goes: of everything that was not synced, each name change and each file's bytes are kept,
lost, cut off or zeroed at random, each on its own (harsher than a journaling file system, which keeps an order).
"""

import os
import random
import shutil
import stat
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from search.archive.generations import choose
from search.errors import UserError
from tests.faults.harness import Bench, StageNote, in_child, run_rebuild, served

_Act = Callable[[str, tuple[object, ...]], object]
_CALLS = ("fsync", "rename", "replace", "unlink", "remove", "rmdir", "mkdir")


def lose_power(folder: Path, count: int, seed: int = 2) -> tuple[Bench, Counter[str]]:
    """Cut the power of `count` rebuilds; return the bench that judged them and how many were cut in which stage."""
    bench = Bench(folder)
    note = StageNote(folder)
    points = _rehearse(bench, note)
    stages = sorted(set(points))
    random_ = random.Random(seed)
    cut: Counter[str] = Counter()
    for trial in range(count):
        stage = stages[trial % len(stages)]
        point = random_.choice([number for number, where in enumerate(points) if where == stage])
        index, image = bench.fresh(), folder / "image"
        assert in_child(lambda: _cut_at(bench, index, image, note, point, random_.random())) == 0  # noqa: B023
        cut[note.read()] += 1
        shutil.rmtree(index)
        image.rename(index)
        bench.judge(index, f"power loss at call {point} in {note.read()}")
    return bench, cut


def lose_power_afterwards(folder: Path, count: int) -> list[str]:
    """Cut the power after a finished rebuild; return what `count` states of the disk serve: `new`, or what is wrong."""
    bench = Bench(folder)
    index, note = bench.fresh(), StageNote(folder)
    images = [folder / f"image{number}" for number in range(count)]

    def work() -> None:
        disk = Disk(index)
        _record(disk)
        run_rebuild(bench, index, note)
        for number, image in enumerate(images):
            disk.crash(image, random.Random(number))

    assert in_child(work) == 0
    return [_served(image) for image in images]


def _served(index: Path) -> str:
    try:
        return " ".join([served(index), *choose(index).notes])
    except (UserError, AssertionError) as error:
        return f"{type(error).__name__}: {error}"


def _rehearse(bench: Bench, note: StageNote) -> list[str]:
    """Run once unharmed; return the stage of each call."""
    index, notes = bench.fresh(), bench.folder / "calls"

    def work() -> None:
        calls: list[str] = []
        _wrap(lambda name, arguments: calls.append(note.stage), lambda name, arguments: None)
        run_rebuild(bench, index, note)
        notes.write_text("\n".join(calls))

    assert in_child(work) == 0
    return notes.read_text().splitlines()


def _wrap(before: _Act, after: _Act) -> None:
    for name in _CALLS:
        setattr(os, name, _wrapped(name, getattr(os, name), before, after))


def _wrapped(name: str, call: Callable[..., object], before: _Act, after: _Act) -> Callable[..., object]:
    def run(*arguments: object, **options: object) -> object:
        before(name, arguments)
        result = call(*arguments, **options)
        after(name, arguments)
        return result

    return run


def _inodes(folder: Path) -> dict[str, int]:
    """Return the inodes by name, as `stat` tells them: on an overlay the folder's own list tells others."""
    return {path.name: path.lstat().st_ino for path in folder.iterdir()}


@dataclass
class Disk:
    """What is durable of a folder: bytes per inode, names per folder inode."""

    root: Path
    bytes: dict[int, bytes] = field(default_factory=dict)
    names: dict[int, dict[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in [self.root, *self.root.rglob("*")]:
            self.sync(path)

    def sync(self, path: Path) -> None:
        """Note a file's bytes or a folder's names as durable."""
        inode = path.stat().st_ino
        if path.is_dir():
            self.names[inode] = _inodes(path)
        else:
            self.bytes[inode] = path.read_bytes()

    def crash(self, image: Path, luck: random.Random) -> None:
        """Write to `image` a state that the disk may be in after the power came back."""
        live = {path.stat().st_ino: path for path in [self.root, *self.root.rglob("*")]}
        self._restore(self.root.stat().st_ino, image, live, luck)

    def _restore(self, inode: int, target: Path, live: dict[int, Path], luck: random.Random) -> None:
        target.mkdir()
        durable = self.names.get(inode, {})
        path = live.get(inode)
        now = _inodes(path) if path else {}
        for name in sorted(durable.keys() | now.keys()):
            old, new = durable.get(name), now.get(name)
            child = new if old == new or luck.random() < 0.5 else old
            if child is None:
                continue
            if child in self.names or (child in live and live[child].is_dir()):
                self._restore(child, target / name, live, luck)
            else:
                (target / name).write_bytes(self._content(child, live, luck))

    def _content(self, inode: int, live: dict[int, Path], luck: random.Random) -> bytes:
        durable = self.bytes.get(inode)
        now = live[inode].read_bytes() if inode in live else (durable or b"")
        if durable == now:
            return now
        cut = luck.randrange(len(now) + 1)
        return luck.choice([durable or b"", now[:cut], now[:cut] + bytes(len(now) - cut), now])


def _cut_at(bench: Bench, index: Path, image: Path, note: StageNote, point: int, seed: float) -> None:
    """Run a rebuild on a recorded disk and leave at call `point`, with the image written."""
    disk = Disk(index)
    left = [point]

    def before(name: str, arguments: tuple[object, ...]) -> None:
        left[0] -= 1
        if left[0] == -1:
            disk.crash(image, random.Random(seed))
            os._exit(0)

    _record(disk, before)
    run_rebuild(bench, index, note)
    disk.crash(image, random.Random(seed))


def _record(disk: Disk, before: _Act = lambda name, arguments: None) -> None:
    """Have `disk` note what is synced from now on in this process."""

    def after(name: str, arguments: tuple[object, ...]) -> None:
        if name == "fsync":
            path = Path(f"/proc/self/fd/{arguments[0]}").readlink()
            if path.is_relative_to(disk.root) and stat.S_IFMT(path.stat().st_mode) in (stat.S_IFREG, stat.S_IFDIR):
                disk.sync(path)

    _wrap(before, after)
