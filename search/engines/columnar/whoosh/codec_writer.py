"""The writing half of the codec: what Whoosh's `SegmentWriter` calls document by document, posting by posting."""

import json
import pickle
from array import array
from collections.abc import Iterable
from io import BytesIO
from typing import Any, BinaryIO, Final

import numpy as np
from whoosh import columns, formats
from whoosh.codec import base
from whoosh.filedb.structfile import StructFile
from whoosh.util.numeric import length_to_byte

from search.engines.columnar.format.postings_writer import PostingBatch
from search.engines.columnar.format.segment_writer import DocumentsWriter, InvertedWriter, StoredWriter
from search.engines.columnar.whoosh.vectors import encode_vector

#: Postings gathered before they are encoded together; a single term is never split.
_BATCH: Final = 200_000
#: Array type of Whoosh's numeric columns, whose type codes have the standard sizes of `struct`.
_COLUMN_DTYPES: Final = {"b": "i1", "B": "u1", "h": "i2", "H": "u2", "i": "i4", "I": "u4", "l": "i4", "L": "u4",
                         "q": "i8", "Q": "u8", "f": "f4", "d": "f8"}
_PLAIN: Final = (str, int, float, bool)


class ArrayPerDocumentWriter(base.PerDocumentWriter):
    """Writes stored fields, field lengths, columns and vectors."""

    def __init__(self, documents: BinaryIO, stored: BinaryIO, segment: str) -> None:
        self._documents = DocumentsWriter(documents, segment)
        self._stored = StoredWriter(stored, segment)
        self._blobs = self._stored.blobs()
        self._lengths: dict[str, bytearray] = {}
        self._totals: dict[str, int] = {}
        self._columns: dict[str, _NumberColumn | _OtherColumn] = {}
        self._doc_count = 0
        self._fields: dict[str, object] = {}
        self._in_doc = False
        self.is_closed = False

    def start_doc(self, docnum: int) -> None:
        """Begin the next document; numbers have no gaps."""
        if self._in_doc or docnum != self._doc_count:
            raise ValueError(f"start_doc({docnum}) where document {self._doc_count} was expected")
        self._doc_count += 1
        self._fields = {}
        self._in_doc = True

    def add_field(self, fieldname: str, fieldobj: Any, value: object, length: int) -> None:
        """Add the stored value (None: none) and the length (0: none) of a field."""
        if value is not None:
            self._fields[fieldname] = value
        if length:
            codes = self._lengths.setdefault(fieldname, bytearray())
            codes.extend(bytes(self._doc_count - 1 - len(codes)))
            codes.append(length_to_byte(length))
            self._totals[fieldname] = self._totals.get(fieldname, 0) + length

    def add_column_value(self, fieldname: str, columnobj: columns.Column, value: Any) -> None:
        """Add the value of a column."""
        column = self._columns.get(fieldname)
        if column is None:
            numeric = type(columnobj) is columns.NumericColumn
            column = self._columns[fieldname] = _NumberColumn(columnobj) if numeric else _OtherColumn(columnobj)
        column.add(self._doc_count - 1, value)

    def add_vector_items(self, fieldname: str, fieldobj: Any, items: Iterable[tuple[str, float, bytes]]) -> None:
        """Add the term vector of a field."""
        store = self._stored.blobs(f"vector/{fieldname}")
        store.fill(self._doc_count - 1)
        store.append(encode_vector(list(items)))

    def finish_doc(self) -> None:
        """End the document."""
        self._blobs.append(encode_stored(self._fields) if self._fields else b"")
        self._in_doc = False

    def cancel_doc(self) -> None:
        """Forget the document that was begun; lengths and columns that it added are cut off at the next one."""
        self._doc_count -= 1
        self._in_doc = False
        for codes in self._lengths.values():
            del codes[self._doc_count :]

    def close(self) -> None:
        """Complete the files."""
        if self._in_doc:
            self.finish_doc()
        for field, codes in self._lengths.items():
            codes.extend(bytes(self._doc_count - len(codes)))
            self._documents.add_length_codes(field, np.frombuffer(codes, dtype=np.uint8), self._totals[field])
        for field, column in self._columns.items():
            column.write(field, self._documents, self._doc_count)
        self._documents.close(self._doc_count)
        self._stored.close(self._doc_count)
        self.is_closed = True


