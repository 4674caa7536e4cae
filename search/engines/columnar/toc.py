"""The table of contents that makes segments an index for `whoosh.index.open_dir`.

Whoosh pickles schema and segment list into it.  That is how Whoosh finds our codec, but not the only way in:
`segment.names` and `Segment.open` read the segments without it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from whoosh.codec.base import Segment
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import _DEF_INDEX_NAME, TOC, EmptyIndexError, FileIndex

from search.engines.columnar.codec import ColumnarSegment
from search.errors import IndexDamaged, IndexMissing


@dataclass(frozen=True, slots=True)
class SegmentRef:
    """A segment of an index: name, number of documents, deleted document numbers."""

    name: str
    doc_count: int
    deleted: Sequence[int] = ()


def segment_name(indexname: str = _DEF_INDEX_NAME) -> str:
    """Return a fresh name for a segment, in Whoosh's form."""
    segment: Segment = ColumnarSegment(indexname)
    return str(segment.segment_id())


def write_toc(directory: Path, schema: Schema, segments: Iterable[SegmentRef], generation: int = 1) -> None:
    """Write the table of contents of an index made of finished segments."""
    pickled = []
    for ref in segments:
        indexname, _, segid = ref.name.rpartition("_")
        pickled.append(ColumnarSegment(indexname, ref.doc_count, segid, ref.deleted))
    toc = TOC(schema, pickled, generation)
    toc.write(FileStorage(str(directory)), _DEF_INDEX_NAME)


def read_toc(directory: Path, schema: Schema) -> list[SegmentRef]:
    """Return the segments of an index.  Raises `IndexMissing`, `IndexDamaged`."""
    index = open_index(directory, schema)
    return [SegmentRef(segment.segment_id(), segment.doc_count_all(), sorted(segment.deleted_docs()))
            for segment in index._segments()]


def open_index(directory: Path, schema: Schema) -> FileIndex:
    """Open an index with Whoosh, its errors translated.  Raises `IndexMissing`, `IndexDamaged`."""
    storage = FileStorage(str(directory), readonly=True)
    try:
        index = FileIndex(storage, schema=schema)
        for segment in index._segments():
            if not isinstance(segment, ColumnarSegment):
                raise IndexDamaged(f"The index in {directory} has a segment of another codec: rebuild the index.")
        return index
    except EmptyIndexError:
        raise IndexMissing(f"There is no index in {directory}: build one.") from None
    except IndexDamaged:
        raise
    except Exception as error:  # a cut or altered pickle may raise anything
        raise IndexDamaged(f"The table of contents of the index in {directory} is damaged ({error!r}): "
                           "rebuild the index.") from error
