"""The container file: named little-endian arrays, 64-byte aligned, with a checksum each.

```
header     64 bytes   magic, format version, byte-order mark
sections   ...        raw arrays, one after the other
directory  JSON       {"kind": ..., "segment": ..., "meta": {...}, "sections": {name: [offset, bytes, dtype, xxh3]}}
trailer    40 bytes   offset, length and checksum of the directory, size of the whole file, magic
```

Opening checks the header, the trailer, the size of the file, the checksum of the directory and, unless told not
to, that of every section (xxh3 reads memory at several GB/s), so that a cut or altered file is an error at once and
never a wrong answer.  Useful for files that are written once and read by many.  It can't be changed in place: a file
that is cut while it is mapped takes the process down with SIGBUS, so replace index files, never rewrite them.
"""

import json
import mmap
import os
import struct
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import xxhash
from numpy.typing import ArrayLike, NDArray

from search.errors import IndexDamaged, IndexOutdated

MAGIC: Final = b"COLARRAY"
VERSION: Final = 2
BYTE_ORDER_MARK: Final = 0x01020304
ALIGNMENT: Final = 64
_HEADER: Final = struct.Struct("<8sII48x")
_TRAILER: Final = struct.Struct("<QQQQ8s")
#: What a section may hold; anything else in a directory is damage.
_DTYPES: Final = frozenset(f"{order}{kind}" for order in "<|" for kind in ("i1", "i2", "i4", "i8", "u1", "u2", "u4",
                                                                          "u8", "f4", "f8", "b1"))

#: A page fault maps the pages around it too: in Linux 64 KB of the file at once.
_FAULT: Final = 65_536
#: Mapped pages count as this process's memory until they are given back; read again, they cost a fault and no disk.
_MAPPED: Final = 16_000_000

Array = NDArray[Any]


class SectionWriter:
    """The open section of a container; bytes or arrays are appended to it."""

    def __init__(self, write: Callable[[bytes | memoryview], object], dtype: np.dtype[Any]) -> None:
        self._write = write
        self._hash = xxhash.xxh3_64()
        self.dtype = dtype
        self.nbytes = 0

    def append(self, values: ArrayLike | bytes | bytearray | memoryview) -> None:
        """Append raw bytes, or an array that is converted to the dtype of the section."""
        if isinstance(values, bytes | bytearray | memoryview):
            data = memoryview(values)
        else:
            data = np.ascontiguousarray(values, dtype=self.dtype).data.cast("B")
        self._write(data)
        self._hash.update(data)
        self.nbytes += data.nbytes

    def digest(self) -> str:
        """Return the checksum of what was appended."""
        return str(self._hash.hexdigest())


class ArrayFileWriter:
    """Writes one container, section after section."""

    def __init__(self, file: BinaryIO, kind: str, segment: str) -> None:
        """`kind` and `segment` are asked for again when the file is opened, so that files can't be mixed up."""
        self._file = file
        self._identity = {"kind": kind, "segment": segment}
        self._sections: dict[str, list[object]] = {}
        self._position = 0
        self._put(_HEADER.pack(MAGIC, VERSION, BYTE_ORDER_MARK))

    def _put(self, data: bytes | memoryview) -> None:
        self._file.write(data)
        self._position += len(data)

    @contextmanager
    def section(self, name: str, dtype: str = "u1") -> Iterator[SectionWriter]:
        """Open the section `name`; only one can be open at a time."""
        self._put(b"\0" * (-self._position % ALIGNMENT))
        start = self._position
        writer = SectionWriter(self._put, np.dtype(dtype).newbyteorder("<"))
        yield writer
        self._sections[name] = [start, writer.nbytes, writer.dtype.str, writer.digest()]

    def add(self, name: str, values: ArrayLike) -> None:
        """Write one whole array."""
        array = np.asarray(values)
        with self.section(name, array.dtype.str) as section:
            section.append(array)

    def close(self, meta: Mapping[str, object]) -> None:
        """Write directory and trailer, flush, and close the file."""
        directory = json.dumps({**self._identity, "meta": dict(meta), "sections": self._sections}).encode()
        start = self._position
        self._put(directory)
        size = self._position + _TRAILER.size
        self._put(_TRAILER.pack(start, len(directory), xxhash.xxh3_64_intdigest(directory), size, MAGIC))
        self._file.flush()
        self._file.close()


