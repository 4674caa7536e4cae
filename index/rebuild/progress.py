"""How a rebuild tells where it is: stages with a count; who watches decides what is shown."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol


class Watcher(Protocol):
    """Is told of stages and steps."""

    def begin(self, stage: str, total: int | None) -> None:
        """A stage begins; `total` steps are ahead, None if that is not known."""

    def step(self, count: int) -> None:
        """`count` more steps are done."""

    def end(self) -> None:
        """The stage is over."""


class Silent:
    """Watches and shows nothing."""

    def begin(self, stage: str, total: int | None) -> None:
        """Ignore."""

    def step(self, count: int) -> None:
        """Ignore."""

    def end(self) -> None:
        """Ignore."""


@dataclass(slots=True)
class StageTime:
    """Seconds and steps of one stage."""

    seconds: float = 0.0
    count: int = 0


@dataclass(slots=True)
class Progress:
    """Passes steps on to the watcher, and keeps the time and count of every stage."""

    watcher: Watcher = field(default_factory=Silent)
    stages: dict[str, StageTime] = field(default_factory=dict)
    _stage: str = ""

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[None]:
        """Run a stage; a stage that comes again adds to its figures."""
        kept = self.stages.setdefault(name, StageTime())
        self._stage = name
        started = time.perf_counter()
        self.watcher.begin(name, total)
        try:
            yield
        finally:
            kept.seconds += time.perf_counter() - started
            self.watcher.end()

    def step(self, count: int = 1) -> None:
        """Count steps of the stage under way."""
        self.stages[self._stage].count += count
        self.watcher.step(count)
