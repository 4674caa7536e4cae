"""In which encoding a stream of records or of a table is, told from its first bytes."""

import codecs
from collections.abc import Callable
from typing import Final, Protocol

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
                 (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
#: Every second byte of ASCII in UTF-16 is NUL.
_NUL_SHARE: Final = 0.2
CHUNK: Final = 1 << 20


class Stream(Protocol):
    """Anything that gives bytes until it gives none."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes, none at the end."""


def text_encoding(head: bytes) -> str:
    """Return a codec's name; bytes that are no UTF-8 are `latin-1`, which extraction reads as what they stand for."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if len(head) > 4 and head.count(0) > _NUL_SHARE * len(head):
        return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


class Peekable:
    """A stream whose beginning can be looked at before it is read."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._held = b""

    def peek(self, size: int) -> bytes:
        """Return the first `size` bytes, fewer if there are no more."""
        while len(self._held) < size:
            data = self._stream.read(max(size - len(self._held), 1 << 16))
            if not data:
                break
            self._held += data
        return self._held[:size]

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes (all that are left if negative), none at the end."""
        if not self._held:
            return self._stream.read(size)
        if size < 0:
            data, self._held = self._held + self._stream.read(), b""
        else:
            data, self._held = self._held[:size], self._held[size:]
        return data


def take(stream: Stream, most: int) -> bytes:
    """Return `most` bytes of a stream, fewer only at its end."""
    parts, size = [], 0
    while size < most and (part := stream.read(min(most - size, CHUNK))):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def decoder(encoding: str) -> Callable[[bytes, bool], str]:
    """Return a function that decodes chunk by chunk; a byte that is none of the encoding costs one character."""
    return codecs.getincrementaldecoder(encoding)(errors="replace").decode
