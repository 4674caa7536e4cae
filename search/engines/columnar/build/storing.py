"""Stored articles: made into compressed blobs in whichever process has the article, written in document order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from search.article import Article
from search.article_json import encode_card, encode_removed
from search.engines.columnar.build.carry import Carried, Numbers
from search.engines.columnar.format.segment_writer import SegmentWriter, compressed

#: The stores, in the order in which the blobs of one document lie in the file.
STORES: Final = ("stored", "removed", "title")


@dataclass(frozen=True, slots=True)
class Blobs:
    """Blobs of consecutive documents, side by side in `data`; `sizes` in bytes [documents, stores]."""

    data: bytes
    sizes: npt.NDArray[np.uint32]


def make_blobs(articles: Sequence[Article]) -> Blobs:
    """Return what is stored of some articles."""
    made = [blob for article in articles for blob in _blobs(article)]
    return Blobs(b"".join(made), np.fromiter(map(len, made), np.uint32, len(made)).reshape(-1, len(STORES)))


def _blobs(article: Article) -> tuple[bytes, bytes, bytes]:
    title = article.title.encode("utf-8", "surrogatepass")
    return compressed(encode_card(article)), compressed(encode_removed(article)), title


class Stored:
    """Writes stored articles as they come, or keeps them `waiting` until documents are numbered."""

    def __init__(self, writer: SegmentWriter, waiting: bool) -> None:
        self._writer = writer
        self._waiting: list[Blobs] | None = [] if waiting else None

    def add(self, blobs: Blobs) -> None:
        """Take the blobs of the next articles."""
        if self._waiting is None:
            self._writer.add_blobs(STORES, blobs.data, blobs.sizes)
        else:
            self._waiting.append(blobs)

    def finish(self, base: Carried | None, numbers: Numbers | None, count: int) -> None:
        """Write what waited, and copy the base's or leave them where they are, in the order of the documents."""
        if base is not None and numbers is not None and self._waiting is not None:
            self._write_waiting(self._waiting, base, numbers, count)
        for name in STORES:  # an archive without articles has the stores, too
            self._writer.blobs(name)

    def _write_waiting(self, waiting: Sequence[Blobs], base: Carried, numbers: Numbers, count: int) -> None:
        old = {name: base.segment.blobs(name) for name in STORES}
        rows = [row for blobs in waiting for row in _rows(blobs)]
        size = base.worth_leaving(old.values(), sum(len(row.data) for row in rows))
        if size:
            self._writer.leave_blobs(base.holder, size)
        coming = iter([rows[place] for place in np.argsort(numbers).tolist()])
        for low, high in base.stretches(count):
            if low >= 0:
                self._writer.copy_blobs(old, low, high)
            else:
                row = next(coming)
                self._writer.add_blobs(STORES, row.data, row.sizes)


def _rows(blobs: Blobs) -> list[Blobs]:
    """Return the blobs document by document."""
    ends = np.cumsum(blobs.sizes.sum(axis=1, dtype=np.int64)).tolist()
    return [Blobs(blobs.data[start:end], blobs.sizes[place : place + 1])
            for place, (start, end) in enumerate(zip([0, *ends], ends, strict=False))]  # fmt: skip
