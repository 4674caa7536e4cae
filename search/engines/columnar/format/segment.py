"""Read one segment: fields with their dictionary and postings, columns, stored blobs.

Everything is a view of mapped files; nothing is decoded before it is asked for.  A `Segment` never changes and is
safe to share between threads.  Caches of decoded lists are the evaluator's.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import zstandard
from numpy.typing import NDArray
from whoosh.util.numeric import byte_to_length

from search.engines.columnar.format.container import Array, ArrayFile
from search.engines.columnar.format.pairs import PAIR_FIELDS, PairRule
from search.engines.columnar.format.postings import FullRecord, Rare, Records, decode_rare
from search.engines.columnar.format.term_dictionary import TermDictionary
from search.errors import IndexDamaged

INVERTED, DOCUMENTS, STORED = ".inv", ".doc", ".sto"
#: Sections of a `PairRule`.
PAIR_WORDS, PAIRS_LEFT_OUT = "pairs/words", "pairs/left_out"
#: Whoosh's one-byte field lengths: code to number of terms.
LENGTH_OF_CODE: Final = np.array([byte_to_length(code) for code in range(256)], dtype=np.int32)


class FieldArrays:
    """The inverted index of one field.  Ordinals number its terms in byte order."""

    def __init__(self, file: ArrayFile, number: int, meta: Mapping[str, Any], documents: ArrayFile) -> None:
        self.name: str = meta["name"]
        self.has_positions: bool = meta["positions"]
        self.total_length: int = documents.meta["total_lengths"].get(self.name, 0)
        self.doc_count: int = documents.meta["doc_count"]
        self._file = file
        self._prefix = f"{number}/"
        self._documents = documents
        self._postings = file.raw(f"{number}/postings")
        self._offset = file.offset(f"{number}/postings")
        #: The records of all terms as they lie in the file.
        self.postings = np.frombuffer(self._postings, np.uint8)
        self._ends = _ends(file, f"{number}/posting_sizes", len(self._postings))
        self._rare_df = file.array(f"{number}/rare_df")
        terms = file.raw(f"{number}/terms")
        self.terms_ = TermDictionary(terms, _ends(file, f"{number}/term_sizes", len(terms)))

    @property
    def term_count(self) -> int:
        """Number of terms."""
        return len(self._ends)

    @property
    def length_table(self) -> NDArray[np.int32]:
        """The length that each of the 256 codes of `lengths` stands for."""
        return LENGTH_OF_CODE

    @cached_property
    def lengths(self) -> NDArray[np.uint8] | None:
        """Length codes [documents], None if the field is not scored."""
        name = f"length/{self.name}"
        return self._documents.array(name) if name in self._documents else None

    @cached_property
    def df(self) -> NDArray[np.uint32]:
        """Document frequencies [terms]."""
        out = self._rare_df.astype(np.uint32)
        out[out == 0] = self._file.array(f"{self._prefix}full_df")
        return out

    @cached_property
    def cfs(self) -> NDArray[np.int64]:
        """Occurrences in all documents [terms], computed from the records by whole-array operations."""
        data = self.postings
        starts = np.concatenate(([0], self._ends[:-1])).astype(np.int64)
        out = np.zeros(self.term_count, dtype=np.int64)
        full, rare = np.flatnonzero(self._rare_df == 0), np.flatnonzero(self._rare_df)
        out[full] = sum(data[starts[full] + 4 + byte].astype(np.int64) << (8 * byte) for byte in range(4))
        if len(rare):
            df = self._rare_df[rare].astype(np.int64)
            ends = np.cumsum(df)
            places = np.repeat(starts[rare] + 3 * df - (ends - df), df) + np.arange(ends[-1])
            out[rare] = np.add.reduceat(data[places].astype(np.int64), ends - df)
        return out

    def find(self, term: bytes) -> int:
        """Return the ordinal of a term, -1 if the field does not have it."""
        return self.terms_.find(term)

    def find_many(self, terms: Sequence[bytes]) -> NDArray[np.int64]:
        """Return the ordinals of several terms, -1 for each that is not there."""
        return np.array([self.terms_.find(term) for term in terms], dtype=np.int64)

    def term(self, ordinal: int) -> bytes:
        """Return the term with an ordinal."""
        return self.terms_[ordinal]

    def terms(self, low: int = 0, high: int | None = None) -> Iterator[bytes]:
        """Yield terms in byte order."""
        return self.terms_.terms(low, high)

    def prefix(self, stem: bytes) -> range:
        """Return the ordinals of the terms that begin with `stem`."""
        return self.terms_.prefix(stem)

    def record(self, ordinal: int) -> Rare | FullRecord:
        """Return the record of a term; a `FullRecord` decodes its parts one by one."""
        start = int(self._ends[ordinal - 1]) if ordinal else 0
        data = self._postings[start : int(self._ends[ordinal])]
        self.was_read(start, len(data))
        rare = int(self._rare_df[ordinal])
        if rare:
            return decode_rare(data, rare, self.has_positions)
        return FullRecord(data, self._file.name, start)

    def was_read(self, start: int, size: int) -> None:
        """Count `size` bytes of the postings from `start` on, which were read, so that their pages are given back."""
        self._file.was_read(self._offset + start, size)

    def records(self, low: int, high: int) -> Records:
        """Return the lists of the terms with ordinals from `low` up to `high` as they lie in the file."""
        start = int(self._ends[low - 1]) if low else 0
        ends = np.concatenate(([start], self._ends[low:high])).astype(np.int64)
        sizes = ends[1:] - ends[:-1]
        data = self._postings[start : start + int(sizes.sum())]
        return Records(data, sizes, self._rare_df[low:high], self.df[low:high])


def _ends(file: ArrayFile, name: str, total: int) -> Array:
    """Return where each of the parts ends whose sizes are in the section `name`; together they have `total` bytes."""
    sizes = file.array(name).astype(np.int64)
    long = sizes == 255
    listed = file.array(f"{name}/long")
    if int(np.count_nonzero(long)) != len(listed):
        raise IndexDamaged(f"The index file {file.name} is damaged: its sections {name!r} don't agree. "
                           "Rebuild the index.")
    sizes[long] = listed
    ends = np.cumsum(sizes, dtype=np.uint32 if total < 1 << 32 else np.uint64)
    if (int(ends[-1]) if len(ends) else 0) != total:
        raise IndexDamaged(f"The index file {file.name} is damaged: the sizes in {name!r} don't add up. "
                           "Rebuild the index.")
    return ends


class Blobs:
    """Compressed byte strings by document number, read one at a time.

    A segment may leave most of them in the file of an `earlier` one: where they start counts on from that one's bytes.
    """

    def __init__(self, file: ArrayFile, name: str, earlier: ArrayFile | None = None) -> None:
        self._file, self._earlier = file, earlier
        self._offset = file.offset("data")
        #: Bytes of all stores in the earlier file, and in the file of this segment.
        self.earlier_bytes = len(earlier.raw("data")) if earlier else 0
        self.own_bytes = len(file.raw("data"))
        self._starts = file.array(f"{name}/starts")
        self._sizes = file.array(f"{name}/sizes")
        self._local = threading.local()

    def raw(self, doc: int) -> bytes:
        """Return the blob of one document as it was appended: of a store that is not compressed.

        Only `Segment.verify` compares its checksum; compressed blobs carry one each.
        """
        start, size = int(self._starts[doc]), int(self._sizes[doc])
        if self._earlier is not None and start < self.earlier_bytes:
            return self._earlier.read(self._earlier.offset("data") + start, size)
        return self._file.read(self._offset + start - self.earlier_bytes, size)

    def span(self, low: int, high: int) -> tuple[Array, Array]:
        """Return (starts, sizes) of the blobs of documents from `low` up to `high`."""
        return self._starts[low:high], self._sizes[low:high]

    def data(self, start: int, end: int) -> memoryview:
        """Return the bytes of all stores from `start` to `end`, which must lie in one file."""
        if self._earlier is not None and end <= self.earlier_bytes:
            return self._earlier.raw("data")[start:end]
        return self._file.raw("data")[start - self.earlier_bytes : end - self.earlier_bytes]

    def get(self, doc: int) -> bytes:
        """Return the blob of one document, b"" if it has none.  Raises `IndexDamaged` if its bytes are altered."""
        if not self._sizes[doc]:
            return b""
        try:
            return self._decompressor().decompress(self.raw(doc))
        except (zstandard.ZstdError, MemoryError) as error:
            raise IndexDamaged(f"Article {doc} of the index file {self._file.name} is damaged ({error}): "
                               "rebuild the index.") from error

    def _decompressor(self) -> zstandard.ZstdDecompressor:
        """Return this thread's: they are not safe between threads, and to make one costs as much as to use it."""
        found: zstandard.ZstdDecompressor | None = getattr(self._local, "decompressor", None)
        if found is None:
            found = self._local.decompressor = zstandard.ZstdDecompressor()
        return found


