"""A Whoosh codec that keeps an index as arrays: `ix.writer(codec=ColumnarCodec())`.

Whoosh writes and searches through it as through its own codec, with the same documents, order and scores, for any
schema and any storage; `whoosh.index.open_dir(directory)` opens the result.  The same files are what the vectorised
evaluator reads (`search.engines.columnar.format.segment`).

Good for indexes that are written in batches and read often.  Not for many tiny commits: each one writes whole
files, as with every Whoosh codec.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

import xxhash
from whoosh.codec import base
from whoosh.filedb.filestore import FileStorage, Storage

from search.engines.columnar.format.container import ArrayFile
from search.engines.columnar.format.segment import DOCUMENTS, INVERTED, STORED
from search.engines.columnar.whoosh.codec_reader import ArrayPerDocumentReader, ArrayTermsReader, FuzzyAutomata
from search.engines.columnar.whoosh.codec_writer import ArrayFieldWriter, ArrayPerDocumentWriter
from search.errors import IndexDamaged


class SegmentFileMissing(IndexDamaged, OSError):
    """A file of a segment is not there.

    It is an OSError too, since Whoosh opens again on those: a writer may just have merged the segment away.
    """


class ColumnarCodec(base.Codec):
    """Postings, positions, lengths and columns as contiguous little-endian arrays, mapped on read."""

    length_stats = False  # lengths are looked up when read, so the field writer needs none

    def per_document_writer(self, storage: Storage, segment: base.Segment) -> ArrayPerDocumentWriter:
        """Return the writer of stored fields, lengths and columns."""
        documents, stored = segment.create_file(storage, DOCUMENTS), segment.create_file(storage, STORED)
        return ArrayPerDocumentWriter(documents, stored, segment.segment_id())

    def field_writer(self, storage: Storage, segment: base.Segment) -> ArrayFieldWriter:
        """Return the writer of terms and postings."""
        return ArrayFieldWriter(segment.create_file(storage, INVERTED), segment.segment_id())

    def terms_reader(self, storage: Storage, segment: base.Segment) -> ArrayTermsReader:
        """Open terms and postings.  Raises `IndexDamaged`, `IndexOutdated`."""
        inverted = _open(storage, segment, INVERTED, "inverted")
        documents = _open(storage, segment, DOCUMENTS, "documents")
        if inverted.meta["doc_bound"] > documents.meta["doc_count"] or (
            documents.meta["doc_count"] != segment.doc_count_all()
        ):
            raise IndexDamaged(f"The files of segment {segment.segment_id()} don't belong together: rebuild the index.")
        return ArrayTermsReader(inverted, documents)

    def per_document_reader(self, storage: Storage, segment: base.Segment) -> ArrayPerDocumentReader:
        """Open stored fields, lengths and columns.  Raises `IndexDamaged`, `IndexOutdated`."""
        documents = _open(storage, segment, DOCUMENTS, "documents")
        stored = _open(storage, segment, STORED, "stored", verify=False)
        return ArrayPerDocumentReader(documents, stored, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> NoReturn:
        """Raise: postings are written by the field writer, a batch of terms at a time."""
        raise NotImplementedError("ColumnarCodec writes postings through field_writer()")

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> NoReturn:
        """Raise: postings are read by the terms reader."""
        raise NotImplementedError("ColumnarCodec reads postings through terms_reader()")

    def automata(self, storage: Storage, segment: base.Segment) -> FuzzyAutomata:
        """Return what finds the terms of a fuzzy query."""
        return FuzzyAutomata()

    def new_segment(self, storage: Storage, indexname: str) -> "ColumnarSegment":
        """Return a segment with a fresh name."""
        return ColumnarSegment(indexname)


class ColumnarSegment(base.Segment):
    """Name, number of documents and deletions of a segment, as the table of contents keeps them."""

    def __init__(
        self, indexname: str, doc_count: int = 0, segid: str | None = None, deleted: Iterable[int] = ()
    ) -> None:
        base.Segment.__init__(self, indexname)
        if segid is not None:
            self.segid = segid
        self._doc_count = doc_count
        self._deleted = set(deleted)

    def __getstate__(self) -> dict[str, object]:
        """Return what the table of contents keeps, with a checksum: Whoosh gives that file none."""
        state = {"indexname": self.indexname, "segid": self.segid, "doc_count": self._doc_count,
                 "deleted": sorted(self._deleted)}
        return {**state, "checksum": _checksum(state)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take up what was kept.  Raises `IndexDamaged` if it was altered."""
        checksum = state.pop("checksum", None)
        if checksum != _checksum(state):
            raise IndexDamaged("The table of contents of the index is damaged: rebuild the index.")
        self.__init__(state["indexname"], state["doc_count"], state["segid"], state["deleted"])  # type: ignore[misc]

    def codec(self, **kwargs: Any) -> ColumnarCodec:
        """Return the codec that reads the segment."""
        return ColumnarCodec()

    def should_assemble(self) -> bool:
        """Say no: a segment is three files already, and they are mapped as they are."""
        return False

    def set_doc_count(self, doc_count: int) -> None:
        """Set the number of documents."""
        self._doc_count = doc_count

    def doc_count_all(self) -> int:
        """Return the number of documents, deleted ones included."""
        return self._doc_count

    def deleted_count(self) -> int:
        """Return the number of deleted documents."""
        return len(self._deleted)

    def deleted_docs(self) -> Iterable[int]:
        """Return the numbers of the deleted documents."""
        return iter(self._deleted)

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Mark a document as deleted, or take the mark away."""
        if delete:
            self._deleted.add(docnum)
        else:
            self._deleted.discard(docnum)

    def is_deleted(self, docnum: int) -> bool:
        """Say whether a document is deleted."""
        return docnum in self._deleted


def _checksum(state: dict[str, Any]) -> str:
    return str(xxhash.xxh3_64_hexdigest(json.dumps(state, sort_keys=True).encode()))


def _open(storage: Storage, segment: base.Segment, suffix: str, kind: str, verify: bool = True) -> ArrayFile:
    """Map a file of a directory; read it whole from any other storage."""
    name, owner = segment.make_filename(suffix), segment.segment_id()
    if not storage.file_exists(name):
        raise SegmentFileMissing(f"The index file {name} is missing: rebuild the index.")
    if isinstance(storage, FileStorage):
        return ArrayFile.open(Path(storage.folder) / name, kind, owner, verify)
    file = storage.open_file(name)
    try:
        return ArrayFile(file.get(0, storage.file_length(name)), name, kind, owner, verify)
    finally:
        file.close()
