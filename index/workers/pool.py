"""Worker processes that extract: a hostile document costs a worker, never the run.

A worker is a fresh interpreter (`python -m index.workers.worker`): nothing of this process leaks into it, no open file,
no lock, no signal handler.  It arms a kernel timer for each document and limits its own address space, so it
stops even inside a C library and even if this process has died.

Documents go out in batches, as plain tuples, and answers come back in batches: one hand-over costs as much as a short
document.  Before each document a worker writes a byte to a pipe; when it dies, as many documents were begun as there
are bytes, the last of them is the culprit, and the others without an answer go to the next worker.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from index.read.records import RawDocument

if TYPE_CHECKING:
    from index.page.sites import SiteMemory

#: A batch is full at this many documents or characters.
_BATCH: Final = 64
_BATCH_BYTES: Final = 1 << 18
#: Seconds beyond the time limit after which this process kills a worker whose own timer failed.
_GRACE: Final = 5.0
#: Seconds that a worker may take to import what it needs.
_START: Final = 120.0
#: A worker is told of this many sites before it forgets them all.
_SITES: Final = 32


Action = Literal["site", "observe", "extract"]


@dataclass(frozen=True, slots=True)
class Task:
    """One document: name its `site`, `observe` its blocks to learn which repeat, or `extract`; `key` comes back."""

    action: Action
    key: bytes
    raw: RawDocument
    site: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """The answer to a task: `reason` if rejected, else `payload` and, of an article, id, sort key, signature."""

    action: Action
    key: bytes
    reason: str = ""
    payload: bytes = b""
    id: str = ""
    sort_key: str = ""
    signature: bytes = b""


#: A task and an answer as they are handed over: dataclasses cost as much to pack as a short text.
WireTask = tuple[str, str, str, "bytes | None", Mapping[str, object], str]
WireDone = tuple[str, bytes, str, str, bytes]


class WorkersBroken(RuntimeError):
    """Workers can't even start; the text is the error of their import."""


@dataclass(slots=True)
class _Worker:
    process: "subprocess.Popen[bytes]"
    connection: Connection
    #: A byte for each document that was begun.
    begun: int
    pending: deque[Task] = field(default_factory=deque)
    sites: set[str] = field(default_factory=set)
    deadline: float = 0.0
    ready: bool = False