class _NumberColumn:
    """A numeric column that is gathered as an array and written as one."""

    def __init__(self, column: Any) -> None:
        self._default = column.default_value()
        self._dtype = _COLUMN_DTYPES[column._typecode]
        self._values = array({"i4": "i", "u4": "I"}.get(self._dtype, column._typecode))

    def add(self, docnum: int, value: Any) -> None:
        self.fill(docnum)
        self._values.append(value)

    def fill(self, doc_count: int) -> None:
        """Cut or fill with the default up to `doc_count` values."""
        del self._values[doc_count:]
        self._values.extend([self._default] * (doc_count - len(self._values)))

    def write(self, field: str, file: DocumentsWriter, doc_count: int) -> None:
        self.fill(doc_count)
        file.add_column(field, np.array(self._values, dtype=self._dtype))


class _OtherColumn:
    """Any other column: Whoosh's own form of it, kept as bytes."""

    def __init__(self, column: Any) -> None:
        self._buffer = BytesIO()
        self._writer = column.writer(StructFile(self._buffer))

    def add(self, docnum: int, value: Any) -> None:
        self._writer.add(docnum, value)

    def write(self, field: str, file: DocumentsWriter, doc_count: int) -> None:
        self._writer.finish(doc_count)
        file.add_bytes(field, self._buffer.getvalue())


class ArrayFieldWriter(base.FieldWriter):
    """Writes terms and postings."""

    def __init__(self, file: BinaryIO, segment: str) -> None:
        self._writer = InvertedWriter(file, segment)
        self.is_closed = False

    def start_field(self, fieldname: str, fieldobj: Any) -> None:
        """Begin a field; its format says what a posting value means."""
        self._format = fieldobj.format
        self._positional = type(self._format) is formats.Positions
        self._opaque = type(self._format) not in (formats.Existence, formats.Frequency, formats.Positions)
        self._writer.start_field(fieldname, positions=self._positional)
        self._clear()

    def _clear(self) -> None:
        self._terms: list[bytes] = []
        self._dfs: list[int] = []
        self._docs = array("q")
        self._freqs = array("q")
        self._weights = array("f")
        self._positions = array("q")
        self._values: list[bytes] = []

    def start_term(self, text: bytes) -> None:
        """Begin a term."""
        self._terms.append(text)
        self._first = len(self._docs)

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int) -> None:
        """Add a posting.  A second one for the same document (numbers that share a shifted term) adds nothing."""
        if len(self._docs) > self._first and self._docs[-1] == docnum:
            return
        self._docs.append(docnum)
        self._weights.append(weight)
        if self._positional:
            positions = self._format.decode_positions(vbytes)
            self._positions.extend(positions)
            self._freqs.append(len(positions))
        elif type(self._format) is formats.Existence:
            self._freqs.append(1)
        else:
            self._freqs.append(self._format.decode_frequency(vbytes))
            if self._opaque:
                self._values.append(vbytes)

    def finish_term(self) -> None:
        """End a term."""
        self._dfs.append(len(self._docs) - self._first)
        if len(self._docs) >= _BATCH:
            self._flush()

    def finish_field(self) -> None:
        """End a field."""
        self._flush()
        self._writer.finish_field()

    def _flush(self) -> None:
        if self._terms:
            freqs = np.array(self._freqs)
            weights = np.array(self._weights)
            self._writer.add_terms(self._terms, PostingBatch(
                np.array(self._dfs), np.array(self._docs), freqs,
                np.array(self._positions) if self._positional else None,
                None if np.array_equal(weights, freqs) else weights,
                self._values if self._opaque else None,
            ))
        self._clear()

    def close(self) -> None:
        """Complete the file."""
        self._writer.close()
        self.is_closed = True


def encode_stored(fields: dict[str, object]) -> bytes:
    """Return stored fields as JSON where it gives back exactly the same values, else pickled as Whoosh does."""
    if all(type(value) in _PLAIN for value in fields.values()):
        return json.dumps(fields).encode()
    return pickle.dumps(fields, 4)
