"""A rollback holds: whoever went back to an older generation wants it served until they say otherwise.

The file HOLD in the index directory says which generation, and since when.  Rebuilds go on reading and extracting
meanwhile, and publish nothing.
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from index.publish.durable import replace_file, sync_folder

FILE_NAME: Final = "HOLD"


@dataclass(frozen=True, slots=True)
class Hold:
    """The generation that is held, and since when (ISO 8601, UTC); both are `?` if the file can't be read."""

    generation: str
    since: str

    def __str__(self) -> str:
        return f"held at {self.generation} since {self.since} by rollback; `dau rollback --release` lets go"


def held(index: Path) -> Hold | None:
    """Return what is held, None if nothing is.  A file that can't be read holds as well: to publish would be worse."""
    try:
        found = json.loads((index / FILE_NAME).read_bytes())
        return Hold(str(found["generation"]), str(found["since"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return Hold("?", "?")


def hold(index: Path, generation: str) -> None:
    """Hold a generation from now on.  Raises OSError."""
    since = datetime.now(UTC).isoformat(timespec="seconds")
    replace_file(index / FILE_NAME, (json.dumps(asdict(Hold(generation, since))) + "\n").encode())


def release(index: Path) -> bool:
    """Let go; return whether anything was held.  Raises OSError."""
    try:
        (index / FILE_NAME).unlink()
    except FileNotFoundError:
        return False
    sync_folder(index)
    return True
