"""Read access logs and count what an editor asks on Monday: what was searched for, in vain, or slowly."""

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from search.errors import SettingsError
from search.text import fold_text

Line = dict[str, Any]
#: Routes whose lines are searches; a feed or an export repeats one by itself.
SEARCHES: Final = ("/", "/api/search")


def lines(paths: Iterable[Path]) -> Iterator[Line]:
    """Yield the objects of log files, `.gz` ones too; lines cut off by a crash are left out.  Raises SettingsError."""
    for path in paths:
        try:
            opened = gzip.open if path.suffix == ".gz" else open
            with opened(path, "rt", encoding="utf-8", errors="replace") as file:
                for text in file:
                    try:
                        line = json.loads(text)
                    except ValueError:
                        continue
                    if isinstance(line, dict):
                        yield line
        except OSError as error:
            raise SettingsError(f"The log {path} can't be read ({error.strerror or error}).") from error


def searches(every: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines of searches that were answered; further pages of one are not counted again."""
    for line in every:
        if line.get("route") in SEARCHES and isinstance(line.get("total"), int) and line.get("page", 1) == 1:
            yield line


def with_query(found: Iterable[Line]) -> list[Line]:
    """Return the lines that hold their query.  Raises SettingsError if there are lines and none of them does."""
    read = list(found)
    kept = [line for line in read if str(line.get("q") or "").strip()]
    if read and not kept:
        raise SettingsError("These logs do not say what was searched for: serve with --log-queries.")
    return kept


def counted(found: Iterable[Line]) -> list[tuple[str, int]]:
    """Return queries by how often they were asked; spellings that differ by capitals and spaces only are one."""
    spellings: dict[str, Counter[str]] = {}
    for line in found:
        query = " ".join(str(line["q"]).split())
        spellings.setdefault(query.casefold(), Counter())[query] += 1
    rows = [(names.most_common(1)[0][0], names.total()) for names in spellings.values()]
    return sorted(rows, key=lambda row: (-row[1], fold_text(row[0])))


def slowest(every: Iterable[Line], least_ms: float) -> list[Line]:
    """Return the requests that took at least so many milliseconds, slowest first."""
    timed = [line for line in every if isinstance(line.get("ms"), int | float) and line["ms"] >= least_ms]
    return sorted(timed, key=lambda line: -line["ms"])
