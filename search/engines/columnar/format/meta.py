"""`archive.json`: which segment an archive has, by which rules it was built, and what its codes mean."""

import json
from pathlib import Path
from typing import Any, Final

from search.errors import IndexDamaged, IndexMissing, IndexOutdated
from search.text import PIPELINE

META_FILE: Final = "archive.json"
#: Raised whenever the fields, columns or stored records of an archive change: older ones must be rebuilt.
SCHEMA_VERSION: Final = 7
_NAMES: Final = {"version", "text", "segment", "articles", "tables"}


def read_meta(directory: Path) -> dict[str, Any]:
    """Return `archive.json`.  Raises IndexMissing, IndexDamaged or IndexOutdated."""
    path = directory / META_FILE
    try:
        meta: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise IndexMissing(f"There is no index in {directory}: run dau rebuild.") from None
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"The index file {path} can't be read ({error}): rebuild the index.") from error
    if not isinstance(meta, dict) or not meta.keys() >= _NAMES:
        raise IndexDamaged(f"The index file {path} is incomplete: rebuild the index.")
    if meta["version"] != SCHEMA_VERSION or meta["text"] != PIPELINE.fingerprint:
        raise IndexOutdated(f"The index in {directory} was built by other text rules or another schema: rebuild it.")
    return meta


def write_meta(directory: Path, segment: str, articles: int, tables: dict[str, Any]) -> None:
    """Write `archive.json`; the last file of a build."""
    meta = {"version": SCHEMA_VERSION, "text": PIPELINE.fingerprint, "segment": segment, "articles": articles,
            "tables": tables}  # fmt: skip
    (directory / META_FILE).write_text(json.dumps(meta, ensure_ascii=False), encoding="utf-8")
