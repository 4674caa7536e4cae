"""Read the documents of one input file: bytes of a page, or the records of JSON and JSONL, streaming.

Nothing here waits (a FIFO is refused), loads a whole JSONL file, or expands a bomb: every step has a limit.
"""

import codecs
import gzip
import json
import lzma
import os
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from json.decoder import JSONDecodeError, JSONDecoder
from typing import Any, BinaryIO, Final, Protocol

import xxhash

from index.read.files import PAGES, InputFile, Stamp
from index.read.records import RawDocument, Rejected

_CHUNK: Final = 1 << 20
#: A packed file may expand this many times; texts of articles pack 3 to 12 times, a bomb 1,000 times.
_MAX_EXPANSION: Final = 200
#: Below this many bytes no expansion is a danger.
_EXPANSION_FROM: Final = 1 << 26
#: The dictionary of `xz -9` is 64 MB; a file that asks for more is refused instead of granted gigabytes.
_XZ_MEMORY: Final = 1 << 28


class Source(Protocol):
    """Anything that gives bytes until it gives none."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes, none at the end."""


class ChangedWhileReading(Exception):
    """The file was written to between opening and closing; what was read of it is not to be used."""


class _Broken(Exception):
    """The rest of the file can't be read; the text is the reason."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document and the hash of its content; `number` counts from 1 in record files, is 0 for a whole file."""

    raw: RawDocument
    number: int
    digest: bytes


def read_documents(file: InputFile, max_bytes: int) -> Iterator[Document | Rejected]:
    """Yield the documents of a file; `max_bytes` limits a page and a record.

    A record that is no article is `Rejected` as path#n.  If the file can't be read to its end, the last thing
    is a `Rejected` for the file itself.  Raises ChangedWhileReading at the end if it was written to meanwhile.
    """
    try:
        with _open(file) as stream:
            before = Stamp.of(os.fstat(stream.fileno()))
            yield from _page(file, stream, max_bytes) if _is_page(file) else _records(file, stream, max_bytes)
            if Stamp.of(os.fstat(stream.fileno())) != before or before != file.stamp:
                raise ChangedWhileReading(file.shown)
    except OSError as error:
        yield Rejected(file.shown, f"can't be read: {error.strerror or error}")
    except _Broken as error:
        yield Rejected(file.shown, str(error))


def _is_page(file: InputFile) -> bool:
    return file.path.lower().endswith(PAGES) or file.relative.lower().endswith(PAGES)


