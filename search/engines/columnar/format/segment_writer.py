"""Write one segment, streaming: memory holds the dictionary of one field and the columns, never the postings.

Files appear under their final names and are complete when `finish` returns; `archive.json`, the last file of a build,
names the segment, so half-written files are never read.
"""

import os
from array import array
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import zstandard
from numpy.typing import ArrayLike

from search.engines.columnar.format.container import ArrayFileWriter, SectionWriter
from search.engines.columnar.format.pairs import PairRule
from search.engines.columnar.format.postings import Records
from search.engines.columnar.format.segment import (
    DOCUMENTS,
    INVERTED,
    LENGTH_OF_CODE,
    PAIR_WORDS,
    PAIRS_LEFT_OUT,
    STORED,
    Blobs,
)
from search.engines.columnar.format.split_numbers import Ints

#: zstd level: 3 gave within 4 % of the size of 9 on news articles at four times the speed.
_LEVEL: Final = 3
_compress: Final = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress


def compressed(blob: bytes) -> bytes:
    """Return a blob as it is stored; b"" takes no space.  For one thread of a process."""
    return _compress(blob) if blob else b""


class InvertedWriter:
    """Writes the dictionary and the postings, one field after another."""

    def __init__(self, file: BinaryIO, segment: str) -> None:
        self._file = ArrayFileWriter(file, "inverted", segment)
        self._fields: list[dict[str, object]] = []
        self._open: AbstractContextManager[SectionWriter] | None = None

    def start_field(self, name: str, positions: bool) -> None:
        """Begin a field; the one before must be finished."""
        assert self._open is None, f"start_field({name!r}) inside of another field"
        self._fields.append({"name": name, "positions": positions})
        self._open = self._file.section(f"{len(self._fields) - 1}/postings")
        self._section = self._open.__enter__()
        self._terms = bytearray()
        self._lengths = array("I")
        self._sizes: list[Ints] = []
        self._rare_df: list[Ints] = []
        self._full_df: list[Ints] = []

    def add_records(self, terms: bytes | memoryview, lengths: Ints, records: Records) -> None:
        """Add terms, as one string of bytes, with encoded lists whose documents are numbered as in this segment."""
        self._terms += terms
        self._lengths.frombytes(lengths.astype(np.uint32).tobytes())
        self._section.append(records.data)
        self._sizes.append(records.sizes)
        self._rare_df.append(records.rare_df)
        self._full_df.append(records.df[records.rare_df == 0].astype(np.uint32))

    def finish_field(self) -> None:
        """Write the dictionary of the field."""
        assert self._open is not None, "finish_field() without start_field()"
        self._open.__exit__(None, None, None)
        self._open = None
        prefix = f"{len(self._fields) - 1}/"
        with self._file.section(f"{prefix}terms") as section:
            section.append(self._terms)
        self._add_sizes(f"{prefix}term_sizes", np.frombuffer(self._lengths, dtype=np.uint32))
        self._add_sizes(f"{prefix}posting_sizes", _joined(self._sizes, np.int64))
        self._file.add(f"{prefix}rare_df", _joined(self._rare_df, np.uint8))
        self._file.add(f"{prefix}full_df", _joined(self._full_df, np.uint32))

    def _add_sizes(self, name: str, sizes: Ints) -> None:
        """Write sizes in a byte each; 255 stands for the next one of those that need more."""
        self._file.add(name, np.minimum(sizes, 255).astype(np.uint8))
        self._file.add(f"{name}/long", sizes[sizes >= 255].astype(np.uint64))

    def add_pair_rule(self, rule: PairRule) -> None:
        """Add which pairs have lists; no field may be open."""
        words, left_out = rule.packed()
        self._file.add(PAIR_WORDS, np.frombuffer(words, np.uint8))
        self._file.add(PAIRS_LEFT_OUT, left_out)

    def close(self, doc_count: int) -> None:
        """Complete the file."""
        self._file.close({"fields": self._fields, "doc_count": doc_count})


class DocumentsWriter:
    """Writes field lengths and columns: one number per document each."""

    def __init__(self, file: BinaryIO, segment: str) -> None:
        self._file = ArrayFileWriter(file, "documents", segment)
        self._totals: dict[str, int] = {}

    def add_lengths(self, field: str, codes: ArrayLike, total: int) -> None:
        """Add field lengths as codes [documents], with the exact sum of the lengths."""
        self._file.add(f"length/{field}", np.asarray(codes, dtype=np.uint8))
        self._totals[field] = total

    def add_column(self, name: str, values: ArrayLike) -> None:
        """Add a column of numbers [documents]."""
        self._file.add(f"column/{name}", values)

    def close(self, doc_count: int) -> None:
        """Complete the file."""
        self._file.close({"doc_count": doc_count, "total_lengths": self._totals})


