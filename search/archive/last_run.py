"""How the last rebuild of an index ended: the file that it leaves in the index directory, for servers to show."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

FILE_NAME: Final = "last-run.json"
_LONGEST: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class LastRun:
    """One run of `dau rebuild`: times in ISO 8601, its exit code, what became of it, one sentence about that."""

    ended: str
    seconds: float
    outcome: str
    exit: int
    message: str = ""


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
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
