"""Read the documents of one input file: a page, or the records, rows, entries and members of a file with several.

Nothing here waits (a FIFO is refused), loads a whole file of records, or expands a bomb: every step has a limit.
What a page is (HTML, MHTML, text, PDF, DOCX, ODT) is told where it is extracted, in a process that may die of it.
"""

import io
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

import xxhash

from index.read.archives import MAX_DEPTH, warc_pieces, zip_pieces
from index.read.encoding import Peekable, Stream, take
from index.read.feeds import feed_pieces
from index.read.fields import USUAL, FieldNames, NamesSeen
from index.read.files import InputFile, Stamp
from index.read.json_records import json_pieces
from index.read.kinds import HEAD, kind_of
from index.read.packed import DAMAGES, unpacked, without_packing
from index.read.records import Broken, NoArticle, Note, Piece, RawDocument, Rejected, Unreadable, too_big
from index.read.tables import table_pieces

#: Documents of one file.
MAX_DOCUMENTS: Final = 5_000_000


class ChangedWhileReading(Exception):
    """The file was written to between opening and closing; what was read of it is not to be used."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document and the hash of its content; `number` is its place among those of its file, from 0 on."""

    raw: RawDocument
    number: int
    digest: bytes


def read_documents(
    file: InputFile, max_bytes: int, names: FieldNames = USUAL, seen: NamesSeen | None = None
) -> Iterator[Document | Rejected | Note]:
    """Yield the documents of a file; `max_bytes` limits a page and a record, `names` are the user's for fields.

    The names that its records have are counted in `seen`, if that is given.

    A part that is no article is `Rejected` as path#n.  If the file can't be read to its end, an `Unreadable` for the
    file itself follows, number -1.  What is worth telling comes last, as a `Note`.  Raises ChangedWhileReading at the
    end if the file was written to meanwhile.
    """
    reading = _Reading(max_bytes, names, NamesSeen() if seen is None else seen)
    try:
        with _open(file) as stream:
            before = Stamp.of(os.fstat(stream.fileno()))
            yield from _numbered(file, reading.pieces(file.relative, stream, file.stamp.size))
            if Stamp.of(os.fstat(stream.fileno())) != before or before != file.stamp:
                raise ChangedWhileReading(file.shown)
    except OSError as error:
        yield Unreadable(file.shown, f"can't be read: {error.strerror or error}", again=True)
    except NoArticle as error:
        yield Rejected(file.shown, str(error))
    except Broken as error:
        yield Unreadable(file.shown, str(error))
    if note := reading.note():
        yield Note(file.shown, note)


def _open(file: InputFile) -> BinaryIO:
    """Open without waiting and without following a link that took the file's place.  Raises OSError, Broken."""
    descriptor = os.open(file.path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Broken("not a regular file")
    return os.fdopen(descriptor, "rb")


def _numbered(file: InputFile, pieces: Iterator[Piece]) -> Iterator[Document | Rejected]:
    for number, piece in enumerate(pieces):
        if number >= MAX_DOCUMENTS:
            raise Broken(f"it holds more than {MAX_DOCUMENTS:,} documents; part it into several files")
        path = file.shown + piece.place
        if piece.reason:
            yield Rejected(path, piece.reason, number)
            continue
        raw = RawDocument(path, file.relative + piece.place, piece.data, piece.record)
        yield Document(raw, number, _digest(piece))


def _digest(piece: Piece) -> bytes:
    """Return the hash of a document's content; a member of an archive is another one under another name."""
    digest = xxhash.xxh3_128(piece.data or b"")
    for name, value in sorted(piece.record.items()):
        data = value.encode("utf-8", "surrogatepass")
        digest.update(f"{name} {len(data)} ".encode() + data)
    if piece.data is not None:
        digest.update(piece.place.encode("utf-8", "surrogateescape"))
    return digest.digest()


@dataclass(slots=True)
class _Reading:
    """The reading of one file: limits, names, what was seen."""

    limit: int
    names: FieldNames
    seen: NamesSeen
    told: list[str] = field(default_factory=list)

    def note(self) -> str:
        return "; ".join(filter(None, (self.seen.note(), *self.told)))

    def pieces(self, name: str, stream: BinaryIO, size: int, depth: int = 0) -> Iterator[Piece]:
        """Yield what is in a file, or in a member of an archive.  Raises Broken."""
        content = Peekable(unpacked(name, stream, size))
        packed, name = without_packing(name) != name, without_packing(name)
        try:
            kind = kind_of(name, content.peek(HEAD))
            if kind == "page":
                yield self._page(content, size)
            elif kind == "records":
                yield from json_pieces(content, self.limit, self.names, self.seen)
            elif kind == "table":
                yield from table_pieces(content, self.limit, self.names, self.seen)
            elif kind == "feed":
                yield from feed_pieces(content, self.limit, self.names, self.seen)
            elif kind == "warc":
                yield from warc_pieces(content, self.limit, self.told.append)
            elif kind == "zip":
                yield from self._zip(content, None if packed or depth else stream, size, depth)
            else:
                raise NoArticle("it is no kind of file that is read")
        except DAMAGES as error:
            raise Broken(f"the packed file is damaged or cut off: {error}") from error

    def _page(self, content: Stream, size: int) -> Piece:
        data = take(content, self.limit + 1)
        if len(data) > self.limit:
            return Piece("", reason=too_big(max(size, len(data)), self.limit))
        return Piece("", data)

    def _zip(self, content: Stream, file: BinaryIO | None, size: int, depth: int) -> Iterator[Piece]:
        """Yield what is in an archive: the `file` itself, or one within another, which is held in memory."""
        if depth >= MAX_DEPTH:
            raise NoArticle("an archive in an archive in an archive is not read")
        if file is None:
            data = take(content, self.limit + 1)
            if len(data) > self.limit:
                raise NoArticle(f"an archive in an archive: {too_big(max(size, len(data)), self.limit)}")
            file = io.BytesIO(data)

        def inner(name: str, stream: BinaryIO, length: int) -> Iterator[Piece]:
            return self.pieces(name, stream, length, depth + 1)

        yield from zip_pieces(file, inner, self.told.append)