class Segment:
    """One segment, open for reading; its files are closed with the last array that shows them."""

    def __init__(
        self, name: str, inverted: ArrayFile, documents: ArrayFile, stored: ArrayFile, earlier: ArrayFile | None
    ) -> None:
        self.name = name
        #: The segment in whose file most of the stored blobs are: this one, or an earlier one.
        self.holder: str = stored.meta["earlier"] or name
        self._files = (inverted, documents, stored, *([earlier] if earlier else []))
        if len({file.meta["doc_count"] for file in (inverted, documents, stored)}) > 1:
            raise IndexDamaged(f"The files of segment {name} don't belong together: rebuild the index.")
        self.doc_count: int = documents.meta["doc_count"]
        fields = {meta["name"]: FieldArrays(inverted, number, meta, documents)
                  for number, meta in enumerate(inverted.meta["fields"])}  # fmt: skip
        #: The lists of neighbouring words, and the rule by which they were chosen; older segments have none.
        self.pairs: Mapping[str, FieldArrays] = {name: fields.pop(name) for name in PAIR_FIELDS if name in fields}
        self.pair_rule = PairRule()
        if self.pairs:
            self.pair_rule = PairRule.unpacked(bytes(inverted.raw(PAIR_WORDS)), inverted.array(PAIRS_LEFT_OUT))
        self.fields: Mapping[str, FieldArrays] = fields
        self.columns: Mapping[str, Array] = {
            name.removeprefix("column/"): documents.array(name)
            for name in documents.names() if name.startswith("column/")
        }
        self._blobs = {name: Blobs(stored, name, earlier) for name in stored.meta["stores"]}

    @classmethod
    def open(cls, directory: Path, name: str, verify: bool = True) -> "Segment":
        """Open segment `name` of `directory`.

        Checks structure and checksums of dictionary, postings and columns; stored blobs are checked one by one as
        they are read, or all by `verify()`.  Raises `IndexDamaged`, `IndexOutdated`.
        """
        inverted = ArrayFile.open(directory / f"{name}{INVERTED}", "inverted", name, verify)
        documents = ArrayFile.open(directory / f"{name}{DOCUMENTS}", "documents", name, verify)
        stored = ArrayFile.open(directory / f"{name}{STORED}", "stored", name, verify=False)
        earlier = stored.meta["earlier"]
        held = ArrayFile.open(directory / f"{earlier}{STORED}", "stored", earlier, verify=False) if earlier else None
        return cls(name, inverted, documents, stored, held)

    def blobs(self, store: str = "stored") -> Blobs:
        """Return one store of blobs.  Raises `KeyError` if the segment does not have it."""
        return self._blobs[store]

    def verify(self) -> None:
        """Compare every checksum, those of the stored blobs too.  Raises `IndexDamaged`."""
        for file in self._files:
            file.verify()
