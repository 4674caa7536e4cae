"""The reading half of the codec: terms, postings, lengths, columns and stored fields as Whoosh asks for them."""

import json
import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from whoosh import columns
from whoosh.codec import base
from whoosh.filedb.structfile import BufferFile
from whoosh.matching.mcore import ListMatcher
from whoosh.reading import SegmentReader, TermInfo, TermNotFound

from search.engines.columnar.format.container import Array, ArrayFile
from search.engines.columnar.format.segment import LENGTH_OF_CODE, Blobs, FieldArrays
from search.engines.columnar.whoosh.matchers import ArrayMatcher
from search.engines.columnar.whoosh.vectors import decode_vector

_LENGTHS = LENGTH_OF_CODE.tolist()


@dataclass(frozen=True, slots=True)
class LeafArrays:
    """What an array evaluator needs of one leaf of a Whoosh reader; `deleted` are ascending document numbers."""

    fields: Mapping[str, FieldArrays]
    doc_count: int
    deleted: Array
    columns: Mapping[str, Array]


def leaf_arrays(leaf: SegmentReader) -> LeafArrays:
    """Return the arrays under a leaf of `whoosh.index.FileIndex.reader()`; raises TypeError for other codecs."""
    terms, documents = leaf._terms, leaf._perdoc
    if not isinstance(terms, ArrayTermsReader) or not isinstance(documents, ArrayPerDocumentReader):
        raise TypeError(f"{leaf!r} was not written with ColumnarCodec")
    deleted = np.array(sorted(documents.deleted_docs()), dtype=np.int64)
    return LeafArrays(terms.fields, documents.doc_count_all(), deleted, documents.arrays())


class ArrayTermsReader(base.TermsReader):
    """Terms and postings of a segment."""

    def __init__(self, inverted: ArrayFile, documents: ArrayFile) -> None:
        self.fields = {
            meta["name"]: FieldArrays(inverted, number, meta, documents)
            for number, meta in enumerate(inverted.meta["fields"])
        }

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        field = self.fields.get(term[0])
        return field is not None and field.find(term[1]) >= 0

    def _find(self, fieldname: str, text: bytes) -> tuple[FieldArrays, int]:
        field = self.fields.get(fieldname)
        ordinal = field.find(text) if field else -1
        if field is None or ordinal < 0:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        return field, ordinal

    def indexed_field_names(self) -> list[str]:
        """Return the names of the fields that have terms."""
        return list(self.fields)

    def cursor(self, fieldname: str, fieldobj: Any) -> "ArrayCursor | base.EmptyCursor":
        """Return a cursor over the terms of a field."""
        field = self.fields.get(fieldname)
        return ArrayCursor(field, fieldobj) if field and field.term_count else base.EmptyCursor()

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield (field, term) of all terms."""
        for name, field in self.fields.items():
            for text in field.terms():
                yield name, text

    def _ordinals_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, FieldArrays, int]]:
        """Yield the terms of a field from `prefix` on, then those of the fields after it."""
        for name, field in self.fields.items():
            if name >= fieldname:
                low = field.terms_.lower_bound(prefix) if name == fieldname else 0
                for ordinal in range(low, field.term_count):
                    yield name, field, ordinal

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield (field, term) from a term on."""
        return ((name, field.term(ordinal)) for name, field, ordinal in self._ordinals_from(fieldname, prefix))

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield all terms with their statistics."""
        return self.items_from("", b"")

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield terms with their statistics from a term on."""
        for name, field, ordinal in self._ordinals_from(fieldname, prefix):
            yield (name, field.term(ordinal)), term_info(field, ordinal)

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return the statistics of a term; raises `TermNotFound`."""
        return term_info(*self._find(fieldname, text))

    def frequency(self, fieldname: str, text: bytes) -> float:
        """Return the summed weight of a term; raises `TermNotFound`."""
        return self.term_info(fieldname, text).weight()

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return the number of documents of a term, 0 if it is not there."""
        field = self.fields.get(fieldname)
        ordinal = field.find(text) if field else -1
        return int(field.df[ordinal]) if field and ordinal >= 0 else 0

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ArrayMatcher:
        """Return a matcher over the postings of a term; raises `TermNotFound`."""
        field, ordinal = self._find(fieldname, text)
        return ArrayMatcher(field, ordinal, format_, (fieldname, text), scorer)

    def close(self) -> None:
        """Forget the mapped file."""
        self.fields = {}


def term_info(field: FieldArrays, ordinal: int) -> TermInfo:
    """Return Whoosh's statistics of a term: one pass over its postings."""
    record = field.record(ordinal)
    docs, weights = record.docs(), record.weights()
    low = high = 0
    if field.lengths is not None:
        codes = field.lengths[docs]
        scored = codes[codes > 0]
        low, high = (_LENGTHS[scored.min()], _LENGTHS[scored.max()]) if len(scored) else (0, 0)
    return TermInfo(float(weights.sum(dtype=np.float64)), len(docs), low, high, float(weights.max()), int(docs[0]),
                    int(docs[-1]))


