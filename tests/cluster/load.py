"""Searches that go on while something happens to the cluster: what failed, what was wrong, what took longest."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from search.archive.archive import Archive
from search.errors import EngineUnavailable
from search.results.answer import Request

#: Says whether the answer to question number `turn` was right; raises EngineUnavailable where there is none.
Ask = Callable[[int], bool]


def totals(archive: Archive, requests: Sequence[Request]) -> Ask:
    """Ask an archive in turn; right is a total and facets that are those of now."""

    def told(request: Request) -> object:
        found = archive.find(request).found
        return found.total, found.facets, len(found.hits)

    wanted = [told(request) for request in requests]
    return lambda turn: told(requests[turn % len(requests)]) == wanted[turn % len(requests)]


@dataclass
class Load:
    """Asks in some threads until the block ends, with a rest of some seconds between two questions of a thread."""

    ask: Ask
    threads: int = 2
    rest: float = 0.05
    answers: int = 0
    failed: int = 0
    wrong: int = 0
    slowest: float = 0.0
    reasons: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._running = [threading.Thread(target=self._run, args=(each,)) for each in range(self.threads)]

    def __enter__(self) -> "Load":
        for thread in self._running:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:  # fmt: skip
        self._stop.set()
        for thread in self._running:
            thread.join()

    def wait(self, more: int, seconds: float = 60) -> None:
        """Wait until so many more answers have come."""
        wanted, until = self.answers + more, time.monotonic() + seconds
        while self.answers < wanted:
            assert time.monotonic() < until, f"{self.answers} answers, {wanted} wanted"
            time.sleep(0.02)

    def _run(self, turn: int) -> None:
        while not self._stop.wait(self.rest):
            turn += self.threads
            begun, right, reason = time.monotonic(), True, ""
            try:
                right = self.ask(turn)
            except Exception as error:  # whatever it is, it is counted
                reason = f"{type(error).__name__}: {error}"
                if not isinstance(error, EngineUnavailable):
                    right = False
            with self._lock:
                self.answers += 1
                self.failed += bool(reason)
                self.wrong += not right
                self.slowest = max(self.slowest, time.monotonic() - begun)
                self.reasons += [reason] if reason else []

    def told(self) -> dict[str, Any]:
        """Return what was counted, and why some failed."""
        return {"answers": self.answers, "failed_answers": self.failed, "wrong_totals": self.wrong,
                "slowest_s": round(self.slowest, 2), "reasons": sorted(set(self.reasons))[:3]}  # fmt: skip