def _open(file: InputFile) -> BinaryIO:
    """Open without waiting and without following a link that took the file's place.  Raises OSError, _Broken."""
    descriptor = os.open(file.path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _Broken("not a regular file")
    return os.fdopen(descriptor, "rb")


def _too_big(size: int, limit: int) -> str:
    return f"{size / 1e6:.1f} MB is over the limit of {limit / 1e6:.0f} MB (--max-file-size)"


def _page(file: InputFile, stream: BinaryIO, limit: int) -> Iterator[Document | Rejected]:
    if file.stamp.size > limit:
        yield Rejected(file.shown, _too_big(file.stamp.size, limit))
        return
    data = stream.read(limit + 1)
    yield Document(RawDocument(file.shown, file.relative, data=data), 0, xxhash.xxh3_128_digest(data))


def _records(file: InputFile, stream: BinaryIO, limit: int) -> Iterator[Document | Rejected]:
    lines = ".jsonl" in file.relative.lower()[-9:]
    try:
        texts = _lines(_unpacked(file, stream), limit) if lines else _elements(_unpacked(file, stream), limit)
        count = 0
        for number, text in texts:
            count += 1
            yield _record(file, number, text)
        if not count:
            raise _Broken("there is no article in it")
    except (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError) as error:
        raise _Broken(f"the packed file is damaged or cut off: {error}") from error


def _record(file: InputFile, number: int, text: bytes) -> Document | Rejected:
    path = f"{file.shown}#{number}" if number else file.shown
    relative = f"{file.relative}#{number}" if number else file.relative
    try:
        record: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Rejected(path, f"no valid JSON: {_short(error)}")
    if not isinstance(record, dict):
        return Rejected(path, "the record is no JSON object with fields such as title and text")
    return Document(RawDocument(path, relative, record=record), number, xxhash.xxh3_128_digest(text))


def _short(error: Exception) -> str:
    return "nested too deep" if isinstance(error, RecursionError) else str(error)[:120]


def _unpacked(file: InputFile, stream: BinaryIO) -> Source:
    name = file.relative.lower()
    if name.endswith(".gz"):
        return _Guarded(gzip.GzipFile(fileobj=stream), file.stamp.size)
    if name.endswith(".xz"):
        return _Guarded(_XzStream(stream), file.stamp.size)
    return stream


class _XzStream:
    """Like lzma.LZMAFile, but with a limit on memory."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decoder = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)

    def read(self, size: int = -1, /) -> bytes:
        """Return the next unpacked bytes, at most a chunk."""
        while True:
            need = self._decoder.needs_input or self._decoder.eof
            data = self._stream.read(_CHUNK) if need and not self._decoder.unused_data else b""
            if self._decoder.eof:
                data = self._decoder.unused_data + data
                if not data.strip(b"\0"):
                    return b""
                self._decoder = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)
            elif need and not data:
                raise EOFError("it ends before its end mark")
            if found := self._decoder.decompress(data, _CHUNK):
                return found


class _Guarded:
    """Reads chunks of an unpacked stream until it has expanded more than any text does."""

    def __init__(self, source: Source, packed: int) -> None:
        self._source = source
        self._most = max(_EXPANSION_FROM, packed * _MAX_EXPANSION)
        self._count = 0

    def read(self, size: int = -1, /) -> bytes:
        """Return the next chunk.  Raises _Broken for a bomb."""
        data = self._source.read(_CHUNK)
        self._count += len(data)
        if self._count > self._most:
            raise _Broken(f"the packed file expands more than {_MAX_EXPANSION} times")
        return data


def _lines(stream: Source, limit: int) -> Iterator[tuple[int, bytes]]:
    """Yield (number from 1, line) for each line that is not blank; blank ones count, so that n is the line number."""
    rest = b""
    number = 0
    while chunk := stream.read(_CHUNK):
        if number == 0 and not rest:
            chunk = _without_mark(chunk)
        if not rest and not chunk.strip():  # a bomb of blank lines is not worth a loop
            number += chunk.count(b"\n")
            continue
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            number += 1
            if line.strip():
                yield number, line
        if len(rest) > limit:
            raise _Broken(f"line {number + 1}: {_too_big(len(rest), limit)}")
    if rest.strip():
        yield number + 1, rest


def _without_mark(chunk: bytes) -> bytes:
    """Drop a UTF-8 byte order mark.  Raises _Broken for UTF-16 and UTF-32."""
    if chunk.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        raise _Broken("the file is UTF-16 or UTF-32; save it as UTF-8")
    return chunk.removeprefix(b"\xef\xbb\xbf")


def _elements(stream: Source, limit: int) -> Iterator[tuple[int, bytes]]:
    """Yield (number from 1, JSON text) of a list's elements, or (0, text) if the file is one object."""
    reader = _JsonText(stream, limit)
    if not reader.take("["):
        text = reader.value()
        if text is None:
            raise _Broken("the file is empty")
        reader.end()
        yield 0, text
        return
    number = 0
    while not reader.take("]"):
        if number and not reader.take(","):
            raise _Broken(f"no valid JSON after element {number}")
        number += 1
        text = reader.value()
        if text is None:
            raise _Broken(f"no valid JSON: the list ends early, in element {number}")
        yield number, text
    reader.end()


class _JsonText:
    """A window on JSON text that grows only as far as one value needs."""

    def __init__(self, stream: Source, limit: int) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._limit = limit
        self._window = ""
        self._decode = JSONDecoder().raw_decode

    def take(self, sign: str) -> bool:
        """Skip white space, and `sign` if it comes next."""
        while not self._window.lstrip() and self._more():
            pass
        self._window = self._window.lstrip()
        if self._window.startswith(sign):
            self._window = self._window[len(sign):]
            return True
        return False

    def value(self) -> bytes | None:
        """Return the text of the next value, None at the end."""
        self.take("\x00")
        while self._window:
            try:
                end = self._decode(self._window)[1]
            except JSONDecodeError as error:
                if not _cut_off(error, self._window) or not self._more():
                    raise _Broken(f"no valid JSON: {_short(error)}") from error
                if len(self._window) > 2 * self._limit:
                    raise _Broken(f"one value: {_too_big(len(self._window), self._limit)}") from error
            except (ValueError, RecursionError) as error:
                raise _Broken(f"no valid JSON: {_short(error)}") from error
            else:
                text, self._window = self._window[:end], self._window[end:]
                return text.encode()
        return None

    def end(self) -> None:
        """Raise _Broken if more than white space follows."""
        if self.take("\x00") or self._window:
            raise _Broken("there is more after the end of the JSON value")

    def _more(self) -> bool:
        """Read at least as much again as the window holds: trying anew then costs linear time in all."""
        before = len(self._window)
        while len(self._window) <= 2 * before:
            data = self._stream.read(_CHUNK)
            try:
                self._window += self._decoder.decode(data, final=not data)
            except UnicodeDecodeError as error:
                raise _Broken("the file is not UTF-8") from error
            if not data:
                break
        return len(self._window) > before


def _cut_off(error: JSONDecodeError, window: str) -> bool:
    """Return whether the error may come only of the window's end."""
    return error.msg.startswith("Unterminated string") or error.pos >= len(window) - len("-Infinity\\uD83D")
