"""What makes an archive an index that `whoosh.index.open_dir` opens: a codec that reads it, and a table of contents.

Whoosh pickles its schema and the list of segments into the table of contents.  That is how Whoosh finds this codec,
but not Dấu's way in: its own reader goes by `archive.json` and never unpickles anything.

Good for searching an archive with Whoosh's own queries, collectors and highlighter.  Not for writing: an archive is
written by the bulk builder alone.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import xxhash
from whoosh.codec import base
from whoosh.filedb.filestore import FileStorage, Storage
from whoosh.index import _DEF_INDEX_NAME, TOC

from search.engines.columnar.format.columns import ColumnTables
from search.engines.columnar.format.meta import read_meta
from search.engines.columnar.format.segment import Segment
from search.engines.columnar.whoosh.readers import ArrayPerDocumentReader, ArrayTermsReader
from search.engines.columnar.whoosh.schema import product_schema
from search.errors import IndexDamaged


def _refuse(*_: object, **__: object) -> NoReturn:
    raise NotImplementedError("Whoosh only reads an index of Dấu; to change it, change the files and run dau rebuild.")


class ColumnarCodec(base.Codec):
    """Opens one segment: terms and postings, lengths, columns and stored articles."""

    per_document_writer = field_writer = postings_writer = postings_reader = new_segment = _refuse

    def __init__(self) -> None:
        self._opened: Segment | None = None

    def terms_reader(self, storage: Storage, segment: base.Segment) -> ArrayTermsReader:
        """Open terms and postings.  Raises IndexDamaged or IndexOutdated."""
        return ArrayTermsReader(self._open(storage, segment))

    def per_document_reader(self, storage: Storage, segment: base.Segment) -> ArrayPerDocumentReader:
        """Open stored articles, lengths and columns.  Raises IndexDamaged or IndexOutdated."""
        meta = read_meta(_directory(storage))
        provinces = list(ColumnTables.from_json(meta["tables"]).names["province"])
        return ArrayPerDocumentReader(self._open(storage, segment), provinces)

    def _open(self, storage: Storage, segment: base.Segment) -> Segment:
        if self._opened is None:
            self._opened = Segment.open(_directory(storage), segment.segment_id())
            if self._opened.doc_count != segment.doc_count_all():
                raise IndexDamaged(f"The files of segment {segment.segment_id()} don't belong together: "
                                   "rebuild the index.")  # fmt: skip
        return self._opened


def _directory(storage: Storage) -> Path:
    if not isinstance(storage, FileStorage):
        raise NotImplementedError("An index of Dấu is read from a directory only.")
    return Path(storage.folder)


class ColumnarSegment(base.Segment):
    """Name and number of documents of a segment, as the table of contents keeps them."""

    def __init__(self, name: str, doc_count: int) -> None:
        """`name` in Whoosh's form: `MAIN_` and an id."""
        indexname, _, segid = name.rpartition("_")
        base.Segment.__init__(self, indexname)
        self.segid, self._doc_count = segid, doc_count

    def __getstate__(self) -> dict[str, object]:
        """Return what the table of contents keeps, with a checksum: Whoosh gives that file none."""
        state = {"name": f"{self.indexname}_{self.segid}", "doc_count": self._doc_count}
        return {**state, "checksum": _checksum(state)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take up what was kept.  Raises IndexDamaged if it was altered."""
        if state.pop("checksum", None) != _checksum(state):
            raise IndexDamaged("The table of contents of the index is damaged: rebuild the index.")
        self.__init__(state["name"], state["doc_count"])  # type: ignore[misc]

    def codec(self, **_: Any) -> ColumnarCodec:
        """Return the codec that reads the segment."""
        return ColumnarCodec()

    def doc_count_all(self) -> int:
        """Return the number of documents."""
        return self._doc_count

    def deleted_count(self) -> int:
        """Return 0: articles that go are left out of the next generation."""
        return 0

    def deleted_docs(self) -> Iterator[int]:
        """Return no document."""
        return iter(())

    def is_deleted(self, docnum: int) -> bool:
        """Say no."""
        return False

    set_doc_count = delete_document = _refuse


def _checksum(state: dict[str, Any]) -> str:
    return str(xxhash.xxh3_64_hexdigest(json.dumps(state, sort_keys=True).encode()))


def write_toc(directory: Path, segment: str, doc_count: int) -> None:
    """Write the table of contents of an index of one finished segment."""
    toc = TOC(product_schema(), [ColumnarSegment(segment, doc_count)], 1)
    toc.write(FileStorage(str(directory)), _DEF_INDEX_NAME)