class ArrayCursor(base.FieldCursor):
    """Walks the terms of a field in order."""

    def __init__(self, field: FieldArrays, fieldobj: Any) -> None:
        self.field = field
        self._fieldobj = fieldobj
        self._ordinal = 0

    def first(self) -> Any:
        """Go to the first term and return it."""
        self._ordinal = 0
        return self.text()

    def find(self, term: bytes | str) -> Any:
        """Go to the first term that is not less than `term` and return it."""
        text = term if isinstance(term, bytes) else self._fieldobj.to_bytes(term)
        self._ordinal = self.field.terms_.lower_bound(text)
        return self.text()

    def next(self) -> Any:
        """Go to the next term and return it, None after the last."""
        self._ordinal += 1
        return self.text()

    def text(self) -> Any:
        """Return the current term, None after the last."""
        return self._fieldobj.from_bytes(self.field.term(self._ordinal)) if self.is_valid() else None

    term = text

    def term_info(self) -> TermInfo | None:
        """Return the statistics of the current term."""
        return term_info(self.field, self._ordinal) if self.is_valid() else None

    def is_valid(self) -> bool:
        """Say whether there is a current term."""
        return self._ordinal < self.field.term_count


class FuzzyAutomata(base.Automata):
    """Finds terms within an edit distance by array operations, no automaton."""

    def terms_within(self, fieldcur: Any, uterm: str, maxdist: int, prefix: int = 0) -> Iterator[str]:
        """Yield the terms at most `maxdist` edits from `uterm` that share its first `prefix` letters."""
        if isinstance(fieldcur, ArrayCursor):
            for ordinal in fieldcur.field.fuzzy(uterm, maxdist, prefix):
                yield fieldcur.field.term(ordinal).decode()


class ArrayPerDocumentReader(base.PerDocumentReader):
    """Stored fields, lengths, columns and vectors of a segment."""

    def __init__(self, documents: ArrayFile, stored: ArrayFile, segment: base.Segment) -> None:
        self._documents = documents
        self._stores = {name: Blobs(stored, name) for name in stored.meta["stores"]}
        self._segment = segment
        self._codes: dict[str, memoryview | None] = {}

    def doc_count(self) -> int:
        """Return the number of documents that are not deleted."""
        return self.doc_count_all() - int(self._segment.deleted_count())

    def doc_count_all(self) -> int:
        """Return the number of documents."""
        return int(self._documents.meta["doc_count"])

    def has_deletions(self) -> bool:
        """Say whether any document is deleted."""
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        """Say whether a document is deleted."""
        return bool(self._segment.is_deleted(docnum))

    def deleted_docs(self) -> Any:
        """Return the numbers of the deleted documents."""
        return self._segment.deleted_docs()

    def supports_columns(self) -> bool:
        """Say yes."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Say whether there is a column."""
        return f"column/{fieldname}" in self._documents or f"bytes/{fieldname}" in self._documents

    def list_columns(self) -> list[str]:
        """Return the names of the columns."""
        return [name.partition("/")[2] for name in self._documents.names() if not name.startswith("length/")]

    def arrays(self) -> dict[str, Array]:
        """Return the numeric columns as arrays [documents]."""
        names = [name.partition("/")[2] for name in self._documents.names() if name.startswith("column/")]
        return {name: self._documents.array(f"column/{name}") for name in names}

    def column_reader(self, fieldname: str, column: Any) -> columns.ColumnReader:
        """Open a column: an array as it is, another one through Whoosh's reader."""
        if f"column/{fieldname}" in self._documents:
            return ArrayColumnReader(self._documents.array(f"column/{fieldname}"))
        data = bytes(self._documents.raw(f"bytes/{fieldname}"))
        reader: columns.ColumnReader = column.reader(BufferFile(data), 0, len(data), self.doc_count_all())
        return reader

    def _length_codes(self, fieldname: str) -> memoryview | None:
        if fieldname not in self._codes:
            name = f"length/{fieldname}"
            self._codes[fieldname] = self._documents.raw(name) if name in self._documents else None
        return self._codes[fieldname]

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return the length of a field, as exact as one byte can say it."""
        codes = self._length_codes(fieldname)
        return (_LENGTHS[codes[docnum]] or default) if codes is not None else default

    def field_length(self, fieldname: str) -> int:
        """Return the exact sum of the lengths of a field."""
        return int(self._documents.meta["total_lengths"].get(fieldname, 0))

    def min_field_length(self, fieldname: str) -> int:
        """Return the smallest length of a field."""
        codes = self._length_codes(fieldname)
        return _LENGTHS[min(codes)] if codes else 0

    def max_field_length(self, fieldname: str) -> int:
        """Return the greatest length of a field."""
        codes = self._length_codes(fieldname)
        return _LENGTHS[max(codes)] if codes else 0

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        """Say whether a document has a term vector."""
        store = self._stores.get(f"vector/{fieldname}")
        return store is not None and store.has(docnum)

    def vector(self, docnum: int, fieldname: str, format_: Any) -> ListMatcher:
        """Return a matcher over the terms of a document; raises KeyError if it has no vector."""
        items = decode_vector(self._stores[f"vector/{fieldname}"].get(docnum))
        ids, weights, values = (list(part) for part in zip(*items, strict=True))
        return ListMatcher(ids, weights, values, format_)

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return the stored fields of a document."""
        data = self._stores["stored"].get(docnum)
        if not data:
            return {}
        fields: dict[str, Any] = json.loads(data) if data.startswith(b"{") else pickle.loads(data)
        return fields

    def close(self) -> None:
        """Forget the mapped files."""
        self._stores = {}
        self._codes = {}


class ArrayColumnReader(columns.ColumnReader):
    """A numeric column that is an array."""

    def __init__(self, values: Array) -> None:
        self._values = values
        self._sign = 1

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, docnum: int) -> Any:
        return self._values[docnum].item()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values.tolist())

    def sort_key(self, docnum: int) -> Any:
        """Return a value that sorts as the column does."""
        return self._sign * self[docnum]

    def load(self) -> list[Any]:
        """Return all values."""
        return list(self)

    def set_reverse(self) -> None:
        """Turn the order of the sort keys around."""
        self._sign = -1
