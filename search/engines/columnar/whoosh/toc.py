"""The table of contents that makes a segment an index for `whoosh.index.open_dir`.

Whoosh pickles schema and segment list into it.  That is how Whoosh finds our codec, but not the only way in:
`segment.names` and `Segment.open` read the segments without it.
"""

from pathlib import Path

from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import _DEF_INDEX_NAME, TOC, EmptyIndexError, FileIndex

from search.engines.columnar.whoosh.codec import ColumnarSegment
from search.errors import IndexDamaged, IndexMissing


def write_toc(directory: Path, schema: Schema, segment: str, doc_count: int) -> None:
    """Write the table of contents of an index of one finished segment, named in Whoosh's form: `MAIN_` and an id."""
    indexname, _, segid = segment.rpartition("_")
    toc = TOC(schema, [ColumnarSegment(indexname, doc_count, segid)], 1)
    toc.write(FileStorage(str(directory)), _DEF_INDEX_NAME)


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
