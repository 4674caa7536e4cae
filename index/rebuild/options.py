"""What a rebuild is asked to do."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.read.fields import USUAL, FieldNames


@dataclass(frozen=True, slots=True)
class Limit:
    """How many are borne: a share (`10%`, `0.1`) or a number (`25`)."""

    value: float
    share: bool

    def exceeded(self, count: int, total: int) -> bool:
        """Return whether `count` of `total` is over the limit."""
        return count > (self.value * total if self.share else self.value)

    @property
    def everything(self) -> bool:
        """Say whether all may be over it: 100 %."""
        return self.share and self.value >= 1

    def __str__(self) -> str:
        return f"{self.value * 100:g} %" if self.share else f"{self.value:g}"


def parse_limit(text: str) -> Limit:
    """Read `10%`, `10 %`, `0.1` (a share) or `25` (a number).  Raises ValueError."""
    number = float(text.strip().removesuffix("%"))
    if not 0 <= number < float("inf"):
        raise ValueError(text)
    if text.strip().endswith("%"):
        return Limit(number / 100, share=True)
    return Limit(number, share="." in text)


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class RebuildOptions:
    """Inputs, the index directory, and limits.

    `wait` seconds for the lock; `time_limit` seconds and `memory_limit` MB for extracting one document;
    `max_file_bytes` of a page or a record; `full` forgets the cache; `names` are the user's for
    the fields of records; `strict_files`: files that are not read stop the run; `engine` goes to the archive's builder.
    """

    roots: tuple[Path, ...]
    index: Path
    keep: int = 2
    wait: float = 0.0
    max_rejects: Limit = Limit(0.1, share=True)
    max_shrink: Limit = Limit(0.2, share=True)
    if_needed: bool = False
    full: bool = False
    jobs: int = 0
    time_limit: float = 20.0
    memory_limit: int = 1024
    max_file_bytes: int = 20_000_000
    names: FieldNames = USUAL
    strict_files: bool = False
    engine: Mapping[str, Any] = field(default_factory=dict)