@dataclass(slots=True)
class Workers:
    """A context manager over `count` worker processes, started when there is work or before; not thread-safe.

    `seconds` and `megabytes` limit one document; `memory_of` gives what is known of a site.
    """

    count: int
    seconds: float
    megabytes: int
    memory_of: "Callable[[str], SiteMemory] | None" = None
    _workers: list[_Worker] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for worker in self._workers:
            worker.connection.close()  # all at once: they end at the same time
        for worker in self._workers:
            os.close(worker.begun)
            _end(worker)
        self._workers.clear()

    def start_ahead(self) -> None:
        """Have a worker start, which takes it half a second, while there is something else to do."""
        if not self._workers:
            self._start()

    def forget(self) -> None:
        """Have what is known of sites told anew."""
        for worker in self._workers:
            worker.sites.clear()

    def run(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """Yield the answers to all tasks, in any order.  Raises WorkersBroken."""
        source = iter(tasks)
        again: deque[Task] = deque()
        while True:
            exhausted = not self._hand_out(source, again)
            busy = [worker for worker in self._workers if worker.pending]
            if not busy and exhausted and not again:
                return
            yield from self._collect(busy, again)

    def _hand_out(self, source: Iterator[Task], again: "deque[Task]") -> bool:
        """Give every idle worker a batch; return whether there may be more."""
        while True:
            idle = next((worker for worker in self._workers if not worker.pending), None)
            if idle is None and len(self._workers) >= self.count:
                return True
            batch = _batch(source, again)
            if not batch:
                return False
            if idle is None:
                idle = self._start()
            idle.pending.extend(batch)
            self._send(idle, again)

    def _send(self, worker: _Worker, again: "deque[Task]") -> None:
        """Send a worker its batch; it reads all of it before it works, so this can't wait for long."""
        try:
            self._tell_sites(worker)
            worker.connection.send(("batch", [_wire(task) for task in worker.pending], None))
            worker.deadline = time.monotonic() + (self.seconds if worker.ready else _START) + _GRACE
        except OSError:
            again.extend(worker.pending)
            worker.pending.clear()
            self._bury(worker)
            os.close(worker.begun)

    def _tell_sites(self, worker: _Worker) -> None:
        """Send what a batch needs to know of its sites, unless the worker knows it."""
        sites = {task.site for task in worker.pending if task.site}
        if len(worker.sites | sites) > _SITES:
            worker.connection.send(("forget", None, None))
            worker.sites.clear()
        for site in sites - worker.sites:
            if self.memory_of is not None:
                worker.connection.send(("site", site, self.memory_of(site)))
            worker.sites.add(site)

    def _collect(self, busy: list[_Worker], again: "deque[Task]") -> Iterator[Done]:
        """Yield what has been answered, and a rejection for each document that ended its worker."""
        now = time.monotonic()
        patience = max(0.0, min((worker.deadline for worker in busy), default=now) - now)
        ready = wait([worker.connection for worker in busy], timeout=patience)
        for worker in busy:
            if worker.connection in ready:
                yield from self._answers(worker, again)
            elif time.monotonic() > worker.deadline:
                worker.process.kill()
                yield from self._autopsy(worker, again)

    def _answers(self, worker: _Worker, again: "deque[Task]") -> Iterator[Done]:
        try:
            while worker.pending and worker.connection.poll():
                answer = worker.connection.recv()
                if isinstance(answer, str):
                    self._greeted(worker, answer)
                    continue
                os.read(worker.begun, len(answer))
                worker.deadline = time.monotonic() + self.seconds + _GRACE
                yield from [_done(worker.pending.popleft(), *found) for found in answer]
        except (EOFError, OSError):
            yield from self._autopsy(worker, again)

    def _greeted(self, worker: _Worker, answer: str) -> None:
        """Take the first message of a worker: empty, or why it could not start."""
        if answer:
            raise WorkersBroken(answer)
        worker.ready = True
        worker.deadline = time.monotonic() + self.seconds + _GRACE

    def _autopsy(self, worker: _Worker, again: "deque[Task]") -> Iterator[Done]:
        """Blame the document that was last begun for the death of its worker, and give the others another."""
        code = self._bury(worker)
        with open(worker.begun, "rb") as pipe:  # noqa: PTH123 - a descriptor
            begun = len(pipe.read())
        if not worker.ready:
            raise WorkersBroken(f"a worker process ended at its start (exit code {code})")
        unanswered = list(worker.pending)
        if unanswered:  # if none was begun, the first was too much to be taken in
            culprit = unanswered.pop(max(begun - 1, 0))
            yield _done(culprit, self._cause(code))
        again.extend(unanswered)

    def _bury(self, worker: _Worker) -> int:
        self._workers.remove(worker)
        return _end(worker)

    def _cause(self, code: int) -> str:
        if code == -signal.SIGALRM:
            return f"extraction took longer than {self.seconds:g} s (--time-limit)"
        if code == -signal.SIGKILL:
            return f"extraction was killed: it hung longer than {self.seconds:g} s, or memory ran out"
        cause = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return f"extraction crashed ({cause})"

    def _start(self) -> _Worker:
        ours, theirs = socket.socketpair()
        begun, tell = os.pipe()
        arguments = [str(theirs.fileno()), str(tell), f"{self.seconds}", str(self.megabytes)]
        with theirs:
            # -P: a folder named `index` where the user stands must not be imported.
            process = subprocess.Popen(
                [sys.executable, "-P", "-W", "ignore", "-m", "index.workers.worker", *arguments],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno(), tell], start_new_session=True,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            )
        os.close(tell)
        worker = _Worker(process, Connection(ours.detach()), begun)
        self._workers.append(worker)
        return worker


def _batch(source: Iterator[Task], again: "deque[Task]") -> list[Task]:
    batch: list[Task] = []
    size = 0
    while len(batch) < _BATCH and size < _BATCH_BYTES:
        task = again.popleft() if again else next(source, None)
        if task is None:
            break
        batch.append(task)
        size += task.raw.size
    return batch


def _wire(task: Task) -> WireTask:
    raw = task.raw
    return task.action, raw.path, raw.relative, raw.data, raw.record, task.site


def _done(task: Task, *found: Any) -> Done:
    """Return what a worker found, or why it ended, as the answer to a task."""
    return Done(task.action, task.key, *found)


def _end(worker: _Worker) -> int:
    """Close the connection, on which a worker ends by itself; return its exit code."""
    worker.connection.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        return worker.process.wait(timeout=0.5)
    worker.process.kill()
    return worker.process.wait()