class BlobWriter:
    """One store of compressed blobs, in document order; `shift` is added to where they start."""

    def __init__(self, section: SectionWriter, shift: int) -> None:
        self._section, self._shift = section, shift
        self.starts = array("Q")
        self.sizes = array("I")

    def append(self, blob: bytes) -> None:
        """Add the blob of the next document."""
        self.append_compressed(compressed(blob))

    def append_compressed(self, data: bytes) -> None:
        """Add a blob as it is: one that is compressed already, or of a store that is not compressed."""
        self.starts.append(self._shift + self._section.nbytes)
        self.sizes.append(len(data))
        if data:
            self._section.append(data)

    def append_span(self, starts: Ints, sizes: Ints) -> None:
        """Note blobs of the next documents whose bytes are there already."""
        self.starts.frombytes(starts.astype(np.uint64).tobytes())
        self.sizes.frombytes(sizes.astype(np.uint32).tobytes())

    def fill(self, doc_count: int) -> None:
        """Add empty blobs up to `doc_count` documents."""
        while len(self.sizes) < doc_count:
            self.append(b"")


class StoredWriter:
    """Writes the file of stored blobs."""

    def __init__(self, file: BinaryIO, segment: str) -> None:
        self._file = ArrayFileWriter(file, "stored", segment)
        self._stores: dict[str, BlobWriter] = {}
        self._earlier, self._shift = "", 0
        self._open = self._file.section("data")
        self._section = self._open.__enter__()

    def leave_in(self, earlier: str, size: int) -> None:
        """Leave blobs in the file of an earlier segment, which has `size` bytes of them; before anything is added."""
        self._earlier, self._shift = earlier, size

    def blobs(self, store: str = "stored") -> BlobWriter:
        """Return the store of that name."""
        if store not in self._stores:
            self._stores[store] = BlobWriter(self._section, self._shift)
        return self._stores[store]

    def add(self, stores: Sequence[str], data: bytes, sizes: Ints) -> None:
        """Add blobs of the next documents as they are; `sizes` [documents, stores], in the order of `data`."""
        ends = self._shift + self._section.nbytes + np.cumsum(sizes, dtype=np.uint64).reshape(sizes.shape)
        starts = ends - sizes
        self._section.append(data)
        for place, name in enumerate(stores):
            self.blobs(name).append_span(starts[:, place], sizes[:, place])

    def copy(self, base: Mapping[str, Blobs], low: int, high: int) -> None:
        """Add the blobs of the documents of another segment from `low` up to `high`, for all its stores."""
        spans = [blobs.span(low, high) for blobs in base.values()]
        bound = self._shift if self._earlier else next(iter(base.values())).earlier_bytes
        late = np.any([(starts >= bound) & (sizes > 0) for starts, sizes in spans], axis=0)
        breaks = np.flatnonzero(late[1:] != late[:-1]) + 1  # what lies elsewhere was left out between the others
        for begin, end in pairwise([0, *breaks.tolist(), high - low]):
            if self._earlier and not late[begin]:
                self._note({name: blobs.span(low + begin, low + end) for name, blobs in base.items()}, 0)
            else:
                self._copy(base, low + begin, low + end)

    def _note(self, spans: Mapping[str, tuple[Ints, Ints]], moved: int) -> None:
        """Add blobs that are there, by where they started and their sizes in each store, `moved` by so many bytes."""
        for name, (starts, sizes) in spans.items():
            self.blobs(name).append_span(np.where(sizes > 0, starts.astype(np.int64) + moved, 0), sizes)

    def _copy(self, base: Mapping[str, Blobs], low: int, high: int) -> None:
        spans = {name: blobs.span(low, high) for name, blobs in base.items()}
        filled = [(starts[sizes > 0], sizes[sizes > 0]) for starts, sizes in spans.values()]
        begin = min((int(starts.min()) for starts, _ in filled if len(starts)), default=0)
        end = max((int((starts + sizes).max()) for starts, sizes in filled if len(starts)), default=0)
        if sum(int(sizes.sum()) for _, sizes in filled) == end - begin:  # nothing of other documents lies between
            moved = self._shift + self._section.nbytes - begin
            self._section.append(next(iter(base.values())).data(begin, end))
            self._note(spans, moved)
            return
        for doc in range(low, high):
            for name, blobs in base.items():
                self.blobs(name).append_compressed(blobs.raw(doc))

    def close(self, doc_count: int) -> None:
        """Complete the file."""
        self._open.__exit__(None, None, None)
        for name, store in self._stores.items():
            store.fill(doc_count)
            self._file.add(f"{name}/starts", _smallest(np.frombuffer(store.starts, dtype=np.uint64)))
            self._file.add(f"{name}/sizes", np.frombuffer(store.sizes, dtype=np.uint32))
        self._file.close({"doc_count": doc_count, "stores": list(self._stores), "earlier": self._earlier})


