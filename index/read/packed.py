"""Streams of packed files, with limits: gzip, xz, bzip2."""

import bz2
import gzip
import lzma
import zlib
from typing import BinaryIO, Final

from index.read.encoding import CHUNK, Stream
from index.read.records import Broken

PACKINGS: Final = (".gz", ".xz", ".bz2")
#: What a damaged packed file raises.
DAMAGES: Final = (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError)
#: A packed file may expand this many times; texts of articles pack 3 to 12 times, a bomb 1,000 times.
_MAX_EXPANSION: Final = 200
#: Below this many bytes no expansion is a danger.
_EXPANSION_FROM: Final = 1 << 26
#: The dictionary of `xz -9` is 64 MB; a file that asks for more is refused instead of granted gigabytes.
_XZ_MEMORY: Final = 1 << 28
#: Streams one behind another in one file, as parallel packers write them; empty ones would be read for ever.
_MAX_STREAMS: Final = 10_000


def without_packing(name: str) -> str:
    """Return a file's name without the ending of its packing."""
    return next((name[: -len(packing)] for packing in PACKINGS if name.lower().endswith(packing)), name)


def unpacked(name: str, stream: BinaryIO, size: int) -> Stream:
    """Return the content of a file that its name calls packed, with a limit on its expansion; others as they are."""
    lower = name.lower()
    if lower.endswith(".gz"):
        return Guarded(gzip.GzipFile(fileobj=stream), size)
    if lower.endswith(".xz"):
        return Guarded(_XzStream(stream), size)
    if lower.endswith(".bz2"):
        return Guarded(bz2.BZ2File(stream), size)
    return stream


class _XzStream:
    """Like lzma.LZMAFile, but with a limit on memory."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decoder = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)
        self._count = 1

    def read(self, size: int = -1, /) -> bytes:
        """Return the next unpacked bytes, at most a chunk."""
        while True:
            need = self._decoder.needs_input or self._decoder.eof
            data = self._stream.read(CHUNK) if need and not self._decoder.unused_data else b""
            if self._decoder.eof:
                data = self._decoder.unused_data + data
                if not data.strip(b"\0"):
                    return b""
                self._another()
            elif need and not data:
                raise EOFError("it ends before its end mark")
            if found := self._decoder.decompress(data, CHUNK):
                return found

    def _another(self) -> None:
        self._count += 1
        if self._count > _MAX_STREAMS:
            raise Broken(f"the packed file holds more than {_MAX_STREAMS:,} streams")
        self._decoder = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)


class Guarded:
    """Reads chunks of an unpacked stream until it has expanded more than any text does."""

    def __init__(self, source: Stream, packed: int) -> None:
        self._source = source
        self._most = max(_EXPANSION_FROM, packed * _MAX_EXPANSION)
        self._count = 0

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, all that are left if `size` is negative.  Raises Broken for a bomb."""
        if size < 0:
            parts = []
            while part := self.read(CHUNK):
                parts.append(part)
            return b"".join(parts)
        data = self._source.read(min(size, CHUNK))
        self._count += len(data)
        if self._count > self._most:
            raise Broken(f"the packed file expands more than {_MAX_EXPANSION} times")
        return data
