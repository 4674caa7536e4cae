"""SIGTERM, SIGINT and SIGKILL at random moments of every stage of a rebuild of 5,000 articles, serial and parallel.

After each no process may be left, the lock must be free, and the next run must end with what a fresh build gives: the
same documents, facets and answers to 50 queries.
"""

import fcntl
import gzip
import json
import os
import random
import shutil
import signal
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from index.commands import terminable
from index.extract.version import extractor_version
from index.rebuild.job import rebuild
from index.rebuild.options import RebuildOptions
from index.rebuild.progress import Progress
from search.archive.building import ENGINE
from search.archive.generations import ARCHIVE, choose, open_current
from search.engines.port import open_reader
from search.results.answer import Request
from tests.faults.harness import StageNote, in_child

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGKILL)
#: Articles that are changed: few are an increment, many a full build, which is parallel from 4,000 articles on.
FEW, MANY = 30, 300
STAGES = ("start", "read", "learn", "extract", "cluster", "build", "publish")
ARTICLES = 5_000
#: Which may change: two of the eight files of lines, one packed, and each file of one article.  With a source for
#: each file of lines the others need not be extracted anew, and three times as many trials fit into an hour.
_MAY_CHANGE = (*range(1_000), *range(4_400, ARTICLES))
_TAG = "DAU_FAULT_TRIAL"
#: Seconds until what was interrupted must be over, whatever it was doing.
_PATIENCE = 30.0
_WORDS = (
    "hội nghị", "sở ngoại vụ", "hợp tác quốc tế", "giao lưu văn hóa", "vùng lũ", "biên giới", "đoàn công tác", "tỉnh",
)
_PLACES = ("Thanh Hóa", "Nghệ An", "Phú Thọ", "Cà Mau", "Lào Cai", "Đắk Nông", "Quảng Trị", "Hà Giang")


def write_archive(folder: Path, changed: frozenset[int]) -> None:
    """Write 5,000 articles as JSON Lines, plain and packed, JSON, HTML and text; those of `changed` tell other news."""
    folder.mkdir(parents=True, exist_ok=True)
    records = [_record(number, number in changed) for number in range(ARTICLES)]
    for first in range(0, 4_000, 500):
        lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records[first : first + 500])
        if first % 1_000:
            _write(folder / f"r{first}.jsonl.gz", gzip.compress(lines.encode(), mtime=0))
        else:
            _write(folder / f"r{first}.jsonl", lines.encode())
    _write(folder / "list.json", json.dumps(records[4_000:4_400], ensure_ascii=False).encode())
    for number, record in enumerate(records[4_400:], 4_400):
        title, text = record["title"], record["text"]
        if number % 3 == 0:
            _write(folder / "dumps" / f"{number}.txt", f"{title}\n\n{text}\n".encode())
        elif number % 3 == 1:
            page = f"<title>Cổng tin</title><body><div>Trang chủ | Tin</div><h1>{title}</h1><div><p>{text}</p></div>"
            _write(folder / "tinh.example.vn" / f"{number}.html", page.encode())
        else:
            _write(folder / "single" / f"{number}.json", json.dumps(record, ensure_ascii=False).encode())


def _record(number: int, changed: bool) -> dict[str, str]:
    chance = random.Random(number)
    words = " ".join(chance.choices(_WORDS, k=12))
    news = f"tin mới số {number} về {chance.choice(_WORDS)}" if changed else f"tin số {number}"
    place = chance.choice(_PLACES)
    text = f"Sáng nay, Sở Ngoại vụ tỉnh {place} thông báo {news}. Nội dung gồm {words}. Buổi làm việc kết thúc tốt đẹp."
    day = f"2025-{number % 12 + 1:02}-{number % 28 + 1:02}"
    return {"id": f"a{number:05}", "title": f"Hội nghị {number} tại {place}", "text": text, "date": day,
            "source": f"Báo số {number // 500}"}


def _write(path: Path, data: bytes) -> None:
    if not path.exists() or path.read_bytes() != data:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)


@dataclass
class Scene:
    """One archive whose index is older than it by some changes; `seconds` of each stage of an unharmed run."""

    folder: Path
    name: str
    inputs: Path
    base: Path
    jobs: int
    right: list[object]
    seconds: dict[str, float] = field(default_factory=dict)

    def rebuild(self, index: Path, note: StageNote | None = None) -> None:
        """Rebuild as the command does: signals end it in order."""
        with terminable():
            report = rebuild(_options(self.inputs, index, self.jobs), Progress(note) if note else None)
        assert not report.refused, report.refused

    def rehearse(self) -> None:
        """Note how long each stage takes; then the answers must be right."""
        index = self.trial()

        def work() -> None:
            report = rebuild(_options(self.inputs, index, self.jobs))
            seconds = {name: stage.seconds for name, stage in report.stages.items()}
            (self.folder / "seconds").write_text(json.dumps({"start": 0.2, **seconds}))

        assert in_child(work) == 0
        assert answers(index) == self.right
        self.seconds = json.loads((self.folder / "seconds").read_text())

    def trial(self) -> Path:
        """Return a copy of the old index; what is never written to is linked."""
        index = self.folder / "trial"
        shutil.rmtree(index, ignore_errors=True)
        shutil.copytree(self.base / "generations", index / "generations", copy_function=os.link)
        for path in self.base.iterdir():
            if path.is_file():
                shutil.copy2(path, index)
        return index


