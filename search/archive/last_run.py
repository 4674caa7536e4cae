"""How the last rebuild of an index ended: the file that it leaves in the index directory, for servers to show."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

FILE_NAME: Final = "last-run.json"
_LONGEST: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class LastRun:
    """One run of `dau rebuild`: times in ISO 8601, its exit code, what became of it, one sentence, counts by name."""

    ended: str
    seconds: float
    outcome: str
    exit: int
    message: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


def last_run(index: Path) -> LastRun | None:
    """Return how the last rebuild of `index` ended; None if that is not known."""
    try:
        with (index / FILE_NAME).open("rb") as file:
            told = json.loads(file.read(_LONGEST))
        datetime.fromisoformat(told["ended"])
        return LastRun(
            ended=str(told["ended"]),
            seconds=float(told["seconds"]),
            outcome=str(told["outcome"]),
            exit=int(told["exit"]),
            message=str(told.get("message", "")),
            counts={str(name): int(count) for name, count in dict(told.get("counts") or {}).items()},
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
