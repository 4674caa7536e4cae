"""The values that pass between the stages of a rebuild."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One document before extraction: bytes of a file, or a record of a JSON or JSONL file.

    `path` is what a report names: the file's path, with `#n` for record n (from 1) of a file with several.
    Exactly one of `data` (bytes of a .txt or .html file) and `record` (fields title, text or html, and
    optionally id, url, date, author, source, province) is set.  `relative` is the path below the folder that
    was given, the base of the article's id.
    """

    path: str
    relative: str
    data: bytes | None = None
    record: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejected:
    """An input that gave no article: which, and why, in words for its owner."""

    path: str
    reason: str