def make_scenes(folder: Path) -> list[Scene]:
    """Return an archive with few changes pending, and one with many, for a serial and for a parallel run."""
    inputs, chance = folder / "inputs", random.Random(1)
    many = chance.sample(_MAY_CHANGE, MANY)
    bases = {}
    for name, told in (("many", []), ("few", many[FEW:]), ("right", many)):
        write_archive(inputs, frozenset(told))
        bases[name] = folder / name
        if name == "few":  # what the cache of the older one knows holds for the younger one
            shutil.copytree(bases["many"], bases[name])
        base = bases[name]
        assert in_child(lambda: rebuild(_options(inputs, base, 2)).refused and os._exit(1)) == 0  # noqa: B023
    right = answers(bases["right"])
    scenes = [Scene(folder / f"{name}{jobs}", name, inputs, bases[name], jobs, right)
              for name, jobs in (("few", 2), ("few", 1), ("many", 1), ("many", 2))]
    for scene in scenes:
        scene.folder.mkdir()
        scene.rehearse()
    return scenes


def _options(inputs: Path, index: Path, jobs: int) -> RebuildOptions:
    return RebuildOptions(roots=(inputs,), index=index, jobs=jobs)


def answers(index: Path) -> list[object]:
    """Return what an index says: every id, the facets, and the answers to 50 queries."""
    found = choose(index)
    archive, reader = open_current(index), open_reader(found.directory / ARCHIVE / ENGINE)
    try:
        queries = [f"{first} {second}" for first in _WORDS for second in _PLACES[:6]] + ["tin mới", '"tin mới số"']
        told = [archive.search(Request(q=query, size=20)) for query in queries]
        ids = sorted(article.id for article in reader.cards(range(reader.count)))
        return [ids, [(answer.total, answer.facets, [(hit.article.id, round(hit.score, 3)) for hit in answer.hits])
                      for answer in told]]
    finally:
        archive.close()
        reader.close()


@dataclass
class Interrupted:
    """What became of the trials; `died` counts them by signal and stage."""

    trials: int = 0
    orphans: int = 0
    lost: list[str] = field(default_factory=list)
    died: Counter[tuple[str, str]] = field(default_factory=Counter)


def interrupt_everywhere(folder: Path, count: int, seed: int = 5) -> Interrupted:
    """Interrupt `count` rebuilds with each signal."""
    result, chance = Interrupted(), random.Random(seed)
    extractor_version()  # kept for the children, which would each take .7 s to work it out anew
    scenes = make_scenes(folder)
    for number in range(count * len(SIGNALS)):
        sign, scene = SIGNALS[number % len(SIGNALS)], scenes[number // len(SIGNALS) % len(scenes)]
        stage = STAGES[number // len(SIGNALS) % len(STAGES)]
        _interrupt(result, scene, sign, stage, chance.random())
    return result


def _interrupt(result: Interrupted, scene: Scene, sign: signal.Signals, stage: str, share: float) -> None:
    index, note, broken = scene.trial(), StageNote(scene.folder), scene.folder / "broken"
    broken.unlink(missing_ok=True)
    note.begin("start", None)
    tag = f"{os.getpid()}-{result.trials}"
    name = f"{sign.name} in {stage} of {scene.name} changes, {scene.jobs} processes"
    result.trials += 1
    os.environ[_TAG] = tag
    try:
        child = os.fork()
        if not child:
            _run_and_exit(scene, index, note)
        status = _strike(child, sign, note, stage, share * scene.seconds.get(stage, 0.1))
        result.died[sign.name, note.read() if status else "after the end"] += 1
        if left := _left(tag):
            result.orphans += len(left)
            result.lost.append(f"{name}: processes left: {left}")
        _take_lock(index)
        assert in_child(lambda: scene.rebuild(index)) == 0, "the next rebuild failed"
        assert answers(index) == scene.right, "the next rebuild gave other answers than a fresh one"
    except (AssertionError, OSError) as error:
        why = broken.read_text()[-1_500:] if broken.exists() else ""
        result.lost.append(f"{name}: {error}"[:300] + why)
    finally:
        del os.environ[_TAG]


def _run_and_exit(scene: Scene, index: Path, note: StageNote) -> None:
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts what runs in the background without
        scene.rebuild(index, note)
        os._exit(0)
    except KeyboardInterrupt:
        os._exit(130)
    except BaseException:
        (scene.folder / "broken").write_text(traceback.format_exc())
        os._exit(99)


def _strike(child: int, sign: signal.Signals, note: StageNote, stage: str, wait: float) -> int:
    """Send the signal some time after the stage has begun; return the wait status, 0 if it was over before."""
    until = time.monotonic() + 10 * _PATIENCE
    while note.read() != stage and time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(0.002)
    time.sleep(wait)
    os.kill(child, sign)
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) in (0, 130), f"it ended with {status}"
            return status
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    raise AssertionError(f"it did not end within {_PATIENCE} s")


def _take_lock(index: Path) -> None:
    """Take the lock and let go.  Raises OSError if it is held a little later.

    A process that was killed while it started another leaves that one with all that is open until it has become what it
    was started as: some milliseconds on a busy machine, in which it does not bear the trial's tag either.
    """
    until = time.monotonic() + 5
    with (index / "LOCK").open() as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)


def _left(tag: str) -> list[int]:
    """Return the processes of a trial that are there a little later."""
    until = time.monotonic() + 5
    while found := _tagged(tag):
        if time.monotonic() > until:
            return found
        time.sleep(0.05)
    return []


def _tagged(tag: str) -> list[int]:
    wanted, found = f"{_TAG}={tag}".encode(), []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (path / "environ").read_bytes().split(b"\0") and int(path.name) != os.getpid():
                found.append(int(path.name))
        except OSError:
            continue
    return found