class SegmentWriter:
    """Writes a whole segment into `directory`; `name` as `whoosh.codec.base.Segment.segment_id` makes it."""

    def __init__(self, directory: Path, name: str) -> None:
        self._paths = [directory / f"{name}{suffix}" for suffix in (INVERTED, DOCUMENTS, STORED)]
        self._handles: list[BinaryIO] = [path.open("wb") for path in self._paths]
        self._inverted = InvertedWriter(self._handles[0], name)
        self._documents = DocumentsWriter(self._handles[1], name)
        self._stored = StoredWriter(self._handles[2], name)
        self._field = ""
        self._linked: Path | None = None

    def start_field(self, name: str, positions: bool) -> None:
        """Begin a field."""
        self._field = name
        self._inverted.start_field(name, positions)

    def add_records(self, terms: bytes | memoryview, lengths: Ints, records: Records) -> None:
        """Add terms, as one string of bytes with their `lengths`, and their encoded lists; ascending over all calls."""
        self._inverted.add_records(terms, lengths, records)

    def finish_field(self, codes: Ints | None = None, total: int = 0) -> None:
        """End the field.

        If it is scored, `codes` are its lengths (see `length_codes`) [documents] and `total` their exact sum.
        """
        self._inverted.finish_field()
        if codes is not None:
            self._documents.add_lengths(self._field, codes, total)

    def add_pair_rule(self, rule: PairRule) -> None:
        """Add the rule by which pairs of words were chosen, between fields."""
        self._inverted.add_pair_rule(rule)

    def leave_blobs(self, holder: Path, size: int) -> bool:
        """Leave blobs in the file `holder`, which has `size` bytes of them; say no if it can't have a second name."""
        linked = self._paths[0].with_name(holder.name)
        try:
            os.link(holder, linked)
        except OSError:  # another file system, or one without links
            return False
        self._linked = linked
        self._stored.leave_in(holder.stem, size)
        return True

    def copy_blobs(self, base: Mapping[str, Blobs], low: int, high: int) -> None:
        """Add the blobs of documents of another segment, all stores at once; the stores must be there."""
        self._stored.copy(base, low, high)

    def add_blobs(self, stores: Sequence[str], data: bytes, sizes: Ints) -> None:
        """Add blobs of the next documents as they are, of all `stores`; `sizes` [documents, stores], as in `data`."""
        self._stored.add(stores, data, sizes)

    def add_column(self, name: str, values: ArrayLike) -> None:
        """Add a column of numbers [documents]."""
        self._documents.add_column(name, values)

    def blobs(self, store: str = "stored") -> BlobWriter:
        """Return a store of blobs to append to."""
        return self._stored.blobs(store)

    def finish(self, doc_count: int) -> None:
        """Complete the files."""
        self._inverted.close(doc_count)
        self._documents.close(doc_count)
        self._stored.close(doc_count)

    def discard(self) -> None:
        """Close and remove the files."""
        for handle, path in zip(self._handles, self._paths, strict=True):
            handle.close()
            path.unlink(missing_ok=True)
        if self._linked:
            self._linked.unlink(missing_ok=True)


def length_codes(exact: Ints) -> Ints:
    """Return Whoosh's one-byte codes of field lengths, rounded up."""
    return np.minimum(np.searchsorted(LENGTH_OF_CODE, exact, side="left"), 255).astype(np.uint8)


def _smallest(values: Ints) -> Ints:
    """Return numbers as uint32 where they fit, else as uint64."""
    return values.astype(np.uint32 if int(values.max(initial=0)) < 1 << 32 else np.uint64)


def _joined(parts: list[Ints], dtype: Any) -> Ints:
    return np.concatenate(parts).astype(dtype) if parts else np.zeros(0, dtype=dtype)
