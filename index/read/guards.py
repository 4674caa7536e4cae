"""What is no text at all, told from the first bytes: archives, images, PDF files with another name.

A PDF renamed to .html would become 233 KB of nonsense in the index (measured).
"""

import re
import zlib
from typing import Final

#: First bytes -> what such a file is.
SIGNATURES: Final[dict[bytes, str]] = {
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive or an Office document",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"{\\rtf": "an RTF document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"RIFF": "a media file",
    b"\x7fELF": "a program",
    b"MZ\x90\x00": "a program",
    b"SQLite format 3": "a database",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\xfd7zXZ": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"BZh": "a bzip2 archive",
}
_GZIP: Final = b"\x1f\x8b"
#: A page this long after unpacking is a bomb, not an article.
MAX_UNPACKED: Final = 50_000_000
_CONTROL_BYTES: Final = bytes({*range(0x20), 0x7F} - set(b"\t\n\v\f\r"))
#: Text with more control or replacement characters than this is binary.
_CONTROL_SHARE: Final = 0.05
_SAMPLE: Final = 30_000
_HTML: Final = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)


def refusal(data: bytes) -> str:
    """Return why the bytes can't be an article, `""` if they may be one."""
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        return "the file is empty"
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    return next((f"it is {kind}, not text" for mark, kind in SIGNATURES.items() if start.startswith(mark)), "")


def unpacked(data: bytes) -> bytes | str:
    """Return the content of gzipped bytes (servers' answers saved as they came), others as they are.

    A string is the reason why it can't be done: cut off, damaged, or too large.
    """
    if not data.startswith(_GZIP):
        return data
    unpacker = zlib.decompressobj(wbits=31)
    try:
        content = unpacker.decompress(data, MAX_UNPACKED)
    except zlib.error:
        return "it is a damaged gzip file"
    if unpacker.unconsumed_tail:
        return f"it unpacks to more than {MAX_UNPACKED // 1_000_000} MB"
    return content if unpacker.eof else "it is a gzip file that is cut off"


def is_binary(data: bytes) -> bool:
    """Say whether bytes are no text in any encoding of one byte a sign or UTF-8: full of controls."""
    sample = data[:_SAMPLE]
    return _controls(sample) > _CONTROL_SHARE * len(sample)


def _controls(data: bytes) -> int:
    return len(data) - len(data.translate(None, _CONTROL_BYTES))


def is_gibberish(text: str) -> bool:
    """Say whether a decoded text is binary: full of control characters or characters that could not be read."""
    sample = text[:_SAMPLE]
    controls = _controls(sample.encode("utf-8", "surrogatepass"))
    return sample.count("\ufffd") + controls > _CONTROL_SHARE * len(sample)


def looks_like_html(text: str) -> bool:
    """Say whether a text without an HTML name is a page all the same."""
    return _HTML.match(text, 0, 5000) is not None
