"""Limits of one file of records: a small file must not cost a rebuild more than it is worth.

A million lines that hold no record would be a million rejects: the first are named, the others counted.  A file that
has thousands of rejects and next to no record is no file of records: reading it ends.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from index.read.documents import Document
from index.read.records import Note, Rejected, Unreadable

#: Rejects of one file that are named.
LISTED: Final = 100
#: A file with more rejects than this, and a hundred for each record, is read no further.
MAX_REJECTS: Final = 10_000
_REJECTS_PER_RECORD: Final = 100


@dataclass(frozen=True, slots=True)
class More(Rejected):
    """The `count` rejects of a file that are not named one by one."""

    count: int = 0


def limited(items: Iterator[Document | Rejected | Note]) -> Iterator[Document | Rejected | Note]:
    """Yield what a file holds, within the limits; what is beyond them is told in a last reject."""
    documents, rejects, path = 0, 0, ""
    for item in items:
        if isinstance(item, Document):
            documents += 1
        elif isinstance(item, Rejected) and item.number >= 0:
            rejects, path = rejects + 1, path or item.path.partition("#")[0]
            if rejects > LISTED:
                if rejects > MAX_REJECTS and rejects > _REJECTS_PER_RECORD * documents:
                    yield from _others(path, rejects)
                    yield Unreadable(path, f"{rejects} of its first {rejects + documents} records are no articles; "
                                           "the rest is not read")  # fmt: skip
                    return
                continue
        yield item
    yield from _others(path, rejects)


def _others(path: str, rejects: int) -> Iterator[More]:
    if rejects > LISTED:
        count = rejects - LISTED
        told = f"{count} more of its records are no articles; the first {LISTED} are listed"
        yield More(path, told, count=count)