class ArrayFile:
    """A container that is open for reading; its arrays are read-only views of the mapped file.

    Raises `IndexDamaged` (cut, altered, of another byte order) or `IndexOutdated` (another format version).
    """

    def __init__(
        self, buffer: mmap.mmap, descriptor: int, name: str, kind: str, segment: str, verify: bool = True
    ) -> None:
        """`descriptor` is of the same file as `buffer`, and stays the caller's if this raises."""
        self.name = name
        self._buffer, self._descriptor = buffer, descriptor
        self._check_header()
        content = self._read_directory()
        if (content["kind"], content["segment"]) != (kind, segment):
            raise self._damaged(f"it holds {content['kind']} of segment {content['segment']}, not {kind} of {segment}")
        self.meta: dict[str, Any] = content["meta"]
        self._sections: dict[str, list[Any]] = content["sections"]
        self._mapped, self._read = 0, set[int]()
        self._check_sections()
        if verify:
            self.verify()

    @classmethod
    def open(cls, path: Path, kind: str, segment: str, verify: bool = True) -> "ArrayFile":
        """Map the file at `path`.  A missing or empty file is `IndexDamaged` too."""
        try:
            with path.open("rb") as file:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
                descriptor = os.dup(file.fileno())
        except FileNotFoundError:
            raise IndexDamaged(f"The index file {path} is missing: rebuild the index.") from None
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"The index file {path} can't be read ({error}): rebuild the index.") from error
        try:
            opened = cls(mapped, descriptor, str(path), kind, segment, verify)
        except BaseException:
            os.close(descriptor)
            raise
        weakref.finalize(opened, os.close, descriptor)
        return opened

    def _damaged(self, reason: str) -> IndexDamaged:
        return IndexDamaged(f"The index file {self.name} is damaged: {reason}. Rebuild the index.")

    def _check_header(self) -> None:
        if len(self._buffer) < _HEADER.size + _TRAILER.size:
            raise self._damaged(f"it has only {len(self._buffer)} bytes")
        header = bytes(self._buffer[: _HEADER.size])
        magic, version, mark = _HEADER.unpack(header)
        if magic != MAGIC:
            raise self._damaged("it doesn't begin as an array file does")
        if mark != BYTE_ORDER_MARK:
            raise self._damaged("it was written in another byte order")
        if version != VERSION:
            raise IndexOutdated(f"The index file {self.name} has format version {version}, this program reads "
                                f"{VERSION}: rebuild the index.")
        if any(header[_HEADER.size - 48 :]):
            raise self._damaged("its header is altered")

    def _read_directory(self) -> dict[str, Any]:
        start, length, checksum, size, magic = _TRAILER.unpack(self._buffer[-_TRAILER.size :])
        if magic != MAGIC or size != len(self._buffer) or start + length + _TRAILER.size != size:
            raise self._damaged(f"it is cut off or has grown ({len(self._buffer)} bytes)")
        directory = bytes(self._buffer[start : start + length])
        if xxhash.xxh3_64_intdigest(directory) != checksum:
            raise self._damaged("the checksum of its directory is wrong")
        self._end = start
        content = json.loads(directory)
        assert isinstance(content, dict)  # the checksum vouches for it
        return content

    def _check_sections(self) -> None:
        for name, (start, length, dtype, _) in self._sections.items():
            if dtype not in _DTYPES or not _HEADER.size <= start <= start + length <= self._end:
                raise self._damaged(f"its section {name!r} lies outside of the file")

    def verify(self) -> None:
        """Compare the checksum of every section; raises `IndexDamaged`.  Reads the whole file once."""
        position = _HEADER.size
        view = memoryview(self._buffer)
        for name, (start, length, _, digest) in sorted(self._sections.items(), key=lambda item: int(item[1][0])):
            if any(view[position:start]):
                raise self._damaged(f"the bytes before section {name!r} are altered")
            if xxhash.xxh3_64_hexdigest(view[start : start + length]) != digest:
                raise self._damaged(f"the checksum of section {name!r} is wrong")
            position = start + length
        if position != self._end:
            raise self._damaged("there are bytes that belong to no section")
        self._release()

    def was_read(self, start: int, size: int) -> None:
        """Count `size` bytes from `start` on, which were read, once; every 16 MB of them, give all pages back.

        For what is decoded and kept elsewhere, or asked for seldom.  Views of the file stay good.
        """
        if start not in self._read:
            self._read.add(start)
            self._mapped += size + _FAULT
            if self._mapped > _MAPPED:
                self._mapped = 0
                self._read.clear()
                self._release()

    def _release(self) -> None:
        self._buffer.madvise(mmap.MADV_DONTNEED)

    def __contains__(self, name: str) -> bool:
        return name in self._sections

    def names(self) -> list[str]:
        """Return the names of all sections."""
        return list(self._sections)

    def array(self, name: str) -> Array:
        """Return the section `name` as a read-only array; raises `IndexDamaged` if it is not there."""
        if name not in self._sections:
            raise self._damaged(f"its section {name!r} is missing")
        start, length, dtype, _ = self._sections[name]
        kind = np.dtype(dtype)
        return np.frombuffer(self._buffer, dtype=kind, count=length // kind.itemsize, offset=start)

    def offset(self, name: str) -> int:
        """Return where section `name` starts in the file."""
        return int(self._sections[name][0])

    def read(self, start: int, size: int) -> bytes:
        """Return bytes of the file; raises `IndexDamaged` where they are cut off.

        What is asked for once costs less to read than to map: a fault takes longer than the call.
        """
        data = os.pread(self._descriptor, size, start)
        if len(data) != size:
            raise self._damaged(f"it has become shorter than {start + size} bytes")
        return data

    def raw(self, name: str) -> memoryview:
        """Return the bytes of section `name` without a copy."""
        start, length, _, _ = self._sections[name]
        return memoryview(self._buffer)[start : start + length]
