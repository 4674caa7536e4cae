"""How Whoosh reads a segment: terms and postings, lengths, columns and stored articles."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from whoosh import columns
from whoosh.codec import base
from whoosh.reading import TermInfo, TermNotFound

from search.article_json import decode_article
from search.engines.columnar.format.container import Array
from search.engines.columnar.format.segment import LENGTH_OF_CODE, FieldArrays, Segment
from search.engines.columnar.whoosh.matcher import ArrayMatcher

_LENGTHS = LENGTH_OF_CODE.tolist()


class ArrayTermsReader(base.TermsReader):
    """Terms and postings of a segment."""

    def __init__(self, segment: Segment) -> None:
        self.fields = segment.fields

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
        """Release the files."""
        self.fields = {}


def term_info(field: FieldArrays, ordinal: int) -> TermInfo:
    """Return Whoosh's statistics of a term: one pass over its postings."""
    record = field.record(ordinal)
    docs, freqs = record.docs(), record.freqs()
    low = high = 0
    if field.lengths is not None:
        codes = field.lengths[docs]
        scored = codes[codes > 0]
        low, high = (_LENGTHS[scored.min()], _LENGTHS[scored.max()]) if len(scored) else (0, 0)
    return TermInfo(float(freqs.sum(dtype=np.int64)), len(docs), low, high, float(freqs.max()), int(docs[0]),
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


class ArrayPerDocumentReader(base.PerDocumentReader):
    """Lengths, columns and stored articles of a segment."""

    def __init__(self, segment: Segment, provinces: Sequence[str]) -> None:
        """`provinces` are the names behind the codes of that column."""
        self._segment, self._provinces = segment, provinces
        self._codes = {name: field.lengths for name, field in segment.fields.items()}

    def doc_count(self) -> int:
        """Return the number of documents."""
        return self._segment.doc_count

    doc_count_all = doc_count

    def has_deletions(self) -> bool:
        """Say no."""
        return False

    def is_deleted(self, docnum: int) -> bool:
        """Say no."""
        return False

    def deleted_docs(self) -> Sequence[int]:
        """Return no document."""
        return ()

    def supports_columns(self) -> bool:
        """Say yes."""
        return True

    def list_columns(self) -> list[str]:
        """Return the names of the columns."""
        return ["date", "province"]

    def has_column(self, fieldname: str) -> bool:
        """Say whether there is a column."""
        return fieldname in self.list_columns()

    def column_reader(self, fieldname: str, column: Any) -> columns.ColumnReader:
        """Open a column."""
        if fieldname == "date":
            return ArrayColumnReader(self._segment.columns["date_first"])
        return NamesColumnReader(self._segment.columns["province"], self._provinces)

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return the length of a field, as exact as one byte can say it."""
        codes = self._codes.get(fieldname)
        return (_LENGTHS[codes[docnum]] or default) if codes is not None else default

    def field_length(self, fieldname: str) -> int:
        """Return the exact sum of the lengths of a field."""
        field = self._segment.fields.get(fieldname)
        return field.total_length if field else 0

    def min_field_length(self, fieldname: str) -> int:
        """Return the smallest length of a field."""
        codes = self._codes.get(fieldname)
        return _LENGTHS[codes.min()] if codes is not None and len(codes) else 0

    def max_field_length(self, fieldname: str) -> int:
        """Return the greatest length of a field."""
        codes = self._codes.get(fieldname)
        return _LENGTHS[codes.max()] if codes is not None and len(codes) else 0

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return the stored fields of an article; `fold` is what that field indexes, for the highlighter."""
        article = decode_article(self._segment.blobs("stored").get(docnum))
        return {
            "id": article.id,
            "title": article.title,
            "url": article.url,
            "date": article.date.value,
            "province": article.province,
            "author": article.author,
            "source": article.source,
            "body": article.body,
            "fold": f"{article.title}\n\n{article.body}",
        }


class ArrayColumnReader(columns.ColumnReader):
    """A column of numbers."""

    def __init__(self, values: Array) -> None:
        self._values, self._sign = values, 1

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, docnum: int) -> Any:
        return self._values[docnum].item()

    def __iter__(self) -> Iterator[Any]:
        return (self[docnum] for docnum in range(len(self)))

    def sort_key(self, docnum: int) -> Any:
        """Return a value that sorts as the column does."""
        return self._sign * self[docnum]

    def load(self) -> list[Any]:
        """Return all values."""
        return list(self)

    def set_reverse(self) -> None:
        """Turn the order of the sort keys around."""
        self._sign = -1


class NamesColumnReader(ArrayColumnReader):
    """A column of codes that stand for names."""

    def __init__(self, codes: Array, names: Sequence[str]) -> None:
        super().__init__(codes)
        self._names = names

    def __getitem__(self, docnum: int) -> str:
        return self._names[int(self._values[docnum])]

    def sort_key(self, docnum: int) -> Any:
        """Return the name; Whoosh turns the order of columns around that can't be reversed."""
        return self[docnum]
