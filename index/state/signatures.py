"""The signatures among which twins were looked for last: in blocks of some thousand, which are read and written whole.

A row for each article takes SQLite ten times as long to read as a block of a megabyte.
"""

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.state.cache import Cache

#: Documents whose numbers agree but for so many bits share a block.
_BITS: Final = 12
#: What stands in the place of a document.
NOBODY: Final = -1

Documents = NDArray[np.int64]
Signatures = NDArray[np.uint16]


def read_signatures(cache: Cache, width: int, room: int) -> tuple[Documents, Signatures]:
    """Return documents [n + room] and their signatures [n + room, width]; the last `room` are NOBODY's, for others."""
    count = cache.count("SELECT sum(length(documents)) FROM signatures") // np.dtype("<i8").itemsize
    documents, signatures = np.full(count + room, NOBODY, np.int64), np.zeros((count + room, width), np.uint16)
    at = 0
    for listed, data in cache.db.execute("SELECT documents, data FROM signatures"):
        block = np.frombuffer(listed, "<i8")
        documents[at : at + len(block)] = block
        signatures[at : at + len(block)] = np.frombuffer(data, "<u2").reshape(-1, width)
        at += len(block)
    return documents, signatures


def write_blocks(cache: Cache, documents: Documents, signatures: Signatures, changed: Documents) -> None:
    """Write the blocks of the documents `changed`, of all documents [n] and their signatures [n, width]."""
    blocks = documents >> _BITS
    for block in np.unique(changed >> _BITS).tolist():
        rows = np.flatnonzero(blocks == block)
        _write(cache, block, documents[rows], signatures[rows].astype("<u2").tobytes())


def write_all(cache: Cache, rows: Iterable[tuple[int, bytes]]) -> None:
    """Keep these signatures and no others; `rows` are (document, signature), ascending."""
    cache.db.execute("DELETE FROM signatures")
    for block, group in groupby(rows, lambda row: row[0] >> _BITS):
        listed = list(group)
        _write(cache, block, np.array([row[0] for row in listed]), b"".join(map(itemgetter(1), listed)))


def _write(cache: Cache, block: int, documents: Documents, data: bytes) -> None:
    row = block, documents.astype("<i8").tobytes(), data
    cache.db.execute("INSERT OR REPLACE INTO signatures VALUES (?, ?, ?)", row)
